"""The description of the sheets: names that cannot be mistaken for each other, nothing untold."""

from __future__ import annotations

import pytest

from shiftapp.exchange import cells
from shiftapp.exchange.columns import CHOICES, Column, Sheet
from shiftapp.exchange.forms import BY_NOUN, SHEETS

COLUMNS = [
    pytest.param(sheet, column, id=f"{sheet.noun}.{column.key}")
    for sheet in SHEETS
    for column in sheet.columns
]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.noun)
def test_headings_cannot_be_mistaken(sheet: Sheet) -> None:
    names = [name.casefold() for c in sheet.columns for name in {c.zh, c.en, c.zh + c.en}]
    assert len(names) == len(set(names))
    assert len({column.key for column in sheet.columns}) == len(sheet.columns)


def test_sheet_names_cannot_be_mistaken_and_fit_on_a_tab() -> None:
    names = [name for sheet in SHEETS for name in (sheet.zh, sheet.en)]
    assert len(names) == len(set(names))
    assert all(len(sheet.title) <= 31 for sheet in SHEETS)


@pytest.mark.parametrize(("sheet", "column"), COLUMNS)
def test_a_column_refers_to_what_exists(sheet: Sheet, column: Column) -> None:
    assert not column.to or column.to in BY_NOUN
    assert not column.choice or column.choice in CHOICES
    assert (column.kind == "choice") == bool(column.choice)


@pytest.mark.parametrize(("sheet", "column"), COLUMNS)
def test_an_example_would_be_read(sheet: Sheet, column: Column) -> None:
    """Without the mark that keeps it from being read."""
    example = str(column.example).removeprefix("示例")
    if example or not column.need:
        assert cells.read(column, example or None) is not None


@pytest.mark.parametrize("choice", CHOICES)
def test_every_choice_is_read_back_from_each_of_its_names(choice: str) -> None:
    column = Column("x", "某", "X", "choice", choice=choice)
    for code, zh, en in CHOICES[choice]:
        for name in (code, zh, en, f"{zh} {en}", en.upper(), f" {zh}　"):
            assert str(cells.read(column, name)) == code
        assert len(f"{zh} {en}") < 32 and "," not in zh + en
    listed = ",".join(f"{zh} {en}" for _, zh, en in CHOICES[choice])
    assert len(listed) < 250  # what a fixed drop-down holds
