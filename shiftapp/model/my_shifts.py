"""One person's own shifts of the last 90 days, and the records as they were sealed.

For that person alone: the state is the true one, also "not fit today", and nobody else is named
but who answered. States come from `history.people_states` and nowhere else.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shiftapp.ledger import encoding, receipts
from shiftapp.model import findings, history, log_proofs, shifts
from shiftapp.store import Db, Row

DAYS = 90
DAY_MS = 24 * 3_600_000

_RECORD = (
    "SELECT record.id, record.kind, record.c, record.recv_ms, record.result, record.receipt_leaf,"
    " record.instance, record.counts, record.proxy, record.entry_seq,"
    " CASE WHEN entry.idx < :sealed THEN entry.idx END AS place,"
    " CASE WHEN record.body IS NULL THEN 1 ELSE 0 END AS erased, station.name AS station_name,"
    " station.name_en AS station_name_en, job.name AS job_name, job.name_en AS job_name_en"
    " FROM record LEFT JOIN station ON station.code = record.station"
    " LEFT JOIN entry ON entry.seq = record.entry_seq"
    " LEFT JOIN job ON job.code = record.job"
)


@dataclass(frozen=True)
class Span:
    """The days that are shown, first ≤ day < until, with the instants from which they count."""

    first: str
    until: str
    from_ms: int
    until_ms: int


@dataclass(frozen=True)
class Shift:
    """One shift of mine: `state` None: I was not on its roster."""

    instance: Row
    state: str | None
    marks: tuple[str, ...]
    ended_why: str | None  # of who is excused
    rows: tuple[Row, ...]
    records: tuple[Row, ...]  # with `code`, the receipt's, `place` once sealed, and `findings`


@dataclass(frozen=True)
class Mine:
    """My shifts of some days, newest first; `other` are records of no shift."""

    shifts: tuple[Shift, ...]
    other: tuple[Row, ...]


def months(today: datetime.date) -> list[str]:
    """The months (YYYY-MM) that the last 90 days touch, newest first."""
    first = today - datetime.timedelta(days=DAYS)
    days = (first + datetime.timedelta(days=n) for n in range(DAYS + 1))
    return sorted({day.isoformat()[:7] for day in days}, reverse=True)


def span(today: datetime.date, month: str, instant: Callable[[datetime.date], int]) -> Span:
    """A month (YYYY-MM) as far as it lies in the last 90 days; '' for all of them.

    `instant` gives the first ms of a day at the site.
    """
    days = [today - datetime.timedelta(days=n) for n in range(DAYS + 1)]
    kept = [day for day in days if day.isoformat().startswith(month)] or [today]
    first, until = min(kept), max(kept) + datetime.timedelta(days=1)
    return Span(first.isoformat(), until.isoformat(), instant(first), instant(until))


def mine(db: Db, person: str, days: Span, now_ms: int) -> Mine:
    """What there is of a person's shifts and records of some days."""
    asked: dict[str, list[Row]] = {}
    # A record may come a day after its shift; what it opened is then found a day later.
    for one in findings.of_reporter(db, person, days.from_ms, days.until_ms + 2 * DAY_MS):
        asked.setdefault(one["record_id"], []).append(one)
    numbers = _instances(db, person, days, now_ms)
    held = [shifts.by_id(db, number) for number in numbers]
    sealed_to = log_proofs.sealed_size(db)
    found = [_shift(db, person, row, asked, sealed_to, now_ms) for row in held if row is not None]
    loose = db.rows(
        f"{_RECORD} WHERE record.person = :p AND record.instance IS NULL AND record.recv_ms >= :a"
        " AND record.recv_ms < :until ORDER BY record.seq DESC",
        **{"p": person, "a": days.from_ms, "until": days.until_ms, "sealed": sealed_to},
    )
    return Mine(tuple(found), tuple(_record(row, asked) for row in loose))


def sealed(
    db: Db, person: str, since_ms: int, receipt: Callable[[Row], str]
) -> list[dict[str, Any]]:
    """A person's own records as they were sealed, oldest first, each with its signed receipt.

    `body` is the exact text and `salt` 43 characters b64url: SHA-256 over them gives `c`
    (formats.md "Bytes"). Both are null where they were erased.
    """
    rows = db.rows(
        "SELECT id, kind, body, salt, c, recv_ms, receipt_leaf, flags FROM record"
        " WHERE person = :p AND recv_ms >= :since ORDER BY seq",
        p=person,
        since=since_ms,
    )
    return [
        {
            "id": row["id"],
            "kind": row["kind"],
            "body": None if row["body"] is None else bytes(row["body"]).decode(),
            "salt": None if row["salt"] is None else encoding.b64u(bytes(row["salt"])),
            "c": encoding.b64u(bytes(row["c"])),
            "recv_ms": row["recv_ms"],
            "receipt": receipt(row),
            "receipt_code": _code(row),
        }
        for row in rows
    ]


def _instances(db: Db, person: str, days: Span, now_ms: int) -> list[int]:
    """The shifts of some days that have begun to take commitments, newest first."""
    found = db.rows(
        "SELECT id FROM instance WHERE date >= :first AND date < :until AND opens_ms <= :now"
        " AND id IN (SELECT instance FROM roster WHERE person = :p"
        "  UNION SELECT instance FROM record WHERE person = :p AND instance IS NOT NULL)"
        " ORDER BY starts_ms DESC, id DESC",
        first=days.first,
        until=days.until,
        now=now_ms,
        p=person,
    )
    return [row["id"] for row in found]


def _shift(
    db: Db, person: str, instance: Row, asked: dict[str, list[Row]], sealed_to: int, now_ms: int
) -> Shift:
    people = history.people_states(db, instance, now_ms)
    me = next((one for one in people if one.person == person), None)
    records = db.rows(
        f"{_RECORD} WHERE record.instance = :i AND record.person = :p ORDER BY record.seq",
        i=instance["id"],
        p=person,
        sealed=sealed_to,
    )
    return Shift(
        instance=instance,
        state=me.name if me else None,
        marks=tuple(sorted(me.state.marks)) if me else (),
        ended_why=me.rows[-1]["ended_why"] if me else None,
        rows=me.rows if me else (),
        records=tuple(_record(row, asked) for row in records),
    )


def _record(row: Row, asked: dict[str, list[Row]]) -> Row:
    return {**row, "code": _code(row), "findings": asked.get(row["id"], [])}


def _code(row: Row) -> str:
    return receipts.receipt_code(bytes(row["receipt_leaf"] or row["c"]))
