"""The board of one shift instance: everything it shows, read at one instant in ten queries.

States come from `history.people_states` and nowhere else; this module counts, and collects what
waits for somebody. The number of queries does not depend on the crew, their cost not on history.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shiftapp.model import absences, counters, findings, history, seats, signoffs, states
from shiftapp.model.history import PersonState
from shiftapp.store import Db, Row

SOON_MS = 10 * 60_000  # before due: who has not started is drawn in thick ink
ALARM_MS = 15 * 60_000  # after due: the leader's alarm; no tolerance of anything
SILENT_MS = 3 * 24 * 3_600_000  # a phone that has sent nothing for that long


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
    """Somebody who has not started: row, reason written, when their phone was last heard of."""

    row: Row
    stations: tuple[Row, ...]
    absence: Row | None
    phone_ms: int | None  # None: no phone enrolled


@dataclass(frozen=True)
class Phones:
    """Personal phones of the people on the roster, and how many have long sent nothing."""

    total: int
    silent: int


@dataclass(frozen=True)
class Board:
    """One shift instance at one instant."""

    instance: Row
    now_ms: int
    revision: str
    counts: Counts
    stations: tuple[seats.Station, ...]
    findings: tuple[Row, ...]  # not yet answered first, then those being fixed
    waiting: tuple[Waiting, ...]
    reasons: dict[str, Row]  # absences by person
    arrivals: tuple[Row, ...]
    phones: Phones
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
    lines = (
        instance["opens_ms"],
        due_ms - SOON_MS,
        due_ms,
        due_ms + ALARM_MS,
        instance["closed_ms"],
    )
    return f"{counters.board(db)}-{sum(now_ms >= line for line in lines)}"


def board(db: Db, instance: Row, now_ms: int) -> Board:
    """The board of an instance (a row of shifts.py). Reads only."""
    rev = revision(db, instance, now_ms)  # first: a write in between shows again, never too late
    people = history.people_states(db, instance, now_ms)
    asked = findings.of_instance(db, instance["id"])
    phones = _phones(db, instance["id"])
    reasons = absences.of_instance(db, instance["id"])
    return Board(
        instance=instance,
        now_ms=now_ms,
        revision=rev,
        counts=count(people),
        stations=tuple(seats.seat(instance, people, now_ms)),
        findings=tuple(_open_findings(asked, now_ms)),
        waiting=tuple(_waiting(people, reasons, phones, now_ms)),
        reasons=reasons,
        arrivals=tuple(history.arrivals(db, instance)),
        phones=_tally_phones(people, phones, now_ms),
        gaps=tuple(signoffs.gaps(people, asked, now_ms)),
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
    people: Sequence[PersonState], reasons: dict[str, Row], phones: list[Row], now_ms: int
) -> list[Waiting]:
    heard = _heard(phones)
    return [
        Waiting(
            row=live[0],
            stations=tuple(live),
            absence=reasons.get(person.person),
            phone_ms=max(heard.get(person.person, []), default=None),
        )
        for person in people
        if person.name in ("expected", "missed")
        for live in [[row for row in person.rows if seats.is_live(row, now_ms)]]
    ]


def _phones(db: Db, instance: int) -> list[Row]:
    """The phones of everybody on the roster of an instance, with when they last sent something."""
    return db.rows(
        "SELECT device.id, device.person, COALESCE(device.synced_ms, device.enrolled_ms)"
        " AS sent_ms FROM device WHERE device.revoked_ms IS NULL AND device.person IN"
        " (SELECT roster.person FROM roster WHERE roster.instance = :i) ORDER BY device.id",
        i=instance,
    )


def _heard(phones: Iterable[Row]) -> dict[str, list[int]]:
    heard: dict[str, list[int]] = {}
    for phone in phones:
        heard.setdefault(phone["person"], []).append(phone["sent_ms"])
    return heard


def _tally_phones(people: Sequence[PersonState], phones: list[Row], now_ms: int) -> Phones:
    expected = {p.person for p in people if p.name != "excused"}
    theirs = [phone for phone in phones if phone["person"] in expected]
    silent = sum(now_ms - phone["sent_ms"] >= SILENT_MS for phone in theirs)
    return Phones(len(theirs), silent)
