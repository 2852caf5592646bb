"""What a record says, held against the version it names: result as taken, flags, what it opens.

Reads the versions and decides; writes nothing. A failed step opens a hazard, a negative answer what
its item says. Of a version that is not ours nothing can be judged, but its `bad` still comes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from shiftapp.ledger import encoding
from shiftapp.model import findings, verdicts, versions
from shiftapp.store import Db

# A body of good shape (shapes.py), and what a version's document says of one step.
Json = dict[str, Any]

KINDS: dict[verdicts.Neg, findings.Kind] = {
    "todo": "brief",
    "hazard": "hazard",
    "replace": "replace",
}


class Opened(NamedTuple):
    """A finding that a record opens; `part` is a step number, an item id or 'self'."""

    kind: findings.Kind
    part: str
    what: str
    note: str
    veto: bool


@dataclass(frozen=True)
class Content:
    """`result` as taken; `version_no` None: a version that is not ours, or a hazard."""

    result: str
    flags: frozenset[str] = frozenset()
    version_no: int | None = None
    opened: tuple[Opened, ...] = ()


def judge_content(db: Db, body: Json) -> Content:
    """What a body of good shape says."""
    if body["kind"] == "commit":
        return _commit(db, body)
    if body["kind"] == "run":
        return _run(db, body)
    return Content("none", opened=(Opened("hazard", "self", body["what"], "", False),))


def _commit(db: Db, body: Json) -> Content:
    version = versions.commitment(db, body["text"]["no"], _hash(body["text"]["sha"]))
    doc = version["doc"] if version else None
    taken = verdicts.judge_commit(body, doc)
    questions = {item["id"]: item.get("q", item["id"]) for item in doc["items"]} if doc else {}
    opened = tuple(
        Opened(KINDS[one.neg], one.item, questions.get(one.item, one.item), one.note, False)
        for one in taken.negatives
    )
    return _content(taken.result, taken.flags, version, opened)


def _run(db: Db, body: Json) -> Content:
    named = body["checklist"]
    version = versions.checklist(db, body["job"], named["no"], _hash(named["sha"]))
    doc = version["doc"] if version else None
    taken = verdicts.judge_run(body, doc)
    steps = {step["n"]: step for step in doc["steps"]} if doc else {}
    opened = tuple(
        Opened("hazard", str(one.n), _step_text(steps.get(one.n), one), one.note, one.veto)
        for one in taken.failed
    )
    return _content(taken.result, taken.flags, version, opened)


def _content(
    result: str, flags: tuple[str, ...], version: Json | None, opened: tuple[Opened, ...]
) -> Content:
    if version is None:
        return Content(result, frozenset({"unknown_version"}), None, opened)
    return Content(result, frozenset(flags), version["no"], opened)


def _step_text(step: Json | None, failed: verdicts.FailedStep) -> str:
    """What the leader reads: the target, and the reading with its unit where there is one."""
    if step is None:
        return f"#{failed.n}"
    if failed.value is None:
        return str(step["target"])
    unit = (step.get("reading") or {}).get("unit", "")
    return f"{step['target']} {failed.value} {unit}".strip()


def _hash(text: str) -> bytes:
    return encoding.b64u_decode(text, 32)
