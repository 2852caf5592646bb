"""Gaps, double cover and overlaps (model/cover.py) in words, for pages and workbooks alike.

Each sentence names the first case from a day on, and how many there are in a cycle. What to do
about it differs: a desk has boxes to tick, a workbook has columns.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from shiftapp.model import cover
from shiftapp.model.crews import Pattern

Said = tuple[str, str]  # Chinese, English
NOWHERE: Said = ("", "")
STEMS = "甲乙丙丁戊己庚辛壬癸"

# The boxes of a desk, and what else one can do there.
GAPS_OK: Said = ("有的班次没人上，就这样排", "Some shifts have no crew: keep it so")
DOUBLE_OK: Said = ("同一班次两个班组上，就这样排", "Two crews work one shift: keep it so")
ADD_CREW: Said = ("加班组，或者改偏移", "Add a crew or change an offset")
CHANGE_CYCLE: Said = ("改循环", "Change the cycle")
MOVE_ONE: Said = ("改一个班组的偏移", "Change the offset of one")


def gaps(
    pattern: Pattern, found: Sequence[cover.Gap], first: datetime.date, where: Said = NOWHERE
) -> Said:
    """Which shift has no crew on which day; `where`: at which place, if there are several."""
    day, date = _soonest(pattern, [one.day for one in found], first)
    letter = next(one.letter for one in found if one.day == day)
    zh, en = _shift(pattern, letter)
    there, on = (f"{where[0]}：", f"{where[1]}: on") if where != NOWHERE else ("", "On")
    return (
        f"{there}{date}（循环第 {day + 1} 天）没有班组上{zh}，一个循环里有 {len(found)} 次没人上。",
        f"{on} {date} (day {day + 1} of the cycle)"
        f" no crew works {en}; {len(found)} such shifts in a cycle.",
    )


def doubles(
    pattern: Pattern,
    found: Sequence[cover.Double],
    crews: Mapping[str, Said],
    first: datetime.date,
) -> Said:
    """Which crews work the same shift on which day; `crews` has their names by code."""
    day, date = _soonest(pattern, [one.day for one in found], first)
    one = next(one for one in found if one.day == day)
    zh, en = _shift(pattern, one.letter)
    names, names_en = ([crews[code][n] for code in one.crews] for n in (0, 1))
    return (
        f"{date}（循环第 {day + 1} 天）{'和'.join(names)}都上{zh}，一个循环里有 {len(found)} 次。",
        f"On {date} (day {day + 1} of the cycle) {' and '.join(names_en)} work {en};"
        f" {len(found)} times in a cycle.",
    )


def overlaps(pattern: Pattern, found: Sequence[cover.Overlap]) -> Said:
    """Which shift is not over when the crew's next one starts."""
    one = found[0]
    (zh, en), (then, then_en) = _shift(pattern, one.letter), _shift(pattern, one.next_letter)
    start = pattern.times[one.next_letter].start
    return (
        f"同一班组的班接上了头：循环第 {one.day + 1} 天的{zh}还剩 {one.minutes} 分钟，"
        f"第 {one.next_day + 1} 天的{then} {start} 就开始了。改时间，或者在中间加一天 R。",
        f"A crew's shifts overlap: {en} of day {one.day + 1} of the cycle has {one.minutes}"
        f" minutes left when {then_en} of day {one.next_day + 1} starts at {start}."
        " Change the times, or put an R between them.",
    )


def or_tick(told: Said, mend: Said) -> Said:
    """What is wrong, with how to mend it; or the box at which it stands says that it is meant."""
    return (
        f"{told[0]}{mend[0]}；本来就这样排，就打勾。",
        f"{told[1]} {mend[1]}; tick here if it is meant.",
    )


def or_offset(told: Said, free: int | None) -> Said:
    """What is wrong with a crew's offset, with one that is free; None: there is none."""
    if free is None:
        return (
            f"{told[0]}这里排满了：换个区域或班制，或者在班制里勾“{DOUBLE_OK[0]}”。",
            f"{told[1]} Nothing is free here: choose another area or pattern, or tick"
            f" “{DOUBLE_OK[1]}” there.",
        )
    return f"{told[0]}偏移 {free} 空着，用它。", f"{told[1]} Offset {free} is free: use it."


def with_examples(count: int) -> Said:
    """Where nobody works a pattern: with how many example crews it was judged."""
    return f"按 {count} 个示例班组排", f"With {count} example crews"


def example(number: int) -> Said:
    """The name of an example crew, numbered from 0."""
    stem = STEMS[number] if number < len(STEMS) else number + 1
    return f"示例{stem}班", f"Example crew {number + 1}"


def _soonest(
    pattern: Pattern, days: Sequence[int], first: datetime.date
) -> tuple[int, datetime.date]:
    anchor = datetime.date.fromisoformat(pattern.anchor)
    day = cover.soonest(pattern.cycle, anchor, days, first)
    return day, cover.next_day(pattern.cycle, anchor, day, first)


def _shift(pattern: Pattern, letter: str) -> Said:
    found = next(one for one in pattern.shifts if one.code == letter)
    return f"{found.name}（{letter}）", f"{found.name_en or found.name} ({letter})"
