"""Outlines in millimetres from SVG path data, and the surface that posters are drawn on.

The path grammar is fontTools' (which fpdf2 needs anyway); arcs arrive as curves.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path

from qr.code import Matrix

Point = tuple[float, float]
Op = tuple[Literal["M", "L", "C", "Z"], tuple[Point, ...]]
Outline = tuple[Op, ...]
Ends = Literal["round", "square", "butt"]

INK, INK_2, EDGE = "#14171a", "#3f464d", "#6b737b"  # ui/tokens.css
WHITE, BLACK, MUST, STOP, WARN, ORANGE = (
    "#ffffff",
    "#000000",
    "#0050b3",
    "#a80018",
    "#ffd500",
    "#ff8a00",
)


@dataclass(frozen=True)
class Pen:
    """How a line is drawn: width in mm; only round ends come with round corners."""

    colour: str
    width: float
    ends: Ends = "round"


class Surface(Protocol):
    """One sheet; millimetres from its upper left corner, text at its baseline."""

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
    ) -> None: ...

    def fill(self, outline: Outline, colour: str) -> None: ...

    def stroke(self, outline: Outline, pen: Pen) -> None: ...

    def modules(self, matrix: Matrix, x: float, y: float, side: float) -> None: ...


def path(d: str, x: float = 0.0, y: float = 0.0, scale: float = 1.0) -> Outline:
    """The outline of SVG path data, scaled and then moved to (x, y)."""
    return tuple(
        (op, tuple((px * scale + x, py * scale + y) for px, py in points))
        for op, points in _read(d)
    )


def rectangle(x: float, y: float, width: float, height: float) -> Outline:
    """A rectangle by its upper left corner."""
    return path(f"M{x} {y}h{width}v{height}h{-width}z")


def line(x0: float, y0: float, x1: float, y1: float) -> Outline:
    """A straight line."""
    return (("M", ((x0, y0),)), ("L", ((x1, y1),)))


def polylines(outline: Outline, steps: int = 24) -> Iterator[tuple[list[Point], bool]]:
    """The contours with curves made of straight pieces, each with whether it is closed."""
    points: list[Point] = []
    for op, args in outline:
        if op == "M":
            if points:
                yield points, False
            points = [args[0]]
        elif op == "L":
            points.append(args[0])
        elif op == "C":
            points += [_bezier((points[-1], *args), (n + 1) / steps) for n in range(steps)]
        else:
            yield points, True
            points = []
    if points:
        yield points, False


def _bezier(corners: tuple[Point, ...], t: float) -> Point:
    u = 1 - t
    weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
    x = sum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True))
    y = sum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True))
    return (x, y)


_OPS: dict[str, Literal["M", "L", "C", "Z"]] = {
    "moveTo": "M",
    "lineTo": "L",
    "curveTo": "C",
    "closePath": "Z",
}


@functools.lru_cache(maxsize=512)
def _read(d: str) -> Outline:
    pen = RecordingPen()
    parse_path(d, pen)
    return tuple((_OPS[op], tuple(points)) for op, points in pen.value if op in _OPS)
