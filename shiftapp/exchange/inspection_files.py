"""The self-check as files to keep: a workbook (items, failing rows) and the same as one CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence

from qr.words import Lang
from shiftapp.exchange import inspection_words, table_files
from shiftapp.exchange.columns import Column
from shiftapp.exchange.report_columns import Cells, Table
from shiftapp.model.inspection_items import Failing, Item, Span

Link = Callable[[Failing], str]  # the full address of what a row is about; '' = nothing to open

_ITEMS = (
    Column("item", "检查什么", "What is checked", width=24),
    Column("rule", "规则", "Rule", width=60),
    Column("of", "查了", "Checked", width=10),
    Column("passed", "符合", "Hold", width=10),
    Column("verdict", "结论", "Verdict", width=18),
)
_ROWS = (
    Column("item", "检查什么", "What is checked", width=24),
    Column("day", "日期", "Day", width=13),
    Column("what", "内容", "What", width=70),
    Column("link", "网址", "Address", width=48),
)
_CSV = (*_ITEMS, *_ROWS[1:])
# A spreadsheet program would take a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def tables(
    items: Sequence[Item], span: Span, due: str, link: Link, lang: Lang
) -> tuple[Table, Table]:
    """What was checked, and every failing row."""
    return (
        Table("检查", "Checks", _ITEMS, tuple(_item(one, due, lang) for one in items)),
        Table("要看的", "To be looked at", _ROWS, tuple(_rows(items, span, link, lang))),
    )


def workbook(items: Sequence[Item], span: Span, due: str, link: Link, lang: Lang) -> bytes:
    """Two sheets; every cell is a text, so that nothing becomes a formula."""
    return table_files.saved(table_files.book_of(tables(items, span, due, link, lang), lang))


def as_csv(items: Sequence[Item], span: Span, due: str, link: Link, lang: Lang) -> bytes:
    """A line an item, then a line a failing row; UTF-8 with the mark that Excel looks for."""
    checks, rows = tables(items, span, due, link, lang)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.en if lang == "en" else column.zh for column in _CSV])
    writer.writerows([*_plain(cells), "", "", ""] for cells in checks.rows)
    writer.writerows([cells[0], "", "", "", "", *_plain(cells[1:])] for cells in rows.rows)
    return out.getvalue().encode("utf-8-sig")


def _item(one: Item, due: str, lang: Lang) -> Cells:
    return (
        inspection_words.title(one, lang),
        inspection_words.rule(one, due, lang),
        str(one.of),
        str(one.passed),
        inspection_words.verdict(one, lang),
    )


def _rows(items: Sequence[Item], span: Span, link: Link, lang: Lang) -> Iterator[Cells]:
    for one in items:
        for failing in one.failing:
            said = inspection_words.row(failing, span.zone, lang)
            yield inspection_words.title(one, lang), failing.day, said, link(failing)


def _plain(cells: Cells) -> list[str]:
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
