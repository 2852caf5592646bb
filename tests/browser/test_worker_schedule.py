"""Random faults: whatever comes in whatever order, every sealed id is on the server exactly once.

The seed is in the name of the test. `make faults SEEDS=50` runs the seeds 0 to 49;
`make faults SEEDS=50 ARGS="-k seed-17"` repeats one.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser import phone_queue as queue
from tests.browser.conftest import Site
from tests.browser.faulty import FAULTS, Faulty

Open = Callable[..., Page]
SEEDS = int(os.environ.get("SEEDS", "3"))
ACTIONS = 60
LASTING = [fault for fault in FAULTS if fault != "413"]  # alone it asks for a person, rightly


@pytest.mark.parametrize("seed", range(SEEDS), ids=lambda seed: f"seed-{seed}")
def test_after_any_faults_every_sealed_id_is_there_once(
    site: Site, faulty: Faulty, phone: Open, seed: int
) -> None:
    first = queue.ready(phone("worker"), site)
    run = Schedule(seed, site, faulty, [first, queue.tab(first, site)])
    for _ in range(ACTIONS):
        run.act()
    run.mend()
    for tab in run.tabs:
        queue.send_all(tab)
    queue.delivered(site, first, run.sealed)
    assert queue.files_missing(site) == 0 and queue.files_left(first) == []
    assert site.store.value("SELECT COUNT(*) FROM record_blob") == run.photos


class Schedule:
    """What happens to a phone with two tabs, drawn by a seed."""

    def __init__(self, seed: int, site: Site, faulty: Faulty, tabs: list[Page]) -> None:
        self.random = random.Random(seed)
        self.site, self.faulty, self.tabs = site, faulty, tabs
        self.sealed: list[str] = []
        self.photos = 0
        faulty.where = "/api/v1/"  # records and photos alike
        self.is_up = self.is_online = True
        self.actions = {
            self.seal: 30,
            self.faults: 25,
            self.last: 8,
            self.kick: 15,
            self.reload: 4,
            self.server: 6,
            self.network: 6,
            self.wait: 25,
        }

    def act(self) -> None:
        (action,) = self.random.choices(list(self.actions), list(self.actions.values()))
        action()

    def tab(self) -> Page:
        return self.random.choice(self.tabs)

    def seal(self) -> None:
        count = self.random.choice([1, 1, 1, 2, 3, 25])
        words = [f"第 {len(self.sealed) + number} 条" for number in range(count)]
        if self.random.random() < 0.4:
            words[0] += "，有照片"
            self.photos += 1
        self.sealed += queue.seal(self.tab(), *words)

    def faults(self) -> None:
        self.faulty.then(*self.random.choices(LASTING, k=self.random.randint(1, 3)))

    def last(self) -> None:
        self.faulty.always(self.random.choice(["pass", "pass", *LASTING]))

    def kick(self) -> None:
        queue.kick(self.tab())

    def reload(self) -> None:
        if self.is_up and self.is_online:  # the tests' own modules come from the server
            tab = self.tab()
            tab.reload()
            queue.seal(tab)

    def server(self) -> None:
        self.is_up = not self.is_up
        if self.is_up:
            self.faulty.up()
        else:
            self.faulty.down()

    def network(self) -> None:
        self.is_online = not self.is_online
        self.tabs[0].context.set_offline(not self.is_online)

    def wait(self) -> None:
        self.tab().wait_for_timeout(self.random.randint(10, 300))

    def mend(self) -> None:
        """Everything is good again."""
        self.faulty.good()
        if not self.is_up:
            self.server()
        if not self.is_online:
            self.network()
