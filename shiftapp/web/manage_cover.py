"""What a desk refuses about who works when: gaps, two crews in one shift, shifts that overlap.

A pattern is judged by the crews that work it, at each site and area; one that nobody works yet by
examples. Gaps and double cover may be meant: the pattern says so. The first crew of four must be
addable, so a crew is only refused where it meets another one.
"""

from __future__ import annotations

from typing import Any

from shiftapp.exchange import cover_words
from shiftapp.exchange.cover_words import Said
from shiftapp.model import cover, crews, shifts
from shiftapp.model.crews import Crew, Pattern
from shiftapp.store import Db, Row
from shiftapp.web import manage_nouns, manage_strip
from shiftapp.web.context import now_ms
from shiftapp.web.manage_fields import Form
from shiftapp.web.plant_time import zone

# How the form of a pattern says its two columns: each is a box to tick.
_TICK: dict[str, Any] = {"about": "", "about_en": "", "default": 0}
GAPS = {**_TICK, "zh": cover_words.GAPS_OK[0], "en": cover_words.GAPS_OK[1]}
DOUBLE = {**_TICK, "zh": cover_words.DOUBLE_OK[0], "en": cover_words.DOUBLE_OK[1]}


def check_pattern(db: Db, made: Pattern, form: Form) -> None:
    """Refuse what the crews of a pattern would come to, unless it says that it is meant.

    :raises Problem: 422 `not_yet`; the form says what is wrong and what to do.
    """
    today = shifts.site_day(zone(), now_ms())
    if found := cover.overlaps(made.cycle, made.times):
        form.fail("cycle", *cover_words.overlaps(made, found))
    working = [row for row in crews.crews(db) if row["pattern"] == made.code and row["active"]]
    rows = working or manage_strip.examples(made)
    places = cover.by_place(rows)
    for place, offsets in places.items():
        missing = cover.gaps(made.cycle, offsets.values())
        if missing and not made.gaps_ok:
            where = _place(rows, place) if len(places) > 1 else cover_words.NOWHERE
            where = where if working else cover_words.with_examples(len(rows))
            mend = cover_words.ADD_CREW if working else cover_words.CHANGE_CYCLE
            told = cover_words.gaps(made, missing, today, where)
            form.fail("gaps_ok", *cover_words.or_tick(told, mend))
        double = cover.doubles(made.cycle, offsets)
        if double and not made.double_ok:
            told = cover_words.doubles(made, double, _names(rows), today)
            form.fail("double_ok", *cover_words.or_tick(told, cover_words.MOVE_ONE))
    if form.faults:
        raise manage_nouns.not_yet()


def check_crew(db: Db, made: Crew, form: Form) -> None:
    """Refuse a crew that meets another one of its place in a shift, unless the pattern allows it.

    :raises Problem: 422 `not_yet`; the form names the other crew and an offset that is free.
    """
    pattern = crews.stored_pattern(db, made.pattern)
    if pattern is None or pattern.double_ok or not made.active:
        return
    others = cover.beside(crews.crews(db), made.code, (made.site, made.area or ""), made.pattern)
    offsets = {row["code"]: row["day_offset"] for row in others}
    found = cover.doubles(pattern.cycle, {made.code: made.day_offset, **offsets})
    met = [one for one in found if made.code in one.crews]
    if not met:
        return
    names = {**_names(others), made.code: (made.name, made.name_en or made.name)}
    told = cover_words.doubles(pattern, met, names, shifts.site_day(zone(), now_ms()))
    free = cover.free_offset(pattern.cycle, offsets.values())
    form.fail("offset", *cover_words.or_offset(told, free))
    raise manage_nouns.not_yet()


def _names(rows: list[Row]) -> dict[str, Said]:
    return {row["code"]: (row["name"], row["name_en"] or row["name"]) for row in rows}


def _place(rows: list[Row], place: cover.Place) -> Said:
    """The name of a place: its area, or its site where the crews are of the whole site."""
    row = next(one for one in rows if (one["site"], one["area"] or "") == place)
    kind = "area" if place[1] else "site"
    zh = row[f"{kind}_name"]
    return zh, row[f"{kind}_name_en"] or zh
