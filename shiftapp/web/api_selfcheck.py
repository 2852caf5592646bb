"""Taking what a browser says of itself: nothing in it but what its page named before."""

from __future__ import annotations

import re
from typing import Any

from shiftapp.ledger import encoding
from shiftapp.model import selfchecks
from shiftapp.model.selfchecks import SelfCheck
from shiftapp.store import Row
from shiftapp.web import api_sync
from shiftapp.web.context import now_ms, store

MAX_BYTES = 4_096
FIELDS = {"checks", "tier", "agent", "screen", "font"}
SCREEN = re.compile(r"[1-9]\d{1,4}x[1-9]\d{1,4}@\d{1,2}(\.\d{1,2})?", re.ASCII)
FONTS = range(25, 1001)


def take(device: Row | None) -> None:
    """Keep the body of the request; `device` is the enrolled one that asks, if it is one.

    :raises Problem: 413 `request_too_big`; 400 `shape`; 429 `throttled`; 503 `busy`.
    """
    sent = read(api_sync.parse(api_sync.read_bytes(MAX_BYTES, "发来的东西太大。")))
    owner, at_ms = device["id"] if device else None, now_ms()
    store().write(lambda db: selfchecks.keep(db, sent, owner, at_ms))


def read(asked: dict[str, Any]) -> SelfCheck:
    """A self-check as it was sent: every field, no other, each check yes or no.

    :raises Problem: 400 `shape`.
    """
    if asked.keys() != FIELDS or not encoding.is_plain(asked):
        raise api_sync.shape("自检结果的格式不对。")
    checks, tier, agent, screen, font = (
        asked[name] for name in ("checks", "tier", "agent", "screen", "font")
    )
    fits = (
        isinstance(checks, dict)
        and checks.keys() == set(selfchecks.CHECKS)
        and all(type(one) is bool for one in checks.values())
        and tier in selfchecks.TIERS
        and isinstance(agent, str)
        and len(agent) <= selfchecks.MOST_AGENT
        and isinstance(screen, str)
        and SCREEN.fullmatch(screen)
        and type(font) is int
        and font in FONTS
    )
    if not fits:
        raise api_sync.shape("自检结果的格式不对。")
    return SelfCheck(checks, tier, agent, screen, font)
