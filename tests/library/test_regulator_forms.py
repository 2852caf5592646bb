"""The supervisors' forms that ship: every field has its source, and a wrong file is told."""

from __future__ import annotations

import re
from typing import Any

import pytest

from shiftapp.exchange import regulator_facts
from shiftapp.library import regulator_forms
from shiftapp.library.regulator_forms import CODES

every_form = pytest.mark.parametrize("code", CODES)
PROMISE = "sec_production_promise"
# The columns of domain brief §3.3, as the platforms spell them.
OLD = (
    "companyCode commiteDate unitsNumber runNumber parkNumber firesNumber fire1Number fire2Number"
    " spaceworkNumber blindplateNumber highworkNumber liftingworkNumber electricityworkNumber"
    " soilworkNumber roadworkNumber inspectionNumber contractor trialProduction openParking test"
    " mHazards riskGrade commitment"
).split()
ADDED = (
    "id pourOutNumber cleanTankNumber drainingNumber contractorNumber changedTaskNumber"
    " openParkingNumber workNumber notWorkNumber testNumber overhaulWorkNumber dangerProcessNumber"
    " commitContent deleted createDate createBy updateDate updateBy"
).split()
CURRENT = {*ADDED, "commitDate", *OLD} - {"commiteDate"}
PROVINCIAL = (
    "hazardRank1 hazardRank2 hazardRank3 hazardRank4 hazardRank5 promiseRiskRank promiseRiskValue"
    " commitmentNotice commitStatus commitTime offlineReason"
).split()
AUDIT = {"deleted", "createDate", "createBy", "updateDate", "updateBy"}
TICKET = {"id", "promiseId", "ticketId", *AUDIT}
DEVICE = {
    *("id", "promiseId", "hazardCode", "isTesting", "runStatus", "runStatusBeginTime"),
    *("runStatusEndTime", "runStatusReason", "isChanged", "changedTime", "changedReason"),
    *AUDIT,
}


def names(code: str) -> dict[str, list[str]]:
    """The fields of a form's tables."""
    tables = regulator_forms.form(code)["tables"]
    return {table["table"]: [field["field"] for field in table["fields"]] for table in tables}


def field(doc: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for table in doc["tables"] for one in table["fields"] if one["field"] == name
    )
    return found


@every_form
def test_it_is_good(code: str) -> None:
    assert regulator_forms.check(regulator_forms.form(code)) == []


def test_the_current_form_has_every_field_of_the_interface() -> None:
    found = names("national")
    assert set(found[PROMISE]) == CURRENT
    assert set(found["sec_production_promise_ticket"]) == TICKET
    assert set(found["sec_device_run_status"]) == DEVICE


def test_the_older_form_has_the_old_fields_only() -> None:
    assert {PROMISE: sorted(OLD)} == {name: sorted(one) for name, one in names("older").items()}


def test_the_provincial_form_adds_its_own_to_the_current_one() -> None:
    found, current = names("provincial-2026"), names("national")
    assert set(found[PROMISE]) == {*CURRENT, *PROVINCIAL}
    assert {**found, PROMISE: []} == {**current, PROMISE: []}


@every_form
def test_what_is_empty_or_assumed_says_why_or_is_marked(code: str) -> None:
    for table in regulator_forms.form(code)["tables"]:
        for one in table["fields"]:
            assert one["from"] is not None or one["note"] and one["note_en"], one["field"]
            assert one.get("unsure") in (None, True)
            assert bool(one.get("note")) == bool(one.get("note_en")), one["field"]


@every_form
def test_every_name_has_its_english(code: str) -> None:
    doc = regulator_forms.form(code)
    for one in [field for table in doc["tables"] for field in table["fields"]]:
        assert one["zh"] and one["en"] and one["en"].isascii(), one["field"]
    assert not re.search("[\u3000-\u9fff]", doc["name_en"]) and "never tried" in doc["about_en"]
    assert all(fact["zh"] and fact["en"] for fact in regulator_forms.facts().values())


def test_every_fact_is_used_by_a_form() -> None:
    used = {
        source
        for doc in regulator_forms.forms().values()
        for table in doc["tables"]
        for one in table["fields"]
        for source in regulator_forms.sources(one)
    }
    assert set(regulator_forms.facts()) == used


def test_every_count_of_special_work_is_asked_for() -> None:
    works = {name for name in regulator_forms.facts() if name.startswith("works.")}
    assert works == {f"works.{key}" for key in regulator_facts.WORKS}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"from": "units.flying"}, "no_fact"),
        ({"from": "ticket.no"}, "no_fact"),
        ({"from": ["units.total", "signatory"]}, "wrong_kind"),
        ({"from": "published_ms"}, "wrong_kind"),
        ({"type": "number"}, "bad_type"),
        ({"type": "digits"}, "no_length"),
        ({"type": "code"}, "no_codes"),
        ({"from": None}, "need_of_nothing"),
        ({"field": "runNumber"}, "same_field"),
    ],
)
def test_it_tells_a_wrong_field(change: dict[str, Any], code: str) -> None:
    doc = regulator_forms.form("national")
    field(doc, "unitsNumber").update(change)
    assert code in [fault.code for fault in regulator_forms.check(doc)]


def test_it_tells_a_table_of_nothing() -> None:
    doc = regulator_forms.form("older")
    doc["tables"][0]["rows"] = "people"
    assert "bad_rows" in [fault.code for fault in regulator_forms.check(doc)]


def test_there_is_no_other_form() -> None:
    with pytest.raises(KeyError):
        regulator_forms.form("../commitment")


def test_every_call_gives_a_fresh_copy() -> None:
    regulator_forms.form("older")["tables"].clear()
    assert regulator_forms.form("older")["tables"]
