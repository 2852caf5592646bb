"""The supervisor's form: golden files, what is refused, the same rows read back from a sheet."""

from __future__ import annotations

import io
import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from shiftapp.exchange import regulator, regulator_facts, regulator_files
from shiftapp.exchange.regulator import Tables
from shiftapp.library import regulator_forms
from shiftapp.library.regulator_forms import CODES
from shiftapp.model.promised_day import Promise
from shiftapp.problems import Problem
from tests.announcing import at
from tests.exchange.promised import FIRST, PLANT, SECOND, WORKS, permit, promise, unit, version

GOLDEN = Path(__file__).parent / "regulator_golden"
PROMISE, TICKET, DEVICE = (
    "sec_production_promise",
    "sec_production_promise_ticket",
    "sec_device_run_status",
)
every_form = pytest.mark.parametrize("code", CODES)


def filled(code: str = "national", given: Promise | None = None) -> Tables:
    return regulator_files.tables(regulator_forms.form(code), given or promise())[0]


def codes(given: Promise, code: str = "national") -> list[tuple[str, str]]:
    """Field and code of everything that keeps a form from going out."""
    found = regulator_files.tables(regulator_forms.form(code), given)[1]
    return [(one.field, one.code) for one in found]


@every_form
def test_a_day_becomes_exactly_the_golden_file(code: str) -> None:
    data = regulator_files.as_json(filled(code))
    assert data == (GOLDEN / f"{code}.json").read_bytes()


@every_form
def test_the_golden_file_holds_to_its_form(code: str) -> None:
    read = json.loads((GOLDEN / f"{code}.json").read_text("utf-8"))
    assert regulator.check(regulator_forms.form(code), read) == []


def test_what_the_brief_says_of_formats_and_codes() -> None:
    (row,) = filled()[PROMISE]
    assert row["companyCode"] == "410928001"
    assert row["commitDate"] == "20261124092000" == row["createDate"] == row["updateDate"]
    assert (row["unitsNumber"], row["runNumber"], row["parkNumber"]) == (3, 2, 0)
    assert (row["openParking"], row["openParkingNumber"]) == ("1", 1)
    assert (row["contractor"], row["contractorNumber"]) == ("1", 1)
    assert (row["mHazards"], row["riskGrade"], row["deleted"]) == ("1", "3", "0")
    assert row["commitment"] == "周九"
    assert row["commitContent"] == "我公司今天已做班前安全风险研判。1 处重大隐患还没有消除。"
    assert row["test"] is None


def test_the_older_form_spells_the_date_as_it_was_spelt() -> None:
    ((name, rows),) = filled("older").items()
    assert name == PROMISE and rows[0]["commiteDate"] == "20261124092000"


def test_every_fact_has_a_value_to_be_filled_from() -> None:
    facts = regulator_facts.facts(promise())
    for rows in ("promise", "ticket", "device"):
        asked = {name for name, one in regulator_forms.facts().items() if one["of"] == rows}
        given = set(facts.promise) if rows == "promise" else set(facts.rows[rows][0])
        assert given == asked


def test_every_state_of_a_unit_has_a_code() -> None:
    states = ("running", "trial", "startup", "shutdown", "stopped", "maintenance")
    units = tuple(unit(f"U{n}", state, at("06:00")) for n, state in enumerate(states))
    plant = {**PLANT, "units": {"total": 6, "running": 4, "stopped": 1, "maintenance": 1}}
    given = promise(announcement=version(FIRST, "09:20", plant=plant), units=units)
    assert codes(given) == []
    rows = filled(given=given)[DEVICE]
    assert [row["runStatus"] for row in rows] == ["1", "1", "1", "1", "2", "3"]
    assert [row["isTesting"] for row in rows] == ["0", "1", "0", "0", "0", "0"]


def test_a_state_that_began_in_the_last_day_is_a_change() -> None:
    rows = filled()[DEVICE]
    assert [(row["isChanged"], row["changedTime"]) for row in rows] == [
        ("0", None),
        ("1", "20261124061500"),
        ("0", None),
    ]


# Ids and versions ---------------------------------------------------------------------------------


def test_ids_are_uuids_that_another_program_derives_alike() -> None:
    space = uuid.UUID(bytes=regulator_facts._NAMESPACE)
    assert regulator_facts.derived(FIRST) == str(uuid.uuid5(space, f"{FIRST}/"))
    assert uuid.UUID(regulator_facts.derived(FIRST, "ticket:A1")).version == 5


def test_a_later_version_keeps_every_id_and_says_when_it_was_updated() -> None:
    before = filled()
    later = promise(announcement=version(SECOND, "14:05"), first=version(FIRST, "09:20"))
    after = filled(given=later)
    for table in (PROMISE, TICKET, DEVICE):
        assert [row["id"] for row in after[table]] == [row["id"] for row in before[table]]
        assert {row["createDate"] for row in after[table]} == {"20261124092000"}
        assert {row["updateDate"] for row in after[table]} == {"20261124140500"}


def test_a_permit_that_is_no_longer_counted_is_told_as_deleted() -> None:
    later = promise(
        announcement=version(SECOND, "14:05", works={**WORKS, "total": 1}),
        first=version(FIRST, "09:20"),
        works=(permit("DH-2026-1124-01"),),
        dropped=(permit("SX-2026-1124-02"),),
    )
    assert codes(later) == []
    rows, before = filled(given=later)[TICKET], filled()[TICKET]
    assert [(row["ticketId"], row["deleted"]) for row in rows] == [
        ("DH-2026-1124-01", "0"),
        ("SX-2026-1124-02", "1"),
    ]
    assert [row["id"] for row in rows] == [row["id"] for row in before]


def test_two_days_share_no_id() -> None:
    other = filled(given=promise(first=version(SECOND, "09:20")))
    here = {row["id"] for rows in filled().values() for row in rows}
    assert here & {row["id"] for rows in other.values() for row in rows} == set()


# Refused ------------------------------------------------------------------------------------------


def test_without_a_company_code_it_is_refused_with_what_to_do() -> None:
    form = regulator_forms.form("national")
    (found,) = regulator_files.tables(form, promise(company_code=""))[1]
    assert (found.field, found.code) == ("companyCode", "needed")
    assert "先在“设置”里填 9 位企业编码" in found.zh and "settings" in found.en


@pytest.mark.parametrize("text", ["41092800", "4109280011", "41092800A", "４１０９２８００１", " "])
def test_a_company_code_is_nine_digits(text: str) -> None:
    assert codes(promise(company_code=text)) == [("companyCode", "bad_digits")]


def test_a_unit_without_its_code_is_named() -> None:
    units = (
        *promise().units[:2],
        unit("U3", "stopped", at("06:00"), hazard_code="", name_en="Unit 3"),
    )
    found = regulator_files.tables(regulator_forms.form("national"), promise(units=units))[1]
    assert [(one.row, one.field) for one in found] == [(2, "hazardCode")]
    assert found[0].zh.startswith("U3 装置：") and "登记编码" in found[0].zh
    assert found[0].en.startswith("Unit 3: ")


def test_a_unit_whose_state_nobody_entered_is_refused() -> None:
    units = (*promise().units[:2], unit("U3", "", None))
    plant = {**PLANT, "units": {"total": 2, "running": 2, "stopped": 0, "maintenance": 0}}
    given = promise(announcement=version(FIRST, "09:20", plant=plant), units=units)
    assert codes(given) == [("runStatus", "needed"), ("runStatusBeginTime", "needed")]


def test_a_register_that_was_never_used_is_no_zero() -> None:
    found = codes(promise(announcement=version(FIRST, "09:20", works=None), works=()))
    assert {code for _, code in found} == {"needed"}
    assert {"firesNumber", "changedTaskNumber", "contractor"} <= {field for field, _ in found}


def test_a_plant_without_units_is_no_zero_either() -> None:
    found = codes(promise(announcement=version(FIRST, "09:20", plant=None), units=()))
    assert [field for field, _ in found] == [
        *("unitsNumber", "runNumber", "parkNumber", "trialProduction", "openParking"),
    ]
    more = codes(
        promise(announcement=version(FIRST, "09:20", plant=None), units=()), "provincial-2026"
    )
    assert ("hazardRank1", "needed") in more


def test_a_hidden_permit_is_refused() -> None:
    form = regulator_forms.form("national")
    (found,) = regulator_files.tables(form, promise(works=promise().works[:1]))[1]
    assert (found.table, found.code) == (TICKET, "differs")
    assert "公告里是 2 张作业票，登记里当时是 1 张" in found.zh


def test_a_dropped_unit_is_refused() -> None:
    assert codes(promise(units=promise().units[:2])) == [("", "differs")]


def test_nothing_is_written_of_a_form_with_violations() -> None:
    form = regulator_forms.form("national")
    violations = regulator_files.tables(form, promise(company_code=""))[1]
    with pytest.raises(Problem) as refused:
        regulator_files.must_be_good(form, violations)
    assert refused.value.code == "form_refused" and "有 1 处不对" in refused.value.detail


LIES: list[tuple[str, str, Any, str]] = [  # table, field, what stands there, violation
    (PROMISE, "id", "1", "bad_uuid"),
    (PROMISE, "id", 1, "not_text"),
    (PROMISE, "companyCode", None, "needed"),
    (PROMISE, "companyCode", "12345678", "bad_digits"),
    (PROMISE, "commitDate", "2026-11-24 09:20:00", "bad_time"),
    (PROMISE, "commitDate", "20261131092000", "bad_time"),
    (PROMISE, "commitDate", "2026112409200", "bad_time"),
    (PROMISE, "unitsNumber", "3", "bad_int"),
    (PROMISE, "unitsNumber", -1, "bad_int"),
    (PROMISE, "unitsNumber", 2.0, "bad_int"),
    (PROMISE, "unitsNumber", True, "bad_int"),
    (PROMISE, "unitsNumber", 100_000, "bad_int"),
    (PROMISE, "contractor", "2", "bad_flag"),
    (PROMISE, "contractor", 1, "not_text"),
    (PROMISE, "riskGrade", "0", "bad_code"),
    (PROMISE, "riskGrade", "5", "bad_code"),
    (PROMISE, "commitment", " ", "bad_text"),
    (PROMISE, "commitment", "周" * 51, "too_long"),
    (PROMISE, "commitContent", None, "needed"),
    (PROMISE, "secret", "x", "stray_field"),
    (TICKET, "ticketId", "", "bad_text"),
    (TICKET, "deleted", None, "needed"),
    (DEVICE, "runStatus", "运行", "bad_code"),
    (DEVICE, "hazardCode", ["x"], "not_text"),
    (DEVICE, "runStatusBeginTime", "0", "bad_time"),
]


@pytest.mark.parametrize(("table", "field", "value", "code"), LIES)
def test_the_form_itself_refuses_a_wrong_value(
    table: str, field: str, value: Any, code: str
) -> None:
    read: dict[str, Any] = json.loads((GOLDEN / "national.json").read_text("utf-8"))
    read[table][0][field] = value
    (found,) = regulator.check(regulator_forms.form("national"), read)
    assert (found.table, found.row, found.field, found.code) == (table, 0, field, code)
    assert field in found.zh and field in found.en
    assert found.zh.endswith("。") and re.search("[\u4e00-\u9fff]", found.zh)
    assert not re.search("[\u3000-\u303f\uff00-\uffef]", found.en), "Chinese punctuation"


def test_the_form_itself_refuses_a_missing_field_row_or_table() -> None:
    form = regulator_forms.form("national")
    read: dict[str, Any] = json.loads((GOLDEN / "national.json").read_text("utf-8"))
    del read[PROMISE][0]["riskGrade"]
    del read[DEVICE]
    read[TICKET][1] = "DH-1"
    read["sec_other"] = []
    found = [(one.table, one.field, one.code) for one in regulator.check(form, read)]
    assert found == [
        (PROMISE, "riskGrade", "no_field"),
        (TICKET, "", "not_a_row"),
        (DEVICE, "", "no_table"),
        ("sec_other", "", "stray_table"),
    ]


@pytest.mark.parametrize("n", [0, 2])
def test_there_is_one_promise_a_day(n: int) -> None:
    read: dict[str, Any] = filled()
    read[PROMISE] = read[PROMISE] * n
    found = regulator.check(regulator_forms.form("national"), read)
    assert [one.code for one in found] == ["one_promise"]


def test_every_violation_is_told_not_only_the_first() -> None:
    read: dict[str, Any] = filled()
    read[PROMISE][0] |= {"companyCode": "1", "riskGrade": "9", "unitsNumber": None}
    assert len(regulator.check(regulator_forms.form("national"), read)) == 3


# Files --------------------------------------------------------------------------------------------


@every_form
def test_the_workbook_reads_back_as_the_json(code: str) -> None:
    form, wanted = regulator_forms.form(code), filled(code)
    book = load_workbook(io.BytesIO(regulator_files.as_xlsx(form, wanted)))
    assert book.sheetnames == [table["table"] for table in form["tables"]]
    for name, rows in wanted.items():
        head, *lines = [list(row) for row in book[name].values]
        assert head == list(rows[0])
        assert [dict(zip(head, line, strict=True)) for line in lines] == rows


def test_an_empty_table_keeps_its_headings() -> None:
    none = promise(announcement=version(FIRST, "09:20", works={**WORKS, "total": 0}), works=())
    form = regulator_forms.form("national")
    assert codes(none) == []
    book = load_workbook(io.BytesIO(regulator_files.as_xlsx(form, filled(given=none))))
    assert [cell.value for cell in book[TICKET][1]][:3] == ["id", "promiseId", "ticketId"]


def test_a_permit_number_never_becomes_a_formula() -> None:
    given = promise(works=(permit("=1+1"), permit("SX-2026-1124-02")))
    form = regulator_forms.form("national")
    sheet = load_workbook(io.BytesIO(regulator_files.as_xlsx(form, filled(given=given))))[TICKET]
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=1+1", "s")
