"""The running demo: its clock, what arrives as it goes on, and the way back to the morning.

Handed to the web room by `commands/demo.py`; the pages are in `web/demo.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import qr.code
from shiftapp.demo import meetings
from shiftapp.demo import people as cast
from shiftapp.demo.build import Wanted
from shiftapp.demo.delivery import deliver
from shiftapp.demo.folder import Folder, make_anew
from shiftapp.demo.ledger import SEEN_MS, Log
from shiftapp.ledger.keys import Keys
from shiftapp.model import clockwork, settings
from shiftapp.model.judging import Secrets
from shiftapp.store.sqlite import SqliteStore


class Tour:
    """What the demo's pages may do with the plant."""

    parts = cast.PARTS

    def __init__(
        self,
        folder: Folder,
        store: SqliteStore,
        keys: Keys,
        wanted: Wanted,
        wall_ms: Callable[[], int],
        log: Log,
    ) -> None:
        self.start_ms, self._wanted = wanted.start_ms, wanted
        self._folder, self._store, self._wall_ms = folder, store, wall_ms
        self._secrets = Secrets(
            lambda code: qr.code.mac(keys.station_secret, code), keys.session_secret
        )
        self._waiting = folder.waiting()
        self._lock = threading.RLock()
        self._delivered = 0
        self.log = log

    def catch_up(self, now_ms: int) -> None:
        """Deliver what the plant's clock has reached. Cheap when that is nothing."""
        if not self._due(now_ms):
            return
        with self._lock:
            grace_s = settings.get(self._store).grace_s
            while self._due(now_ms):
                deliver(self._store, self._waiting[self._delivered], self._secrets, grace_s)
                self._delivered += 1

    def move(self, to_ms: int, token_bytes: Callable[[int], bytes]) -> None:
        """Let the plant's clock show a later instant, with everything that happens until then."""
        with self._lock:
            for due_ms in self._starts_until(to_ms - SEEN_MS):
                self.catch_up(due_ms)
                self.log.round(due_ms + SEEN_MS)
            offset_ms = to_ms - self._wall_ms()
            self._store.write(lambda db: settings.put(db, clock_offset_ms=offset_ms))
            clockwork.plan(self._store, to_ms, token_bytes)
            clockwork.tick(self._store, to_ms)
            self.catch_up(to_ms)
            meetings.hold(self._store, self._wanted, to_ms)
            self.log.round(to_ms)

    def keep(self) -> None:
        """What the sequencer does every second: the demo does it, so that no jump gets between."""
        with self._lock:
            self.log.round(self._now_ms())

    def reset(self, url: str) -> None:
        """Another plant at 07:38; every session and every phone of the visitor is gone."""
        with self._lock:
            make_anew(self._folder, self._store, self._wanted, self._wall_ms, url)
            self.log.begin_anew()
            self._waiting = self._folder.waiting()
            self._delivered = 0

    def _now_ms(self) -> int:
        return self._wall_ms() + settings.get(self._store).clock_offset_ms

    def _starts_until(self, to_ms: int) -> list[int]:
        """Starts of shifts between the plant's clock and an instant, in their order."""
        rows = self._store.rows(
            "SELECT DISTINCT starts_ms FROM instance WHERE starts_ms > :now AND starts_ms <= :to"
            " ORDER BY starts_ms",
            now=self._now_ms() - SEEN_MS,
            to=to_ms,
        )
        return [row["starts_ms"] for row in rows]

    def _due(self, now_ms: int) -> bool:
        left = self._waiting[self._delivered : self._delivered + 1]
        return bool(left) and left[0].recv_ms <= now_ms
