"""The state of a person in a shift instance: one function, used by all who show or count it.

Pure, after formats.md "States" (its 44 cases are the test): roster rows, records and the window
in, exactly one state and some marks out. It reads only what was known at `now`: rows added or
ended, records received and findings answered at or before it. So history can be asked at any
instant and an event that comes later never changes what an earlier instant showed. It must not
touch the store, the clock or a translation.

All instants are Unix ms UTC. One equal to opens is open, to due past due, to closed closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

StateName = Literal[
    "excused", "cannot", "stopped", "abnormal", "ready", "running", "missed", "expected"
]
TimeMark = Literal["on_time", "offline", "time_unverified", "late"]  # best first
Mark = Literal[TimeMark, "overdue", "proxy", "unverified"]

# In the order in which they are tried. n = all but excused; the other seven sum to n.
STATES: tuple[StateName, ...] = get_args(StateName)
MARKS: tuple[Mark, ...] = get_args(Mark)

_NEVER_OVERDUE = frozenset({"excused", "cannot", "missed"})


@dataclass(frozen=True, kw_only=True)
class Window:
    """The window of an instance: opens (−45 min), due (the shift's start), closed."""

    opens_ms: int
    due_ms: int
    closed_ms: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """A roster row of the person: live from `added_ms` until `ended_ms` (None: not ended)."""

    station: str
    job: str
    run_required: bool
    added_ms: int
    ended_ms: int | None = None
    ended_why: str | None = None  # not read here: whatever ended it, it asks for nothing


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a record asks a person: an `unfit` answer, a failed `veto` step, another `bad` one.

    It opens with its record. `answered_ms` is the first answer by a leader or manager with scope
    who is not the reporter (findings.py sees to that); reopening a hazard leaves it standing.
    """

    kind: Literal["unfit", "veto", "bad"]
    answered_ms: int | None = None


@dataclass(frozen=True, kw_only=True)
class Timed:
    """When a record was made, as far as can be told (formats.md "Bytes" §4).

    `recv_ms` is the upper bound, `lower_ms` the instant it was surely not made before (None: no
    bound, from a record without time token), `claim_ms` what the device's clock said (sealed_ms).
    """

    recv_ms: int
    claim_ms: int
    lower_ms: int | None = None
    estimate_ms: int | None = None
    estimate_verified: bool = False


@dataclass(frozen=True, kw_only=True)
class Counted(Timed):
    """A record of the person that claims this instance.

    `result` is the one taken (verdicts.py), `none` for a hazard or a commitment taken as none.
    `counts` is False for what counts for nobody whatever its time: quarantined, or naming
    something unknown. The roster and the window are judged here, not in `counts`.
    """

    id: str
    kind: Literal["commit", "run", "hazard"]
    result: Literal["committed", "cannot", "done", "stopped", "none"]
    station: str | None
    job: str | None
    counts: bool = True
    proxy: bool = False
    unverified: bool = False
    denied_ms: int | None = None  # when the person said of a proxy entry that it is not theirs
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class State:
    """One state, and the marks beside it, which are never counted as states."""

    state: StateName
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True)
class _Known:
    """What was known at `now` of one person: live rows and counted records."""

    rows: tuple[Row, ...]
    records: tuple[Counted, ...]
    now: int

    def asks(self, kind: str) -> bool:
        return any(
            finding.kind == kind and not _reached(finding.answered_ms, self.now)
            for record in self.records
            for finding in record.findings
        )

    def committed(self) -> bool:
        return any(record.result == "committed" for record in self.records)

    def complete(self) -> bool:
        """One commitment, and for each row that asks for a run one done of its job and station."""
        done = {(r.job, r.station) for r in self.records if r.result == "done"}
        asked = {(row.job, row.station) for row in self.rows if row.run_required}
        return self.committed() and asked <= done


def state(rows: Iterable[Row], records: Iterable[Counted], now: int, *, window: Window) -> State:
    """The state of one person in one instance as it was known at `now`, with its marks.

    `rows` and `records` are all of that person and instance, in any order, also those of later
    than `now`. A person without a live row is excused, without marks: not in n.
    """
    known = _Known(
        rows=tuple(r for r in rows if r.added_ms <= now and not _reached(r.ended_ms, now)),
        records=tuple(r for r in records if r.recv_ms <= now and _counted(r, window)),
        now=now,
    )
    name = _name(known, window)
    if name == "excused":
        return State(name)
    return State(name, frozenset(_marks(known, name, window)))


def window_of(instance: Mapping[str, Any]) -> Window:
    """The window of a row of the table `instance`."""
    return Window(
        opens_ms=instance["opens_ms"],
        due_ms=instance["starts_ms"],
        closed_ms=instance["closed_ms"],
    )


def in_window(window: Window, record: Timed) -> bool:
    """False if it was surely made before opens or after closed (flag `outside_window`).

    An offline record may arrive after closed and still be inside; without a lower bound it is.
    """
    if record.recv_ms < window.opens_ms:
        return False
    return record.lower_ms is None or record.lower_ms < window.closed_ms


def time_mark(window: Window, record: Timed) -> TimeMark:
    """What can be said of the time of one commitment.

    `time_unverified` (as the flag of that name) is late for every count: the device claims a
    time before due and nothing shows it. It stands between offline and late.
    """
    if record.recv_ms < window.due_ms:
        return "on_time"
    if max(record.claim_ms, record.lower_ms or record.claim_ms) >= window.due_ms:
        return "late"
    if record.lower_ms is None or record.estimate_ms is None or not record.estimate_verified:
        return "time_unverified"
    return "offline" if record.estimate_ms < window.due_ms else "time_unverified"


def offline_at_acceptance(window: Window, result: str, record: Timed) -> bool:
    """Whether the public entry of a record carries `"o":1`; settled once, when it is accepted.

    Time marks are of commitments only, so the entry of a run never carries it.
    """
    return result == "committed" and time_mark(window, record) == "offline"


def tally(states: Iterable[State]) -> dict[StateName, int]:
    """How many people are in each state, every state named; without excused they sum to n."""
    found = [state.state for state in states]
    return {name: found.count(name) for name in STATES}


def _counted(record: Counted, window: Window) -> bool:
    return record.kind != "hazard" and record.counts and in_window(window, record)


def _name(known: _Known, window: Window) -> StateName:
    """The first state that applies; the order is the rule."""
    if not known.rows:
        return "excused"
    if known.asks("unfit"):
        return "cannot"
    if known.asks("veto"):
        return "stopped"
    if known.asks("bad"):
        return "abnormal"
    if known.complete():
        return "ready"
    if known.records:
        return "running"
    return "missed" if known.now >= window.closed_ms else "expected"


def _marks(known: _Known, name: StateName, window: Window) -> Iterable[Mark]:
    yield from _time_marks(known.records, window)
    if name not in _NEVER_OVERDUE and known.now >= window.due_ms and not known.complete():
        yield "overdue"
    if any(record.proxy for record in known.records):
        yield "proxy"
    if any(doubted(record, known.now) for record in known.records):
        yield "unverified"


def doubted(record: Counted, now: int) -> bool:
    """Its origin did not hold, or the person it was entered for has said that it is not theirs."""
    return record.unverified or _reached(record.denied_ms, now)


def _time_marks(records: Sequence[Counted], window: Window) -> tuple[Mark, ...]:
    """The best time mark of the person's commitments; none without a commitment."""
    marks = [time_mark(window, record) for record in records if record.result == "committed"]
    if not marks:
        return ()
    best = min(marks, key=MARKS.index)
    return ("late", best) if best == "time_unverified" else (best,)


def _reached(instant_ms: int | None, now: int) -> bool:
    return instant_ms is not None and instant_ms <= now
