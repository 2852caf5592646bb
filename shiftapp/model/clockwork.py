"""What the clock brings beside all requests: windows opened, shifts made ahead, rosters filled,
reminders queued, old things erased, new records looked at for signals.

Nothing depends on being punctual: what is due is asked of the database, not remembered, and a
record that comes first opens its window itself (`records`). A fault in one thing stops no other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from shiftapp.model import (
    deliveries,
    guests,
    notices,
    placing,
    retention,
    roster,
    settings,
    shifts,
    signal_watch,
    signals,
    slots,
    throttle,
)
from shiftapp.model.traces import Traces
from shiftapp.store import Db, Store

log = logging.getLogger("shiftapp")

Random = Callable[[int], bytes]


def tick(store: Store, now_ms: int) -> None:
    """Open the windows that are due, queue urgent alerts: cheap, every few seconds."""
    facts = settings.get(store)
    _do(store, "opening windows", lambda db: slots.open_due(db, now_ms, facts.grace_s))
    _tell(store, facts, now_ms, only_urgent=True)


def plan(store: Store, now_ms: int, random: Random, where: Traces | None = None) -> None:
    """Make shifts and rosters ahead, remind, erase what is kept no longer, look at what has come.

    Every minute or so. `where`: the files of what is erased.
    """
    facts = settings.get(store)
    _do(store, "making shifts", lambda db: shifts.make_ahead(db, facts, now_ms, random))
    _do(store, "filling rosters", lambda db: roster.fill_ahead(db, now_ms, random))
    _do(store, "placing crews", placing.place)
    _do(store, "letting guests go", lambda db: guests.let_go(db, now_ms))
    _try("ending what is kept", lambda: retention.end(store, facts, now_ms, where))
    _do(store, "forgetting old tries", lambda db: throttle.forget_old(db, now_ms))
    _do(store, "erasing old signals", lambda db: signals.erase_old(db, now_ms))
    _do(store, "forgetting old messages", lambda db: deliveries.forget_old(db, now_ms))
    _try("looking for signals", lambda: signal_watch.notice(store, now_ms))
    _tell(store, facts, now_ms, only_urgent=False)


def _tell(store: Store, facts: settings.Settings, now_ms: int, *, only_urgent: bool) -> None:
    """Queue what is worth telling; it is read outside the write, which stays short."""

    def tell() -> None:
        found = notices.due(store, facts, now_ms, only_urgent=only_urgent)
        if found:
            store.write(lambda db: deliveries.put(db, found, now_ms))

    _try("queueing reminders", tell)


def _do(store: Store, what: str, fn: Callable[[Db], int]) -> None:
    _try(what, lambda: store.write(fn))


def _try(what: str, fn: Callable[[], object]) -> None:
    try:
        fn()
    except Exception:
        log.exception("%s failed and is tried again", what)
