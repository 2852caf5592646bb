"""What the clock brings beside all requests: windows opened, shifts made ahead, rosters filled, old
things erased, new records looked at for signals.

Nothing depends on being punctual: what is due is asked of the database, not remembered, and a
record that comes first opens its window itself (`records`). A fault in one thing stops no other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from shiftapp.model import (
    findings,
    guests,
    placing,
    roster,
    settings,
    shifts,
    signal_watch,
    signals,
    slots,
    throttle,
)
from shiftapp.store import Db, Store

log = logging.getLogger("shiftapp")

Random = Callable[[int], bytes]


def tick(store: Store, now_ms: int) -> None:
    """Open the windows that are due: cheap, every few seconds."""
    grace_s = settings.get(store).grace_s
    _do(store, "opening windows", lambda db: slots.open_due(db, now_ms, grace_s))


def plan(store: Store, now_ms: int, random: Random) -> None:
    """Make shifts and rosters ahead, erase what is kept no longer, look at what has come: every
    minute or so.
    """
    facts = settings.get(store)
    _do(store, "making shifts", lambda db: shifts.make_ahead(db, facts, now_ms, random))
    _do(store, "filling rosters", lambda db: roster.fill_ahead(db, now_ms, random))
    _do(store, "placing crews", placing.place)
    _do(store, "letting guests go", lambda db: guests.let_go(db, now_ms))
    _do(store, "erasing old to-dos", lambda db: findings.erase_old(db, now_ms))
    _do(store, "forgetting old tries", lambda db: throttle.forget_old(db, now_ms))
    _do(store, "erasing old signals", lambda db: signals.erase_old(db, now_ms))
    _try("looking for signals", lambda: signal_watch.notice(store, now_ms))


def _do(store: Store, what: str, fn: Callable[[Db], int]) -> None:
    _try(what, lambda: store.write(fn))


def _try(what: str, fn: Callable[[], int]) -> None:
    try:
        fn()
    except Exception:
        log.exception("%s failed and is tried again", what)
