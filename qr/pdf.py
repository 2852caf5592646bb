"""A document of sheets as PDF: what is drawn goes to a press (press.py), line by line.

The press is a process: its library, and what a large document needs, do not stay in a server.
"""

import contextlib
import datetime
import json
import subprocess
import sys
import threading
from typing import Self

from qr.code import Matrix, qr_runs
from qr.shapes import BLACK, INK, Ends, Outline, Pen

POINTS = 72 / 25.4  # in a millimetre
HEIGHT = 297.0  # of a sheet, mm
_CAPS: dict[Ends, str] = {"butt": "0 J 0 j", "round": "1 J 1 j", "square": "2 J 0 j"}
_PRESS = (sys.executable, "-P", "-m", "qr.press")  # -P: `qr` is ours, not one of the working folder
_AT_ONCE = threading.Semaphore(2)  # each takes 60 MB and more while it runs


class PdfSurface:
    """Sheets of A4. `made` stands in the file as its date, so equal input gives equal bytes.

    Use it in a `with` statement: the press runs until its end.
    """

    def __init__(self, *, title: str, author: str, lang: str, made: datetime.date) -> None:
        self._about = {"title": title, "author": author, "lang": lang, "made": made.isoformat()}

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as opened:
            opened.enter_context(_AT_ONCE)
            press = subprocess.Popen(_PRESS, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self._press = opened.enter_context(press)  # at its end the pipes are closed
            self._send(self._about)
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._press.kill()  # the file is here, or it is not wanted
        with contextlib.suppress(BrokenPipeError):
            self._opened.close()

    def new_sheet(self) -> None:
        """Begin a page; nothing can be drawn before the first one."""
        self._send(["sheet"])

    def output(self) -> bytes:
        """The finished file.

        :raises OSError: the press broke down; its own words are on standard error.
        """
        made, _ = self._press.communicate()
        if self._press.returncode:
            raise OSError(f"the press ended with {self._press.returncode}")
        return made

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
        self._send(["text", x, y, text, size, [bold, colour, spacing]])

    def fill(self, outline: Outline, colour: str) -> None:
        self._paint(f"{_rgb(colour)} rg", _operators(outline), "f")

    def stroke(self, outline: Outline, pen: Pen) -> None:
        style = f"{_rgb(pen.colour)} RG {pen.width * POINTS:.3f} w {_CAPS[pen.ends]}"
        self._paint(style, _operators(outline), "S")

    def modules(self, matrix: Matrix, x: float, y: float, side: float) -> None:
        # One path for all modules: painted one by one, viewers show hairlines between them.
        unit = side * POINTS / len(matrix)
        left, top = x * POINTS, (HEIGHT - y) * POINTS
        boxes = " ".join(
            f"{left + mx * unit:.2f} {top - (my + 1) * unit:.2f} {n * unit:.2f} {unit:.2f} re"
            for mx, my, n in qr_runs(matrix)
        )
        self._paint(f"{_rgb(BLACK)} rg", boxes, "f")

    def _paint(self, style: str, operators: str, paint: str) -> None:
        self._send(["paint", f"q {style} {operators} {paint} Q"])

    def _send(self, said: object) -> None:
        assert self._press.stdin is not None  # asked for
        self._press.stdin.write(json.dumps(said).encode() + b"\n")


def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[n : n + 2], 16) / 255:.3f}" for n in (1, 3, 5))


def _operators(outline: Outline) -> str:
    names = {"M": "m", "L": "l", "C": "c", "Z": "h"}
    parts: list[str] = []
    for op, points in outline:
        parts += [f"{x * POINTS:.2f} {(HEIGHT - y) * POINTS:.2f}" for x, y in points]
        parts.append(names[op])
    return " ".join(parts)
