"""Badges: a printed secret that says who somebody is, and what it proves in a record.

The badge itself carries the secret, the server keeps only the key made from it, a record only a
code that holds for its own id (formats.md "Bytes" §3). Pure.
"""

from __future__ import annotations

import hashlib
import hmac

from shiftapp.ledger.encoding import b64u

TAG = b"shiftapp/badge/v1\n"
CODE_LENGTH = 22


def key_of(secret: str) -> bytes:
    """The key of a badge, 32 bytes; `secret` is what it says: 16 symbols, upper case."""
    return hashlib.sha256(TAG + secret.encode()).digest()


def known_by(key: bytes) -> bytes:
    """What a phone keeps of a key: enough to know the badge again, too little to prove anything."""
    return hashlib.sha256(key).digest()


def code_of(key: bytes, record_id: str) -> str:
    """What a badge proves in the record of this id: 22 characters."""
    return b64u(hmac.new(key, record_id.encode(), hashlib.sha256).digest())[:CODE_LENGTH]


def proves(key: bytes | None, record_id: str, code: str) -> bool:
    """Whether a code was made with this key for this record; the time taken says nothing."""
    if key is None:
        return False
    return hmac.compare_digest(code_of(key, record_id).encode(), code.encode("utf-8", "replace"))
