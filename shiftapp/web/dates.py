"""Days and instants in words, as a notice on a wall has them, in the page's language.

The patterns of both languages stand side by side (CLDR, Unicode TR 35): a translator of sentences
need not know them.
"""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import Flask

from shiftapp.web.language import LOCALES, language
from shiftapp.web.plant_time import zone

_PATTERNS = {
    "full": {"zh": "y年M月d日 EEEE", "en": "EEEE d MMMM y"},
    "short": {"zh": "M月d日 EEEE", "en": "EEE d MMM"},
    "plain": {"zh": "y年M月d日", "en": "d MMMM y"},
    "day": {"zh": "M月d日", "en": "d MMM"},
    "month": {"zh": "y年M月", "en": "MMMM y"},
    "moment": {"zh": "M月d日 HH:mm", "en": "HH:mm, d MMM"},
}


def install(app: Flask) -> None:
    """Give templates the filters `in_words` (of YYYY-MM-DD) and `moment` (of ms)."""
    app.add_template_filter(in_words)
    app.add_template_filter(moment)


def in_words(date: str, form: str = "full") -> str:
    """A day: 'full' with year and weekday, 'short' without the year, 'plain' without weekday, 'day'
    without either.

    'month': the month it lies in.
    """
    pattern = _PATTERNS[form][language()]
    return format_date(datetime.date.fromisoformat(date), pattern, locale=LOCALES[language()])


def moment(ms: int, form: str = "moment") -> str:
    """Day and time of an instant at the site."""
    when = datetime.datetime.fromtimestamp(ms / 1000, ZoneInfo(zone()))
    return format_datetime(when, _PATTERNS[form][language()], locale=LOCALES[language()])
