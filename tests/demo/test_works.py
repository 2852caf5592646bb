"""The permits of the demo plant: a week that is closed, and the visitor's day."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest

from shiftapp.demo import people as cast
from shiftapp.demo.build import Wanted, plant_ms
from shiftapp.ledger.keys import Keys
from shiftapp.model import special_works
from shiftapp.model.special_works import Work
from shiftapp.store import Store
from tests.demo.conftest import DAY, Made, make


def at(clock: str, day: int = 0) -> int:
    return plant_ms(DAY + datetime.timedelta(days=day), clock)


def of_day(made: Made, day: int = 0, clock: str = "07:38") -> list[Work]:
    span = at("00:00", day), at("00:00", day + 1)
    return special_works.of_day(made.store, *span, at(clock, day))


def test_the_day_has_the_permits_of_the_announcement(made: Made) -> None:
    found = Counter(
        (one.row["kind"], one.row["level"] if one.row["kind"] == "fire" else "")
        for one in of_day(made)
    )
    assert found == {
        ("fire", "1"): 1,
        ("fire", "2"): 3,
        ("confined", ""): 1,
        ("height", ""): 2,
        ("lifting", ""): 1,
        ("power", ""): 3,
        ("maintenance", ""): 1,
    }
    assert sum(bool(one.row["contractor"]) for one in of_day(made)) == 2


def test_permits_are_numbered_by_their_day(made: Made) -> None:
    numbers = [one.row["no"] for one in of_day(made)]
    assert {"DH-1124-01", "DH-1124-02", "DH-1124-03", "SX-1124-01", "DH-1123-01"} <= set(numbers)


@pytest.mark.parametrize("clock", ["07:38", "09:30"])
def test_nothing_is_late_or_over_and_gas_was_tested(made: Made, clock: str) -> None:
    now = at(clock)
    found = of_day(made, 0, clock)
    assert not [one.row["no"] for one in found if one.late or one.over(now) or one.gas_over(now)]
    running = {one.row["no"] for one in found if one.under_way(now)}
    assert running >= {"DH-1123-01", "JX-1121-01", "LD-1121-01"}
    tested = [one for one in found if one.gas is not None]
    assert [one.row["no"] for one in tested] == ["DH-1123-01"]


def test_the_works_under_way_are_guarded_by_people_who_have_committed(made: Made) -> None:
    for one in of_day(made):
        if one.under_way(at("07:38")):
            named = special_works.people_of(made.store, one, at("07:38"))
            assert all(who.committed for who in named), one.row["no"]


def test_the_visitor_at_the_pump_guards_one(made: Made) -> None:
    person = made.store.value("SELECT id FROM person WHERE no = :no", no=cast.PARTS["operator"])
    mine = special_works.of_person(made.store, person, at("07:38"))
    assert [one.row["no"] for one in mine] == ["DH-1124-03"]


def test_the_past_is_closed_and_was_in_order_each_morning(made: Made) -> None:
    assert [one.row["no"] for one in special_works.open_now(made.store, at("07:38"))] == [
        "JX-1121-01",
        "LD-1121-01",
        "DH-1123-01",
    ]
    for day in range(-7, 0):
        now = at("09:30", day)
        assert of_day(made, day, "09:30"), day
        for one in special_works.open_now(made.store, now):
            assert not one.over(now) and not one.gas_over(now)


def test_one_was_called_off_before_it_began_and_one_after(made: Made) -> None:
    assert "GC-1118-01" in [one.row["no"] for one in of_day(made, -6, "08:00")]
    assert "GC-1118-01" not in [one.row["no"] for one in of_day(made, -6, "23:00")]
    late = [one.row["no"] for one in of_day(made, -3, "23:00") if one.cancelled_late]
    assert late == ["GC-1121-01"]


def test_heads_of_workshops_registered_them(made: Made) -> None:
    rows = made.store.rows(
        "SELECT DISTINCT special_work.area, person.no FROM special_work"
        " JOIN person ON person.id = special_work.made_by ORDER BY special_work.area, person.no"
    )
    assert [(row["area"], row["no"]) for row in rows] == [
        ("TF", "9005"),
        ("W1", "9003"),
        ("W2", "9004"),
    ]


def test_words_are_those_of_the_language(store: Store, keys: Keys) -> None:
    made = make(store, keys, Wanted(day=DAY, lang="en"))
    for one in of_day(made):
        for name in ("place", "what", "contractor"):
            assert one.row[name].isascii(), one.row[name]
