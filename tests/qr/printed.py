"""Reads what was printed: a PDF engine and a code reader that share no code with the writers."""

import io
from dataclasses import dataclass, field

import pypdfium2
import zxingcpp
from PIL import Image

from qr.code import station_url
from qr.glyphs import text_width

URL = station_url("https://aq.example.cn", "7K2M41QF", "W1T9V485JDP5PWF8")


def picture(pdf, page=0, scale=2.0):
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[page].render(scale=scale).to_pil()
    finally:
        document.close()


def page_texts(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def text_boxes(pdf, page=0):
    """(left, top, right, bottom) in mm of every text on a page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        sheet = document[page]
        kind = pypdfium2.raw.FPDF_PAGEOBJ_TEXT
        bounds = [thing.get_bounds() for thing in sheet.get_objects(filter=[kind])]
        height = sheet.get_height()
    finally:
        document.close()
    mm = 25.4 / 72
    return [(x0 * mm, (height - y1) * mm, x1 * mm, (height - y0) * mm) for x0, y0, x1, y1 in bounds]


def read_codes(image):
    if isinstance(image, bytes):
        image = Image.open(io.BytesIO(image))
    return [found.text for found in zxingcpp.read_barcodes(image.convert("L"))]


@dataclass
class Recorder:
    """A surface that only remembers which text stands where."""

    boxes: list = field(default_factory=list)

    def text(self, x, y, text, size, *, bold=False, colour="", spacing=0.0):
        width = text_width(text, size, bold=bold) + spacing * (len(text) - 1)
        self.boxes.append((text, x, y - 0.75 * size, x + width, y + 0.1 * size))

    def fill(self, outline, colour): ...

    def stroke(self, outline, pen): ...

    def modules(self, matrix, x, y, side):
        self.boxes.append(("code", x, y, x + side, y + side))
