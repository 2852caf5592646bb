"""Encodings of everything that is sealed, hashed or signed (formats.md "Bytes" §1).

Readers are strict: base64url without padding and with unused bits zero, JSON without duplicate
keys, floats, exponents, U+0000 or lone surrogates. What two programs could read in two ways is
refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any, NoReturn

COMMITMENT_TAG = b"shiftapp/rec/v1\n"
MAX_DIGITS = 18  # an integer that every reader holds exactly enough; times have 13
MAX_DEPTH = 32


def b64u(data: bytes) -> str:
    """base64url without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def b64u_decode(text: str, length: int) -> bytes:
    """The `length` bytes of a canonical base64url text.

    :raises ValueError: padding, another alphabet, unused bits that are not zero, another length.
    """
    if not isinstance(text, str) or not text.isascii():
        raise ValueError("not base64url")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if len(data) != length or b64u(data) != text:
        raise ValueError(f"not the base64url of {length} bytes")
    return data


def b64(data: bytes) -> str:
    """Standard base64 with padding: in signed notes only."""
    return base64.b64encode(data).decode()


def canonical(value: object) -> bytes:
    """The one form of a public entry: keys sorted, no spaces, UTF-8 unescaped.

    Equal to RFC 8785 for what entries hold: strings, integers, null, arrays and objects whose keys
    are ASCII.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def commitment(salt: bytes, body: bytes) -> bytes:
    """`c`: SHA-256 over the tag, the salt of 32 bytes and the exact bytes of a body."""
    if len(salt) != 32:
        raise ValueError("a salt has 32 bytes")
    return hashlib.sha256(COMMITMENT_TAG + salt + body).digest()


def parse_object(text: str) -> dict[str, Any]:
    """The JSON object of a body, read strictly.

    :raises ValueError: not JSON, not an object, a duplicate key, a float or exponent, a constant
        such as NaN, an integer of more than 18 digits, U+0000, a lone surrogate, too deep.
    """
    if not isinstance(text, str):
        raise ValueError("not a text")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_integer,
        )
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(value, dict):
        raise ValueError("not an object")
    _check(value, 0)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"not an integer: {text[:40]}")


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS or text == "-0":
        raise ValueError("an integer of more than 18 digits, or minus zero")
    return int(text)


def _check(value: object, depth: int) -> None:
    """No U+0000 and no lone surrogate in any string, keys included; not too deep."""
    if depth > MAX_DEPTH:
        raise ValueError("too deep")
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise ValueError("a character that cannot be stored")
    elif isinstance(value, dict):
        for key, inside in value.items():
            _check(key, depth)
            _check(inside, depth + 1)
    elif isinstance(value, list):
        for inside in value:
            _check(inside, depth + 1)
