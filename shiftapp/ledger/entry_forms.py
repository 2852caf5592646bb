"""Public entries read by somebody who trusts nobody: bytes in, fields out, or a refusal.

The other side of `entries`. One spelling of each entry is right: what is parsed and written again
must give the same bytes, so that no two readers can understand it in two ways (ledger brief §2.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from shiftapp.ledger import entries
from shiftapp.ledger.encoding import MAX_INTEGER, b64u_decode, canonical, parse_object

Entry = dict[str, Any]  # JSON: strings, integers, null, lists and objects, as the forms below say
Is = Callable[[object], bool]

MAX_GRACE_S = 3600  # grace only absorbs the witnesses' clocks

# Most entries are records: this is their whole form. The last letter of 16 or 32 bytes in base64url
# has unused bits, which are zero.
_ID, _HASH = r"[A-Za-z0-9_-]{21}[AQgw]", r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
RECORD = re.compile(
    rf'\{{"c":"({_HASH})","k":"rec"(,"o":1)?,"s":"({_ID})","u":"({_ID})","v":1,"w":"(commit|run)"\}}'.encode()
)


def read(data: bytes) -> Entry:
    """The fields of an entry.

    :raises ValueError: not canonical, longer than 4,096 bytes, of no known kind or another form.
    """
    if len(data) > entries.MAX_ENTRY_BYTES:
        raise ValueError("too long for an entry")
    found = parse_object(data.decode("utf-8"))
    kind = found.get("k")
    form = _FORMS.get(kind) if isinstance(kind, str) else None
    if form is None or not _fits(found, form):
        raise ValueError("not an entry of a known form")
    if canonical(found) != data:
        raise ValueError("not canonical")
    return found


def read_parts(data: bytes) -> list[Entry]:
    """The list of parts that is published beside an announcement.

    :raises ValueError: another form, not canonical.
    """
    found = parse_object('{"of":' + data.decode("utf-8") + "}")["of"]
    if not _parts(found) or canonical(found) != data:
        raise ValueError("not a list of parts")
    parts: list[Entry] = found
    return parts


def is_count(value: object) -> bool:
    """Whether it is an integer from 0 on; true and false are none."""
    return type(value) is int and 0 <= value <= MAX_INTEGER


def _one_of(*values: object) -> Is:
    return lambda value: any(type(value) is type(one) and value == one for one in values)


def _bytes(length: int) -> Is:
    def fits(value: object) -> bool:
        try:
            return isinstance(value, str) and len(b64u_decode(value, length)) == length
        except ValueError:
            return False

    return fits


def _text(value: object) -> bool:
    return isinstance(value, str)


def _grace(value: object) -> bool:
    return type(value) is int and 0 <= value <= MAX_GRACE_S


def _ids(value: object) -> bool:
    return isinstance(value, list) and all(map(_id, value))


def _part(value: object) -> bool:
    return isinstance(value, dict) and _fits(value, _PART)


def _parts(value: object) -> bool:
    return isinstance(value, list) and all(map(_part, value))


def _of(value: object) -> bool:
    listed = _parts(value) and isinstance(value, list) and len(value) <= entries.MAX_PARTS
    return listed or _hash(value)


def _hash_or_none(value: object) -> bool:
    return value is None or _hash(value)


def _fits(found: Mapping[str, object], form: Mapping[str, Is]) -> bool:
    """Whether it has exactly the keys of a form, those with a question mark or not."""
    must = {key for key in form if not key.endswith("?")}
    may = {key.removesuffix("?") for key in form}
    if not must <= found.keys() <= may:
        return False
    return all((form.get(key) or form[f"{key}?"])(value) for key, value in found.items())


_id, _hash, _v1 = _bytes(16), _bytes(32), _one_of(1)
_PART: dict[str, Is] = {
    "a?": is_count,
    "late": is_count,
    "n": is_count,
    "off": is_count,
    "on": is_count,
    "open": is_count,
    "s": _id,
}
_FORMS: dict[str, dict[str, Is]] = {
    "open": {
        "date": _text,
        "grace": _grace,
        "group": _text,
        "k": _text,
        "n": is_count,
        "roster": _hash,
        "s": _id,
        "shift": _text,
        "site": _text,
        "t0": is_count,
        "t1": is_count,
        "v": _v1,
    },
    "rec": {
        "c": _hash,
        "k": _text,
        "o?": _one_of(1),
        "s": _id,
        "u": _id,
        "v": _v1,
        "w": _one_of(*entries.WHAT),
    },
    "chg": {"add": _ids, "del": _ids, "k": _text, "s": _id, "v": _v1},
    "amend": {
        "k": _text,
        "of": is_count,
        "r": _one_of(*entries.WHY_AMENDED),
        "s": _id,
        "u": _id,
        "v": _v1,
    },
    "key": {"from": is_count, "k": _text, "role": _one_of(*entries.ROLES), "v": _v1, "vk": _text},
    "ann": {
        "a": is_count,
        "b": is_count,
        "doc": _hash,
        "k": _text,
        "of": _of,
        "sup": _hash_or_none,
        "v": _v1,
    },
}
