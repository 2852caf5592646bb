"""The facilities of the demo plant and their week: entered by people, not yet looked at today."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest

from shiftapp.demo import plant_state
from shiftapp.demo.build import Wanted, plant_ms
from shiftapp.ledger.keys import Keys
from shiftapp.model import facilities
from shiftapp.model.facilities import Now
from shiftapp.store import Store
from tests.demo.conftest import DAY, Made, make


def now(made: Made, day: int = 0, clock: str = "07:38") -> dict[str, Now]:
    at_ms = plant_ms(DAY + datetime.timedelta(days=day), clock)
    return {one.row["code"]: one for one in facilities.now(made.store, at_ms)}


def test_four_units_of_five_run_and_both_major_hazards_are_safe(made: Made) -> None:
    found = now(made).values()
    units = Counter(one.counts_as for one in found if one.row["kind"] == "unit")
    assert units == {"running": 4, "maintenance": 1}
    hazards = {one.row["hazard_rank"]: one.state for one in found if one.row["hazard_rank"]}
    assert hazards == {2: "safe", 3: "safe"}
    assert all(one.row["hazard_code"] for one in found if one.row["hazard_rank"])
    assert sum(one.row["process"] for one in found) == 1


def test_somebody_looked_every_morning_but_not_today(made: Made) -> None:
    for day in range(-7, 0):
        midnight = plant_ms(DAY + datetime.timedelta(days=day), "00:00")
        seen = {(one.seen_ms or 0) - midnight for one in now(made, day, "09:00").values()}
        assert {ms // 3_600_000 for ms in seen} == {8} and len(seen) == 1
    today = plant_ms(DAY, "00:00")
    assert all((one.seen_ms or 0) < today for one in now(made).values())


def test_a_store_was_unsafe_for_an_afternoon_and_its_history_says_so(made: Made) -> None:
    assert now(made, -6, "15:00")["W401"].state == "unsafe"
    assert now(made, -6, "15:00")["W401"].note
    assert now(made, -5, "09:00")["W401"].state == "safe"
    past = facilities.history(made.store, "W401")
    assert [row["state"] for row in past] == ["safe", "unsafe", "safe"]


def test_a_unit_shut_down_stopped_and_went_into_maintenance(made: Made) -> None:
    said = [(day, now(made, day, "09:00")["U104"].state) for day in (-5, -4, -3)]
    assert said == [(-5, "running"), (-4, "shutdown"), (-3, "maintenance")]
    late = facilities.history(made.store, "U104")[2]
    assert late["state"] == "shutdown" and late["since_ms"] < late["at_ms"]


def test_each_change_was_entered_by_who_manages_that_workshop(made: Made) -> None:
    rows = made.store.rows(
        "SELECT facility_state.facility, person.no FROM facility_state"
        " JOIN person ON person.id = facility_state.by_person"
        " WHERE person.no <> :no ORDER BY facility_state.id",
        no=plant_state.DIRECTOR,
    )
    assert {(row["facility"], row["no"]) for row in rows} == {("W401", "9004"), ("U104", "9003")}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_and_reasons_are_those_of_the_language(store: Store, keys: Keys, lang: str) -> None:
    made = make(store, keys, Wanted(day=DAY, lang=lang))
    found = now(made)["U104"]
    assert found.row["name"] == ("Isobutene unit" if lang == "en" else "异丁烯装置")
    assert found.note.isascii() == (lang == "en") and found.row["name_en"] == "Isobutene unit"
