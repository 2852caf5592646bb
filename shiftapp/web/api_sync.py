"""Reading a sync request: its size, its shape, its records looked at no further than their form.

What is wrong past that (formats.md §5) is no refusal: the record is stored and flagged.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple, NoReturn

from flask import request

from shiftapp.ledger import encoding
from shiftapp.model.judging import Sealed
from shiftapp.problems import Problem
from shiftapp.web import security

MAX_REQUEST_BYTES = 524_288
MAX_RECORDS = 20
MAX_BODY_BYTES = 16_384
MAX_WAITING = 1_000_000
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def must_be_outbox() -> None:
    """The request comes from the outbox of a page of ours.

    :raises Problem: 403 `foreign_origin`.
    """
    security.must_be_own()
    if request.headers.get("X-Requested-With") != "outbox":
        raise Problem(403, "foreign_origin", "这个请求不是从本站页面发出的，没有处理。")


class Delivery(NamedTuple):
    """A sync request: its records, the device's clock (ms) and how many wait there, these too."""

    records: list[Sealed]
    client_ms: int | None
    waiting: int | None


def read_records() -> Delivery:
    """The records of a sync request, and what it says of its device.

    :raises Problem: 413 `request_too_big` `too_many_records` `body_too_big`; 400 `shape`.
    """
    asked = parse(read_bytes(MAX_REQUEST_BYTES, "一次传得太多，分几次传。"))
    found = asked.get("records")
    if not isinstance(found, list) or not found:
        raise shape("没有记录。")
    if len(found) > MAX_RECORDS:
        raise Problem(413, "too_many_records", "一次最多 20 条，分几次传。")
    for at, one in enumerate(found):
        check_body_size(one, at)
    client_ms = asked.get("client_ms")
    plain = type(client_ms) is int and abs(client_ms) <= encoding.MAX_INTEGER
    return Delivery(
        [sealed(one, at) for at, one in enumerate(found)],
        client_ms if plain else None,
        count(asked.get("waiting")),
    )


def count(said: Any) -> int | None:
    """How many records wait on a device, as it says; None for what is no such number."""
    return said if type(said) is int and 0 <= said <= MAX_WAITING else None


def read_bytes(most: int, sentence: str) -> bytes:
    """The body of the request, at most so many bytes, also where its length is not announced.

    :raises Problem: 413 `request_too_big` with that sentence.
    """
    if (request.content_length or 0) <= most:
        request.max_content_length = None  # our own limit, with our own sentence
        raw = request.stream.read(most + 1)
        if len(raw) <= most:
            return raw
    raise Problem(413, "request_too_big", sentence)


def parse(raw: bytes) -> dict[str, Any]:
    """The JSON object of a request; its values may be anything.

    :raises Problem: 400 `shape`.
    """
    try:
        asked = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise shape("不是 JSON。") from error
    if not isinstance(asked, dict):
        raise shape("不是 JSON 对象。")
    return asked


def shape(sentence: str, at: int | None = None) -> Problem:
    """The refusal of a request that cannot be read."""
    return Problem(400, "shape", sentence, at=at)


def check_body_size(one: Any, at: int) -> None:
    """One record is no longer than a record may be.

    :raises Problem: 413 `body_too_big` with its index.
    """
    text = one.get("body") if isinstance(one, dict) else None
    if not isinstance(text, str) or len(text) * 3 <= MAX_BODY_BYTES:
        return
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BODY_BYTES:
        raise Problem(413, "body_too_big", "这一条太长，存不下。", at=at)


def sealed(one: Any, at: int) -> Sealed:
    """One record as it came.

    :raises Problem: 400 `shape` with its index: a field missing, salt or sig of wrong form, the
        body no JSON object, a key in it twice, no good id, another kind than outside.
    """
    if not isinstance(one, dict) or not {"kind", "body", "salt", "sig"} <= one.keys():
        raise shape("记录缺少字段。", at)
    try:
        salt = encoding.b64u_decode(one["salt"], 32)
        sig = None if one["sig"] is None else encoding.b64u_decode(one["sig"], 64)
        body = encoding.read_object(one["body"])
        raw = one["body"].encode("utf-8")  # half a surrogate pair has no bytes to be hashed
    except ValueError as error:
        raise shape("记录的格式不对。", at) from error
    kind, record_id = body.get("kind"), body.get("id")
    if not isinstance(record_id, str) or not UUID.fullmatch(record_id):
        raise shape("记录的格式不对。", at)
    if not isinstance(kind, str) or kind != one["kind"]:
        raise shape("记录的格式不对。", at)
    return Sealed(one["body"], body, salt, sig, encoding.commitment(salt, raw))


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")
