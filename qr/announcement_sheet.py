"""What a printed announcement says, worded by whoever prints it; and the people as squares.

The notice board's sheet (announcement_pdf.py) and the card that messengers show
(announcement_png.py) are set from the same texts, so neither can say more than the other.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from qr.shapes import INK, Op, Outline, Pen, Surface
from qr.words import Lang

MOST_SQUARES = 1000


@dataclass(frozen=True)
class Figure:
    """A large number with what it counts."""

    words: str
    figure: str


@dataclass(frozen=True)
class Row:
    """A row of a table; `quiet`: a zero, in the second ink."""

    words: str
    figure: str
    quiet: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under a heading; `note` stands below them."""

    title: str
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One announcement in words; '' or empty: nothing stands there."""

    lang: Lang
    made: datetime.date
    kind: str
    company: str
    day: str
    url: str
    issued: str = ""  # when it was signed and until when it holds
    until: str = ""  # until when it holds, alone
    late: str = ""
    marks: str = ""  # which version, and over what it was signed, in a few words
    warning: str = ""  # it no longer fits its signature, say: then little else is filled in
    oath: str = ""
    open: tuple[str, ...] = ()
    signatory: str = ""
    title: str = ""  # of the signatory
    notes: tuple[str, ...] = ()  # in whose place, over what, instead of what
    units: tuple[Figure, ...] = ()  # on the sheet, four at most
    figures: tuple[Figure, ...] = ()  # on the card, four at most
    people: tuple[int, int] | None = None  # expected, on time
    people_words: str = ""
    tables: tuple[Table, ...] = ()
    cut: str = ""  # stands where the sheet has no more room
    check: tuple[str, ...] = ()  # how anybody can check it


def draw_squares(
    surface: Surface, people: tuple[int, int], x: float, y: float, width: float, height: float
) -> float:
    """A square for each person expected, filled for those on time; gives the height they take.

    Nothing is drawn of a crowd whose squares would be dust.
    """
    n, on = people
    if n > MOST_SQUARES:
        return 0.0
    columns = _columns(n, width, height)
    pitch = width / columns
    pen = Pen(INK, pitch * 0.07, "butt")
    squares = [(x + number % columns * pitch, y + number // columns * pitch) for number in range(n)]
    if on:
        surface.fill(_boxes(squares[:on], pitch * 0.74, 0.0), INK)
    if on < n:
        surface.stroke(_boxes(squares[on:], pitch * 0.74, pen.width / 2), pen)
    return -(-n // columns) * pitch


def _boxes(corners: list[tuple[float, float]], side: float, inset: float) -> Outline:
    """Squares as one outline: drawn one by one, a few hundred take their time."""
    operations: list[Op] = []
    for x, y in corners:
        left, top, right, bottom = x + inset, y + inset, x + side - inset, y + side - inset
        operations += [
            ("M", ((left, top),)),
            ("L", ((right, top),)),
            ("L", ((right, bottom),)),
            ("L", ((left, bottom),)),
            ("Z", ()),
        ]
    return tuple(operations)


def _columns(n: int, width: float, height: float) -> int:
    """The fewest squares in a row, not below 22, with which all rows stay within the height."""
    columns = 22
    while -(-n // columns) * width / columns > height:
        columns += 1
    return columns
