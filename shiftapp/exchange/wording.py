"""Names and days as they are printed, in the language of the paper."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from qr.words import Lang
from shiftapp.model.settings import Settings
from shiftapp.store import Row


def company(facts: Settings, lang: Lang) -> str:
    """The name of the enterprise."""
    return (facts.name_en if lang == "en" else "") or facts.name


def name(row: Row, key: str, lang: Lang) -> str:
    """A text in the language, Chinese where there is no English; '' where there is none."""
    english = row.get(f"{key}_en") if lang == "en" else ""
    return str(english or row.get(key) or "")


def day(zone: str, now_ms: int) -> datetime.date:
    """The day at a place (IANA zone)."""
    return datetime.datetime.fromtimestamp(now_ms / 1000, ZoneInfo(zone)).date()
