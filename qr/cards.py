"""Many small prints on A4: enrolment cards to cut out, and labels of stations.

Cards have the size of a badge (ISO/IEC 7810 ID-1), ten a sheet; labels that of sheets of eight
(99.1 × 67.7 mm), with a code of 50 mm, the least that scans well from a step away.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from qr.code import format_code, qr_matrix
from qr.glyphs import clean, spell_missing
from qr.pdf import PdfSurface
from qr.shapes import EDGE, INK_2, Pen, Surface, line
from qr.typeset import fit, fit_any
from qr.words import WORDS, Lang, format_moment

Progress = Callable[[int, int], None]
_CUT = Pen(EDGE, 0.15, "butt")


@dataclass(frozen=True)
class Grid:
    """Equal places on A4, in mm."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    step_x: float

    @property
    def places(self) -> int:
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """The upper left corner of a place, counted along the rows."""
        row, column = divmod(place, self.columns)
        return self.left + column * self.step_x, self.top + row * self.height


CARD_GRID = Grid(2, 5, 85.6, 54.0, 19.4, 13.5, 85.6)
LABEL_GRID = Grid(2, 4, 99.1, 67.7, 4.65, 13.1, 101.6)


@dataclass(frozen=True)
class EnrolmentCard:
    """One single-use card; `code` as it is typed (with its hyphen), `url` is what the QR says."""

    name: str
    number: str
    crew: str
    code: str
    url: str


@dataclass(frozen=True)
class StationLabel:
    """One label: the code in clear (eight symbols, no hyphen) and the QR's URL."""

    code: str
    url: str
    name: str
    place: str = ""


def enrolment_cards(
    cards: Sequence[EnrolmentCard],
    *,
    company: str,
    valid_until: datetime.datetime,
    made: datetime.date,
    typed_at: str = "",
    lang: Lang = "zh",
    progress: Progress | None = None,
) -> bytes:
    """A PDF of all cards in the order given, ten on a page, with lines to cut along.

    `valid_until` is local time; `typed_at` the address where the code can be typed, if any.
    `progress(done, total)` is called after every page. A name's character that cannot be printed
    is spelled by its code (`[U+2A6A5]`): one rare name does not hold up everybody's cards.
    """
    sentences = _CardWords(
        spell_missing(clean(company)),
        WORDS[lang]["valid"].format(format_moment(valid_until, lang)),
        WORDS[lang]["enrol_type"].format(typed_at) if typed_at else "",
    )
    title = WORDS[lang]["enrol"]
    with PdfSurface(title=title, author=clean(company), lang=lang, made=made) as surface:

        def draw(number: int, x: float, y: float) -> None:
            _draw_card(surface, cards[number], sentences, lang, x, y)

        _fill_sheets(surface, CARD_GRID, len(cards), draw, progress)
        return surface.output()


def station_labels(
    labels: Sequence[StationLabel],
    *,
    company: str,
    made: datetime.date,
    lang: Lang = "zh",
    progress: Progress | None = None,
) -> bytes:
    """A PDF of small station labels, eight on a page, with lines to cut along."""
    head = spell_missing(clean(company))
    with PdfSurface(title=head, author=head, lang=lang, made=made) as surface:

        def draw(number: int, x: float, y: float) -> None:
            _draw_label(surface, labels[number], head, lang, x, y)

        _fill_sheets(surface, LABEL_GRID, len(labels), draw, progress)
        return surface.output()


@dataclass(frozen=True)
class _CardWords:
    company: str
    valid: str
    type_it: str


def _fill_sheets(
    surface: PdfSurface,
    grid: Grid,
    total: int,
    draw: Callable[[int, float, float], None],
    progress: Progress | None,
) -> None:
    for first in range(0, max(total, 1), grid.places):
        surface.new_sheet()
        last = min(first + grid.places, total)
        for number in range(first, last):
            draw(number, *grid.corner(number - first))
        _draw_cuts(surface, grid)
        if progress:
            progress(last, total)


def _draw_cuts(surface: Surface, grid: Grid) -> None:
    bottom = grid.top + grid.rows * grid.height
    right = grid.left + (grid.columns - 1) * grid.step_x + grid.width
    for column in range(grid.columns):
        x = grid.left + column * grid.step_x
        for edge in (x, x + grid.width):
            surface.stroke(line(edge, grid.top - 6, edge, bottom + 6), _CUT)
    for row in range(grid.rows + 1):
        y = grid.top + row * grid.height
        surface.stroke(line(grid.left - 4, y, right + 4, y), _CUT)


def _draw_card(
    surface: Surface, card: EnrolmentCard, said: _CardWords, lang: Lang, x: float, y: float
) -> None:
    words = WORDS[lang]
    left, room = x + 4.5, 40.0
    fit(said.company, 76.6, size=3.2, least=2).draw(surface, left, y + 3.2, colour=INK_2)
    name = fit_any(_text(card.name), room, ((7, 4.4, 1), (4.4, 2.6, 2)), leading=1.15, bold=True)
    name.draw(surface, left, y + 12.8 - name.height / 2)
    number = fit(words["employee"].format(_text(card.number)), room, size=4, least=2.4)
    number.draw(surface, left, y + 18.4)
    fit(_text(card.crew), room, size=4, least=2.4).draw(surface, left, y + 23.8)
    how = fit_any(words["enrol_how"], room, ((3, 2.6, 3), (2.6, 2, 4)), leading=1.3)
    how.draw(surface, left, y + 30.4)
    fit(said.valid, room, size=3, least=2, bold=True).draw(surface, left, y + 42.8)
    if said.type_it:
        fit(said.type_it, 76.6, size=2.8, least=1.8).draw(surface, left, y + 47.6, colour=INK_2)
    surface.modules(qr_matrix(card.url, level="M"), x + 49.9, y + 11.2, 28.0)
    code = fit(card.code, 31, size=4.6, least=2.4, bold=True)
    code.draw(surface, x + 63.9, y + 42.0, align=0.5)


def _draw_label(
    surface: Surface, label: StationLabel, company: str, lang: Lang, x: float, y: float
) -> None:
    surface.modules(qr_matrix(label.url), x + 7, y + 8.85, 50.0)
    left, room = x + 63.5, 31.6
    head = fit_any(company, room, ((3.4, 2.6, 2), (2.4, 1.8, 3)), leading=1.2)
    head.draw(surface, left, y + 8.4, colour=INK_2)
    name = fit_any(_text(label.name), room, ((7, 5, 2), (4.6, 2.4, 4)), leading=1.15, bold=True)
    name.draw(surface, left, y + 27 - name.height / 2)
    place = fit_any(_text(label.place), room, ((3.6, 2.8, 2), (2.6, 1.8, 3)), leading=1.2)
    place.draw(surface, left, y + 36.6)
    code = fit(format_code(label.code), room, size=5.6, least=4, bold=True)
    code.draw(surface, left, y + 46.4)
    host = urlsplit(label.url).netloc.lower() + "/W"
    fit(host, room, size=3, least=1.6).draw(surface, left, y + 53, colour=INK_2)
    fit(WORDS[lang]["label_how"], room, size=3, least=1.6).draw(surface, left, y + 57.2)


def _text(value: str) -> str:
    return spell_missing(clean(value))
