"""The paper sheet of a crew, printed ahead for the day when the server or the phones are down.

Names × station × promised × called out × signed × why not here, the leader's line, and a code to
the page where it is entered later. A4, as many pages as the crew needs; each stands for itself.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from qr.code import qr_matrix
from qr.glyphs import clean, spell_missing
from qr.pdf import PdfSurface
from qr.shapes import EDGE, INK, INK_2, Pen, Surface, line, rectangle
from qr.typeset import fit, fit_any
from qr.words import Lang, format_date

LEFT, RIGHT, WIDTH = 12.0, 198.0, 186.0  # mm
ROWS_A_PAGE = 18
_ROW, _TOP, _QR = 11.0, 60.0, 34.0
_HAIR, _THICK = Pen(EDGE, 0.2, "butt"), Pen(INK, 0.6, "butt")
# Where each column begins; the last is the right edge.
_COLUMNS = (12.0, 20.0, 58.0, 104.0, 119.0, 138.0, 166.0, 198.0)

WORDS: dict[Lang, dict[str, str]] = {
    "zh": {
        "title": "班前承诺点名表（纸）",
        "heads": "序|姓名 工号|工位|承诺|手指口述|本人签|没到的原因",
        "how": "先一起念，再打勾、本人签。恢复后扫右边的码录入；按录入的时间算，不倒填。",
        "leader": "班长签字：",
        "when": "填表时间：",
        "page": "第 {0} / {1} 页",
        "made": "{0} 打印",
        "none": "只承诺",
    },
    "en": {
        "title": "Crew sheet for the pre-shift commitment (paper)",
        "heads": "No.|Name, number|Station|Promised|Called out|Signature|Why not here",
        "how": "Read it together, then tick and sign. Enter it later by the code at the right:"
        " it counts by the time of entry, never backdated.",
        "leader": "Leader's signature:",
        "when": "Filled in at:",
        "page": "Page {0} / {1}",
        "made": "Printed {0}",
        "none": "promise only",
    },
}


@dataclass(frozen=True)
class Line:
    """One person; `run` whether the pointing and calling is asked of them."""

    name: str
    number: str
    station: str
    run: bool


@dataclass(frozen=True, kw_only=True)
class CrewSheet:
    """What a crew sheet says; plain values, in the language of `lang`.

    `url` is what the QR says: the page of entry. `shift` is the shift with its hours, `oath` the
    short text of the commitment.
    """

    url: str
    company: str
    crew: str
    date: datetime.date
    shift: str
    oath: str
    lines: Sequence[Line]
    made: datetime.date
    lang: Lang = "zh"


def crew_sheet_pdf(sheet: CrewSheet) -> bytes:
    """The sheet, 18 people on a page; a character that cannot be printed is spelled by its code.

    :raises AddressError: the URL is too long for a code that scans well.
    """
    words = WORDS[sheet.lang]
    pages = [
        sheet.lines[at : at + ROWS_A_PAGE] for at in range(0, len(sheet.lines), ROWS_A_PAGE)
    ] or [()]
    about = {"title": words["title"], "author": _text(sheet.company), "lang": sheet.lang}
    with PdfSurface(**about, made=sheet.made) as surface:
        for number, lines in enumerate(pages):
            surface.new_sheet()
            _draw_head(surface, sheet, words)
            _draw_table(surface, lines, number * ROWS_A_PAGE, words)
            _draw_foot(surface, sheet, words, (number + 1, len(pages)))
        return surface.output()


def _draw_head(surface: Surface, sheet: CrewSheet, words: dict[str, str]) -> None:
    room = WIDTH - _QR - 6
    surface.modules(qr_matrix(sheet.url, level="M"), RIGHT - _QR, 12, _QR)
    fit(_text(sheet.company), room, size=3.6, least=2.4).draw(surface, LEFT, 10, colour=INK_2)
    fit(words["title"], room, size=6, least=4, bold=True).draw(surface, LEFT, 15.5)
    what = f"{_text(sheet.crew)}　{format_date(sheet.date, sheet.lang)}　{_text(sheet.shift)}"
    fit(what, room, size=4.6, least=2.6, bold=True).draw(surface, LEFT, 25)
    oath = fit_any(_text(sheet.oath), room, ((4, 3.2, 2), (3.2, 2.4, 3)), leading=1.3)
    oath.draw(surface, LEFT, 32.5)
    how = fit_any(words["how"], room, ((3.2, 2.8, 1), (3, 2.4, 2)), leading=1.3)
    how.draw(surface, LEFT, 44.5, colour=INK_2)


def _draw_table(
    surface: Surface, lines: Sequence[Line], before: int, words: dict[str, str]
) -> None:
    for x, x1, head in zip(_COLUMNS, _COLUMNS[1:], words["heads"].split("|"), strict=False):
        fit(head, x1 - x - 2, size=3.4, least=1.8).draw(surface, x + 1, _TOP - 6, colour=INK_2)
    bottom = _TOP + len(lines) * _ROW
    surface.stroke(line(LEFT, _TOP, RIGHT, _TOP), _THICK)
    for number, one in enumerate(lines):
        _draw_line(surface, one, before + number + 1, _TOP + number * _ROW, words)
    for x in _COLUMNS:
        surface.stroke(line(x, _TOP, x, bottom), _HAIR)


def _draw_line(surface: Surface, one: Line, number: int, top: float, words: dict[str, str]) -> None:
    _, name_x, station_x, promised_x, called_x, sign_x, *_ = _COLUMNS
    fit(str(number), 6, size=3.4, least=2).draw(surface, LEFT + 1, top + 3.2, colour=INK_2)
    name = fit(_text(one.name), station_x - name_x - 2, size=4.4, least=2.2, bold=True)
    name.draw(surface, name_x + 1, top + 0.6)
    fit(_text(one.number), 34, size=3, least=1.8).draw(surface, name_x + 1, top + 6.4)
    station = fit_any(
        _text(one.station), promised_x - station_x - 2, ((3.4, 2.8, 2), (2.6, 1.8, 3)), leading=1.2
    )
    station.draw(surface, station_x + 1, top + (_ROW - station.height) / 2)
    _draw_box(surface, promised_x, called_x, top)
    if one.run:
        _draw_box(surface, called_x, sign_x, top)
    else:
        only = fit(words["none"], sign_x - called_x - 2, size=2.8, least=1.6)
        only.draw(surface, called_x + 1, top + 3.6, colour=INK_2)
    surface.stroke(line(LEFT, top + _ROW, RIGHT, top + _ROW), _HAIR)


def _draw_box(surface: Surface, x: float, x1: float, top: float) -> None:
    side = 6.0
    corner = (x + x1 - side) / 2, top + (_ROW - side) / 2
    surface.stroke(rectangle(*corner, side, side), Pen(INK, 0.4, "square"))


def _draw_foot(
    surface: Surface, sheet: CrewSheet, words: dict[str, str], page: tuple[int, int]
) -> None:
    for x, end, key in ((LEFT, 104.0, "leader"), (112.0, RIGHT, "when")):
        said = fit(words[key], 40, size=4, least=2.4)
        said.draw(surface, x, 271)
        surface.stroke(line(x + said.width + 2, 276.5, end, 276.5), _HAIR)
    made = fit(words["made"].format(format_date(sheet.made, sheet.lang)), 80, size=3, least=2)
    made.draw(surface, LEFT, 283, colour=INK_2)
    where = fit(words["page"].format(*page), 60, size=3, least=2)
    where.draw(surface, RIGHT, 283, align=1.0, colour=INK_2)


def _text(value: str) -> str:
    return spell_missing(clean(value))
