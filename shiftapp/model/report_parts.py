"""What a shift's report reads beside the states: names, reasons of proxies, handover, evidence.

One query each, whatever the size of the crew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from shiftapp.model import verdicts
from shiftapp.store import Db, Row

_HANDOVER = (
    "SELECT handover.*, station.name AS station_name, station.name_en AS station_name_en,"
    " giver.name AS by_name, giver.name_en AS by_name_en,"
    " taker.name AS taken_name, taker.name_en AS taken_name_en"
    " FROM handover JOIN person AS giver ON giver.id = handover.by_person"
    " LEFT JOIN person AS taker ON taker.id = handover.taken_by"
    " LEFT JOIN station ON station.code = handover.station"
)


@dataclass(frozen=True)
class Evidence:
    """What there is to show: photos that are here, files named and not here yet, readings."""

    photos: int
    missing: int
    readings: int
    outside: int  # readings outside the limits of their step


def names(db: Db, instance: int) -> dict[str, Row]:
    """Everybody a report names, by id: who was on the roster, and who changed or answered."""
    found = db.rows(
        "SELECT id, no, name, name_en, employer, guest FROM person WHERE id IN"
        " (SELECT person FROM roster WHERE instance = :i"
        "  UNION SELECT for_person FROM roster WHERE instance = :i"
        "  UNION SELECT added_by FROM roster WHERE instance = :i"
        "  UNION SELECT ended_by FROM roster WHERE instance = :i"
        "  UNION SELECT by_person FROM absence WHERE instance = :i"
        "  UNION SELECT accepted_by FROM finding WHERE instance = :i) ORDER BY id",
        i=instance,
    )
    return {row["id"]: row for row in found}


def proxy_whys(db: Db, instance: int) -> dict[str, str]:
    """Why a leader entered a record for somebody, by its id; '' where its body was erased."""
    found = db.rows(
        "SELECT id, body FROM record WHERE instance = :i AND proxy = 1 ORDER BY seq", i=instance
    )
    return {row["id"]: _why(row["body"]) for row in found}


def signed(db: Db, instance: int, at_ms: int) -> list[Row]:
    """The signatures on a shift until an instant, in order; `lines` are their reasons."""
    found = db.rows(
        "SELECT signoff.*, person.name AS signer_name, person.name_en AS signer_name_en"
        " FROM signoff JOIN person ON person.id = signoff.person"
        " WHERE signoff.instance = :i AND signoff.at_ms <= :at ORDER BY signoff.no",
        i=instance,
        at=at_ms,
    )
    return [{**row, "lines": json.loads(row["gaps"])} for row in found]


def handovers(db: Db, instance: int, at_ms: int) -> list[Row]:
    """What a shift left to the next one, and what it took over, until an instant."""
    found = db.rows(
        f"{_HANDOVER} WHERE (handover.instance = :i OR handover.taken_by_instance = :i)"
        " AND handover.at_ms <= :at AND (handover.ended_ms IS NULL OR handover.ended_ms > :at)"
        " ORDER BY handover.at_ms, handover.id",
        i=instance,
        at=at_ms,
    )
    not_yet = {"taken_ms": None, "taken_by": None, "taken_by_instance": None, "taken_note": ""}
    return [row if (row["taken_ms"] or 0) <= at_ms else {**row, **not_yet} for row in found]


def evidence(db: Db, instance: int, at_ms: int) -> Evidence:
    """The photos and readings of a shift's records until an instant."""
    files = db.row(
        "SELECT COUNT(*) AS named, COUNT(blob.sha) AS here,"
        " COALESCE(SUM(CASE WHEN blob.kind <> 'application/json' THEN 1 ELSE 0 END), 0) AS photos"
        " FROM record JOIN record_blob ON record_blob.record = record.id"
        " LEFT JOIN blob ON blob.sha = record_blob.sha AND blob.recv_ms <= :at"
        " WHERE record.instance = :i AND record.recv_ms <= :at AND record.erased_ms IS NULL",
        i=instance,
        at=at_ms,
    )
    assert files is not None  # an aggregate
    taken = _readings(db, instance, at_ms)
    return Evidence(
        photos=files["photos"],
        missing=files["named"] - files["here"],
        readings=len(taken),
        outside=sum(taken),
    )


def _readings(db: Db, instance: int, at_ms: int) -> list[bool]:
    """Of each reading whether it lies outside its limits; none of erased bodies."""
    runs = db.rows(
        "SELECT record.body, record.job, record.version_no, checklist.doc FROM record"
        " JOIN checklist ON checklist.job = record.job AND checklist.no = record.version_no"
        " WHERE record.instance = :i AND record.kind = 'run' AND record.recv_ms <= :at"
        " AND record.body IS NOT NULL ORDER BY record.seq",
        i=instance,
        at=at_ms,
    )
    docs = {(run["job"], run["version_no"]): run["doc"] for run in runs}
    steps = {key: {s["n"]: s for s in json.loads(doc)["steps"]} for key, doc in docs.items()}
    return [
        verdicts.outside(answer["value"], step)
        for run in runs
        for answer in json.loads(bytes(run["body"]))["steps"]
        for step in [steps[run["job"], run["version_no"]].get(answer["n"])]
        if step is not None and "value" in answer
    ]


def _why(body: Any) -> str:  # the bytes as sealed; NULL: erased
    evidence = {} if body is None else json.loads(bytes(body))["who"]["ev"]
    return str(evidence.get("why", ""))
