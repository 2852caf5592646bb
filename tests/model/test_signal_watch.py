"""What is noticed in the records of the cast, in whatever order they arrive."""

from __future__ import annotations

import itertools
import json

import pytest

from shiftapp.model import clockwork, counters, signal_watch, signals
from shiftapp.model.signal_watch import SETTLED_MS
from tests.plant import NOW_MS, Plant
from tests.sealing import Body, b64u, base_body, commit_body, deliver, run_body
from tests.signalling import MINUTE_MS, held, hurried, notice, noticed, paced, rows, tablet


def thresholds(plant: Plant, **values: int) -> None:
    """The site's own thresholds from now on."""
    with plant.store.tx() as db:
        db.run("UPDATE site SET signals = :s WHERE code = 'YC'", s=json.dumps(values))


def leader_entry(plant: Plant, body: Body) -> Body:
    """The same, entered by the leader: a proxy."""
    sid = base_body(plant, "leader", "run", NOW_MS)["who"]["ev"]["sid"]
    evidence = {"k": "leader", "person": plant.id("leader"), "sid": sid, "why": "no_phone"}
    return {**body, "who": {"person": body["who"]["person"], "ev": evidence}}


# Fast --------------------------------------------------------------------------------------------


def test_a_run_quicker_than_its_text_signals_to_its_person(plant: Plant) -> None:
    body = hurried(plant, "worker")
    assert noticed(plant, body) == {("fast", body["id"])}
    (row,) = rows(plant)
    assert (row["person"], row["crew"]) == (plant.id("worker"), "JIA")
    assert row["instance"] == plant.instance()["id"]
    assert (row["at_ms"], row["shown_ms"], row["looked_ms"]) == (NOW_MS + SETTLED_MS, None, None)
    assert json.loads(row["figures"])["took_ms"] == 300 * json.loads(row["figures"])["quick"]


def test_an_ordinary_run_and_a_commitment_signal_nothing(plant: Plant) -> None:
    assert noticed(plant, run_body(plant, "worker"), commit_body(plant, "mate")) == set()


def test_a_record_without_times_signals_nothing(plant: Plant) -> None:
    body = run_body(plant, "worker")
    for step in body["steps"]:
        step["from_ms"] = step["to_ms"] = 0
    assert noticed(plant, body) == set()


def test_what_the_server_sealed_never_signals(plant: Plant) -> None:
    body = {**hurried(plant, "worker"), "dev": None, "seq": None, "prev": None}
    assert noticed(plant, body) == set()


def test_a_proxy_never_signals(plant: Plant) -> None:
    device, _ = plant.device("leader")
    body = {**leader_entry(plant, hurried(plant, "worker")), "dev": device}
    assert noticed(plant, body) == set()
    assert plant.store.value("SELECT proxy FROM record WHERE id = :id", id=body["id"]) == 1


def test_a_version_that_is_not_ours_is_measured_by_nothing(plant: Plant) -> None:
    body = hurried(plant, "worker", checklist={"no": 9, "sha": b64u(b"9" * 32)})
    assert noticed(plant, body) == set()


def test_a_record_that_counts_for_nobody_is_left_alone(plant: Plant) -> None:
    nowhere = {"date": "2026-11-24", "code": "D", "crew": "NONE"}
    assert noticed(plant, hurried(plant, "worker", shift=nowhere)) == set()


# Same rhythm -------------------------------------------------------------------------------------


def test_the_rhythm_of_the_last_run_signals(plant: Plant) -> None:
    first, second = paced(plant, "worker"), paced(plant, "worker", NOW_MS + MINUTE_MS, by=50)
    assert noticed(plant, first, second) == {("same_rhythm", second["id"])}


def test_another_persons_rhythm_is_nobodys_business(plant: Plant) -> None:
    assert noticed(plant, paced(plant, "worker"), paced(plant, "chen", NOW_MS + 1)) == set()


def test_another_figure_on_the_gauge_is_enough(plant: Plant) -> None:
    first, second = paced(plant, "worker"), paced(plant, "worker", NOW_MS + MINUTE_MS)
    reading = next(one for one in second["steps"] if "value" in one)
    reading["value"] = "4"
    assert noticed(plant, first, second) == set()


def test_an_entry_by_the_leader_in_between_is_not_the_last_run(plant: Plant) -> None:
    between = leader_entry(plant, paced(plant, "worker", NOW_MS + 1, by=2000))
    first, second = paced(plant, "worker"), paced(plant, "worker", NOW_MS + 2)
    assert noticed(plant, first, between, second) == {("same_rhythm", second["id"])}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("each", [True, False], ids=["looked at each time", "looked at once"])
def test_the_order_of_arrival_does_not_matter(
    plant: Plant, order: tuple[int, ...], each: bool
) -> None:
    """The second run has another rhythm, the third that of the first: nothing is the same as the
    last time. The first two alone, or the last two, say nothing; the first and the third would."""
    made = [paced(plant, "worker", NOW_MS + n * MINUTE_MS, by=900 * (n == 1)) for n in range(3)]
    for n in order:
        deliver(plant, made[n])
        if each:
            notice(plant)
    notice(plant)
    assert held(plant) == set()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_run_that_comes_late_signals_where_it_stands(
    plant: Plant, order: tuple[int, ...]
) -> None:
    made = [paced(plant, "worker", NOW_MS + n * MINUTE_MS, by=900 * (n == 0)) for n in range(3)]
    for n in order:
        noticed(plant, made[n])
    assert held(plant) == {("same_rhythm", made[2]["id"])}


def test_what_somebody_has_seen_is_not_taken_back(plant: Plant) -> None:
    first, third = paced(plant, "worker"), paced(plant, "worker", NOW_MS + 2)
    noticed(plant, first, third)
    with plant.store.tx() as db:
        signals.show_to(db, plant.id("worker"), NOW_MS)
    second = paced(plant, "worker", NOW_MS + 1, by=900)
    assert noticed(plant, second) == {("same_rhythm", third["id"])}


# Bursts ------------------------------------------------------------------------------------------

FOUR = ("worker", "mate", "chen", "lin")


def test_four_people_in_half_a_minute_on_one_phone_signal_each(plant: Plant) -> None:
    made = tablet(plant, *FOUR)
    assert noticed(plant, *made) == {("burst", one["id"]) for one in made}
    assert {row["person"] for row in rows(plant)} == {plant.id(part) for part in FOUR}


def test_three_people_or_four_with_time_do_not(plant: Plant) -> None:
    assert noticed(plant, *tablet(plant, *FOUR[:3])) == set()
    assert noticed(plant, *tablet(plant, *FOUR, apart_ms=20_000)) == set()


@pytest.mark.parametrize("last", range(4))
def test_the_one_that_comes_late_makes_it_a_burst(plant: Plant, last: int) -> None:
    made = tablet(plant, *FOUR)
    assert noticed(plant, *(one for n, one in enumerate(made) if n != last)) == set()
    assert noticed(plant, made[last]) == {("burst", one["id"]) for one in made}
    assert len({row["figures"] for row in rows(plant)}) == 1


def test_four_people_on_their_own_phones_do_not(plant: Plant) -> None:
    made = [commit_body(plant, part, NOW_MS - n) for n, part in enumerate(FOUR)]
    assert noticed(plant, *made) == set()


def test_a_tablet_of_a_crew_round_is_sealed_by_the_server(plant: Plant) -> None:
    made = [{**one, "dev": None, "seq": None} for one in tablet(plant, *FOUR)]
    assert noticed(plant, *made) == set()


def test_a_leader_who_enters_for_four_does_not(plant: Plant) -> None:
    made = [leader_entry(plant, one) for one in tablet(plant, *FOUR)]
    assert noticed(plant, *made) == set()


def test_not_today_is_not_among_them(plant: Plant) -> None:
    device, _ = plant.device("worker")
    *three, last = tablet(plant, *FOUR)
    unfit = commit_body(plant, "lin", last["time"]["sealed_ms"], bad="fit", dev=device, seq=4)
    assert noticed(plant, *three, unfit) == set()


def test_a_clock_that_was_put_back_says_nothing(plant: Plant) -> None:
    *three, last = tablet(plant, *FOUR)
    token_ms = last["time"]["sealed_ms"]
    last["time"] |= {"token": "t", "token_wall_ms": token_ms + 3_600_000, "mono_ms": None}
    assert noticed(plant, *three, last) == set()
    flags = plant.store.value("SELECT flags FROM record WHERE id = :id", id=last["id"])
    assert "clock_jump" in flags


# When and how often ------------------------------------------------------------------------------


def test_twice_is_once(plant: Plant) -> None:
    body = hurried(plant, "worker")
    noticed(plant, body)
    before = rows(plant)
    with plant.store.tx() as db:
        db.run("UPDATE counter SET value = 0 WHERE name = 'signals'")
    notice(plant, NOW_MS + 2 * SETTLED_MS)
    assert rows(plant) == before
    assert notice(plant) == 0


def test_what_has_just_come_waits_for_what_another_node_may_still_write(plant: Plant) -> None:
    deliver(plant, hurried(plant, "worker"))
    assert notice(plant, NOW_MS + SETTLED_MS - 1) == 0
    assert (notice(plant, NOW_MS + SETTLED_MS), len(held(plant))) == (1, 1)


def test_nothing_of_it_happens_while_a_phone_waits(plant: Plant) -> None:
    deliver(plant, hurried(plant, "worker"))
    assert held(plant) == set()


def test_a_pass_takes_so_many_and_the_next_one_goes_on(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal_watch, "BATCH", 2)
    deliver(plant, *(hurried(plant, "worker", NOW_MS + n * 7, seq=n + 1) for n in range(5)))
    assert [notice(plant) for _ in range(4)] == [2, 2, 1, 0]
    assert len([kind for kind, _ in held(plant) if kind == "fast"]) == 5


def test_a_fault_in_one_record_stops_no_other(
    plant: Plant, caplog: pytest.LogCaptureFixture
) -> None:
    night = {"date": "2026-11-23", "code": "N", "crew": "BING"}
    broken, good = hurried(plant, "night1", shift=night), hurried(plant, "mate")
    deliver(plant, broken)
    deliver(plant, good)
    with plant.store.tx() as db:
        db.run("INSERT INTO site (code, name, zone, signals) VALUES ('EC', '二厂', 'UTC', '{')")
        db.run("UPDATE crew SET site = 'EC' WHERE code = 'BING'")
    notice(plant)
    assert held(plant) == {("fast", good["id"])}
    assert f"record {broken['id']} was not looked at" in caplog.text
    assert notice(plant) == 0


def test_an_erased_record_says_nothing(plant: Plant) -> None:
    body = hurried(plant, "worker")
    deliver(plant, body)
    with plant.store.tx() as db:
        db.run(
            "UPDATE record SET body = NULL, salt = NULL, erased_ms = 1 WHERE id = :id",
            id=body["id"],
        )
    assert noticed(plant) == set()


def test_thresholds_are_those_of_the_site(plant: Plant) -> None:
    thresholds(plant, fast_factor=0, burst_people=5)
    assert noticed(plant, hurried(plant, "worker"), *tablet(plant, *FOUR)) == set()
    thresholds(plant, rhythm_ms=40)
    first, second = paced(plant, "mate"), paced(plant, "mate", NOW_MS + 1, by=50)
    assert noticed(plant, first, second) == set()


def test_no_board_moves_for_it(plant: Plant) -> None:
    deliver(plant, hurried(plant, "worker"))
    before = counters.board(plant.store)
    notice(plant)
    assert held(plant) and counters.board(plant.store) == before


def test_the_clock_brings_it_and_takes_it_away_after_90_days(plant: Plant) -> None:
    deliver(plant, hurried(plant, "worker"))
    found_ms = NOW_MS + SETTLED_MS
    clockwork.plan(plant.store, found_ms, plant.random)
    assert len(held(plant)) == 1
    with plant.store.tx() as db:
        assert signals.erase_old(db, found_ms + signals.KEPT_MS) == 0
        assert signals.erase_old(db, found_ms + signals.KEPT_MS + 1) == 1
    assert held(plant) == set()


def test_of_a_tablet_only_what_stands_around_the_record_is_read(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not its thousands of earlier ones: one at each side is too few for a burst of four."""
    monkeypatch.setattr(signal_watch, "NEAR", 1)
    assert noticed(plant, *tablet(plant, *FOUR)) == set()
    monkeypatch.undo()
    with plant.store.tx() as db:
        db.run("UPDATE counter SET value = 0 WHERE name = 'signals'")
    notice(plant)
    assert len(held(plant)) == 4
