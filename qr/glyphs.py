"""The two faces that ship in `fonts/`: which characters they draw, and how wide each is.

Everything printed is measured here, so PDF and PNG break their lines alike. A character that a face
lacks is named in an error; a box is never printed.
"""

import functools
import re
import unicodedata
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent / "fonts"
FILES = {
    False: FOLDER / "NotoSansSC-Regular-subset.ttf",
    True: FOLDER / "NotoSansSC-Bold-subset.ttf",
}
_UNITS_PER_EM = 1000


class MissingGlyphs(ValueError):
    """Characters that cannot be printed, each once, as the text has them, in `characters`."""

    def __init__(self, characters: list[str]) -> None:
        names = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in characters)
        super().__init__(f"The font cannot print: {names}")
        self.characters = characters


def missing_glyphs(text: str) -> list[str]:
    """The characters of a text that the faces do not draw, each once, in their order."""
    drawn = widths(False)
    return list(dict.fromkeys(sign for sign in text if sign not in drawn and sign != "\n"))


def require_glyphs(*texts: str) -> None:
    """Do nothing if all can be printed.

    :raises MissingGlyphs: names every character that cannot, in all texts.
    """
    missing = missing_glyphs("".join(texts))
    if missing:
        raise MissingGlyphs(missing)


def spell_missing(text: str) -> str:
    """The text with each character that cannot be printed named by its code: 张[U+2A6A5]."""
    missing = missing_glyphs(text)
    return "".join(f"[U+{ord(sign):04X}]" if sign in missing else sign for sign in text)


def clean(text: str) -> str:
    """One line of composed characters: no controls, no runs of blanks, full-width blanks kept."""
    composed = unicodedata.normalize("NFC", text)
    printable = "".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in composed)
    return re.sub(" +", " ", printable).strip(" ")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line, in the unit of `size` (the em)."""
    advance = widths(bold)
    return sum(advance.get(sign, _UNITS_PER_EM) for sign in text) * size / _UNITS_PER_EM


@functools.cache
def widths(bold: bool) -> dict[str, int]:
    """The advance of every character of a face, in thousandths of the em."""
    with TTFont(FILES[bold], lazy=True) as font:
        metrics = font["hmtx"].metrics
        return {chr(point): metrics[name][0] for point, name in font.getBestCmap().items()}
