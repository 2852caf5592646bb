"""Times of a permit as they are typed: a day and a time of the first site's wall clock."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from shiftapp.problems import Problem
from shiftapp.web.context import now_ms
from shiftapp.web.plant_time import day, zone


def asked_ms(date: str, time: str) -> int:
    """An instant as typed, ms; without a day it is of today.

    :raises Problem: 422 `no_time`.
    """
    text = f"{date or day(now_ms())}T{time}"
    try:
        wall = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=ZoneInfo(zone()))
        return int(wall.timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise Problem(422, "no_time", "写明日期和时间，例如 08:30。") from error
