"""What the phones of the demo seal: the same bodies as the player's, byte for byte.

A phone keeps its own sequence (`seq`, `prev`), holds its owner's session, and answers the current
versions of the texts. Nothing of the store is written here.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shiftapp import __version__
from shiftapp.demo.seed import Seed
from shiftapp.ledger import encoding
from shiftapp.model.judging import Sealed

Body = dict[str, Any]  # JSON of formats.md "Bytes" §2
Doc = dict[str, Any]  # JSON of a version
Version = Mapping[str, Any]  # {no, sha, doc} as versions.py gives it


@dataclass
class Phone:
    """An enrolled phone with the session of its owner, or of whom it was lent to."""

    device: str
    person: str
    sid: bytes
    seed: Seed
    token: tuple[str, int] | None = None  # the server's time token and when it came
    _seq: int = 0
    _prev: str | None = None

    def seal(self, body: Body) -> Sealed:
        """Seal a body as this phone's next record."""
        self._seq += 1
        body = {**body, "seq": self._seq, "prev": self._prev, "dev": self.device}
        text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self._prev = b64u(hashlib.sha256(text.encode()).digest())
        salt = self.seed.bytes(32)
        return Sealed(text, body, salt, None, encoding.commitment(salt, text.encode()))

    def who(self, worker: str | None = None) -> Body:
        """The owner; or a worker without a phone, for whom the owner (who leads) enters."""
        if worker is None:
            return {"person": self.person, "ev": {"k": "session", "sid": b64u(self.sid)}}
        evidence = {
            "k": "leader",
            "person": self.person,
            "sid": b64u(self.sid),
            "why": "no_phone",
        }
        return {"person": worker, "ev": evidence}

    def time(self, started_ms: int, sealed_ms: int) -> Body:
        """The field `time`: with the server's token where the phone has one."""
        token, came_ms = self.token or (None, None)
        return {
            "started_ms": started_ms,
            "sealed_ms": sealed_ms,
            "token": token,
            "token_wall_ms": came_ms,
            "mono_ms": None,
        }


@dataclass(frozen=True)
class Where:
    """The shift, the place and the job that a record claims."""

    shift: Body  # {date, code, crew}
    station: str
    mac: str
    job: str


def frame(phone: Phone, kind: str, where: Where, at_ms: int, took_ms: int, **more: Any) -> Body:
    """The fields of every record; `more` are those of its kind."""
    return {
        "v": 1,
        "id": phone.seed.uuid(),
        "kind": kind,
        "seen": None,
        "app": __version__,
        "who": phone.who(more.pop("worker", None)),
        "shift": where.shift,
        "station": {"code": where.station, "mac": where.mac},
        "job": where.job,
        "time": phone.time(at_ms - took_ms, at_ms),
        "blobs": [],
        **more,
    }


def commit_fields(text: Version, ppe: list[str], bad: str = "", note: str = "") -> Body:
    """A commitment: every answer good but the item named `bad` (`fit`: not today)."""
    version = {"no": text["no"], "sha": b64u(text["sha"])}
    items = text["doc"]["items"]
    if bad == "fit":
        unfit = [_answer(item, ppe, bad) for item in items if item["type"] == "fit"]
        return {"text": version, "result": "cannot", "answers": unfit, "sign": None}
    answers = [_answer(item, ppe, bad) for item in items]
    for answer in answers:
        if answer["i"] == bad and note:
            answer["note"] = note
    sign = {"how": "hold", "blob": None}
    return {"text": version, "result": "committed", "answers": answers, "sign": sign}


def run_fields(
    checklist: Version, seed: Seed, bad: int = 0, value: str = "", note: str = ""
) -> Body:
    """A run: every step good but step `bad` with its reading; a veto step ends it there."""
    steps: list[Body] = []
    clock = 0
    result = "done"
    for step in checklist["doc"]["steps"]:
        shown, clock = clock + 400, clock + step["dwell_ms"] + 900 + seed.below(3500)
        failed = step["n"] == bad
        steps.append(_step(step, seed, shown, clock, failed, value, note))
        if failed and step.get("veto"):
            result = "stopped"
            break
    version = {"no": checklist["no"], "sha": b64u(checklist["sha"])}
    return {"checklist": version, "result": result, "steps": steps}


def took_ms(fields: Body) -> int:
    """How long a run or a commitment took on the phone, ms."""
    return int(fields["steps"][-1]["to_ms"]) + 600 if "steps" in fields else 24_000


def b64u(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(bytes(data)).rstrip(b"=").decode()


def _answer(item: Doc, ppe: list[str], bad: str) -> Body:
    wanted = "ok"
    if item["id"] == bad:
        wanted = "unfit" if item["type"] == "fit" else "bad"
    options = [one["id"] for one in item.get("options", []) if one["r"] == wanted]
    if item["type"] == "ppe" and wanted == "ok":
        options = [one for one in options if one in ppe]
    elif item.get("from") == "card" and wanted == "ok":
        options = ["risk1"]
    else:
        options = options[:1]
    return {"i": item["id"], "r": wanted, "a": options}


def _step(
    step: Doc, seed: Seed, shown_ms: int, answered_ms: int, failed: bool, value: str, note: str
) -> Body:
    taken: Body = {
        "n": step["n"],
        "r": "bad" if failed else "ok",
        "e": step["ev"] if step["ev"] in "RT" else "C",  # what the player of this version does
        "from_ms": shown_ms,
        "to_ms": answered_ms,
    }
    if step["ev"] == "R":
        taken["value"] = value if failed and value else _reading(step, seed)
    if failed and note:
        taken["note"] = note
    return taken


def _reading(step: Doc, seed: Seed) -> str:
    """A reading inside the limits, with as many decimals as they have."""
    low, high = (Decimal(step[end]) if step.get(end) else None for end in ("lo", "hi"))
    if low is None:
        low = (high or Decimal(1)) * Decimal("0.6")
    if high is None:
        high = low * Decimal("1.2")
    digits = max(_decimals(step.get(end)) for end in ("lo", "hi"))
    part = Decimal(25 + seed.below(50)) / 100
    return str((low + (high - low) * part).quantize(Decimal(1).scaleb(-digits)))


def _decimals(limit: str | None) -> int:
    return len(limit.partition(".")[2]) if limit else 0
