"""Forms of the manager's pages: a field is a column of the workbook, drawn, read and told alike.

A form keeps what was typed, right or wrong, and `seen`: a short hash of what was stored when the
page was made. Whoever saves says what they saw; if it is no longer so, nothing is written and the
page comes back with both values.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request

from shiftapp.exchange import cells
from shiftapp.exchange.columns import CHOICES, Column, Record, Sheet
from shiftapp.exchange.faults import fault
from shiftapp.problems import Problem
from shiftapp.store import Row

Content = dict[str, Any]  # what is stored of a thing, by key of a column; JSON can hold it
Typed = dict[str, str]
# value, and a row with `name` and `name_en` to show for it
Options = Sequence[tuple[str, Row]]

# A refusal of the model → the field whose fault it is.
FIELD_OF = {
    "no_taken": "no",
    "label_taken": "label",
    "code_taken": "code",
    "unknown_site": "site",
    "unknown_area": "area",
    "unknown_group": "group",
    "unknown_pattern": "pattern",
    "unknown_crew": "crew",
    "unknown_job": "jobs",
    "no_target": "target",
    "bad_rank": "hazard_rank",
    "not_a_unit": "process",
    "has_history": "kind",
    "still_unsafe": "active",
}


@dataclass
class Form:
    """Fields with what was typed; `values` are those that could be read."""

    columns: tuple[Column, ...]
    typed: Typed
    seen: str = ""
    values: Record = field(default_factory=dict)
    faults: dict[str, Row] = field(default_factory=dict)  # `text` and `text_en` by key
    stored: Typed | None = None  # what somebody else has saved meanwhile
    rows: dict[str, list[Typed]] = field(default_factory=dict)  # parts that repeat, as typed
    stored_rows: dict[str, list[Typed]] = field(default_factory=dict)  # as somebody else saved them
    parts: dict[str, Any] = field(default_factory=dict)  # and as the model has them

    def fail(self, key: str, zh: str, en: str) -> None:
        """Tell a fault of a field; the first one stays."""
        self.faults.setdefault(key, {"text": zh, "text_en": en})

    def fault(self, key: str, code: str, **params: object) -> None:
        """Tell a fault in the words of the workbook."""
        told = fault(code, **params)
        self.fail(key, told.zh, told.en)

    def blame(self, problem: Problem) -> None:
        """Put a refusal of the model at the field whose fault it is; its sentence is the page's."""
        self.faults.setdefault(FIELD_OF.get(problem.code, ""), {"problem": problem})
        self.faults.pop("", None)

    def must_be_new(self, stored: Content) -> None:
        """Nobody has saved since the page was made.

        :raises Problem: 409 `changed_meanwhile`.
        """
        if self.seen != mark(stored):
            raise Problem(
                409,
                "changed_meanwhile",
                "别人刚改过，你的还没存。看一眼不同的地方，再按一次就用你的。",
            )

    def beside(self, other: Form) -> None:
        """Show what somebody else saved beside what was typed; the next press replaces it."""
        self.stored, self.stored_rows, self.seen = other.typed, other.rows, other.seen

    def differs(self, key: str) -> bool:
        """Whether somebody else saved another value, or other rows, than were typed."""
        if key in self.stored_rows:
            return self.stored_rows[key] != self.rows.get(key)
        return self.stored is not None and self.stored.get(key) != self.typed.get(key)

    def described_by(self, column: Column) -> str:
        """The ids of what is said below a field."""
        told = {
            "help": bool(column.about),
            "bad": column.key in self.faults,
            "stored": self.differs(column.key),
        }
        return " ".join(f"{what}-{column.key}" for what, there in told.items() if there)


def some(sheet: Sheet, keys: str, **changes: dict[str, Any]) -> tuple[Column, ...]:
    """Columns of a sheet as fields, in this order; `changes` by key where a form says it else.

    That an English twin is for English pages needs no help line at a desk.
    """
    plain: dict[str, Any] = {"about": "", "about_en": ""}
    return tuple(
        replace(sheet.by_key[key], **(plain if key.endswith("_en") else {}) | changes.get(key, {}))
        for key in keys.split()
    )


def shown(columns: Sequence[Column], stored: Content) -> Form:
    """The form over what is stored."""
    return Form(tuple(columns), typed_of(columns, stored), mark(stored))


def blank(columns: Sequence[Column], **typed: str) -> Form:
    """An empty form, with the defaults of its columns and what is given."""
    start = {one.key: _text(one, one.default) for one in columns}
    return Form(tuple(columns), {**start, **typed})


def sent(columns: Sequence[Column]) -> Form:
    """What a browser sent, with the faults of single fields."""
    form = Form(tuple(columns), {}, request.form.get("seen", ""))
    for column in columns:
        text = _sent(column)
        form.typed[column.key] = text
        try:
            form.values[column.key] = cells.read(column, text)
        except cells.CellFault as wrong:
            form.fault(column.key, wrong.code, **wrong.params)
    return form


def read_row(columns: Sequence[Column], typed: Typed, form: Form, row: int) -> Record:
    """One row of a part that repeats; its faults stand at `key.row`, numbered from 0."""
    record: Record = {}
    for column in columns:
        try:
            record[column.key] = cells.read(column, typed.get(column.key, ""))
        except cells.CellFault as wrong:
            form.fault(f"{column.key}.{row}", wrong.code, **wrong.params)
    return record


def typed_of(columns: Sequence[Column], stored: Content) -> Typed:
    """Stored values as somebody would type them."""
    return {one.key: _text(one, stored.get(one.key, "")) for one in columns}


def mark(stored: Content) -> str:
    """What is stored, as one short text that is another when anything is."""
    said = json.dumps(stored, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def choices(column: Column) -> Options:
    """The choices of a closed set."""
    return [(code, {"name": zh, "name_en": en}) for code, zh, en in CHOICES[column.choice]]


def named_options(rows: Sequence[Row], key: str = "code") -> Options:
    """Rows to choose from, by a key, shown by their names; the inactive ones are left out."""
    return [(str(row[key]), row) for row in rows if row.get("active", 1)]


def _sent(column: Column) -> str:
    values = request.form.getlist(column.key)
    # A box that is not ticked is not sent at all.
    none = _text(column, column.default) if column.choice == "yes" else ""
    many = column.kind == "codes" or bool(column.to)  # where one is meant, two are told as a fault
    text = " ".join(dict.fromkeys(values)) if many else next(iter(values), none)
    return text.replace("\r\n", "\n")


def _text(column: Column, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return ("\n" if column.kind == "lines" else " ").join(str(one) for one in value)
    return str(value)
