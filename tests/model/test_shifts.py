"""Shift instances: made ahead once, found by claim and by clock."""

from __future__ import annotations

import datetime

import pytest

from shiftapp import library
from shiftapp.model import crews, cycles, places, settings, shifts
from shiftapp.problems import Problem
from shiftapp.store import Store
from tests.plant import DUE_MS, HOUR_MS, MADE_MS, NOW_MS, TODAY, Plant, fixed_bytes

DAY_MS = 24 * HOUR_MS
CLOSED_MS = DUE_MS + 12 * HOUR_MS


def dates(plant: Plant, crew: str) -> list[tuple[str, str]]:
    rows = plant.store.rows(
        "SELECT date, code FROM instance WHERE crew = :crew ORDER BY date, code", crew=crew
    )
    return [(row["date"], row["code"]) for row in rows]


def test_a_pattern_makes_the_shifts_of_the_days_ahead(plant: Plant) -> None:
    assert dates(plant, "JIA")[:4] == [
        ("2026-11-24", "D"),
        ("2026-11-25", "N"),
        ("2026-11-28", "D"),
        ("2026-11-29", "N"),
    ]


def test_making_again_makes_nothing_twice(plant: Plant) -> None:
    before = {crew: dates(plant, crew) for crew in ("JIA", "YI", "BING")}
    with plant.store.tx() as db:
        facts = settings.get(db)
        assert shifts.make_ahead(db, facts, MADE_MS, plant.random) == 0
        shifts.make_ahead(db, facts, MADE_MS + 3 * DAY_MS, plant.random)
    for crew, had in before.items():
        found = dates(plant, crew)
        assert found[: len(had)] == had
        assert len(set(found)) == len(found) > len(had)


def test_shifts_made_day_by_day_are_the_plan(store: Store) -> None:
    """A server that ran, stood still for a week and ran again, over the end of summer time."""
    first, zone = datetime.date(2026, 10, 12), "Europe/Berlin"
    one = library.patterns()["4C3S-8"]
    times = {code: cycles.Times(s["start"], s["minutes"]) for code, s in one["shifts"].items()}
    offsets = {crew["name_en"][-1]: crew["offset"] for crew in one["crews"]}
    made = tuple(crews.Shift(code, code, "", *vars(t).values()) for code, t in times.items())
    with store.tx() as db:
        places.save_site(db, places.Site("YC", "一厂", zone=zone))
        crews.save_reporting_group(db, crews.Group("G", "YC", "一组"))
        pattern = crews.Pattern("P", "四班三倒", "", one["cycle"], first.isoformat(), made)
        crews.save_pattern(db, pattern)
        for code, offset in offsets.items():
            crews.save_crew(db, crews.Crew(code, "YC", "G", code, "P", day_offset=offset))
        random = fixed_bytes("days")
        for day in (1, 1, 2, 3, 10, 11, 12, 19, 27, 35):
            noon = datetime.datetime.combine(first, datetime.time(12), datetime.UTC)
            now_ms = int(noon.timestamp() * 1000) + day * DAY_MS
            shifts.make_ahead(db, settings.get(db), now_ms, random)
    planned = cycles.instances(one["cycle"], first, times, offsets, first, 43, zone)
    rows = store.rows("SELECT * FROM instance ORDER BY date, crew, code")
    assert [(r["crew"], r["date"], r["code"], r["starts_ms"], r["ends_ms"]) for r in rows] == [
        (p.crew, p.day.isoformat(), p.code, p.window.starts_ms, p.window.ends_ms) for p in planned
    ]
    assert {r["ends_ms"] - r["starts_ms"] for r in rows} == {8 * HOUR_MS, 9 * HOUR_MS}


def test_a_night_shift_has_the_date_of_its_start(plant: Plant) -> None:
    night = plant.instance("YI", TODAY, "N")
    assert night["starts_ms"] == DUE_MS + 12 * HOUR_MS
    assert night["opens_ms"] == night["starts_ms"] - 45 * 60_000
    assert night["closed_ms"] == night["ends_ms"] == night["starts_ms"] + 12 * HOUR_MS


def test_a_claim_finds_its_instance_or_none(plant: Plant) -> None:
    assert shifts.instance(plant.store, "JIA", TODAY, "D")
    for crew, date, code in (("JIA", TODAY, "N"), ("WU", TODAY, "D"), ("JIA", "2027-01-01", "D")):
        assert shifts.instance(plant.store, crew, date, code) is None


def test_the_current_one_is_open_and_the_latest(plant: Plant) -> None:
    opens_ms = DUE_MS - 45 * 60_000
    assert shifts.current(plant.store, "JIA", opens_ms - 1) is None
    for at_ms in (opens_ms, NOW_MS, CLOSED_MS - 1):
        found = shifts.current(plant.store, "JIA", at_ms)
        assert found is not None and (found["date"], found["code"]) == (TODAY, "D")
    assert shifts.current(plant.store, "JIA", CLOSED_MS) is None


def test_before_and_after_are_a_crews_own(plant: Plant) -> None:
    instance = plant.instance()
    after = shifts.after(plant.store, "JIA", instance["opens_ms"])
    assert after is not None and (after["date"], after["code"]) == ("2026-11-25", "N")
    before = shifts.before(plant.store, "JIA", after["opens_ms"])
    assert before is not None and before["id"] == instance["id"]
    assert shifts.before(plant.store, "JIA", instance["opens_ms"]) is None


def test_what_started_in_the_last_day_has_a_closed_and_an_open_end(plant: Plant) -> None:
    def started(from_ms: int, to_ms: int) -> list[str]:
        return [row["crew"] for row in shifts.started_between(plant.store, from_ms, to_ms)]

    assert started(DUE_MS, DUE_MS + 1) == ["JIA"]
    assert started(DUE_MS - DAY_MS, DUE_MS)[-1] == "BING"
    assert "JIA" not in started(DUE_MS - DAY_MS, DUE_MS)


def test_running_at_a_site_is_every_open_window(plant: Plant) -> None:
    assert [row["crew"] for row in shifts.running(plant.store, "YC", NOW_MS)] == ["BING", "JIA"]
    assert shifts.running(plant.store, "NO", NOW_MS) == []


def test_the_day_at_a_site_is_that_of_its_zone() -> None:
    assert shifts.site_day("Asia/Shanghai", MADE_MS) == datetime.date(2026, 11, 23)
    assert shifts.site_day("America/Lima", MADE_MS) == datetime.date(2026, 11, 22)


@pytest.mark.parametrize("zone", ["Asia/Puyang", "", "Asia", "../zones", "UTC+8"])
def test_a_site_in_a_zone_that_does_not_exist_is_refused(store: Store, zone: str) -> None:
    with store.tx() as db, pytest.raises(Problem, match="unknown_zone") as refused:
        places.save_site(db, places.Site("YC", "一厂", zone=zone))
    assert f"没有时区 {zone}，写成 Asia/Shanghai" in refused.value.detail
    assert places.sites(store) == []


def test_a_listing_counts_people_not_rows(plant: Plant) -> None:
    (row,) = [
        one for one in shifts.from_date(plant.store, TODAY, "2026-11-25") if one["crew"] == "JIA"
    ]
    assert (row["site"], row["code"], row["expected"]) == ("YC", "D", 6)
