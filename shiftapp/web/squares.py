"""People as squares: filled for those on time, hollow for the others. Two patterns, few rectangles.

The size of the drawing's text does not grow with the number of people (public page ≤ 20 KB).
"""

from __future__ import annotations

from typing import NamedTuple

PITCH = 19
_COLUMNS = ((110, 22), (880, 44), (1_000_000, 88))  # up to so many people: squares in a row


class Rect(NamedTuple):
    """A rectangle filled with pattern `y` (on time) or `n`."""

    kind: str
    x: int
    y: int
    width: int
    height: int


class Squares(NamedTuple):
    """A drawing: its size and what to fill."""

    width: int
    height: int
    rects: tuple[Rect, ...]


def squares(n: int, on: int) -> Squares:
    """`on` filled squares, then hollow ones up to `n`."""
    columns = next(columns for most, columns in _COLUMNS if n <= most)
    rows = -(-n // columns)
    rects = (*_run("y", 0, on, columns), *_run("n", on, n, columns))
    return Squares(columns * PITCH, rows * PITCH, rects)


def _run(kind: str, start: int, end: int, columns: int) -> list[Rect]:
    """Squares start ≤ i < end: the rest of a row, whole rows, the beginning of one."""
    found = []
    while start < end:
        row, column = divmod(start, columns)
        whole = (end - start) // columns if column == 0 else 0
        count = whole * columns if whole else min(end - start, columns - column)
        width = columns if whole else count
        found.append(Rect(kind, column * PITCH, row * PITCH, width * PITCH, max(whole, 1) * PITCH))
        start += count
    return found
