"""Tables as a workbook of texts: a sheet a table, headings in both languages, no formula."""

from __future__ import annotations

import io
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from qr.words import Lang
from shiftapp.exchange.report_columns import Table
from shiftapp.exchange.styling import EDGE, TEXT, WRAP, fit_height, put, put_head


def book_of(tables: Iterable[Table], lang: Lang) -> Workbook:
    """The workbook; sheets are named in one language."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    for number, table in enumerate(tables):
        worksheet = first if number == 0 else book.create_sheet()
        worksheet.title = table.en if lang == "en" else table.zh
        _write(worksheet, table)
    return book


def saved(book: Workbook) -> bytes:
    """The bytes of the file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(worksheet: Worksheet, table: Table) -> None:
    worksheet.freeze_panes = "A2"
    worksheet.row_dimensions[1].height = 36
    for index, column in enumerate(table.columns, start=1):
        worksheet.column_dimensions[get_column_letter(index)].width = column.width
        put_head(worksheet, 1, index, column.zh, column.en)
    widths = [column.width for column in table.columns]
    for number, row in enumerate(table.rows, start=2):
        for index, text in enumerate(row, start=1):
            cell = put(worksheet, number, index, text)
            cell.number_format, cell.alignment, cell.border = TEXT, WRAP, EDGE
        fit_height(worksheet, number, list(zip(row, widths, strict=True)))
