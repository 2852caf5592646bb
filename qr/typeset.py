"""Breaking text into lines and choosing its size, so that nothing ever leaves its box.

Chinese breaks between any two characters but for the marks that must not begin or end a line
(GB/T 15834); Latin breaks at blanks, and inside a word only when the word is wider than the line.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qr.glyphs import text_width
from qr.shapes import INK, Surface

ELLIPSIS = "…"
_BALANCED = 4  # what may have up to so many lines is balanced; a table is not
_NOT_FIRST = set("、，。；：？！）》」』】〉”’％%℃°…,.;:?!)]}")
_NOT_LAST = set("（《「『【〈“‘([{")
_ATOM = re.compile(r"[ \u3000]+|[^\s\u2E80-\u9FFF\uFF00-\uFFEF\U00020000-\U0003FFFF]+|.", re.S)


@dataclass(frozen=True)
class Piece:
    """Some text in one weight."""

    text: str
    bold: bool = False

    def width(self, size: float) -> float:
        return text_width(self.text, size, bold=self.bold)


Line = tuple[Piece, ...]


@dataclass(frozen=True)
class Block:
    """Lines set at one size; `leading` is the distance of two baselines in ems.

    `cut`: the text was too long and ends in an ellipsis; `torn`: a word was broken.
    """

    lines: tuple[Line, ...]
    size: float
    leading: float
    cut: bool = False
    torn: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * self.leading

    @property
    def width(self) -> float:
        return max((line_width(line, self.size) for line in self.lines), default=0.0)

    def draw(
        self, surface: Surface, x: float, top: float, *, align: float = 0.0, colour: str = INK
    ) -> None:
        """Set the lines from `top` down; `x` is their left (0), middle (0.5) or right (1) edge."""
        step = self.size * self.leading
        for number, line in enumerate(self.lines):
            at = x - align * line_width(line, self.size)
            baseline = top + number * step + step / 2 + 0.37 * self.size
            for piece in line:
                surface.text(at, baseline, piece.text, self.size, bold=piece.bold, colour=colour)
                at += piece.width(self.size)


def line_width(line: Line, size: float) -> float:
    """The width of a line of pieces."""
    return sum(piece.width(size) for piece in line)


def fit(
    text: str | Sequence[Piece],
    width: float,
    *,
    size: float,
    least: float,
    lines: int = 1,
    leading: float = 1.35,
    bold: bool = False,
) -> Block:
    """The text in at most `lines` lines of `width`, at `size` or as much smaller as it needs.

    A smaller size comes before a broken word, a broken word before an ellipsis at the size `least`.
    """
    pieces = (Piece(text, bold),) if isinstance(text, str) else tuple(text)
    for tried in _sizes(size, least):
        if len(wrap(pieces, width, tried)) <= lines and not _tears(pieces, width, tried):
            return _block(pieces, width, tried, leading, balanced=lines <= _BALANCED)
    for tried in _sizes(size, least):
        if len(wrap(pieces, width, tried)) <= lines:
            return Block(tuple(wrap(pieces, width, tried)), tried, leading, torn=True)
    broken = wrap(pieces, width, least)
    kept = [*broken[: lines - 1], _cut(broken[lines - 1], width, least)]
    return Block(tuple(kept), least, leading, cut=True)


def fit_any(
    text: str,
    width: float,
    tries: Sequence[tuple[float, float, int]],
    *,
    leading: float = 1.35,
    bold: bool = False,
) -> Block:
    """The first of several (size, least, lines) that takes the whole text; else the last, cut.

    Words are broken only if all else fails.
    """
    blocks: list[Block] = []
    for size, least, lines in tries:
        block = fit(text, width, size=size, least=least, lines=lines, leading=leading, bold=bold)
        if not block.cut and not block.torn:
            return block
        blocks.append(block)
    return next((block for block in blocks if not block.cut), blocks[-1])


def wrap(pieces: Sequence[Piece], width: float, size: float) -> list[Line]:
    """Greedy lines; no line is wider than `width` unless one character is."""
    lines: list[list[Piece]] = [[]]
    used = 0.0
    for unit in _units(pieces, width, size):
        if unit[0].text == "\n":  # only in words of ours
            lines.append([])
            used = 0.0
            continue
        wide = line_width(unit, size)
        if lines[-1] and used + wide > width + 1e-6:
            lines.append([])
            used = 0.0
        if not lines[-1] and not "".join(piece.text for piece in unit).strip():
            continue  # blanks do not begin a line
        lines[-1].extend(unit)
        used += wide
    return [_join(line) for line in lines if line]


def _block(
    pieces: Sequence[Piece], width: float, size: float, leading: float, *, balanced: bool
) -> Block:
    """Lines of like length: no heading ends in a line of one character."""
    lines = wrap(pieces, width, size)
    narrow = width
    while balanced and len(lines) > 1:
        narrow -= size / 2
        tried = wrap(pieces, narrow, size)
        if len(tried) > len(lines) or _tears(pieces, narrow, size):
            break
        lines = tried
    return Block(tuple(lines), size, leading)


def _tears(pieces: Sequence[Piece], width: float, size: float) -> bool:
    """Whether a word is wider than the line."""
    words = (Piece(atom, p.bold) for p in pieces for atom in _ATOM.findall(p.text))
    return any(word.width(size) > width for word in words if not word.text.isspace())


def _sizes(size: float, least: float) -> list[float]:
    steps = int((size - least) / 0.1) + 1
    return [*(size - 0.1 * step for step in range(steps)), least]


def _units(pieces: Sequence[Piece], width: float, size: float) -> list[Line]:
    """What must stay together: a character or word with the marks that stick to it."""
    atoms = [Piece(atom, p.bold) for p in pieces for atom in _ATOM.findall(p.text)]
    units: list[list[Piece]] = []
    for atom in atoms:
        glued = units and _sticks(units[-1][-1].text, atom.text)
        if glued and line_width((*units[-1], atom), size) <= width:
            units[-1].append(atom)
        else:
            units.append([atom])
    return [part for unit in units for part in _split(tuple(unit), width, size)]


def _sticks(before: str, after: str) -> bool:
    return not before.isspace() and (after[0] in _NOT_FIRST or before[-1] in _NOT_LAST)


def _split(unit: Line, width: float, size: float) -> list[Line]:
    if line_width(unit, size) <= width:
        return [unit]
    return [(Piece(sign, piece.bold),) for piece in unit for sign in piece.text]


def _join(line: Sequence[Piece]) -> Line:
    joined: list[Piece] = []
    for piece in line:
        if joined and joined[-1].bold == piece.bold:
            joined[-1] = Piece(joined[-1].text + piece.text, piece.bold)
        else:
            joined.append(piece)
    joined[-1] = Piece(joined[-1].text.rstrip(" \u3000"), joined[-1].bold)
    return tuple(joined)


def _cut(line: Line, width: float, size: float) -> Line:
    signs = [Piece(sign, piece.bold) for piece in line for sign in piece.text]
    while signs and line_width((*signs, Piece(ELLIPSIS)), size) > width:
        signs.pop()
    return _join([*signs, Piece(ELLIPSIS)])
