"""Self-check of what people wrote: the same words on many days were copied, not thought of.

Looked at are the reasons of announcements, the notes and reasons of the ladder, and the reasons of
crews who signed over something open. Names and numbers of people are struck out of what is shown.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shiftapp.model.inspection_items import Failing, Item, Span, item
from shiftapp.store import Db, Row

REPEATED_DAYS = 3  # the same words on so many days
LEAST_SIGNS = 4  # shorter ones are words, not reasons
STRUCK = "▇▇"


class Written(NamedTuple):
    """A text as somebody wrote it: `kind` and `code` say who (company, unit, crew)."""

    day: str
    kind: str
    code: str
    name: str
    name_en: str
    text: str


def repeated(db: Db, span: Span, versions: list[Row]) -> Item:
    """Whether no reason was written word for word on three days or more by the same writer."""
    found = [*_announced(versions), *_of_units(db, span), *_of_crews(db, span)]
    same: defaultdict[tuple[str, str, str], list[Written]] = defaultdict(list)
    for one in found:
        same[one.kind, one.code, _folded(one.text)].append(one)
    copied = [
        theirs for theirs in same.values() if len({one.day for one in theirs}) >= REPEATED_DAYS
    ]
    struck = _names(db) if copied else None
    failing = sorted(
        (_failing(theirs, struck) for theirs in copied),
        key=lambda one: (-one.values["days"], one.day, one.values["text"]),
    )
    return item("texts", len(found), failing, failed=sum(len(theirs) for theirs in copied))


def _announced(versions: list[Row]) -> Iterator[Written]:
    for row in versions:
        for key in ("override", "change"):
            reason = ((row["doc"] or {}).get(key) or {}).get("reason", "")
            yield from _written(row["date"], "company", "", "", "", [reason])


def _of_units(db: Db, span: Span) -> Iterator[Written]:
    for row in db.rows(
        "SELECT unit_signoff.date, unit_signoff.gaps, unit_signoff.research, unit.code, unit.name,"
        " unit.name_en FROM unit_signoff JOIN unit ON unit.code = unit_signoff.unit"
        " WHERE unit_signoff.date >= :first AND unit_signoff.date <= :last"
        " ORDER BY unit_signoff.date, unit_signoff.id",
        first=span.first,
        last=span.last,
    ):
        texts = [line.get("reason", "") for line in json.loads(row["gaps"])]
        texts += [line.get("note", "") for line in json.loads(row["research"]).values()]
        yield from _written(row["date"], "unit", row["code"], row["name"], row["name_en"], texts)


def _of_crews(db: Db, span: Span) -> Iterator[Written]:
    for row in db.rows(
        "SELECT instance.date, signoff.gaps, crew.code, crew.name, crew.name_en FROM signoff"
        " JOIN instance ON instance.id = signoff.instance JOIN crew ON crew.code = instance.crew"
        " WHERE instance.date >= :first AND instance.date <= :last"
        " ORDER BY instance.date, signoff.id",
        first=span.first,
        last=span.last,
    ):
        texts = [line.get("reason", "") for line in json.loads(row["gaps"])]
        yield from _written(row["date"], "crew", row["code"], row["name"], row["name_en"], texts)


def _written(
    day: str, kind: str, code: str, name: str, name_en: str, texts: Iterable[str]
) -> Iterator[Written]:
    """The texts of one signature, each once: one signature may answer many gaps alike."""
    for text in dict.fromkeys(one for one in texts if len(_folded(one)) >= LEAST_SIGNS):
        yield Written(day, kind, code, name, name_en, text)


def _folded(text: str) -> str:
    return "".join(text.split())


def _failing(theirs: list[Written], struck: re.Pattern[str] | None) -> Failing:
    first, days = theirs[0], sorted({one.day for one in theirs})
    text = struck.sub(STRUCK, first.text) if struck else first.text
    values = {
        **{"kind": first.kind, "name": first.name, "name_en": first.name_en},
        **{"text": text, "days": len(days), "first": days[0], "last": days[-1]},
    }
    about = {"company": ("history", ""), "unit": ("ladder", f"{days[-1]}/{first.code}")}
    return Failing(days[-1], f"same_{first.kind}", values, about.get(first.kind))


def _names(db: Db) -> re.Pattern[str] | None:
    """Everybody's name and number as one pattern; Latin ones only as words of their own."""
    rows = db.rows("SELECT name, name_en, no FROM person ORDER BY id")
    names = {name for row in rows for name in row.values() if name and len(name) > 1}
    parts = [
        rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])" if name.isascii() else re.escape(name)
        for name in sorted(names, key=lambda name: (-len(name), name))
    ]
    return re.compile("|".join(parts)) if parts else None
