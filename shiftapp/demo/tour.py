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
from shiftapp.demo.folder import Folder
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
    ) -> None:
        self.start_ms, self._wanted = wanted.start_ms, wanted
        self._folder, self._store, self._wall_ms = folder, store, wall_ms
        self._secrets = Secrets(
            lambda code: qr.code.mac(keys.station_secret, code), keys.session_secret
        )
        self._waiting = folder.waiting()
        self._lock = threading.Lock()
        self._delivered = 0

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
        offset_ms = to_ms - self._wall_ms()
        self._store.write(lambda db: settings.put(db, clock_offset_ms=offset_ms))
        clockwork.plan(self._store, to_ms, token_bytes)
        clockwork.tick(self._store, to_ms)
        self.catch_up(to_ms)
        meetings.hold(self._store, self._wanted, to_ms)

    def reset(self, url: str) -> None:
        """Put the plant back to 07:38; every session and every phone of the visitor is gone."""
        with self._lock:
            self._store.copy_from(self._folder.morning)
            self._delivered = 0
            offset_ms = self.start_ms - self._wall_ms()
            self._store.write(lambda db: settings.put(db, url=url, clock_offset_ms=offset_ms))

    def _due(self, now_ms: int) -> bool:
        left = self._waiting[self._delivered : self._delivered + 1]
        return bool(left) and left[0].recv_ms <= now_ms
