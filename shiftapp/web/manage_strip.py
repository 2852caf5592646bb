"""The next four weeks of crews, day by day: what a pattern, its anchor and an offset come to."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shiftapp.exchange import cover_words
from shiftapp.model import cover, crews, cycles, places, shifts
from shiftapp.model.crews import Pattern
from shiftapp.store import Row
from shiftapp.web import manage_scope
from shiftapp.web.context import now_ms, store
from shiftapp.web.plant_time import zone

DAYS = 28


@dataclass(frozen=True)
class Strip:
    """Days (ISO), and for each crew the shift of every day with its `sign`, None = rest."""

    days: list[str]
    rows: list[tuple[Row, list[Row | None]]]
    uncovered: list[str]  # days on which some shift has no crew, at any of the places
    doubled: list[str]  # days on which some shift has several
    example: bool = False  # nobody works the pattern yet: crews that do not exist


def strip(pattern: Pattern, shown: Sequence[Row], all_working: Sequence[Row] = ()) -> Strip:
    """The next 28 days of crews (rows of model/crews.py) on a pattern as it is or would be.

    What is uncovered or doubled counts `all_working`, else the crews that are shown. Without any
    crew it is drawn with examples.
    """
    rows = shown or examples(pattern)
    working = all_working or rows
    anchor = datetime.date.fromisoformat(pattern.anchor)
    first = shifts.site_day(rows[0]["zone"], now_ms())
    days = [first + datetime.timedelta(days=number) for number in range(DAYS)]
    numbers = [cover.day_number(pattern.cycle, anchor, day) for day in days]
    by_place = cover.by_place(working).values()
    lacking = {one.day for crew in by_place for one in cover.gaps(pattern.cycle, crew.values())}
    doubled = {one.day for crew in by_place for one in cover.doubles(pattern.cycle, crew)}
    drawn = _drawn(pattern)
    return Strip(
        [day.isoformat() for day in days],
        [(row, [drawn.get(_letter(pattern, row, day)) for day in days]) for row in rows],
        [day.isoformat() for day, n in zip(days, numbers, strict=True) if n in lacking],
        [day.isoformat() for day, n in zip(days, numbers, strict=True) if n in doubled],
        example=not shown,
    )


def crew_strip(code: str, said: Mapping[str, Any]) -> Strip | None:
    """The next 28 days of a crew as it is or was typed, and of those beside it on its pattern.

    `said` by the columns of its form; None where that does not make a crew.
    """
    pattern = crews.stored_pattern(store(), str(said.get("pattern", "")))
    group = next((row for row in crews.groups(store()) if row["code"] == said.get("group")), None)
    if pattern is None or group is None or not said.get("active") or "offset" not in said:
        return None
    place = (group["site"], str(said.get("area", "")))
    others = cover.beside(crews.crews(store()), code, place, pattern.code)
    zones = {row["code"]: row["zone"] for row in places.sites(store())}
    mine = {
        **{key: said.get(key, "") for key in ("name", "name_en", "area")},
        **{"code": code, "site": place[0], "zone": zones[place[0]]},
        **{"day_offset": said["offset"], "active": 1},
    }
    seen = {row["code"] for row in manage_scope.crews_seen()}
    shown = [mine, *(row for row in others if row["code"] in seen)]
    return strip(pattern, shown, [mine, *others])


def examples(pattern: Pattern) -> list[Row]:
    """Crews that do not exist, 示例甲班 and so on, as many as the cycle needs."""
    return [
        {
            "code": str(number),
            "name": cover_words.example(number)[0],
            "name_en": cover_words.example(number)[1],
            "site": "",
            "area": None,
            "zone": zone(),
            "day_offset": offset,
            "active": 1,
        }
        for number, offset in enumerate(cover.example_offsets(pattern.cycle))
    ]


def _drawn(pattern: Pattern) -> dict[str, Row]:
    """The shifts by letter, each with its sign: the first of its name where that is its own."""
    firsts = [one.name[:1] for one in pattern.shifts]
    return {
        one.code: {
            **vars(one),
            "sign": one.name[:1] if firsts.count(one.name[:1]) == 1 else one.code,
        }
        for one in pattern.shifts
    }


def _letter(pattern: Pattern, crew: Row, day: datetime.date) -> str:
    anchor = datetime.date.fromisoformat(pattern.anchor)
    return cycles.crew_shifts(pattern.cycle, crew["day_offset"], anchor, day) or ""
