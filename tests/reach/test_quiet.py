"""Quiet hours on the wall clock of the site."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.model import quiet

SHANGHAI, PARIS = "Asia/Shanghai", "Europe/Paris"
HOUR_MS = 3_600_000


def at(text: str, zone: str = SHANGHAI, fold: int = 0) -> int:
    wall = datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(wall.timestamp() * 1000)


@pytest.mark.parametrize(
    ("start", "end", "now", "free"),
    [
        ("22:00", "07:00", "2026-11-24T21:59", "2026-11-24T21:59"),
        ("22:00", "07:00", "2026-11-24T22:00", "2026-11-25T07:00"),
        ("22:00", "07:00", "2026-11-24T23:59", "2026-11-25T07:00"),
        ("22:00", "07:00", "2026-11-25T00:00", "2026-11-25T07:00"),
        ("22:00", "07:00", "2026-11-25T06:59", "2026-11-25T07:00"),
        ("22:00", "07:00", "2026-11-25T07:00", "2026-11-25T07:00"),
        ("12:00", "13:30", "2026-11-24T12:30", "2026-11-24T13:30"),
        ("12:00", "13:30", "2026-11-24T11:59", "2026-11-24T11:59"),
        ("12:00", "13:30", "2026-11-24T23:00", "2026-11-24T23:00"),
        ("22:00", "00:00", "2026-12-31T23:00", "2027-01-01T00:00"),
        ("00:00", "06:00", "2026-02-28T00:00", "2026-02-28T06:00"),
        ("", "", "2026-11-24T23:00", "2026-11-24T23:00"),
    ],
)
def test_what_falls_into_them_waits_for_their_end(
    start: str, end: str, now: str, free: str
) -> None:
    assert quiet.ends_ms(start, end, SHANGHAI, at(now)) == at(free)


def test_they_are_those_of_the_site_and_not_of_the_server() -> None:
    now_ms = at("2026-11-24T23:00")  # 16:00 in Paris
    assert quiet.ends_ms("22:00", "07:00", PARIS, now_ms) == now_ms
    assert quiet.ends_ms("15:00", "17:00", PARIS, now_ms) == at("2026-11-24T17:00", PARIS)


def test_a_night_in_which_the_clocks_change() -> None:
    night_ms = at("2026-10-24T23:00", PARIS)
    assert quiet.ends_ms("22:00", "07:00", PARIS, night_ms) - night_ms == 9 * HOUR_MS
    assert quiet.ends_ms("22:00", "02:30", PARIS, night_ms) == at("2026-10-25T02:30", PARIS)
    again_ms = at("2026-10-25T02:10", PARIS, fold=1)  # 02:30 has been: quiet is over
    assert quiet.ends_ms("22:00", "02:30", PARIS, again_ms) == again_ms
    skipped_ms = at("2026-03-29T01:30", PARIS)  # 02:30 never comes
    assert quiet.ends_ms("22:00", "02:30", PARIS, skipped_ms) == at("2026-03-29T03:00", PARIS)


times = st.times().map(lambda one: one.strftime("%H:%M"))


@given(times, times, st.integers(1_700_000_000_000, 1_900_000_000_000))
def test_the_end_is_not_quiet_and_less_than_a_day_away(start: str, end: str, now_ms: int) -> None:
    if start == end:
        return
    free_ms = quiet.ends_ms(start, end, SHANGHAI, now_ms)
    assert now_ms <= free_ms < now_ms + 24 * HOUR_MS
    assert quiet.ends_ms(start, end, SHANGHAI, free_ms) == free_ms
