"""Which days make a period, which one is to be announced, and that periods meet in time."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.model import days, periods, settings
from shiftapp.model.periods import KINDS, Kind, Period
from shiftapp.model.settings import Settings
from shiftapp.store import Store
from tests.plant import Plant

DAYS = st.dates(datetime.date(1971, 1, 1), datetime.date(2199, 12, 31))
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "UTC")
HOUR_MS = 3_600_000


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("kind", "within", "first", "last"),
    [
        ("daily", "2026-11-24", "2026-11-24", "2026-11-24"),
        ("weekly", "2026-11-24", "2026-11-23", "2026-11-29"),
        ("weekly", "2026-11-29", "2026-11-23", "2026-11-29"),
        ("weekly", "2027-01-01", "2026-12-28", "2027-01-03"),
        ("monthly", "2024-02-29", "2024-02-01", "2024-02-29"),
        ("monthly", "2100-02-10", "2100-02-01", "2100-02-28"),
        ("monthly", "2026-12-31", "2026-12-01", "2026-12-31"),
        ("quarterly", "2026-11-24", "2026-10-01", "2026-12-31"),
        ("quarterly", "2024-02-29", "2024-01-01", "2024-03-31"),
        ("yearly", "2024-02-29", "2024-01-01", "2024-12-31"),
    ],
)
def test_the_days_of_a_period(kind: Kind, within: str, first: str, last: str) -> None:
    assert periods.containing(kind, day(within)) == Period(kind, day(first), day(last))


@pytest.mark.parametrize(
    ("kind", "today", "last"),
    [
        ("daily", "2026-11-24", "2026-11-24"),
        ("weekly", "2026-11-29", "2026-11-22"),  # Sunday: this week has not ended
        ("weekly", "2026-11-30", "2026-11-29"),
        ("monthly", "2026-11-30", "2026-10-31"),
        ("monthly", "2026-12-01", "2026-11-30"),
        ("quarterly", "2026-12-31", "2026-09-30"),
        ("yearly", "2027-01-01", "2026-12-31"),
    ],
)
def test_the_one_to_announce_is_the_last_that_has_ended(kind: Kind, today: str, last: str) -> None:
    assert periods.current(kind, day(today)).last == day(last)


@given(st.sampled_from(KINDS), DAYS)
def test_every_day_lies_in_one_period_and_periods_meet(kind: Kind, one: datetime.date) -> None:
    period = periods.containing(kind, one)
    assert period.first <= one <= period.last
    for other in (period.first, period.last):
        assert periods.containing(kind, other) == period
    later, earlier = periods.next_of(period), periods.before(period)
    assert later.first == period.last + datetime.timedelta(1)
    assert earlier.last == period.first - datetime.timedelta(1)
    assert periods.before(later) == period == periods.next_of(earlier)


@given(DAYS)
def test_periods_have_their_length(one: datetime.date) -> None:
    lengths = {
        kind: (period.last - period.first).days + 1
        for kind, period in ((kind, periods.containing(kind, one)) for kind in KINDS)
    }
    assert lengths["daily"] == 1 and lengths["weekly"] == 7
    assert periods.containing("weekly", one).first.weekday() == 0
    assert 28 <= lengths["monthly"] <= 31
    assert 90 <= lengths["quarterly"] <= 92
    assert lengths["yearly"] in (365, 366)


@given(st.sampled_from(KINDS), DAYS)
def test_the_one_to_announce_has_ended_unless_it_is_the_day(
    kind: Kind, today: datetime.date
) -> None:
    period = periods.current(kind, today)
    assert period.last == today if kind == "daily" else period.last < today
    assert periods.next_of(period).last >= today


def test_a_rhythm_that_nobody_knows_is_daily() -> None:
    assert [periods.kind_of(kind) for kind in KINDS] == list(KINDS)
    assert periods.kind_of("hourly") == "daily"


# --- In time --------------------------------------------------------------------------------------


def in_zone(plant: Plant, zone: str) -> Settings:
    """The plant moved to another zone; its settings."""
    with plant.store.tx() as db:
        db.run("UPDATE site SET zone = :zone", zone=zone)
    return settings.get(plant.store)


def shown(ms: int, zone: str) -> str:
    return datetime.datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize("zone", ZONES)
def test_the_instants_of_a_period_are_those_of_the_sites_clock(plant: Plant, zone: str) -> None:
    facts = in_zone(plant, zone)
    when = days.times(plant.store, facts, "2026-03-31", "quarterly")
    assert shown(when.from_ms, zone) == "2025-12-31 09:00"
    assert shown(when.to_ms, zone) == "2026-03-31 09:00"
    assert shown(when.due_ms, zone) == "2026-04-03 10:00"
    assert shown(when.valid_until_ms, zone) == "2026-07-03 10:00"


@pytest.mark.parametrize("zone", ZONES)
def test_days_meet_also_when_the_clocks_change(plant: Plant, zone: str) -> None:
    facts, one = in_zone(plant, zone), day("2025-01-01")
    ends = None
    for _ in range(400):
        when = days.times(plant.store, facts, one.isoformat())
        assert ends in (None, when.from_ms)
        assert when.to_ms - when.from_ms in (23 * HOUR_MS, 24 * HOUR_MS, 25 * HOUR_MS)
        ends, one = when.to_ms, one + datetime.timedelta(1)


@pytest.mark.parametrize("kind", KINDS[1:])
@pytest.mark.parametrize("zone", ZONES)
def test_periods_meet_in_time_also_when_the_clocks_change(
    plant: Plant, zone: str, kind: Kind
) -> None:
    facts, period = in_zone(plant, zone), periods.containing(kind, day("2025-01-01"))
    earlier = None
    for _ in range(60):
        when = days.times(plant.store, facts, period.last.isoformat(), kind)
        assert when.from_ms < when.to_ms < when.due_ms < when.valid_until_ms
        if earlier is not None:
            assert earlier.to_ms == when.from_ms
            assert earlier.valid_until_ms == when.due_ms
        earlier, period = when, periods.next_of(period)


def test_a_day_is_due_on_the_day_and_holds_as_long_as_settings_say(plant: Plant) -> None:
    facts = settings.get(plant.store)
    when = days.times(plant.store, facts, "2026-11-24")
    assert when.to_ms - when.from_ms == 24 * HOUR_MS
    assert when.due_ms - when.to_ms == HOUR_MS
    assert when.valid_until_ms - when.due_ms == 24 * HOUR_MS


@pytest.mark.parametrize("due_day", [1, 3, 10])
def test_a_period_is_due_some_days_after_its_end(plant: Plant, due_day: int) -> None:
    with plant.store.tx() as db:
        settings.put(db, due_day=due_day)
    when = days.times(plant.store, settings.get(plant.store), "2026-11-30", "monthly")
    assert shown(when.due_ms, "Asia/Shanghai") == f"2026-12-{due_day:02} 10:00"


@pytest.mark.parametrize(
    ("date", "kind"),
    [
        ("2026-11-29", "monthly"),
        ("2026-11-24", "weekly"),
        ("2026-11-30", "yearly"),
        ("2026-02-30", "daily"),
        ("0001-01-01", "daily"),
        ("9999-12-31", "yearly"),
        ("gestern", "daily"),
    ],
)
def test_what_is_no_end_of_a_period_is_refused(plant: Plant, date: str, kind: Kind) -> None:
    with pytest.raises(ValueError):
        days.times(plant.store, settings.get(plant.store), date, kind)


@pytest.mark.parametrize(
    ("rhythm", "date"),
    [
        ("daily", "2026-11-24"),
        ("weekly", "2026-11-22"),
        ("monthly", "2026-10-31"),
        ("quarterly", "2026-09-30"),
        ("yearly", "2025-12-31"),
    ],
)
def test_the_enterprise_is_asked_for_what_its_rhythm_says(
    plant: Plant, rhythm: str, date: str
) -> None:
    with plant.store.tx() as db:
        settings.put(db, rhythm=rhythm)
    ten = days.times(plant.store, Settings(), "2026-11-24").due_ms
    assert days.asked_for(plant.store, settings.get(plant.store), ten) == date


def test_the_calendar_day_of_special_work_is_from_midnight_to_midnight(plant: Plant) -> None:
    zone = "Europe/Berlin"
    in_zone(plant, zone)
    for date, hours in (("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-24", 24)):
        from_ms, to_ms = days.calendar(plant.store, date)
        assert shown(from_ms, zone) == f"{date} 00:00"
        assert to_ms - from_ms == hours * HOUR_MS


def test_an_install_without_a_site_has_times_too(store: Store) -> None:
    assert days.times(store, Settings(), "2026-11-30", "monthly").zone == "UTC"
