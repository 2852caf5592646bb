"""The shift patterns that ship: full cover where they say so, and hours as they say."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shiftapp import library
from shiftapp.model import cover, cycles
from tests.library.twins import without_english

PATTERNS = library.patterns()
ANCHOR = date(2026, 11, 23)  # a Monday
every_pattern = pytest.mark.parametrize("code", PATTERNS)
# Cycles and offsets as practised (domain brief §5.3).
PRACTISED = {
    ("MMAANNRR", (0, 2, 4, 6)),
    ("NNAAMMRR", (0, 2, 4, 6)),
    ("MMMRAAARNNNR", (0, 3, 6, 9)),
    ("MARN", (0, 1, 2, 3)),
    ("DNRR", (0, 1, 2, 3)),
    ("DRNR", (0, 1, 2, 3)),
    ("DDNNRRRR", (0, 2, 4, 6)),
    ("DNR", (0, 1, 2)),
    ("DDNNRR", (0, 2, 4)),
    ("MMAANNRRRR", (0, 2, 4, 6, 8)),
}


def worked(pattern: dict[str, Any], day: date) -> Counter[str]:
    """How many crews work each shift of a day."""
    letters = (
        cycles.crew_shifts(pattern["cycle"], crew["offset"], ANCHOR, day)
        for crew in pattern["crews"]
    )
    return Counter(letter for letter in letters if letter is not None)


def test_the_practised_cycles_are_all_there() -> None:
    have = {
        (one["cycle"], tuple(crew["offset"] for crew in one["crews"])) for one in PATTERNS.values()
    }
    assert have >= PRACTISED


def test_day_work_is_there() -> None:
    assert any(one["anchor"] == "monday" and "长白班" in one["name"] for one in PATTERNS.values())


@every_pattern
def test_full_cover_is_what_it_says(code: str) -> None:
    pattern = PATTERNS[code]
    days = [ANCHOR + timedelta(days=n) for n in range(2 * len(pattern["cycle"]))]
    once = Counter(dict.fromkeys(pattern["shifts"], 1))
    assert all(worked(pattern, day) == once for day in days) == pattern["full_cover"]


@every_pattern
def test_full_cover_lasts_around_the_clock(code: str) -> None:
    pattern = PATTERNS[code]
    minutes = sum(shift["minutes"] for shift in pattern["shifts"].values())
    assert not pattern["full_cover"] or minutes == 24 * 60


@every_pattern
def test_the_hours_of_a_week_are_right(code: str) -> None:
    pattern = PATTERNS[code]
    minutes = [pattern["shifts"][one]["minutes"] for one in pattern["cycle"] if one != "R"]
    week = Decimal(sum(minutes)) * 7 / 60 / len(pattern["cycle"])
    assert abs(week - Decimal(pattern["hours_per_week"])) < Decimal("0.06")


@every_pattern
def test_a_cycle_names_its_shifts_and_no_others(code: str) -> None:
    pattern = PATTERNS[code]
    assert set(pattern["cycle"]) - {"R"} == set(pattern["shifts"])
    for shift in pattern["shifts"].values():
        made = cycles.window(ANCHOR, shift["start"], shift["minutes"], "Asia/Shanghai")
        assert made.ends_ms - made.starts_ms == shift["minutes"] * 60_000


@every_pattern
def test_english_stands_beside_every_text(code: str) -> None:
    assert list(without_english(PATTERNS[code])) == []


# Any 400 days, in any zone ------------------------------------------------------------------------

# In Cairo a day may lack its first hour; Apia left out a whole day, 30 December 2011.
ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Cairo",
)
# Days on which a calendar is most easily wrong: leap day, month ends, the turn of a year.
ODD_DAYS = (date(2028, 2, 29), date(2027, 2, 28), date(2026, 12, 31), date(2026, 4, 30))
first_days = st.sampled_from(ODD_DAYS) | st.dates(date(2012, 1, 1), date(2036, 12, 31))
DAYS = 400


def planned(pattern: dict[str, Any], first: date, days: int, zone: str) -> list[cycles.Planned]:
    """The instances of all crews of the library, in the order in which they start."""
    times = {one: cycles.Times(s["start"], s["minutes"]) for one, s in pattern["shifts"].items()}
    crews = {crew["name"]: crew["offset"] for crew in pattern["crews"]}
    made = cycles.instances(pattern["cycle"], ANCHOR, times, crews, first, days, zone)
    return sorted(made, key=lambda one: (one.window.starts_ms, one.crew))


@every_pattern
@settings(max_examples=12)
@example(date(2028, 2, 29), "Europe/Berlin")
@example(date(2028, 2, 29), "Australia/Lord_Howe")
@given(first_days, st.sampled_from(ZONES))
def test_any_400_days_are_covered_exactly_as_the_pattern_says(
    code: str, first: date, zone: str
) -> None:
    pattern = PATTERNS[code]
    made = planned(pattern, first, DAYS, zone)
    found = Counter((one.day, one.code, one.crew) for one in made)
    wanted = Counter(
        (day, letter, crew["name"])
        for day in (first + timedelta(days=number) for number in range(DAYS))
        for crew in pattern["crews"]
        if (letter := cycles.crew_shifts(pattern["cycle"], crew["offset"], ANCHOR, day))
    )
    assert found == wanted and set(found.values()) == {1}
    for one in made:
        shift = pattern["shifts"][one.code]
        window = cycles.window(one.day, shift["start"], shift["minutes"], zone)
        assert one.window == window and window.starts_ms < window.ends_ms


@every_pattern
@settings(max_examples=12)
@example(date(2028, 2, 29), "Europe/Berlin")
@example(date(2028, 2, 29), "Australia/Lord_Howe")
@given(first_days, st.sampled_from(ZONES))
def test_full_cover_of_400_days_leaves_no_gap_and_no_double(
    code: str, first: date, zone: str
) -> None:
    pattern = PATTERNS[code]
    made = planned(pattern, first, DAYS, zone)
    for crew in pattern["crews"]:
        mine = [one.window for one in made if one.crew == crew["name"]]
        assert all(one.ends_ms <= then.starts_ms for one, then in pairwise(mine))
    if not pattern["full_cover"]:
        return
    each_day = Counter((one.day, one.code) for one in made)
    assert each_day == Counter(
        (first + timedelta(days=number), letter)
        for number in range(DAYS)
        for letter in pattern["shifts"]
    )
    assert all(a.window.ends_ms == b.window.starts_ms for a, b in pairwise(made))


@every_pattern
@settings(max_examples=12)
@given(first_days, st.integers(1, 5))
def test_each_crew_works_as_often_as_the_cycle_says(code: str, first: date, times: int) -> None:
    pattern = PATTERNS[code]
    length = len(pattern["cycle"])
    made = planned(pattern, first, times * length, "Australia/Lord_Howe")
    found = Counter((one.crew, one.code) for one in made)
    assert found == {
        (crew["name"], letter): times * pattern["cycle"].count(letter)
        for crew in pattern["crews"]
        for letter in pattern["shifts"]
    }


@every_pattern
@settings(max_examples=12)
@given(first_days, st.sampled_from(ZONES), st.lists(st.integers(1, 60), max_size=6))
def test_a_plan_made_in_pieces_is_the_same_plan(
    code: str, first: date, zone: str, pieces: list[int]
) -> None:
    pattern = PATTERNS[code]
    whole = planned(pattern, first, sum(pieces), zone)
    found = []
    for number, piece in enumerate(pieces):
        found += planned(pattern, first + timedelta(days=sum(pieces[:number])), piece, zone)
    assert sorted(found, key=lambda one: (one.window.starts_ms, one.crew)) == whole


@every_pattern
def test_a_day_that_a_zone_left_out_is_the_only_gap(code: str) -> None:
    """Apia had no 30 December 2011: its shifts do not take place, all others do."""
    made = planned(PATTERNS[code], date(2011, 12, 1), 60, "Pacific/Apia")
    skipped = planned(PATTERNS[code], date(2011, 12, 1), 60, "Pacific/Auckland")
    gone = {one.day for one in skipped} - {one.day for one in made}
    assert gone <= {date(2011, 12, 30)}
    assert len({(one.day, one.code, one.crew) for one in made}) == len(made)
    if PATTERNS[code]["full_cover"]:
        windows = [one.window for one in made]
        assert all(one.ends_ms == then.starts_ms for one, then in pairwise(windows))


@every_pattern
def test_cover_of_the_library_is_what_a_desk_would_find(code: str) -> None:
    pattern = PATTERNS[code]
    offsets = {crew["name"]: crew["offset"] for crew in pattern["crews"]}
    times = {one: cycles.Times(s["start"], s["minutes"]) for one, s in pattern["shifts"].items()}
    assert bool(cover.gaps(pattern["cycle"], offsets.values())) == (not pattern["full_cover"])
    assert cover.doubles(pattern["cycle"], offsets) == []
    assert cover.overlaps(pattern["cycle"], times) == []
