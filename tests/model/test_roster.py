"""The roster: filled from posts, changed by leaders, never rewritten once a window is open."""

from __future__ import annotations

import pytest

from shiftapp.model import people, replan, roster, roster_plan, settings, slots
from shiftapp.model.people import Person
from shiftapp.model.roster import Post
from shiftapp.problems import Problem
from tests.ledger_walk import check_ledger, entries_of
from tests.plant import DUE_MS, MADE_MS, NOW_MS, PUMPS, TANKS, Plant

NEXT = ("JIA", "2026-11-25", "N")


def fill(plant: Plant, at_ms: int = NOW_MS) -> int:
    with plant.store.tx() as db:
        return roster.fill_ahead(db, at_ms, plant.random)


def on(plant: Plant, instance: int) -> set[tuple[str, str, str]]:
    rows = roster.rows(plant.store, instance)
    return {(r["person"], r["station"], r["job"]) for r in rows if r["ended_ms"] is None}


def test_everybody_of_the_crew_is_expected_where_they_ordinarily_work(plant: Plant) -> None:
    instance = plant.instance()["id"]
    found = on(plant, instance)
    assert len(found) == 6
    assert (plant.id("worker"), PUMPS, "J02") in found
    (leader,) = roster.posts(plant.store, instance, plant.id("leader"))
    assert leader["run_required"] == 0


def test_filling_again_changes_nothing(plant: Plant) -> None:
    fill(plant)
    before = on(plant, plant.instance(*NEXT)["id"])
    assert fill(plant) == 0
    assert on(plant, plant.instance(*NEXT)["id"]) == before


def test_what_a_clock_that_was_ahead_made_public_is_neither_filled_again_nor_forgotten(
    plant: Plant,
) -> None:
    fill(plant)
    instance = plant.instance(*NEXT)
    with plant.store.tx() as db:
        slots.open_series(db, bytes(instance["s"]), instance["opens_ms"], 120)
        for part, no, crew in (("worker", "1001", "YI"), ("outsider", "2001", "JIA")):
            posts = (people.Post(PUMPS, "J02"),)
            moved = Person(plant.id(part), no, part, crew=crew, posts=posts)
            people.save_person(db, moved, NOW_MS)
    before = on(plant, instance["id"])
    fill(plant)
    with plant.store.tx() as db:
        replan.plan_again(db, settings.get(db), ["JIA"], NOW_MS, plant.random)
        public = (instance["crew"], instance["date"], instance["code"])
        with pytest.raises(Problem) as raised:  # a workbook
            roster_plan.made(db, settings.get(db), *public, NOW_MS, plant.random)
    assert raised.value.code == "window_open"
    ahead = roster_plan.ahead(plant.store, NOW_MS, "2026-12-31")
    assert ahead and instance["id"] not in {row["id"] for row in ahead}
    assert plant.instance(*NEXT)["id"] == instance["id"]
    assert on(plant, instance["id"]) == before
    assert len(slots.live_slots(plant.store, bytes(instance["s"]))) == 6


def test_a_new_post_and_who_left_are_followed_until_the_window_opens(plant: Plant) -> None:
    fill(plant)
    instance, today = plant.instance(*NEXT), plant.instance()
    before = on(plant, today["id"])
    with plant.store.tx() as db:
        moved = Person(
            plant.id("worker"), "1001", "张三", crew="JIA", posts=(people.Post(TANKS, "J09"),)
        )
        people.save_person(db, moved, NOW_MS)
        people.save_person(
            db, Person(plant.id("lin"), "1004", "林二", crew="JIA", active=0), NOW_MS
        )
    assert fill(plant) == 3  # one row made, two taken back
    found = on(plant, instance["id"])
    assert (plant.id("worker"), TANKS, "J09") in found
    assert {person for person, _, _ in found}.isdisjoint({plant.id("lin")})
    assert on(plant, today["id"]) == before  # its window is open
    assert len(slots.live_slots(plant.store, bytes(instance["s"]))) == 5
    with plant.store.tx() as db:
        slots.open_due(db, instance["opens_ms"], 120)
    check_ledger(plant.store)


def test_what_a_leader_changed_ahead_stays(plant: Plant) -> None:
    fill(plant)
    instance = plant.instance(*NEXT)["id"]
    with plant.store.tx() as db:
        roster.end(db, instance, plant.id("worker"), "leave", by="x", now_ms=NOW_MS)
        roster.add(
            db,
            instance,
            plant.id("outsider"),
            [Post(PUMPS, "J02")],
            how="added",
            by="x",
            now_ms=NOW_MS,
            random=plant.random,
        )
    before = on(plant, instance)
    assert fill(plant) == 0
    assert on(plant, instance) == before


def test_nothing_is_filled_too_early(plant: Plant) -> None:
    later = plant.instance("JIA", "2026-11-28", "D")
    fill(plant)
    assert on(plant, later["id"]) == set()
    fill(plant, later["opens_ms"] - roster.FILL_AHEAD_MS)
    assert len(on(plant, later["id"])) == 6


def test_ending_somebody_tells_why_and_leaves_the_row(plant: Plant) -> None:
    instance = plant.instance()["id"]
    with plant.store.tx() as db:
        roster.end(db, instance, plant.id("worker"), "leave", by="王五", now_ms=NOW_MS)
    (row,) = [r for r in roster.rows(plant.store, instance) if r["person"] == plant.id("worker")]
    assert (row["ended_ms"], row["ended_why"], row["ended_by"]) == (NOW_MS, "leave", "王五")
    check_ledger(plant.store)


def test_nobody_is_ended_twice_or_where_they_are_not(plant: Plant) -> None:
    instance = plant.instance()["id"]
    (row,) = [r for r in roster.rows(plant.store, instance) if r["person"] == plant.id("worker")]
    with plant.store.tx() as db:
        roster.end(db, instance, plant.id("worker"), "leave", by="x", now_ms=NOW_MS)
        for person in ("worker", "outsider"):
            with pytest.raises(Problem) as refused:
                roster.end(db, instance, plant.id(person), "leave", by="x", now_ms=NOW_MS)
            assert refused.value.code == "not_on_roster"
        for number, where in ((row["id"], instance), (row["id"], instance + 1), (0, instance)):
            with pytest.raises(Problem) as refused:
                roster.end_row(db, where, number, "leave", by="x", now_ms=NOW_MS)
            assert refused.value.code == "not_on_roster"


def test_a_stand_in_takes_over_every_row(plant: Plant) -> None:
    instance = plant.instance()["id"]
    with plant.store.tx() as db:
        roster.add(
            db,
            instance,
            plant.id("worker"),
            [Post(TANKS, "J09", False)],
            how="added",
            by="x",
            now_ms=NOW_MS,
            random=plant.random,
        )
        roster.replace(
            db,
            instance,
            plant.id("worker"),
            plant.id("outsider"),
            "replaced",
            by="x",
            now_ms=NOW_MS,
            random=plant.random,
        )
    rows = roster.posts(plant.store, instance, plant.id("outsider"))
    assert [(r["station"], r["job"], r["run_required"]) for r in rows] == [
        (PUMPS, "J02", 1),
        (TANKS, "J09", 0),
    ]
    assert roster.posts(plant.store, instance, plant.id("worker")) == []
    told = entries_of(plant.store)[-2:]
    assert [len(entry["del"]) for entry in told] == [1, 0]
    check_ledger(plant.store)


def test_nobody_stands_in_for_themselves(plant: Plant) -> None:
    with pytest.raises(Problem) as refused, plant.store.tx() as db:
        roster.replace(
            db,
            plant.instance()["id"],
            plant.id("worker"),
            plant.id("worker"),
            "replaced",
            by="x",
            now_ms=NOW_MS,
            random=plant.random,
        )
    assert refused.value.code == "same_person"
    assert MADE_MS < NOW_MS < DUE_MS
