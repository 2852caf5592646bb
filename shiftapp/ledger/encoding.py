"""Texts and bytes that are hashed: base64url, canonical JSON, a parser that reads one way only.

A body is hashed as it came; what two parsers could read in two ways (a key twice, a float, U+0000,
half a surrogate pair) is told apart here, once (formats.md "Bytes" §1).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any, NoReturn

RECORD_TAG = b"shiftapp/rec/v1\n"
MAX_INTEGER = 2**53 - 1  # the profile of RFC 8785 that every JSON library keeps exact

_B64U = re.compile(r"[A-Za-z0-9_-]*")
_UNCLEAN = re.compile("[\0\ud800-\udfff]")
_DOUBTFUL = re.compile("\\\\u|[:\\[,]\\s*-?\\d+[.eE]|\\d{16}|[\0\ud800-\udfff]", re.ASCII)

# JSON values of any shape; what they are is for the reader to check.
Json = Any


class NotPlain:
    """Stands in a parsed document where it holds a number that is no plain integer."""

    def __init__(self, text: str) -> None:
        self.text = text


def b64u(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def b64u_decode(text: str, length: int) -> bytes:
    """The bytes of a canonical base64url text.

    :raises ValueError: other alphabet, padding, other length, unused bits that are not zero.
    """
    if not isinstance(text, str) or not _B64U.fullmatch(text):
        raise ValueError("not base64url")
    if len(text) != -(-length * 4 // 3):
        raise ValueError(f"not {length} bytes of base64url")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if b64u(data) != text:
        raise ValueError("base64url is not canonical")
    return data


def canonical(value: Json) -> bytes:
    """Canonical JSON: sorted keys, no spaces, UTF-8 unescaped (RFC 8785 for what we use of it).

    :raises ValueError: when it holds what `is_plain` refuses.
    """
    if not is_plain(value):
        raise ValueError("only integers, strings, booleans, null, arrays and objects")
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def commitment(salt: bytes, body: bytes) -> bytes:
    """`c` of a record: SHA-256 over tag, 32 bytes of salt and the body's bytes."""
    if len(salt) != 32:
        raise ValueError("a salt has 32 bytes")
    return hashlib.sha256(RECORD_TAG + salt + body).digest()


def parse_object(text: str) -> dict[str, Json]:
    """A JSON object that reads one way only: what `read_object` and `is_plain` both accept.

    :raises ValueError: anything else.
    """
    found = read_object(text)
    if not is_plain(found):
        raise ValueError("a float, a large number, U+0000 or a lone surrogate")
    return found


def read_object(text: str) -> dict[str, Json]:
    """A JSON object without duplicate keys; a number that is no plain integer stays a `NotPlain`.

    :raises ValueError: not JSON (NaN is none), no object, a key twice, nested too deep.
    """
    if not isinstance(text, str):
        raise ValueError("not a text")
    try:
        found = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=NotPlain,
            parse_int=_integer,
            parse_constant=_refuse,
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    return found


def is_plain(value: Json) -> bool:
    """Whether a value holds integers within ±(2⁵³−1) and clean strings only, at any depth."""
    waiting = [value]  # no recursion: the depth is the sender's
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(one.keys())
            waiting.extend(one.values())
        elif isinstance(one, list | tuple):
            waiting.extend(one)
        elif not _is_plain_scalar(one):
            return False
    return True


def is_clean(text: str) -> bool:
    """Whether a string has neither U+0000 nor a lone surrogate."""
    return _UNCLEAN.search(text) is None


def is_surely_plain(text: str) -> bool:
    """Whether the text of a JSON document shows at a glance that the document is plain.

    False says nothing: an escape, or what looks like a float or a long number, may be harmless.
    """
    return _DOUBTFUL.search(text) is None


def _is_plain_scalar(one: Json) -> bool:
    if isinstance(one, str):
        return is_clean(one)
    if isinstance(one, int):  # booleans are integers here
        return abs(one) <= MAX_INTEGER
    return one is None


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _integer(text: str) -> int | NotPlain:
    # Sixteen digits hold every plain integer; int() of a long text would take quadratic time.
    return int(text) if len(text) <= 17 else NotPlain(text)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")
