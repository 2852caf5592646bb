"""The card that messengers show for a link to an announcement: 1200 × 630 pixels, a PNG.

What it says must be read on a phone at a third of its size: the promise, what is open, four
figures, until when it holds. It is kept by others for ever, so it never says that it holds now.
"""

from __future__ import annotations

from qr.announcement_sheet import Figure, Sheet, draw_squares
from qr.glyphs import clean, spell_missing
from qr.png import PngSurface
from qr.shapes import EDGE, INK, INK_2, STOP, WHITE, Pen, line, rectangle
from qr.typeset import Block, fit

WIDTH, HEIGHT = 1200.0, 630.0
_LEFT, _RIGHT = 56.0, 1144.0
_MOST_OPEN = 2  # named open things; the others are a number


def announcement_png(sheet: Sheet) -> bytes:
    """The card. Equal input, equal bytes."""
    surface = PngSurface(WIDTH, HEIGHT, dpi=25.4)  # one unit is one pixel
    surface.fill(rectangle(_LEFT, 36, _RIGHT - _LEFT, 8), INK)
    _draw_head(surface, sheet)
    if sheet.warning:
        _draw_warning(surface, sheet.warning)
    else:
        _draw_words(surface, sheet)
        _draw_figures(surface, sheet)
    _draw_foot(surface, sheet)
    return surface.output()


def _set(text: str, width: float, size: float, *, lines: int = 1, bold: bool = False) -> Block:
    said = spell_missing(clean(text))
    return fit(said, width, size=size, least=size * 0.6, lines=lines, leading=1.35, bold=bold)


def _draw_head(surface: PngSurface, sheet: Sheet) -> None:
    _set(sheet.kind, 500, 26).draw(surface, _LEFT, 58, colour=INK_2)
    _set(sheet.marks, 560, 26, bold=True).draw(surface, _RIGHT, 58, align=1.0)
    _set(sheet.company, 660, 46, bold=True).draw(surface, _LEFT, 94)
    _set(sheet.day, 400, 30, bold=True).draw(surface, _RIGHT, 108, align=1.0)
    surface.stroke(line(_LEFT, 164, _RIGHT, 164), Pen(INK, 2, "butt"))


def _draw_warning(surface: PngSurface, warning: str) -> None:
    surface.fill(rectangle(_LEFT, 200, _RIGHT - _LEFT, 240), STOP)
    block = _set(warning, _RIGHT - _LEFT - 80, 54, lines=3, bold=True)
    block.draw(surface, _LEFT + 40, 320 - block.height / 2, colour=WHITE)


def _draw_words(surface: PngSurface, sheet: Sheet) -> None:
    """The promise, and in bars what is open; together they end above the figures."""
    shown = sheet.open[:_MOST_OPEN]
    left = len(sheet.open) - len(shown)
    room = 3 if not shown else 2
    oath = _set(sheet.oath, _RIGHT - _LEFT, 38 if shown else 46, lines=room, bold=True)
    oath.draw(surface, _LEFT, 178)
    top = 178 + oath.height + 8
    for number, text in enumerate(shown):
        more = f" +{left}" if left and number == len(shown) - 1 else ""
        block = _set(text + more, _RIGHT - _LEFT - 24, 28, bold=True)
        surface.fill(rectangle(_LEFT, top + 3, 8, block.height - 6), INK)
        block.draw(surface, _LEFT + 24, top)
        top += block.height + 4


def _draw_figures(surface: PngSurface, sheet: Sheet) -> None:
    """Up to four figures side by side, the people as squares under the first."""
    columns = sheet.figures[:4]
    width = (_RIGHT - _LEFT) / max(len(columns), 1)
    surface.stroke(line(_LEFT, 404, _RIGHT, 404), Pen(EDGE, 1, "butt"))
    for number, figure in enumerate(columns):
        _draw_figure(surface, figure, _LEFT + number * width, width - 24, divided=number > 0)
    if sheet.people and columns:
        draw_squares(surface, sheet.people, _LEFT, 520, width - 40, 34)


def _draw_figure(
    surface: PngSurface, figure: Figure, x: float, width: float, *, divided: bool
) -> None:
    if divided:
        surface.stroke(line(x, 418, x, 548), Pen(EDGE, 1, "butt"))
        x += 24
        width -= 24
    _set(figure.figure, width, 56, bold=True).draw(surface, x, 408)
    _set(figure.words, width, 24, lines=1).draw(surface, x, 480, colour=INK_2)


def _draw_foot(surface: PngSurface, sheet: Sheet) -> None:
    surface.stroke(line(_LEFT, 562, _RIGHT, 562), Pen(INK, 2, "butt"))
    who = " ".join(part for part in (sheet.signatory, sheet.title) if part)
    _set(who, 400, 26, bold=True).draw(surface, _LEFT, 578)
    when = _set(sheet.issued, 620, 26)
    when.draw(surface, _RIGHT, 578, align=1.0)
    late = _set(sheet.late, 620 - when.width, 26, bold=True)
    late.draw(surface, _RIGHT - when.width - 20, 578, align=1.0)
