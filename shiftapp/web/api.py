"""The machine side of the worker's phone: enrol, pack, session, sync.

Refusals of a sync come in the order of design.md §4: device 401, origin 403, size 413, shape 400;
past that line every record is answered for its id.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from flask import Blueprint, Response, request

import qr.code
from shiftapp import __version__
from shiftapp.ledger import encoding
from shiftapp.model import devices, pack, records, sessions, throttle, tokens
from shiftapp.model.judging import Arrival, Sealed
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth, security
from shiftapp.web.context import new_uuid, now_ms, settings, store
from shiftapp.web.pin import by_pin
from shiftapp.web.sealing import receipt, secrets

bp = Blueprint("api", __name__, url_prefix="/api/v1")

MAX_REQUEST_BYTES = 524_288
MAX_RECORDS = 20
MAX_BODY_BYTES = 16_384
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
CODE_TRIES_KEY = "code"


@bp.post("/sync")
def sync() -> Response:
    """Take sealed records; one answer a record, in the same order (formats.md §5)."""
    device = auth.device()
    _from_our_outbox()
    received, client_ms = _read_request()
    arrival = Arrival(now_ms(), device["id"], client_ms)
    stored = records.accept(store(), received, arrival, secrets(), settings().grace_s)
    store().write(lambda db: devices.seen(db, device, now_ms(), synced=True))
    results = [_result(one) for one in stored if one is not None]
    return _json({"server_ms": now_ms(), "results": results})


@bp.post("/enrol")
def enrol() -> Response:
    """Use a single-use code: this browser becomes a device, its owner is signed in."""
    asked = _json_body()
    typed, pubkey = asked.get("code"), asked.get("pubkey")
    if not isinstance(typed, str) or not (pubkey is None or isinstance(pubkey, str)):
        raise Problem(400, "shape", "缺登记码。")
    response = Response(content_type="application/json")
    device, how = enrol_device(response, typed, _pubkey(pubkey))
    person = None
    if device["person"] is not None:
        sid = auth.start_session(
            response, device["person"], device["id"], how, sessions.PERSONAL_MS
        )
        person = pack.person(store(), device["person"], sid)
    response.set_data(
        json.dumps(
            {
                "device": {"id": device["id"], "kind": device["kind"]},
                "person": person,
                "time_token": tokens.make(secrets().token, device["id"], now_ms()),
                "server_ms": now_ms(),
            },
            ensure_ascii=False,
        )
    )
    return response


@bp.get("/pack")
def show_pack() -> Response:
    """Everything this phone needs for the next shift."""
    device = auth.device()
    store().write(lambda db: devices.seen(db, device, now_ms(), synced=False))
    account = auth.signed_in()
    sid = account.sid if account and account.device == device["id"] else None
    person = account.id if account and sid else None
    content = pack.pack(store(), settings(), person, now_ms(), secrets().mac)
    return _json(
        {
            "v": 1,
            "server_ms": now_ms(),
            "time_token": tokens.make(secrets().token, device["id"], now_ms()),
            "app": __version__,
            "device": {"id": device["id"], "kind": device["kind"]},
            "person": pack.person(store(), person, sid) if person and sid else None,
            **content,
        }
    )


@bp.post("/session")
def start_session() -> Response:
    """Employee number and PIN on an enrolled device."""
    device, asked = auth.device(), _json_body()
    no, pin = asked.get("no"), asked.get("pin")
    if not isinstance(no, str) or not isinstance(pin, str):
        raise Problem(400, "shape", "缺工号或 PIN。")
    person = by_pin(no, pin, device)
    lasts_ms = sessions.SHARED_IDLE_MS if device["kind"] == "shared" else sessions.PERSONAL_MS
    response = Response(content_type="application/json")
    sid = auth.start_session(response, person["id"], device["id"], "pin", lasts_ms)
    response.set_data(
        json.dumps({"person": pack.person(store(), person["id"], sid)}, ensure_ascii=False)
    )
    return response


@bp.delete("/session")
def end_session() -> Response:
    """换人 or sign out: the session ends, what waits on the device stays."""
    response = Response(status=204)
    auth.end_session(response)
    return response


def enrol_device(response: Response, typed: str, pubkey: bytes | None) -> tuple[Row, sessions.How]:
    """Use a code and put the device cookie on a response; gives the device and the kind of code.

    :raises Problem: 403 `code_unknown` `code_used` `code_expired`; 429 `throttled`.
    """
    key = f"{CODE_TRIES_KEY}:{request.remote_addr}"
    throttle.check(store(), key, now_ms())
    held, secret = auth.known_device(), auth.new_secret()
    try:
        code = qr.code.parse_code(typed)
        kind = devices.code(store(), code, now_ms())["kind"]
        device = store().write(
            lambda db: devices.enrol(
                db,
                code,
                device=new_uuid(),
                secret=secret,
                pubkey=pubkey,
                held=held["id"] if held else None,
                now_ms=now_ms(),
            )
        )
    except (Problem, ValueError) as error:
        store().write(lambda db: throttle.failed(db, key, now_ms()))
        if isinstance(error, Problem):
            raise
        raise Problem(403, "code_unknown", "登记码不对。对一下纸上的字，或者找班长。") from error
    auth.set_cookie(response, "dev", secret, auth.DEVICE_COOKIE_S)
    return device, "card" if kind == "card" else "code"


def _from_our_outbox() -> None:
    security.must_be_own()
    if request.headers.get("X-Requested-With") != "outbox":
        raise Problem(403, "foreign_origin", "这个请求不是从本站页面发出的，没有处理。")


def _read_request() -> tuple[list[Sealed], int | None]:
    """The records of a sync request.

    :raises Problem: 413 `request_too_big` `too_many_records` `body_too_big`; 400 `shape`.
    """
    if (request.content_length or 0) > MAX_REQUEST_BYTES:
        raise Problem(413, "request_too_big", "一次传得太多，分几次传。")
    raw = request.get_data(cache=False)
    if len(raw) > MAX_REQUEST_BYTES:
        raise Problem(413, "request_too_big", "一次传得太多，分几次传。")
    asked = _parsed(raw)
    found = asked.get("records")
    if not isinstance(found, list) or not found:
        raise _shape("没有记录。")
    if len(found) > MAX_RECORDS:
        raise Problem(413, "too_many_records", "一次最多 20 条，分几次传。")
    for at, one in enumerate(found):
        if isinstance(one, dict) and isinstance(one.get("body"), str):
            _check_body_size(one["body"], at)
    client_ms = asked.get("client_ms")
    return [_sealed(one, at) for at, one in enumerate(found)], (
        client_ms if type(client_ms) is int else None
    )


def _check_body_size(text: str, at: int) -> None:
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BODY_BYTES:
        raise Problem(413, "body_too_big", "这一条太长，存不下。", at=at)


def _sealed(one: Any, at: int) -> Sealed:
    """One record of a request, looked at no further than its form."""
    if not isinstance(one, dict) or not {"kind", "body", "salt", "sig"} <= one.keys():
        raise _shape("记录缺少字段。", at)
    try:
        salt = encoding.b64u_decode(one["salt"], 32)
        sig = None if one["sig"] is None else encoding.b64u_decode(one["sig"], 64)
        body = encoding.parse_object(one["body"])
    except (ValueError, TypeError) as error:
        raise _shape("记录的格式不对。", at) from error
    good_id = isinstance(body.get("id"), str) and UUID.fullmatch(body["id"])
    if not good_id or body.get("kind") != one["kind"] or not isinstance(one["kind"], str):
        raise _shape("记录的格式不对。", at)
    text = one["body"]
    return Sealed(text, body, salt, sig, encoding.commitment(salt, text.encode()))


def _shape(sentence: str, at: int | None = None) -> Problem:
    return Problem(400, "shape", sentence, at=at)


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _shape("不是 JSON。") from error
    if not isinstance(asked, dict):
        raise _shape("不是 JSON 对象。")
    return asked


def _json_body() -> dict[str, Any]:
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise Problem(413, "request_too_big", "发来的东西太大。")
    return _parsed(request.get_data(cache=False))


def _pubkey(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        return encoding.b64u_decode(text, 65)
    except ValueError as error:
        raise _shape("公钥的格式不对。") from error


def _result(stored: records.Stored) -> dict[str, Any]:
    return {
        "id": stored.id,
        "status": stored.status,
        "receipt": receipt(stored),
        "flags": stored.flags,
    }


def _json(content: dict[str, Any]) -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(text, content_type="application/json")


def b64u(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

