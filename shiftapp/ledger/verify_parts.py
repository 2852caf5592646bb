"""Step 8 of the verifier: each announced shift counted again, from its roster and its records.

What is counted are places on a roster, never leaves: the best mark of a place wins. A change that
contradicts the roster and a correction of no record are told and have no effect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shiftapp.ledger import verify_trees
from shiftapp.ledger.encoding import b64u
from shiftapp.ledger.entries import roster_hash
from shiftapp.ledger.entry_forms import Entry
from shiftapp.ledger.verify_entries import Gathered, Rec, Series
from shiftapp.ledger.verify_files import Files, Missing, roster
from shiftapp.ledger.verify_report import Finding, Report, counted_part
from shiftapp.ledger.verify_rules import Rules
from shiftapp.ledger.verify_tally import Tally, tally

Part = Mapping[str, Any]  # as announced


@dataclass
class Look:
    """One part while it is looked at; `open` None: its roster is not there to be counted."""

    place: int
    announced: Part
    a: int
    told: dict[str, Any]  # what the report says of it
    findings: list[Finding] = field(default_factory=list)
    open: Entry | None = None
    live: set[bytes] = field(default_factory=set)
    ever: set[bytes] = field(default_factory=set)
    late_added: int = 0
    late_deleted: int = 0
    contradicts: bool = False

    def add(self, code: str, **values: int) -> None:
        self.findings.append(Finding(code, self.place, values))


class Shown(NamedTuple):
    """What the steps before have shown."""

    files: Files
    rules: Rules
    found: Gathered
    a: int
    b: int
    seen_s: Mapping[int, int]  # size of a cited tree → when a quorum saw it


def look(report: Report, shown: Shown, parts: Sequence[Part]) -> None:
    """Count every part, and add what is announced otherwise."""
    looks = [_look(shown, place, part) for place, part in enumerate(parts)]
    countable = [one for one in looks if one.open is not None]
    for one in countable:
        _change(one, shown.found.of(one.announced["s"]), shown.b)
    places = Counter(u for one in countable for u in one.ever)
    for one in countable:
        shared = any(places[u] > 1 for u in one.ever)
        _count(one, shown.found.of(one.announced["s"]), shown.b, shared)
    report.parts = [one.told for one in looks]
    report.findings += [_cut_late(one) for one in looks if _is_cut_late(one)]
    report.findings += [finding for one in looks for finding in one.findings]


def _look(shown: Shown, place: int, part: Part) -> Look:
    """The part up to its roster at the opening."""
    cut = part.get("a", shown.a)
    told = counted_part(part["s"], part["open"], cut, shown.seen_s.get(cut))
    one = Look(place, part, cut, told)
    entry = shown.found.opens.get(part["open"])
    opened = [at for at in shown.found.of(part["s"]).opens if at < shown.b]
    if entry is None or opened != [part["open"]]:  # a series is opened once, with one roster
        one.add("bad_open")
        return one
    one.told |= {key: entry[key] for key in ("site", "group", "shift", "date", "t0", "t1", "grace")}
    one.told["open_s"] = verify_trees.covering(shown.files, shown.rules, part["open"])
    if one.told["open_s"] is None:
        one.add("no_checkpoint", size=part["open"] + 1)
    elif one.told["open_s"] > entry["t0"]:
        one.add("roster_late")
    _roster(shown.files, one, entry)
    return one


def _roster(files: Files, one: Look, entry: Entry) -> None:
    try:
        slots = roster(files.get(f"roster/{entry['s']}"))
    except (Missing, ValueError):
        one.add("roster_order")
        return
    if len(slots) != entry["n"] or b64u(roster_hash(slots)) != entry["roster"]:
        one.add("roster_differs")
        return
    one.open = entry
    one.live = {b64u(u).encode() for u in slots}
    one.ever = set(one.live)


def _change(one: Look, series: Series, b: int) -> None:
    """Follow the changes of the roster up to the tree that was counted from."""
    added = deleted = 0
    for index, entry in series.chg:
        if not one.announced["open"] < index < b:
            continue
        plus, minus = _apply(one, entry)
        added, deleted = added + plus, deleted + minus
        if index >= one.a:
            one.late_added, one.late_deleted = one.late_added + plus, one.late_deleted + minus
    one.told |= {"added": added, "deleted": deleted}


def _apply(one: Look, entry: Entry) -> tuple[int, int]:
    added = deleted = 0
    for u in (text.encode() for text in entry["add"]):
        if u in one.ever:
            one.contradicts = True
            continue
        one.live.add(u)
        one.ever.add(u)
        added += 1
    for u in (text.encode() for text in entry["del"]):
        if u not in one.live:
            one.contradicts = True
            continue
        one.live.remove(u)
        deleted += 1
    return added, deleted


def _count(one: Look, series: Series, b: int, shared: bool) -> None:
    opened = one.announced["open"]
    recs = [rec for rec in series.recs if opened < rec.at < b]
    gone, all_named = _gone(recs, [(at, e) for at, e in series.amend if opened < at < b])
    found = tally(recs, one.live, one.ever, gone, one.a)
    one.told |= found.figures()
    if one.contradicts:
        one.add("bad_change")
    if one.late_added or one.late_deleted:
        one.add("changed_late", added=one.late_added, deleted=one.late_deleted)
    if shared:
        one.add("slot_reused")
    if not all_named:
        one.add("bad_amend")
    if found.foreign:
        one.add("foreign_slot", count=found.foreign)
    _compare(one, found)


def _gone(recs: Sequence[Rec], amends: Sequence[tuple[int, Entry]]) -> tuple[set[int], bool]:
    """The records that were taken back, and whether each correction names one before it."""
    slots = {rec.at: rec.u for rec in recs}
    gone: set[int] = set()
    all_named = True
    for index, entry in amends:
        if entry["of"] >= index or slots.get(entry["of"]) != entry["u"].encode():
            all_named = False
        elif entry["r"] != "erased":  # whose body is erased counts as before
            gone.add(entry["of"])
    return gone, all_named


def _compare(one: Look, found: Tally) -> None:
    told = one.announced

    def differs(code: str, key: str, counted: int) -> None:
        one.add(code, announced=told[key], counted=counted)

    if told["n"] != found.n:
        differs("n_shrunk" if told["n"] < found.n else "n_inflated", "n", found.n)
    if told["on"] != found.on:
        differs(found.mistaken(told["on"]), "on", found.on)
    if told["late"] != found.late:
        differs("late_differs", "late", found.late)
    if told["off"] != found.off:
        differs("off_differs", "off", found.off)


def _is_cut_late(one: Look) -> bool:
    told = one.told
    known = told["a_s"] is not None and told["t0"] is not None
    return bool(known and told["a_s"] > told["t0"] + told["grace"])


def _cut_late(one: Look) -> Finding:
    return Finding("cut_late", one.place)
