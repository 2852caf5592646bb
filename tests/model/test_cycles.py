"""Shift arithmetic: cycles, and windows on the wall clock of a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.model.cycles import Planned, Times, crew_shifts, instances, window

HOUR = 3_600_000
SHANGHAI, BERLIN, NEW_YORK, LORD_HOWE = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
)
ZONES = [SHANGHAI, BERLIN, NEW_YORK, LORD_HOWE, "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo"]
ANCHOR = date(2026, 1, 1)
EIGHT_HOURS = {"M": Times("08:00", 480), "A": Times("16:00", 480), "N": Times("00:00", 480)}
TWELVE_HOURS = {"D": Times("08:00", 720), "N": Times("20:00", 720)}

# domain.md §5.3: cycle, the crews' offsets, the shifts of a day
FULL_COVER = {
    "四班三倒 8-day": ("MMAANNRR", (0, 2, 4, 6), EIGHT_HOURS),
    "四班三倒 8-day reverse": ("NNAAMMRR", (0, 2, 4, 6), EIGHT_HOURS),
    "四班三倒 12-day": ("MMMRAAARNNNR", (0, 3, 6, 9), EIGHT_HOURS),
    "四班三倒 4-day": ("MARN", (0, 1, 2, 3), EIGHT_HOURS),
    "四班两倒 4-day": ("DNRR", (0, 1, 2, 3), TWELVE_HOURS),
    "四班两倒 4-day split": ("DRNR", (0, 1, 2, 3), TWELVE_HOURS),
    "四班两倒 8-day": ("DDNNRRRR", (0, 2, 4, 6), TWELVE_HOURS),
    "三班两倒 3-day": ("DNR", (0, 1, 2), TWELVE_HOURS),
    "三班两倒 6-day": ("DDNNRR", (0, 2, 4), TWELVE_HOURS),
    "五班三倒 10-day": ("MMAANNRRRR", (0, 2, 4, 6, 8), EIGHT_HOURS),
}
full_cover = pytest.mark.parametrize("pattern", FULL_COVER.values(), ids=FULL_COVER.keys())


def plan(
    pattern: tuple[str, tuple[int, ...], dict[str, Times]], first: date, days: int, zone: str
) -> list[Planned]:
    cycle, offsets, shifts = pattern
    crews = {f"crew {number}": offset for number, offset in enumerate(offsets)}
    found = instances(cycle, ANCHOR, shifts, crews, first, days, zone)
    return sorted(found, key=lambda p: p.window.starts_ms)


def wall(ms: int, zone: str) -> str:
    return datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).strftime("%m-%d %H:%M")


def utc(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 1000  # type: ignore[arg-type, misc]


# Cycles ---------------------------------------------------------------------------------------


def test_a_crew_works_the_letter_of_its_day_and_rests_on_r() -> None:
    days = [ANCHOR + timedelta(days=n) for n in range(5)]
    assert [crew_shifts("DNRR", 0, ANCHOR, d) for d in days] == ["D", "N", None, None, "D"]
    assert [crew_shifts("DNRR", 3, ANCHOR, d) for d in days] == [None, "D", "N", None, None]


def test_a_cycle_goes_backwards_from_its_anchor_too() -> None:
    assert crew_shifts("DNRR", 0, ANCHOR, ANCHOR - timedelta(days=4)) == "D"
    assert crew_shifts("DNRR", 0, ANCHOR, ANCHOR - timedelta(days=3)) == "N"


def test_an_empty_cycle_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        crew_shifts("", 0, ANCHOR, ANCHOR)


@given(
    st.text("DNMAR", min_size=1, max_size=14),
    st.integers(-50, 50),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    st.integers(-3, 3),
)
def test_a_cycle_repeats(cycle: str, offset: int, day: date, times: int) -> None:
    later = day + timedelta(days=len(cycle) * times)
    assert crew_shifts(cycle, offset, ANCHOR, day) == crew_shifts(cycle, offset, ANCHOR, later)


@full_cover
def test_every_shift_of_every_day_has_exactly_one_crew(
    pattern: tuple[str, tuple[int, ...], dict[str, Times]],
) -> None:
    cycle, offsets, shifts = pattern
    for number in range(400):
        day = ANCHOR + timedelta(days=number)
        letters = [crew_shifts(cycle, offset, ANCHOR, day) for offset in offsets]
        assert sorted(x for x in letters if x) == sorted(shifts)


# One window -----------------------------------------------------------------------------------


def test_the_window_of_the_worked_example() -> None:
    found = window(date(2026, 11, 24), "08:00", 720, SHANGHAI)
    assert found.starts_ms == 1_795_478_400_000  # t0 and t1 of formats.md §9
    assert found.ends_ms == found.closed_ms == 1_795_521_600_000
    assert found.opens_ms == found.starts_ms - 45 * 60_000


def test_a_night_shift_ends_on_the_next_day() -> None:
    found = window(date(2026, 11, 24), "20:00", 720, SHANGHAI)
    assert wall(found.starts_ms, SHANGHAI) == "11-24 20:00"
    assert wall(found.ends_ms, SHANGHAI) == "11-25 08:00"


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 12, 31), "01-01 08:00"),
        (date(2028, 2, 28), "02-29 08:00"),
        (date(2028, 2, 29), "03-01 08:00"),
        (date(2027, 2, 28), "03-01 08:00"),
        (date(2026, 4, 30), "05-01 08:00"),
    ],
    ids=["year", "into the leap day", "after the leap day", "no leap day", "month"],
)
def test_a_night_crosses_the_end_of_a_month(day: date, end: str) -> None:
    assert wall(window(day, "20:00", 720, SHANGHAI).ends_ms, SHANGHAI) == end


def test_the_window_may_open_earlier_and_close_before_the_end() -> None:
    found = window(date(2026, 11, 24), "08:00", 720, SHANGHAI, 30, closed=120)
    assert found.opens_ms == found.starts_ms - HOUR // 2
    assert found.closed_ms == found.starts_ms + 2 * HOUR
    assert found.ends_ms == found.starts_ms + 12 * HOUR


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (SHANGHAI, date(2026, 3, 28), 8.0),
        (BERLIN, date(2026, 3, 28), 7.0),
        (BERLIN, date(2026, 10, 24), 9.0),
        (NEW_YORK, date(2026, 3, 7), 7.0),
        (NEW_YORK, date(2026, 10, 31), 9.0),
        (LORD_HOWE, date(2026, 10, 3), 7.5),
        (LORD_HOWE, date(2026, 4, 4), 8.5),
    ],
)
def test_a_night_goes_by_the_wall_clock_when_the_clocks_change(
    zone: str, day: date, hours: float
) -> None:
    found = window(day, "22:00", 480, zone)
    assert found.ends_ms - found.starts_ms == hours * HOUR
    assert wall(found.ends_ms, zone).endswith("06:00")
    assert found.starts_ms - found.opens_ms == 45 * 60_000


def test_a_start_that_the_clocks_skip_is_the_instant_of_the_skip() -> None:
    found = window(date(2026, 3, 29), "02:30", 480, BERLIN)
    assert found.starts_ms == utc(2026, 3, 29, 1)
    assert wall(found.starts_ms, BERLIN) == "03-29 03:00"
    assert window(date(2026, 10, 4), "02:15", 60, LORD_HOWE).starts_ms == utc(2026, 10, 3, 15, 30)


def test_a_start_that_the_clocks_show_twice_is_the_first() -> None:
    assert window(date(2026, 10, 25), "02:30", 480, BERLIN).starts_ms == utc(2026, 10, 25, 0, 30)
    assert window(date(2026, 11, 1), "01:30", 480, NEW_YORK).starts_ms == utc(2026, 11, 1, 5, 30)


def test_the_opening_is_counted_in_elapsed_minutes_across_a_change() -> None:
    found = window(date(2026, 3, 29), "03:15", 480, BERLIN)
    assert wall(found.opens_ms, BERLIN) == "03-29 01:30"


@pytest.mark.parametrize("start", ["8:00", "0800", "24:00", "08:60", "08:00:30", "", "八点"])
def test_a_start_that_is_no_time_is_refused(start: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        window(ANCHOR, start, 480, SHANGHAI)


@pytest.mark.parametrize(("minutes", "closed"), [(0, None), (-60, None), (480, 0), (480, -1)])
def test_a_shift_without_length_is_refused(minutes: int, closed: int | None) -> None:
    with pytest.raises(ValueError, match="at least a minute"):
        window(ANCHOR, "08:00", minutes, SHANGHAI, closed=closed)


def test_a_day_that_a_zone_left_out_has_no_shift() -> None:
    day_shift = ("D", (0,), {"D": Times("08:00", 480)})
    found = plan(day_shift, date(2011, 12, 29), 3, "Pacific/Apia")
    assert [p.day for p in found] == [date(2011, 12, 29), date(2011, 12, 31)]


starts = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
lengths = st.integers(61, 1440)  # a shift of an hour can fall into a skipped hour
days = st.dates(date(2012, 1, 1), date(2037, 12, 31))


@given(st.sampled_from(ZONES), days, starts, lengths)
def test_opens_starts_ends_come_in_order_in_every_zone(
    zone: str, day: date, start: str, minutes: int
) -> None:
    found = window(day, start, minutes, zone)
    assert found.opens_ms < found.starts_ms < found.ends_ms == found.closed_ms
    assert abs(found.ends_ms - found.starts_ms - minutes * 60_000) <= HOUR


@given(st.sampled_from(ZONES), days, starts, lengths)
def test_a_shift_starts_at_its_wall_time_or_when_it_was_skipped(
    zone: str, day: date, start: str, minutes: int
) -> None:
    starts_ms = window(day, start, minutes, zone).starts_ms
    shown = datetime.fromtimestamp(starts_ms / 1000, ZoneInfo(zone)).replace(tzinfo=None)
    wanted = datetime.combine(day, datetime.strptime(start, "%H:%M").time())
    second_before = datetime.fromtimestamp(starts_ms / 1000 - 1, ZoneInfo(zone))
    assert shown == wanted or (shown > wanted > second_before.replace(tzinfo=None))


@given(st.sampled_from(ZONES), days, starts, st.integers(1, 1440), st.integers(1, 1440))
def test_the_end_of_one_shift_is_the_start_of_the_next(
    zone: str, day: date, start: str, first: int, second: int
) -> None:
    end = datetime.combine(day, datetime.strptime(start, "%H:%M").time()) + timedelta(minutes=first)
    before = window(day, start, first, zone)
    after = window(end.date(), end.strftime("%H:%M"), second, zone)
    assert before.ends_ms == after.starts_ms


# A plan of many days ------------------------------------------------------------------------------


@full_cover
@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN, NEW_YORK, LORD_HOWE])
def test_the_shifts_of_400_days_leave_no_gap_and_no_double_cover(
    pattern: tuple[str, tuple[int, ...], dict[str, Times]], zone: str
) -> None:
    planned = plan(pattern, date(2027, 12, 1), 400, zone)
    assert len(planned) == 400 * len(pattern[2])
    for one, next_one in pairwise(planned):
        assert one.window.ends_ms == next_one.window.starts_ms


def test_instances_come_by_day_then_by_crew_with_their_codes() -> None:
    crews = {"JIA": 0, "YI": 1, "BING": 2, "DING": 3}
    found = list(instances("DNRR", ANCHOR, TWELVE_HOURS, crews, ANCHOR, 2, SHANGHAI))
    assert [(p.day.day, p.crew, p.code) for p in found] == [
        (1, "JIA", "D"),
        (1, "YI", "N"),
        (2, "JIA", "N"),
        (2, "DING", "D"),
    ]


def test_a_letter_without_a_shift_is_named() -> None:
    with pytest.raises(KeyError, match="N"):
        list(instances("DN", ANCHOR, {"D": Times("08:00", 720)}, {"JIA": 0}, ANCHOR, 2, SHANGHAI))


@given(st.sampled_from(ZONES), days, st.integers(0, 30))
def test_a_plan_made_in_two_halves_is_the_same_plan(zone: str, first: date, cut: int) -> None:
    pattern = FULL_COVER["四班两倒 8-day"]
    whole = plan(pattern, first, 30, zone)
    halves = plan(pattern, first, cut, zone)
    halves += plan(pattern, first + timedelta(days=cut), 30 - cut, zone)
    assert sorted(halves, key=lambda p: p.window.starts_ms) == whole


@given(
    st.text("DNR", min_size=1, max_size=14),
    st.lists(st.integers(-30, 30), min_size=1, max_size=5),
    st.sampled_from(ZONES),
    st.sampled_from([date(2028, 2, 29), date(2026, 12, 31)]) | days,
)
def test_any_cycle_gives_what_it_says_and_nothing_twice(
    cycle: str, offsets: list[int], zone: str, first: date
) -> None:
    """Every crew has its letter of every day once, and no shift begins before its last one ends."""
    pattern = (cycle, tuple(offsets), TWELVE_HOURS)
    made = plan(pattern, first, 100, zone)
    wanted = {
        (f"crew {number}", day, letter)
        for number, offset in enumerate(offsets)
        for day in (first + timedelta(days=n) for n in range(100))
        if (letter := crew_shifts(cycle, offset, ANCHOR, day))
    }
    assert {(p.crew, p.day, p.code) for p in made} == wanted and len(made) == len(wanted)
    for number in range(len(offsets)):
        mine = [p.window for p in made if p.crew == f"crew {number}"]
        assert all(one.ends_ms <= after.starts_ms for one, after in pairwise(mine))
