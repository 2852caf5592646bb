"""The report of a shift, for who may see its board: a page to read and print, xlsx and PDF.

What only the leader reads (who declared not to be fit, what a to-do says) is left out for others.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from qr.words import Lang
from shiftapp.exchange import report_files, report_tables
from shiftapp.model import report
from shiftapp.model.report import Report
from shiftapp.web import auth, scope
from shiftapp.web.context import now_ms, settings, store
from shiftapp.web.language import language

bp = Blueprint("board_report", __name__)

PATH = "/board/<crew>/<string(length=10):date>/<code>/report"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


@bp.get(PATH)
@auth.needs(*scope.READ)
def show_report(crew: str, date: str, code: str) -> str:
    """Everything about a shift, person by person."""
    found = _report(crew, date, code)
    return render_template(
        "board/report.html",
        report=found,
        instance=found.instance,
        base=f"/board/{crew}/{date}/{code}",
        tables=[table.filled() for table in report_tables.tables(found, _lang())],
        until=report_tables.data_until(found, _lang()),
    )


@bp.get(f"{PATH}.xlsx")
@auth.needs(*scope.READ)
def take_workbook(crew: str, date: str, code: str) -> Response:
    """The same as a workbook."""
    found = _report(crew, date, code)
    return _file(report_files.workbook(found, _lang()), XLSX, found, "xlsx")


@bp.get(f"{PATH}.pdf")
@auth.needs(*scope.READ)
def take_paper(crew: str, date: str, code: str) -> Response:
    """The same as pages of A4."""
    found = _report(crew, date, code)
    return _file(report_files.paper(found, settings(), _lang()), PDF, found, "pdf")


def _lang() -> Lang:
    return "en" if language() == "en" else "zh"


def _report(crew: str, date: str, code: str) -> Report:
    """The report for the signed-in reader.

    :raises Problem: 403 `wrong_scope`, 404 `no_instance`.
    """
    instance = scope.board_of(crew, date, code)
    return report.report(store(), instance, now_ms(), lambda reporter: scope.leads(crew, reporter))


def _file(data: bytes, mimetype: str, found: Report, ending: str) -> Response:
    response = Response(data, mimetype=mimetype)
    name = report_files.file_name(found, ending)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
