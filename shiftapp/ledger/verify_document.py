"""Step 9 of the verifier: the text that people read against the figures that were sealed with it.

The document says of itself what kind it is; only a daily one has the figures of single shifts.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeGuard

from shiftapp.ledger.encoding import canonical, parse_object
from shiftapp.ledger.entries import MAX_NAME
from shiftapp.ledger.entry_forms import is_count
from shiftapp.ledger.verify_report import Report

Doc = dict[str, Any]  # canonical JSON
Part = Mapping[str, Any]

DEEPEST = 32
COUNT = ("n", "on", "off", "late", "none")
MARKS = ("on", "off", "late", "none")
SEALED = ("n", "on", "off", "late")
PERIODS = ("weekly", "monthly", "quarterly", "yearly")
NAMES = {"site": "site_name", "group": "group_name", "shift": "shift"}  # of a roster, of the text
_DAY = re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}")


def read(data: bytes) -> Doc | None:
    """The document, None where it is not of the form that can be compared."""
    try:
        found = parse_object(data.decode("utf-8"))
        known = _depth_is_fine(found) and _is_document(found) and canonical(found) == data
    except ValueError:
        return None
    return found if known else None


def is_daily(doc: Doc | None) -> TypeGuard[Doc]:
    """Whether a document is of a day: only such a one has the figures of single shifts."""
    return doc is not None and doc["kind"] == "daily"


def compare(report: Report, doc: Doc | None, parts: Sequence[Part]) -> None:
    """Add what the document says otherwise than the announced parts, and what they do not show."""
    if doc is None:
        report.add("doc_figures")
        return
    if doc["kind"] in PERIODS and not parts:
        report.add("period")
        return
    if not is_daily(doc):  # counted shifts would vouch for figures that nobody counted
        report.add("doc_figures")
        return
    _compare_shifts(report, doc, parts)
    if doc["small"]["count"] is not None:
        report.add("small", n=doc["small"]["count"]["n"], on=doc["small"]["count"]["on"])
    if not _adds_up(doc):
        report.add("doc_total")


def _compare_shifts(report: Report, doc: Doc, parts: Sequence[Part]) -> None:
    shifts: dict[str | None, list[Doc]] = {}
    for shift in doc["shifts"]:
        shifts.setdefault(shift["s"], []).append(shift)
    secret = len(shifts.pop(None, []))
    for place, part in enumerate(parts):
        found = shifts.get(part["s"], [])
        if len(found) != 1 or not _is_sealed(found[0], part):
            report.add("doc_figures", place)
        elif report.parts[place]["t0"] is not None:
            _compare_roster(report, doc["date"], found[0], place)
    sealed = {part["s"] for part in parts}
    if left := sum(len(found) for s, found in shifts.items() if s not in sealed):
        report.add("not_shown", count=left)
    if secret:
        report.add("not_public", count=secret)


def _is_sealed(shift: Doc, part: Part) -> bool:
    none = part["n"] - part["on"] - part["off"] - part["late"]
    return shift["none"] == none and all(shift[key] == part[key] for key in SEALED)


def _compare_roster(report: Report, day: str, shift: Doc, place: int) -> None:
    """Whether the text means the shift whose roster was counted, and one of its own day."""
    roster = report.parts[place]
    start_ms: Any = shift.get("starts_ms")
    same = is_count(start_ms) and start_ms // 1000 == roster["t0"]
    if not same or shift.get("date") != roster["date"] or roster["date"] not in _days_of(day):
        report.add("doc_shift", place)
    names: dict[str, Any] = {key: shift.get(name) for key, name in NAMES.items()}
    if any(not _is_text(told) or told[:MAX_NAME] != roster[key] for key, told in names.items()):
        report.add("doc_names", place)


def _days_of(day: str) -> tuple[str, ...]:
    """The dates of a day's shifts: those before the cut-off, and from it on those of the eve."""
    try:
        found = datetime.date.fromisoformat(day) if _DAY.fullmatch(day) else None
        return (day, (found - datetime.timedelta(1)).isoformat()) if found else ()
    except ValueError:
        return ()


def _adds_up(doc: Doc) -> bool:
    rest = doc["small"]["count"]
    held = [*doc["shifts"], *([rest] if rest is not None else [])]
    total = {key: sum(one[key] for one in held) for key in COUNT} if held else None
    told = doc["total"]
    whole = all(one["n"] == sum(one[key] for key in MARKS) for one in held)
    return whole and total == (None if told is None else {key: told[key] for key in COUNT})


def _is_document(found: Doc) -> bool:
    forms: dict[str, Callable[[Any], bool]] = {
        "kind": _is_text,
        "date": _is_text,
        "version": is_count,
        "shifts": _is_list_of_shifts,
        "total": _is_count_or_none,
        "small": lambda one: isinstance(one, dict) and _is_count_or_none(one.get("count", False)),
    }
    return all(key in found and fits(found[key]) for key, fits in forms.items())


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_list_of_shifts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_shift, value))


def _is_shift(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    return _is_count(value) and isinstance(value.get("s", 0), str | None)


def _is_count(value: object) -> bool:
    return isinstance(value, dict) and all(is_count(value.get(key)) for key in COUNT)


def _is_count_or_none(value: object) -> bool:
    return value is None or _is_count(value)


def _depth_is_fine(value: object) -> bool:
    waiting = [(value, 1)]  # no recursion: the depth is the sender's
    while waiting:
        one, depth = waiting.pop()
        if isinstance(one, dict | list):
            if depth > DEEPEST:
                return False
            inner = one.values() if isinstance(one, dict) else one
            waiting.extend((below, depth + 1) for below in inner)
    return True
