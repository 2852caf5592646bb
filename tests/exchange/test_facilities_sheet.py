"""The sheet of facilities: in, out and in again; what is wrong with it, at its cell."""

from __future__ import annotations

import io
from typing import Any

import pytest

from shiftapp.exchange import writing
from shiftapp.exchange.forms import BY_NOUN
from shiftapp.model import facilities, people
from shiftapp.store import Store
from tests.exchange.books import SMALL, Rows, bring_in, file, opened, planned, saved, small
from tests.plant import NOW_MS

UNIT = {"code": "U1", "name": "碳四装置", "name_en": "C4 unit", "kind": "装置", "area": "A1",
        "process": "是"}  # fmt: skip
TANKS = {"code": "T1", "name": "球罐区", "kind": "tank farm", "hazard_rank": "二级",
         "hazard_code": "PY-02"}  # fmt: skip


def book(*rows: dict[str, Any], **more: Any) -> io.BytesIO:
    return file(small(facility=list(rows), **more))


def enter(store: Store, code: str, state: str) -> None:
    person = people.by_no(store, "00900")
    assert person is not None
    with store.tx() as db:
        facilities.set_state(
            db, code, state, since_ms=NOW_MS, note="液位计坏", by=person["id"], now_ms=NOW_MS
        )


def facts(store: Store, code: str) -> tuple[Any, ...]:
    row = facilities.facility(store, code)
    assert row is not None
    return tuple(row[key] for key in "site area kind hazard_rank hazard_code process".split())


def test_facilities_come_in_and_go_out_and_come_in_unchanged(store: Store) -> None:
    bring_in(store, book(UNIT, TANKS))
    assert facts(store, "U1") == ("YC", "A1", "unit", 0, "", 1)
    assert facts(store, "T1") == ("YC", None, "tank_farm", 2, "PY-02", 0)
    out = io.BytesIO(writing.write_workbook(store, NOW_MS))
    again = planned(store, out)
    assert again.total == 0 and again.nouns["facility"].unchanged == 2


def test_a_changed_row_changes_the_facts_and_leaves_the_states(store: Store) -> None:
    bring_in(store, book(UNIT))
    enter(store, "U1", "running")
    found = bring_in(store, book({**UNIT, "name": "碳四一套", "area": None}))
    assert found.nouns["facility"].changed == {"U1": ["name", "area"]}
    (now,) = facilities.now(store, NOW_MS)
    assert (now.row["name"], now.row["area"], now.state) == ("碳四一套", None, "running")


def test_what_is_closed_is_told_as_such(store: Store) -> None:
    bring_in(store, book(UNIT))
    found = bring_in(store, book({**UNIT, "active": "停用"}))
    assert found.nouns["facility"].deactivated == ["U1"]
    assert facilities.facilities(store) == []


def test_the_sheet_says_nothing_about_states(store: Store) -> None:
    headings = {column.zh for column in BY_NOUN["facility"].columns}
    assert not {"状态", "现在"} & headings
    bring_in(store, book(UNIT))
    assert facilities.history(store, "U1") == []


def test_a_workbook_from_before_lacks_the_sheet_and_changes_no_facility(store: Store) -> None:
    bring_in(store, book(UNIT))
    old = opened(SMALL)
    old.remove(old[BY_NOUN["facility"].title])
    found = planned(store, saved(old))
    assert found.faults == [] and found.total == 0


TWO_SITES = {
    "site": [*SMALL["site"], {"code": "EC", "name": "二厂"}],
    "area": [{**SMALL["area"][0], "site": "YC"}],
    "group": [{**row, "site": "YC"} for row in SMALL["group"]],
}
TABLE: list[tuple[str, str, dict[str, Any], Rows]] = [
    ("needed", "A3", {"code": None}, {}),
    ("needed", "B3", {"name": None}, {}),
    ("too_long", "B3", {"name": "长" * 41}, {}),
    ("needed", "D3", {"kind": None}, {}),
    ("bad_choice", "D3", {"kind": "球罐"}, {}),
    ("unknown", "E3", {"site": "NIX"}, {}),
    ("unknown", "F3", {"area": "NIX"}, {}),
    ("bad_choice", "G3", {"hazard_rank": "五级"}, {}),
    ("bad_choice", "G3", {"hazard_rank": "√"}, {}),  # of which grade?
    ("too_long", "H3", {"hazard_code": "1" * 41}, {}),
    ("not_a_unit", "I3", {"kind": "仓库"}, {}),
    ("which_site", "E3", {"site": None}, TWO_SITES),
    ("area_elsewhere", "F3", {"site": "EC"}, TWO_SITES),
]


@pytest.mark.parametrize(
    ("code", "cell", "change", "more"), TABLE, ids=[f"{row[0]}-{row[1]}" for row in TABLE]
)
def test_a_fault_is_named_at_its_cell(
    store: Store, code: str, cell: str, change: dict[str, Any], more: Any
) -> None:
    found = planned(store, book({**UNIT, **change}, **more))
    assert [(one.code, one.cell) for one in found.faults] == [(code, cell)]
    assert found.faults[0].sheet.startswith("装置") and found.total == 0


def test_two_rows_of_one_code_are_a_fault(store: Store) -> None:
    found = planned(store, book(UNIT, UNIT))
    assert [(one.code, one.cell) for one in found.faults] == [("duplicate", "A4")]


@pytest.mark.parametrize(
    ("code", "cell", "change"),
    [
        ("has_history", "D3", {"kind": "仓库"}),
        ("still_unsafe", "J3", {"active": "停用"}),
    ],
)
def test_what_was_said_of_it_stays_true(
    store: Store, code: str, cell: str, change: dict[str, Any]
) -> None:
    bring_in(store, book(TANKS))
    assert planned(store, book({**TANKS, **change})).faults == []
    enter(store, "T1", "unsafe")
    found = planned(store, book({**TANKS, **change}))
    assert [(one.code, one.cell) for one in found.faults] == [(code, cell)]
