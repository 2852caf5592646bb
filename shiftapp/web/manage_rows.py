"""Forms with rows that can be added, moved and removed by submit buttons, without a script.

A field is named `key.row`; the hidden field `rows` says how many there are. The button `do` says
what to do: `add`, `add-2` (after row 2, from 0), `remove-2`, `up-2`, `down-2`, `pick-2`, or a word
of the page's own.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence
from typing import TypeVar

from flask import request

from shiftapp.web.numbers import whole

MOST_ROWS = 400

Rows = list[dict[str, str]]
Line = TypeVar("Line")


def typed_rows(keys: Sequence[str], ticked: Collection[str] = ()) -> Rows:
    """The rows as they were typed; `ticked` are keys of several boxes, joined by a blank."""
    total = min(whole(request.form.get("rows", "")) or 0, MOST_ROWS)
    return [{key: _typed(f"{key}.{row}", key in ticked) for key in keys} for row in range(total)]


def _typed(name: str, ticked: bool) -> str:
    values = request.form.getlist(name)
    text = " ".join(values) if ticked else next(iter(values), "")
    return text.replace("\r\n", "\n")


def action() -> tuple[str, int]:
    """The word of the button that was pressed, and its row; −1 without one."""
    word, _, row = request.form.get("do", "save").partition("-")
    number = whole(row)
    return word, -1 if number is None else number


def moved(rows: list[Line], word: str, at: int, blank: Line) -> tuple[list[Line], int]:
    """The rows after a button, and the row to look at then."""
    last = len(rows) - 1
    if word == "add":
        at = last if at < 0 else min(at, last)
        return [*rows[: at + 1], copy.deepcopy(blank), *rows[at + 1 :]], at + 1
    if not 0 <= at <= last:
        return rows, max(0, min(at, last))
    if word == "remove":
        return [*rows[:at], *rows[at + 1 :]], max(0, min(at, last - 1))
    to = {"up": at - 1, "down": at + 1}.get(word, at)
    if to != at and 0 <= to <= last:
        rows = list(rows)
        rows[at], rows[to] = rows[to], rows[at]
        return rows, to
    return rows, at
