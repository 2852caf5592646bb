"""A workbook held against an install: what every check of its rows needs, and references."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from shiftapp.exchange.columns import EXAMPLE, Column
from shiftapp.exchange.current import Content, Current
from shiftapp.exchange.faults import fault
from shiftapp.exchange.forms import BY_NOUN
from shiftapp.exchange.plan import Line, Plan

NAMES = {
    "site": ("厂区", "site"),
    "area": ("区域", "area"),
    "facility": ("装置", "facility"),
    "job": ("岗位", "job"),
    "station": ("工位", "station"),
    "group": ("统计组", "group"),
    "pattern": ("班制", "pattern"),
    "crew": ("班组", "crew"),
    "person": ("工号", "employee number"),
}


@dataclass
class Case:
    """The two sides, the codes that exist on either, and the day of the import at the plant."""

    plan: Plan
    current: Current
    day: datetime.date
    known: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for noun in NAMES:
            key = BY_NOUN[noun].keys[0]
            said = {str(line.values[key]) for line in self.lines(noun) if key in line.values}
            self.known[noun] = said | set(self.current.records[noun])

    def lines(self, noun: str) -> list[Line]:
        """All rows of a sheet."""
        return self.plan.lines.get(noun, [])

    def good(self, noun: str) -> Iterator[Line]:
        """The rows of a sheet in which no fault was found so far."""
        return (line for line in self.lines(noun) if line.good)

    def wrong(self, code: str, line: Line, key: str, **values: object) -> None:
        """Record a fault in a cell."""
        line.good = False
        self.plan.add(fault(code, **values), line.noun, line.row, key)

    def note(self, code: str, line: Line, key: str, **values: object) -> None:
        """Record a note about a cell, which stops nothing."""
        placed = self.plan.placed(fault(code, **values), line.noun, line.row, key)
        self.plan.notes.append(placed)

    def old(self, noun: str, key: str) -> Content | None:
        """The record that is there under this key."""
        return self.current.records[noun].get(key)

    def was_read(self, noun: str) -> bool:
        """Whether the sheet and its key column are there: else one fault is enough."""
        return BY_NOUN[noun].keys[0] in self.plan.places.get(noun, {})

    def check_references(self) -> None:
        """Every code in a cell names something that is in the workbook or in the install."""
        for noun, lines in self.plan.lines.items():
            columns = [column for column in BY_NOUN[noun].columns if column.to]
            for line in lines:
                for column in columns:
                    self._check_codes(line, column)

    def check_code(self, line: Line, key: str, noun: str, code: str) -> bool:
        """Whether something has this code; else a fault in the cell, with the nearest code."""
        if code in self.known[noun] or not self.was_read(noun):
            return True
        name, name_en = NAMES[noun]
        if code in self.plan.examples.get(noun, ()) or code.startswith(EXAMPLE):
            self.wrong("example_used", line, key, value=code, noun=name, noun_en=name_en)
            return False
        near = _nearest(code, self.known[noun])
        self.wrong(
            "unknown",
            line,
            key,
            value=code,
            noun=name,
            noun_en=name_en,
            guess=f"是不是 {near}？" if near else "",
            guess_en=f"Is it {near}?" if near else "",
        )
        return False

    def _check_codes(self, line: Line, column: Column) -> None:
        value = line.values.get(column.key, "")
        codes: Iterable[str] = value if isinstance(value, tuple) else (str(value),)
        for code in codes:
            if code:
                self.check_code(line, column.key, column.to, code)


def _nearest(code: str, known: set[str]) -> str:
    folded = {one.casefold(): one for one in known}
    if code.casefold() in folded:
        return folded[code.casefold()]
    if len(known) > 1000:
        return ""
    near = difflib.get_close_matches(code, sorted(known), n=1, cutoff=0.6)
    return near[0] if near else ""
