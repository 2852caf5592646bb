"""The press: reads a document, a line of JSON for each thing to draw, and writes a PDF with fpdf2.

Standard input to standard output; started by pdf.py as `python -m qr.press`.
"""

import datetime
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from fpdf import FPDF
from fpdf.fonts import TTFFont

from qr.glyphs import FILES
from qr.pdf import HEIGHT, POINTS


def printed(lines: Iterable[bytes]) -> bytes:
    """The finished file: the first line says what the document is, each other one what to draw."""
    order = iter(lines)
    about = json.loads(next(order))
    pdf = _document(**about)
    draw: dict[str, Callable[..., None]] = {
        "sheet": pdf.add_page,
        # fpdf2's own path objects take 11 ms for a code, this 0.5 ms: it matters for 5,000 cards.
        "paint": pdf._out,
        "text": lambda *said: _text(pdf, *said),
    }
    for line in order:
        kind, *values = json.loads(line)
        draw[kind](*values)
    made = bytes(pdf.output())
    for font in pdf.fonts.values():  # fpdf2 reads them lazily and leaves them open
        if isinstance(font, TTFFont):
            font.ttfont.close()
    return made


def _document(title: str, author: str, lang: str, made: str) -> FPDF:
    pdf = FPDF(unit="mm", format=(210, HEIGHT))
    pdf.set_auto_page_break(False)
    pdf.set_title(title)
    pdf.set_author(author)
    pdf.set_lang({"zh": "zh-CN"}.get(lang, lang))
    midnight = datetime.time(tzinfo=datetime.UTC)
    day = datetime.date.fromisoformat(made)
    pdf.set_creation_date(datetime.datetime.combine(day, midnight))
    for bold, file in FILES.items():
        pdf.add_font("sc", "B" if bold else "", file)
    return pdf


def _text(pdf: Any, x: float, y: float, text: str, size: float, look: list[Any]) -> None:
    bold, colour, spacing = look
    pdf.set_font("sc", "B" if bold else "", size * POINTS)
    pdf.set_text_color(colour)
    pdf.set_char_spacing(spacing * POINTS)
    pdf.text(x, y, text)


if __name__ == "__main__":
    sys.stdout.buffer.write(printed(sys.stdin.buffer))
