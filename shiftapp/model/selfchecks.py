"""What browsers said of themselves on the self-check page, when whoever held them pressed send.

Of a device only the newest answer stays, so that there are never more than devices; of browsers
that nobody enrolled the newest few hundred. Nobody's name is in it: a device has its owner.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from shiftapp.model import throttle
from shiftapp.store import Db, Row

CHECKS = ("secure", "offline", "store", "lasting", "space", "keys", "camera", "voice")
TIERS = ("full", "online", "plain")
MOST_AGENT = 300  # characters
MOST_ANONYMOUS = 500
A_MINUTE = 20  # of one device; of all browsers without one together
MINUTE_MS = 60_000


@dataclass(frozen=True)
class SelfCheck:
    """What a browser has: each of CHECKS, the tier these make, and what it is."""

    checks: dict[str, bool]
    tier: str
    agent: str  # what the browser calls itself
    screen: str  # e.g. 390x844@3: CSS pixels, and how many of the screen's make one
    font: int  # per cent of the ordinary size of letters


def keep(db: Db, sent: SelfCheck, device: str | None, now_ms: int) -> None:
    """Keep what a browser said, in place of what it said before.

    :raises Problem: 429 `throttled`.
    """
    throttle.count(db, f"selfcheck:{device or ''}", now_ms, MINUTE_MS, A_MINUTE)
    db.run(
        "INSERT INTO selfcheck (at_ms, device, tier, agent, screen, font, checks)"
        " VALUES (:at, :device, :tier, :agent, :screen, :font, :checks)"
        " ON CONFLICT (device) DO UPDATE SET at_ms = excluded.at_ms, tier = excluded.tier,"
        " agent = excluded.agent, screen = excluded.screen, font = excluded.font,"
        " checks = excluded.checks",
        at=now_ms,
        device=device,
        tier=sent.tier,
        agent=sent.agent,
        screen=sent.screen,
        font=sent.font,
        checks=json.dumps(sent.checks, sort_keys=True),
    )
    db.run(
        "DELETE FROM selfcheck WHERE device IS NULL AND id NOT IN"
        " (SELECT id FROM selfcheck WHERE device IS NULL ORDER BY at_ms DESC, id DESC LIMIT :most)",
        most=MOST_ANONYMOUS,
    )


def tiers(db: Db) -> dict[str, str]:
    """The tier of each device that was checked, by its id."""
    found = db.rows("SELECT device, tier FROM selfcheck WHERE device IS NOT NULL ORDER BY id")
    return {row["device"]: row["tier"] for row in found}


def listing(db: Db) -> list[Row]:
    """All that was sent, newest first, `checks` by name, with the device's owner and crew."""
    found = db.rows(
        "SELECT selfcheck.*, device.label, device.kind, device.person, person.name AS owner,"
        " person.name_en AS owner_en, person.crew"
        " FROM selfcheck LEFT JOIN device ON device.id = selfcheck.device"
        " LEFT JOIN person ON person.id = device.person"
        " ORDER BY selfcheck.at_ms DESC, selfcheck.id DESC"
    )
    return [{**row, "checks": json.loads(row["checks"])} for row in found]
