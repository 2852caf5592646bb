"""Devices and how they are enrolled. A device is a browser profile, never a person.

The credential is in the cookie; here lies only its SHA-256. Enrolment codes are single use and
stored hashed: a card is good for 7 days, a leader's code for 5 minutes.
"""

from __future__ import annotations

import hashlib
from typing import Literal

from shiftapp.model import device_sites
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

CARD_MS = 7 * 24 * 3_600_000
LEADER_MS = 5 * 60_000
CREDENTIAL_MS = 180 * 24 * 3_600_000
SEEN_EVERY_MS = 60_000

CodeKind = Literal["card", "leader", "shared"]
LIFETIMES_MS: dict[CodeKind, int] = {"card": CARD_MS, "leader": LEADER_MS, "shared": LEADER_MS}


def digest(secret: str) -> bytes:
    """What is stored of a credential or a code."""
    return hashlib.sha256(secret.encode()).digest()


def make_code(db: Db, code: str, kind: CodeKind, person: str | None, by: str, now_ms: int) -> int:
    """Store a new enrolment code (8 symbols, no hyphen); gives when it expires, ms."""
    expires_ms = now_ms + LIFETIMES_MS[kind]
    db.run(
        "INSERT INTO enrol_code (hash, kind, person, made_by, made_ms, expires_ms)"
        " VALUES (:hash, :kind, :person, :by, :now, :expires)",
        hash=digest(code),
        kind=kind,
        person=person,
        by=by,
        now=now_ms,
        expires=expires_ms,
    )
    return expires_ms


def code(db: Db, code: str, now_ms: int) -> Row:
    """The enrolment code that may be used now.

    :raises Problem: 403 `code_unknown`, `code_used`, `code_expired`.
    """
    found = db.row("SELECT * FROM enrol_code WHERE hash = :hash", hash=digest(code))
    if found is None:
        raise Problem(403, "code_unknown", "没有这个登记码。对一下纸上的字，或者找班长。")
    if found["used_ms"] is not None:
        raise Problem(403, "code_used", "这个登记码用过了。请班长再给一个。")
    if found["expires_ms"] <= now_ms:
        raise Problem(403, "code_expired", "这个登记码过期了。请班长再给一个。")
    return found


def enrol(
    db: Db,
    typed: str,
    *,
    device: str,
    secret: str,
    pubkey: bytes | None,
    held: str | None,
    now_ms: int,
) -> Row:
    """Use up a code and give the device it makes.

    `held` is the device id this browser already has: of the same owner and not revoked, that
    row is renewed with the new credential, so that its records keep one sequence.

    :raises Problem: as `code`; 403 `person_gone` when the owner has left.
    """
    used = code(db, typed, now_ms)
    kind = "shared" if used["kind"] == "shared" else "personal"
    _must_be_active(db, used["person"])
    kept = held if held is not None and _same_owner(db, held, kind, used["person"]) else None
    if kept is None:
        _insert(db, device, kind, used["person"], secret, pubkey, now_ms)
    else:
        _renew(db, kept, secret, pubkey, now_ms)
    device_sites.enrolled(db, kept or device, used["made_by"])
    done = db.run(
        "UPDATE enrol_code SET used_ms = :now, used_device = :device"
        " WHERE hash = :hash AND used_ms IS NULL",
        now=now_ms,
        device=kept or device,
        hash=used["hash"],
    )
    if done != 1:  # somebody was faster, on another node
        raise Problem(403, "code_used", "这个登记码用过了。请班长再给一个。")
    return device_row(db, kept or device)


def device_row(db: Db, device: str) -> Row:
    """A device by its id.

    :raises Problem: 404 `no_device`.
    """
    found = db.row("SELECT * FROM device WHERE id = :id", id=device)
    if found is None:
        raise Problem(404, "no_device", "没有这台设备。")
    return found


def by_secret(db: Db, secret: str | None, now_ms: int) -> Row:
    """The device whose credential this is.

    :raises Problem: 401 `device_unknown`, `device_revoked`, `device_expired`.
    """
    found = (
        db.row("SELECT * FROM device WHERE secret = :secret", secret=digest(secret))
        if secret
        else None
    )
    if found is None:
        raise Problem(401, "device_unknown", "这台手机还没登记。记录留在手机上，找班长要登记码。")
    if found["revoked_ms"] is not None:
        raise Problem(401, "device_revoked", "这台手机已停用。记录留在手机上，找班长重新登记。")
    if found["expires_ms"] <= now_ms:
        raise Problem(401, "device_expired", "登记过期了。记录留在手机上，找班长重新登记。")
    return found


def wants_seen(device: Row, now_ms: int, unsent: int | None = None) -> bool:
    """Whether it is worth a write that this device is here: once a minute, or for what it says."""
    news = unsent is not None and unsent != device["unsent"]
    return news or bool(now_ms - device["seen_ms"] >= SEEN_EVERY_MS)


def seen(
    db: Db, device: str, now_ms: int, unsent: int | None = None, *, sent: bool = False
) -> None:
    """Note that a device was here, `sent`: with a delivery; its credential lasts as long from now.

    `unsent`: how many records it says it still holds; None where it does not say.
    """
    db.run(
        "UPDATE device SET seen_ms = :now, expires_ms = :expires,"
        " synced_ms = COALESCE(:synced, synced_ms), unsent = COALESCE(:unsent, unsent)"
        " WHERE id = :id",
        now=now_ms,
        expires=now_ms + CREDENTIAL_MS,
        synced=now_ms if sent else None,
        unsent=unsent,
        id=device,
    )


def revoke(db: Db, device: str, by: str, now_ms: int) -> bool:
    """Stop a device and end the sessions on it; gives whether it was not stopped already.

    What it sealed stays on it until enrolled again.
    """
    stopped = db.run(
        "UPDATE device SET revoked_ms = :now, revoked_by = :by"
        " WHERE id = :id AND revoked_ms IS NULL",
        now=now_ms,
        by=by,
        id=device,
    )
    db.run(
        "UPDATE session SET revoked_ms = :now WHERE device = :id AND revoked_ms IS NULL",
        now=now_ms,
        id=device,
    )
    return bool(stopped)


def owned(db: Db, person: str) -> list[Row]:
    """The personal devices of a person, newest first."""
    return db.rows(
        "SELECT * FROM device WHERE person = :person ORDER BY enrolled_ms DESC, id", person=person
    )


def of_crew(db: Db, crew: str) -> list[Row]:
    """Personal devices of a crew's people and all shared ones, with owner, last seen first."""
    return db.rows(
        "SELECT device.*, person.name AS owner, person.name_en AS owner_en, person.no AS owner_no"
        " FROM device LEFT JOIN person ON person.id = device.person"
        " WHERE person.crew = :crew OR device.kind = 'shared'"
        " ORDER BY device.seen_ms DESC, device.id",
        crew=crew,
    )


def listing(db: Db, no: str = "") -> list[Row]:
    """All devices with their owner, or those of one employee number; last seen first."""
    return db.rows(
        "SELECT device.*, person.name AS owner, person.name_en AS owner_en, person.no AS owner_no,"
        " person.crew"
        " FROM device LEFT JOIN person ON person.id = device.person"
        " WHERE :no = '' OR person.no = :no ORDER BY device.seen_ms DESC, device.id",
        no=no,
    )


def _insert(
    db: Db,
    device: str,
    kind: str,
    person: str | None,
    secret: str,
    pubkey: bytes | None,
    now_ms: int,
) -> None:
    db.run(
        "INSERT INTO device (id, kind, person, secret, pubkey, enrolled_ms, seen_ms, expires_ms)"
        " VALUES (:id, :kind, :person, :secret, :pubkey, :now, :now, :expires)",
        id=device,
        kind=kind,
        person=person,
        secret=digest(secret),
        pubkey=pubkey,
        now=now_ms,
        expires=now_ms + CREDENTIAL_MS,
    )


def _renew(db: Db, device: str, secret: str, pubkey: bytes | None, now_ms: int) -> None:
    db.run(
        "UPDATE device SET secret = :secret, pubkey = :pubkey, seen_ms = :now,"
        " expires_ms = :expires WHERE id = :id",
        secret=digest(secret),
        pubkey=pubkey,
        now=now_ms,
        expires=now_ms + CREDENTIAL_MS,
        id=device,
    )


def _same_owner(db: Db, device: str, kind: str, person: str | None) -> bool:
    found = db.row("SELECT kind, person, revoked_ms FROM device WHERE id = :id", id=device)
    return found == {"kind": kind, "person": person, "revoked_ms": None}


def _must_be_active(db: Db, person: str | None) -> None:
    if person is None:
        return
    if db.value("SELECT active FROM person WHERE id = :id", id=person) != 1:
        raise Problem(403, "person_gone", "这个人已不在册。找安全员。")
