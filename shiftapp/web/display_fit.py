"""How large the words of the gate display may be: by their length, for three kinds of screen.

Nothing measures text on the display itself, which runs no script. So the server counts: a Chinese
sign is as wide as it is high, a Latin one about half. Sizes are in the units of display.css: a
1920 × 1080 screen, the same upright, and an LED wall of 512 × 256; the stylesheet scales them.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

NARROW = 0.56  # width of a Latin sign, bold, in heights
MOST_NAMED = 3
LINE = 1.3


class Room(NamedTuple):
    """A rectangle for words, and the sizes that may be tried in it, largest first."""

    prefix: str
    width: int
    height: int
    sizes: tuple[int, ...]


LANDSCAPE = Room("l", 1792, 270, (92, 76, 64, 52))
LANDSCAPE_NAMED = Room("l", 1792, 360, (92, 76, 64, 52))
PORTRAIT = Room("p", 952, 540, (92, 76, 64, 52))
WALL = Room("w", 488, 160, (36, 30, 24, 20, 16))
MORE = "另 99 处，见公告 "  # as wide as what follows the last one shown
ITEM, ITEM_LINE = 52, 66  # a named thing, and a line of it with its gap


class Fit(NamedTuple):
    """How many named things are shown, how many are left, and the classes of the sentence."""

    shown: int
    left: int
    classes: str


def ems(text: str) -> float:
    """The width of a text in multiples of its height."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else NARROW for sign in text)


def lines(text: str, size: int, width: int) -> int:
    """So many lines a text takes; words that do not break leave some of each line empty."""
    spare = 1.12 if text.isascii() else 1.04
    return max(1, int(-(-ems(text) * size * spare // width)))


def fit(words: str, named: list[str]) -> Fit:
    """What fits: the sentence whole, and the worst three named things or fewer."""
    shown = _shown(words, named)
    wide = _less(LANDSCAPE_NAMED if named else LANDSCAPE, named, shown)
    classes = (
        _class(words, wide),
        *_split(words, wide),
        _class(words, _less(PORTRAIT, named, shown)),
        _class(words, WALL),
    )
    return Fit(shown, len(named) - shown, " ".join(classes))


def name_class(name: str, kind: str) -> str:
    """`''` where the name stands in one line beside what this is; else `g-long`."""
    return "" if ems(name) * 68 + ems(kind) * 60 + 64 <= LANDSCAPE.width else "g-long"


def sentences(words: str) -> list[str]:
    """A text in its sentences; a Chinese one ends without a space."""
    return [part for part in words.replace("。", "。\n").split("\n") if part]


def _less(room: Room, named: list[str], shown: int) -> Room:
    """What the list leaves of a room."""
    return room._replace(height=room.height - _taken(named, shown, room.width))


def _shown(words: str, named: list[str]) -> int:
    room = LANDSCAPE_NAMED
    least = lines(words, room.sizes[-1], room.width) * room.sizes[-1] * LINE
    for count in range(min(MOST_NAMED, len(named)), 1, -1):
        if least + _taken(named, count, room.width) <= room.height:
            return count
    return min(1, len(named))


def _taken(named: list[str], shown: int, width: int) -> int:
    """The height of the list, its last line with how many more there are."""
    said = list(named[:shown])
    if said and len(named) > shown:
        said[-1] += MORE
    return ITEM_LINE * sum(lines(one, ITEM, width - 40) for one in said)


def _class(words: str, room: Room) -> str:
    return f"{room.prefix}-{_size([words], room)}"


def _size(parts: list[str], room: Room) -> int:
    """The largest size at which parts, each from a line of its own, stay in their room.

    The smallest if none does.
    """
    for size in room.sizes:
        if sum(lines(part, size, room.width) for part in parts) * size * LINE <= room.height:
            return size
    return room.sizes[-1]


def _split(words: str, room: Room) -> list[str]:
    """`l-split` where each sentence may have its own line without all becoming smaller."""
    parts = sentences(words)
    taken = sum(lines(part, room.sizes[-1], room.width) for part in parts) * room.sizes[-1] * LINE
    apart = len(parts) > 1 and taken <= room.height
    return [f"{room.prefix}-split"] if apart and _size(parts, room) == _size([words], room) else []
