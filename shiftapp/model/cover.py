"""What a cycle and the offsets of its crews come to: shifts without a crew, shifts with two.

Pure and without a calendar. A day is a number of the cycle, from 0 (the anchor day), and one cycle
says everything, since the day after its last is its first again. Shifts go by the clock on the
wall, so what touches here touches in every zone and never overlaps (see cycles.py).

Cover is judged by shift and not by hour, and at one place only: the crews of a site and area that
work one pattern. Two workshops with four crews each are two places. Two shifts of a pattern whose
hours overlap are different work (repairs by day beside the shifts, a quarter of an hour to hand
over), so they are no double cover; and a day need not be 24 hours long. What a crew cannot do is
start a shift while its last one still runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NoReturn

from shiftapp.model.cycles import REST, Times
from shiftapp.problems import Problem
from shiftapp.store import Row

DAY_MIN = 1440
LEAST_MIN, MOST_MIN = 60, DAY_MIN  # how long a shift may be

Place = tuple[str, str]  # site and area, '' for the whole site


@dataclass(frozen=True)
class Gap:
    """A shift that no crew works on a day of the cycle."""

    day: int
    letter: str


@dataclass(frozen=True)
class Double:
    """A shift that several crews work on a day of the cycle."""

    day: int
    letter: str
    crews: tuple[str, ...]


@dataclass(frozen=True)
class Overlap:
    """A shift that still runs, `minutes` long, when the same crew starts its next one."""

    day: int
    letter: str
    next_day: int
    next_letter: str
    minutes: int


def letters(cycle: str) -> list[str]:
    """The shifts of a cycle, each once, in the order in which they come."""
    return [letter for letter in dict.fromkeys(cycle) if letter != REST]


def gaps(cycle: str, offsets: Iterable[int]) -> list[Gap]:
    """Every shift of the cycle that none of these crews works, by day."""
    rows = list(offsets)
    wanted = letters(cycle)
    return [
        Gap(day, letter)
        for day in range(len(cycle))
        for letter in wanted
        if all(_worked(cycle, offset, day) != letter for offset in rows)
    ]


def doubles(cycle: str, crews: Mapping[str, int]) -> list[Double]:
    """Every shift of the cycle that two or more of these crews (code → offset) work, by day."""
    found = []
    for day in range(len(cycle)):
        for letter in letters(cycle):
            at_work = [code for code, one in crews.items() if _worked(cycle, one, day) == letter]
            if len(at_work) > 1:
                found.append(Double(day, letter, tuple(at_work)))
    return found


def overlaps(cycle: str, shifts: Mapping[str, Times]) -> list[Overlap]:
    """Every shift that is not over when the same crew's next one starts, by day.

    Ending at the minute at which the next one starts is allowed. `shifts` may lack letters.
    """
    working = [day for day, letter in enumerate(cycle) if letter in shifts]
    found = []
    for day, following in zip(working, [*working[1:], *working[:1]], strict=True):
        away = (following - day) % len(cycle) or len(cycle)
        this, then = cycle[day], cycle[following]
        free = away * DAY_MIN + _minute(shifts[then].start) - _minute(shifts[this].start)
        if shifts[this].minutes > free:
            found.append(Overlap(day, this, following, then, shifts[this].minutes - free))
    return found


def must_be_workable(code: str, cycle: str, shifts: Mapping[str, Times]) -> None:
    """One crew can work this pattern, whatever others do.

    :raises Problem: 422 `pattern_shifts` when a letter of the cycle has no shift, or none is used;
        `shift_length` when one is shorter than an hour or longer than a day; `shifts_overlap` when
        a shift would start while the crew's last one still runs.
    """
    wanted = letters(cycle)
    missing = " ".join(sorted(set(wanted) - set(shifts)))
    if missing or not wanted:
        _refuse(
            "pattern_shifts",
            "班制 %(code)s 里的班次没有写时间：%(letters)s。",
            code=code,
            letters=missing or cycle,
        )
    for letter, one in shifts.items():
        if not LEAST_MIN <= one.minutes <= MOST_MIN:
            _refuse(
                "shift_length",
                "班次 %(letter)s 长 %(minutes)s 分钟。一个班 1 到 24 小时，改一下时间。",
                letter=letter,
                minutes=one.minutes,
            )
    for found in overlaps(cycle, shifts)[:1]:
        _refuse(
            "shifts_overlap",
            "循环第 %(day)s 天的 %(letter)s 班还没下班，同一班组第 %(next)s 天的 %(then)s 班"
            "就开始了。改时间，或者中间加一天 R。",
            day=found.day + 1,
            letter=found.letter,
            next=found.next_day + 1,
            then=found.next_letter,
        )


def by_place(crews: Iterable[Row]) -> dict[Place, dict[str, int]]:
    """The offsets of the crews in use (rows of crews.py) by place and code."""
    found: dict[Place, dict[str, int]] = {}
    for row in crews:
        if row["active"]:
            place = (row["site"], row["area"] or "")
            found.setdefault(place, {})[row["code"]] = row["day_offset"]
    return found


def beside(crews: Iterable[Row], code: str, place: Place, pattern: str) -> list[Row]:
    """The other crews in use at a place that work the same pattern."""
    return [
        row
        for row in crews
        if row["active"]
        and row["code"] != code
        and row["pattern"] == pattern
        and (row["site"], row["area"] or "") == place
    ]


def free_offset(cycle: str, taken: Iterable[int]) -> int | None:
    """The first offset at which one more crew meets none of those there; None: there is none."""
    there = set(taken)
    for offset in range(len(cycle)):
        if not any(_meet(cycle, offset, other) for other in there):
            return offset
    return None


def example_offsets(cycle: str) -> list[int]:
    """The offsets of as many crews as the cycle needs when each works every shift equally often.

    Evenly spread; where two of them would meet in a shift, one after the other at the next offset
    that is free.
    """
    often = max(Counter(cycle.replace(REST, "")).values())
    count = max(1, len(cycle) // often)
    even = [number * len(cycle) // count for number in range(count)]
    if not doubles(cycle, {str(one): one for one in even}):
        return even
    found = [0]
    while len(found) < count and (free := free_offset(cycle, found)) is not None:
        found.append(free)
    return found


def day_number(cycle: str, anchor: date, day: date) -> int:
    """Which day of the cycle a calendar day is."""
    return (day - anchor).days % len(cycle)


def next_day(cycle: str, anchor: date, number: int, first: date) -> date:
    """The calendar day, from `first` on, that is this day of the cycle."""
    return first + timedelta(days=(number - day_number(cycle, anchor, first)) % len(cycle))


def soonest(cycle: str, anchor: date, numbers: Sequence[int], first: date) -> int:
    """Which of these days of the cycle comes first, from `first` on."""
    return min(numbers, key=lambda number: next_day(cycle, anchor, number, first))


def _refuse(error: str, sentence: str, **params: object) -> NoReturn:
    raise Problem(422, error, sentence, params=params)


def _meet(cycle: str, one: int, other: int) -> bool:
    """Whether crews with these offsets ever work the same shift."""
    return bool(doubles(cycle, {"one": one, "other": other}))


def _worked(cycle: str, offset: int, day: int) -> str:
    return cycle[(day + offset) % len(cycle)]


def _minute(start: str) -> int:
    return int(start[:2]) * 60 + int(start[3:])
