"""The announcement on one sheet of A4 for the notice board, as PDF with text that can be selected.

Black on white; its code leads to the page, which alone knows whether this is still the newest
version and whether it still holds. The tables are set as large as they fit; what is too long even
at the smallest size is cut at its end and says so: the page has all of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from qr.announcement_sheet import Figure, Sheet, draw_squares
from qr.announcement_tables import GAP, LEFT, MIDDLE, RIGHT, draw_tables
from qr.code import AddressError, qr_matrix
from qr.glyphs import clean, spell_missing
from qr.pdf import PdfSurface
from qr.shapes import EDGE, INK, INK_2, STOP, WHITE, Pen, line, rectangle
from qr.typeset import Block, fit

TOP, BOTTOM = 14.0, 285.0  # mm
_FOOT = 46.0  # the code and what stands beside it
_NOTE_SIZES = (3.8, 3.4, 3.0, 2.6, 2.2)
_MOST_LINES, _LEADING = 20, 1.4
_FIGURES = 32.0  # what the numbers under the notes take, and a line below them
_BOLD, _HAIR = Pen(INK, 0.5, "butt"), Pen(EDGE, 0.15, "butt")


def announcement_pdf(sheet: Sheet) -> bytes:
    """The sheet. Equal input, equal bytes."""
    title = f"{sheet.kind} {sheet.day}"
    with PdfSurface(title=title, author=sheet.company, lang=sheet.lang, made=sheet.made) as surface:
        surface.new_sheet()
        y = _draw_head(surface, sheet)
        if sheet.warning:
            _draw_warning(surface, sheet.warning, y + 6)
        else:
            y = _draw_words(surface, sheet, y + 4)
            y = _draw_figures(surface, sheet, y + 3)
            draw_tables(surface, sheet.tables, sheet.cut, y + 1, BOTTOM - _FOOT)
        _draw_foot(surface, sheet)
        return surface.output()


def _set(
    text: str, width: float, size: float, *, lines: int = 1, bold: bool = False, least: float = 0.0
) -> Block:
    said = spell_missing(clean(text))
    return fit(
        said, width, size=size, least=least or size / 2, lines=lines, leading=_LEADING, bold=bold
    )


def _draw_head(surface: PdfSurface, sheet: Sheet) -> float:
    """Kind, company, day and times; gives where they end."""
    surface.fill(rectangle(LEFT, TOP, RIGHT - LEFT, 1.4), INK)
    _set(sheet.kind, 84, 4.6).draw(surface, LEFT, 18.5, colour=INK_2)
    _set(sheet.marks, 90, 4.6, bold=True).draw(surface, RIGHT, 18.5, align=1.0)
    _set(sheet.company, RIGHT - LEFT, 11, bold=True).draw(surface, LEFT, 25)
    _set(sheet.day, 80, 6, bold=True).draw(surface, LEFT, 41)
    _set(sheet.issued, 92, 4.4).draw(surface, RIGHT, 42.2, align=1.0)
    y = 50.5
    if sheet.late:
        _set(sheet.late, 92, 4.4, bold=True).draw(surface, RIGHT, 48.5, align=1.0)
        y = 56.0
    surface.stroke(line(LEFT, y, RIGHT, y), _BOLD)
    return y


def _draw_warning(surface: PdfSurface, warning: str, y: float) -> None:
    block = _set(warning, RIGHT - LEFT - 16, 9, lines=4, bold=True)
    surface.fill(rectangle(LEFT, y, RIGHT - LEFT, block.height + 16), STOP)
    block.draw(surface, LEFT + 8, y + 8, colour=WHITE)


def _draw_words(surface: PdfSurface, sheet: Sheet, y: float) -> float:
    """The promise, what is open, who signed, and what must be known beside it."""
    oath = _set(sheet.oath, RIGHT - LEFT, 7.2, lines=4, bold=True, least=4.6)
    oath.draw(surface, LEFT, y)
    y += oath.height + 2
    y = _draw_open(surface, sheet.open, y)
    signatory = _set(sheet.signatory, 60, 5.4, bold=True)
    signatory.draw(surface, LEFT, y + 1)
    _set(sheet.title, 100, 4.6).draw(surface, LEFT + signatory.width + 4, y + 1.6)
    y += signatory.height + 2
    y = _draw_notes(surface, sheet.notes, y)
    surface.stroke(line(LEFT, y + 1, RIGHT, y + 1), _HAIR)
    return y + 1


def _draw_open(surface: PdfSurface, texts: Sequence[str], y: float) -> float:
    """Each open thing with a bar before it, in two columns when there are many."""
    columns = 1 if len(texts) <= 4 else 2
    width, size = (RIGHT - LEFT) / columns, 4.8 if columns == 1 else 3.4
    rows = -(-len(texts) // columns)
    blocks = [_set(text, width - 8, size, lines=2, bold=True) for text in texts]
    step = max((block.height for block in blocks), default=0.0) + 0.8
    for number, block in enumerate(blocks):
        column, row = divmod(number, rows)
        x, top = LEFT + column * width, y + row * step
        surface.fill(rectangle(x, top + 0.6, 1.4, block.height - 1.2), INK)
        block.draw(surface, x + 4, top)
    return y + rows * step


def _draw_notes(surface: PdfSurface, texts: Sequence[str], y: float) -> float:
    """What must be known beside the promise, as large as it leaves room for the figures."""
    room = BOTTOM - _FOOT - _FIGURES - y
    for size in _NOTE_SIZES:
        most = max(1, int(room / (size * _LEADING * max(len(texts), 1))))
        last = size == _NOTE_SIZES[-1]
        lines = most if last else _MOST_LINES
        blocks = [_set(text, RIGHT - LEFT, size, lines=lines, least=size) for text in texts]
        if last or sum(block.height for block in blocks) <= room:
            break
    for block in blocks:
        block.draw(surface, LEFT, y)
        y += block.height
    return y


def _draw_figures(surface: PdfSurface, sheet: Sheet, y: float) -> float:
    """The numbers of the units left, the people right; gives where both end."""
    left, right = y, y
    width = (MIDDLE - GAP / 2 - LEFT) / 4
    for number, figure in enumerate(sheet.units[:4]):
        _draw_figure(surface, figure, LEFT + number * width, y, width - 2)
        left = y + 20
    if sheet.people_words:
        x = MIDDLE + GAP / 2
        block = _set(sheet.people_words, RIGHT - x, 5.4, lines=2, bold=True)
        block.draw(surface, x, y)
        right = y + block.height + 1
        if sheet.people:
            right += draw_squares(surface, sheet.people, x, right, RIGHT - x, 16)
    y = max(left, right)
    surface.stroke(line(LEFT, y + 1, RIGHT, y + 1), _HAIR)
    return y + 1


def _draw_figure(surface: PdfSurface, figure: Figure, x: float, y: float, width: float) -> None:
    _set(figure.figure, width, 10, bold=True).draw(surface, x, y)
    _set(figure.words, width, 4.2).draw(surface, x, y + 13, colour=INK_2)


def _draw_foot(surface: PdfSurface, sheet: Sheet) -> None:
    """The code of the page with what it is good for, and until when this sheet holds."""
    top = BOTTOM - _FOOT + 4
    surface.stroke(line(LEFT, top, RIGHT, top), _BOLD)
    x = LEFT
    try:
        surface.modules(qr_matrix(sheet.url, level="M"), LEFT + 2, top + 5, 34)
        x = LEFT + 44
    except AddressError:  # an address too long for a code that scans well: it stands in words
        pass
    y = top + 4.0
    until = _set(sheet.until, RIGHT - x, 5.4, bold=True)
    until.draw(surface, x, y)
    y += until.height + 1
    for text in sheet.check:
        block = _set(text, RIGHT - x, 3.8, lines=2)
        block.draw(surface, x, y)
        y += block.height + 0.4
    _set(sheet.url, RIGHT - x, 3.4).draw(surface, x, BOTTOM - 5, colour=INK_2)
