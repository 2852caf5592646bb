"""The plant's clock in words, for pages and the demo's bar."""

from __future__ import annotations

import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import Flask, g

from shiftapp.model import places
from shiftapp.web.context import now_ms, settings, store


class PlantTime(NamedTuple):
    """An instant at the first site: ISO 8601 and HH:MM."""

    iso: str
    text: str


def install(app: Flask) -> None:
    """Give templates the settings, the plant's time and the filters for times."""
    app.add_template_filter(clock)
    app.add_template_filter(day)
    app.context_processor(lambda: {"settings": settings(), "plant_time": plant_time()})


def plant_time() -> PlantTime:
    """The plant's time now."""
    now = _at(now_ms())
    return PlantTime(now.isoformat(timespec="seconds"), now.strftime("%H:%M"))


def clock(ms: int | None, seconds: bool = False) -> str:
    """HH:MM (or HH:MM:SS) of an instant at the site; '' for None."""
    return "" if ms is None else _at(ms).strftime("%H:%M:%S" if seconds else "%H:%M")


def day(ms: int | None) -> str:
    """YYYY-MM-DD of an instant at the site; '' for None."""
    return "" if ms is None else _at(ms).date().isoformat()


def zone() -> str:
    """The zone of the first site; UTC in an empty install."""
    if "zone" not in g:
        g.zone = next((site["zone"] for site in places.sites(store())), "UTC")
    return str(g.zone)


def _at(ms: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(ms / 1000, ZoneInfo(zone()))
