"""The sheet of special work: permits in, out and in again; what is wrong, at its cell."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest

from shiftapp import library
from shiftapp.exchange import writing
from shiftapp.exchange.columns import CHOICES
from shiftapp.exchange.forms import BY_NOUN
from shiftapp.model import special_work_entry, special_work_rows
from shiftapp.model.special_work_checks import Author
from shiftapp.store import Row, Store
from tests.announcing import at
from tests.exchange.books import SMALL, Rows, bring_in, file, opened, planned, saved, small
from tests.plant import NOW_MS

STARTED = at("09:00")
HOT = {
    "no": "DH-1124-01", "kind": "动火", "level": "一级", "place": "P-201 泵区北侧",
    "what": "换法兰", "date": "2026-11-24", "start": "08:30", "end": "12:00", "guardians": "00101",
    "workers": "00102 00103", "area": "A1",
}  # fmt: skip
TANK = {
    "no": "SX-1124-01", "kind": "受限空间", "place": "K-101 罐内", "date": "2026-11-24",
    "start": "20:00", "last": "2026-11-25", "end": "04:00", "contractor": "某检修公司",
    "changed": "是", "gas": 60,
}  # fmt: skip


def book(*rows: dict[str, Any], **more: Any) -> io.BytesIO:
    return file(small(special_work=list(rows), **more))


def permit(store: Store, no: str) -> Row:
    found = special_work_rows.find(store, no)
    assert found is not None
    return found


def faults(store: Store, book: io.BytesIO, now_ms: int = NOW_MS) -> list[tuple[str, str]]:
    found = planned(store, book, now_ms)
    for one in found.faults:
        assert one.zh and one.en and "{" not in one.zh + one.en
    assert found.total == 0
    return [(one.code, one.cell) for one in found.faults]


def test_permits_come_in_and_go_out_and_come_in_unchanged(store: Store) -> None:
    bring_in(store, book(HOT, TANK))
    hot, tank = permit(store, "DH-1124-01"), permit(store, "SX-1124-01")
    assert (hot["kind"], hot["level"], hot["site"], hot["area"]) == ("fire", "1", "YC", "A1")
    assert (hot["guardians"], hot["workers"]) == (("00101",), ("00102", "00103"))
    assert (hot["starts_ms"], hot["ends_ms"]) == (at("08:30"), at("12:00"))
    assert (hot["gas_every_min"], tank["gas_every_min"]) == (120, 60)
    assert (tank["ends_ms"] - tank["starts_ms"], tank["changed"]) == (8 * 3_600_000, 1)
    assert (hot["source"], tank["contractor"]) == ("workbook", "某检修公司")
    again = planned(store, io.BytesIO(writing.write_workbook(store, NOW_MS)))
    assert again.faults == [] and again.total == 0
    assert again.nouns["special_work"].unchanged == 2


def test_a_permit_written_otherwise_is_the_same_permit(store: Store) -> None:
    bring_in(store, book(HOT))
    found = planned(store, book({**HOT, "no": "ｄｈ 1124 01"}))
    assert found.total == 0 and found.nouns["special_work"].unchanged == 1


def test_a_changed_row_changes_the_permit(store: Store) -> None:
    bring_in(store, book(HOT))
    found = bring_in(store, book({**HOT, "place": "P-202", "gas": 30, "guardians": "00104"}))
    assert found.nouns["special_work"].changed == {
        "DH-1124-01": ["place", "gas_every_min", "guardians"]
    }
    assert permit(store, "DH-1124-01")["place"] == "P-202"
    what = [row["what"] for row in store.rows("SELECT what FROM audit ORDER BY seq")]
    assert what.count("work.register") == 1 and "work.guardian" in what


def test_once_started_it_is_extended(store: Store) -> None:
    bring_in(store, book(HOT))
    assert faults(store, book({**HOT, "end": "11:00"}), STARTED) == [("only_extend", "I3")]
    assert faults(store, book({**HOT, "place": "别处"}), STARTED) == [("work_started", "A3")]
    bring_in(store, book({**HOT, "end": "16:30"}), STARTED)
    assert permit(store, "DH-1124-01")["ends_ms"] == at("16:30")


def test_what_has_ended_stays_as_it_is_and_goes_out_no_more(store: Store) -> None:
    bring_in(store, book(HOT))
    who = Author("api", None, "x")
    with store.tx() as db:
        special_work_entry.close(db, permit(store, "DH-1124-01")["id"], who, STARTED)
    assert planned(store, book(HOT), STARTED).nouns["special_work"].unchanged == 1
    assert faults(store, book({**HOT, "end": "16:00"}), STARTED) == [("work_ended", "A3")]
    out = planned(store, io.BytesIO(writing.write_workbook(store, STARTED)), STARTED)
    assert out.nouns["special_work"].unchanged == 0


def test_a_late_permit_is_taken_with_a_note(store: Store) -> None:
    found = bring_in(store, book(HOT), STARTED)
    (note,) = [one for one in found.notes if one.code == "late_permit"]
    assert "DH-1124-01" in note.zh and "late" in note.en
    assert permit(store, "DH-1124-01")["made_ms"] == STARTED


def test_a_place_that_the_same_workbook_brings_can_be_named(store: Store) -> None:
    unit = {"code": "U1", "name": "碳四装置", "kind": "装置", "area": "A2"}
    areas = [*SMALL["area"], {"code": "A2", "name": "罐区", "risk": "A"}]
    bring_in(store, book({**HOT, "area": "A2", "facility": "U1"}, facility=[unit], area=areas))
    assert permit(store, "DH-1124-01")["facility"] == "U1"


TWO_SITES: dict[str, Any] = {
    "site": [*SMALL["site"], {"code": "EC", "name": "二厂"}],
    "area": [{**SMALL["area"][0], "site": "YC"}],
    "group": [{**row, "site": "YC"} for row in SMALL["group"]],
}
TABLE: list[tuple[str, str, dict[str, Any], Rows]] = [
    ("needed", "A3", {"no": None}, {}),
    ("bad_text", "A3", {"no": "——"}, {}),
    ("too_long", "A3", {"no": "1" * 41}, {}),
    ("date_for_text", "A3", {"no": datetime.datetime(2026, 11, 24)}, {}),
    ("bad_choice", "B3", {"kind": "潜水"}, {}),
    ("no_level", "C3", {"level": None}, {}),
    ("unknown_level", "C3", {"level": "四级"}, {}),
    ("bad_choice", "C3", {"level": "五级"}, {}),
    ("needed", "D3", {"place": None}, {}),
    ("bad_date", "F3", {"date": "明天"}, {}),
    ("too_old", "F3", {"date": "2026-10-20"}, {}),
    ("start_too_far", "F3", {"date": "2027-11-24"}, {}),
    ("bad_time", "G3", {"start": "25:00"}, {}),
    ("ends_before", "I3", {"end": "08:30"}, {}),
    ("ends_before", "I3", {"last": "2026-11-23"}, {}),
    ("valid_too_long", "I3", {"end": "16:31"}, {}),
    ("unknown", "J3", {"guardians": "77777"}, {}),
    ("guardian_works", "K3", {"workers": "00101"}, {}),
    ("unknown", "L3", {"area": "NIX"}, {}),
    ("unknown", "M3", {"facility": "NIX"}, {}),
    ("unknown", "N3", {"site": "NIX"}, {}),
    ("place_elsewhere", "L3", {"site": "EC"}, TWO_SITES),
    ("which_site", "N3", {"area": None}, TWO_SITES),
    ("no_contractor", "O3", {"kind": "承包商作业", "level": None}, {}),
    ("bad_gas", "Q3", {"gas": 1441}, {}),
    ("bad_integer", "Q3", {"gas": "两小时"}, {}),
]


@pytest.mark.parametrize(
    ("code", "cell", "change", "more"), TABLE, ids=[f"{row[0]}-{row[1]}" for row in TABLE]
)
def test_a_fault_is_named_at_its_cell(
    store: Store, code: str, cell: str, change: dict[str, Any], more: Any
) -> None:
    assert faults(store, book({**HOT, **change}, **more)) == [(code, cell)]
    assert store.value("SELECT COUNT(*) FROM special_work") == 0


@pytest.mark.parametrize(
    ("code", "again"), [("duplicate", "DH-1124-01"), ("permit_twice", "dh 1124-01")]
)
def test_a_permit_counted_twice_in_one_workbook_is_a_fault(
    store: Store, code: str, again: str
) -> None:
    assert faults(store, book(HOT, {**HOT, "no": again})) == [(code, "A4")]


def test_a_workbook_from_before_lacks_the_sheet_and_changes_no_permit(store: Store) -> None:
    bring_in(store, book(HOT))
    old = opened(SMALL)
    old.remove(old[BY_NOUN["special_work"].title])
    found = planned(store, saved(old))
    assert found.faults == [] and found.total == 0


def test_the_choices_of_the_sheet_are_the_kinds_of_the_library() -> None:
    kinds = library.special_work()
    assert [code for code, _, _ in CHOICES["work"]] == list(kinds)
    levels = {one["code"] for kind in kinds.values() for one in kind["levels"]}
    assert {code for code, _, _ in CHOICES["work_level"]} == levels


def test_a_drop_down_holds_all_choices() -> None:
    for noun in ("work", "work_level"):
        listed = ",".join(f"{zh} {en}" for _, zh, en in CHOICES[noun])
        assert len(listed) <= 250  # a drop-down of Excel holds no more
