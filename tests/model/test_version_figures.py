"""Two versions of a day, subtracted from each other, are no figure of fewer than five people."""

from __future__ import annotations

import pytest

from shiftapp.model import roster, slots
from shiftapp.store import Row
from tests.announcing import add_crew, at, draft, publish
from tests.plant import NOW_MS, PUMPS, Plant

NINE, LATER = at("09:05"), at("09:30")
WHY = {"override": "班组在补签", "change": "update", "reason": "又来了人"}


@pytest.fixture
def small(good_day: Plant) -> Plant:
    """Two shifts of three and two people, which the log does not hold, are one figure of five."""
    add_crew(good_day, "DING", 3)
    add_crew(good_day, "WU", 2)
    with good_day.store.tx() as db:
        slots.open_due(db, NOW_MS, 120)
    return good_day


def first(plant: Plant) -> Row:
    found = publish(plant, NINE, override="班组在补签")
    assert found["doc"]["small"]["count"]["n"] == 5
    assert found["doc"]["total"]["n"] == 17
    return found


def put_on(plant: Plant, when: int, crew: str = "WU") -> None:
    """钱七 comes to a crew, that of two unless told."""
    with plant.store.tx() as db:
        roster.add(
            db,
            plant.instance(crew)["id"],
            plant.id("outsider"),
            [roster.Post(PUMPS, "J02")],
            how="added",
            by=plant.id("leader"),
            now_ms=when,
            random=plant.random,
        )


def test_somebody_put_on_a_small_shift_between_two_versions_is_no_figure_of_one(
    small: Plant,
) -> None:
    first(small)
    put_on(small, at("09:10"))
    doc = publish(small, LATER, **WHY)["doc"]
    assert doc["small"] == {"shifts": 2, "counted": False, "count": None}
    assert doc["total"]["n"] == 12


def test_it_stays_so_in_every_version_that_follows(small: Plant) -> None:
    first(small)
    put_on(small, at("09:10"))
    publish(small, LATER, **WHY)
    third = publish(small, at("09:45"), **WHY)["doc"]
    assert third["small"]["count"] is None


def test_somebody_taken_off_and_a_shift_that_is_then_empty_are_no_figure_either(
    small: Plant,
) -> None:
    add_crew(small, "GENG", 4)
    publish(small, NINE, override="班组在补签")
    with small.store.tx() as db:
        db.run(
            "UPDATE slot SET ended_ms = :now WHERE person IN"
            " (SELECT id FROM person WHERE crew = 'WU')",
            now=at("09:10"),
        )
    doc = publish(small, LATER, **WHY)["doc"]
    assert doc["small"] == {"shifts": 2, "counted": False, "count": None}


def test_a_small_shift_that_grew_to_five_is_not_shown_alone_after_it_was_in_a_rest(
    small: Plant,
) -> None:
    first(small)
    with small.store.tx() as db:
        db.run(
            "UPDATE slot SET s = :s, added_ms = :now WHERE person IN"
            " (SELECT id FROM person WHERE crew = 'WU')",
            s=small.instance("DING")["s"],
            now=at("09:10"),
        )
    doc = draft(small, LATER).content
    assert [one["group_name"] for one in doc["shifts"]] == ["生产一部丙班", "生产一部甲班"]
    assert doc["small"] == {"shifts": 1, "counted": False, "count": None}


def test_while_their_people_are_the_same_small_shifts_stay_in_the_total(small: Plant) -> None:
    first(small)
    put_on(small, at("09:10"), "JIA")  # anybody counts it in the log
    doc = publish(small, LATER, **WHY)["doc"]
    assert doc["small"]["count"]["n"] == 5
    assert doc["total"]["n"] == 18


def test_the_first_version_can_be_derived_again_as_it_was(small: Plant) -> None:
    found = first(small)
    put_on(small, at("09:10"))
    again = draft(small, NINE).content
    assert again["small"] == found["doc"]["small"]
