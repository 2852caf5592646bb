"""n of m on time: counted from the public entries, and a second time from the board's side."""

from __future__ import annotations

import random

import pytest

from shiftapp.model import counts, period_counts, records, roster, shifts, slots
from shiftapp.model.counts import Count, Part
from tests.announcing import (
    DAY,
    NIGHT,
    NIGHT_SHIFT,
    add_crew,
    at,
    commit,
    commit_offline,
    draft,
    shift_of,
)
from tests.plant import NOW_MS, PUMPS, TODAY, Plant
from tests.sealing import deliver, run_body


def part(plant: Plant, now_ms: int, crew: str = "JIA", date: str = TODAY, code: str = "D") -> Part:
    found = counts.parts(plant.store, [plant.instance(crew, date, code)], now_ms)
    assert len(found) == 1
    return found[0]


def test_nobody_has_committed_yet(plant: Plant) -> None:
    found = part(plant, NOW_MS)
    assert found.count == found.check == Count(n=6, none=6)
    assert found.in_log


def test_the_slots_of_a_shift_are_found_whatever_the_history(plant: Plant) -> None:
    """Without an index over ended ones too, each shift would read every slot there ever was."""
    found = (
        " SELECT u FROM slot WHERE s = :s AND added_ms <= :now"
        " AND (ended_ms IS NULL OR ended_ms > :now) ORDER BY u"
    )
    with plant.store.tx() as db:
        if plant.store.engine == "sqlite":
            how = "EXPLAIN QUERY PLAN"
        else:
            how = "EXPLAIN"
            db.run("SET LOCAL enable_seqscan = off")  # a small table is rightly read whole
        plan = db.rows(how + found, s=plant.instance()["s"], now=NOW_MS)
    assert "slot_s" in str(plan)


def test_the_four_ways_sum_to_n(plant: Plant) -> None:
    commit(plant, "worker", at("07:45"))
    commit(plant, "mate", at("08:03"))
    commit_offline(plant, "chen", at("07:50"), at("08:30"))
    found = part(plant, at("09:00"))
    assert found.count == found.check == Count(n=6, on=1, off=1, late=1, none=3)


def test_a_commitment_at_due_is_late(plant: Plant) -> None:
    commit(plant, "worker", at("08:00"))
    assert part(plant, at("09:00")).count == Count(n=6, late=1, none=5)


def test_an_offline_one_that_cannot_be_shown_is_late(plant: Plant) -> None:
    body_time = at("07:50")
    commit(plant, "worker", body_time)  # shown
    commit(
        plant,
        "mate",
        at("08:30"),
        time={
            "started_ms": body_time - 60_000,
            "sealed_ms": body_time,
            "token": None,
            "token_wall_ms": None,
            "mono_ms": None,
        },
    )
    found = part(plant, at("09:00"))
    assert found.count == found.check == Count(n=6, on=1, late=1, none=4)


def test_the_best_of_several_counts_once(plant: Plant) -> None:
    commit(plant, "worker", at("08:20"))
    commit_offline(plant, "worker", at("07:41"), at("08:45"))
    found = part(plant, at("09:00"))
    assert found.count == found.check == Count(n=6, off=1, none=5)


def test_a_run_is_no_commitment(plant: Plant) -> None:
    deliver(plant, run_body(plant, "worker", at("07:45")), at_ms=at("07:45"))
    assert part(plant, at("09:00")).count.none == 6


def test_not_fit_is_no_commitment_and_stays_in_n(plant: Plant) -> None:
    commit(plant, "worker", at("07:45"), bad="fit")
    found = part(plant, at("09:00"))
    assert found.count == found.check == Count(n=6, none=6)


def test_leave_entered_after_the_window_opened_leaves_n(plant: Plant) -> None:
    commit(plant, "worker", at("07:45"))
    instance = plant.instance()
    with plant.store.tx() as db:
        roster.end(
            db,
            instance["id"],
            plant.id("worker"),
            "leave",
            by=plant.id("leader"),
            now_ms=at("07:50"),
        )
    found = part(plant, at("09:00"))
    assert found.count == found.check == Count(n=5, none=5)
    assert part(plant, at("07:49")).count == Count(n=6, on=1, none=5)  # as it was known then


@pytest.mark.parametrize(("added", "expected"), [("07:55", "on"), ("08:10", "late")])
def test_a_person_the_leader_adds_counts_by_the_place_of_the_entry(
    plant: Plant, added: str, expected: str
) -> None:
    commit(plant, "outsider", at("07:50"), shift=shift_of("JIA"))
    assert part(plant, at("07:52")).count == Count(n=6, none=6)  # not on the roster
    with plant.store.tx() as db:
        records.join(
            db,
            plant.instance(),
            plant.id("outsider"),
            [roster.Post(PUMPS, "J02")],
            by=plant.id("leader"),
            now_ms=at(added),
            random=plant.random,
        )
    found = part(plant, at("09:00"))
    assert found.count == found.check == Count(**{"n": 7, expected: 1, "none": 6})


def test_a_group_under_five_is_counted_from_the_tables(plant: Plant) -> None:
    small = add_crew(plant, "DING", 3)
    with plant.store.tx() as db:
        slots.open_due(db, NOW_MS, 120)
    commit(plant, small[0], at("07:45"), shift=shift_of("DING"))
    commit(plant, small[1], at("08:05"), shift=shift_of("DING"))
    found = part(plant, at("09:00"), "DING")
    assert not found.in_log
    assert found.count == found.check == Count(n=3, on=1, late=1, none=1)


def test_two_crews_of_a_group_are_one_part(plant: Plant) -> None:
    first, second = add_crew(plant, "WU", 3, "G-X"), add_crew(plant, "JI", 2, "G-X")
    with plant.store.tx() as db:
        slots.open_due(db, NOW_MS, 120)
    commit(plant, first[0], at("07:45"), shift=shift_of("WU"))
    commit(plant, second[0], at("08:45"), shift=shift_of("JI"))
    both = [plant.instance("WU"), plant.instance("JI")]
    found = counts.parts(plant.store, both, at("09:00"))
    assert len(found) == 1
    assert found[0].in_log  # five together
    assert found[0].count == found[0].check == Count(n=5, on=1, late=1, none=3)


def test_last_nights_shift_is_in_and_yesterdays_day_shift_is_not(plant: Plant) -> None:
    commit(plant, NIGHT[0], at("19:50", "2026-11-23"), shift=NIGHT_SHIFT)
    found = draft(plant, at("09:05")).figures.parts
    assert [(p.about["crew"], p.about["code"]) for p in found] == [("BING", "N"), ("JIA", "D")]
    assert found[0].count == Count(n=6, on=1, none=5)


@pytest.mark.parametrize(
    ("start", "inside"), [("08:59", True), ("09:00", False), ("-24h", True), ("-24h-1", False)]
)
def test_a_shift_counts_from_cutoff_minus_24_h_to_before_cutoff(
    plant: Plant, start: str, inside: bool
) -> None:
    cutoff = at("09:00")
    starts = {
        "08:59": cutoff - 60_000,
        "09:00": cutoff,
        "-24h": cutoff - 24 * 3_600_000,
        "-24h-1": cutoff - 24 * 3_600_000 - 1,
    }[start]
    with plant.store.tx() as db:
        db.run(
            "UPDATE instance SET starts_ms = :s, opens_ms = :s WHERE id = :i",
            s=starts,
            i=plant.instance()["id"],
        )
    crews = [p.about["crew"] for p in draft(plant, at("09:30")).figures.parts]
    assert ("JIA" in crews) == inside


def test_the_sources_name_each_commitment_and_who_has_none(plant: Plant) -> None:
    commit(plant, "worker", at("07:45"))
    found = part(plant, at("09:00"))
    assert [row["name"] for row in counts.sources(plant.store, found)] == ["张三"]
    missing = {person.person for person in counts.without_commitment(found)}
    assert missing == {plant.id(one) for one in DAY if one != "worker"}


@pytest.mark.parametrize("seed", range(6))
def test_on_late_offline_and_none_always_sum_to_n_and_both_ways_agree(
    plant: Plant, seed: int
) -> None:
    chance = random.Random(seed)
    people = [*DAY, "outsider"]
    instance = plant.instance()
    for minute in range(0, 90, 6):
        now = at("07:16") + minute * 60_000
        who = chance.choice(people)
        event = chance.choice(["commit", "commit", "offline", "bad", "unfit", "leave", "add"])
        _happen(plant, instance["id"], event, who, now, chance)
        found = part(plant, now + 1)
        c = found.count
        assert c.on + c.off + c.late + c.none == c.n
        assert min(c.on, c.off, c.late, c.none) >= 0
        assert found.count == found.check, (seed, minute, event, who)
        added, ended = counts.put_on(found, now + 1), counts.taken_off(found, now + 1)
        assert c.n == 6 + len(added) - len(ended)  # nobody comes or goes unseen
        assert counts.opened(found, now + 1) == 6
        (share,) = period_counts.shares(plant.store, [plant.instance()], now + 1)
        assert (share.count, share.check, share.people) == (c, c, found.people)
        assert share.opened == 6
        assert share.put_on == {person.person for person in added}
        assert share.taken_off == {person.person for person in ended}
    published = draft(plant, at("09:00")).figures.published
    held = (*published.shown, *(published.small if published.counted else ()))
    assert published.total == sum((one.count for one in held), Count())


def test_who_comes_and_goes_after_the_window_opened_is_told(plant: Plant) -> None:
    instance, leader = plant.instance()["id"], plant.id("leader")
    with plant.store.tx() as db:
        roster.end(db, instance, plant.id("mate"), "leave", by=leader, now_ms=at("07:50"))
        roster.replace(
            db,
            instance,
            plant.id("chen"),
            plant.id("outsider"),
            "swapped",
            by=leader,
            now_ms=at("07:51"),
            random=plant.random,
        )
    found = part(plant, at("09:00"))
    assert [p.person for p in counts.put_on(found, at("09:00"))] == [plant.id("outsider")]
    ended = {p.person for p in counts.taken_off(found, at("09:00"))}
    assert ended == {plant.id("mate"), plant.id("chen")}
    before = part(plant, at("07:45"))
    assert counts.put_on(before, at("07:45")) == counts.taken_off(before, at("07:45")) == []


def test_who_is_taken_off_and_comes_back_has_not_changed_the_roster(plant: Plant) -> None:
    instance, leader, me = plant.instance()["id"], plant.id("leader"), plant.id("mate")
    with plant.store.tx() as db:
        roster.end(db, instance, me, "mistake", by=leader, now_ms=at("07:50"))
        wanted = [roster.Post(PUMPS, "J02")]
        again_ms, random = at("07:55"), plant.random
        roster.add(db, instance, me, wanted, how="added", by=leader, now_ms=again_ms, random=random)
    found = part(plant, at("09:00"))
    assert counts.put_on(found, at("09:00")) == counts.taken_off(found, at("09:00")) == []


def _happen(
    plant: Plant, instance: int, event: str, who: str, now: int, chance: random.Random
) -> None:
    """One thing that may come to pass in a shift; a leave is given once and stays."""
    shift = {"shift": shift_of("JIA")}
    if event == "commit":
        commit(plant, who, now, **shift)
    elif event == "offline" and who != "outsider":
        commit_offline(plant, who, now - chance.randrange(60) * 60_000, now)
    elif event == "bad":
        commit(plant, who, now, bad="ppe", **shift)
    elif event == "unfit":
        commit(plant, who, now, bad="fit", **shift)
    elif event == "leave" and roster.posts(plant.store, instance, plant.id(who)):
        with plant.store.tx() as db:
            roster.end(db, instance, plant.id(who), "leave", by=plant.id("leader"), now_ms=now)
    elif event == "add" and who == "outsider":
        found = shifts.by_id(plant.store, instance)
        assert found is not None
        with plant.store.tx() as db:
            records.join(
                db,
                found,
                plant.id(who),
                [roster.Post(PUMPS, "J02")],
                by=plant.id("leader"),
                now_ms=now,
                random=plant.random,
            )
