"""A shift's report as files to keep: a workbook of five sheets, and a PDF of A4 pages."""

from __future__ import annotations

from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

import qr.report
from qr.words import Lang
from shiftapp.exchange import table_files, wording
from shiftapp.exchange.report_tables import data_until, shift_name, tables
from shiftapp.exchange.report_words import word
from shiftapp.model.report import Report
from shiftapp.model.settings import Settings


def file_name(report: Report, ending: str) -> str:
    """The name of a file: ASCII signs that every system takes, whatever a crew's code has."""
    parts = (report.instance[key] for key in ("crew", "date", "code"))
    kept = (
        "".join(c for c in part if c.isascii() and (c.isalnum() or c in "-_")) for part in parts
    )
    return "-".join(("shift", *(part for part in kept if part))) + f".{ending}"


def workbook(report: Report, lang: Lang) -> bytes:
    """The report as xlsx; every cell is a text, so that nothing becomes a formula."""
    book = table_files.book_of(tables(report, lang), lang)
    for worksheet in book.worksheets:
        _set_page(worksheet)
    return table_files.saved(book)


def paper(report: Report, facts: Settings, lang: Lang) -> bytes:
    """The report as PDF, A4 upright; a character that cannot be printed is named by its code."""
    nothing = word("nothing", lang)
    sections = [
        qr.report.Section(
            title=table.en if lang == "en" else table.zh,
            heads=tuple(c.en if lang == "en" else c.zh for c in table.columns),
            widths=tuple(float(c.width) for c in table.columns),
            rows=table.rows,
            empty=nothing,
        )
        for table in (one.filled() for one in tables(report, lang))
    ]
    return qr.report.report_pdf(
        sections,
        title=f"{word('title', lang)} {shift_name(report, lang)}",
        note=data_until(report, lang),
        company=wording.company(facts, lang),
        page=word("page", lang, n="{n}", of="{of}"),
        made=wording.day(report.instance["zone"], report.at_ms),
        lang=lang,
    )


def _set_page(worksheet: Worksheet) -> None:
    """On paper: A4 across, as wide as the page, the headings on every page."""
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = 9
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.print_title_rows = "1:1"
