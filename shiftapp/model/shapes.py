"""The shape of a sealed body, formats.md "Bytes" §2–§4: which fields, types and sizes.

Pure. The strict parser (ledger/encoding.py) has already refused duplicate keys, floats, U+0000
and whatever is no JSON object. Here a body is only looked at, never changed; what a version asks
(every step answered, values in limits) is `verdicts`, who and where exist is `records`. Unknown
fields are left alone, so that a later program may add optional ones. `seq` and `prev` that do not
continue the device's chain are a mark (`chain_gap`), not a fault of shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shiftapp.model.fields import (
    Check,
    array,
    calendar_date,
    fields,
    integer,
    one_of,
    or_null,
    pattern,
    text,
)

# A body of the right shape: JSON values, so that the rules across fields read as they are written.
Body = Mapping[str, Any]


def check_shape(body: Body) -> list[str]:
    """The paths of all faults of shape, as `steps[2].value`; empty = good. Never raises.

    Rules across fields are looked at once every field has its own type.
    """
    kind = body.get("kind")
    own = KINDS.get(kind) if isinstance(kind, str) else None
    if own is None:
        return ["kind", *fields(COMMON)(body, "")]
    faults = list(fields({**COMMON, **own})(body, ""))
    return faults or list(dict.fromkeys(_across(body)))


def _evidence(value: object, path: str) -> Iterator[str]:
    """`who.ev`: its further fields go by its `k`."""
    k = value.get("k") if isinstance(value, Mapping) else None
    further = EVIDENCE.get(k) if isinstance(k, str) else None
    if further is None:
        yield f"{path}.k"
    else:
        yield from fields(further)(value, path)


# The tables ---------------------------------------------------------------------------------------

UUID = pattern("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Canonical base64url: the bits of the last character that carry nothing are zero.
B64U_16 = pattern("[A-Za-z0-9_-]{21}[AQgw]")
B64U_32 = pattern("[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
B64U = pattern(
    "(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{4}|[A-Za-z0-9_-][AQgw]"
    "|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])"
)
CROCKFORD = "[0-9ABCDEFGHJKMNPQRSTVWXYZ]"
READING = r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?"

STATION = fields({"code": pattern(CROCKFORD + "{8}"), "mac": or_null(pattern(CROCKFORD + "{16}"))})
VERSION = fields({"no": integer(1), "sha": B64U_32})

EVIDENCE: dict[str, dict[str, Check]] = {
    "session": {"sid": B64U_16},
    "pin": {"kid": text(), "enc": B64U},
    "badge": {"code": text()},
    "leader": {"person": UUID, "sid": B64U_16, "why": one_of("no_phone", "paper", "other")},
    "none": {},
}
WHO = fields({"person": or_null(UUID), "ev": _evidence}, {"no": text(32)})

TIME = fields(
    {
        "started_ms": integer(),
        "sealed_ms": integer(),
        "token": or_null(text(200)),
        "token_wall_ms": or_null(integer()),
        "mono_ms": or_null(integer(0)),
    }
)
SHIFT = fields({"date": calendar_date, "code": text(8), "crew": text(16)})


def _version_1(value: object, path: str) -> Iterable[str]:
    return () if type(value) is int and value == 1 else (path,)


COMMON: dict[str, Check] = {
    "v": _version_1,
    "id": UUID,
    "dev": or_null(UUID),
    "seq": or_null(integer(1)),
    "prev": or_null(B64U_32),
    "seen": or_null(fields({"size": integer(0), "root": B64U_32})),
    "app": text(32),
    "who": WHO,
    "shift": or_null(SHIFT),
    "station": or_null(STATION),
    "job": or_null(text(16)),
    "time": TIME,
    "blobs": array(B64U_32, 20),
}
ANSWER = fields(
    {"i": text(), "r": one_of("ok", "bad", "unfit"), "a": array(text())},
    {"note": text(500)},
)
STEP = fields(
    {
        "n": integer(1),
        "r": one_of("ok", "bad"),
        "e": one_of("R", "S", "P", "C", "D", "T"),
        "from_ms": integer(0),
        "to_ms": integer(0),
    },
    {
        "value": pattern(READING),
        "note": text(500),
        "second": WHO,
        "scan": STATION,
        "blob": B64U_32,
    },
)
SIGN = fields({"how": one_of("hold", "taps", "form"), "blob": or_null(B64U_32)})
KINDS: dict[str, dict[str, Check]] = {
    "commit": {
        "text": VERSION,
        "result": one_of("committed", "cannot"),
        "answers": array(ANSWER, 30),
        "sign": or_null(SIGN),
    },
    "run": {
        "checklist": VERSION,
        "result": one_of("done", "stopped"),
        "steps": array(STEP, 60),
    },
    "hazard": {
        "what": text(500, least=1),
        "of": or_null(fields({"id": UUID, "n": integer(1)})),
    },
}


# Rules across fields: every field has its type here -----------------------------------------------


def _across(body: Body) -> Iterator[str]:
    yield from _device(body)
    yield from _who(body["who"], "who", anonymous=body["kind"] == "hazard")
    yield from _token(body["time"])
    if body["kind"] != "hazard":
        yield from (name for name in ("shift", "station", "job") if body[name] is None)
    if body["kind"] == "commit":
        yield from _commit(body)
    if body["kind"] == "run":
        yield from _run(body)
    if not set(_named_blobs(body)) <= set(body["blobs"]):
        yield "blobs"


def _device(body: Body) -> Iterator[str]:
    """Sealed by the server: no place in a device's chain. By a device: always one."""
    if (body["dev"] is None) != (body["seq"] is None):
        yield "seq"
    if body["dev"] is None and body["prev"] is not None:
        yield "prev"


def _who(who: Body, path: str, *, anonymous: bool) -> Iterator[str]:
    """Either the person's id or the number as typed; neither is an anonymous hazard."""
    if who["person"] is not None and "no" in who:
        yield f"{path}.no"
    if who["person"] is None and "no" not in who and not anonymous:
        yield f"{path}.person"


def _token(time: Body) -> Iterator[str]:
    """Without a token there is nothing to measure from; with one, its arrival is known."""
    if (time["token"] is None) != (time["token_wall_ms"] is None):
        yield "time.token_wall_ms"
    if time["token"] is None and time["mono_ms"] is not None:
        yield "time.mono_ms"


def _commit(body: Body) -> Iterator[str]:
    answers = body["answers"]
    unfit = any(answer["r"] == "unfit" for answer in answers)
    if unfit != (body["result"] == "cannot"):
        yield "result"
    if (body["sign"] is None) != (body["result"] == "cannot"):
        yield "sign"
    asked: set[str] = set()
    for number, answer in enumerate(answers):
        if answer["r"] == "unfit" and "note" in answer:  # not fit: nobody asks why
            yield f"answers[{number}].note"
        if answer["i"] in asked:
            yield f"answers[{number}].i"
        asked.add(answer["i"])


def _run(body: Body) -> Iterator[str]:
    """One entry a step, by `n`; stopped means that the last of them is bad."""
    steps = body["steps"]
    for number, step in enumerate(steps):
        if number and step["n"] <= steps[number - 1]["n"]:
            yield f"steps[{number}].n"
        if "second" in step:
            yield from _who(step["second"], f"steps[{number}].second", anonymous=False)
    if body["result"] == "stopped" and (not steps or steps[-1]["r"] != "bad"):
        yield "result"


def _named_blobs(body: Body) -> Iterator[str]:
    if body["kind"] == "commit" and body["sign"] is not None and body["sign"]["blob"] is not None:
        yield body["sign"]["blob"]
    if body["kind"] == "run":
        yield from (step["blob"] for step in body["steps"] if "blob" in step)
