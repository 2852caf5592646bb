"""The crew's signature on its shift: what stands in its way, who signed, whether it still holds.

A veto without an answer cannot be signed over, nor can a to-do of the leader: "not today" is one
of those, and if it alone blocked, the board would tell whose it is. Every other gap needs a written
reason. A signature is never changed; what comes up after it reopens it, and says why.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shiftapp.model import counters, findings, handover, history, states
from shiftapp.model.history import PersonState
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

GapKind = Literal["veto", "todo", "handover", "finding", "running", "expected"]
BLOCKING: frozenset[str] = frozenset({"veto", "todo", "handover"})
MAX_REASON = 200


@dataclass(frozen=True)
class Gap:
    """Something open in a shift: `key` names it in a form, `about` is its finding or its row."""

    key: str
    kind: GapKind
    person: str | None  # None: reported by nobody known
    about: Row  # has person_name and person_name_en; of a finding also its text and times

    @property
    def blocks(self) -> bool:
        """Whether no reason can be written instead."""
        return self.kind in BLOCKING


@dataclass(frozen=True)
class Change:
    """Why a signature no longer holds."""

    what: Literal["found", "left", "added", "ended", "undone"]
    about: Row
    at_ms: int


@dataclass(frozen=True)
class Signature:
    """The newest signature on a shift and what came after it."""

    row: Row  # of the table, with signer_name and signer_name_en
    reasons: tuple[Row, ...]  # [{"key", "what", "person", "name", "reason"}]
    changes: tuple[Change, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing came up since."""
        return not self.changes


def is_open(finding: Row, now_ms: int) -> bool:
    """Whether a finding waits for its first answer at an instant."""
    answered = finding["answered_ms"]
    return bool(finding["found_ms"] <= now_ms and (answered is None or answered > now_ms))


def gaps(
    people: Iterable[PersonState], asked: Iterable[Row], left: Iterable[Row], now_ms: int
) -> list[Gap]:
    """What is open: vetoes first, then to-dos, handover, other findings, people who are not ready.

    `asked` are all findings of the instance: a failed veto stays open when its reporter has left
    the roster. `left` is what the last shift left and nobody has asked about (handover.py).
    """
    found = [
        Gap(f"f{f['id']}", _kind(f), f["reporter"], _named(f)) for f in asked if is_open(f, now_ms)
    ]
    found += [Gap(f"h{row['id']}", "handover", None, _left(row)) for row in left]
    for person in people:
        if _is_open(person) and not person.erased:
            kind: GapKind = "running" if person.name == "running" else "expected"
            found.append(Gap(f"p{person.person}", kind, person.person, person.rows[-1]))
    order: tuple[GapKind, ...] = ("veto", "todo", "handover", "finding", "expected", "running")
    return sorted(found, key=lambda gap: order.index(gap.kind))


def signature(
    db: Db,
    instance: Row,
    people: Sequence[PersonState],
    asked: Sequence[Row],
    now_ms: int,
    left: Sequence[Row] | None = None,
) -> Signature | None:
    """The newest signature on a shift at an instant; None: nobody has signed.

    `left`: what the last shift left and nobody has asked about, where that is known already.
    """
    row = db.row(
        "SELECT signoff.*, person.name AS signer_name, person.name_en AS signer_name_en"
        " FROM signoff JOIN person ON person.id = signoff.person"
        " WHERE signoff.instance = :i AND signoff.at_ms <= :now"
        " ORDER BY signoff.at_ms DESC, signoff.id DESC LIMIT 1",
        i=instance["id"],
        now=now_ms,
    )
    if row is None:
        return None
    reasons = tuple(json.loads(row["gaps"]))
    if left is None:
        left = handover.waiting(db, instance, now_ms)  # all there was had been asked about
    return Signature(row, reasons, tuple(_changes(row, reasons, people, asked, left, now_ms)))


def sign(
    db: Db,
    instance: Row,
    reasons: Mapping[str, str],
    *,
    by: str,
    now_ms: int,
    over: int | None = None,
) -> None:
    """Sign a shift; `reasons` are the written ones by the key of their gap.

    `over` is the number of the signature that was shown beside the form, 0 of none: what is sent
    again after a change signs nothing. None: not asked.

    :raises Problem: 409 `not_open_yet`, `nobody_expected`, `blocked`, `already_signed`, `changed`;
        422 `no_reason`.
    """
    if now_ms < instance["opens_ms"]:
        raise Problem(409, "not_open_yet", "本班还没开始，到时间再签。")
    people = history.people_states(db, instance, now_ms)
    asked = findings.of_instance(db, instance["id"])
    counts = states.tally(person.state for person in people)
    expected = sum(counts.values()) - counts["excused"]
    if not expected:
        raise Problem(409, "nobody_expected", "名单里没有人，先把名单排好。")
    open_gaps = gaps(people, asked, handover.waiting(db, instance, now_ms), now_ms)
    blocking = [gap for gap in open_gaps if gap.blocks]
    if blocking:
        raise Problem(409, "blocked", "还不能签：先答复 %(n)s 项。", params={"n": len(blocking)})
    last = signature(db, instance, people, asked, now_ms)
    if last is not None and last.holds:
        raise Problem(409, "already_signed", "本班已经签了。")
    last_no = last.row["no"] if last is not None else 0
    if over not in (None, last_no):
        raise Problem(409, "changed", "你看的时候情况变了。再看一遍，写的都还在。")
    missing = [gap for gap in open_gaps if not reasons.get(gap.key, "").strip()]
    if missing:
        raise Problem(422, "no_reason", "还差 %(n)s 处没写原因。", params={"n": len(missing)})
    written = db.run(
        "INSERT INTO signoff (instance, no, person, at_ms, expected, ready, gaps)"
        " VALUES (:i, :no, :by, :now, :expected, :ready, :gaps)"
        " ON CONFLICT (instance, no) DO NOTHING",
        i=instance["id"],
        no=last_no + 1,
        by=by,
        now=now_ms,
        expected=expected,
        ready=counts["ready"],
        gaps=_written(open_gaps, reasons),
    )
    if not written:  # another server was a moment earlier
        raise Problem(409, "already_signed", "本班已经签了。")
    counters.touch(db)


def _written(open_gaps: Sequence[Gap], reasons: Mapping[str, str]) -> str:
    lines = [
        {
            "key": gap.key,
            "what": gap.kind,
            "person": gap.person,
            "name": gap.about["person_name"],
            "name_en": gap.about["person_name_en"],
            "reason": reasons[gap.key].strip()[:MAX_REASON],
        }
        for gap in open_gaps
    ]
    return json.dumps(lines, ensure_ascii=False)


def _changes(
    signed: Row,
    reasons: Sequence[Row],
    people: Iterable[PersonState],
    asked: Iterable[Row],
    left: Iterable[Row],
    now_ms: int,
) -> list[Change]:
    """What came up after a signature: findings, handover, rows, who is ready no longer."""
    covered = {line["key"] for line in reasons}
    found = [
        Change("found", _named(f), f["found_ms"])
        for f in asked
        if is_open(f, now_ms) and f"f{f['id']}" not in covered
    ]
    found += [Change("left", _left(item), item["at_ms"]) for item in left]
    for person in [one for one in people if not one.erased]:
        changed = _row_changes(person.rows, signed["at_ms"], now_ms)
        if not changed and _is_open(person) and f"p{person.person}" not in covered:
            at_ms = max((f["found_ms"] for f in person.findings), default=signed["at_ms"])
            changed = [Change("undone", person.rows[-1], at_ms)]  # ready then, and no longer
        found += changed
    return sorted(found, key=lambda change: (change.at_ms, change.what))


def _is_open(person: PersonState) -> bool:
    return person.name in ("running", "expected", "missed")


def _row_changes(rows: Iterable[Row], signed_ms: int, now_ms: int) -> list[Change]:
    found = []
    for row in rows:
        if signed_ms < row["added_ms"] <= now_ms:
            found.append(Change("added", row, row["added_ms"]))
        if row["ended_ms"] is not None and signed_ms < row["ended_ms"] <= now_ms:
            found.append(Change("ended", row, row["ended_ms"]))
    return found


def _kind(finding: Row) -> GapKind:
    if finding["veto"]:
        return "veto"
    return "finding" if finding["kind"] == "hazard" else "todo"


def _left(item: Row) -> Row:
    """An item of a handover with its writer's names where a roster row has those of its person."""
    names = {f"person_{key}": item[f"writer_{key}"] or "" for key in ("name", "name_en")}
    return {**item, **names}


def _named(finding: Row) -> Row:
    """A finding with its reporter's names where a roster row has those of its person."""
    names = {f"person_{key}": finding[f"reporter_{key}"] or "" for key in ("name", "name_en")}
    return {**finding, **names}
