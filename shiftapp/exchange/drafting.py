"""Checklists and commitment texts as somebody types them at a desk: rows of texts, right or wrong.

A row has the columns of the workbook's sheet and is read in the same way; what cannot be read, and
what the library's checks say of the whole, stands at its row and field. Nothing is lost: the typed
rows stay what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shiftapp import library
from shiftapp.exchange import cells, documents
from shiftapp.exchange.columns import Column, Record, Sheet, Value
from shiftapp.exchange.current import checklist_content
from shiftapp.exchange.documents import Doc
from shiftapp.exchange.faults import Fault, fault
from shiftapp.exchange.forms_texts import COMMITMENT, STEPS
from shiftapp.library.check import check_checklist, check_commitment, hints
from shiftapp.library.lint import lint_document

Typed = Mapping[str, str]
STEP_KEYS = tuple(key for key in STEPS.by_key if key not in ("job", "n"))
ITEM_KEYS = tuple(COMMITMENT.by_key)


@dataclass(frozen=True)
class Said:
    """A sentence at a place; `row` None: about the whole text."""

    row: int | None  # from 0
    key: str
    zh: str
    en: str


@dataclass
class Drafted:
    """What typed rows come to: the document if it can be read at all, and what is said of it."""

    doc: Doc | None = None
    faults: list[Said] = field(default_factory=list)
    hints: list[Said] = field(default_factory=list)


def default_commitment() -> Doc:
    """The commitment text of the library."""
    return library.commitment()


def typed_steps(doc: Doc) -> list[dict[str, str]]:
    """The steps of a checklist as somebody would type them; a box without its tick is ''."""
    typed = [_typed(STEPS, row, STEP_KEYS) for row in documents.steps_of(doc)]
    return [{**row, "veto": row["veto"].replace("0", "")} for row in typed]


def typed_items(doc: Doc) -> list[dict[str, str]]:
    """A commitment text as somebody would type its rows."""
    return [_typed(COMMITMENT, row, ITEM_KEYS) for row in documents.commitment_rows(doc)]


def read_checklist(
    title: str, title_en: str, typed: Sequence[Typed], base: Doc | None = None
) -> Drafted:
    """The checklist that somebody typed, with what is wrong and what could be better.

    Where it says the same as `base`, that is the document: it may hold more than rows say.
    """
    found = Drafted()
    numbered = [{**row, "n": str(n)} for n, row in enumerate(typed, 1)]
    rows = _read(found, STEPS, numbered, ("n", *STEP_KEYS))
    if found.faults:
        return found
    doc = documents.checklist(title.strip(), title_en.strip(), rows)
    for one in check_checklist(doc):
        found.faults.append(Said(*documents.step_place(one.at), one.zh, one.en))
    for one in hints(doc):
        found.hints.append(Said(*documents.step_place(one.at), one.zh, one.en))
    same = base and not found.faults and checklist_content(base) == checklist_content(doc)
    found.doc = base if same else doc
    return found


def read_commitment(typed: Sequence[Typed]) -> Drafted:
    """The commitment text that somebody typed, with what is wrong; liability has the last word."""
    found = Drafted()
    rows = _read(found, COMMITMENT, typed, ITEM_KEYS)
    if found.faults:
        return found
    doc = documents.commitment(rows)
    places = {row["id"]: index for index, row in enumerate(rows)}
    for one in check_commitment(doc):
        id, key = documents.item_place(one.at, doc)
        found.faults.append(Said(places.get(id), key, one.zh, one.en))
    if not found.faults:
        for words in lint_document(doc):
            id, key = documents.item_place(words.at, doc)
            told = fault(
                "liability", words=words.words, said=words.reason_zh, said_en=words.reason_en
            )
            found.faults.append(Said(places.get(id), key, told.zh, told.en))
    found.doc = doc
    return found


def _read(
    found: Drafted, sheet: Sheet, typed: Sequence[Typed], keys: Sequence[str]
) -> list[Record]:
    """The rows as values; faults of single fields go into `found`."""
    rows = []
    for index, line in enumerate(typed):
        row: Record = {}
        for key in keys:
            column = sheet.by_key[key]
            try:
                row[key] = cells.read(column, line.get(key, ""))
            except cells.CellFault as wrong:
                told = fault(wrong.code, **wrong.params)
                found.faults.append(_named(sheet, index, column, told))
        rows.append(row)
    return rows


def _named(sheet: Sheet, index: int, column: Column, told: Fault) -> Said:
    """A fault of one field, which a sheet shows in its column and a sentence has to name."""
    where, where_en = ("", "")
    if sheet is STEPS:
        where, where_en = f"第 {index + 1} 步：", f"Step {index + 1}: "
    zh, en = f"{where}“{column.zh}”{told.zh}", f"{where_en}“{column.en}”: {told.en}"
    return Said(index, column.key, zh, en)


def _typed(sheet: Sheet, row: Mapping[str, Value], keys: Sequence[str]) -> dict[str, str]:
    return {key: _text(sheet.by_key[key], row.get(key, "")) for key in keys}


def _text(column: Column, value: Value) -> str:
    if isinstance(value, tuple):
        return ("\n" if column.kind == "lines" else " ").join(value)
    return str(value)
