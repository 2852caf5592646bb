"""Keys of other systems of the plant that bring data: made once, shown once, stopped for good.

Stored is the SHA-256 of a key of 256 random bits: what a reader of the database finds opens
nothing, and neither does how long a wrong key takes to be refused.
"""

from __future__ import annotations

import hashlib
import hmac

from shiftapp.problems import Problem
from shiftapp.store import Db, Row

MAX_NAME = 40
USED_MS = 60_000  # the last use is told to the minute: no more writes than that


def keys(db: Db) -> list[Row]:
    """All keys with who made them, those in use first, newest first; without what they say."""
    return db.rows(
        "SELECT api_key.id, api_key.name, api_key.made_ms, api_key.used_ms, api_key.revoked_ms,"
        " person.name AS maker_name, person.name_en AS maker_name_en FROM api_key"
        " JOIN person ON person.id = api_key.made_by"
        " ORDER BY CASE WHEN api_key.revoked_ms IS NULL THEN 0 ELSE 1 END, api_key.id DESC"
    )


def add(db: Db, name: str, secret: str, *, by: str, now_ms: int) -> int:
    """Keep a new key; gives its number.

    :raises Problem: 422 `bad_name`.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME:
        most = {"most": MAX_NAME}
        raise Problem(422, "bad_name", "写明是哪个系统，最多 %(most)s 个字。", params=most)
    db.run(
        "INSERT INTO api_key (name, secret, made_ms, made_by) VALUES (:name, :secret, :now, :by)",
        name=name,
        secret=_digest(secret),
        now=now_ms,
        by=by,
    )
    return int(db.value("SELECT id FROM api_key WHERE secret = :secret", secret=_digest(secret)))


def find(db: Db, secret: str) -> Row:
    """The key that says this.

    :raises Problem: 401 `key_unknown`, `key_revoked`.
    """
    digest = _digest(secret)
    found = db.row("SELECT * FROM api_key WHERE secret = :secret", secret=digest)
    if found is None or not hmac.compare_digest(bytes(found["secret"]), digest):
        raise Problem(401, "key_unknown", "接口密钥不对。在管理页里重新发一个。")
    if found["revoked_ms"] is not None:
        raise Problem(401, "key_revoked", "这个接口密钥已经停用。在管理页里重新发一个。")
    return found


def use(db: Db, secret: str, now_ms: int) -> Row:
    """The key that says this, asked in the write itself: one stopped meanwhile writes nothing.

    :raises Problem: as `find`.
    """
    found = find(db, secret)
    if found["used_ms"] is None or now_ms - found["used_ms"] >= USED_MS:
        db.run("UPDATE api_key SET used_ms = :now WHERE id = :id", now=now_ms, id=found["id"])
    return found


def revoke(db: Db, id: int, now_ms: int) -> bool:
    """Stop a key; False when it is stopped already.

    :raises Problem: 404 `no_key`.
    """
    if db.value("SELECT 1 FROM api_key WHERE id = :id", id=id) is None:
        raise Problem(404, "no_key", "没有这个接口密钥。")
    return bool(
        db.run(
            "UPDATE api_key SET revoked_ms = :now WHERE id = :id AND revoked_ms IS NULL",
            now=now_ms,
            id=id,
        )
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
