"""The supervisor's form of a published day: looked at first, then taken as JSON or as a workbook.

Nothing is pushed to a platform: its address and key are issued by each authority, so that comes
when there is one. A form with a violation is shown with every one of them and cannot be taken.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Blueprint, Response, render_template, request

from shiftapp.exchange import regulator, regulator_files
from shiftapp.exchange.regulator import Doc, Tables, Violation
from shiftapp.model import promised_day
from shiftapp.web import auth
from shiftapp.web.context import settings, store

bp = Blueprint("publish_regulator", __name__)

READERS = ("signatory", "manager", "inspector")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PATH = "/publish/<id>/regulator/<form>"


class Filled(NamedTuple):
    """A form filled from an announcement, and what keeps it from going out."""

    form: Doc
    row: dict[str, Any]  # the announcement
    tables: Tables
    violations: list[Violation]


@bp.get("/publish/regulator")
@auth.needs(*READERS)
def show_regulator() -> str:
    """A form (`?form=`) of the newest announcement, or of the newest of a day (`?date=`)."""
    asked = request.args.get("date", "")
    newest = promised_day.newest(store(), asked)
    every = regulator.forms()
    code = request.args.get("form") or next(iter(every))
    found = _filled(code, newest["id"]) if newest else None
    return render_template(
        "publish/regulator.html",
        forms=every,
        form=found.form if found else regulator.form(code),
        facts=regulator.sources(),
        found=found,
        date=newest["date"] if newest else asked,
    )


@bp.get(f"{PATH}.json")
@auth.needs(*READERS)
def take_json(id: str, form: str) -> Response:
    """The form as JSON, an array a table.

    :raises Problem: 404 `no_announcement`, `no_form`; 409 `not_daily`; 422 `form_refused`.
    """
    found = _good(form, id)
    return _file(regulator_files.as_json(found.tables), "application/json", found, "json")


@bp.get(f"{PATH}.xlsx")
@auth.needs(*READERS)
def take_workbook(id: str, form: str) -> Response:
    """The form as a workbook, a sheet a table.

    :raises Problem: as `take_json`.
    """
    found = _good(form, id)
    return _file(regulator_files.as_xlsx(found.form, found.tables), XLSX, found, "xlsx")


def _good(code: str, id: str) -> Filled:
    found = _filled(code, id)
    regulator_files.must_be_good(found.form, found.violations)
    return found


def _filled(code: str, id: str) -> Filled:
    form = regulator.form(code)
    given = promised_day.promise(store(), settings().company_code, id)
    tables, violations = regulator_files.tables(form, given)
    return Filled(form, given.announcement, tables, violations)


def _file(data: bytes, mimetype: str, found: Filled, ending: str) -> Response:
    response = Response(data, mimetype=mimetype)
    version = found.row["version"]
    name = f"promise-{found.form['code']}-{found.row['date']}-v{version}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
