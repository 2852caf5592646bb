"""What a sealed record says, and what of it can be believed: shape, persons, places, times.

Reads the store and decides; writes nothing. A well-formed record is never refused for a business
reason: it gets flags (formats.md §5), and `counts` says whether it may count for somebody.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shiftapp.ledger import device as device_keys
from shiftapp.model import (
    people,
    places,
    sessions,
    shapes,
    shifts,
    states,
    tokens,
    verdicts,
    versions,
)
from shiftapp.store import Db, Row

KINDS = ("commit", "run", "hazard")
COUNTLESS = {"unknown_person", "unknown_shift", "unknown_job", "unknown_station", "unknown_version"}


class Sealed(NamedTuple):
    """A record as it came: `text` is the exact body, `body` what it parses to, `c` its commitment.

    `body['id']` is a good UUID and `body['kind']` equals the outer kind: the web room has looked.
    """

    text: str
    body: dict[str, Any]
    salt: bytes
    sig: bytes | None
    c: bytes

    @property
    def id(self) -> str:
        return str(self.body["id"])

    @property
    def kind(self) -> str:
        return str(self.body["kind"])


class Arrival(NamedTuple):
    """How a request came: when, by which device (None: plain form), with which device clock."""

    recv_ms: int
    device: str | None
    client_ms: int | None


class Secrets(NamedTuple):
    """What judging needs of the keys."""

    mac: Callable[[str], str]  # the MAC of a station code
    token: bytes  # secret of the time tokens


class Opened(NamedTuple):
    """A finding that a record opens: `kind` of findings.py, `part` a step, an item or 'self'."""

    kind: str
    part: str
    what: str
    note: str
    veto: bool


@dataclass
class Verdict:
    """What acceptance will write. `quarantine` names the flag that keeps it from being read."""

    sealed: Sealed
    quarantine: str | None = None
    flags: set[str] = field(default_factory=set)
    person: str | None = None
    instance: Row | None = None
    version_no: int | None = None
    result: str = "none"
    counts: bool = False
    times: tokens.Times = tokens.Times(None, None, False)
    proxy: bool = False
    unverified: bool = False
    findings: list[Opened] = field(default_factory=list)


def judge(db: Db, sealed: Sealed, arrival: Arrival, secrets: Secrets) -> Verdict:
    """The verdict on one record, by what the store knows now."""
    verdict = Verdict(sealed)
    body = sealed.body
    if body.get("v") != 1 or sealed.kind not in KINDS:
        verdict.quarantine = "schema"
        return verdict
    if shapes.check_shape(body):
        verdict.quarantine = "shape"
        return verdict
    _judge_device(db, verdict, arrival)
    _judge_person(db, verdict)
    _judge_place(db, verdict, secrets)
    _judge_content(db, verdict)
    _judge_time(db, verdict, arrival, secrets)
    if body["blobs"]:
        verdict.flags.add("blob_missing")
    verdict.counts = (
        sealed.kind != "hazard"
        and verdict.person is not None
        and not verdict.flags & (COUNTLESS | {"outside_window"})
    )
    return verdict


def _judge_device(db: Db, verdict: Verdict, arrival: Arrival) -> None:
    sealed, claimed = verdict.sealed, verdict.sealed.body["dev"]
    if claimed != arrival.device:
        verdict.flags.add("other_device")
        verdict.unverified = True
    if sealed.sig is not None:
        pubkey = db.value("SELECT pubkey FROM device WHERE id = :id", id=claimed or "")
        if pubkey is None or not device_keys.verify(bytes(pubkey), sealed.c, sealed.sig):
            verdict.flags.add("bad_sig")
            verdict.unverified = True


def _judge_person(db: Db, verdict: Verdict) -> None:
    who = verdict.sealed.body["who"]
    if who.get("person") is not None:
        found = people.person(db, who["person"])
    elif who.get("no") is not None:
        found = people.by_no(db, who["no"])
    else:
        return  # an anonymous hazard
    if found is None:
        verdict.flags.add("unknown_person")
        return
    verdict.person = found["id"]
    verdict.proxy = who["ev"]["k"] == "leader"
    if not _believed(db, verdict, who["ev"]):
        verdict.flags.add("who_unverified")
        verdict.unverified = True


def _believed(db: Db, verdict: Verdict, evidence: dict[str, Any]) -> bool:
    """Whether the evidence of who it was holds (formats.md §3); PIN and badge come later."""
    body = verdict.sealed.body
    if evidence["k"] == "session":
        return sessions.existed(db, _sid(evidence), str(verdict.person), body["dev"])
    if evidence["k"] == "leader" and body["shift"] is not None:
        leads = people.may(db, evidence["person"], "leader", crew=body["shift"]["crew"])
        return leads and sessions.existed(db, _sid(evidence), evidence["person"], None)
    return False


def _sid(evidence: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64decode(evidence["sid"] + "==")


def _judge_place(db: Db, verdict: Verdict, secrets: Secrets) -> None:
    body = verdict.sealed.body
    station, shift, job = body["station"], body["shift"], body["job"]
    if station is not None:
        if places.station(db, station["code"]) is None:
            verdict.flags.add("unknown_station")
        elif station["mac"] is not None and station["mac"] != secrets.mac(station["code"]):
            verdict.flags.add("station_mac")
    if shift is not None:
        verdict.instance = shifts.instance(db, shift["crew"], shift["date"], shift["code"])
        if verdict.instance is None:
            verdict.flags.add("unknown_shift")
    if job is not None and places.job(db, job) is None:
        verdict.flags.add("unknown_job")


def _judge_content(db: Db, verdict: Verdict) -> None:
    body = verdict.sealed.body
    if verdict.sealed.kind == "commit":
        _judge_commit(db, verdict, body)
    elif verdict.sealed.kind == "run":
        _judge_run(db, verdict, body)
    else:
        verdict.findings.append(Opened("hazard", "self", body["what"], "", False))


def _judge_commit(db: Db, verdict: Verdict, body: dict[str, Any]) -> None:
    text = versions.commitment(db, body["text"]["no"], _hash(body["text"]["sha"]))
    if text is None:
        verdict.flags.add("unknown_version")
    else:
        verdict.version_no = text["no"]
    doc = text["doc"] if text else {"items": []}
    taken = verdicts.judge_commit(body, doc)
    verdict.flags |= set(taken.flags) if text else set()
    verdict.result = taken.result
    questions = {item["id"]: item.get("q", item["id"]) for item in doc["items"]}
    kinds = {"todo": "brief", "hazard": "hazard", "replace": "replace"}
    for negative in taken.negatives:
        what = questions.get(negative.item, negative.item)
        kind = kinds[negative.neg]
        verdict.findings.append(Opened(kind, negative.item, what, negative.note or "", False))


def _judge_run(db: Db, verdict: Verdict, body: dict[str, Any]) -> None:
    version = versions.checklist(
        db, body["job"], body["checklist"]["no"], _hash(body["checklist"]["sha"])
    )
    if version is None:
        verdict.flags.add("unknown_version")
    else:
        verdict.version_no = version["no"]
    doc = version["doc"] if version else {"steps": []}
    taken = verdicts.judge_run(body, doc)
    verdict.flags |= set(taken.flags) if version else set()
    verdict.result = taken.result
    steps = {step["n"]: step for step in doc["steps"]}
    for failed in taken.failed:
        what = _step_text(steps.get(failed.n), failed)
        note = failed.note or ""
        verdict.findings.append(Opened("hazard", str(failed.n), what, note, failed.veto))


def _step_text(step: dict[str, Any] | None, failed: verdicts.FailedStep) -> str:
    """What the leader reads: the target, and the reading with its unit where there is one."""
    if step is None:
        return f"第 {failed.n} 步"
    if failed.value is None:
        return str(step["target"])
    unit = (step.get("reading") or {}).get("unit", "")
    return f"{step['target']} {failed.value} {unit}".strip()


def _judge_time(db: Db, verdict: Verdict, arrival: Arrival, secrets: Secrets) -> None:
    body = verdict.sealed.body
    token = body["time"]["token"]
    token_ms = tokens.read(secrets.token, str(body["dev"]), token) if token else None
    verdict.times = tokens.times(body["time"], token_ms, arrival.recv_ms, arrival.client_ms)
    if verdict.instance is None or verdict.sealed.kind == "hazard":
        return
    window, when = window_of(verdict.instance), timed(verdict, arrival)
    if not states.in_window(window, when):
        verdict.flags.add("outside_window")
    if verdict.result == "committed" and states.time_mark(window, when) == "time_unverified":
        verdict.flags.add("time_unverified")


def window_of(instance: Row) -> states.Window:
    """The window of an instance row."""
    return states.Window(
        opens_ms=instance["opens_ms"],
        due_ms=instance["starts_ms"],
        closed_ms=instance["closed_ms"],
    )


def timed(verdict: Verdict, arrival: Arrival) -> states.Timed:
    """When a record was made, as far as can be told."""
    return states.Timed(
        recv_ms=arrival.recv_ms,
        claim_ms=verdict.sealed.body["time"]["sealed_ms"],
        lower_ms=verdict.times.lower_ms,
        estimate_ms=verdict.times.estimate_ms,
        estimate_verified=verdict.times.estimate_ok,
    )


def _hash(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=")
