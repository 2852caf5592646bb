"""What there is to erase, in numbers: of a person by kind and year, or one record by its code.

Counts and codes only; nobody reads a record to erase it.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shiftapp.ledger import receipts
from shiftapp.model import erasing, erasure
from shiftapp.model.settings import Settings
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

PEOPLE = 50
CODE_SIGNS = 8
_LIKE = str.maketrans("OIL", "011")  # as they are misread
_ALL = b"\xff" * 33


class Plan(NamedTuple):
    """What of some records would go now, and why others stay, by the code of their refusal."""

    goes: tuple[str, ...]
    early: tuple[str, ...]  # only for a reason in law: their time is not over
    stays: dict[str, tuple[Problem, int]]

    def ids(self, *, early: bool) -> tuple[str, ...]:
        """What is asked for, oldest first as listed."""
        return self.goes + self.early if early else self.goes


def people(db: Db, words: str) -> list[Row]:
    """People by name or number, also who has left, with how many records there are of them."""
    plain = words.lower().replace("%", "").replace("_", "")
    if not plain:
        return []
    return db.rows(
        "SELECT person.id, person.no, person.name, person.name_en, person.active,"
        " crew.name AS crew_name, crew.name_en AS crew_name_en,"
        " (SELECT COUNT(*) FROM record WHERE record.person = person.id) AS records"
        " FROM person LEFT JOIN crew ON crew.code = person.crew"
        " WHERE person.no = :words OR LOWER(person.name) LIKE :part"
        " OR LOWER(person.name_en) LIKE :part ORDER BY person.active DESC, person.no, person.id"
        " LIMIT :most",
        words=words,
        part=f"%{plain}%",
        most=PEOPLE,
    )


def by_code(db: Db, text: str) -> list[str]:
    """The records with a receipt code, as it is shown or typed; [] for what is none."""
    code = "".join(sign for sign in text.upper() if sign.isalnum()).translate(_LIKE)
    if len(code) != CODE_SIGNS or any(sign not in receipts.CROCKFORD for sign in code):
        return []
    number = sum(
        receipts.CROCKFORD.index(sign) << 5 * place for place, sign in enumerate(reversed(code))
    )
    after = number + 1
    rows = db.rows(
        "SELECT id FROM record WHERE COALESCE(receipt_leaf, c) >= :low"
        " AND COALESCE(receipt_leaf, c) < :high ORDER BY seq",
        low=number.to_bytes(5, "big"),
        high=after.to_bytes(5, "big") if after < 1 << 40 else _ALL,
    )
    return [row["id"] for row in rows]


def years(db: Db, person: str, zone: str) -> list[Row]:
    """How many records there are of somebody: `year` (newest first), `commit`, `run`, `hazard`."""
    place = ZoneInfo(zone)
    found: dict[int, Row] = {}
    for row in db.rows(
        "SELECT kind, recv_ms FROM record WHERE person = :p ORDER BY recv_ms DESC, seq", p=person
    ):
        year = datetime.datetime.fromtimestamp(row["recv_ms"] / 1000, place).year
        line = found.setdefault(year, {"year": year, "commit": 0, "run": 0, "hazard": 0})
        line[row["kind"]] += 1
    return list(found.values())


def plan(
    db: Db, person: str, kinds: Collection[str], before_ms: int, facts: Settings, now_ms: int
) -> Plan:
    """What of a person's records received before an instant would go."""
    rows = db.rows(
        "SELECT id, kind FROM record WHERE person = :p AND recv_ms < :before ORDER BY recv_ms, seq",
        p=person,
        before=before_ms,
    )
    return plan_of(db, [row["id"] for row in rows if row["kind"] in kinds], facts, now_ms)


def plan_of(db: Db, ids: Collection[str], facts: Settings, now_ms: int) -> Plan:
    """What of some records would go; erased ones are left out."""
    goes: list[str] = []
    early: list[str] = []
    stays: dict[str, tuple[Problem, int]] = {}
    for record_id in ids:
        row = erasing.found(db, record_id)
        if row["erased_ms"] is not None:
            continue
        problem = erasing.refusal(db, row, facts, now_ms, early=False)
        if problem is None:
            goes.append(record_id)
        elif problem.code == "still_kept":
            early.append(record_id)
        else:
            stays[problem.code] = problem, stays.get(problem.code, (problem, 0))[1] + 1
    return Plan(tuple(goes), tuple(early), stays)


def card(db: Db, record_id: str) -> Row:
    """A record to point at: `id`, `kind`, `recv_ms`, `erased_ms`, `code`, and `amends` (places in
    the log of what tells that it was erased; None: not yet).

    :raises Problem: 404 `no_record`.
    """
    row = db.row(
        "SELECT id, kind, recv_ms, erased_ms, c, receipt_leaf, entry_seq FROM record"
        " WHERE id = :id",
        id=record_id,
    )
    if row is None:
        raise Problem(404, "no_record", "没有这条记录。")
    return {
        **row,
        "code": receipts.receipt_code(bytes(row["receipt_leaf"] or row["c"])),
        "amends": [one["idx"] for one in erasure.amendments(db, record_id)],
    }


def done_at(db: Db, at_ms: int, by: str) -> list[Row]:
    """The cards of what somebody had erased at an instant, as the audit says, oldest first."""
    rows = db.rows(
        "SELECT about, detail FROM audit WHERE what = 'record.erase' AND at_ms = :at"
        " AND person = :by ORDER BY seq",
        at=at_ms,
        by=by,
    )
    return [{**card(db, row["about"].partition(":")[2]), "reason": row["detail"]} for row in rows]
