"""The tables of an announcement's sheet: two columns of rows, as large as the sheet has room for.

A table begins the second column where that fits; else the rows run on from the first. At the least
size what has no room is left out, and a last row says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qr.announcement_sheet import Row, Table
from qr.glyphs import clean, spell_missing
from qr.shapes import EDGE, INK, INK_2, Pen, Surface, line
from qr.typeset import ELLIPSIS, Block, fit

LEFT, RIGHT, MIDDLE, GAP = 16.0, 194.0, 105.0, 8.0  # mm
_SIZES = (4.4, 4.1, 3.8, 3.5, 3.2, 2.9, 2.7, 2.5)  # of the tables, the largest that fits
_HAIR = Pen(EDGE, 0.15, "butt")


def draw_tables(
    surface: Surface, tables: Sequence[Table], cut: str, top: float, bottom: float
) -> None:
    """In two columns, in their order, as large as they fit; `cut` stands where the rest would."""
    room = bottom - top
    lines = [each for table in tables for each in _lines(table)]
    size = next((size for size in _SIZES if _fits(lines, size, room)), _SIZES[-1])
    columns = _columns(lines, size, room)
    lost = sum(map(len, columns)) < len(lines)
    if lost:
        rest = _Line("row", Row(cut, ELLIPSIS, quiet=True))
        columns[-1] = [*columns[-1][:-1], rest]
    for column, x in zip(columns, (LEFT, MIDDLE + GAP / 2), strict=True):
        y = top
        for each in column:
            _draw_line(surface, each, x, y, size)
            y += each.ems * size


@dataclass(frozen=True)
class _Line:
    """A line of a column: the title of a table, a row or the note under it."""

    kind: Literal["title", "row", "note"]
    row: Row

    @property
    def ems(self) -> float:
        """Its height, in ems."""
        return {"title": 2.3, "row": 1.62, "note": 3.2}[self.kind]


def _lines(table: Table) -> list[_Line]:
    lines = [_Line("title", Row(table.title, "")), *(_Line("row", row) for row in table.rows)]
    return [*lines, _Line("note", Row(table.note, ""))] if table.note else lines


def _fits(lines: Sequence[_Line], size: float, room: float) -> bool:
    return sum(map(len, _columns(lines, size, room))) == len(lines)


def _columns(lines: Sequence[_Line], size: float, room: float) -> list[list[_Line]]:
    """Two columns, the second beginning with a title where that is possible.

    What has no room in either is left out.
    """
    titles = [n for n, each in enumerate(lines) if each.kind == "title" and n]
    for cut in sorted(titles, key=lambda n: abs(_height(lines[:n]) - _height(lines[n:]))):
        if max(_height(lines[:cut]), _height(lines[cut:])) * size <= room:
            return [list(lines[:cut]), list(lines[cut:])]
    first = _whole(lines, size, room)
    return [list(lines[:first]), list(lines[first : first + _whole(lines[first:], size, room)])]


def _whole(lines: Sequence[_Line], size: float, room: float) -> int:
    """How many lines fit, no title being the last of them."""
    count = len(lines)
    while count and _height(lines[:count]) * size > room:
        count -= 1
    while count and count < len(lines) and lines[count - 1].kind == "title":
        count -= 1
    return count


def _height(lines: Sequence[_Line]) -> float:
    return sum(each.ems for each in lines)


def _draw_line(surface: Surface, each: _Line, x: float, y: float, size: float) -> None:
    width = MIDDLE - GAP / 2 - LEFT
    if each.kind == "row":
        _draw_row(surface, each.row, x, y, width, size)
    elif each.kind == "title":
        _set(each.row.words, width, size).draw(surface, x, y + 0.8 * size, colour=INK_2)
    else:
        block = _set(each.row.words, width, size * 0.86, lines=2)
        block.draw(surface, x, y + 0.2 * size, colour=INK_2)


def _draw_row(surface: Surface, row: Row, x: float, y: float, width: float, size: float) -> None:
    colour = INK_2 if row.quiet else INK
    figure = _set(row.figure, width * 0.4, size, bold=not row.quiet)
    figure.draw(surface, x + width, y + 0.1 * size, align=1.0, colour=colour)
    words = _set(row.words, width - figure.width - 2, size)
    words.draw(surface, x, y + 0.1 * size, colour=colour)
    below = y + 1.62 * size
    surface.stroke(line(x, below, x + width, below), _HAIR)


def _set(text: str, width: float, size: float, *, lines: int = 1, bold: bool = False) -> Block:
    said = spell_missing(clean(text))
    return fit(said, width, size=size, least=size / 2, lines=lines, leading=1.4, bold=bold)
