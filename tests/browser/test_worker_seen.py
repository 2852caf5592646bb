"""What a phone seals names the newest tree of the log that it holds (formats.md "Bytes" §2)."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from shiftapp.model.pack import newest_checkpoint
from tests.browser import worker_round as worker
from tests.browser.conftest import Site
from tests.plant import NOW_MS
from tests.sealing_log import seal

Open = Callable[..., Page]


def test_a_phone_names_the_tree_it_holds_also_without_a_signal(site: Site, phone: Open) -> None:
    worker.quicken(site)
    seal(site.store, site.plant.keys, NOW_MS - 60_000)
    held = newest_checkpoint(site.store)
    page = phone("worker")
    page.goto("/W/")
    worker.until(page, worker.STANDS)
    worker.go_offline(page)
    worker.open_station(page, site)
    worker.start(page)
    worker.commit(page)
    worker.walk(page, dwell_ms=120)
    assert site.store.value("SELECT COUNT(*) FROM record") == 0
    worker.go_offline(page, False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".sync-sent").first).to_be_visible()
    rows = site.store.rows("SELECT body, flags FROM record ORDER BY seq")
    assert held is not None and rows
    assert all(json.loads(bytes(row["body"]))["seen"] == held for row in rows)
    assert {row["flags"] for row in rows} == {"[]"}


def test_before_there_is_a_tree_it_names_none(site: Site, phone: Open) -> None:
    worker.quicken(site)
    page = phone("worker")
    worker.open_station(page, site)
    worker.start(page)
    worker.commit(page)
    worker.walk(page, dwell_ms=120)
    expect(page.locator(".sync-sent").first).to_be_visible()
    rows = site.store.rows("SELECT body FROM record ORDER BY seq")
    assert rows and all(json.loads(bytes(row["body"]))["seen"] is None for row in rows)
