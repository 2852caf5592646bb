"""The proof beside the words: every figure of a draft with its number, source and second count.

Pure: a draft in, rows out. A figure stands in the words as `①` and in the table under the same
number, so that pressing the one marks the other.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Literal, NamedTuple

from flask_babel import gettext

from shiftapp.model.announcements import Draft
from shiftapp.model.counts import Count, Part
from shiftapp.model.disclosure import Grouped, Published
from shiftapp.web.dates import in_words
from shiftapp.web.language import named

Verdict = Literal["agrees", "differs", "alone", "hidden"]


class Mark(NamedTuple):
    """A figure as it stands in the words: `5①`."""

    number: str
    value: str


class Figures(NamedTuple):
    """One row of the table: one figure, or several of one source."""

    id: str
    item: str
    marks: tuple[Mark, ...]
    source: str
    check: str  # the second count; '' where there is one source only
    verdict: Verdict
    link: str = ""  # to the sources
    group: str = ""  # the heading it stands under

    @property
    def number(self) -> str:
        first, last = self.marks[0].number, self.marks[-1].number
        return first if first == last else f"{first}–{last}"

    @property
    def value(self) -> str:
        return ", ".join(mark.value for mark in self.marks)


class Line(NamedTuple):
    """A shift in the words, or the total: n, on time, and the three others in one row."""

    name: str
    expected: Figures
    on: Figures
    others: Figures

    @property
    def rows(self) -> tuple[Figures, ...]:
        return (self.expected, self.on, self.others)


class Proof(NamedTuple):
    """The whole table, and the same rows as the words need them."""

    lines: tuple[Line, ...]
    total: Line | None
    hazards: tuple[Figures, ...]
    crews: Figures

    @property
    def rows(self) -> list[Figures]:
        lines = (*self.lines, *([self.total] if self.total else []))
        return [*(row for line in lines for row in line.rows), *self.hazards, self.crews]

    @property
    def groups(self) -> list[tuple[str, list[Figures]]]:
        """The rows under their headings, in order."""
        grouped = itertools.groupby(self.rows, key=lambda row: row.group)
        return [(name, list(rows)) for name, rows in grouped]


def proof(draft: Draft) -> Proof:
    """Every figure of a draft, numbered in the order of the words."""
    numbers, found = itertools.count(1), draft.figures
    shown = set(map(id, found.published.shown))
    lines = tuple(
        _part(part, place, id(part) in shown, numbers) for place, part in enumerate(found.parts)
    )
    total = _total(found.published, numbers)
    return Proof(lines, total, tuple(_hazards(draft, numbers)), _crews(draft, numbers))


def circled(number: int) -> str:
    """① … ㊿, and plain figures after that."""
    if number <= 20:
        return chr(0x2460 + number - 1)
    if number <= 35:
        return chr(0x3251 + number - 21)
    return chr(0x32B1 + number - 36) if number <= 50 else f"({number})"


def part_name(part: Part) -> str:
    """Group, day and shift."""
    return gettext(
        "%(group)s %(day)s %(shift)s",
        group=named(part.about, "group_name"),
        day=in_words(part.about["date"], "short"),
        shift=named(part.about),
    )


def _part(part: Part, place: int, shown: bool, numbers: Iterator[int]) -> Line:
    away = part.rostered - part.check.n
    where = gettext("封存的公开条目") if part.in_log else gettext("班组记录")
    roster = gettext("排班 %(n)s，请假换班 %(x)s", n=part.rostered, x=away)
    sources = (roster, where, where)
    line = _line(part_name(part), part.count, part.check, sources, f"#part{place}", numbers)
    return line if shown else _hidden(line)


def _total(published: Published | Grouped, numbers: Iterator[int]) -> Line | None:
    total = published.total
    if total is None:
        return None
    held = published.held
    check = sum((part.check for part in held), Count())
    expected, on = (" + ".join(str(getattr(p.count, key)) for p in held) for key in ("n", "on"))
    sources = (expected, on, gettext("各班相加"))
    return _line(gettext("合计"), total, check, sources, "", numbers)


def _line(
    name: str,
    count: Count,
    check: Count,
    sources: tuple[str, str, str],
    link: str,
    numbers: Iterator[int],
) -> Line:
    def row(item: str, keys: tuple[str, ...], source: str) -> Figures:
        first = next(numbers)
        used = [first, *(next(numbers) for _ in keys[1:])]
        values, checks = ([str(getattr(c, key)) for key in keys] for c in (count, check))
        marks = tuple(Mark(circled(n), value) for n, value in zip(used, values, strict=True))
        verdict: Verdict = "agrees" if values == checks else "differs"
        return Figures(f"n{first}", item, marks, source, ", ".join(checks), verdict, link, name)

    return Line(
        name,
        row(gettext("应到"), ("n",), sources[0]),
        row(gettext("按时"), ("on",), sources[1]),
        row(gettext("没信号先封存、补做、没做"), ("off", "late", "none"), sources[2]),
    )


def _hidden(line: Line) -> Line:
    """A line too small to be published alone; a difference is told all the same."""
    rows = [
        row if row.verdict == "differs" else row._replace(verdict="hidden") for row in line.rows
    ]
    return Line(line.name, *rows)


def _hazards(draft: Draft, numbers: Iterator[int]) -> Iterator[Figures]:
    doc = draft.content["hazards"]
    items = {
        "veto_unanswered": gettext("没有人答复的否决项"),
        "unanswered": gettext("没有人答复的异常"),
        "major": gettext("未消除的重大隐患"),
        "general": gettext("正在处理的一般隐患"),
    }
    for key, words in items.items():
        yield _alone(words, str(doc[key]), gettext("隐患台账"), "/hazards", numbers)


def _crews(draft: Draft, numbers: Iterator[int]) -> Figures:
    doc = draft.content["crews"]
    value, source = f"{doc['signed']} / {doc['of']}", gettext("班组签字，签后没有新的事")
    return _alone(gettext("签了字的班组"), value, source, "#sign", numbers)


def _alone(item: str, value: str, source: str, link: str, numbers: Iterator[int]) -> Figures:
    """A figure of one source: there is nothing to compare it with."""
    number = next(numbers)
    mark, group = Mark(circled(number), value), gettext("隐患和签字")
    return Figures(f"n{number}", item, (mark,), source, "", "alone", link, group)
