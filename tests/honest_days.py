"""A day and a half of an honest plant: who comes to its shifts, who keeps its log, who signs."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from shiftapp.model import clockwork, log_keeping
from shiftapp.problems import Problem
from shiftapp.store import Row, Store
from tests.announcing import at, commit, commit_offline, publish
from tests.honest_plants import HonestPlant
from tests.keeping import Watched
from tests.plant import Plant, fixed_bytes, make_keys

MINUTE_MS = 60_000
END_MS = at("15:00")


class HonestDay:
    """From 06:00 of the day before to 15:00 of the day that is announced, drawn by a seed."""

    def __init__(self, store: Store, folder: Path, seed: int) -> None:
        self.draw, self.store = Random(seed), store
        cast = Plant(store, make_keys(folder / "keys"), fixed_bytes(f"honest {seed}"))
        self.plant = HonestPlant(cast, self.draw)
        self.watched = Watched(store, folder)
        self.is_down, self.stays_down = False, self.draw.choice([0.5, 0.9])  # the keeper
        self.busy = self.draw.choice([0.1, 0.4, 0.7])
        self.on_time = self.draw.choice([0.3, 0.6, 0.95])  # the share who commit before the start
        self.unsent: list[tuple[str, int, dict[str, str]]] = []  # part, sealed when, shift
        self.announced: list[str] = []

    def work(self) -> None:
        """All of it, up to three announcements too; in the end all of that is in the log."""
        sign_ms = at(self.draw.choice(["09:05", "09:30", "12:30"]))
        self._keep()
        while self.plant.now_ms < END_MS:
            self._pass(self.draw.choice([5, 10, 20]) * MINUTE_MS)
            if self.draw.random() < 0.3:
                self._send()
            self._happen(self.busy)
            self.is_down = self.draw.random() < (self.stays_down if self.is_down else 0.05)
            self._keep()
            if self.plant.now_ms >= sign_ms and self.draw.random() < 0.4:
                self._happen(0.8)  # known to who signs, and without a place in the log
                self._sign()
        self.is_down = False
        for _ in range(4):
            self._keep()
            self.plant.now_ms += MINUTE_MS + 1000

    def _pass(self, ms: int) -> None:
        """Time passes; the people of a shift that starts meanwhile come just before."""
        then = self.plant.now_ms + ms
        for due_ms in self._starts(then):
            self.plant.now_ms = due_ms - 1000
            clockwork.tick(self.store, self.plant.now_ms)
            for shift in self.plant.near():
                if shift["starts_ms"] == due_ms:
                    self._come(shift, self.on_time)
            self._keep()
            self.plant.now_ms = due_ms + 3500
            self._keep()
        self.plant.now_ms = max(self.plant.now_ms, then)
        if self.draw.random() < 0.9:
            clockwork.tick(self.store, self.plant.now_ms)
        if self.draw.random() < 0.3:
            clockwork.plan(self.store, self.plant.now_ms, self.plant.cast.random)

    def _starts(self, then: int) -> list[int]:
        rows = self.store.rows(
            "SELECT DISTINCT starts_ms FROM series WHERE starts_ms > :now AND starts_ms <= :then"
            " ORDER BY starts_ms",
            now=self.plant.now_ms,
            then=then,
        )
        return [row["starts_ms"] for row in rows]

    def _happen(self, often: float) -> None:
        """As many things as `often` (below 1) gives: people come, somebody presses."""
        while self.draw.random() < often:
            near = self.plant.near()
            if near and self.draw.random() < 0.15:
                self._come(self.draw.choice(near), 0.7)
            else:
                self.plant.press()

    def _come(self, shift: Row, share: float) -> None:
        """A share of the roster commits, some of them without a signal."""
        now_ms = self.plant.now_ms
        claim = {name: shift[name] for name in ("date", "code", "crew")}
        for person in self.plant.on(shift) if shift["opens_ms"] <= now_ms else []:
            part = self.plant.parts[person]
            if self.draw.random() > share:
                continue
            if self.draw.random() < 0.2:
                self.unsent.append((part, now_ms, claim))
            else:
                commit(self.plant.cast, part, now_ms, shift=claim)

    def _send(self) -> None:
        """The phones without a signal have one again."""
        for part, made_ms, claim in self.unsent:
            commit_offline(self.plant.cast, part, made_ms, self.plant.now_ms, shift=claim)
        self.unsent = []

    def _keep(self) -> None:
        if not self.is_down:
            self.watched.now_ms = self.plant.now_ms
            log_keeping.round(self.store, self.watched.keeper, self.plant.now_ms)

    def _sign(self) -> None:
        """Announce, or say it anew; a signatory who comes too early comes again."""
        if len(self.announced) == 3:
            return
        change = {"change": self.draw.choice(["update", "correction"]), "reason": "再发一版"}
        more: dict[str, Any] = change if self.announced else {}
        try:
            found = publish(self.plant.cast, self.plant.now_ms, override="已说明", **more)
            self.announced.append(found["id"])
        except Problem as refused:
            if refused.code != "too_early":
                raise
