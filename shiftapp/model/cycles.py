"""Shift arithmetic: which shift a crew works on a day, and the instants of that shift's window.

Pure: a cycle string, a calendar day and an IANA zone in, instants out; no store and no clock.
People work by the clock on the wall, so a shift goes from its wall time to its wall time: in the
night when the clocks go back a 22:00–06:00 shift lasts nine hours, in spring seven. A wall time
is taken as the first instant at which the clock shows it *or later*. So a time that the clocks
show twice is its first showing, a time that they skip is the instant of the skip, and since the
rule only ever rises, the end of one shift and the start of the next can neither overlap nor
leave a gap. `opens` is counted back in elapsed minutes, as a worker waits them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

REST = "R"


@dataclass(frozen=True)
class Window:
    """The instants of a shift instance, Unix ms UTC; `starts_ms` is due."""

    opens_ms: int
    starts_ms: int
    ends_ms: int
    closed_ms: int


@dataclass(frozen=True)
class Times:
    """A shift of a pattern: `start` 'HH:MM' on the site's wall clock, length in minutes."""

    start: str
    minutes: int


@dataclass(frozen=True)
class Planned:
    """One shift instance as the pattern plans it; `day` is the day of its start."""

    crew: str
    day: date
    code: str
    window: Window


def crew_shifts(cycle: str, offset: int, anchor: date, day: date) -> str | None:
    """The letter that a crew works on a day, None for rest (R).

    `offset` is how many days into the cycle the crew is on the anchor day; both may lie in
    the past or the future of `day`.

    :raises ValueError: the cycle is empty.
    """
    if not cycle:
        raise ValueError("a cycle has at least one day")
    letter = cycle[((day - anchor).days + offset) % len(cycle)]
    return None if letter == REST else letter


def window(
    day: date,
    start: str,
    minutes: int,
    zone: str,
    opens_before_min: int = 45,
    closed: int | None = None,
) -> Window:
    """The window of the shift that starts on `day` at `start` ('HH:MM') in an IANA zone.

    `closed`: wall-clock minutes after the start, None for the end of the shift. A shift that the
    clocks skip altogether has `ends_ms` equal to `starts_ms`.

    :raises ValueError: `start` is no time, or `minutes` or `closed` not positive.
    :raises zoneinfo.ZoneInfoNotFoundError: no such zone.
    """
    closed_min = minutes if closed is None else closed
    if minutes < 1 or closed_min < 1:
        raise ValueError("a shift lasts at least a minute")
    wall = datetime.combine(day, _clock(start))
    starts_ms = _instant_ms(wall, zone)
    return Window(
        opens_ms=starts_ms - opens_before_min * 60_000,
        starts_ms=starts_ms,
        ends_ms=_instant_ms(wall + timedelta(minutes=minutes), zone),
        closed_ms=_instant_ms(wall + timedelta(minutes=closed_min), zone),
    )


def instances(
    cycle: str,
    anchor: date,
    shifts: Mapping[str, Times],
    crews: Mapping[str, int],
    first: date,
    days: int,
    zone: str,
    *,
    opens_before_min: int = 45,
) -> Iterator[Planned]:
    """Every instance of some days from `first` on, by day, then by crew as given.

    `shifts` has one entry a letter of the cycle, `crews` the offset of each crew. A shift that
    the clocks skip altogether (Apia had no 30 December 2011) does not take place.

    :raises KeyError: a letter of the cycle has no shift.
    """
    for number in range(days):
        day = first + timedelta(days=number)
        for crew, offset in crews.items():
            code = crew_shifts(cycle, offset, anchor, day)
            if code is None:
                continue
            times = shifts[code]
            planned = window(day, times.start, times.minutes, zone, opens_before_min)
            if planned.starts_ms < planned.ends_ms:
                yield Planned(crew, day, code, planned)


def _clock(text: str) -> time:
    if len(text) != 5 or text[2] != ":":  # fromisoformat takes '0800' and '08:00:30' too
        raise ValueError(f"no HH:MM: {text!r}")
    return time.fromisoformat(text)


@lru_cache(maxsize=4096)
def _instant_ms(wall: datetime, zone: str) -> int:
    """The first instant (Unix ms) at which the zone's clocks show `wall` or later."""
    place = ZoneInfo(zone)
    earlier, later = (wall.replace(tzinfo=place, fold=f).astimezone(UTC) for f in (0, 1))
    if earlier.astimezone(place).replace(tzinfo=None) == wall:
        return _ms(earlier)
    # Skipped (PEP 495): fold 1 lies before the skip and fold 0 after it, so look between them.
    before, after = _ms(later) // 1000, _ms(earlier) // 1000
    while after - before > 1:
        middle = (before + after) // 2
        shown = datetime.fromtimestamp(middle, place).replace(tzinfo=None)
        before, after = (before, middle) if shown >= wall else (middle, after)
    return after * 1000


def _ms(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
