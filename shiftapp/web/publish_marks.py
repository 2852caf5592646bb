"""A figure and its number: what stands in the words as `5①` and in the table under ①. Pure.

Numbers run in the order of the words; whoever makes a row takes the next ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from shiftapp.model import announcement_items
from shiftapp.model.announcement_items import Doc
from shiftapp.web.language import language

Verdict = Literal["agrees", "differs", "alone", "hidden"]
Names = Sequence[tuple[str, str, str]]  # code, Chinese, English


class Mark(NamedTuple):
    """A figure as it stands in the words: what it is of, its value and its number."""

    label: str
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
    link: str = ""  # to what it counts, on the page of sources

    @property
    def number(self) -> str:
        first, last = self.marks[0].number, self.marks[-1].number
        return first if first == last else f"{first}–{last}"

    @property
    def value(self) -> str:
        return ", ".join(mark.value for mark in self.marks)


class Block(NamedTuple):
    """The rows under one heading: a paragraph of the words."""

    name: str
    rows: tuple[Figures, ...]

    @property
    def said(self) -> tuple[Figures, ...]:
        """Those that stand in the words: not of shifts too small to be told alone."""
        return tuple(row for row in self.rows if row.verdict != "hidden")


def row(
    numbers: Iterator[int],
    names: Names,
    values: Sequence[object],
    source: str,
    link: str,
    check: Sequence[object] | None = None,
) -> Figures:
    """The row of some figures; `check`: the same counted a second time, None: one source only."""
    first = next(numbers)
    used = [first, *(next(numbers) for _ in names[1:])]
    said, again = [str(one) for one in values], [str(one) for one in check or ()]
    marks = tuple(
        Mark(label(zh, en), circled(n), value)
        for n, (_, zh, en), value in zip(used, names, said, strict=True)
    )
    verdict: Verdict = "alone" if check is None else "agrees" if said == again else "differs"
    item = (", " if language() == "en" else "、").join(mark.label for mark in marks)
    return Figures(f"n{first}", item, marks, source, ", ".join(again), verdict, link)


def values(block: Doc, names: Names) -> list[int]:
    """The figures of a document's block by their names."""
    return [announcement_items.at(block, code) or 0 for code, _, _ in names]


def label(zh: str, en: str) -> str:
    """The name of a figure in the page's language."""
    return f"{en[:1].upper()}{en[1:]}" if language() == "en" else zh


def circled(number: int) -> str:
    """① … ㊿, and plain figures after that."""
    if number <= 20:
        return chr(0x2460 + number - 1)
    if number <= 35:
        return chr(0x3251 + number - 21)
    return chr(0x32B1 + number - 36) if number <= 50 else f"({number})"
