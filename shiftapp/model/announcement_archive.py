"""The announcements that were published, by date, month and year, for whoever looks back.

Only reads. A row comes as it is stored, with `doc` parsed beside its `bytes`; where somebody made
the stored text unreadable `doc` is None, so that one bad row hides none of the others.
"""

from __future__ import annotations

import datetime
import json

from shiftapp.problems import Problem
from shiftapp.store import Db, Row


def newest(db: Db) -> Row | None:
    """The newest announcement: of the newest date that which was published last."""
    return _one(db, "1 = 1 ORDER BY date DESC, published_ms DESC, id LIMIT 1")


def newest_id(db: Db) -> str | None:
    """The id of the newest announcement."""
    found = db.value(
        "SELECT id FROM announcement ORDER BY date DESC, published_ms DESC, id LIMIT 1"
    )
    return None if found is None else str(found)


def announcement(db: Db, id: str) -> Row:
    """A published announcement.

    :raises Problem: 404 `no_announcement`.
    """
    found = _one(db, "id = :id", id=id)
    if found is None:
        raise Problem(404, "no_announcement", "没有这份公告。对一下网址，或者看历次公告。")
    return found


def before(db: Db, date: str, limit: int) -> list[Row]:
    """The newest version of each day and period that ended before a date, the newest first."""
    return _newest_where(db, "a.date < :date", limit, date=date)


def versions(db: Db, kind: str, date: str) -> list[Row]:
    """Every version of a day or period, the first one first, without the documents."""
    return db.rows(
        "SELECT id, kind, date, version, why, published_ms FROM announcement"
        " WHERE kind = :kind AND date = :date ORDER BY version, id",
        kind=kind,
        date=date,
    )


def newest_versions(db: Db, limit: int) -> list[Row]:
    """The versions published last, of every kind, the newest first."""
    rows = db.rows(
        "SELECT * FROM announcement ORDER BY published_ms DESC, id LIMIT :limit", limit=limit
    )
    return [_parsed(row) for row in rows]


def between(db: Db, first: str, last: str, limit: int) -> list[Row]:
    """The newest version of each day and period that ends in these days, the newest day first."""
    return _newest_where(db, "a.date >= :first AND a.date <= :last", limit, first=first, last=last)


def all_versions(db: Db, first: str, last: str) -> list[Row]:
    """Every version of what ends in these days, the first one first, without the documents."""
    return db.rows(
        "SELECT id, kind, date, version, why, published_ms FROM announcement"
        " WHERE date >= :first AND date <= :last ORDER BY date, kind, version, id",
        first=first,
        last=last,
    )


def months(db: Db) -> list[str]:
    """The months (YYYY-MM) that have announcements, the newest first."""
    rows = db.rows(
        "SELECT DISTINCT substr(date, 1, 7) AS month FROM announcement ORDER BY month DESC"
    )
    return [str(row["month"]) for row in rows]


def changed_ms(db: Db) -> int | None:
    """When something was published last, ms."""
    found = db.value("SELECT MAX(published_ms) FROM announcement")
    return None if found is None else int(str(found))


def earliest(db: Db, kind: str) -> str | None:
    """The date of the first announcement of a kind ever."""
    found = db.value("SELECT MIN(date) FROM announcement WHERE kind = :kind", kind=kind)
    return None if found is None else str(found)


def month_days(month: str) -> tuple[str, str]:
    """The first and the last day of a month.

    :raises ValueError: no month, as YYYY-MM.
    """
    if len(month) != 7 or month > "9998-12":
        raise ValueError("not a month")
    first = datetime.date.fromisoformat(f"{month}-01")
    last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    return first.isoformat(), last.isoformat()


def _one(db: Db, where: str, **values: object) -> Row | None:
    row = db.row(f"SELECT * FROM announcement WHERE {where}", **values)
    return None if row is None else _parsed(row)


def _newest_where(db: Db, where: str, limit: int, **values: object) -> list[Row]:
    rows = db.rows(
        f"SELECT a.* FROM announcement AS a WHERE {where}"
        " AND NOT EXISTS (SELECT 1 FROM announcement AS b WHERE b.kind = a.kind"
        "  AND b.date = a.date AND b.version > a.version)"
        " ORDER BY a.date DESC, a.kind, a.id LIMIT :limit",
        limit=limit,
        **values,
    )
    return [_parsed(row) for row in rows]


def _parsed(row: Row) -> Row:
    try:
        doc = json.loads(row["doc"])
    except ValueError:
        doc = None
    return {**row, "bytes": row["doc"].encode(), "doc": doc if isinstance(doc, dict) else None}
