"""One stored record as the person who made it reads it: receipt, flags, where and for which shift.

Reads only. What it opened is in findings.py, its state on the board in history.py.
"""

from __future__ import annotations

import json

from shiftapp.model.flags_now import flags_now
from shiftapp.store import Db, Row


def exists(db: Db, record_id: str) -> bool:
    """Whether something was sealed under this id, also what is quarantined."""
    found = db.value(
        "SELECT 1 FROM record WHERE id = :id UNION SELECT 1 FROM quarantine WHERE id = :id",
        id=record_id,
    )
    return found is not None


def record(db: Db, record_id: str) -> Row | None:
    """A record with `shift_name`, `crew_name`, `station_name`, `job_name` (and their `_en`).

    `flags` is a list, as things stand now; `date`, `code`, `crew` are those of its shift instance,
    None without one.
    """
    found = db.row(
        "SELECT record.id, record.kind, record.c, record.recv_ms, record.receipt_leaf,"
        " record.flags, record.person, record.instance, record.station, record.job,"
        " record.version_no, record.result, record.counts, record.entry_seq, record.erased_ms,"
        " instance.date, instance.code, instance.crew, instance.opens_ms,"
        " instance.name AS shift_name, instance.name_en AS shift_name_en,"
        " crew.name AS crew_name, crew.name_en AS crew_name_en,"
        " station.name AS station_name, station.name_en AS station_name_en,"
        " job.name AS job_name, job.name_en AS job_name_en"
        " FROM record LEFT JOIN instance ON instance.id = record.instance"
        " LEFT JOIN crew ON crew.code = instance.crew"
        " LEFT JOIN station ON station.code = record.station"
        " LEFT JOIN job ON job.code = record.job WHERE record.id = :id",
        id=record_id,
    )
    if found is None:
        return None
    return {**found, "flags": flags_now(db, record_id, json.loads(found["flags"]))}
