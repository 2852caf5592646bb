"""A document of sheets as PDF, with fpdf2: vector shapes, and only the glyphs used of each face."""

import datetime
from typing import Self

from fpdf import FPDF
from fpdf.fonts import TTFFont

from qr.code import Matrix, qr_runs
from qr.glyphs import FILES
from qr.shapes import BLACK, INK, Ends, Outline, Pen

_POINTS = 72 / 25.4
_HEIGHT = 297.0
_CAPS: dict[Ends, str] = {"butt": "0 J 0 j", "round": "1 J 1 j", "square": "2 J 0 j"}


class PdfSurface:
    """Sheets of A4. `made` stands in the file as its date, so equal input gives equal bytes.

    Use it in a `with` statement: the font files stay open until its end.
    """

    def __init__(self, *, title: str, author: str, lang: str, made: datetime.date) -> None:
        self._pdf = FPDF(unit="mm", format=(210, _HEIGHT))
        self._pdf.set_auto_page_break(False)
        self._pdf.set_title(title)
        self._pdf.set_author(author)
        self._pdf.set_lang({"zh": "zh-CN"}.get(lang, lang))
        midnight = datetime.time(tzinfo=datetime.UTC)
        self._pdf.set_creation_date(datetime.datetime.combine(made, midnight))
        for bold, file in FILES.items():
            self._pdf.add_font("sc", "B" if bold else "", file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for font in self._pdf.fonts.values():  # fpdf2 reads them lazily and leaves them open
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def new_sheet(self) -> None:
        """Begin a page; nothing can be drawn before the first one."""
        self._pdf.add_page()

    def output(self) -> bytes:
        """The finished file."""
        return bytes(self._pdf.output())

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        spacing: float = 0.0,
    ) -> None:
        self._pdf.set_font("sc", "B" if bold else "", size * _POINTS)
        self._pdf.set_text_color(colour)
        self._pdf.set_char_spacing(spacing * _POINTS)
        self._pdf.text(x, y, text)

    def fill(self, outline: Outline, colour: str) -> None:
        self._paint(f"{_rgb(colour)} rg", _operators(outline), "f")

    def stroke(self, outline: Outline, pen: Pen) -> None:
        style = f"{_rgb(pen.colour)} RG {pen.width * _POINTS:.3f} w {_CAPS[pen.ends]}"
        self._paint(style, _operators(outline), "S")

    def modules(self, matrix: Matrix, x: float, y: float, side: float) -> None:
        # One path for all modules: painted one by one, viewers show hairlines between them.
        unit = side * _POINTS / len(matrix)
        left, top = x * _POINTS, (_HEIGHT - y) * _POINTS
        boxes = " ".join(
            f"{left + mx * unit:.2f} {top - (my + 1) * unit:.2f} {n * unit:.2f} {unit:.2f} re"
            for mx, my, n in qr_runs(matrix)
        )
        self._paint(f"{_rgb(BLACK)} rg", boxes, "f")

    def _paint(self, style: str, operators: str, paint: str) -> None:
        # fpdf2's own path objects take 11 ms for a code, this 0.5 ms: it matters for 5,000 cards.
        self._pdf._out(f"q {style} {operators} {paint} Q")


def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[n : n + 2], 16) / 255:.3f}" for n in (1, 3, 5))


def _operators(outline: Outline) -> str:
    names = {"M": "m", "L": "l", "C": "c", "Z": "h"}
    parts: list[str] = []
    for op, points in outline:
        parts += [f"{x * _POINTS:.2f} {(_HEIGHT - y) * _POINTS:.2f}" for x, y in points]
        parts.append(names[op])
    return " ".join(parts)
