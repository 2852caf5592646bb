"""PINs and passwords: Argon2id with a pepper, at most two computed at a time, a few waiting.

Parameters are OWASP's minimum for Argon2id (19 MiB, t=2, p=1; pwa brief §9). A PIN is six
digits, so the stored hash alone must not be worth stealing: the pepper lies in a key file.
Hashing is slow on purpose: never inside `store.write`. Who comes when the queue is full is sent
away at once: a flood of wrong passwords must not hold the threads that records come in by.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import threading
from collections.abc import Iterator
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from shiftapp.problems import Problem
from shiftapp.store import Db, Row

MIN_PASSWORD = 10
TAG_ITERATIONS = 10_000

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_slots = threading.Semaphore(2)
_room = threading.Semaphore(12)  # computing or waiting; the server has 32 threads


class Tag(NamedTuple):
    """By what a shared phone without a signal tells 127 of 128 typos from the PIN: `t` is 7 bits.

    All of it may be known to who holds the phone: it leaves them 7,800 PINs of a million to try,
    at a server that takes five (pwa brief §9).
    """

    salt: bytes  # 16
    t: int  # 0 to 127


def tag_of(pin: str, salt: bytes) -> Tag:
    """The tag of a PIN; `salt` has 16 bytes. Some milliseconds."""
    return Tag(salt, hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, TAG_ITERATIONS)[0] & 0x7F)


def hash_secret(text: str, pepper: bytes, salt: bytes | None = None) -> str:
    """The Argon2id hash of a PIN or password, salted by the library, peppered by us.

    `salt` (16 bytes) is for the demo alone, whose tables repeat themselves byte for byte.

    :raises Problem: 503 `busy`.
    """
    with _turn():
        return _hasher.hash(_peppered(text, pepper), salt=salt)


def check_secret(stored: str | None, text: str, pepper: bytes) -> bool:
    """Whether `text` is the secret of `stored`. Takes as long when there is none.

    :raises Problem: 503 `busy`.
    """
    try:
        with _turn():
            return _hasher.verify(stored or _nobody(pepper), _peppered(text, pepper)) and (
                stored is not None
            )
    except VerificationError:
        return False


def check_pin_form(pin: str) -> str:
    """A PIN of six digits that is not one digit six times nor a plain run.

    :raises Problem: 422 `weak_pin`.
    """
    if not (len(pin) == 6 and pin.isascii() and pin.isdigit()):
        raise Problem(422, "weak_pin", "PIN 是 6 位数字。")
    steps = {int(b) - int(a) for a, b in zip(pin, pin[1:], strict=False)}
    if steps in ({0}, {1}, {-1}):
        raise Problem(422, "weak_pin", "这个 PIN 太好猜，换一个。")
    return pin


def check_password_form(password: str) -> str:
    """A password of at least ten characters.

    :raises Problem: 422 `weak_password`.
    """
    if len(password) < MIN_PASSWORD:
        raise Problem(422, "weak_password", "密码至少 %(n)s 个字符。", params={"n": MIN_PASSWORD})
    return password


def set_pin(db: Db, person: str, hashed: str | None, tag: Tag | None = None) -> None:
    """Store a PIN's hash with its tag; None takes the PIN away, and the tag with it."""
    kept = tag if hashed is not None else None
    db.run(
        "UPDATE person SET pin_hash = :h, pin_salt = :salt, pin_tag = :t WHERE id = :id",
        h=hashed,
        salt=kept.salt if kept else None,
        t=kept.t if kept else None,
        id=person,
    )


def set_badge(db: Db, person: str, key: bytes | None) -> None:
    """Store the key of a badge: the one before it is no longer good. None takes it away."""
    db.run("UPDATE person SET badge_key = :key WHERE id = :id", key=key, id=person)


def by_badge(db: Db, key: bytes) -> Row | None:
    """`id` and `no` of the active person whose badge has this key."""
    return db.row("SELECT id, no FROM person WHERE badge_key = :key AND active = 1", key=key)


def set_password(db: Db, person: str, hashed: str | None) -> None:
    """Store a password's hash; None closes the desk account. Ends the person's desk sessions."""
    db.run("UPDATE person SET password_hash = :h WHERE id = :id", h=hashed, id=person)
    db.run("DELETE FROM session WHERE person = :id AND how = 'password'", id=person)


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    if not _room.acquire(blocking=False):
        raise Problem(503, "busy", "现在登录的人多，等几秒再试。", retry_after_s=3)
    try:
        with _slots:
            yield
    finally:
        _room.release()


def _peppered(text: str, pepper: bytes) -> str:
    digest = hmac.new(pepper, text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


_nobody_hash: list[str] = []


def _nobody(pepper: bytes) -> str:
    """A hash that nothing fits, so that an unknown number takes as long as a wrong PIN."""
    if not _nobody_hash:
        _nobody_hash.append(_hasher.hash(_peppered("nobody", pepper)))
    return _nobody_hash[0]
