"""What the public entries of a shift say of its commitments, and which trees show it.

Where the log holds a series (its `open` entry has a place) a commitment is on time by its place
alone: below the size of the tree that is shown to have been there when the shift started (ledger
brief §1, D6). Our own clock shows nothing, so it decides only where the log has no place yet, and
until the tree of the start can have been seen. Counts as a verifier counts: distinct slots, the
best mark of each, without what was withdrawn or a mistake; what was erased stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeVar

from shiftapp.store import Db, Row

Mark = Literal["on", "off", "late"]
BEST: tuple[Mark, ...] = ("on", "off", "late")
KINDS = "('open', 'rec', 'chg', 'amend')"  # of a series, as SQL
RECENT = 5_000  # entries among which those of a clock ahead are sought
LONG_S = 2 * 86_400  # a tree older than that does not hold the `open` entry of a shift

Entry = dict[str, Any]  # JSON of a form that we wrote ourselves

_K = TypeVar("_K")


class Cut(NamedTuple):
    """What the log was shown to hold when shifts started: sizes, and Unix s by the witnesses."""

    before: int  # the largest tree that a quorum had seen by then
    size: int  # of the tree made at the start; 0: none
    seen_s: int | None  # when a quorum had seen that one


@dataclass(frozen=True)
class Trees:
    """What has been published of the log, read before anything that is counted.

    So whatever is committed meanwhile has no place below `newest`, and is not cited wrongly.
    """

    newest: int = 0  # size of the newest tree that a quorum has seen and that is known whole
    cuts: Mapping[int, Cut] = field(default_factory=dict)  # by the start of shifts, ms

    def cut(self, due_ms: int, grace_s: int, now_ms: int) -> int | None:
        """Size of the tree that was there, 0 for nothing; None: that is not settled yet."""
        found = self.cuts.get(due_ms, Cut(0, 0, None))
        seen = found.seen_s is not None and found.seen_s <= due_ms // 1000 + grace_s
        if now_ms < due_ms or (not seen and now_ms < due_ms + grace_s * 1000):
            return None
        return max(found.before, found.size if seen else 0)

    def had(self, index: int, due_ms: int) -> bool:
        """Whether a quorum had seen a tree with this entry when a shift started."""
        return index < self.cuts.get(due_ms, Cut(0, 0, None)).before


class Cite(NamedTuple):
    """Where anybody finds what a shift's figures are counted from."""

    open: int  # place of its `open` entry
    cut: int  # size of the tree that holds what was there at the start; 0: nothing was
    tree: int  # size of the tree that holds all of it


@dataclass(frozen=True)
class Told:
    """What the entries of a series tell."""

    placed: bool = False  # whether they are judged by place
    slots: Mapping[str, Mark] = field(default_factory=dict)  # by the slot as entries name it
    entries: Mapping[int, Mark] = field(default_factory=dict)  # of each commitment, by its `seq`
    cite: Cite | None = None

    def of_record(self, entry_seq: int | None, mark: Mark) -> Mark | None:
        """What a commitment counts as that the board marks so, and whose entry that is.

        Only the place says what is on time. None: it was withdrawn, or a mistake.
        """
        if not self.placed or entry_seq is None:
            return mark
        found = self.entries.get(entry_seq)
        if found is None or found == "on":
            return found
        return "late" if mark == "on" else mark


def newest_known(db: Db, now_ms: int) -> int:
    """Size of the newest tree that a quorum has seen and that holds nothing received after an
    instant, as a node whose clock is ahead may have added; 0: there is none."""
    return int(
        db.value(
            "SELECT COALESCE(MAX(size), 0) FROM checkpoint WHERE quorum_s IS NOT NULL"
            " AND size <= COALESCE((SELECT MIN(idx) FROM (SELECT idx, recv_ms FROM entry"
            "  WHERE idx IS NOT NULL ORDER BY idx DESC LIMIT :recent) AS recent"
            "  WHERE recv_ms > :now), size)",
            recent=RECENT,
            now=now_ms,
        )
    )


def trees(db: Db, from_ms: int, to_ms: int, now_ms: int) -> Trees:
    """What was published and is known at an instant, with the starts of shifts from ≤ … < to."""
    newest = newest_known(db, now_ms)
    if not newest:
        return Trees()
    rows = db.rows(
        "SELECT due.starts_ms, MAX(CASE WHEN checkpoint.quorum_s <= due.starts_ms / 1000"
        " THEN checkpoint.size END) AS earlier, MAX(cut.size) AS size,"
        " MAX(CASE WHEN cut.size IS NOT NULL THEN checkpoint.quorum_s END) AS seen_s"
        " FROM (SELECT DISTINCT starts_ms FROM series WHERE starts_ms >= :a AND starts_ms < :b"
        "  AND state = 'open') AS due"
        " JOIN checkpoint ON checkpoint.quorum_s > due.starts_ms / 1000 - :long"
        "  AND checkpoint.quorum_s <= due.starts_ms / 1000 + :long"
        " LEFT JOIN cut ON cut.due_ms = due.starts_ms AND cut.size = checkpoint.size"
        " GROUP BY due.starts_ms ORDER BY due.starts_ms",
        a=from_ms,
        b=to_ms,
        long=LONG_S,
    )
    cuts = {r["starts_ms"]: Cut(r["earlier"] or 0, r["size"] or 0, r["seen_s"]) for r in rows}
    return Trees(newest, cuts)


def of_series(db: Db, s: bytes) -> list[Row]:
    """The entries of a series, as `told` reads them."""
    return db.rows(
        f"SELECT seq, kind, data, recv_ms, idx FROM entry WHERE s = :s AND kind IN {KINDS}"
        " ORDER BY seq",
        s=s,
    )


def told(entries: Iterable[Row], due_ms: int, now_ms: int, seen: Trees) -> Told:
    """What all entries of a series (rows with seq, kind, data, recv_ms, idx) tell at an instant."""
    rows = list(entries)
    known = [row for row in rows if row["recv_ms"] <= now_ms]
    opened = next((r for r in known if r["kind"] == "open" and r["idx"] is not None), None)
    cut = None if opened is None else seen.cut(due_ms, _said(opened)["grace"], now_ms)
    taken = _taken_out(known)
    slots: dict[str, Mark] = {}
    marks: dict[int, Mark] = {}
    for row in known:
        entry = _said(row) if row["kind"] == "rec" else {}
        if entry.get("w") == "commit" and (row["idx"] is None or row["idx"] not in taken):
            marks[row["seq"]] = mark = _mark(entry, row, due_ms, cut)
            better(slots, entry["u"], mark)
    cite = None
    if opened is not None and cut is not None and seen.had(opened["idx"], due_ms):
        if _holds(seen.newest, cut, rows, now_ms):
            cite = Cite(opened["idx"], cut, seen.newest)
    return Told(cut is not None, slots, marks, cite)


def better(best: dict[_K, Mark], key: _K, mark: Mark) -> None:
    """Keep the best mark that somebody has."""
    best[key] = min(best.get(key, mark), mark, key=BEST.index)


def _mark(entry: Entry, row: Row, due_ms: int, cut: int | None) -> Mark:
    """By its place below the cut; without a cut by when it was received."""
    if cut is None:
        on = row["recv_ms"] < due_ms
    else:
        on = row["idx"] is not None and row["idx"] < cut
    offline: Mark = "off" if entry.get("o") == 1 else "late"
    return "on" if on else offline


def _taken_out(known: list[Row]) -> set[int]:
    """The places of what was withdrawn, or a mistake."""
    said = [_said(row) for row in known if row["kind"] == "amend"]
    return {entry["of"] for entry in said if entry["r"] != "erased"}


def _holds(newest: int, cut: int, rows: list[Row], now_ms: int) -> bool:
    """Whether the newest tree holds exactly the entries that are known, and the cut."""
    return cut <= newest and all(
        (row["idx"] is not None and row["idx"] < newest) == (row["recv_ms"] <= now_ms)
        for row in rows
    )


def _said(row: Row) -> Entry:
    found: Entry = json.loads(bytes(row["data"]))
    return found
