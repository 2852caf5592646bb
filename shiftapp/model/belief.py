"""What can be believed of a record's origin: device, signature, person, place (formats.md §3, §5).

Reads the store and decides; writes nothing. Nothing is refused here: what does not hold is a flag.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shiftapp.ledger import device as device_keys
from shiftapp.ledger import encoding
from shiftapp.model import people, sessions
from shiftapp.store import Db

# With one of these a record counts, and the person's state carries the mark *unverified*.
UNVERIFIED = frozenset({"other_device", "bad_sig", "who_unverified"})

# A body of good shape (shapes.py).
Json = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """The person a record speaks of; `id` None: nobody we know, or an anonymous hazard."""

    id: str | None = None
    proxy: bool = False
    flags: frozenset[str] = frozenset()


def judge_device(
    db: Db, claimed: str | None, delivering: str | None, c: bytes, sig: bytes | None
) -> set[str]:
    """Flags of the device a body claims and of the signature beside it.

    `delivering` is the device whose credential came with the request; None: the plain form.
    """
    flags = set()
    if claimed != delivering:  # a revoked device delivers nothing, so it is never the same
        flags.add("other_device")
    if sig is not None:
        pubkey = db.value("SELECT pubkey FROM device WHERE id = :id", id=claimed or "")
        if pubkey is None or not device_keys.verify(bytes(pubkey), c, sig):
            flags.add("bad_sig")
    return flags


def judge_person(db: Db, body: Json) -> Known:
    """Whom the record speaks of, and whether the evidence of it holds."""
    who = body["who"]
    if who["person"] is None and "no" not in who:
        return Known()  # an anonymous hazard
    person = _person(db, who)
    if person is None:
        return Known(flags=frozenset({"unknown_person"}))
    flags = set() if _believed(db, body, person) else {"who_unverified"}
    return Known(person, who["ev"]["k"] == "leader", frozenset(flags))


def judge_place(db: Db, body: Json, mac: Callable[[str], str]) -> set[str]:
    """Flags of the station (`mac` gives the MAC of a code) and of the job."""
    station, job, flags = body["station"], body["job"], set()
    if station is not None:
        if not _there(db, "SELECT 1 FROM station WHERE code = :code", station["code"]):
            flags.add("unknown_station")
        if station["mac"] and not hmac.compare_digest(station["mac"], mac(station["code"])):
            flags.add("station_mac")
    if job is not None and not _there(db, "SELECT 1 FROM job WHERE code = :code", job):
        flags.add("unknown_job")
    return flags


def known_crew(db: Db, crew: str | None) -> str | None:
    """A claimed crew's code, if there is such a crew."""
    known = crew is not None and _there(db, "SELECT 1 FROM crew WHERE code = :code", crew)
    return crew if known else None


# What is asked here is only whether a row is there: several times a record, at the busiest minute.


def _there(db: Db, sql: str, code: str) -> bool:
    return db.value(sql, code=code) is not None


def _person(db: Db, who: Json) -> str | None:
    if who["person"] is not None:
        found = db.value("SELECT id FROM person WHERE id = :id", id=who["person"])
    else:
        found = db.value("SELECT id FROM person WHERE no = :no AND active = 1", no=who["no"])
    return None if found is None else str(found)


def _believed(db: Db, body: Json, person: str) -> bool:
    """Whether the evidence of who it was holds; PIN and badge cannot be checked yet."""
    evidence = body["who"]["ev"]
    if evidence["k"] == "session":
        return _session_existed(db, body, person)
    if evidence["k"] == "leader" and body["shift"] is not None:
        leads = people.may(db, evidence["person"], "leader", crew=body["shift"]["crew"])
        return leads and _session_existed(db, body, evidence["person"])
    return False


def _session_existed(db: Db, body: Json, person: str) -> bool:
    sid = encoding.b64u_decode(body["who"]["ev"]["sid"], 16)
    return sessions.existed(db, sid, person, body["dev"])
