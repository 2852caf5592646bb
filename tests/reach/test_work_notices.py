"""Reminders about special work: gas to be tested, a permit past its end; once each."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from shiftapp.model import notices, settings, special_work_entry
from shiftapp.model.deliveries import Message
from tests.announcing import at
from tests.permits import API, cancel, close, entry, gas, register
from tests.plant import HOUR_MS, Clock, Plant
from tests.reach.conftest import queued

Add = Callable[..., int]
Tick = Callable[[], None]
OURS = ("gas_due", "work_over")


@pytest.fixture(autouse=True)
def listening(channel: Add) -> None:
    channel()


def due(plant: Plant, at_ms: int) -> list[Message]:
    found = notices.due(plant.store, settings.get(plant.store), at_ms)
    return [one for one in found if one.event in OURS]


def names(plant: Plant, time: str) -> list[str]:
    return [one.event for one in due(plant, at(time))]


def test_a_test_is_reminded_of_from_ten_minutes_before_until_it_is_entered(plant: Plant) -> None:
    id = register(plant)
    assert names(plant, "08:19") == []
    assert names(plant, "08:20") == ["gas_due"]  # the work begins at 08:30
    assert names(plant, "09:00") == ["gas_due"]
    gas(plant, id, at("09:05"))
    assert names(plant, "09:05") == []
    assert names(plant, "10:54") == []
    assert names(plant, "10:55") == ["gas_due"]
    assert names(plant, "11:59") == ["gas_due"]


def test_a_failed_test_is_told_at_once(plant: Plant) -> None:
    id = register(plant)
    gas(plant, id, at("08:40"), passed=False)
    assert names(plant, "08:40") == ["gas_due"]
    gas(plant, id, at("08:50"))
    assert names(plant, "08:50") == []


def test_a_permit_past_its_end_is_told_until_it_is_closed_or_extended(plant: Plant) -> None:
    one, two = register(plant), register(plant, "DH-2")
    assert names(plant, "11:59") == ["gas_due"] * 2
    assert names(plant, "12:00") == ["work_over"] * 2
    close(plant, one, at("12:10"))
    later = entry("DH-2", ends_ms=at("13:00"))
    plant.store.write(lambda db: special_work_entry.change(db, two, later, API, at("12:10")))
    assert names(plant, "12:10") == ["gas_due"]
    gas(plant, two, at("12:10"))
    assert names(plant, "12:10") == []
    assert names(plant, "13:00") == ["work_over"]


def test_what_needs_no_test_and_what_was_cancelled_reminds_nobody(plant: Plant) -> None:
    register(plant, kind="power", level="")
    cancel(plant, register(plant, "DH-2"), at("08:00"))
    assert names(plant, "08:30") == []


def test_each_test_and_each_end_is_told_once(plant: Plant, clock: Clock, tick: Tick) -> None:
    id = register(plant)
    for time in ("08:20", "08:25", "09:00"):
        clock.at(time)
        tick()
    gas(plant, id, at("09:05"))
    for time in ("10:55", "11:30", "12:00", "12:30"):
        clock.at(time)
        tick()
    told = [row["event"] for row in queued(plant.store) if row["event"] in OURS]
    assert told == ["gas_due", "gas_due", "work_over"]


def test_words_and_figures_name_nobody_and_no_place(plant: Plant, clock: Clock, tick: Tick) -> None:
    id = register(plant, contractor="濮阳某检修公司")
    clock.at("08:20")
    tick()
    (row,) = [one for one in queued(plant.store) if one["event"] == "gas_due"]
    for secret in ("张三", "P-201", "DH-1124-01", "濮阳某检修公司", "生产一部"):
        assert secret not in row["facts"]
    facts = json.loads(row["facts"])
    assert (facts["path"], facts["starts"], facts["crew"]) == (
        f"/special-work/{id}",
        "08:30",
        "甲班",
    )


def test_a_crew_hears_of_the_works_its_people_guard(plant: Plant, channel: Add) -> None:
    ours, theirs = channel(crew="JIA"), channel(crew="YI")
    register(plant)
    register(plant, "NOBODY", guardians=())
    heard = {(one.channel, one.facts["crew"]) for one in due(plant, at("08:30"))}
    assert {who for number, who in heard if number == ours} == {"甲班"}
    assert not [who for number, who in heard if number == theirs]
    everything = {who for number, who in heard if number not in (ours, theirs)}
    assert everything == {"甲班", "全厂"}


def test_it_does_not_wait_for_the_end_of_quiet_hours() -> None:
    assert set(OURS) <= notices.URGENT


def test_nothing_is_told_of_a_work_that_starts_tomorrow(plant: Plant) -> None:
    later = {"starts_ms": at("08:30") + 24 * HOUR_MS, "ends_ms": at("12:00") + 24 * HOUR_MS}
    register(plant, **later)
    assert names(plant, "08:30") == []
