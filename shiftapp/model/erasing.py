"""A manager erases records: what may go, with which reason, and what is refused.

What must stay: a shift that still runs or whose day is not announced and over, a report whose
hazard is open, a record that its plant keeps for the time the law asks (retention.py), unless the
manager states a reason in law. `erasure` does it; here it is asked whether, and noted by whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from shiftapp.model import audit, days, erasure, reasons, retention, traces
from shiftapp.model.settings import Settings
from shiftapp.model.traces import Traces
from shiftapp.problems import Problem
from shiftapp.store import Db, Row, Store

MAX_REASON = 200
MOST = 200  # records by one press
AT_ONCE = 20  # in one transaction, so that nobody's record waits
DAY_MS = 24 * 3_600_000

_RECORD = (
    "SELECT record.id, record.kind, record.result, record.recv_ms, record.erased_ms,"
    " record.instance, record.entry_seq, entry.idx, instance.starts_ms, instance.ends_ms,"
    " instance.closed_ms, site.zone"
    " FROM record LEFT JOIN entry ON entry.seq = record.entry_seq"
    " LEFT JOIN instance ON instance.id = record.instance"
    " LEFT JOIN crew ON crew.code = instance.crew LEFT JOIN site ON site.code = crew.site"
    " WHERE record.id = :id"
)


class Order(NamedTuple):
    """Who has records erased and why; `early`: though the time to keep them is not over."""

    by: str
    reason: str
    early: bool = False


class Done(NamedTuple):
    """What came of it: ids of records, and the refusals of those that stay, by id."""

    erased: tuple[str, ...]
    refused: dict[str, Problem]


def check_reason(db: Db, text: str) -> str:
    """A reason as it is kept.

    :raises Problem: 422 `no_reason`, `reason_too_long`, `name_in_reason`.
    """
    reason = reasons.folded(text)
    if not reason:
        raise Problem(422, "no_reason", "写明为什么删。")
    if len(reason) > MAX_REASON:
        raise Problem(422, "reason_too_long", "理由最多写 %(n)s 个字。", params={"n": MAX_REASON})
    if name := reasons.name_in(db, reason, ""):
        raise Problem(
            422, "name_in_reason", "理由里不写人名和工号：%(name)s。", params={"name": name}
        )
    return reason


def refusal(db: Db, row: Row, facts: Settings, now_ms: int, *, early: bool) -> Problem | None:
    """Why a record stays; None: it may go. `row` as `found` gives it."""
    if now_ms < _over_ms(db, row, facts):
        return Problem(409, "too_soon", "这一班和公告那天还没过完，过后再删。")
    if row["entry_seq"] is not None and row["idx"] is None:
        return erasure.not_sealed_yet()
    if retention.has_open_hazard(db, row["id"]):
        return Problem(409, "hazard_open", "这条报的隐患还没验收，验收后再删。")
    if not early and not retention.is_over(row, facts, now_ms):
        return Problem(
            409, "still_kept", "保存期还没到。有法律理由提前删的，勾上“期限未到也删”并写明理由。"
        )
    return None


def found(db: Db, record_id: str) -> Row:
    """A record with the times of its shift.

    :raises Problem: 404 `no_record`.
    """
    row = db.row(_RECORD, id=record_id)
    if row is None:
        raise Problem(404, "no_record", "没有这条记录。")
    return row


def erase(
    store: Store, ids: Sequence[str], order: Order, facts: Settings, now_ms: int, where: Traces
) -> Done:
    """Erase records, at most `MOST`, in the order given; each with a line of who and why.

    What is erased already is among the erased, without another line.

    :raises Problem: 422 as `check_reason`.
    """
    reason = check_reason(store, order.reason)
    order = order._replace(reason=reason)
    erased: list[str] = []
    refused: dict[str, Problem] = {}
    gone: list[bytes] = []
    try:
        for first in range(0, min(len(ids), MOST), AT_ONCE):
            some = ids[first : min(first + AT_ONCE, MOST)]
            done, files = store.write(lambda db, some=some: _some(db, some, order, facts, now_ms))  # type: ignore[misc]
            gone += files
            erased += done.erased
            refused |= done.refused
            traces.note(where, done.erased, now_ms)
    finally:  # also when the disk refused half way: what is erased is cleared
        if erased:
            traces.clear(store, where, gone)
    return Done(tuple(erased), refused)


def by_hand(db: Db) -> list[str]:
    """The records that managers had erased, as the audit says, each once."""
    rows = db.rows("SELECT about FROM audit WHERE what = 'record.erase' ORDER BY seq")
    return list(dict.fromkeys(row["about"].partition(":")[2] for row in rows))


def again(store: Store, ids: Sequence[str], now_ms: int, where: Traces) -> list[str]:
    """Erase what a list says was erased and the database still holds (it was restored).

    Gives what is left to do later: what has no place in the log yet, or is not here at all.
    """
    left, gone, did = [], [], 0
    for record_id in ids:
        row = store.row("SELECT erased_ms FROM record WHERE id = :id", id=record_id)
        if row is None:
            left.append(record_id)
            continue
        if row["erased_ms"] is not None:
            continue
        try:
            gone += store.write(lambda db, id=record_id: erasure.erase(db, id, now_ms))  # type: ignore[misc]
            did += 1
        except Problem:
            left.append(record_id)
    if did:
        traces.clear(store, where, gone)
    return left


def _some(
    db: Db, ids: Sequence[str], order: Order, facts: Settings, now_ms: int
) -> tuple[Done, list[bytes]]:
    erased: list[str] = []
    refused: dict[str, Problem] = {}
    gone: list[bytes] = []
    for record_id in ids:
        try:
            gone += _one(db, record_id, order, facts, now_ms)
            erased.append(record_id)
        except Problem as problem:
            refused[record_id] = problem
    return Done(tuple(erased), refused), gone


def _one(db: Db, record_id: str, order: Order, facts: Settings, now_ms: int) -> list[bytes]:
    row = found(db, record_id)
    if row["erased_ms"] is not None:
        return []
    if problem := refusal(db, row, facts, now_ms, early=order.early):
        raise problem
    gone = erasure.erase(db, record_id, now_ms)
    audit.note(db, now_ms, order.by, "record.erase", f"record:{record_id}", order.reason)
    return gone


def _over_ms(db: Db, row: Row, facts: Settings) -> int:
    """When a record's shift is over and the day on which it was announced."""
    if row["instance"] is None:
        return int(row["recv_ms"]) + DAY_MS
    _, day_ends_ms = days.calendar(db, days.day_of(row, facts.cutoff))
    return max(int(row["ends_ms"]), int(row["closed_ms"]), day_ends_ms)
