"""The press that makes PDF files is a process of its own, which is never left behind."""

from __future__ import annotations

import datetime
import subprocess
import sys
import threading

import pytest

from qr import pdf
from qr.pdf import PdfSurface

MADE = datetime.date(2026, 11, 24)

LOADED = """
import importlib, pkgutil, sys
import shiftapp.exchange, shiftapp.web, shiftapp.commands.serve
for package in (shiftapp.exchange, shiftapp.web):
    for one in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        importlib.import_module(one.name)
print(sorted({name.partition(".")[0] for name in sys.modules}))
"""


def surface(title: str = "示例") -> PdfSurface:
    return PdfSurface(title=title, author="示例化工", lang="zh", made=MADE)


def sheet(title: str = "示例") -> bytes:
    with surface(title) as drawn:
        drawn.new_sheet()
        drawn.text(20, 20, title, 5)
        return drawn.output()


def test_equal_input_gives_equal_bytes() -> None:
    assert sheet() == sheet() != sheet("别的")


def test_a_server_never_loads_the_library() -> None:
    found = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    assert "'shiftapp'" in found.stdout and "'fpdf'" not in found.stdout


def test_what_goes_wrong_while_drawing_is_told_and_the_press_is_gone() -> None:
    with pytest.raises(ValueError, match="does not fit"), surface() as drawn:
        drawn.new_sheet()
        for _ in range(20_000):  # more than a pipe holds
            drawn.text(20, 20, "示例", 5)
        raise ValueError("it does not fit")
    assert drawn._press.returncode is not None


def test_a_press_that_breaks_down_is_no_file(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OSError, match="the press ended with 1"), surface() as drawn:
        drawn.new_sheet()
        drawn.text(20, 20, "示例", 5, colour="no colour")
        drawn.output()
    assert "Traceback" in capfd.readouterr().err


def test_a_press_that_is_killed_is_no_file() -> None:
    with pytest.raises(OSError), surface() as drawn:
        drawn.new_sheet()
        drawn._press.kill()
        drawn.output()


def test_more_documents_than_presses_are_all_made() -> None:
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(sheet())) for _ in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(made) == 5 and len(set(made)) == 1
    assert pdf._AT_ONCE._value == 2  # all free again
