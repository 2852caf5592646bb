"""Whether an announcement leaves out shifts whose rosters stand in the log beside the named ones.

A crew that did not come could simply not be announced. What the log itself shows is enough to say
so: a roster of the same site that starts no earlier than the first named one and no later than the
last is of the same day, whatever its cut-off. For other rosters only the document says which hours
it is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shiftapp.ledger.entries import MIN_SLOTS
from shiftapp.ledger.entry_forms import is_count
from shiftapp.ledger.verify_document import Doc, is_daily
from shiftapp.ledger.verify_entries import Gathered, Other
from shiftapp.ledger.verify_report import Report

Hours = tuple[int, int]  # the first and the last start, Unix s


def first_s(doc: Doc | None) -> int | None:
    """With which instant the day of a document begins by its own word, Unix s: its hours or, where
    that is earlier or they are not told, the first start of its shifts."""
    if not is_daily(doc):
        return None
    hours = _told(doc)
    starts_ms: list[Any] = [shift.get("starts_ms") for shift in doc["shifts"]]
    starts = [start_ms // 1000 for start_ms in starts_ms if is_count(start_ms)]
    return min([*starts, *(hours[:1] if hours else ())], default=None)


def look(report: Report, doc: Doc | None, found: Gathered, b: int) -> None:
    """Count the rosters of the day, in the tree counted from, that the document does not name.

    One with fewer than five places left has no figure of its own; who signed knew of changes that
    have a place only after that tree, and before the announcement.
    """
    if not is_daily(doc):
        return
    index = report.announcement["index"]
    rest = [
        one for one in found.others.values() if one.at < b and one.places(b, index) >= MIN_SLOTS
    ]
    sites, told = _by_site(report.parts), _told(doc)
    beside = [one for one in rest if _starts_in(one, sites.get(one.entry["site"]))]
    other = [one for one in rest if one not in beside and _starts_in(one, told)]
    for code, rosters in (("left_out", beside), ("not_named", other)):
        if rosters:
            report.add(code, count=len(rosters), index=rosters[0].at)


def _by_site(parts: Sequence[Mapping[str, Any]]) -> dict[str, Hours]:
    """The hours in which the named shifts of each site start."""
    sites: dict[str, Hours] = {}
    for part in parts:
        if (t0 := part["t0"]) is not None:
            first, last = sites.get(part["site"], (t0, t0))
            sites[part["site"]] = (min(first, t0), max(last, t0))
    return sites


def _told(doc: Doc) -> Hours | None:
    """The hours that the document says it counts: it names the instant after the last."""
    bounds: list[Any] = [doc.get("from_ms"), doc.get("to_ms")]
    if not all(map(is_count, bounds)):
        return None
    return bounds[0] // 1000, (bounds[1] - 1) // 1000


def _starts_in(one: Other, hours: Hours | None) -> bool:
    return hours is not None and hours[0] <= one.entry["t0"] <= hours[1]
