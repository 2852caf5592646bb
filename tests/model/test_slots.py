"""Slots and series: opened once, told when they change, never with fewer than five."""

from __future__ import annotations

import threading

import pytest

from shiftapp.ledger.encoding import b64u
from shiftapp.model import crews, roster, shifts, slots
from shiftapp.model.roster import Post
from shiftapp.model.settings import Settings
from shiftapp.store import Db
from tests.ledger_walk import by_kind, check_ledger, entries_of
from tests.plant import DUE_MS, HOUR_MS, MADE_MS, NOW_MS, PUMPS, TANKS, Plant

NIGHT_MS = DUE_MS + 12 * HOUR_MS - 45 * 60_000


def series(plant: Plant, crew: str = "JIA", code: str = "D") -> bytes:
    return bytes(plant.instance(crew, code=code)["s"])


def add(plant: Plant, part: str, instance: int, *, at_ms: int = NOW_MS, job: str = "J02") -> None:
    with plant.store.tx() as db:
        roster.add(
            db,
            instance,
            plant.id(part),
            [Post(PUMPS, job)],
            how="added",
            by="x",
            now_ms=at_ms,
            random=plant.random,
        )
    check_ledger(plant.store)


def test_a_window_opens_once_with_all_its_slots(plant: Plant) -> None:
    s = series(plant)
    (told,) = [entry for entry in by_kind(plant.store)["open"] if entry["s"] == b64u(s)]
    assert told["n"] == len(slots.live_slots(plant.store, s)) == 6
    assert (told["site"], told["shift"], told["group"]) == ("一厂", "白班", "生产一部甲班")
    assert (told["t0"], told["t1"]) == (DUE_MS // 1000, (DUE_MS + 12 * HOUR_MS) // 1000)
    before = entries_of(plant.store)
    with plant.store.tx() as db:
        assert slots.open_due(db, NOW_MS + 1, 120) == 0
        assert slots.open_series(db, s, NOW_MS + 1, 120) == "open"
    assert entries_of(plant.store) == before
    check_ledger(plant.store)


def test_no_window_opens_before_its_time(plant: Plant) -> None:
    with plant.store.tx() as db:
        assert slots.open_due(db, NIGHT_MS - 1, 120) == 0
        assert slots.state(db, series(plant, "YI", "N")) == "waiting"
        assert slots.open_due(db, NIGHT_MS, 120) == 1
        assert slots.state(db, series(plant, "YI", "N")) == "small"
    check_ledger(plant.store)


def test_a_window_that_passed_unseen_is_not_opened_by_the_clock(plant: Plant) -> None:
    with plant.store.tx() as db:
        assert slots.open_due(db, NIGHT_MS + 13 * HOUR_MS, 120) == 0


def test_a_second_row_of_a_person_changes_no_slot(plant: Plant) -> None:
    before = entries_of(plant.store)
    with plant.store.tx() as db:
        roster.add(
            db,
            plant.instance()["id"],
            plant.id("worker"),
            [Post(TANKS, "J09")],
            how="added",
            by="x",
            now_ms=NOW_MS,
            random=plant.random,
        )
    check_ledger(plant.store)
    assert entries_of(plant.store) == before


def test_ending_one_row_of_two_leaves_the_slot(plant: Plant) -> None:
    instance = plant.instance()["id"]
    add(plant, "worker", instance, job="J05")
    rows = [
        row for row in roster.rows(plant.store, instance) if row["person"] == plant.id("worker")
    ]
    before = entries_of(plant.store)
    with plant.store.tx() as db:
        roster.end_row(db, instance, rows[0]["id"], "leave", by="x", now_ms=NOW_MS)
    assert entries_of(plant.store) == before
    with plant.store.tx() as db:
        roster.end_row(db, instance, rows[1]["id"], "leave", by="x", now_ms=NOW_MS)
    check_ledger(plant.store)
    assert entries_of(plant.store)[-1]["k"] == "chg"


def test_a_change_before_the_window_opens_is_in_the_roster_hash_and_nowhere_else(
    plant: Plant,
) -> None:
    with plant.store.tx() as db:
        roster.fill_ahead(db, NOW_MS, plant.random)
    instance = plant.instance("JIA", "2026-11-25", "N")
    add(plant, "outsider", instance["id"])
    with plant.store.tx() as db:
        slots.open_due(db, instance["opens_ms"], 120)
    check_ledger(plant.store)
    told = entries_of(plant.store)[-1]
    assert (told["k"], told["n"]) == ("open", 7)


def test_crews_of_one_group_share_a_series_and_a_person_a_slot(plant: Plant) -> None:
    with plant.store.tx() as db:
        for code in ("BAO", "CHE"):
            crews.save_reporting_group(db, crews.Group("G-X", "YC", "两班"))
            crews.save_crew(db, crews.Crew(code, "YC", "G-X", code, "P4", area="A1", day_offset=0))
        shifts.make_ahead(db, Settings(), MADE_MS, plant.random)
    first, second = plant.instance("BAO"), plant.instance("CHE")
    assert bytes(first["s"]) == bytes(second["s"])
    parts = ["worker", "mate", "chen", "lin", "huang"]
    for part in parts:
        add(plant, part, first["id"])
    add(plant, "worker", second["id"])
    with plant.store.tx() as db:
        slots.open_due(db, NOW_MS, 120)
        assert len(slots.live_slots(db, bytes(first["s"]))) == 5
        roster.end(db, first["id"], plant.id("worker"), "leave", by="x", now_ms=NOW_MS)
        assert slots.slot_of(db, bytes(first["s"]), plant.id("worker")) is not None
        roster.end(db, second["id"], plant.id("worker"), "leave", by="x", now_ms=NOW_MS)
        assert slots.slot_of(db, bytes(first["s"]), plant.id("worker")) is None
    check_ledger(plant.store)


@pytest.mark.parametrize("writers", [6])
def test_changes_and_openings_at_the_same_moment_agree(plant: Plant, writers: int) -> None:
    with plant.store.tx() as db:
        roster.fill_ahead(db, NOW_MS, plant.random)
    instance = plant.instance("JIA", "2026-11-25", "N")
    opens_ms, barrier = instance["opens_ms"], threading.Barrier(writers)

    def work(number: int) -> None:
        def write(db: Db) -> None:
            if number % 2:
                slots.open_due(db, opens_ms, 120)
            else:
                roster.add(
                    db,
                    instance["id"],
                    plant.id(f"night{number + 1}"),
                    [Post(PUMPS, "J02")],
                    how="added",
                    by="x",
                    now_ms=opens_ms,
                    random=plant.random,
                )

        barrier.wait()
        plant.store.write(write)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check_ledger(plant.store)
    assert len(slots.live_slots(plant.store, bytes(instance["s"]))) == 6 + writers // 2
