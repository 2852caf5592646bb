"""What somebody typed, or a spreadsheet program made of it, is read as it was meant or refused."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.exchange.cells import CellFault, read, tidy, write
from shiftapp.exchange.columns import CHOICES, Column

TEXT = Column("x", "某", "X")
LABEL = Column("x", "某", "X", "label", most=32)
LINES = Column("x", "某", "X", "lines")
CODE = Column("x", "某", "X", "code")
CODES = Column("x", "某", "X", "codes")
NO = Column("x", "某", "X", "no", most=32)
INT = Column("x", "某", "X", "int", default=0)
DECIMAL = Column("x", "某", "X", "decimal")
DATE = Column("x", "某", "X", "date")
TIME = Column("x", "某", "X", "time")
YES = Column("x", "某", "X", "choice", choice="yes", default=0)
RISK = Column("x", "某", "X", "choice", choice="risk")
ALL = (TEXT, LABEL, LINES, CODE, CODES, NO, INT, DECIMAL, DATE, TIME, YES, RISK)

day = datetime.datetime(2026, 11, 24)

GOOD: list[tuple[Column, Any, str, Any]] = [
    (TEXT, "  张 \t 三\u200b\xa0", "", "张 三"),
    (TEXT, "泵区（北）１", "", "泵区（北）１"),  # full width is somebody's own choice in a name
    (TEXT, 201, "General", "201"),
    (TEXT, 201.0, "General", "201"),
    (TEXT, 2.5, "General", "2.5"),
    (TEXT, "a\nb", "", "a b"),
    (TEXT, "e\u0301", "", "é"),
    (LABEL, "Ｐ－２０１ ", "", "P-201"),
    (LINES, " 绿区 \n\n 不抖动\n", "", ("绿区", "不抖动")),
    (CODE, "Ａ１", "", "A1"),
    (CODE, 1, "General", "1"),
    (CODE, "甲班", "", "甲班"),
    (CODES, "J02、J05 ,J02；J09", "", ("J02", "J05", "J09")),
    (NO, "00123", "@", "00123"),
    (NO, "００１２３　", "@", "00123"),
    (NO, 123, "00000", "00123"),
    (NO, 123, "General", "123"),
    (NO, 123.0, "0", "123"),
    (NO, 10**12, "General", "1000000000000"),
    (INT, "３", "", 3),
    (INT, 3.0, "", 3),
    (INT, None, "", 0),
    (DECIMAL, 0.55, "0.00", "0.55"),
    (DECIMAL, "０．５５", "", "0.55"),
    (DECIMAL, "0.70", "@", "0.70"),
    (DECIMAL, "−3", "", "-3"),
    (DATE, day, "", "2026-11-24"),
    (DATE, day.date(), "", "2026-11-24"),
    (DATE, "2026-11-24", "", "2026-11-24"),
    (DATE, "2026/11/24", "", "2026-11-24"),
    (DATE, "2026.11.4", "", "2026-11-04"),
    (DATE, "２０２６年１１月２４日", "", "2026-11-24"),
    (DATE, "20261124", "", "2026-11-24"),
    (DATE, 20261124, "General", "2026-11-24"),
    (DATE, 46350, "General", "2026-11-24"),  # a date whose cell lost its format
    (TIME, datetime.time(8, 0), "", "08:00"),
    (TIME, day.replace(hour=8), "", "08:00"),
    (TIME, datetime.timedelta(hours=20), "", "20:00"),
    (TIME, 1 / 3, "General", "08:00"),
    (TIME, 1.0, "General", "00:00"),
    (TIME, "8:00", "", "08:00"),
    (TIME, "８：３０", "", "08:30"),
    (TIME, "24:00", "", "00:00"),
    (TIME, "08:00:00", "", "08:00"),
    (TIME, "8点", "", "08:00"),
    (TIME, "8点30分", "", "08:30"),
    (YES, "是", "", 1),
    (YES, True, "", 1),
    (YES, 0, "", 0),
    (YES, "×", "", 0),
    (YES, "是 yes", "", 1),
    (RISK, "a", "", "A"),
    (RISK, "红", "", "A"),
    (RISK, "B 较大", "", "B"),
]

BAD: list[tuple[Column, Any, str]] = [
    (TEXT, day, "date_for_text"),
    (CODE, day, "date_for_text"),
    (TEXT, True, "true_for_text"),
    (TEXT, "长" * 61, "too_long"),
    (TEXT, "坏\ud800", "bad_character"),
    (CODE, "A 1", "bad_code"),
    (CODE, "a/b", "bad_code"),
    (CODE, "C" * 17, "too_long"),
    (NO, "9" * 33, "too_long"),
    (INT, "三", "bad_integer"),
    (INT, 2.5, "bad_integer"),
    (DECIMAL, "1e3", "bad_decimal"),
    (DECIMAL, 1e-9, "bad_decimal"),
    (DECIMAL, "0,55", "bad_decimal"),
    (DATE, "11/24", "bad_date"),
    (DATE, "2026-02-30", "bad_date"),
    (DATE, 3, "bad_date"),
    (DATE, "明天", "bad_date"),
    (TIME, "25:00", "bad_time"),
    (TIME, "8:70", "bad_time"),
    (TIME, "早上", "bad_time"),
    (TIME, datetime.time(8, 0, 30), "bad_time"),
    (YES, "也许", "bad_choice"),
    (RISK, "E", "bad_choice"),
]


@pytest.mark.parametrize(("column", "raw", "number_format", "value"), GOOD)
def test_a_cell_is_read_as_it_was_meant(
    column: Column, raw: Any, number_format: str, value: Any
) -> None:
    assert read(column, raw, number_format) == value


@pytest.mark.parametrize(("column", "raw", "code"), BAD)
def test_a_cell_that_could_mean_anything_is_refused(column: Column, raw: Any, code: str) -> None:
    with pytest.raises(CellFault) as refused:
        read(column, raw)
    assert refused.value.code == code


def test_an_empty_cell_is_the_default_or_missing() -> None:
    for empty in (None, "", "  ", "　\u200b"):
        assert [read(column, empty) for column in (TEXT, LINES, INT)] == ["", (), 0]
        with pytest.raises(CellFault, match="needed"):
            read(Column("x", "某", "X", need=True), empty)


raws = st.one_of(
    st.none(),
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
)


@given(st.sampled_from(ALL), raws, st.sampled_from(["General", "@", "0", "00000", "yyyy-mm-dd"]))
def test_any_cell_is_read_or_refused_and_reads_back_the_same(
    column: Column, raw: Any, number_format: str
) -> None:
    try:
        value = read(column, raw, number_format)
    except CellFault:
        return
    assert read(column, write(column, value)) == value


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.booleans())
def test_tidying_is_done_after_once(text: str, fold: bool) -> None:
    once = tidy(text, fold=fold)
    assert tidy(once, fold=fold) == once
    assert once == once.strip() and "  " not in once and "\n" not in once


def test_every_choice_reads_back(  # what a drop-down writes is what is read
) -> None:
    for choice, options in CHOICES.items():
        column = Column("x", "某", "X", "choice", choice=choice)
        for code, _, _ in options:
            assert str(read(column, write(column, code))) == code
