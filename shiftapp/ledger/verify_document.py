"""Step 9 of the verifier: the text that people read against the figures that were sealed with it.

The document says of itself what kind it is; only a daily one has the figures of single shifts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shiftapp.ledger.encoding import canonical, parse_object
from shiftapp.ledger.entry_forms import is_count
from shiftapp.ledger.verify_report import Report

Doc = dict[str, Any]  # canonical JSON
Part = Mapping[str, Any]

DEEPEST = 32
COUNT = ("n", "on", "off", "late", "none")
SEALED = ("n", "on", "off", "late")


def read(data: bytes) -> Doc | None:
    """The document, None where it is not of the form that can be compared."""
    try:
        found = parse_object(data.decode("utf-8"))
        known = _depth_is_fine(found) and _is_document(found) and canonical(found) == data
    except ValueError:
        return None
    return found if known else None


def compare(report: Report, doc: Doc | None, parts: Sequence[Part]) -> None:
    """Add what the document says otherwise than the announced parts, and what they do not show."""
    if doc is None:
        report.add("doc_figures")
        return
    if doc["kind"] != "daily":
        report.add("period")
        return
    _compare_shifts(report, doc["shifts"], parts)
    if not _adds_up(doc):
        report.add("doc_total")


def _compare_shifts(report: Report, listed: list[Doc], parts: Sequence[Part]) -> None:
    shifts: dict[str | None, list[Doc]] = {}
    for shift in listed:
        shifts.setdefault(shift["s"], []).append(shift)
    secret = len(shifts.pop(None, []))
    for place, part in enumerate(parts):
        found = shifts.pop(part["s"], [])
        if len(found) != 1 or any(found[0][key] != part[key] for key in SEALED):
            report.add("doc_figures", place)
    if left := sum(map(len, shifts.values())):
        report.add("not_shown", count=left)
    if secret:
        report.add("not_public", count=secret)


def _adds_up(doc: Doc) -> bool:
    rest = doc["small"]["count"]
    held = [*doc["shifts"], *([rest] if rest is not None else [])]
    total = {key: sum(one[key] for one in held) for key in COUNT} if held else None
    told = doc["total"]
    return total == (None if told is None else {key: told[key] for key in COUNT})


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
