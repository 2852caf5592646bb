"""Shifts that the text names and the announcement does not cite, held against what the log has.

Which commitments were on time only a cited tree shows. But how many are on a roster and have made
one the log tells all the same: the signatory knew all of the tree counted from, and of what stands
between it and the announcement's own place some or all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from shiftapp.ledger.encoding import b64u
from shiftapp.ledger.entries import roster_hash
from shiftapp.ledger.verify_document import Doc, is_daily
from shiftapp.ledger.verify_entries import Gathered, Series
from shiftapp.ledger.verify_files import Files, Missing, roster
from shiftapp.ledger.verify_report import Report


def named(doc: Doc | None) -> set[str]:
    """The series that the text of a day names."""
    if not is_daily(doc):
        return set()
    return {shift["s"] for shift in doc["shifts"] if shift["s"] is not None}


def look(
    report: Report,
    files: Files,
    found: Gathered,
    doc: Doc | None,
    parts: Sequence[Mapping[str, Any]],
) -> None:
    """Count the named shifts that are not cited and have other figures in the log."""
    open_ = named(doc) - {part["s"] for part in parts}
    trees = (report.announcement["b"], report.announcement["index"])
    wrong = sum(
        _differs(files, found, shift, trees)
        for shift in (doc["shifts"] if doc is not None else [])
        if shift["s"] in open_
    )
    if wrong:
        report.add("contradicted", count=wrong)


def _differs(files: Files, found: Gathered, shift: Doc, trees: tuple[int, int]) -> bool:
    series = found.of(shift["s"])
    opened = next(iter(series.opens), trees[1])
    if opened >= trees[1]:
        return False  # the log has nothing to hold against it
    try:
        slots = roster(files.get(f"roster/{shift['s']}"))
    except (Missing, ValueError):
        return True
    if b64u(roster_hash(slots)) != found.opens[opened]["roster"]:
        return True
    begun = _since(series, {b64u(u).encode() for u in slots}, opened, max(trees[0], opened + 1))
    return not begun.allows(shift["n"], shift["n"] - shift["none"], series, trees[1])


class _Held(NamedTuple):
    """People on a roster, and those of them with a commitment, in the tree of a size."""

    size: int
    n: int
    came: int

    def allows(self, n: int, came: int, series: Series, end: int) -> bool:
        """Whether these are the figures with some of the entries between that size and another:
        in one turn of the sequencer entries have their places by kind, not by when they came."""
        changes = [entry for at, entry in series.chg if self.size <= at < end]
        more = sum(len(entry["add"]) for entry in changes)
        less = sum(len(entry["del"]) for entry in changes)
        gone = sum(self.size <= at < end for at, _ in series.amend)
        new = len({rec.u for rec in series.recs if rec.commit and self.size <= rec.at < end})
        fits = self.n - less <= n <= self.n + more
        return fits and self.came - less - gone <= came <= self.came + new


def _since(series: Series, slots: Collection[bytes], opened: int, size: int) -> _Held:
    live = set(slots)
    for at, entry in series.chg:
        if opened < at < size:
            live |= {text.encode() for text in entry["add"]}
            live -= {text.encode() for text in entry["del"]}
    gone = {e["of"] for at, e in series.amend if at < size and e["r"] != "erased"}
    recs = [rec for rec in series.recs if rec.commit and opened < rec.at < size]
    came = {rec.u for rec in recs if rec.at not in gone}
    return _Held(size, len(live), len(live & came))
