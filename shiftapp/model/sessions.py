"""A person's sessions, revocable: the cookie holds a secret, the table its SHA-256.

`sid` is the public name of a session; it goes into sealed records, the secret never does.
"""

from __future__ import annotations

from typing import Literal

from shiftapp.model import device_sites
from shiftapp.model.devices import digest
from shiftapp.store import Db, Row

PERSONAL_MS = 30 * 24 * 3_600_000
DESK_MS = 12 * 3_600_000
SHARED_IDLE_MS = 10 * 60_000
SEEN_EVERY_MS = 60_000

How = Literal["card", "code", "pin", "badge", "password", "guest", "demo"]


def start(
    db: Db,
    *,
    sid: bytes,
    secret: str,
    person: str,
    device: str | None,
    how: How,
    lasts_ms: int,
    now_ms: int,
) -> None:
    """Open a session for a person, on a device or (None) at a desk."""
    db.run(
        "INSERT INTO session (sid, secret, person, device, how, made_ms, seen_ms, expires_ms)"
        " VALUES (:sid, :secret, :person, :device, :how, :now, :now, :expires)",
        sid=sid,
        secret=digest(secret),
        person=person,
        device=device,
        how=how,
        now=now_ms,
        expires=now_ms + lasts_ms,
    )
    if device is not None:
        device_sites.signed_in(db, device, person)


def find(db: Db, secret: str | None, now_ms: int) -> Row | None:
    """The live session of a cookie, with its person and device kind; None when there is none."""
    if not secret:
        return None
    return db.row(
        "SELECT session.sid, session.person, session.device, session.how, session.made_ms,"
        " session.seen_ms, session.expires_ms, device.kind AS device_kind"
        " FROM session JOIN person ON person.id = session.person"
        " LEFT JOIN device ON device.id = session.device"
        " WHERE session.secret = :secret AND session.revoked_ms IS NULL"
        " AND session.expires_ms > :now AND person.active = 1 AND device.revoked_ms IS NULL",
        secret=digest(secret),
        now=now_ms,
    )


def wants_sliding(found: Row, now_ms: int) -> bool:
    """Whether the session's end should be moved along now (at most once a minute).

    A guest's ends when it ends: nobody has shown who that is.
    """
    return bool(now_ms - found["seen_ms"] >= SEEN_EVERY_MS and found["how"] != "guest")


def slide(db: Db, found: Row, now_ms: int) -> None:
    """Move the end of a session along: it lasts as long from now as it did when made."""
    lasts_ms = found["expires_ms"] - found["seen_ms"]
    db.run(
        "UPDATE session SET seen_ms = :now, expires_ms = :expires WHERE sid = :sid",
        now=now_ms,
        expires=now_ms + lasts_ms,
        sid=found["sid"],
    )


def end(db: Db, sid: bytes, now_ms: int) -> None:
    """Close one session."""
    db.run(
        "UPDATE session SET revoked_ms = :now WHERE sid = :sid AND revoked_ms IS NULL",
        now=now_ms,
        sid=sid,
    )


def end_others(db: Db, device: str, person: str, now_ms: int) -> None:
    """Close what others left open on a device: from now on it is this person's."""
    db.run(
        "UPDATE session SET revoked_ms = :now WHERE device = :device AND person <> :person"
        " AND revoked_ms IS NULL",
        now=now_ms,
        device=device,
        person=person,
    )


def end_by_badge(db: Db, person: str, now_ms: int) -> None:
    """Close what somebody's badge opened: it may be in other hands."""
    db.run(
        "UPDATE session SET revoked_ms = :now WHERE person = :person AND how = 'badge'"
        " AND revoked_ms IS NULL",
        now=now_ms,
        person=person,
    )


def end_all(db: Db, person: str, now_ms: int) -> int:
    """Close every session of a person (lost phone, PIN reset, new password); gives how many."""
    return db.run(
        "UPDATE session SET revoked_ms = :now WHERE person = :person AND revoked_ms IS NULL",
        now=now_ms,
        person=person,
    )
