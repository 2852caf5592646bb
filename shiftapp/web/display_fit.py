"""How large the words of the gate display may be: by their length, for three kinds of screen.

Nothing measures text on the display itself, which runs no script. So the server counts: a Chinese
sign is as wide as it is high, a Latin one about half. Sizes are in the units of display.css: a
1920 × 1080 screen, the same upright, and an LED wall of 512 × 256; the stylesheet scales them.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

NARROW = 0.54  # width of a Latin sign, bold, in heights
RAGGED = 2.2  # what words that do not break leave empty of a line, in heights
MOST_NAMED = 3
LINE = 1.3


class Room(NamedTuple):
    """A rectangle for words, and the sizes that may be tried in it, largest first."""

    prefix: str
    width: int
    height: int
    sizes: tuple[int, ...]


LANDSCAPE = Room("l", 1792, 270, (92, 76, 64, 52))
LANDSCAPE_NAMED = Room("l", 1792, 338, (92, 76, 64, 52))
PORTRAIT = Room("p", 952, 480, (92, 76, 64, 52))
PORTRAIT_NAMED = Room("p", 952, 610, (92, 76, 64, 52))
WALL = Room("w", 488, 160, (36, 30, 24, 20, 16))
STOP = chr(0x3002)  # the Chinese full stop
# as wide as what follows the last one shown: how many more there are, in Chinese and in English
MORE, MORE_LATIN = "m" * 16, " " + "m" * 32
ITEM, ITEM_LINE = 52, 66  # a named thing, and a line of it with its gap
LONG_HEAD, NAME_LINE, BY_LINE = 110, 64, 66  # of an upright screen


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
    if text.isascii():
        return max(1, int(-(-ems(text) * size // (width - RAGGED * size))))
    return max(1, int(-(-ems(text) * size * 1.04 // width)))


def fit(words: str, named: list[str], *, tall: int = 0) -> Fit:
    """What fits: the sentence whole, and the worst three named things or fewer.

    `tall`: what head and signatory take more than usual of an upright screen.
    """
    wide, high = (LANDSCAPE_NAMED, PORTRAIT_NAMED) if named else (LANDSCAPE, PORTRAIT)
    high = high._replace(height=high.height - tall)
    shown = _shown(words, named, (wide, high))
    wide, high = _less(wide, named, shown), _less(high, named, shown)
    sized = (_class(words, wide), *_split(words, wide), _class(words, high), _class(words, WALL))
    return Fit(shown, len(named) - shown, " ".join(sized))


def sentences(words: str) -> list[str]:
    """A text in its sentences; a Chinese one ends without a space."""
    return [part for part in words.replace(STOP, f"{STOP}\n").split("\n") if part]


def beside(said: list[str]) -> list[str]:
    """The first of these texts that stand in one line of the smallest size with their gaps."""
    room = LANDSCAPE.width / LANDSCAPE.sizes[-1]
    shown: list[str] = []
    for one in said:
        room -= ems(one) + 1
        if shown and room < -1:
            break
        shown.append(one)
    return shown


def tall(long_name: str, by: list[str]) -> int:
    """What a long name, more lines beside the signatory, and a foot in English take of an upright
    screen, above what its rooms leave for them.
    """
    rest = sum(ems(one) + 1 for one in by[1:])
    more = int(-(-rest * PORTRAIT.sizes[-1] // PORTRAIT.width)) - 1
    more += 1 if by[0].isascii() else 0
    name = LONG_HEAD + NAME_LINE * max(0, lines(long_name, 52, PORTRAIT.width) - 2)
    return BY_LINE * max(0, more) + (name if long_name else 0)


def name_class(name: str, kind: str) -> str:
    """`''` where the name stands in one line beside what this is; else `g-long`."""
    on_screen = ems(name) * 68 + ems(kind) * 60 + 64 <= LANDSCAPE.width
    on_wall = ems(name) * 22 + ems(kind) * 16 + 16 <= WALL.width
    return "" if on_screen and on_wall else "g-long"


def _less(room: Room, named: list[str], shown: int) -> Room:
    """What the list leaves of a room."""
    return room._replace(height=room.height - _taken(named, shown, room.width))


def _shown(words: str, named: list[str], rooms: tuple[Room, ...]) -> int:
    """How many named things fit every room with the sentence at its smallest; one at least."""
    for count in range(min(MOST_NAMED, len(named)), 1, -1):
        if all(
            lines(words, room.sizes[-1], room.width) * room.sizes[-1] * LINE
            <= room.height - _taken(named, count, room.width)
            for room in rooms
        ):
            return count
    return min(1, len(named))


def _taken(named: list[str], shown: int, width: int) -> int:
    """The height of the list, its last line with how many more there are."""
    said = list(named[:shown])
    if said and len(named) > shown:
        said[-1] += MORE_LATIN if said[-1].isascii() else MORE
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
