"""Loads what the state function reads, and gives every person of an instance with their state.

One place, used by the board, the announcement and the pack, so that they cannot differ. Six
queries whatever the size of the crew. Who was erased has a seat without a name (erased_seats.py).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from shiftapp.model import erased_seats, findings, roster, states
from shiftapp.store import Db, Row


@dataclass(frozen=True)
class PersonState:
    """A person in an instance: roster rows (ended ones too), records, findings, state and marks."""

    person: str  # '' and the row of a seat without a name: all of theirs was erased
    rows: tuple[Row, ...]
    records: tuple[Row, ...]
    findings: tuple[Row, ...]
    counted: tuple[states.Counted, ...]
    state: states.State

    @property
    def name(self) -> str:
        return self.state.state

    @property
    def erased(self) -> bool:
        """Whether this is a seat without a name; there may be several."""
        return not self.person

    @property
    def key(self) -> str:
        """Who it is: the person, or the slot of a seat without a name."""
        return self.person or str(self.rows[0]["slot"])


def people_states(db: Db, instance: Row, now_ms: int) -> list[PersonState]:
    """Everybody who is or was on the roster of an instance, in the order of their first row."""
    window = states.window_of(instance)
    rows, records = roster.rows(db, instance["id"]), _all_records(db, instance["id"])
    by_person = _grouped(records, "person")
    asked = _asked(findings.of_instance(db, instance["id"]), records)
    rows, seats = erased_seats.parted(db, bytes(instance["s"]), rows, by_person.pop(None, []))
    found = [
        _person_state(str(person), theirs, by_person[person], asked[person], now_ms, window)
        for person, theirs in _grouped(rows, "person").items()
    ]
    return found + [
        _person_state("", [row], theirs, asked[None], now_ms, window) for row, theirs in seats
    ]


def arrivals(db: Db, instance: Row) -> list[Row]:
    """People with records of this instance who are not on its live roster: one tap adds them.

    Of a guest for whom nobody has vouched, `unvouched` is 1; `employer` and `tail` say who it is.
    The crew's own people at stations out of scope are no arrivals: `uncounted`.
    """
    return _came(db, instance, apart=False)


def uncounted(db: Db, instance: Row) -> list[Row]:
    """The crew's own people who came, but whose station is out of scope; shaped as `arrivals`."""
    arrived = {row["id"] for row in arrivals(db, instance)}
    return [row for row in _came(db, instance, apart=True) if row["id"] not in arrived]


def _came(db: Db, instance: Row, *, apart: bool) -> list[Row]:
    return db.rows(
        "SELECT person.id, person.name, person.name_en, person.no, person.employer, person.guest,"
        " CASE WHEN person.guest = 1 THEN person.phone ELSE '' END AS tail,"
        " CASE WHEN person.guest = 1 AND person.vouched_ms IS NULL THEN 1 ELSE 0 END AS unvouched,"
        " MIN(record.recv_ms) AS recv_ms, MIN(record.station) AS station, MIN(record.job) AS job"
        " FROM record JOIN person ON person.id = record.person"
        " LEFT JOIN station ON station.code = record.station"
        " WHERE record.instance = :i AND record.counts = 1 AND NOT EXISTS"
        " (SELECT 1 FROM roster WHERE roster.instance = record.instance"
        "  AND roster.person = record.person"
        "  AND (roster.ended_ms IS NULL OR roster.ended_ms > record.recv_ms))"
        " AND CASE WHEN person.guest = 0 AND person.crew = :crew AND station.scoped = 0"
        "  THEN 1 ELSE 0 END = :apart"
        " GROUP BY person.id, person.name, person.name_en, person.no, person.employer,"
        " person.guest, person.phone, person.vouched_ms ORDER BY recv_ms, person.id",
        i=instance["id"],
        crew=instance["crew"],
        apart=int(apart),
    )


def records_of(db: Db, instance: int) -> list[Row]:
    """The commitments and runs of an instance, without body and salt, oldest first.

    `denied_ms`: when the person said of a proxy entry that it is not theirs. One that was erased
    is its person's as long as their slot says so: they have others in the series.
    """
    return [row for row in _all_records(db, instance) if row["person"] is not None]


def _all_records(db: Db, instance: int) -> list[Row]:
    """As `records_of`; also those that only a slot without a person speaks for, `person` None."""
    return db.rows(
        "SELECT record.seq, record.id, record.kind, record.recv_ms,"
        " COALESCE(record.person, slot.person) AS person, record.station, record.job,"
        " record.result, record.counts, record.sealed_ms, record.lower_ms, record.estimate_ms,"
        " record.estimate_ok, record.proxy, record.unverified, record.flags, record.entry_seq,"
        " record.erased_ms, record.slot_u,"
        " CASE WHEN proxy_answer.mine = 0 THEN proxy_answer.at_ms END AS denied_ms"
        " FROM record LEFT JOIN proxy_answer ON proxy_answer.record = record.id"
        " LEFT JOIN slot ON slot.u = record.slot_u AND record.erased_ms IS NOT NULL"
        " WHERE record.instance = :i AND record.kind <> 'hazard'"
        " AND (record.person IS NOT NULL"
        "  OR record.erased_ms IS NOT NULL AND record.slot_u IS NOT NULL) ORDER BY record.seq",
        i=instance,
    )


def records_of_person(db: Db, instance: int, person: str) -> list[Row]:
    """The commitments and runs of one person in an instance, shaped as `records_of`."""
    return [row for row in records_of(db, instance) if row["person"] == person]


def doubted(person: PersonState, now_ms: int) -> set[str]:
    """The records of a person whose origin does not hold, or which they say are not theirs."""
    return {one.id for one in person.counted if states.doubted(one, now_ms)}


def state_of(db: Db, instance: Row, person: str, now_ms: int) -> str | None:
    """The state of one person in an instance; None when they are not on its roster."""
    found = (one for one in people_states(db, instance, now_ms) if one.person == person)
    return next((one.name for one in found), None)


def _person_state(
    person: str,
    rows: list[Row],
    records: list[Row],
    asked: list[Row],
    now_ms: int,
    window: states.Window,
) -> PersonState:
    by_record = _grouped(asked, "record_id")
    if not person:  # what nobody in particular reported is not all of one seat
        asked = [one for record in records for one in by_record[record["id"]]]
    unknown = _is_unvouched(rows[0], now_ms)
    counted = tuple(
        as_counted(record, by_record[record["id"]], unknown=unknown) for record in records
    )
    known = states.state([_row(row) for row in rows], counted, now_ms, window=window)
    return PersonState(person, tuple(rows), tuple(records), tuple(asked), counted, known)


def as_counted(record: Row, asked: list[Row], *, unknown: bool = False) -> states.Counted:
    """A record row with the findings it opened, as the state function reads it.

    `unknown`: it is of a guest for whom nobody had vouched. That is a mark of the instant asked
    for and never stored with the record: once somebody vouches, it is gone.
    """
    return states.Counted(
        id=record["id"],
        kind=record["kind"],
        result=record["result"],
        recv_ms=record["recv_ms"],
        claim_ms=record["sealed_ms"],
        lower_ms=record["lower_ms"],
        estimate_ms=record["estimate_ms"],
        estimate_verified=bool(record["estimate_ok"]),
        station=record["station"],
        job=record["job"],
        counts=bool(record["counts"]),
        proxy=bool(record["proxy"]),
        unverified=unknown or bool(record["unverified"]),
        denied_ms=record["denied_ms"],
        findings=tuple(
            states.Finding(kind=_kind(found), answered_ms=found["answered_ms"]) for found in asked
        ),
    )


def _is_unvouched(row: Row, now_ms: int) -> bool:
    vouched_ms = row["vouched_ms"]
    return bool(row["guest"]) and (vouched_ms is None or vouched_ms > now_ms)


def _kind(found: Row) -> Literal["unfit", "veto", "bad"]:
    if found["kind"] == "replace":
        return "unfit"
    return "veto" if found["veto"] else "bad"


def _row(row: Row) -> states.Row:
    return states.Row(
        station=row["station"],
        job=row["job"],
        run_required=bool(row["run_required"]),
        added_ms=row["added_ms"],
        ended_ms=row["ended_ms"],
        ended_why=row["ended_why"],
    )


def _asked(found: list[Row], records: list[Row]) -> defaultdict[str | None, list[Row]]:
    """Findings by their reporter; of an erased record by whose it is, as far as that is known."""
    owner = {record["id"]: record["person"] for record in records}
    groups: defaultdict[str | None, list[Row]] = defaultdict(list)
    for one in found:
        groups[one["reporter"] or owner.get(one["record_id"])].append(one)
    return groups


def _grouped(rows: list[Row], key: str) -> defaultdict[str | None, list[Row]]:
    groups: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups
