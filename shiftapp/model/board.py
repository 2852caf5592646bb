"""The board of one shift instance: everything it shows, read at one instant in twelve queries.

States come from `history.people_states` and nowhere else; this module counts, and collects what
waits for somebody. The number of queries does not depend on the crew, their cost not on history.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shiftapp.model import (
    absences,
    counters,
    findings,
    handover,
    heard,
    history,
    seats,
    signoffs,
    staffing,
    states,
)
from shiftapp.model.history import PersonState
from shiftapp.store import Db, Row

SOON_MS = 10 * 60_000  # before due: who has not started is drawn in thick ink
LEAVING_MS = 30 * 60_000  # before the end: what is handed over is written now
LISTED = 20  # of who has not started, beside the stations; the list of people has them all
ALARM_MS = 15 * 60_000  # after due: the leader's alarm; no tolerance of anything


@dataclass(frozen=True)
class Counts:
    """People, each counted once: the four middle figures sum to `expected` at every instant."""

    expected: int
    ready: int
    running: int
    not_started: int
    abnormal: int
    excused: int


@dataclass(frozen=True)
class Waiting:
    """Somebody who has not started: row, reason written, when their phones were last heard of."""

    row: Row
    stations: tuple[Row, ...]
    absence: Row | None
    phones: tuple[Row, ...]  # of heard.py, last heard of first; none enrolled: empty


@dataclass(frozen=True)
class Board:
    """One shift instance at one instant."""

    instance: Row
    now_ms: int
    revision: str
    counts: Counts
    stations: tuple[seats.Station, ...]
    people: tuple[seats.Person, ...]
    findings: tuple[Row, ...]  # not yet answered first, then those being fixed
    waiting: tuple[Waiting, ...]
    reasons: dict[str, Row]  # absences by person
    arrivals: tuple[Row, ...]
    inherited: tuple[Row, ...]  # items of the handover, of handover.py
    phones_of: heard.ByPerson
    phones: heard.Phones
    gaps: tuple[signoffs.Gap, ...]
    signature: signoffs.Signature | None

    @property
    def soon(self) -> bool:
        """The last ten minutes before due."""
        due_ms: int = self.instance["starts_ms"]
        return due_ms - SOON_MS <= self.now_ms < due_ms

    @property
    def alarm(self) -> bool:
        """A quarter of an hour into the shift and somebody has not started."""
        since_ms = self.now_ms - self.instance["starts_ms"]
        return since_ms >= ALARM_MS and bool(self.waiting) and not self.closed

    @property
    def unfinished(self) -> int:
        """How many have something to do before due: it is what makes the countdown press."""
        return self.counts.not_started + self.counts.running

    @property
    def short(self) -> tuple[seats.Station, ...]:
        """Stations with fewer people expected than they need."""
        return tuple(station for station in self.stations if station.short)

    @property
    def listed(self) -> tuple[Waiting, ...]:
        """As many of who has not started as one can go through, without a reason first."""
        return self.waiting[:LISTED]

    @property
    def unasked(self) -> int:
        """How many items of the handover nobody has asked about."""
        return sum(item["taken_ms"] is None for item in self.inherited)

    @property
    def leaving(self) -> bool:
        """The last half hour of the shift: time to write the handover."""
        return bool(self.instance["ends_ms"] - LEAVING_MS <= self.now_ms < self.instance["ends_ms"])

    @property
    def closed(self) -> bool:
        """The window is over."""
        return bool(self.now_ms >= self.instance["closed_ms"])

    @property
    def open_findings(self) -> int:
        """How many wait for their first answer."""
        return sum(signoffs.is_open(found, self.now_ms) for found in self.findings)


def revision(db: Db, instance: Row, now_ms: int) -> str:
    """What a board compares: it differs when something was written or the clock passed a line."""
    due_ms = instance["starts_ms"]
    lines = {  # a shift may close when it ends
        instance["opens_ms"],
        due_ms - SOON_MS,
        due_ms,
        due_ms + ALARM_MS,
        instance["ends_ms"] - LEAVING_MS,
        instance["ends_ms"],
        instance["closed_ms"],
    }
    return f"{counters.board(db)}-{sum(now_ms >= line for line in lines)}"


def board(db: Db, instance: Row, now_ms: int) -> Board:
    """The board of an instance (a row of shifts.py). Reads only."""
    rev = revision(db, instance, now_ms)  # first: a write in between shows again, never too late
    people = history.people_states(db, instance, now_ms)
    asked = findings.of_instance(db, instance["id"])
    phones = heard.phones(db, instance["id"])
    reasons = absences.of_instance(db, instance["id"])
    inherited = handover.inherited(db, instance, now_ms)
    left = [item for item in inherited if item["taken_ms"] is None]
    return Board(
        instance=instance,
        now_ms=now_ms,
        revision=rev,
        counts=count(people),
        stations=tuple(seats.seat(instance, people, staffing.needs(db, instance), now_ms)),
        people=tuple(seats.by_person(instance, people, now_ms)),
        findings=tuple(_open_findings(asked, now_ms)),
        waiting=tuple(_waiting(people, reasons, phones, now_ms)),
        reasons=reasons,
        arrivals=tuple(history.arrivals(db, instance)),
        inherited=tuple(inherited),
        phones_of=phones,
        phones=heard.tally({p.person for p in people if p.name != "excused"}, phones, now_ms),
        gaps=tuple(signoffs.gaps(people, asked, left, now_ms)),
        signature=signoffs.signature(db, instance, people, asked, now_ms),
    )


def count(people: Iterable[PersonState]) -> Counts:
    """The figures of a board: every person of the instance once."""
    tally = states.tally(person.state for person in people)
    return Counts(
        expected=sum(tally.values()) - tally["excused"],
        ready=tally["ready"],
        running=tally["running"],
        not_started=tally["expected"] + tally["missed"],
        abnormal=tally["abnormal"] + tally["stopped"] + tally["cannot"],
        excused=tally["excused"],
    )


def _open_findings(asked: Sequence[Row], now_ms: int) -> list[Row]:
    """Vetoes without an answer, others without one, then what is being fixed; oldest first."""
    found = [
        f
        for f in asked
        if f["found_ms"] <= now_ms
        and (signoffs.is_open(f, now_ms) or f["state"] in ("found", "assigned"))
    ]
    return sorted(
        found, key=lambda f: (not signoffs.is_open(f, now_ms), -f["veto"], f["found_ms"], f["id"])
    )


def _waiting(
    people: Sequence[PersonState], reasons: dict[str, Row], phones: heard.ByPerson, now_ms: int
) -> list[Waiting]:
    """In the order of the roster, but those without a reason first: the list shows only so many."""
    found = [
        Waiting(
            row=live[0],
            stations=tuple(live),
            absence=reasons.get(person.person),
            phones=phones.get(person.person, ()),
        )
        for person in people
        if person.name in ("expected", "missed")
        for live in [[row for row in person.rows if seats.is_live(row, now_ms)]]
    ]
    return sorted(found, key=lambda one: one.absence is not None)
