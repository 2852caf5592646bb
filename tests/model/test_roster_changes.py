"""Swap and overtime: two rosters or none, nobody at two places at once, pressed once."""

from __future__ import annotations

import pytest

from shiftapp.model import elsewhere, leave, places, records, replan, roster, roster_changes, slots
from shiftapp.model.places import Station
from shiftapp.model.roster import Post
from shiftapp.model.roster_changes import Side
from shiftapp.problems import Problem
from shiftapp.store import Row
from tests.ledger_walk import by_kind, check_ledger
from tests.plant import DUE_MS, HOUR_MS, NOW_MS, PUMPS, TANKS, Plant

NIGHT_OPENS_MS = DUE_MS + 12 * HOUR_MS - 45 * 60_000


def fill(plant: Plant) -> None:
    with plant.store.tx() as db:
        roster.fill_ahead(db, NOW_MS, plant.random)


def swap(plant: Plant, one: Side, other: Side, at_ms: int = NOW_MS) -> bool:
    with plant.store.tx() as db:
        by = plant.id("leader")
        return roster_changes.swap(db, one, other, by=by, now_ms=at_ms, random=plant.random)


AT_TANKS = Post(TANKS, "J09")


def overtime(plant: Plant, part: str, instance: Row, post: Post = AT_TANKS) -> bool:
    with plant.store.tx() as db:
        return roster_changes.overtime(
            db,
            instance,
            plant.id(part),
            post,
            by=plant.id("leader"),
            now_ms=NOW_MS,
            random=plant.random,
        )


def at_hours_of(plant: Plant, moved: Row, as_of: Row) -> Row:
    """Another shift moved to the hours of one, as a plant with two patterns has it."""
    names = ("opens_ms", "starts_ms", "ends_ms", "closed_ms")
    with plant.store.tx() as db:
        db.run(
            "UPDATE instance SET opens_ms = :opens_ms, starts_ms = :starts_ms, ends_ms = :ends_ms,"
            " closed_ms = :closed_ms WHERE id = :id",
            id=moved["id"],
            **{name: as_of[name] for name in names},
        )
    return {**moved, **{name: as_of[name] for name in names}}


def live(plant: Plant, instance: Row) -> dict[str, tuple[str, str | None]]:
    found = roster.rows(plant.store, instance["id"])
    return {r["person"]: (r["how"], r["for_person"]) for r in found if r["ended_ms"] is None}


def sides(plant: Plant) -> tuple[Side, Side]:
    """张三 of today's day shift, and 钱七 of tonight's."""
    fill(plant)
    today, tonight = plant.instance(), plant.instance("YI", code="N")
    return Side(today, plant.id("worker")), Side(tonight, plant.id("outsider"))


def test_a_swap_changes_both_rosters_and_neither_number(plant: Plant) -> None:
    one, other = sides(plant)
    before = [len(live(plant, side.instance)) for side in (one, other)]
    assert swap(plant, one, other)
    today, tonight = live(plant, one.instance), live(plant, other.instance)
    assert today[plant.id("outsider")] == ("swap", plant.id("worker"))
    assert tonight[plant.id("worker")] == ("swap", plant.id("outsider"))
    assert plant.id("worker") not in today and plant.id("outsider") not in tonight
    assert [len(today), len(tonight)] == before
    posts = roster.posts(plant.store, one.instance["id"], plant.id("outsider"))
    assert [(p["station"], p["job"], p["run_required"]) for p in posts] == [(PUMPS, "J02", 1)]
    assert {len(e["del"]) + len(e["add"]) for e in by_kind(plant.store)["chg"][-2:]} == {1}
    check_ledger(plant.store)


def test_a_swap_pressed_twice_is_one_swap(plant: Plant) -> None:
    one, other = sides(plant)
    swap(plant, one, other)
    before = (live(plant, one.instance), live(plant, other.instance), by_kind(plant.store))
    assert not swap(plant, one, other)
    assert not swap(plant, other, one)
    assert (live(plant, one.instance), live(plant, other.instance), by_kind(plant.store)) == before


def test_a_swap_between_shifts_of_the_same_hours_frees_both_first(plant: Plant) -> None:
    one, other = sides(plant)
    at_hours_of(plant, other.instance, one.instance)
    assert swap(plant, one, other)
    assert plant.id("worker") in live(plant, other.instance)


def test_a_swap_that_cannot_be_changes_nothing(plant: Plant) -> None:
    one, other = sides(plant)
    today = one.instance
    cases = [
        (one, Side(other.instance, one.person), NOW_MS, "same_person"),
        (one, Side(today, plant.id("mate")), NOW_MS, "same_shift"),
        (one, Side(other.instance, plant.id("chen")), NOW_MS, "not_on_roster"),
        (Side(today, plant.id("night1")), other, NOW_MS, "not_on_roster"),
        (one, other, today["closed_ms"], "shift_over"),
    ]
    before = (live(plant, today), live(plant, other.instance))
    for left, right, at_ms, code in cases:
        with pytest.raises(Problem) as refused:
            swap(plant, left, right, at_ms)
        assert refused.value.code == code
    assert (live(plant, today), live(plant, other.instance)) == before
    check_ledger(plant.store)


def test_a_swap_into_hours_already_worked_is_refused_whole(plant: Plant) -> None:
    one, other = sides(plant)
    overtime(
        plant, "worker", at_hours_of(plant, plant.instance("BING", "2026-11-26"), other.instance)
    )
    with pytest.raises(Problem) as refused:
        swap(plant, one, other)
    assert refused.value.code == "elsewhere" and refused.value.params["crew"] == "丙班"
    assert plant.id("worker") in live(plant, one.instance)
    assert plant.id("outsider") in live(plant, other.instance)


def test_who_is_on_leave_takes_over_no_post_and_may_still_do_overtime(plant: Plant) -> None:
    one, other = sides(plant)
    day, id, by = other.instance["date"], plant.id("outsider"), plant.id("leader")
    with plant.store.tx() as db:
        leave.take(db, id, day, day, by=by, now_ms=NOW_MS)
    assert overtime(plant, "outsider", other.instance)
    before = [live(plant, side.instance) for side in (one, other)]
    with pytest.raises(Problem) as refused:
        swap(plant, one, other)
    assert (refused.value.status, refused.value.code) == (409, "on_leave")
    with pytest.raises(Problem) as refused, plant.store.tx() as db:
        roster.replace(
            db, one.instance["id"], one.person, id, "swapped",
            by=by, now_ms=NOW_MS, random=plant.random,
        )  # fmt: skip
    assert (refused.value.status, refused.value.code) == (409, "on_leave")
    assert [live(plant, side.instance) for side in (one, other)] == before


def test_overtime_adds_somebody_once_and_tells_the_log(plant: Plant) -> None:
    today = plant.instance()
    assert overtime(plant, "night1", today)
    assert not overtime(plant, "night1", today)
    assert live(plant, today)[plant.id("night1")] == ("overtime", None)
    assert len(by_kind(plant.store)["chg"]) == 1
    assert overtime(plant, "night1", today, Post(PUMPS, "J02"))
    assert len(by_kind(plant.store)["chg"]) == 1  # one slot, however many rows
    check_ledger(plant.store)


def test_staying_on_for_the_next_shift_is_no_overlap(plant: Plant) -> None:
    last_night = plant.instance("BING", "2026-11-23", "N")
    assert last_night["ends_ms"] == plant.instance()["starts_ms"]
    assert plant.id("night1") in live(plant, last_night)
    assert overtime(plant, "night1", plant.instance())


def test_nobody_is_at_two_places_at_once(plant: Plant) -> None:
    other = at_hours_of(plant, plant.instance("YI", code="N"), plant.instance())
    with pytest.raises(Problem) as refused:
        overtime(plant, "worker", other)
    assert (refused.value.status, refused.value.code) == (409, "elsewhere")
    assert refused.value.params == {
        "name": "张三", "crew": "甲班", "date": "2026-11-24", "shift": "白班"
    }  # fmt: skip
    with plant.store.tx() as db:
        roster.end(db, plant.instance()["id"], plant.id("worker"), "mistake", by="x", now_ms=NOW_MS)
    assert overtime(plant, "worker", other)
    with pytest.raises(Problem) as refused, plant.store.tx() as db:
        roster.replace(
            db,
            plant.instance()["id"],
            plant.id("mate"),
            plant.id("worker"),
            "swapped",
            by="x",
            now_ms=NOW_MS,
            random=plant.random,
        )
    assert refused.value.code == "elsewhere"
    assert plant.id("mate") in live(plant, plant.instance())
    with pytest.raises(Problem) as refused, plant.store.tx() as db:
        records.join(
            db,
            plant.instance(),
            plant.id("worker"),
            [Post(PUMPS, "J02")],
            by="x",
            now_ms=NOW_MS,
            random=plant.random,
        )
    assert refused.value.code == "elsewhere"


def test_more_than_a_handover_of_overlap_is_one_and_none_is_none(plant: Plant) -> None:
    other = plant.instance("YI", code="N")
    with plant.store.tx() as db:
        elsewhere.must_be_free(db, other["id"], plant.id("worker"))
        db.run("UPDATE instance SET starts_ms = starts_ms - 1860000 WHERE id = :i", i=other["id"])
        with pytest.raises(Problem):
            elsewhere.must_be_free(db, other["id"], plant.id("worker"))


def test_who_works_overtime_elsewhere_is_not_doubled_by_the_pattern(plant: Plant) -> None:
    later = plant.instance("JIA", "2026-11-28", "D")
    other = at_hours_of(plant, plant.instance("YI", "2026-11-28", "N"), later)
    overtime(plant, "worker", other)
    with plant.store.tx() as db:
        roster.fill_ahead(db, later["opens_ms"] - HOUR_MS, plant.random)
    assert plant.id("worker") not in live(plant, later)
    with plant.store.tx() as db:
        roster.end(db, other["id"], plant.id("worker"), "mistake", by="x", now_ms=NOW_MS)
        roster.fill_ahead(db, later["opens_ms"] - HOUR_MS, plant.random)
    assert plant.id("worker") in live(plant, later)


def test_a_shift_that_is_over_takes_nobody_in(plant: Plant) -> None:
    last_night = plant.instance("BING", "2026-11-23", "N")
    with pytest.raises(Problem) as refused, plant.store.tx() as db:
        roster_changes.overtime(
            db,
            last_night,
            plant.id("outsider"),
            Post(PUMPS, "J02"),
            by="x",
            now_ms=last_night["closed_ms"],
            random=plant.random,
        )
    assert refused.value.code == "shift_over"


# Scope --------------------------------------------------------------------------------------------


def out_of_scope(plant: Plant) -> None:
    with plant.store.tx() as db:
        row = places.station(db, TANKS)
        assert row is not None
        station = Station(TANKS, "V-305", "A2", "碳四罐区", risk="A", scoped=0, jobs=("J09",))
        places.save_station(db, station)


def test_stations_out_of_scope_put_nobody_on_a_roster(plant: Plant) -> None:
    fill(plant)
    following = plant.instance("JIA", "2026-11-25", "N")
    assert plant.id("mate") in live(plant, following)
    out_of_scope(plant)
    fill(plant)
    assert plant.id("mate") not in live(plant, following)
    assert plant.id("worker") in live(plant, following)
    assert len(slots.live_slots(plant.store, bytes(following["s"]))) == 4
    assert plant.id("mate") in live(plant, plant.instance())  # its window is open


def test_a_plant_brought_in_during_a_shift_counts_only_what_is_in_scope(plant: Plant) -> None:
    out_of_scope(plant)
    tonight = plant.instance("YI", code="N")
    with plant.store.tx() as db:
        db.run("UPDATE post SET station = :s, job = 'J09' WHERE person = :p",
               s=TANKS, p=plant.id("outsider"))  # fmt: skip
        db.run("DELETE FROM roster WHERE instance = :i", i=tonight["id"])
        slots.open_due(db, NIGHT_OPENS_MS, 120)
        replan.fill_open(db, NIGHT_OPENS_MS, plant.random)
    assert set(live(plant, tonight)) == {plant.id("other_leader")}


@pytest.mark.parametrize(("minutes", "free"), [(20, True), (30, True), (31, False)])
def test_shifts_may_meet_for_the_handover(plant: Plant, minutes: int, free: bool) -> None:
    """丙班 works until 08:00; a day shift that begins a little earlier has them too."""
    fill(plant)
    night, today = plant.instance("BING", "2026-11-23", "N"), plant.instance()
    with plant.store.tx() as db:
        db.run(
            "UPDATE instance SET starts_ms = :starts WHERE id = :id",
            starts=night["ends_ms"] - minutes * 60_000,
            id=today["id"],
        )
    if free:
        assert overtime(plant, "night1", plant.instance())
    else:
        with pytest.raises(Problem, match="elsewhere"):
            overtime(plant, "night1", plant.instance())
