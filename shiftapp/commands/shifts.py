"""`shiftapp shifts`: the shift instances of some days, for people and for other programs."""

from __future__ import annotations

import datetime
import secrets
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from shiftapp.commands.install import Install, data_option, json_option, opened
from shiftapp.commands.speech import pick, print_json, print_table
from shiftapp.model import places
from shiftapp.model import shifts as model_shifts
from shiftapp.store import Row

KEYS = ("site", "crew", "shift_date", "code", "opens_ms", "starts_ms", "ends_ms", "expected")


@click.command()
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day, else today.")
@click.option("--days", default=1, type=click.IntRange(1, 366), show_default=True)
@data_option
@json_option
def shifts(first: datetime.datetime | None, days: int, data: Path | None, as_json: bool) -> None:
    """List shift instances by the date of their start.

    JSON: site, crew, shift_date, code, opens_ms, starts_ms, ends_ms, expected. Instances exist
    up to eight days ahead.
    """
    with opened(data) as install:
        zones = {site["code"]: site["zone"] for site in places.sites(install.store)}
        day = first.date() if first else _today(install, zones)
        with install.store.tx() as db:
            model_shifts.make_ahead(db, install.settings, install.now_ms(), secrets.token_bytes)
        until = day + datetime.timedelta(days=days)
        found = model_shifts.from_date(install.store, day.isoformat(), until.isoformat())
    if as_json:
        print_json([{key: row[key] for key in KEYS} for row in found])
        return
    heads = [
        pick(*pair)
        for pair in (
            ("厂区", "site"),
            ("班组", "crew"),
            ("日期", "date"),
            ("班次", "shift"),
            ("开始", "starts"),
            ("结束", "ends"),
            ("应到", "expected"),
        )
    ]
    print_table(heads, [_line(row, zones[row["site"]]) for row in found])


def _line(row: Row, zone: str) -> list[object]:
    starts, ends = (_clock(row[key], zone) for key in ("starts_ms", "ends_ms"))
    return [row["site"], row["crew"], row["shift_date"], row["code"], starts, ends, row["expected"]]


def _clock(at_ms: int, zone: str) -> str:
    return datetime.datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone)).strftime("%H:%M")


def _today(install: Install, zones: dict[str, str]) -> datetime.date:
    zone = next(iter(zones.values()), "UTC")
    return model_shifts.site_day(zone, install.now_ms())
