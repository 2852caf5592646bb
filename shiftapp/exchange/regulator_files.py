"""A supervisor's form as files: JSON with an array a table, and a workbook with a sheet a table.

Nothing is written of a form that its own rules refuse, not even the tables that are right.
Pushing it to a platform is not done here: key and address are issued by each authority.
"""

from __future__ import annotations

import io
import json

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shiftapp.exchange import regulator, regulator_facts
from shiftapp.exchange.regulator import Doc, Line, Tables, Violation
from shiftapp.exchange.styling import BOLD, TEXT, put
from shiftapp.model.promised_day import Promise
from shiftapp.problems import Problem, Twin

MAX_SHEET_NAME = 31  # signs; Excel takes no more


def tables(form: Doc, promise: Promise) -> tuple[Tables, list[Violation]]:
    """The filled tables of a form, and whatever keeps them from going out."""
    facts = regulator_facts.facts(promise)
    filled = regulator.fill(form, facts)
    return filled, [*_against(form, promise), *regulator.check(form, filled, facts.labels)]


def must_be_good(form: Doc, violations: list[Violation]) -> None:
    """Refuse a form with violations.

    :raises Problem: 422 `form_refused`, with how many and the first sentence.
    """
    if violations:
        raise Problem(
            422,
            "form_refused",
            "“%(form)s”还不能导出，有 %(n)s 处不对。先处理好，再下载。",
            params={"form": Twin(form["name"], form["name_en"]), "n": len(violations)},
        )


def as_json(filled: Tables) -> bytes:
    """One object with an array a table, by the platform's names, in the form's order."""
    return (json.dumps(filled, ensure_ascii=False, indent=2) + "\n").encode()


def as_xlsx(form: Doc, filled: Tables) -> bytes:
    """A sheet a table: exact field names in the first row, texts as texts, figures as figures."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    for number, table in enumerate(form["tables"]):
        worksheet = first if number == 0 else book.create_sheet()
        worksheet.title = table["table"][:MAX_SHEET_NAME]
        _write(worksheet, [field["field"] for field in table["fields"]], filled[table["table"]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(worksheet: Worksheet, keys: list[str], rows: list[Line]) -> None:
    worksheet.freeze_panes = "A2"
    for index, key in enumerate(keys, start=1):
        put(worksheet, 1, index, key).font = BOLD
        worksheet.column_dimensions[get_column_letter(index)].width = max(len(key) + 2, 12)
    for number, row in enumerate(rows, start=2):
        for index, value in enumerate(row.values(), start=1):
            if isinstance(value, int):
                worksheet.cell(number, index, value)
            elif value is not None:
                put(worksheet, number, index, value).number_format = TEXT


def _against(form: Doc, promise: Promise) -> list[Violation]:
    """What speaks against the tables as a whole: they contradict the signed document."""
    found: list[Violation] = []
    doc = promise.announcement["doc"]
    counted, plant = (doc.get("works") or {}).get("total"), doc.get("plant") or {}
    stated = tuple(one for one in promise.units if one.state)  # else its own row says so
    units = plant.get("units", {}).get("total")
    for table in form["tables"]:
        if table["rows"] == "ticket" and counted not in (None, len(promise.works)):
            found.append(_differs(table["table"], "permits", counted, len(promise.works)))
        if table["rows"] == "device" and units not in (None, len(stated)):
            found.append(_differs(table["table"], "units", units, len(stated)))
    return found


def _differs(table: str, what: str, said: int, found: int) -> Violation:
    zh, en = _AGAINST[what]
    values = {"said": said, "found": found}
    return Violation(table, None, "", "differs", zh.format(**values), en.format(**values))


_AGAINST = {
    "permits": (
        "公告里是 {said} 张作业票，登记里当时是 {found} 张：签发后有人改过登记。"
        "先看登记，再更正公告。",
        "The announcement has {said} permits, the register of then has {found}: it was changed"
        " since. Look at the register, then correct the announcement.",
    ),
    "units": (
        "公告里是 {said} 套装置，台账里当时有状态的是 {found} 套：签发后停用过装置，"
        "这一份不能再导出。",
        "The announcement has {said} units, with a state of then there are {found}: one was taken"
        " out of use since, and this form can no longer be taken.",
    ),
}
