"""A plant for the benchmark, and records its phones have sealed and signed, ready to be sent."""

from __future__ import annotations

import hashlib
import json
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import qr.code
import shiftapp
from shiftapp import library
from shiftapp.ledger.encoding import b64u, commitment
from shiftapp.ledger.keys import Keys, write_keyset
from shiftapp.model import (
    crews,
    devices,
    people,
    places,
    roster,
    sessions,
    settings,
    shifts,
    slots,
    versions,
)
from shiftapp.store import Db, Row, open_store

CREWS, PEOPLE = 8, 40  # people a crew, each with a phone of their own
STATION, JOB, DAY = "7K2M41QF", "J02", "2026-11-24"
MADE_MS, NOW_MS = 1795384800000, 1795477080000  # 07:38 in the plant

Json = dict[str, Any]


@dataclass
class Phone:
    """An enrolled phone with its owner, key and session."""

    person: str
    crew: str
    device: str
    secret: str
    sid: bytes
    key: ec.EllipticCurvePrivateKey
    seq: int = 0
    prev: str | None = None


class Plant:
    """The install in a folder and its phones; everything follows from one seed."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.keys = write_keyset(folder / "keys", "bench.example/log", self.bytes)
        store = open_store(str(folder / "shiftapp.db"))
        store.migrate()
        with store.tx() as db:
            self.phones = list(self._fill(db))
            text, checklist = versions.current_commitment(db), versions.current_checklist(db, JOB)
        assert text is not None and checklist is not None
        self.text, self.checklist = text, checklist
        store.close()

    def bytes(self, length: int) -> bytes:
        return self.random.randbytes(length)

    def uuid(self) -> str:
        return str(uuid.UUID(bytes=self.bytes(16), version=4))

    def _fill(self, db: Db) -> Iterator[Phone]:
        # The plant's clock is the demo's: it starts at 07:38 with every run.
        offset_ms = NOW_MS - shiftapp.wall_ms()
        settings.put(
            db, url="http://127.0.0.1", origin="bench.example/log", clock_offset_ms=offset_ms
        )
        places.save_site(db, places.Site("S", "一厂", "Plant 1"))
        places.save_area(db, places.Area("A", "S", "一区", "Area 1"))
        job = library.job(JOB)
        places.save_job(
            db, places.Job(JOB, job["name"], job["name_en"], tuple(job["ppe"]), job["card"])
        )
        versions.publish_checklist(
            db, JOB, library.with_examples(job["checklist"]), MADE_MS, "bench"
        )
        versions.publish_commitment(db, library.commitment(), MADE_MS, "bench")
        places.save_station(db, places.Station(STATION, "P-201", "A", "泵区", jobs=(JOB,)))
        shift = crews.Shift("D", "白班", "Day shift", "08:00", 720)
        crews.save_pattern(
            db, crews.Pattern("P", "白班", "Days", cycle="D", anchor=DAY, shifts=(shift,))
        )
        for number in range(CREWS):
            code = f"C{number}"
            crews.save_reporting_group(db, crews.Group(f"G{number}", "S", f"{number} 组"))
            crews.save_crew(db, crews.Crew(code, "S", f"G{number}", f"{number} 班", "P", area="A"))
            yield from (self._enrol(db, code, f"{number}{one:03}") for one in range(PEOPLE))
        facts = settings.get(db)
        shifts.make_ahead(db, facts, NOW_MS - 12 * 3_600_000, self.bytes)
        roster.fill_ahead(db, NOW_MS - 12 * 3_600_000, self.bytes)
        slots.open_due(db, NOW_MS, facts.grace_s)

    def _enrol(self, db: Db, crew: str, no: str) -> Phone:
        key = ec.derive_private_key(self.random.getrandbits(250) + 1, ec.SECP256R1())
        phone = Phone(self.uuid(), crew, self.uuid(), self.bytes(16).hex(), self.bytes(16), key)
        posts = (people.Post(STATION, JOB),)
        people.save_person(
            db, people.Person(phone.person, no, f"人{no}", crew=crew, posts=posts), MADE_MS
        )
        code = qr.code.make_code(self.bytes(7))
        devices.make_code(db, code, "card", phone.person, "bench", MADE_MS)
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        devices.enrol(
            db,
            code,
            device=phone.device,
            secret=phone.secret,
            pubkey=point,
            held=None,
            now_ms=MADE_MS,
        )
        sessions.start(
            db,
            sid=phone.sid,
            secret=self.bytes(16).hex(),
            person=phone.person,
            device=phone.device,
            how="card",
            lasts_ms=sessions.PERSONAL_MS,
            now_ms=MADE_MS,
        )
        return phone

    def seal(self, phone: Phone) -> Json:
        """A commitment or a run of a phone's owner, as it stands in a sync request."""
        phone.seq += 1
        fields = _commit(self.text) if phone.seq % 2 else _run(self.checklist)
        body = {**self._frame(phone), **fields}
        text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        phone.prev = b64u(hashlib.sha256(text.encode()).digest())
        salt = self.bytes(32)
        r, s = decode_dss_signature(
            phone.key.sign(commitment(salt, text.encode()), ec.ECDSA(hashes.SHA256()))
        )
        sig = b64u(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return {"kind": body["kind"], "body": text, "salt": b64u(salt), "sig": sig}

    def _frame(self, phone: Phone) -> Json:
        return {
            "v": 1,
            "id": self.uuid(),
            "dev": phone.device,
            "seq": phone.seq,
            "prev": phone.prev,
            "seen": None,
            "app": shiftapp.__version__,
            "who": {"person": phone.person, "ev": {"k": "session", "sid": b64u(phone.sid)}},
            "shift": {"date": DAY, "code": "D", "crew": phone.crew},
            "station": {"code": STATION, "mac": qr.code.mac(self.keys.station_secret, STATION)},
            "job": JOB,
            "time": {
                "started_ms": NOW_MS - 60_000,
                "sealed_ms": NOW_MS,
                "token": None,
                "token_wall_ms": None,
                "mono_ms": None,
            },
            "blobs": [],
        }


def _commit(text: Row) -> Json:
    answers = [
        {
            "i": item["id"],
            "r": "ok",
            "a": [one["id"] for one in item.get("options", []) if one["r"] == "ok"],
        }
        for item in text["doc"]["items"]
    ]
    return {
        "kind": "commit",
        "text": {"no": text["no"], "sha": b64u(bytes(text["sha"]))},
        "result": "committed",
        "answers": answers,
        "sign": {"how": "hold", "blob": None},
    }


def _run(checklist: Row) -> Json:
    steps = []
    for at, step in enumerate(checklist["doc"]["steps"]):
        taken = {
            "n": step["n"],
            "r": "ok",
            "e": "C",
            "from_ms": at * 5000,
            "to_ms": at * 5000 + 4200,
        }
        if step["ev"] == "R":
            taken |= {"e": "R", "value": step.get("lo") or step.get("hi") or "1"}
        steps.append(taken)
    return {
        "kind": "run",
        "checklist": {"no": checklist["no"], "sha": b64u(bytes(checklist["sha"]))},
        "result": "done",
        "steps": steps,
    }


def requests(
    plant: Plant, count: int, records: int, path: str, port: int, tell: Callable[[], None]
) -> list[bytes]:
    """Whole HTTP requests with so many records each, phones taking turns."""
    return [
        _request(plant, plant.phones[at % len(plant.phones)], records, path, port, tell)
        for at in range(count)
    ]


def _request(
    plant: Plant, phone: Phone, records: int, path: str, port: int, tell: Callable[[], None]
) -> bytes:
    sent = {"records": [plant.seal(phone) for _ in range(records)], "client_ms": NOW_MS}
    body = json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()
    tell()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"X-Requested-With: outbox\r\nSec-Fetch-Site: same-origin\r\nAccept-Encoding: gzip\r\n"
        f"Cookie: dev={phone.secret}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


__all__ = ["Keys", "Phone", "Plant", "requests"]
