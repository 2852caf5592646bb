"""Tables on as many sheets of A4 as they need: a shift's report on paper.

Plain texts in, set with typeset.py; nothing is cut. The headings of a table stand again on each of
its pages. A character without a glyph is named by its code.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from qr.glyphs import clean, spell_missing
from qr.pdf import PdfSurface
from qr.shapes import EDGE, INK_2, Pen, line
from qr.typeset import Block, Line, Piece, fit, wrap
from qr.words import Lang

LEFT, RIGHT, TOP, BOTTOM = 14.0, 196.0, 27.0, 283.0  # mm
_SIZE, _LEADING, _GAP = 2.9, 1.35, 1.6  # of a table's text; mm between two columns
_ROW_PADDING = 1.1
_MOST_LINES = 50  # of one row on one page: a longer one goes on below
_RULE, _HAIR = Pen(EDGE, 0.4, "butt"), Pen(EDGE, 0.15, "butt")


@dataclass(frozen=True)
class Section:
    """One table; `widths` are shares, `empty` stands there when it has no rows.

    A text may have several lines.
    """

    title: str
    heads: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""


Row = tuple[Block, ...]


def report_pdf(
    sections: Sequence[Section],
    *,
    title: str,
    note: str,
    company: str,
    page: str,
    made: datetime.date,
    lang: Lang,
) -> bytes:
    """The PDF; `page` words the number of a page with {n} and {of}. Equal input, equal bytes."""
    texts = [spell_missing(clean(text)) for text in (title, note, company)]
    pages = _pages(sections)
    with PdfSurface(title=texts[0], author=texts[2], lang=lang, made=made) as surface:
        for number, parts in enumerate(pages, start=1):
            surface.new_sheet()
            foot = page.format(n=number, of=len(pages))
            _draw_frame(surface, texts, foot)
            for part in parts:
                part.draw(surface)
        return surface.output()


@dataclass(frozen=True)
class _Part:
    """A line of blocks at a height, with a rule below it."""

    blocks: Row
    edges: tuple[float, ...]
    top: float
    bottom: float
    pen: Pen
    quiet: bool = False

    def draw(self, surface: PdfSurface) -> None:
        for block, x in zip(self.blocks, self.edges, strict=True):
            if self.quiet:
                block.draw(surface, x, self.top, colour=INK_2)
            else:
                block.draw(surface, x, self.top)
        surface.stroke(line(LEFT, self.bottom, RIGHT, self.bottom), self.pen)


class _Setter:
    """Fills pages from the top down."""

    def __init__(self) -> None:
        self.pages: list[list[_Part]] = [[]]
        self.y = TOP

    def new_page(self) -> None:
        self.pages.append([])
        self.y = TOP

    def room(self, height: float) -> bool:
        return self.y + height <= BOTTOM

    def put(self, row: Row, edges: tuple[float, ...], pen: Pen, *, quiet: bool = False) -> None:
        bottom = self.y + _height(row)
        part = _Part(row, edges, self.y + _ROW_PADDING / 2, bottom, pen, quiet)
        self.pages[-1].append(part)
        self.y = bottom


def _pages(sections: Sequence[Section]) -> list[list[_Part]]:
    setter = _Setter()
    for section in sections:
        _set_section(setter, section)
    return setter.pages


def _set_section(setter: _Setter, section: Section) -> None:
    edges, widths = _columns(section.widths)
    title = (_block(section.title, RIGHT - LEFT, size=4.6, bold=True),)
    heads = tuple(_block(h, w, bold=True) for h, w in zip(section.heads, widths, strict=True))
    rows = [row for texts in section.rows for row in _rows(texts, widths)]
    rows = rows or [(_block(section.empty, RIGHT - LEFT),)]
    setter.y += 4.0 if setter.pages[-1] else 0.0
    if not setter.room(_height(title) + _height(heads) + _height(rows[0])):
        setter.new_page()
    setter.put(title, (LEFT,), _RULE)
    if section.rows:
        setter.put(heads, edges, _RULE, quiet=True)
    for row in rows:
        if not setter.room(_height(row)):
            setter.new_page()
            setter.put(heads, edges, _RULE, quiet=True)
        setter.put(row, edges[: len(row)], _HAIR)


def _columns(shares: Sequence[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The left edges and the widths of columns on a sheet."""
    room = RIGHT - LEFT - _GAP * (len(shares) - 1)
    widths = tuple(room * share / sum(shares) for share in shares)
    edges = tuple(LEFT + sum(widths[:n]) + n * _GAP for n in range(len(widths)))
    return edges, widths


def _rows(texts: Sequence[str], widths: Sequence[float]) -> list[Row]:
    """One row of a table, in pieces where it is longer than a page takes."""
    cells = [_lines(text, width) for text, width in zip(texts, widths, strict=True)]
    longest = max(len(cell) for cell in cells)
    return [
        tuple(Block(tuple(cell[n : n + _MOST_LINES]), _SIZE, _LEADING) for cell in cells)
        for n in range(0, max(longest, 1), _MOST_LINES)
    ]


def _lines(text: str, width: float) -> list[Line]:
    said = (spell_missing(clean(part)) for part in text.split("\n"))
    return [found for part in said if part for found in wrap((Piece(part),), width, _SIZE)]


def _block(text: str, width: float, *, size: float = _SIZE, bold: bool = False) -> Block:
    said = spell_missing(clean(text))
    return fit(said, width, size=size, least=size / 2, lines=2, leading=_LEADING, bold=bold)


def _height(row: Row) -> float:
    return max([block.height for block in row] + [_SIZE * _LEADING]) + _ROW_PADDING


def _draw_frame(surface: PdfSurface, texts: Sequence[str], foot: str) -> None:
    """Title, company and how far the data goes on top; the number of the page below."""
    title, note, company = texts
    head = fit(title, 120, size=5.0, least=2.6, bold=True)
    head.draw(surface, LEFT, 11.0)
    fit(company, 58, size=3.2, least=1.6).draw(surface, RIGHT, 12.0, align=1.0)
    fit(note, 120, size=3.2, least=1.6).draw(surface, LEFT, 18.2, colour=INK_2)
    surface.stroke(line(LEFT, 23.6, RIGHT, 23.6), _RULE)
    fit(foot, 80, size=3.2, least=1.6).draw(surface, RIGHT, 286.0, align=1.0, colour=INK_2)
