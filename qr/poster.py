"""The A4 poster of a station, after ui/poster.html: PDF for the printer, PNG for the screen.

Black first: everything can be read from a grey copy. Texts of any length stay in their places: they
wrap, then shrink, and what is still too long ends in an ellipsis.
"""

import datetime
from dataclasses import dataclass
from urllib.parse import urlsplit

from qr.code import Matrix, format_code, qr_matrix
from qr.glyphs import clean, require_glyphs, text_width
from qr.notice import Row, draw_notice
from qr.pdf import PdfSurface
from qr.pictogram import (
    draw_equipment,
    draw_no_phone,
    draw_risk,
    draw_step,
    draw_telephone,
)
from qr.png import PngSurface
from qr.shapes import INK, INK_2, STOP, Outline, Pen, Surface, line, rectangle
from qr.typeset import ELLIPSIS, Block, fit, fit_any
from qr.words import EQUIPMENT, WORDS, Lang, format_date

LEFT, RIGHT, WIDTH = 14.0, 196.0, 182.0  # mm
QR_SIDE = 84.0
MOST_SIGNS, MOST_ROWS = 8, 8
_HAIR, _THICK = Pen(INK, 0.3, "butt"), Pen(INK, 1.2, "butt")
_MIDDLE = 171.0  # where the rule below code and steps stands


class _Reader:
    """A surface that only takes down the texts."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def text(self, x: float, y: float, text: str, size: float, **_: object) -> None:
        self.texts.append(text)

    def fill(self, outline: Outline, colour: str) -> None: ...

    def stroke(self, outline: Outline, pen: Pen) -> None: ...

    def modules(self, matrix: Matrix, x: float, y: float, side: float) -> None: ...


@dataclass(frozen=True)
class Sign:
    """A piece of equipment: its id picks the picture, `words` stand below it (ours, if empty)."""

    kind: str
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Poster:
    """What one poster says; plain values, in the language of `lang`.

    `url` is what the QR says, `code` its eight symbols without hyphen, `risk` A, B, C or D,
    `typed_at` the address where the code can be typed (else the host of `url`).
    """

    url: str
    code: str
    company: str
    place: str
    name: str
    risk: str
    made: datetime.date
    signs: tuple[Sign, ...] = ()
    phone_free: bool = False
    job: str = ""
    rows: tuple[Row, ...] = ()
    phone: str = ""
    number: str = ""
    version: str = ""
    typed_at: str = ""
    lang: Lang = "zh"

    def __post_init__(self) -> None:
        if len(self.signs) > MOST_SIGNS or len(self.rows) > MOST_ROWS:
            raise ValueError(f"At most {MOST_SIGNS} signs and {MOST_ROWS} rows fit on a poster")
        if self.risk not in ("A", "B", "C", "D"):
            raise ValueError("A risk level is A, B, C or D")


def poster_pdf(*posters: Poster) -> bytes:
    """One A4 page for each poster, about 50 KB for one.

    :raises MissingGlyphs: a text holds characters that cannot be printed.
    :raises AddressError: a URL is too long for a code that scans well.
    """
    first = posters[0]
    title = " ".join(clean(f"{first.name} {format_code(first.code)}").split())
    about = {"title": title, "author": clean(first.company), "lang": first.lang}
    with PdfSurface(**about, made=first.made) as surface:
        for poster in posters:
            surface.new_sheet()
            draw_poster(surface, poster)
        return surface.output()


def poster_png(poster: Poster, *, dpi: int = 200) -> bytes:
    """The poster as a picture of 8.27 × 11.69 inches; errors as `poster_pdf`."""
    surface = PngSurface(dpi=dpi)
    draw_poster(surface, poster)
    return surface.output()


def cut_texts(poster: Poster) -> list[str]:
    """The lines that end in an ellipsis because a text is too long; empty if all of it is printed.

    A risk notice should be printed whole: show this to the manager before the printer runs.
    """
    surface = _Reader()
    draw_poster(surface, poster)
    return [text for text in surface.texts if text.endswith(ELLIPSIS)]


def draw_poster(surface: Surface, poster: Poster) -> None:
    """Draw a poster on any surface; errors as `poster_pdf`."""
    _require(poster)
    words = WORDS[poster.lang]
    _draw_head(surface, poster, words)
    _draw_code(surface, poster, words)
    _draw_steps(surface, words, offline=urlsplit(poster.url).scheme.lower() == "https")
    surface.stroke(line(LEFT, _MIDDLE, RIGHT, _MIDDLE), _HAIR)
    below = _draw_signs(surface, poster, words)
    end = 258.6 if poster.phone else 281.0
    title = (words["card"], clean(poster.job))
    draw_notice(surface, title, poster.rows, top=below + 3, bottom=end, left=LEFT, right=RIGHT)
    if poster.phone:
        _draw_telephone(surface, clean(poster.phone), words)
    _draw_foot(surface, poster, words)


def _require(poster: Poster) -> None:
    texts = [poster.company, poster.place, poster.name, poster.job, poster.phone]
    texts += [poster.number, poster.version, poster.typed_at]
    texts += [sign.words for sign in poster.signs]
    texts += [part for row in poster.rows for part in (row.label, row.strong, row.text)]
    require_glyphs(*(clean(text) for text in texts))


def _draw_head(surface: Surface, poster: Poster, words: dict[str, str]) -> None:
    draw_risk(surface, poster.risk, 149.5, 10.2, 26)
    level = fit_any(words[poster.risk], 17.2, ((8, 7, 2), (7, 4, 2)), leading=1.15, bold=True)
    level.draw(surface, 178.8, 23.4 - level.height / 2)
    where = "　".join(clean(part) for part in (poster.company, poster.place) if part.strip())
    above = fit_any(where, 131, ((5, 4, 1), (3.6, 2.4, 2)), leading=1.25)
    above.draw(surface, LEFT, 17.6 - above.height)
    name = fit_any(
        clean(poster.name), 131, ((17, 11, 1), (9.2, 6, 2), (5.6, 3, 3)), leading=1.1, bold=True
    )
    name.draw(surface, LEFT, 27.4 - name.height / 2)
    surface.stroke(line(LEFT, 39.6, RIGHT, 39.6), _THICK)


def _draw_code(surface: Surface, poster: Poster, words: dict[str, str]) -> None:
    surface.modules(qr_matrix(poster.url), LEFT, 52.2, QR_SIDE)
    size, spacing = 11.0, 0.9
    surface.text(LEFT, 158.6, format_code(poster.code), size, bold=True, spacing=spacing)
    host = clean(poster.typed_at) or urlsplit(poster.url).netloc.lower() + "/W"
    hint = fit_any(words["type_it"].format(host=host), 93, ((4.4, 3.4, 1), (3.2, 2.2, 2)))
    hint.draw(surface, LEFT, 161.2)


def _draw_steps(surface: Surface, words: dict[str, str], *, offline: bool) -> None:
    for number in (1, 2, 3):
        top = 52.2 + (number - 1) * 38.4
        draw_step(surface, number, 114, top + 6.2, 32)
        heading = fit(f"{number} {words[f'step{number}']}", 44, size=9, least=5, bold=True)
        key = "step1_https" if number == 1 and offline else f"step{number}_how"
        how = fit_any(words[key], 44, ((4.8, 4, 1), (4.2, 3, 2)))
        middle = top + 19
        heading.draw(surface, 151.2, middle - (heading.height + how.height) / 2)
        how.draw(surface, 151.2, middle + (heading.height - how.height) / 2)
        if number < 3:
            surface.stroke(line(114, top + 38.1, RIGHT, top + 38.1), _HAIR)


def _draw_signs(surface: Surface, poster: Poster, words: dict[str, str]) -> float:
    """Draw the row of signs; returns where it ends."""
    shares = [1.0] * len(poster.signs) + [1.3] * poster.phone_free
    if not shares:
        return _MIDDLE
    unit = min(WIDTH / sum(shares), 36.0)
    x = LEFT
    for sign in poster.signs:
        draw_equipment(surface, sign.kind, x + unit / 2 - 7.5, 173.6, 15)
        (_sign_words(sign, poster.lang, unit - 2.5)).draw(surface, x + unit / 2, 189.6, align=0.5)
        x += unit
    if poster.phone_free:
        draw_no_phone(surface, x + unit * 0.65 - 7.5, 173.6, 15)
        text = fit_any(words["no_phone"], unit * 1.3 - 1, _SIGN_SIZES, leading=1.25, bold=True)
        (text).draw(surface, x + unit * 0.65, 189.6, align=0.5)
    surface.stroke(line(LEFT, 203.2, RIGHT, 203.2), _HAIR)
    return 203.2


_SIGN_SIZES = ((4.6, 4.2, 1), (4.6, 3.4, 2), (3.5, 2.2, 3))


def _sign_words(sign: Sign, lang: Lang, width: float) -> Block:
    ours = EQUIPMENT.get(sign.kind, (sign.kind, sign.kind))[lang == "en"]
    return fit_any(clean(sign.words) or ours, width, _SIGN_SIZES, leading=1.25)


def _draw_telephone(surface: Surface, phone: str, words: dict[str, str]) -> None:
    surface.stroke(rectangle(LEFT + 0.6, 261.9, WIDTH - 1.2, 15.4), Pen(STOP, 1.2, "butt"))
    draw_telephone(surface, 20, 265.1, 9)
    surface.text(33, 272.2, words["telephone"], 7, bold=True, colour=STOP)
    room = RIGHT - 6 - 39 - text_width(words["telephone"], 7, bold=True)
    number = fit(phone, room, size=11, least=4, bold=True)
    x = RIGHT - 6 - number.width
    surface.text(x, 269.6 + number.size * 0.37, _plain(number), number.size, bold=True, colour=STOP)


def _draw_foot(surface: Surface, poster: Poster, words: dict[str, str]) -> None:
    parts = (("number", poster.number), ("version", poster.version))
    said = [words[key].format(clean(value)) for key, value in parts if value]
    left = fit("　".join([*said, format_date(poster.made, poster.lang)]), 98, size=4, least=2.4)
    right = fit(words["damaged"], 80, size=4, least=2.4)
    surface.text(LEFT, 287.4, _plain(left), left.size, colour=INK_2)
    surface.text(RIGHT - right.width, 287.4, _plain(right), right.size, colour=INK_2)


def _plain(block: Block) -> str:
    return "".join(piece.text for line_ in block.lines for piece in line_)
