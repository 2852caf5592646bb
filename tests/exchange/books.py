"""Workbooks as a plant fills them in: the template with some rows, changed as a test wants."""

from __future__ import annotations

import functools
import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook

from shiftapp.exchange import reading, writing
from shiftapp.exchange.applying import apply
from shiftapp.exchange.changes import Changes, changes
from shiftapp.exchange.forms import BY_NOUN, SHEETS
from shiftapp.exchange.plan import Plan
from shiftapp.store import Store
from tests.plant import NOW_MS, fixed_bytes

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

# A plant in 20 rows: what a safety officer types on the first morning.
SMALL: dict[str, list[dict[str, Any]]] = {
    "enterprise": [{"name": "濮阳小厂"}],
    "site": [{"code": "YC", "name": "一厂", "phone": "0393-000 0119"}],
    "area": [{"code": "A1", "name": "生产一部", "risk": "B"}],
    "job": [{"code": "J02"}, {"code": "J05"}],
    "station": [
        {"label": "P-201", "name": "P-201 泵区", "area": "A1", "place": "一层", "jobs": "J02 J05"},
        {"label": "K-101", "name": "压缩机房", "area": "A1", "risk": "A 重大", "jobs": "J02"},
    ],
    "pattern": [{"code": "4C2S-4", "anchor": "2026-11-24"}],
    "group": [{"code": "G1", "name": "生产一部甲班"}, {"code": "G2", "name": "生产一部乙班"}],
    "crew": [
        {"code": "JIA", "name": "甲班", "group": "G1", "area": "A1", "pattern": "4C2S-4"},
        {"code": "YI", "name": "乙班", "group": "G2", "pattern": "4C2S-4", "offset": 1},
    ],
    "person": [
        *(
            {"no": f"0010{n}", "name": f"员工{n}", "crew": "JIA", "station": "P-201", "job": "J02"}
            for n in range(1, 6)
        ),
        {"no": "00110", "name": "班长甲", "crew": "JIA", "station": "P-201", "job": "J05",
         "run": "否"},
        {"no": "00201", "name": "夜班一", "crew": "YI", "station": "K-101", "job": "J02"},
        {"no": "00900", "name": "签发人"},
    ],
    "post": [{"no": "00101", "station": "K-101", "job": "J02"}],
    "role": [
        {"no": "00110", "role": "班长", "kind": "班组", "scope": "JIA"},
        {"no": "00900", "role": "signatory"},
    ],
}  # fmt: skip


def small(**changed: Sequence[Mapping[str, Any]]) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The small plant with the rows of some sheets replaced."""
    return {**SMALL, **changed}


def with_row(noun: str, number: int, **changed: Any) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The small plant with some cells of one row changed (counted from 0)."""
    rows = [dict(row) for row in SMALL.get(noun, [])]
    rows[number] |= changed
    return small(**{noun: rows})


@functools.cache
def template() -> bytes:
    """The template without the sheets that nobody reads back, which take most of its time."""
    book = load_workbook(io.BytesIO(writing.write_template()))
    for worksheet in book.worksheets:
        if worksheet.title not in {sheet.title for sheet in SHEETS}:
            book.remove(worksheet)
    return saved(book).getvalue()


def opened(rows: Rows = SMALL, *, first_row: int = 3) -> Workbook:
    """The template with rows typed below the examples; text as text, all else as it is."""
    book = load_workbook(io.BytesIO(template()))
    for noun, lines in rows.items():
        sheet = BY_NOUN[noun]
        worksheet = book[sheet.title]
        keys = [column.key for column in sheet.columns]
        if noun == "item":  # filled in with the default
            worksheet.delete_rows(2, worksheet.max_row)
        for number, line in enumerate(lines, start=first_row):
            for key, value in line.items():
                worksheet.cell(number, keys.index(key) + 1).value = value
    return book


def saved(book: Workbook) -> io.BytesIO:
    """The file."""
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def file(rows: Rows = SMALL) -> io.BytesIO:
    """The template with rows, as a file; the small plant's is made once."""
    return io.BytesIO(_small()) if repr(rows) == repr(SMALL) else saved(opened(rows))


@functools.cache
def _small() -> bytes:
    return saved(opened(SMALL)).getvalue()


def plan(rows: Rows = SMALL) -> Plan:
    return reading.read_workbook(file(rows))


def planned(store: Store, book: io.BytesIO, now_ms: int = NOW_MS) -> Changes:
    """What a file would change."""
    book.seek(0)
    return changes(store, reading.read_workbook(book), now_ms)


def bring_in(store: Store, book: io.BytesIO, now_ms: int = NOW_MS, seed: str = "import") -> Changes:
    """Import a file that must be good."""
    found = planned(store, book, now_ms)
    assert [(one.where, one.zh) for one in found.faults] == []
    with store.tx() as db:
        apply(db, found, now_ms, fixed_bytes(seed), by=None, name="plant.xlsx")
    return found


def counts(found: Changes) -> dict[str, tuple[int, int, int, int]]:
    """Added, changed, deactivated, unchanged of every noun that has any."""
    return {
        noun: (len(one.added), len(one.changed), len(one.deactivated), one.unchanged)
        for noun, one in found.nouns.items()
        if one.total or one.unchanged
    }
