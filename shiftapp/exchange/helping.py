"""The sheets that are only read: the help, and what the library offers. No import looks at them."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from shiftapp.exchange import cells, rows
from shiftapp.exchange.columns import CHOICES, Column, Sheet
from shiftapp.exchange.forms import (
    BY_NOUN,
    LIBRARY_JOBS,
    LIBRARY_PATTERNS,
    LIBRARY_STEPS,
    SHEETS,
)
from shiftapp.exchange.styling import BOLD, TITLE, WRAP, fit_height, put, put_head
from shiftapp.library import CODES, commitment, patterns

WIDTHS = (20, 36, 9, 66, 66)  # of the columns of the help
INTRO = (
    ("怎样填", "How to fill this in"),
    (
        "1. 从左到右填：企业、厂区、区域、岗位、工位、班制、统计组、班组、人员、角色。"
        "深蓝列头带 * 的必填。装置、排班、请假、危险作业以后要用时再填。",
        "1. Fill the sheets from left to right. Columns with * are needed. Facilities,"
        " roster, leave and special work may wait.",
    ),
    (
        "2. 岗位和班制从下拉里选库里的代码就行，其余留空；步骤和承诺有默认内容。",
        "2. For jobs and patterns choose a code of the library and leave the rest empty; steps and"
        " the commitment have defaults.",
    ),
    (
        "3. 第一格以“示例”开头的行不导入，可以删掉或照着写。"
        "不要改表名、列名，不要合并单元格，不要写公式。",
        "3. Rows whose first cell begins with 示例 are examples and are not imported. Keep the"
        " names of sheets and columns; no merged cells, no formulas.",
    ),
    (
        "4. 先试：shiftapp import --dry-run plant.xlsx。"
        "有一处不对就都不导入，会说清哪张表、哪一行、哪一列。",
        "4. Try first: shiftapp import --dry-run plant.xlsx. One fault and nothing is imported;"
        " each is named by sheet, row and column.",
    ),
    (
        "5. 以后改了再导入一次：变了的更新，没变的不动，表里没有的也不动。"
        "停用、离职用“在用”“在册”列。",
        "5. Later change it and import again: what differs is updated, what is not in the workbook"
        " stays. To end something use “In use” or “Employed”.",
    ),
)
PATTERN_COLUMNS = (
    Column("code", "代码", "Code", width=12),
    Column("name", "名称", "Name", width=28),
    Column("name_en", "名称（英文）", "Name in English", width=36),
    Column("cycle", "循环", "Cycle", width=30),
    Column("offsets", "各班组偏移", "Offsets of the crews", width=16),
    Column("hours", "周均工时", "Hours a week", width=12),
    Column("times", "班次时间", "Shift times", width=36),
    Column("note", "说明", "Note", width=40),
    Column("note_en", "说明（英文）", "Note in English", width=40),
)


def write_help(worksheet: Worksheet) -> None:
    """Every sheet and every column, in both languages."""
    for letter, width in zip("ABCDE", WIDTHS, strict=True):
        worksheet.column_dimensions[letter].width = width
    for number, (zh, en) in enumerate(INTRO, start=1):
        for index, text in ((4, zh), (5, en)):
            cell = put(worksheet, number, index, text)
            cell.alignment = WRAP
            if number == 1:
                cell.font = TITLE
        fit_height(worksheet, number, ((zh, WIDTHS[3]), (en, WIDTHS[4])))
    worksheet.row_dimensions[1].height = 26
    number = len(INTRO) + 2
    heads = (("工作表", "Sheet"), ("列", "Column"), ("必填", "Needed"))
    for index, (zh, en) in enumerate((*heads, ("说明", "Help"), ("英文说明", "In English")), 1):
        put_head(worksheet, number, index, zh, en)
    worksheet.row_dimensions[number].height = 36
    for sheet in SHEETS:
        number = _explain_sheet(worksheet, sheet, number + 1)


def _explain_sheet(worksheet: Worksheet, sheet: Sheet, number: int) -> int:
    _line(worksheet, number, (sheet.title, "", "", sheet.about, sheet.about_en))
    for index in range(1, 6):
        worksheet.cell(number, index).font = BOLD
    for column in sheet.columns:
        number += 1
        needed = "是 yes" if column.need else ""
        about = (_about(column, column.about, 1), _about(column, column.about_en, 2))
        _line(worksheet, number, ("", f"{column.zh} {column.en}", needed, *about))
    return number


def _about(column: Column, text: str, language: int) -> str:
    """The words about a column, with the choices it has."""
    if not column.choice and column.key != "ppe":
        return text
    if column.key == "ppe" and not column.choice:
        names = [(one["id"], one["t" if language == 1 else "t_en"]) for one in _protection()]
        return f"{text}: " + ", ".join(f"{id} {name}" for id, name in names)
    choices = (" / " if language == 2 else "、").join(
        one[language] for one in CHOICES[column.choice]
    )
    return f"{text}（{choices}）" if language == 1 else f"{text} ({choices})".strip()


def _protection() -> list[dict[str, str]]:
    items = (item for item in commitment()["items"] if item["type"] == "ppe")
    return [one for item in items for one in item["options"] if one["r"] == "ok"]


def _line(worksheet: Worksheet, number: int, texts: Sequence[str]) -> None:
    for index, text in enumerate(texts, start=1):
        put(worksheet, number, index, text).alignment = WRAP
    fit_height(worksheet, number, zip(texts, WIDTHS, strict=True))


# The library --------------------------------------------------------------------------------------


def write_library(book: Workbook) -> None:
    """Three sheets to choose and copy from: jobs, their steps, patterns."""
    jobs, steps, patterns = rows.library_rows()
    sector = (
        Column("sector", "行业", "Sector", width=16),
        Column("sector_en", "行业（英文）", "Sector in English", width=18),
    )
    job = BY_NOUN["job"].columns
    _reference(book, LIBRARY_JOBS, (*job[:3], *sector, *job[3:-1]), jobs)
    _reference(book, LIBRARY_STEPS, BY_NOUN["step"].columns, steps)
    _reference(book, LIBRARY_PATTERNS, PATTERN_COLUMNS, patterns)


def library_codes(noun: str) -> str:
    """The codes of the library as the source of a drop-down; '' where it has none."""
    sources = {"job": (LIBRARY_JOBS, len(CODES)), "pattern": (LIBRARY_PATTERNS, len(patterns()))}
    if noun not in sources:
        return ""
    name, count = sources[noun]
    return f"{quote_sheetname(' '.join(name))}!$A$2:$A${count + 1}"


def _reference(
    book: Workbook, name: tuple[str, str], columns: Sequence[Column], content: rows.Rows
) -> None:
    worksheet = book.create_sheet(" ".join(name))
    worksheet.freeze_panes = "C2"
    worksheet.sheet_properties.tabColor = "9AA5B1"
    worksheet.row_dimensions[1].height = 44
    for index, column in enumerate(columns, start=1):
        worksheet.column_dimensions[get_column_letter(index)].width = column.width
        put_head(worksheet, 1, index, column.zh, column.en)
    for number, row in enumerate(content, start=2):
        for index, column in enumerate(columns, start=1):
            value = cells.write(column, row.get(column.key, ""))
            put(worksheet, number, index, str(value or "")).alignment = WRAP
        texts = ((str(cells.write(c, row.get(c.key, "")) or ""), c.width) for c in columns)
        fit_height(worksheet, number, texts)
