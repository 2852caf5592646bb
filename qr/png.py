"""A sheet as PNG, with Pillow: the same drawing calls as the PDF, every edge smoothed."""

import functools
import io
import math
from collections.abc import Iterator

from PIL import Image, ImageColor, ImageDraw, ImageFont

from qr.code import Matrix, qr_runs
from qr.glyphs import FILES, text_width
from qr.shapes import INK, Outline, Pen, Point, polylines

_SMOOTH = 4  # shapes are drawn this much larger and reduced
Polygon = list[Point]


class PngSurface:
    """One sheet; A4 at 200 dots an inch is 1654 × 2339 pixels and 12 MB while it is drawn."""

    def __init__(self, width: float = 210.0, height: float = 297.0, *, dpi: float = 200) -> None:
        self._scale = dpi / 25.4
        self._dpi = dpi
        self._image = Image.new(
            "RGB", (round(width * self._scale), round(height * self._scale)), "white"
        )
        self._draw = ImageDraw.Draw(self._image)

    def output(self) -> bytes:
        """The finished file, in at most 64 colours."""
        out = io.BytesIO()
        few = self._image.quantize(64, dither=Image.Dither.NONE)
        few.save(out, "PNG", optimize=True, dpi=(self._dpi, self._dpi))
        return out.getvalue()

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
        font = _font(bold, size * self._scale)
        for sign in text:  # by our own widths: Pillow rounds each advance to a pixel
            place = (x * self._scale, y * self._scale)
            self._draw.text(place, sign, fill=colour, font=font, anchor="ls")
            x += text_width(sign, size, bold=bold) + spacing

    def fill(self, outline: Outline, colour: str) -> None:
        self._paint([points for points, _ in polylines(outline)], colour)

    def stroke(self, outline: Outline, pen: Pen) -> None:
        parts = (_stroked(points, closed, pen) for points, closed in polylines(outline))
        self._paint([polygon for part in parts for polygon in part], pen.colour)

    def modules(self, matrix: Matrix, x: float, y: float, side: float) -> None:
        # Whole pixels a module, so no edge is grey; the code gets a little smaller, never larger.
        unit = int(side * self._scale / len(matrix))
        spare = (side * self._scale - unit * len(matrix)) / 2
        left, top = round(x * self._scale + spare), round(y * self._scale + spare)
        for mx, my, n in qr_runs(matrix):
            first = (left + mx * unit, top + my * unit)
            last = (left + (mx + n) * unit - 1, top + (my + 1) * unit - 1)
            self._draw.rectangle((first, last), fill="black")

    def _paint(self, polygons: list[Polygon], colour: str) -> None:
        spread = [[(x * self._scale, y * self._scale) for x, y in each] for each in polygons]
        left, top, width, height = _bounds(spread)
        mask = Image.new("L", (width * _SMOOTH, height * _SMOOTH), 0)
        draw = ImageDraw.Draw(mask)
        for polygon in spread:
            draw.polygon(
                [((x - left) * _SMOOTH, (y - top) * _SMOOTH) for x, y in polygon], fill=255
            )
        mask = mask.resize((width, height), Image.Resampling.BOX)
        self._image.paste(ImageColor.getrgb(colour), (left, top), mask)


@functools.lru_cache(maxsize=64)
def _font(bold: bool, size_px: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FILES[bold], size_px, layout_engine=ImageFont.Layout.BASIC)


def _bounds(polygons: list[Polygon]) -> tuple[int, int, int, int]:
    xs = [x for polygon in polygons for x, _ in polygon]
    ys = [y for polygon in polygons for _, y in polygon]
    left, top = math.floor(min(xs)), math.floor(min(ys))
    return left, top, math.ceil(max(xs)) - left + 1, math.ceil(max(ys)) - top + 1


def _stroked(points: list[Point], closed: bool, pen: Pen) -> Iterator[Polygon]:
    """The polygons that together cover a stroked contour."""
    half = pen.width / 2
    corners = [p for n, p in enumerate(points) if n == 0 or math.dist(p, points[n - 1]) > 1e-6]
    if closed and math.dist(corners[0], corners[-1]) > 1e-6:
        corners.append(corners[0])
    if pen.ends == "square" and not closed:
        corners = [_beyond(corners[1], corners[0], half), *corners[1:]]
        corners[-1] = _beyond(corners[-2], corners[-1], half)
    pairs = list(zip(corners, corners[1:], strict=False))
    for start, end in pairs:
        yield _bar(start, end, half)
    if pen.ends == "round":
        yield from (_disc(corner, half) for corner in corners)
        return
    turns = zip(pairs, pairs[1:] + (pairs[:1] if closed else []), strict=False)
    for (before, corner), (_, after) in turns:
        yield _mitre(before, corner, after, half)


def _beyond(start: Point, end: Point, by: float) -> Point:
    length = math.dist(start, end)
    return (
        end[0] + (end[0] - start[0]) * by / length,
        end[1] + (end[1] - start[1]) * by / length,
    )


def _normal(start: Point, end: Point) -> Point:
    length = math.dist(start, end) or 1.0
    return ((start[1] - end[1]) / length, (end[0] - start[0]) / length)


def _bar(start: Point, end: Point, half: float) -> Polygon:
    nx, ny = (half * part for part in _normal(start, end))
    (x0, y0), (x1, y1) = start, end
    return [(x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)]


def _disc(centre: Point, radius: float) -> Polygon:
    turns = (n * math.tau / 24 for n in range(24))
    return [(centre[0] + radius * math.cos(t), centre[1] + radius * math.sin(t)) for t in turns]


def _mitre(before: Point, corner: Point, after: Point, half: float) -> Polygon:
    """The sharp tip outside a corner."""
    (ax, ay), (bx, by) = _normal(before, corner), _normal(corner, after)
    side = -1.0 if ax * by - ay * bx > 0 else 1.0
    reach = side * half / max(1 + ax * bx + ay * by, 0.05)
    x, y = corner
    return [
        corner,
        (x + side * half * ax, y + side * half * ay),
        (x + reach * (ax + bx), y + reach * (ay + by)),
        (x + side * half * bx, y + side * half * by),
    ]
