"""What a phone carries: stations, jobs, current versions, texts, my shifts and my records.

The shape is the one the player reads (static/js); names come in both languages.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from shiftapp.ledger import checkpoint, encoding, log, note, receipts, sealed_pin
from shiftapp.model import device_sites, findings, pack_shifts, people, places, records, versions
from shiftapp.model.settings import Settings
from shiftapp.store import Db, Row

HISTORY = 20


def plant(db: Db, settings: Settings, mac: Callable[[str], str], pin_key: bytes) -> dict[str, Any]:
    """What every phone carries alike: it changes with a text or a station, not daily.

    `pin_key`: the point (65 bytes) to which a PIN typed without a signal is sealed.
    """
    return {
        "enterprise": {
            "name": settings.name,
            "name_en": settings.name_en,
            "demo": settings.demo,
        },
        "commitment": _version(versions.current_commitment(db)),
        "jobs": {row["code"]: job_of(db, row) for row in places.jobs(db) if row["active"]},
        "stations": _stations(db, mac),
        "pin": {"kid": sealed_pin.kid(pin_key), "key": encoding.b64u(pin_key)},
    }


def fingerprint(content: dict[str, Any]) -> str:
    """Sixteen hex digits that change when the content does."""
    return versions.sha(content).hex()[:16]


def newest_checkpoint(db: Db) -> dict[str, Any] | None:
    """The newest tree of the log that a quorum has seen: what is sealed names it as `seen`.

    Nobody could know it before it was made, so a record that names it was made later.
    """
    found = log.newest(db)
    if found is None:
        return None
    told = checkpoint.parse(note.split(found["note"])[0])
    return {"size": told.size, "root": encoding.b64u(told.root)}


def mine(db: Db, who: str | None, now_ms: int, site: Row | None) -> dict[str, Any]:
    """What is the person's who is signed in on a device (None: nobody), at a site."""
    return {
        "site": pack_shifts.pick(site, "name name_en phone zone") if site else None,
        "shifts": _shifts_at(db, who, now_ms, site) if who else [],
        "history": history_of(db, who) if who else [],
    }


def person(db: Db, who: str, sid: bytes) -> dict[str, Any]:
    """The person signed in, as a phone names them in what it seals."""
    row = people.person(db, who)
    assert row is not None  # a session has a person
    crew = db.row("SELECT code, name, name_en FROM crew WHERE code = :c", c=row["crew"] or "")
    return {
        **pack_shifts.pick(row, "id no name name_en lang"),
        "sid": encoding.b64u(sid),
        "crew": crew,
    }


def job_of(db: Db, row: Row) -> dict[str, Any]:
    """A job as a phone carries it: names, `ppe`, `card` and the current `checklist` or None."""
    return {
        **pack_shifts.pick(row, "code name name_en"),
        "ppe": json.loads(row["ppe"]),
        "card": json.loads(row["card"]),
        "checklist": _version(versions.current_checklist(db, row["code"])),
    }


def _version(row: Row | None) -> dict[str, Any] | None:
    return (
        None
        if row is None
        else {"no": row["no"], "sha": encoding.b64u(row["sha"]), "doc": row["doc"]}
    )


def _stations(db: Db, mac: Callable[[str], str]) -> dict[str, Any]:
    jobs = places.station_jobs(db)
    wanted = "code label name name_en place place_en risk"
    return {
        row["code"]: {
            **pack_shifts.pick(row, wanted),
            "mac": mac(row["code"]),
            "area": row["area_name"],
            "area_en": row["area_name_en"],
            "phone_free": bool(row["phone_free"]),
            "jobs": list(jobs.get(row["code"], ())),
        }
        for row in places.stations(db)
        if row["active"]
    }


def shifts_of(db: Db, who: str, now_ms: int) -> list[dict[str, Any]]:
    """Mine: what runs and what opens while a phone may be without a signal; then others' running.

    A person with nothing ahead for so long has their crew's next one.
    """
    return _shifts_at(db, who, now_ms, device_sites.site_of(db, who))


def _shifts_at(db: Db, who: str, now_ms: int, site: Row | None) -> list[dict[str, Any]]:
    person_row = people.person(db, who)
    if person_row is None or site is None:
        return []
    return pack_shifts.Shifts(db, now_ms).of(who, person_row["crew"], site["code"])


def history_of(db: Db, who: str) -> list[dict[str, Any]]:
    """My own records, newest first, with receipt code and what was answered."""
    return [_past(db, row) for row in records.of_person(db, who, HISTORY)]


def _past(db: Db, row: Row) -> dict[str, Any]:
    receipt_of = row["receipt_leaf"] or row["c"]
    wanted = "what state answer due_ms"
    asked = findings.of_record(db, row["id"])
    return {
        **pack_shifts.pick(row, "id kind recv_ms result station job date"),
        "shift": row["code"],
        "code": receipts.receipt_code(bytes(receipt_of)),
        "findings": [
            {**pack_shifts.pick(f, wanted), "assignee": f["assignee_name"]} for f in asked
        ],
    }
