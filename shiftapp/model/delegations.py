"""Written leave of the principal (主要负责人) for somebody else to sign announcements (书面授权).

A paper stands behind each row: its number is published with every announcement that was signed by
it. A delegation is for days to come, a month at most, one at a time for who gives and for who gets
it, and can be taken back at any time. It ends by itself when either of the two leaves, or when who
gave it is no longer a signatory.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from shiftapp.model import audit, people, reasons
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

MAX_DAYS = 31
MAX_SIGNS = 100  # of the document's number

_NAMED = (
    "SELECT delegation.*, a.name AS signatory_name, a.name_en AS signatory_name_en,"
    " a.title AS signatory_title, a.title_en AS signatory_title_en,"
    " b.name AS delegate_name, b.name_en AS delegate_name_en, b.no AS delegate_no"
    " FROM delegation JOIN person AS a ON a.id = delegation.signatory"
    " JOIN person AS b ON b.id = delegation.delegate"
)


@dataclass(frozen=True, kw_only=True)
class Leave:
    """What a principal gives: dates of announcements, both included, and the paper's number."""

    delegate: str
    first: str
    last: str
    document: str


def give(db: Db, leave: Leave, *, by: str, today: str, now_ms: int) -> int:
    """Keep a delegation; gives its number. `today`: the date at the enterprise.

    :raises Problem: 403 `no_right`; 404 `no_person`; 409 `overlaps`; 422 `bad_dates`,
        `no_document`, `name_in_reason`, `no_account`, `needs_no_leave`.
    """
    if not people.may(db, by, "signatory"):
        raise Problem(403, "no_right", "只有主要负责人能授权别人签发。")
    _check_dates(leave, today)
    document = _document(db, leave, by)
    _check_delegate(db, leave.delegate)
    _check_free(db, leave, by)
    id = db.value(
        "INSERT INTO delegation (signatory, delegate, first, last, document, made_ms)"
        " VALUES (:by, :delegate, :first, :last, :document, :now) RETURNING id",
        by=by,
        delegate=leave.delegate,
        first=leave.first,
        last=leave.last,
        document=document,
        now=now_ms,
    )
    detail = f"{leave.first} {leave.last} {document}"
    audit.note(db, now_ms, by, "delegation.give", f"person:{leave.delegate}", detail)
    return int(id)


def end(db: Db, id: int, *, by: str, now_ms: int) -> bool:
    """Take a delegation back; False: it had been taken back. Who gave it, or another signatory.

    :raises Problem: 403 `no_right`; 404 `no_delegation`.
    """
    if not people.may(db, by, "signatory"):
        raise Problem(403, "no_right", "只有主要负责人能收回授权。")
    row = db.row("SELECT delegate FROM delegation WHERE id = :id", id=id)
    if row is None:
        raise Problem(404, "no_delegation", "没有这份授权。")
    ended = db.run(
        "UPDATE delegation SET ended_ms = :now WHERE id = :id AND ended_ms IS NULL",
        now=now_ms,
        id=id,
    )
    if ended:
        audit.note(db, now_ms, by, "delegation.end", f"person:{row['delegate']}")
    return bool(ended)


def of_date(db: Db, person: str, date: str) -> Row | None:
    """The delegation by which somebody may sign on a date, with names of both; None: none."""
    found = db.row(
        f"{_NAMED} WHERE delegation.delegate = :person AND delegation.ended_ms IS NULL"
        " AND delegation.first <= :date AND delegation.last >= :date"
        " AND a.active = 1 AND b.active = 1 ORDER BY delegation.id LIMIT 1",
        person=person,
        date=date,
    )
    if found is None or not people.may(db, found["signatory"], "signatory"):
        return None
    return found


def listed(db: Db, limit: int) -> list[Row]:
    """The delegations with names of both, newest first."""
    return db.rows(f"{_NAMED} ORDER BY delegation.id DESC LIMIT :limit", limit=limit)


def _check_dates(leave: Leave, today: str) -> None:
    try:
        first, last = (datetime.date.fromisoformat(day) for day in (leave.first, leave.last))
    except ValueError:
        raise Problem(422, "bad_dates", "日期写成 2026-11-24 这样。") from None
    if (first.isoformat(), last.isoformat()) != (leave.first, leave.last):
        raise Problem(422, "bad_dates", "日期写成 2026-11-24 这样。")
    if first > last:
        raise Problem(422, "bad_dates", "开始日期在结束日期之后。换过来再存。")
    if first.isoformat() < today:
        raise Problem(422, "bad_dates", "授权不能从过去开始。从今天或以后的日期写起。")
    if (last - first).days >= MAX_DAYS:
        raise Problem(422, "bad_dates", "一份授权最多 %(n)s 天。", params={"n": MAX_DAYS})


def _document(db: Db, leave: Leave, by: str) -> str:
    """The number of the paper as it is kept and published."""
    document = reasons.folded(leave.document)
    if not document:
        raise Problem(422, "no_document", "写授权书的文号。没有书面授权，不能代签。")
    if len(document) > MAX_SIGNS:
        raise Problem(422, "no_document", "文号最多写 %(n)s 个字。", params={"n": MAX_SIGNS})
    reasons.check(db, document, by)  # it is published
    return document


def _check_delegate(db: Db, delegate: str) -> None:
    """Somebody at work who can show who they are, and who could not sign without it."""
    person = people.person(db, delegate)
    if person is None:
        raise Problem(404, "no_person", "没有这个人。")
    if people.may(db, delegate, "signatory"):
        raise Problem(422, "needs_no_leave", "这个人自己就能签发，不用授权。")
    if not person["active"] or not (person["password_hash"] or person["pin_hash"]):
        raise Problem(422, "no_account", "这个人没有能用的账号。先给他设密码或 PIN。")


def _check_free(db: Db, leave: Leave, by: str) -> None:
    taken = db.row(
        f"{_NAMED} WHERE (delegation.signatory = :by OR delegation.delegate = :delegate)"
        " AND delegation.ended_ms IS NULL AND delegation.first <= :last"
        " AND delegation.last >= :first ORDER BY delegation.id LIMIT 1",
        by=by,
        delegate=leave.delegate,
        first=leave.first,
        last=leave.last,
    )
    if taken is not None:
        named = {key: taken[key] for key in ("first", "last", "document")}
        text = "%(first)s 到 %(last)s 已有授权（%(document)s）。先收回那一份，或者改日期。"
        raise Problem(409, "overlaps", text, params=named)
