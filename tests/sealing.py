"""Records as a phone of the cast seals them, and their delivery to the model."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

import qr.code
from shiftapp.ledger import encoding, sealed_pin
from shiftapp.model import people, records, versions
from shiftapp.model.judging import Arrival, Sealed, Secrets
from tests.plant import NOW_MS, PUMPS, TODAY, Plant

Body = dict[str, Any]


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def base_body(plant: Plant, part: str, kind: str, at_ms: int, **changes: Any) -> Body:
    """The fields of every record, by somebody of 甲班 at the place where they work."""
    device, _ = plant.device(part)
    _, sid = plant.session(part, device)
    posts = people.posts(plant.store, plant.id(part))
    station = posts[0].station if posts else PUMPS
    return {
        "v": 1,
        "id": str(uuid.UUID(bytes=plant.random(16), version=4)),
        "kind": kind,
        "dev": device,
        "seq": 1,
        "prev": None,
        "seen": None,
        "app": "test",
        "who": {"person": plant.id(part), "ev": {"k": "session", "sid": b64u(sid)}},
        "shift": {"date": TODAY, "code": "D", "crew": "JIA"},
        "station": {"code": station, "mac": qr.code.mac(plant.keys.station_secret, station)},
        "job": posts[0].job if posts else "J02",
        "time": {
            "started_ms": at_ms - 60_000,
            "sealed_ms": at_ms,
            "token": None,
            "token_wall_ms": None,
            "mono_ms": None,
        },
        "blobs": [],
        **changes,
    }


def commit_body(
    plant: Plant, part: str, at_ms: int = NOW_MS, *, bad: str = "", note: str = "", **changes: Any
) -> Body:
    """A commitment: all answers good, but the item named `bad` (`fit`: not fit today)."""
    text = versions.current_commitment(plant.store)
    assert text is not None
    answers: list[Body] = []
    for item in text["doc"]["items"]:
        wrong = item["id"] == bad
        r = ("unfit" if item["type"] == "fit" else "bad") if wrong else "ok"
        options = [one["id"] for one in item.get("options", []) if one["r"] == r]
        answer = {"i": item["id"], "r": r, "a": options[:1]}
        answers.append({**answer, "note": note} if wrong and note else answer)
    body = base_body(plant, part, "commit", at_ms)
    body |= {
        "text": {"no": text["no"], "sha": b64u(text["sha"])},
        "result": "cannot" if bad == "fit" else "committed",
        "answers": answers if bad != "fit" else answers[:1],
        "sign": None if bad == "fit" else {"how": "hold", "blob": None},
    }
    return {**body, **changes}


def run_body(
    plant: Plant, part: str, at_ms: int = NOW_MS, *, bad: int = 0, note: str = "", **changes: Any
) -> Body:
    """A run through the current checklist; step `bad` fails; a veto step stops it."""
    body = base_body(plant, part, "run", at_ms)
    version = versions.current_checklist(plant.store, body["job"])
    assert version is not None
    steps: list[Body] = []
    for number, step in enumerate(version["doc"]["steps"]):
        taken = {
            "n": step["n"],
            "r": "bad" if step["n"] == bad else "ok",
            "e": step["ev"] if step["ev"] in "RT" else "C",
            "from_ms": number * 6000,
            "to_ms": number * 6000 + 5000,
        }
        if step["ev"] == "R":
            taken["value"] = step.get("lo") or step.get("hi") or "1"
        if step["n"] == bad and note:
            taken["note"] = note
        steps.append(taken)
        if step["n"] == bad and step.get("veto"):
            break
    stopped = bool(bad) and len(steps) < len(version["doc"]["steps"])
    stopped = stopped or (bool(bad) and bool(version["doc"]["steps"][bad - 1].get("veto")))
    body |= {
        "checklist": {"no": version["no"], "sha": b64u(version["sha"])},
        "result": "stopped" if stopped else "done",
        "steps": steps,
    }
    return {**body, **changes}


def hazard_body(plant: Plant, part: str, what: str, at_ms: int = NOW_MS, **changes: Any) -> Body:
    """Somebody's own report."""
    return {**base_body(plant, part, "hazard", at_ms), "what": what, "of": None, **changes}


def chained(*bodies: Body, seq: int = 1, prev: str | None = None) -> list[Body]:
    """Bodies as one device seals them one after the other, from number `seq` on."""
    found = []
    for number, body in enumerate(bodies, seq):
        found.append({**body, "seq": number, "prev": prev})
        prev = sha_of(found[-1])
    return found


def sha_of(body: Body) -> str:
    """The hash by which the next body names this one."""
    return b64u(hashlib.sha256(text_of(body).encode()).digest())


def with_pin(plant: Plant, part: str, body: Body, pin: str) -> Body:
    """The `who` of somebody with a PIN sealed for this body, as a shared phone seals it."""
    key = plant.keys.pin_key.public_key()
    ephemeral = ec.derive_private_key(int.from_bytes(plant.random(31), "big"), ec.SECP256R1())
    public = sealed_pin.point(key)
    enc = sealed_pin.seal_pin(public, pin, body["id"], ephemeral=ephemeral, iv=plant.random(12))
    evidence = {"k": "pin", "kid": sealed_pin.kid(public), "enc": enc}
    return {"person": plant.id(part), "ev": evidence}


def text_of(body: Body) -> str:
    """The text of a body as our writers make it."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sealed(body: Body, salt: bytes = b"\x01" * 32) -> Sealed:
    """A body as the web room hands it down."""
    text = text_of(body)
    return Sealed(text, body, salt, None, encoding.commitment(salt, text.encode()))


def wire(body: Body, salt: bytes = b"\x01" * 32) -> dict[str, Any]:
    """A record as it stands in a sync request."""
    return {"kind": body["kind"], "body": text_of(body), "salt": b64u(salt), "sig": None}


def secrets_of(plant: Plant) -> Secrets:
    """What judging needs of the plant's keys."""
    return Secrets(
        mac=lambda code: qr.code.mac(plant.keys.station_secret, code),
        token=plant.keys.session_secret,
    )


def deliver(plant: Plant, *bodies: Body, at_ms: int = NOW_MS) -> list[records.Stored | None]:
    """Deliver bodies in one request of the first one's device."""
    arrival = Arrival(at_ms, bodies[0]["dev"], None)
    found = [sealed(body) for body in bodies]
    return records.accept(plant.store, found, arrival, secrets_of(plant), 120)


def make_ready(plant: Plant, part: str, at_ms: int = NOW_MS) -> None:
    """Commitment and run of somebody, delivered."""
    bodies = chained(commit_body(plant, part, at_ms), run_body(plant, part, at_ms))
    deliver(plant, *bodies, at_ms=at_ms)
