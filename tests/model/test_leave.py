"""Leave of some days: ahead, while a shift runs, taken back; and what is refused."""

from __future__ import annotations

import pytest

from shiftapp.model import history, leave, people, replan, roster, settings, slots
from shiftapp.model.people import Person, Post
from shiftapp.problems import Problem
from tests.ledger_walk import by_kind, check_ledger
from tests.plant import HOUR_MS, NOW_MS, PUMPS, TANKS, Plant

NEXT = ("JIA", "2026-11-25", "N")
LATER = ("JIA", "2026-11-28", "D")
MINE = {"today": ("JIA", "2026-11-24", "D"), "next": NEXT, "later": LATER}


def fill(plant: Plant, at_ms: int = NOW_MS) -> None:
    with plant.store.tx() as db:
        roster.fill_ahead(db, at_ms, plant.random)


def take(plant: Plant, first: str, last: str, part: str = "worker", at_ms: int = NOW_MS) -> bool:
    with plant.store.tx() as db:
        by = plant.id("leader")
        return leave.take(db, plant.id(part), first, last, by=by, now_ms=at_ms)


def give_back(plant: Plant, at_ms: int = NOW_MS, number: int = 0) -> bool:
    id = leave.of_person(plant.store, plant.id("worker"), "2026-01-01")[number]["id"]
    with plant.store.tx() as db:
        by = plant.id("leader")
        return leave.take_back(db, id, by=by, now_ms=at_ms, random=plant.random)


def rows(plant: Plant, which: str, part: str = "worker") -> list[tuple[str, str | None]]:
    """How each row of somebody came, and why it ended."""
    found = roster.rows(plant.store, plant.instance(*MINE[which])["id"])
    return [(r["how"], r["ended_why"]) for r in found if r["person"] == plant.id(part)]


def n(plant: Plant, which: str) -> int:
    return len(slots.live_slots(plant.store, bytes(plant.instance(*MINE[which])["s"])))


def state(plant: Plant, which: str, at_ms: int) -> str | None:
    return history.state_of(plant.store, plant.instance(*MINE[which]), plant.id("worker"), at_ms)


def test_leave_ahead_is_on_the_roster_when_it_is_filled_and_not_in_n(plant: Plant) -> None:
    take(plant, "2026-11-28", "2026-11-30")
    later = plant.instance(*LATER)
    at_ms = later["opens_ms"] - HOUR_MS
    fill(plant, at_ms)
    assert rows(plant, "later") == [("pattern", "leave")]
    assert state(plant, "later", at_ms) == "excused" and n(plant, "later") == 5
    fill(plant, at_ms)
    assert rows(plant, "later") == [("pattern", "leave")]
    with plant.store.tx() as db:
        slots.open_due(db, later["opens_ms"], 120)
    assert by_kind(plant.store)["open"][-1]["n"] == 5
    check_ledger(plant.store)


def test_leave_covers_the_shifts_that_start_on_its_days_and_no_others(plant: Plant) -> None:
    fill(plant)
    take(plant, "2026-11-25", "2026-11-25")
    assert rows(plant, "today") == [("pattern", None)]
    assert rows(plant, "next") == [("pattern", "leave")]
    take(plant, "2026-11-26", "2026-11-27")
    fill(plant, plant.instance(*LATER)["opens_ms"] - HOUR_MS)
    assert rows(plant, "later") == [("pattern", None)]


def test_leave_of_a_shift_that_runs_is_a_change_for_everybody_to_see(plant: Plant) -> None:
    before = len(by_kind(plant.store)["chg"])
    take(plant, "2026-11-24", "2026-11-24")
    assert rows(plant, "today") == [("pattern", "leave")] and n(plant, "today") == 5
    changes = by_kind(plant.store)["chg"]
    assert len(changes) == before + 1 and len(changes[-1]["del"]) == 1
    assert state(plant, "today", NOW_MS - 1) == "expected"
    assert state(plant, "today", NOW_MS) == "excused"
    check_ledger(plant.store)


def test_a_shift_that_is_over_is_left_as_it_was(plant: Plant) -> None:
    closed_ms = plant.instance()["closed_ms"]
    take(plant, "2026-11-24", "2026-11-24", at_ms=closed_ms)
    assert rows(plant, "today") == [("pattern", None)]


def test_taken_back_before_the_window_it_is_as_if_nothing_had_been(plant: Plant) -> None:
    fill(plant)
    take(plant, "2026-11-25", "2026-11-25")
    assert give_back(plant, NOW_MS + 1)
    assert rows(plant, "next") == [("pattern", None)] and n(plant, "next") == 6
    fill(plant)
    assert rows(plant, "next") == [("pattern", None)]
    check_ledger(plant.store)


def test_taken_back_after_the_window_opened_it_stays_visible(plant: Plant) -> None:
    take(plant, "2026-11-24", "2026-11-24")
    give_back(plant, NOW_MS + 60_000)
    assert rows(plant, "today") == [("pattern", "leave"), ("pattern", None)]
    assert state(plant, "today", NOW_MS) == "excused"
    assert state(plant, "today", NOW_MS + 60_000) == "expected" and n(plant, "today") == 6
    check_ledger(plant.store)


def test_taken_back_twice_is_taken_back_once(plant: Plant) -> None:
    fill(plant)
    take(plant, "2026-11-25", "2026-11-25")
    id = leave.of_person(plant.store, plant.id("worker"), "2026-01-01")[0]["id"]
    give_back(plant)
    with plant.store.tx() as db:
        again = leave.take_back(db, id, by="x", now_ms=NOW_MS, random=plant.random)
    assert not again and leave.of_person(plant.store, plant.id("worker"), "2026-01-01") == []
    with pytest.raises(Problem) as refused, plant.store.tx() as db:
        leave.take_back(db, 0, by="x", now_ms=NOW_MS, random=plant.random)
    assert refused.value.code == "no_leave"


def test_one_shift_s_leave_by_the_leader_is_not_undone_by_another_leave(plant: Plant) -> None:
    instance = plant.instance()["id"]
    with plant.store.tx() as db:
        roster.end(db, instance, plant.id("worker"), "leave", by="x", now_ms=NOW_MS - 1)
    take(plant, "2026-11-24", "2026-11-26")
    give_back(plant, NOW_MS + 1)
    assert rows(plant, "today") == [("pattern", "leave")]


def test_who_left_the_plant_meanwhile_is_not_put_back(plant: Plant) -> None:
    fill(plant)
    take(plant, "2026-11-25", "2026-11-25")
    with plant.store.tx() as db:
        gone = Person(plant.id("worker"), "1001", "张三", crew="JIA", active=0)
        people.save_person(db, gone, NOW_MS)
    give_back(plant)
    assert rows(plant, "next") == [("pattern", "leave")]


def test_who_comes_back_while_working_elsewhere_is_told_where(plant: Plant) -> None:
    fill(plant)
    take(plant, "2026-11-24", "2026-11-24")
    with plant.store.tx() as db:
        shift = plant.instance("YI", code="N")
        db.run("UPDATE instance SET starts_ms = starts_ms - 1860000 WHERE id = :i", i=shift["id"])
        roster.add(
            db,
            shift["id"],
            plant.id("worker"),
            [roster.Post(PUMPS, "J02")],
            how="overtime",
            by="x",
            now_ms=NOW_MS,
            random=plant.random,
        )
    with pytest.raises(Problem) as refused:
        give_back(plant)
    assert (refused.value.status, refused.value.code) == (409, "elsewhere")
    assert refused.value.params["crew"] == "乙班" and refused.value.params["shift"] == "夜班"


def test_the_same_leave_twice_is_one_and_an_overlap_is_refused(plant: Plant) -> None:
    assert take(plant, "2026-11-25", "2026-11-27")
    assert not take(plant, "2026-11-25", "2026-11-27")
    for first, last in (
        ("2026-11-27", "2026-11-30"),
        ("2026-11-24", "2026-11-25"),
        ("2026-11-26", "2026-11-26"),
        ("2026-11-24", "2026-12-24"),
    ):
        with pytest.raises(Problem) as refused:
            take(plant, first, last)
        assert (refused.value.status, refused.value.code) == (409, "leave_overlaps")
        assert refused.value.params["first"] == "2026-11-25"
    assert take(plant, "2026-11-28", "2026-11-28")
    assert take(plant, "2026-11-26", "2026-11-26", "mate")


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2026-11-25", "2026-11-24", "bad_days"),
        ("2026-11-31", "2026-12-01", "bad_days"),
        ("", "", "bad_days"),
        ("2026-11-25", "明天", "bad_days"),
        ("20261125", "20261126", "bad_days"),
        ("2026-W48-3", "2026-W48-4", "bad_days"),
        ("2026-11-22", "2026-11-25", "past_days"),
        ("2026-11-25", "2027-11-26", "too_many_days"),
        ("2026-11-25", "9999-12-31", "too_many_days"),
    ],
)
def test_days_that_cannot_be_meant_are_refused(
    plant: Plant, first: str, last: str, code: str
) -> None:
    with pytest.raises(Problem) as refused:
        take(plant, first, last)
    assert (refused.value.status, refused.value.code) == (422, code)
    assert leave.of_crew(plant.store, "JIA", "2000-01-01") == []


def test_yesterday_and_a_whole_leap_year_are_still_good(plant: Plant) -> None:
    assert take(plant, "2026-11-23", "2026-11-23")
    assert take(plant, "2026-11-25", "2027-11-25")


def test_a_stand_in_of_somebody_on_leave_goes_on_leave_alone(plant: Plant) -> None:
    instance = plant.instance()["id"]
    with plant.store.tx() as db:
        roster.replace(
            db,
            instance,
            plant.id("mate"),
            plant.id("outsider"),
            "swapped",
            by="x",
            now_ms=NOW_MS,
            random=plant.random,
        )
    take(plant, "2026-11-24", "2026-11-24", "outsider")
    assert rows(plant, "today", "outsider") == [("standin", "leave")]
    id = leave.of_person(plant.store, plant.id("outsider"), "2026-01-01")[0]["id"]
    with plant.store.tx() as db:
        leave.take_back(db, id, by="x", now_ms=NOW_MS + 1, random=plant.random)
    found = roster.rows(plant.store, instance)[-1]
    assert (found["how"], found["for_person"]) == ("standin", plant.id("mate"))


def test_a_new_post_of_somebody_on_leave_is_on_leave_too(plant: Plant) -> None:
    fill(plant)
    take(plant, "2026-11-25", "2026-11-25")
    with plant.store.tx() as db:
        posts = (Post(PUMPS, "J02"), Post(TANKS, "J09"))
        moved = Person(plant.id("worker"), "1001", "张三", crew="JIA", posts=posts)
        people.save_person(db, moved, NOW_MS)
    fill(plant)
    assert rows(plant, "next") == [("pattern", "leave"), ("pattern", "leave")]


def test_leave_keeps_no_wrong_shift_alive_when_the_pattern_changes(plant: Plant) -> None:
    fill(plant)
    take(plant, "2026-11-25", "2026-11-25")
    with plant.store.tx() as db:
        replan.plan_again(db, settings.get(db), ["JIA"], NOW_MS, plant.random)
    assert rows(plant, "next") == [("pattern", "leave")] and n(plant, "next") == 5
    with plant.store.tx() as db:
        roster.end(
            db, plant.instance(*NEXT)["id"], plant.id("mate"), "leave", by="x", now_ms=NOW_MS
        )
        assert replan.forget_ahead(db, "JIA", NOW_MS) > 0
    assert rows(plant, "next", "mate") == [("pattern", "leave")]  # a leader's word is not lost


def test_the_leave_of_a_crew_is_listed_until_it_is_over(plant: Plant) -> None:
    take(plant, "2026-11-25", "2026-11-26")
    take(plant, "2026-11-24", "2026-11-24", "mate")
    names = [row["name"] for row in leave.of_crew(plant.store, "JIA", "2026-11-24")]
    assert names == ["李四", "张三"]
    assert [row["maker_name"] for row in leave.of_crew(plant.store, "JIA", "2026-11-26")] == [
        "王五"
    ]
    assert leave.of_crew(plant.store, "YI", "2026-11-24") == []


def test_a_plant_brought_in_during_a_shift_knows_who_is_on_leave(plant: Plant) -> None:
    tonight = plant.instance("YI", code="N")
    take(plant, "2026-11-24", "2026-11-24", "outsider")
    with plant.store.tx() as db:
        db.run("DELETE FROM roster WHERE instance = :i", i=tonight["id"])
        assert replan.fill_open(db, tonight["opens_ms"], plant.random) == 2
    found = roster.rows(plant.store, tonight["id"])
    why = {row["person"]: row["ended_why"] for row in found}
    assert why == {plant.id("outsider"): "leave", plant.id("other_leader"): None}
