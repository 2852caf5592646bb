"""Whether a time zone is one: without it no shift of a site can be made."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from shiftapp.problems import Problem


def must_exist(zone: str) -> None:
    """Refuse what names no IANA zone.

    :raises Problem: 422 `unknown_zone`.
    """
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # an unknown name, none at all, a folder of zones
        raise Problem(
            422,
            "unknown_zone",
            "没有时区 %(zone)s，写成 Asia/Shanghai 这样。",
            params={"zone": zone},
        ) from None
