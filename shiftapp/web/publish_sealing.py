"""Before something is signed the log catches up, so that anybody can check what is signed.

For some seconds, and only where a sequencer is at work: then it is signed in any case. What is not
sealed is not cited, and the page says so before the press.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from shiftapp.ledger import log
from shiftapp.model import citations
from shiftapp.model.announcements import Draft
from shiftapp.model.periods import Kind
from shiftapp.store import Store
from shiftapp.web.context import fresh_ms, store
from shiftapp.web.publish_rows import part_name

STEP_S = 0.25
TRIES = 20  # some five seconds


def catch_up(
    store: Store, clock_ms: Callable[[], int], pause: Callable[[float], None] = time.sleep
) -> int:
    """Wait until what has been received is sealed, or for long enough; gives the instant after."""
    now_ms = clock_ms()
    if not citations.is_awaited(store, now_ms):
        return now_ms
    store.write(lambda db: log.want(db, now_ms))
    for _ in range(TRIES):
        pause(STEP_S)
        if not citations.is_awaited(store, now_ms):
            break
    return clock_ms()


def instant(kind: Kind) -> int:
    """When something is shown or signed: a period, which cites nothing, does not wait."""
    return catch_up(store(), fresh_ms) if kind == "daily" else fresh_ms()


def unsealed(draft: Draft) -> list[str]:
    """The shifts that would be published without a proof, as they are named."""
    return [part_name(part) for part in citations.uncited(store(), draft)]
