"""The table of a risk notice (岗位安全风险告知卡): labels left, words right, all in one size."""

from collections.abc import Sequence
from dataclasses import dataclass

from qr.glyphs import clean, text_width
from qr.shapes import EDGE, INK_2, Pen, Surface, line
from qr.typeset import Block, Piece, fit

_SIZE, _LEAST, _LEADING = 4.8, 3.0, 1.35
_PADDING = 0.46  # of the size, above and below a row
_HEADING = 8.6
_MOST_LINES = 99


@dataclass(frozen=True)
class Row:
    """One row: `strong` is printed bold before `text`."""

    label: str
    text: str
    strong: str = ""


def draw_notice(
    surface: Surface,
    title: tuple[str, str],
    rows: Sequence[Row],
    *,
    top: float,
    bottom: float,
    left: float,
    right: float,
) -> None:
    """Heading, with the job at its right, and rows between `top` and `bottom`, in mm."""
    if not rows:
        return
    surface.text(left, top + 5.6, title[0], 6, bold=True)
    taken = text_width(title[0], 6, bold=True) + 6
    job = fit(title[1], right - left - taken, size=4.8, least=2.4)
    job.draw(surface, right, top + 5.6 - 1.05 * job.size, align=1.0)
    size, labels, blocks = _fit_rows(rows, right - left, bottom - top - _HEADING)
    edge, column = top + _HEADING, left + _label_width(labels)
    spare = min(1.2, (bottom - edge - _height(blocks, size)) / len(blocks))
    for label, block in zip(labels, blocks, strict=True):
        start = edge + _PADDING * size * 0.5 + spare / 2
        label.draw(surface, left, start, colour=INK_2)
        block.draw(surface, column, start)
        edge += _PADDING * size + max(block.height, label.height) + spare
        surface.stroke(line(left, edge, right, edge), Pen(EDGE, 0.2, "butt"))


def _fit_rows(
    rows: Sequence[Row], width: float, height: float
) -> tuple[float, list[Block], list[Block]]:
    """The largest size at which all rows fit; at the least one the longest rows are cut."""
    for step in range(round((_SIZE - _LEAST) / 0.1) + 1):
        size = _SIZE - 0.1 * step
        labels = [fit(clean(row.label), 44, size=size, least=size / 2) for row in rows]
        room = width - _label_width(labels)
        blocks = [_block(row, room, size, _MOST_LINES) for row in rows]
        if _height(blocks, size) <= height:
            return size, labels, blocks
    while _height(blocks, size) > height:
        longest = max(range(len(blocks)), key=lambda n: len(blocks[n].lines))
        fewer = len(blocks[longest].lines) - 1
        if fewer == 0:
            break
        blocks[longest] = _block(rows[longest], room, size, fewer)
    return size, labels, blocks


def _block(row: Row, width: float, size: float, lines: int) -> Block:
    pieces = [Piece(clean(row.strong), True), Piece(clean(row.text))]
    said = [piece for piece in pieces if piece.text]
    return fit(said, width, size=size, least=size, lines=lines, leading=_LEADING)


def _height(blocks: Sequence[Block], size: float) -> float:
    return sum(max(block.height, size * _LEADING) + _PADDING * size for block in blocks)


def _label_width(labels: Sequence[Block]) -> float:
    return max(25.0, max(label.width for label in labels) + 4.0)
