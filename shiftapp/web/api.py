"""The machine side: of the worker's phone (enrol, pack, session, sync), and of other systems.

Refusals of a sync come in the order of design.md §4: device 401, origin 403, size 413, shape 400;
past that line every record is answered for its id.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, request

import qr.code
from shiftapp.ledger import device as device_keys
from shiftapp.ledger import encoding
from shiftapp.model import (
    blobs,
    devices,
    pack,
    records,
    sessions,
    throttle,
    tokens,
)
from shiftapp.model.judging import Arrival
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import api_blobs, api_pack, api_selfcheck, api_sync, api_work, auth, pin_proofs
from shiftapp.web.badges import by_badge
from shiftapp.web.context import fresh_ms, new_uuid, now_ms, settings, store
from shiftapp.web.numbers import whole
from shiftapp.web.pin import by_pin
from shiftapp.web.sealing import receipt, secrets

bp = Blueprint("api", __name__, url_prefix="/api/v1")

MAX_ASKED_BYTES = 16_384
CODE_TRIES_KEY = "code"


@bp.post("/sync")
def sync() -> Response:
    """Take sealed records; one answer a record, in the same order (formats.md §5)."""
    device = auth.device()
    api_sync.must_be_outbox()
    sent = api_sync.read_records()
    arrival = Arrival(fresh_ms(), device["id"], sent.client_ms, waiting=sent.waiting)  # all read
    arrival = arrival._replace(proven=pin_proofs.proven(sent.records, device["id"]))
    stored = records.accept(store(), sent.records, arrival, secrets(), settings().grace_s)
    results = [_result(one) for one in stored if one is not None]
    return _json({"server_ms": arrival.recv_ms, "results": results})


@bp.put("/blobs/<sha>")
def put_blob(sha: str) -> Response:
    """Take a photo or a signature by its hash; 200 once it is durable, and again."""
    device = auth.device()
    api_sync.must_be_outbox()
    api_blobs.take(sha, device["id"])
    return _json({"sha": sha})


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
    """Everything this phone needs for the next shift; what it says it has already is left out."""
    device = auth.device()
    left = api_sync.count(whole(request.args.get("left", "")))
    if devices.wants_seen(device, now_ms(), left):
        store().write(lambda db: devices.seen(db, device["id"], now_ms(), left))
    return _json(api_pack.content(device, request.args.get("have")))


@bp.post("/session")
def start_session() -> Response:
    """Employee number and PIN, or a badge, on an enrolled device."""
    device = auth.device()
    person, how = _person_asking(_json_body(), device)
    lasts_ms = sessions.SHARED_IDLE_MS if device["kind"] == "shared" else sessions.PERSONAL_MS
    response = Response(content_type="application/json")
    sid = auth.start_session(response, person["id"], device["id"], how, lasts_ms)
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


@bp.post("/selfcheck")
def take_selfcheck() -> Response:
    """What a browser has, sent by whoever holds it; an enrolled one's is kept as its own."""
    api_sync.must_be_outbox()
    api_selfcheck.take(auth.known_device())
    return Response(status=204)


@bp.post("/special-work")
def put_special_work() -> Response:
    """Take permits of special work from another system of the plant, by its key."""
    return _json(api_work.take())


@bp.get("/openapi.json")
def show_openapi() -> Response:
    """What this API takes and gives, as a static document; a test keeps it true."""
    file = Path(str(current_app.static_folder)) / "api" / "openapi.json"
    response = Response(file.read_bytes(), content_type="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
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
    except ValueError as error:  # mistyped, as the check symbol tells: no guess
        raise Problem(403, "code_unknown", "登记码不对。对一下纸上的字，或者找班长。") from error
    except Problem as problem:
        # Only guesses count: a plant shares one address, and an old card is nobody's attack.
        if problem.code == "code_unknown":
            store().write(lambda db: throttle.failed(db, key, now_ms()))
        raise
    store().write(lambda db: throttle.passed(db, key))
    auth.set_cookie(response, "dev", secret, auth.DEVICE_COOKIE_S)
    return device, "card" if kind == "card" else "code"


def _person_asking(asked: dict[str, Any], device: Row) -> tuple[Row, sessions.How]:
    """Whose number and PIN, or whose badge was sent.

    :raises Problem: 400 `shape`; what `by_badge` and `by_pin` raise.
    """
    if isinstance(asked.get("badge"), str):
        return by_badge(asked["badge"], device), "badge"
    no, pin = asked.get("no"), asked.get("pin")
    if not isinstance(no, str) or not isinstance(pin, str):
        raise Problem(400, "shape", "缺工号或 PIN。")
    return by_pin(no, pin, device), "pin"


def _json_body() -> dict[str, Any]:
    asked = api_sync.parse(api_sync.read_bytes(MAX_ASKED_BYTES, "发来的东西太大。"))
    if not encoding.is_plain(asked):  # U+0000 and half a surrogate pair stand in no database
        raise api_sync.shape("不是 JSON。")
    return asked


def _pubkey(text: str | None) -> bytes | None:
    """The device's public key: an uncompressed point on P-256.

    :raises Problem: 400 `shape`.
    """
    if text is None:
        return None
    try:
        point = encoding.b64u_decode(text, device_keys.PUBLIC_BYTES)
    except ValueError as error:
        raise api_sync.shape("公钥的格式不对。") from error
    if not device_keys.is_public_key(point):
        raise api_sync.shape("公钥的格式不对。")
    return point


def _result(stored: records.Stored) -> dict[str, Any]:
    asks = stored.status != "quarantined" and "blob_missing" in stored.flags
    missing = blobs.missing(store(), stored.id) if asks else []
    return {
        "id": stored.id,
        "status": stored.status,
        "receipt": receipt(stored),
        "flags": stored.flags,
        **({"missing": missing} if missing else {}),
    }


def _json(content: dict[str, Any]) -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(text, content_type="application/json")
