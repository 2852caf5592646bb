"""The workbook as a file: the form for a new plant, or all that an install holds.

Texts are written as text cells whatever they begin with, so that nothing becomes a formula, and
columns of codes and numbers have the text format, so that 00123 stays as it is typed.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from shiftapp.exchange import cells, current_shifts, current_works, helping, rows
from shiftapp.exchange.archive import MOST_ROWS
from shiftapp.exchange.columns import CHOICES, EXAMPLE, Column, Sheet, Value, shown
from shiftapp.exchange.current import read_current
from shiftapp.exchange.forms import BY_NOUN, HELP, SHEETS
from shiftapp.exchange.styling import EDGE, EXAMPLE_FILL, FORMATS, GREY, TEXT, WRAP, put, put_head
from shiftapp.store import Db

Progress = Callable[[int, int], None]
LAST_ROW = MOST_ROWS + 2


def write_template() -> bytes:
    """The empty form, with an example row on every sheet; needs no install."""
    return _write(rows.empty_rows(), examples=True)


def write_workbook(db: Db, now_ms: int, progress: Progress = lambda done, total: None) -> bytes:
    """What an install holds in the same form, with the rosters of the next eight days.

    Importing it changes nothing, until the next window opens and somebody changes that roster.

    `progress(done, total)` counts rows.
    """
    current = read_current(db)
    current_shifts.read_ahead(db, current, now_ms)
    current_works.read_standing(db, current)
    return _write(rows.rows_of(current), examples=False, progress=progress)


def _write(
    content: dict[str, rows.Rows], *, examples: bool, progress: Progress = lambda done, total: None
) -> bytes:
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = " ".join(HELP)
    helping.write_help(first)
    total, done = sum(len(lines) for lines in content.values()), 0
    for sheet in SHEETS:
        worksheet = book.create_sheet(sheet.title)
        # The commitment is filled in with real words: an example would only be in the way.
        with_example = examples and sheet.noun != "item"
        _write_sheet(worksheet, sheet, content.get(sheet.noun, []), with_example)
        done += len(content.get(sheet.noun, []))
        progress(done, total)
    helping.write_library(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_sheet(
    worksheet: Worksheet, sheet: Sheet, content: Iterable[dict[str, Value]], with_example: bool
) -> None:
    worksheet.freeze_panes = "B2"
    worksheet.row_dimensions[1].height = 44
    for index, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(index)
        worksheet.column_dimensions[letter].width = column.width
        # What is typed into new rows stays what it is: 00123 in a text column.
        worksheet.column_dimensions[letter].number_format = FORMATS.get(column.kind, TEXT)
        put_head(worksheet, 1, index, column.zh, column.en, needed=column.need)
        _validate(worksheet, sheet, column, letter)
    if with_example:
        _write_example(worksheet, sheet)
    for number, row in enumerate(content, start=3 if with_example else 2):
        for index, column in enumerate(sheet.columns, start=1):
            _write_cell(worksheet, number, index, column, row.get(column.key, ""))


def _write_example(worksheet: Worksheet, sheet: Sheet) -> None:
    """The example row: values as they are shown, read by nobody."""
    for index, column in enumerate(sheet.columns, start=1):
        value = str(column.example)
        if column.choice and value:
            value = shown(column.choice, value)
        if index == 1 and not value.startswith(EXAMPLE):
            value = f"{EXAMPLE} {value}"
        cell = put(worksheet, 2, index, value)
        cell.number_format, cell.alignment = TEXT, WRAP
        cell.font, cell.fill = GREY, EXAMPLE_FILL


def _write_cell(
    worksheet: Worksheet, number: int, index: int, column: Column, value: Value
) -> None:
    shown_value = cells.write(column, value)
    if shown_value is None:
        return
    if isinstance(shown_value, str):
        cell = put(worksheet, number, index, shown_value)
    else:
        cell = put(worksheet, number, index, "")
        cell.value = shown_value
    cell.number_format = FORMATS.get(column.kind, TEXT)
    cell.alignment, cell.border = WRAP, EDGE


# Drop-downs ---------------------------------------------------------------------------------------


def _validate(worksheet: Worksheet, sheet: Sheet, column: Column, letter: str) -> None:
    formula = _list_of(sheet, column)
    if not formula:
        return
    about = f"{column.about}\n{column.about_en}".strip()
    found = DataValidation(
        type="list",
        formula1=formula,
        allow_blank=True,
        # A warning: what is pasted or comes later in the other sheet must not be stopped here.
        errorStyle="warning",
        errorTitle=column.zh,
        error="不在列表里，导入时会再检查。Not in the list; checked at import.",
        showErrorMessage=True,
        promptTitle=f"{column.zh} {column.en}"[:32],
        prompt=about[:250] or None,
        showInputMessage=bool(about),
    )
    worksheet.add_data_validation(found)
    found.add(f"{letter}2:{letter}{LAST_ROW}")


def _list_of(sheet: Sheet, column: Column) -> str:
    """The source of a drop-down: fixed values, the codes of another sheet, or the library's."""
    if column.choice:
        shown_values = (shown(column.choice, code) for code, _, _ in CHOICES[column.choice])
        return f'"{",".join(shown_values)}"'
    if column.to and column.kind != "codes":
        name = quote_sheetname(BY_NOUN[column.to].title)
        # The filled part of the first column, however long it grows.
        filled = f"COUNTA({name}!$A$2:$A${LAST_ROW})"
        return f"OFFSET({name}!$A$2,0,0,MAX(1,{filled}),1)"
    return helping.library_codes(sheet.noun) if column.key == "code" else ""
