"""The days ahead as records of a workbook: leave, and the rosters of shifts not open yet."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from shiftapp.exchange.archive import MOST_ROWS
from shiftapp.exchange.current import Content, Current
from shiftapp.model import leave, roster_plan, shifts
from shiftapp.store import Db, Row

DAYS_AHEAD = 8

Posts = tuple[tuple[str, str, str, int], ...]  # number, label, job, whether a run is required


def key_of(crew: str, date: str, code: str) -> str:
    """How a roster is named in a preview."""
    return f"{date} {crew} {code}"


def content_of(crew: str, date: str, code: str, posts: Posts) -> Content:
    """The record of one shift's roster."""
    return {"crew": crew, "date": date, "code": code, "people": tuple(sorted(posts))}


def posts_of(rows: Iterable[Row]) -> Posts:
    """Roster rows as a record has them."""
    return tuple((row["no"], row["label"], row["job"], row["run"]) for row in rows)


def read_leave(db: Db, current: Current, since: str = "") -> None:
    """The leave that was not taken back and is not over on a day."""
    rows = [row for row in leave.standing(db) if row["last"] >= since]
    current.records["leave"] = {
        f"{row['no']} {row['first']} {row['last']}": {k: row[k] for k in ("no", "first", "last")}
        for row in rows
    }


def read_ahead(db: Db, current: Current, now_ms: int) -> None:
    """Leave that is not over, and the rosters of the next eight days, as a workbook shows them.

    Whole shifts only, and no more rows than a workbook may have.
    """
    zones = [str(site["zone"]) for site in current.records["site"].values()] or ["UTC"]
    today = shifts.site_day(zones[0], now_ms)
    read_leave(db, current, today.isoformat())
    until = (today + datetime.timedelta(days=DAYS_AHEAD)).isoformat()
    found: dict[str, Content] = {}
    left = MOST_ROWS
    for row in roster_plan.ahead(db, now_ms, until):
        posts = posts_of(roster_plan.rows(db, row["id"]))
        left -= len(posts)
        if left < 0:
            break
        if posts:
            names = (row["crew"], row["date"], row["code"])
            found[key_of(*names)] = content_of(*names, posts)
    current.records["roster"] = found
