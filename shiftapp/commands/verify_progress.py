"""A bar on the terminal while `verify` fetches entries, once that has taken two seconds."""

from __future__ import annotations

import re
from collections.abc import Callable

from shiftapp.ledger.verify import AHEAD

QUIET_S, EVERY_S = 2.0, 0.1
WIDTH = 30
_BUNDLE = re.compile(r"tile/entries/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/[0-9]+)?")


class Progress:
    """Told of every file; `write` puts text on the terminal, `clock` gives seconds that go on."""

    def __init__(
        self, index: int, write: Callable[[str], object], clock: Callable[[], float]
    ) -> None:
        self.index, self.write, self.clock = index, write, clock
        self.start, self.last = clock(), float("-inf")
        self.size = self.bundles = self.total = 0

    def seen(self, path: str, data: bytes) -> None:
        """One more file has come."""
        if path == "checkpoint":
            second = data[:1000].split(b"\n")[1:2]
            self.size = int(second[0]) if second and second[0].isdigit() else 0
        if found := _BUNDLE.fullmatch(path):
            self._bundle(int(found[1].replace("x", "").replace("/", "")))
        self._show()

    def end(self) -> None:
        """Leave a clean line."""
        if self.last > float("-inf"):
            self.write("\r" + " " * (WIDTH + 10) + "\r")

    def _bundle(self, number: int) -> None:
        """The first is the announcement's; with the second it is known where the rosters begin."""
        self.bundles += 1
        if self.bundles == 2:
            end = min(self.size, self.index + 1 + AHEAD)
            self.total = max(0, (end - 1) // 256 - number + 1)

    def _show(self) -> None:
        now = self.clock()
        if not self.total or now - self.start < QUIET_S or now - self.last < EVERY_S:
            return
        self.last = now
        done = min(1.0, (self.bundles - 1) / self.total)
        bar = "█" * int(done * WIDTH)
        self.write(f"\r{bar:·<{WIDTH}} {done:4.0%}")
