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

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from shiftapp.problems import Problem
from shiftapp.store import Db

MIN_PASSWORD = 10

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_slots = threading.Semaphore(2)
_room = threading.Semaphore(12)  # computing or waiting; the server has 32 threads


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


def set_pin(db: Db, person: str, hashed: str | None) -> None:
    """Store a PIN's hash; None takes the PIN away."""
    db.run("UPDATE person SET pin_hash = :h WHERE id = :id", h=hashed, id=person)


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
