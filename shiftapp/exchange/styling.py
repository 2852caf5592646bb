"""How the sheets look, and the one way in which a text gets into a cell."""

from __future__ import annotations

from collections.abc import Iterable

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

FACE = "Calibri"  # else some programs take a serif face for what has a font of its own
HEAD = PatternFill("solid", fgColor="17324D")
HEAD_NEEDED = PatternFill("solid", fgColor="0B5CAD")
EXAMPLE_FILL = PatternFill("solid", fgColor="F3F1E7")
WHITE = Font(name=FACE, bold=True, color="FFFFFF")
TITLE = Font(name=FACE, bold=True, size=16)
BOLD = Font(name=FACE, bold=True)
GREY = Font(name=FACE, italic=True, color="6B6B6B")
EDGE = Border(bottom=Side("thin", color="D8D8D8"))
HEAD_ALIGNMENT = Alignment(wrap_text=True, vertical="center")
WRAP = Alignment(wrap_text=True, vertical="top")

TEXT = "@"
FORMATS = {"date": "yyyy-mm-dd", "time": "hh:mm", "int": "0"}  # by kind of column; else text


def put(worksheet: Worksheet, row: int, index: int, text: str) -> Cell:
    """Write a text as a text: '=1+1' is what somebody typed, not a formula."""
    cell = worksheet.cell(row, index)
    assert isinstance(cell, Cell)  # nothing of ours is merged
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    return cell


def put_head(
    worksheet: Worksheet, row: int, index: int, zh: str, en: str, *, needed: bool = False
) -> None:
    """Write a heading in both languages."""
    cell = put(worksheet, row, index, f"{zh}{'*' if needed else ''}\n{en}")
    cell.font, cell.alignment = WHITE, HEAD_ALIGNMENT
    cell.fill = HEAD_NEEDED if needed else HEAD


def fit_height(worksheet: Worksheet, row: int, texts: Iterable[tuple[str, int]]) -> None:
    """Make a row high enough for texts in columns of some widths: not every program does."""
    lines = max(sum(_lines(part, width) for part in text.split("\n")) for text, width in texts)
    worksheet.row_dimensions[row].height = 15.5 * max(lines, 1) + 2


def _lines(text: str, width: int) -> int:
    signs = sum(2 if ord(char) > 0x2E80 else 1 for char in text)
    return -(-signs // max(width - 2, 1)) or 1
