"""How many commitments a reporting group's shift has, as an announcement counts them.

On time are distinct slots with a commitment shown to be made before due (formats.md, "Read it this
way"): commitments, not readiness. Where the series is open everything is counted from the public
entries, as an outsider will count it, by the place of the entry (log_marks.py); a person the leader
adds after due is late there (States, case 36). Every figure is counted a second time from the
board's side, so that the two can be compared before anybody signs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields

from shiftapp.ledger import encoding
from shiftapp.model import erased_seats, history, leaves, log_marks, states
from shiftapp.model.history import PersonState
from shiftapp.model.log_marks import Cite, Mark, Told, Trees
from shiftapp.store import Db, Row

_MARKS: Mapping[str, Mark] = {"on_time": "on", "offline": "off", "late": "late"}


@dataclass(frozen=True)
class Count:
    """People expected, and the same people by their commitment: the four others sum to `n`.

    on time · offline (sealed before due without a signal, received later) · late · none yet.
    """

    n: int = 0
    on: int = 0
    off: int = 0
    late: int = 0
    none: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Staffed:
    """A crew's instance with everybody who is or was on its roster."""

    instance: Row
    people: tuple[PersonState, ...]

    @property
    def expected(self) -> tuple[PersonState, ...]:
        return tuple(person for person in self.people if person.name != "excused")


@dataclass(frozen=True)
class Part:
    """A reporting group's shift: crews of one group with equal date, code, start and end."""

    staffed: tuple[Staffed, ...]
    in_log: bool  # counted from public entries; else the tables are all there is
    count: Count
    check: Count  # the same, counted from the board's side
    people: frozenset[str]  # who is counted; an erased person by the slot
    unsealed: int = 0  # whose commitment came in time, and the log cannot show it
    cite: Cite | None = None  # where it can be counted again; None: not yet

    @property
    def about(self) -> Row:
        """The names and times that all its instances share."""
        return self.staffed[0].instance

    @property
    def agrees(self) -> bool:
        """Whether both ways of counting give the same."""
        return self.count == self.check

    @property
    def rostered(self) -> int:
        """People who are or were on the roster."""
        return len({p.key for one in self.staffed for p in one.people})


def put_on(part: Part, now_ms: int) -> list[PersonState]:
    """Who is on the roster and was not when the window opened."""
    then, now = _on_roster(part, now_ms, opening=True), _on_roster(part, now_ms)
    return [person for id, person in now.items() if id not in then]


def taken_off(part: Part, now_ms: int) -> list[PersonState]:
    """Who was on the roster when the window opened and no longer is, whatever the reason.

    Leave entered after that is among them: n is n at the opening, with who was put on and without
    who was taken off, so that nobody shrinks it unseen.
    """
    then, now = _on_roster(part, now_ms, opening=True), _on_roster(part, now_ms)
    return [person for id, person in then.items() if id not in now]


def opened(part: Part, now_ms: int) -> int:
    """How many were on the roster when the window opened."""
    return len(_on_roster(part, now_ms, opening=True))


def parts(db: Db, instances: Iterable[Row], now_ms: int) -> list[Part]:
    """The parts that these instances (as shifts.py shapes them) form, in their order."""
    by_series: defaultdict[bytes, list[Row]] = defaultdict(list)
    for instance in instances:
        by_series[bytes(instance["s"])].append(instance)
    starts = [theirs[0]["starts_ms"] for theirs in by_series.values()]
    seen = log_marks.trees(db, min(starts), max(starts) + 1, now_ms) if starts else Trees()
    return [_part(db, s, theirs, now_ms, seen) for s, theirs in by_series.items()]


def sources(db: Db, part: Part) -> list[Row]:
    """The commitments behind a part's figures, oldest first, for signed-in readers only."""
    found: list[Row] = []
    for one in part.staffed:
        found += db.rows(
            "SELECT record.id, record.recv_ms, record.c, record.receipt_leaf, record.person,"
            " record.erased_ms, COALESCE(person.name, :nobody) AS name,"
            " COALESCE(person.name_en, :nobody) AS name_en, COALESCE(person.no, '') AS no"
            " FROM record LEFT JOIN slot ON slot.u = record.slot_u AND record.erased_ms IS NOT NULL"
            " LEFT JOIN person ON person.id = COALESCE(record.person, slot.person)"
            " WHERE record.instance = :i AND (record.person IS NOT NULL OR slot.u IS NOT NULL)"
            " AND record.kind = 'commit' AND record.result = 'committed' AND record.counts = 1"
            " ORDER BY record.seq",
            i=one.instance["id"],
            nobody=erased_seats.NOBODY,
        )
    return found


def without_commitment(part: Part) -> list[PersonState]:
    """The expected people without a commitment, for signed-in readers only."""
    marks = _board_marks(part.staffed)
    people = {p.key: p for one in part.staffed for p in one.expected}
    return [person for id, person in people.items() if id not in marks]


def tally(n: int, marks: Iterable[Mark]) -> Count:
    """The count of n people, of whom some have a mark."""
    found = list(marks)
    on, off, late = (found.count(mark) for mark in log_marks.BEST)
    return Count(n, on, off, late, n - len(found))


def unsealed(came: Mapping[str, Mark], placed: Mapping[str, Mark], late: Collection[str]) -> int:
    """How many came in time, and the log cannot show it. Of who was put on the roster late (`late`)
    it could not: their entry was written when they were."""
    return sum(
        mark == "on" and placed.get(id, "on") != "on" and id not in late
        for id, mark in came.items()
    )


def mark_of_time(mark: states.TimeMark) -> Mark:
    """What the board's mark of a commitment counts as."""
    return _MARKS.get(mark, "late")


def _on_roster(part: Part, now_ms: int, *, opening: bool = False) -> dict[str, PersonState]:
    """Who has a live row at an instant, or had one when the window opened."""
    found = {}
    for one in part.staffed:
        at_ms = min(now_ms, one.instance["opens_ms"]) if opening else now_ms
        for person in one.people:
            if any(_is_live(row, at_ms) for row in person.rows):
                found[person.key] = person
    return found


def _is_live(row: Row, at_ms: int) -> bool:
    ended_ms = row["ended_ms"]
    return bool(row["added_ms"] <= at_ms and (ended_ms is None or ended_ms > at_ms))


def _part(db: Db, s: bytes, instances: list[Row], now_ms: int, seen: Trees) -> Part:
    staffed = tuple(Staffed(i, tuple(history.people_states(db, i, now_ms))) for i in instances)
    slots = {encoding.b64u(bytes(row["u"])): row for row in _slots(db, s, now_ms)}
    due_ms, in_log = instances[0]["starts_ms"], instances[0]["series_state"] == "open"
    told = log_marks.told(log_marks.of_series(db, s), due_ms, now_ms, seen) if in_log else Told()
    who = {row["person"] or bytes(row["u"]).hex(): row for row in slots.values()}
    came = {key: mark for key, mark in _board_marks(staffed).items() if key in who}
    late = {key for key, row in who.items() if row["added_ms"] >= due_ms}
    board = dict(came)
    if told.placed:
        board = {key: m for key, m in _placed_marks(staffed, told, now_ms).items() if key in who}
    elif in_log:  # by place: the entry of who was added late was written when they were
        board |= {key: "late" for key in late if came.get(key) == "on"}
    entries = {u: mark for u, mark in told.slots.items() if u in slots}
    expected = {p.person for one in staffed for p in one.expected if not p.erased}
    return Part(
        staffed=staffed,
        in_log=in_log,
        count=tally(len(slots), (entries if in_log else board).values()),
        check=tally(
            len(expected) + sum(row["person"] is None for row in slots.values()),
            board.values(),
        ),
        people=frozenset(row["person"] or bytes(row["u"]).hex() for row in slots.values()),
        unsealed=unsealed(came, board, late) if told.placed else 0,
        cite=told.cite,
    )


def _slots(db: Db, s: bytes, now_ms: int) -> list[Row]:
    """The slots that counted at an instant."""
    return db.rows(
        "SELECT u, person, added_ms FROM slot WHERE s = :s AND added_ms <= :now"
        " AND (ended_ms IS NULL OR ended_ms > :now) ORDER BY u",
        s=s,
        now=now_ms,
    )


def _placed_marks(staffed: Iterable[Staffed], told: Told, now_ms: int) -> dict[str, Mark]:
    """The best mark of each person by the places of their own records' entries."""
    best: dict[str, Mark] = {}
    for one in staffed:
        window = states.window_of(one.instance)
        for person in one.expected:
            for row in person.records:
                when = leaves.timed(row)
                if _counts(row, now_ms) and states.in_window(window, when):
                    mark = mark_of_time(states.time_mark(window, when))
                    if placed := told.of_record(row["entry_seq"], mark):
                        log_marks.better(best, person.key, placed)
    return best


def _counts(record: Row, now_ms: int) -> bool:
    made = record["kind"] == "commit" and record["result"] == "committed"
    return bool(made and record["counts"] and record["recv_ms"] <= now_ms)


def _board_marks(staffed: Iterable[Staffed]) -> dict[str, Mark]:
    """The best mark of each person or seat without a name, as the board shows it."""
    best: dict[str, Mark] = {}
    for one in staffed:
        for person in one.expected:
            for name, mark in _MARKS.items():
                if name in person.state.marks:
                    log_marks.better(best, person.key, mark)
    return best
