"""What was read of a workbook: its lines, and what is wrong with it so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from shiftapp.exchange.columns import Record
from shiftapp.exchange.faults import Fault
from shiftapp.exchange.forms import BY_NOUN


@dataclass
class Line:
    """One row of a sheet; `good` false: a fault was found in it. `values` has the good cells."""

    noun: str
    row: int
    values: Record
    good: bool = True
    numbers: tuple[str, ...] = ()  # keys whose cell was a plain number


@dataclass
class Plan:
    """What a workbook says, and what is wrong with it so far."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    places: dict[str, dict[str, int]] = field(default_factory=dict)  # noun → key → column, from 1
    titles: dict[str, str] = field(default_factory=dict)  # noun → sheet name in the file
    examples: dict[str, set[str]] = field(default_factory=dict)  # noun → first cells of examples

    def add(self, found: Fault, noun: str, row: int = 0, key: str = "") -> None:
        """Record a fault at a place."""
        self.faults.append(self.placed(found, noun, row, key))

    def placed(self, found: Fault, noun: str, row: int = 0, key: str = "") -> Fault:
        """The fault with its sheet, row and column."""
        column = BY_NOUN[noun].by_key.get(key)
        return replace(
            found,
            sheet=self.titles.get(noun, BY_NOUN[noun].title),
            row=row,
            index=self.places.get(noun, {}).get(key, 0),
            column=column.zh if column else "",
            column_en=column.en if column else "",
        )
