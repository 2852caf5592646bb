"""A workbook's sheets as lines of values, with every fault that can be seen without a database.

openpyxl reads (read-only, with defusedxml); what a cell means is in cells.py. Rows whose first cell
begins with 示例 are examples, empty rows are nothing, further columns and sheets are the plant's
own business.
"""

from __future__ import annotations

import functools
import io
import re
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, BinaryIO, get_args

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from shiftapp.exchange import cells
from shiftapp.exchange.archive import MOST_ROWS, Package, unpack
from shiftapp.exchange.columns import EXAMPLE, Column, Sheet
from shiftapp.exchange.faults import Fault, fault
from shiftapp.exchange.forms import BY_NOUN, SHEETS
from shiftapp.exchange.plan import Line, Plan

Progress = Callable[[int, int], None]
FURTHEST = 80  # columns that are looked at
_PLAIN = get_args(cells.Raw)  # the formula of an array is an object of another kind


def read_workbook(file: BinaryIO, progress: Progress = lambda done, total: None) -> Plan:
    """What a workbook says. It never raises for a bad file: see `faults` of the plan.

    `progress(done, total)` is called now and then with rows.
    """
    plan = Plan()
    package = unpack(file)
    if isinstance(package, Fault):
        plan.faults.append(package)
        return plan
    try:
        with warnings.catch_warnings():  # about validations and styles, which are not read
            warnings.simplefilter("ignore")
            _read_sheets(plan, package, progress)
    # A crooked file makes openpyxl raise whatever it meets: KeyError, ValueError, ParseError, …
    except Exception:
        plan.faults[:] = [fault("damaged")]
        plan.lines.clear()
    return plan


def _read_sheets(plan: Plan, package: Package, progress: Progress) -> None:
    book = load_workbook(io.BytesIO(package.data), read_only=True, keep_links=False)
    total, done = sum(package.rows.values()), 0
    try:
        for sheet in SHEETS:
            names = _names(sheet.zh, sheet.en)
            found = [one for one in book.worksheets if _plain(one.title) in names]
            plan.lines[sheet.noun] = []
            if not found and sheet.optional:
                continue
            if len(found) != 1:
                code = "same_sheet" if found else "no_sheet"
                plan.faults.append(fault(code, name=sheet.title, name_en=sheet.title))
                continue
            plan.titles[sheet.noun] = found[0].title
            part = _part(found[0])
            step = partial(_tell, progress, done, total)
            _read_sheet(plan, sheet, found[0], package.merged.get(part, []), step)
            done += package.rows.get(part, 0)
        progress(total, total)
    finally:
        book.close()


def _tell(progress: Progress, before: int, total: int, row: int) -> None:
    if row % 500 == 0:
        progress(before + row, total)


def _part(worksheet: Any) -> str:  # a ReadOnlyWorksheet; its path has no public name
    return str(getattr(worksheet, "_worksheet_path", "")).lstrip("/")


def _read_sheet(
    plan: Plan,
    sheet: Sheet,
    worksheet: Any,  # a ReadOnlyWorksheet
    merged: Sequence[str],
    step: Callable[[int], None],
) -> None:
    worksheet.reset_dimensions()  # some programs write wrong ones
    rows = worksheet.iter_rows(max_col=FURTHEST)
    _find_columns(plan, sheet, next(rows, ()))
    columns = plan.places[sheet.noun]
    last = 0
    for number, row in enumerate(rows, start=2):
        step(number)
        given = [row[index - 1] for index in columns.values() if index <= len(row)]
        if not columns or all(_blank(cell.value) for cell in given):
            continue
        last = number
        _read_row(plan, sheet, number, row)
        if len(plan.lines[sheet.noun]) > MOST_ROWS:
            plan.add(fault("too_many_rows", most=MOST_ROWS), sheet.noun)
            break
    for ref in merged:
        _, top, _, _ = range_boundaries(ref)
        if top is not None and top <= last:
            plan.add(fault("merged", ref=ref), sheet.noun, top)
    _find_duplicates(plan, sheet)


# Headings -----------------------------------------------------------------------------------------


def _find_columns(plan: Plan, sheet: Sheet, headings: Sequence[Any]) -> None:
    places: dict[str, int] = {}
    strangers, keys = [], _keys(sheet.noun)
    plan.places[sheet.noun] = places
    for index, cell in enumerate(headings, start=1):
        text = "" if cell.value is None else str(cell.value)
        key = keys.get(_plain(text), "")
        if key in places:
            name = sheet.by_key[key]
            plan.add(fault("same_column", name=name.zh, name_en=name.en), sheet.noun, 1, key)
        elif key:
            places[key] = index
        elif text.strip():
            strangers.append(" ".join(text.split()))
    if not places:
        plan.add(fault("no_headings"), sheet.noun)
        return
    for column in sheet.columns:
        if column.key not in places:
            plan.add(_missing(column, strangers), sheet.noun, 1)


def _missing(column: Column, strangers: list[str]) -> Fault:
    names = "、".join(f"“{name}”" for name in strangers[:5])
    zh = f"不认识的列：{names}，是不是改了名？" if names else ""
    en = f"Unknown columns: {names}; was one renamed? " if names else ""
    return fault("no_column", name=column.zh, name_en=column.en, guess=zh, guess_en=en)


@functools.cache
def _keys(noun: str) -> dict[str, str]:
    """Whatever a heading of a sheet may say, and the column it means."""
    columns = BY_NOUN[noun].columns
    return {name: column.key for column in columns for name in _names(column.zh, column.en)}


@functools.cache
def _names(zh: str, en: str) -> frozenset[str]:
    """How a heading or tab may be named: either name, or both, whatever blanks and stars."""
    return frozenset({_plain(zh), _plain(en), _plain(zh + en)} - {""})


def _plain(text: str) -> str:
    try:
        return re.sub(r"[\s*＊]", "", cells.tidy(text, fold=True)).casefold()
    except cells.CellFault:
        return ""


# Rows ---------------------------------------------------------------------------------------------


def _read_row(plan: Plan, sheet: Sheet, number: int, row: Sequence[Any]) -> None:
    places = plan.places[sheet.noun]
    first = sheet.columns[0].key
    start = row[min(places.get(first, 1), len(row)) - 1].value
    if isinstance(start, str) and _is_example(start):
        plan.examples.setdefault(sheet.noun, set()).add(cells.tidy(start, fold=True))
        return
    line = Line(sheet.noun, number, {})
    numbers = []
    for column in sheet.columns:
        index = places.get(column.key, 0)
        cell = row[index - 1] if 0 < index <= len(row) else None
        try:
            line.values[column.key] = _read_cell(column, cell)
        except cells.CellFault as wrong:
            line.good = False
            plan.add(fault(wrong.code, **wrong.params), sheet.noun, number, column.key)
        if column.kind == "no" and cell is not None and isinstance(cell.value, int | float):
            numbers.append(column.key)
    line.numbers = tuple(numbers)
    line.good = line.good and len(places) == len(sheet.columns)
    plan.lines[sheet.noun].append(line)


def _read_cell(column: Column, cell: Any) -> Any:
    if cell is None or cell.value is None:
        return cells.read(column, None)
    if cell.data_type == "f" or not isinstance(cell.value, _PLAIN):
        raise cells.CellFault("formula")
    if cell.data_type == "e":
        raise cells.CellFault("cell_error", value=cell.value)
    return cells.read(column, cell.value, str(cell.number_format or ""))


def _is_example(text: str) -> bool:
    try:
        return cells.tidy(text, fold=True).startswith(EXAMPLE)
    except cells.CellFault:
        return False


def _blank(value: object) -> bool:
    return value is None or str(value).strip() == ""


def _find_duplicates(plan: Plan, sheet: Sheet) -> None:
    seen: dict[tuple[object, ...], Line] = {}
    for line in plan.lines[sheet.noun]:
        if any(key not in line.values for key in sheet.keys):
            continue
        values = tuple(line.values[key] for key in sheet.keys)
        if values in seen:
            line.good = False
            _add_duplicate(plan, sheet, line, seen[values])
        seen.setdefault(values, line)


def _add_duplicate(plan: Plan, sheet: Sheet, line: Line, first: Line) -> None:
    if not sheet.keys:
        plan.add(fault("several_rows"), sheet.noun, line.row)
        return
    value = " ".join(str(line.values[key]) for key in sheet.keys)
    crew = first.values.get("crew") if sheet.noun == "person" else None
    if crew and line.values.get("crew") not in (crew, ""):
        told = fault("two_crews", first=first.row, value=value, crew=crew)
    else:
        told = fault("duplicate", first=first.row, value=value)
    plan.add(told, sheet.noun, line.row, sheet.keys[0])
