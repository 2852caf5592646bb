"""The shift patterns that ship: full cover where they say so, and hours as they say."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shiftapp import library
from shiftapp.model import cycles
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
