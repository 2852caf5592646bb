"""The commitments of a whole period, shift by shift, in a handful of queries whatever its length.

As counts.py counts a day: from the public entries where the log has them, from the tables where
not, and each figure a second time from roster and records. Only the public entries are parsed; who
was on a roster and who signed is asked of the store for all shifts at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from shiftapp.ledger import encoding
from shiftapp.model import counts, leaves, log_marks, states
from shiftapp.model.counts import Count
from shiftapp.model.log_marks import Mark, Told, Trees
from shiftapp.store import Db, Row

AS_RECEIVED = Told()  # nothing by place
_IN_TIME = "instance.starts_ms >= :a AND instance.starts_ms < :b"


@dataclass(frozen=True)
class Share:
    """A reporting group's shift within a period."""

    about: Row  # an instance of it
    in_log: bool
    count: Count
    check: Count  # the same, from roster and records
    people: frozenset[str]  # who is counted; an erased person by the slot
    opened: int  # how many were on the roster when the window opened
    put_on: frozenset[str]  # on the roster now, and not when the window opened
    taken_off: frozenset[str]
    unsealed: int = 0  # whose commitment came in time, and the log cannot show it

    @property
    def agrees(self) -> bool:
        """Whether both ways of counting give the same."""
        return self.count == self.check


@dataclass(frozen=True)
class _Read:
    """What the store has of all shifts, by series."""

    seen: Trees
    slots: defaultdict[bytes, dict[str, Row]]  # by the slot as entries name it
    entries: defaultdict[bytes, list[Row]]
    roster: defaultdict[bytes, dict[str, tuple[bool, bool]]]  # person: at the opening, now
    commits: defaultdict[bytes, list[Row]]


def shares(db: Db, instances: Iterable[Row], now_ms: int) -> list[Share]:
    """The shifts of a period (instances as shifts.py shapes them), each counted; by start."""
    found = list(instances)
    if not found:
        return []
    by_series: dict[bytes, list[Row]] = {}
    for one in found:
        by_series.setdefault(bytes(one["s"]), []).append(one)
    starts = [one["starts_ms"] for one in found]
    read = _read(db, min(starts), max(starts) + 1, now_ms)
    return [_share(s, theirs[0], read, now_ms) for s, theirs in by_series.items()]


def signed(db: Db, instances: Iterable[Row], now_ms: int) -> tuple[int, int]:
    """How many crews' shifts were signed at all, of how many with anybody on their roster.

    Whether a signature held is a matter of its day and stands in the announcement of that day.
    """
    ids = {one["id"]: one["starts_ms"] for one in instances}
    if not ids:
        return 0, 0
    rows = db.rows(
        "SELECT instance.id, EXISTS (SELECT 1 FROM signoff WHERE signoff.instance = instance.id"
        f"  AND signoff.at_ms <= :now) AS signed FROM instance WHERE {_IN_TIME}"
        " AND EXISTS (SELECT 1 FROM roster WHERE roster.instance = instance.id"
        "  AND roster.added_ms <= :now AND (roster.ended_ms IS NULL OR roster.ended_ms > :now))"
        " ORDER BY instance.id",
        a=min(ids.values()),
        b=max(ids.values()) + 1,
        now=now_ms,
    )
    mine = [row for row in rows if row["id"] in ids]
    return sum(bool(row["signed"]) for row in mine), len(mine)


def _read(db: Db, from_ms: int, to_ms: int, now_ms: int) -> _Read:
    read = _Read(
        log_marks.trees(db, from_ms, to_ms, now_ms),
        defaultdict(dict),
        defaultdict(list),
        defaultdict(dict),
        defaultdict(list),
    )
    bounds = {"a": from_ms, "b": to_ms, "now": now_ms}
    for row in db.rows(
        "SELECT slot.s, slot.u, slot.person, slot.added_ms FROM slot JOIN series"
        " ON series.s = slot.s WHERE series.starts_ms >= :a AND series.starts_ms < :b"
        " AND slot.added_ms <= :now AND (slot.ended_ms IS NULL OR slot.ended_ms > :now)"
        " ORDER BY slot.u",
        **bounds,
    ):
        read.slots[bytes(row["s"])][encoding.b64u(bytes(row["u"]))] = row
    for row in db.rows(
        "SELECT entry.s, entry.seq, entry.kind, entry.data, entry.recv_ms, entry.idx FROM entry"
        " JOIN series ON series.s = entry.s WHERE series.starts_ms >= :a AND series.starts_ms < :b"
        " AND series.state = 'open' AND entry.kind IN ('open', 'rec', 'amend')"
        " AND entry.recv_ms <= :now ORDER BY entry.seq",
        **bounds,
    ):
        read.entries[bytes(row["s"])].append(row)
    _read_board(db, read, bounds)
    return read


def _read_board(db: Db, read: _Read, bounds: dict[str, int]) -> None:
    """The board's side: who was on which roster, and the commitments that count."""
    live = "roster.added_ms <= {0} AND (roster.ended_ms IS NULL OR roster.ended_ms > {0})"
    was, now = live.format("instance.opens_ms"), live.format(":now")
    for row in db.rows(
        "SELECT instance.s, roster.person,"
        f" MAX(CASE WHEN {was} THEN 1 ELSE 0 END) AS was, MAX(CASE WHEN {now} THEN 1 ELSE 0 END)"
        " AS here FROM roster JOIN instance ON instance.id = roster.instance"
        f" WHERE {_IN_TIME} GROUP BY instance.s, roster.person"
        " ORDER BY instance.s, roster.person",
        **bounds,
    ):
        read.roster[bytes(row["s"])][row["person"]] = bool(row["was"]), bool(row["here"])
    for row in db.rows(
        "SELECT instance.s, instance.opens_ms, instance.starts_ms, instance.closed_ms,"
        " COALESCE(record.person, slot.person) AS person, record.slot_u, record.entry_seq,"
        " record.recv_ms, record.sealed_ms, record.lower_ms, record.estimate_ms,"
        " record.estimate_ok FROM record JOIN instance ON instance.id = record.instance"
        " LEFT JOIN slot ON slot.u = record.slot_u AND record.erased_ms IS NOT NULL"
        f" WHERE {_IN_TIME} AND record.kind = 'commit' AND record.result = 'committed'"
        " AND record.counts = 1 AND (record.person IS NOT NULL OR slot.u IS NOT NULL)"
        " AND record.recv_ms <= :now"
        " ORDER BY record.seq",
        **bounds,
    ):
        read.commits[bytes(row["s"])].append(row)


def _share(s: bytes, about: Row, read: _Read, now_ms: int) -> Share:
    slots, roster = read.slots[s], read.roster[s]
    here = {person for person, (_, now) in roster.items() if now}
    was = {person for person, (then, _) in roster.items() if then}
    in_log, due_ms = about["series_state"] == "open", about["starts_ms"]
    told = log_marks.told(read.entries[s], due_ms, now_ms, read.seen) if in_log else Told()
    added = {row["person"] or u: row["added_ms"] for u, row in slots.items()}
    late = {who for who, at_ms in added.items() if at_ms >= due_ms}
    erased = {u for u, row in slots.items() if row["person"] is None}
    named = here & added.keys() if erased else here  # the roster still lists who was erased
    people = (named & added.keys()) | erased
    came = _board_marks(read.commits[s], people)
    board = dict(came)
    if told.placed:
        board = _board_marks(read.commits[s], people, told)
    elif in_log:  # by place: the entry of who was added late was written when they were
        board |= {who: "late" for who in late if came.get(who) == "on"}
    entries = {u: mark for u, mark in told.slots.items() if u in slots}
    marks = entries.values() if in_log else board.values()
    return Share(
        about=about,
        in_log=in_log,
        count=counts.tally(len(slots), marks),
        check=counts.tally(len(named) + len(erased), board.values()),
        people=frozenset(row["person"] or u for u, row in slots.items()),
        opened=len(was),
        put_on=frozenset(here - was),
        taken_off=frozenset(was - here),
        unsealed=counts.unsealed(came, board, late) if told.placed else 0,
    )


def _board_marks(commits: list[Row], people: set[str], told: Told = AS_RECEIVED) -> dict[str, Mark]:
    """The best mark of each person, by the places of their records' entries where it has them."""
    best: dict[str, Mark] = {}
    for row in commits:
        window, when = states.window_of(row), leaves.timed(row)
        who = row["person"] or encoding.b64u(bytes(row["slot_u"]))
        if who not in people or not states.in_window(window, when):
            continue
        mark = counts.mark_of_time(states.time_mark(window, when))
        if placed := told.of_record(row["entry_seq"], mark):
            log_marks.better(best, who, placed)
    return best
