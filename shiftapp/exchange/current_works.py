"""Permits of special work as records of a workbook, and as rows of its sheet."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from shiftapp.exchange.columns import Value
from shiftapp.exchange.current import Content, Current, pick
from shiftapp.model import special_work_rows
from shiftapp.store import Db, Row

_FIELDS = (
    "no kind level site area facility place what starts_ms ends_ms contractor changed gas_every_min"
)


def content_of(row: Row) -> Content:
    """The record of a permit that is there, shaped as `special_work_rows.find`."""
    return pick(row, _FIELDS) | {"guardians": row["guardians"], "workers": row["workers"]}


def read_standing(db: Db, current: Current) -> None:
    """The permits that nobody has closed or cancelled."""
    rows = special_work_rows.standing(db)
    current.records["special_work"] = {row["no"]: content_of(row) for row in rows}


def row_of(content: Content, zone: str) -> dict[str, Value]:
    """A permit as its row of the sheet shows it."""
    plain = "no kind level place what guardians workers area facility site contractor changed"
    starts, ends = (_wall(content[key], zone) for key in ("starts_ms", "ends_ms"))
    shown: dict[str, Value] = {key: content[key] for key in plain.split()}  # type: ignore[misc]
    return {
        **shown,
        "date": starts[0],
        "start": starts[1],
        "last": ends[0],
        "end": ends[1],
        "gas": int(str(content["gas_every_min"])),
    }


def instant(date: str, time: str, zone: str) -> int:
    """The instant that a row names, ms."""
    wall = datetime.datetime.fromisoformat(f"{date}T{time}").replace(tzinfo=ZoneInfo(zone))
    return int(wall.timestamp() * 1000)


def _wall(ms: object, zone: str) -> tuple[str, str]:
    when = datetime.datetime.fromtimestamp(int(str(ms)) / 1000, ZoneInfo(zone))
    return when.date().isoformat(), when.strftime("%H:%M")
