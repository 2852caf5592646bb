"""Breaking text into lines and choosing its size, so that nothing ever leaves its box.

Chinese breaks between any two characters but for the marks that must not begin or end a line
(GB/T 15834); Latin breaks at blanks, and inside a word only when the word is wider than the line.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qr.glyphs import text_width

ELLIPSIS = "…"
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
    """Lines set at one size; `leading` is the distance of two baselines in ems."""

    lines: tuple[Line, ...]
    size: float
    leading: float
    cut: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * self.leading

    @property
    def width(self) -> float:
        return max((line_width(line, self.size) for line in self.lines), default=0.0)


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

    At the size `least` what is still too long ends in an ellipsis, and the block says `cut`.
    """
    pieces = (Piece(text, bold),) if isinstance(text, str) else tuple(text)
    for tried in _sizes(size, least):
        broken = wrap(pieces, width, tried)
        if len(broken) <= lines:
            return Block(tuple(broken), tried, leading)
    kept = [*broken[: lines - 1], _cut(broken[lines - 1], width, least)]
    return Block(tuple(kept), least, leading, cut=True)


def wrap(pieces: Sequence[Piece], width: float, size: float) -> list[Line]:
    """Greedy lines; no line is wider than `width` unless one character is."""
    lines: list[list[Piece]] = [[]]
    used = 0.0
    for unit in _units(pieces, width, size):
        wide = line_width(unit, size)
        if lines[-1] and used + wide > width + 1e-6:
            lines.append([])
            used = 0.0
        if not lines[-1] and not "".join(piece.text for piece in unit).strip():
            continue  # blanks do not begin a line
        lines[-1].extend(unit)
        used += wide
    return [_join(line) for line in lines if line]


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
