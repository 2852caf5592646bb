"""What the clock brings, at whatever intervals it is looked at."""

from __future__ import annotations

import pytest

from shiftapp.model import clockwork, findings, people, slots, throttle
from shiftapp.store import Db
from tests.ledger_walk import by_kind, check_ledger
from tests.plant import DUE_MS, HOUR_MS, NOW_MS, Plant
from tests.sealing import commit_body, deliver

DAY_MS = 24 * HOUR_MS


def instances(db: Db) -> int:
    return int(db.value("SELECT COUNT(*) FROM instance"))


def test_windows_open_when_they_are_due(plant: Plant) -> None:
    clockwork.plan(plant.store, NOW_MS, plant.random)
    night = plant.instance("JIA", "2026-11-25", "N")
    clockwork.tick(plant.store, night["opens_ms"] - 1)
    assert slots.state(plant.store, bytes(night["s"])) == "waiting"
    clockwork.tick(plant.store, night["opens_ms"])
    assert slots.state(plant.store, bytes(night["s"])) == "open"
    check_ledger(plant.store)


def test_shifts_and_rosters_are_there_before_they_are_needed(plant: Plant) -> None:
    later_ms = NOW_MS + 3 * DAY_MS
    clockwork.plan(plant.store, later_ms, plant.random)
    ahead = plant.store.row("SELECT MAX(starts_ms) AS last FROM instance WHERE crew = 'JIA'")
    assert ahead is not None and ahead["last"] > later_ms + 5 * DAY_MS
    filled = plant.store.value(
        "SELECT COUNT(*) FROM instance WHERE opens_ms > :now AND opens_ms <= :then AND NOT EXISTS"
        " (SELECT 1 FROM roster WHERE roster.instance = instance.id)",
        now=later_ms,
        then=later_ms + 36 * HOUR_MS,
    )
    assert filled == 0


def test_looking_again_changes_nothing(plant: Plant) -> None:
    clockwork.plan(plant.store, NOW_MS, plant.random)
    clockwork.tick(plant.store, NOW_MS)
    before = instances(plant.store), by_kind(plant.store)
    for _ in range(3):
        clockwork.plan(plant.store, NOW_MS + 1, plant.random)
        clockwork.tick(plant.store, NOW_MS + 1)
    assert (instances(plant.store), by_kind(plant.store)) == before


def test_a_clock_that_stood_still_for_days_is_made_up_for(plant: Plant) -> None:
    later_ms = DUE_MS + 4 * DAY_MS - 10 * 60_000  # 甲班 by day again
    clockwork.plan(plant.store, later_ms, plant.random)
    clockwork.tick(plant.store, later_ms)
    check_ledger(plant.store)


def test_what_is_kept_no_longer_goes(plant: Plant) -> None:
    body = commit_body(plant, "worker", bad="fit")
    deliver(plant, body)
    with plant.store.tx() as db:
        throttle.failed(db, "pin:1:2", NOW_MS)
    kept_ms = NOW_MS + 30 * DAY_MS
    clockwork.plan(plant.store, kept_ms, plant.random)
    assert findings.of_record(plant.store, body["id"])
    clockwork.plan(plant.store, kept_ms + 1, plant.random)
    assert findings.of_record(plant.store, body["id"]) == []
    assert plant.store.value("SELECT COUNT(*) FROM attempt") == 0
    check_ledger(plant.store)


def test_a_fault_in_one_thing_stops_no_other(
    plant: Plant, caplog: pytest.LogCaptureFixture
) -> None:
    with plant.store.tx() as db:
        people.save_person(db, people.Person(plant.id("lin"), "1004", "林二", active=0), NOW_MS)
        db.run("UPDATE pattern SET anchor = 'never' WHERE code = 'P4'")
    clockwork.plan(plant.store, NOW_MS, plant.random)
    assert "making shifts failed" in caplog.text
    night = plant.instance("JIA", "2026-11-25", "N")
    filled = plant.store.value("SELECT COUNT(*) FROM roster WHERE instance = :i", i=night["id"])
    assert filled == 5  # rosters were filled all the same
