"""What an erasure left behind: looked for when a server starts, and done until nothing is left.

A crash between the database and the disk leaves files without a row. A restored backup brings back
what was erased since: the list beside the database says what to erase again (traces.py).
"""

from __future__ import annotations

import logging

from shiftapp.config import Config
from shiftapp.model import erasing, traces
from shiftapp.model.traces import Traces
from shiftapp.store import Store

log = logging.getLogger("shiftapp")

DAY_S = 24 * 3600  # a file that came in the last day may still be waiting for its row


class Remains:
    """The traces of an install and what of them is still to be cleared."""

    def __init__(self, store: Store, config: Config) -> None:
        self.where = Traces(config.blobs, config.erased)
        self._store = store
        self._left: list[str] | None = None  # None: not looked yet

    def clear(self, now_ms: int, wall_ms: int) -> None:
        """Look the first time, then try again what could not be done; every minute or so."""
        if self._left is None:
            if gone := traces.sweep(self._store, self.where, wall_ms / 1000 - DAY_S):
                log.info("removed %s files that no row speaks of", gone)
            self._left = self._listed(now_ms)
        before = len(self._left)
        self._left = erasing.again(self._store, self._left, now_ms, self.where)
        if before > len(self._left):
            log.info("%s records of the list of erased ones are erased", before - len(self._left))

    def _listed(self, now_ms: int) -> list[str]:
        """The list, made whole: a crash, or another server, left out what the audit has."""
        listed = traces.noted(self.where)
        known = set(listed)
        if more := [one for one in erasing.by_hand(self._store) if one not in known]:
            traces.note(self.where, more, now_ms)
        return listed + more
