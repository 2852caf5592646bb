"""The worker app never loses and never doubles a record, whatever the network does (§11.23)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from shiftapp.model import settings
from tests.browser import phone_queue as queue
from tests.browser.conftest import Site
from tests.browser.faulty import Fault, Faulty

Open = Callable[..., Page]


@pytest.fixture
def faulty(site: Site) -> Iterator[Faulty]:
    """The plant behind a network that does what the test says."""
    proxy = Faulty(site.url)
    site.url = proxy.url
    with site.store.tx() as db:
        settings.put(db, url=proxy.url)
    yield proxy
    proxy.down()


@pytest.fixture
def page(site: Site, faulty: Faulty, phone: Open) -> Page:
    """A worker's phone on its home page, the whole plant on it."""
    return queue.ready(phone("worker"), site)


@pytest.mark.parametrize(
    "fault",
    ["before", "after", "half", "reset", "truncated", "slow", "500", "502", "429"]
    + ["portal", "portal-json"],
)
def test_a_fault_of_the_network_costs_nothing_and_doubles_nothing(
    site: Site, page: Page, faulty: Faulty, fault: Fault
) -> None:
    faulty.then(fault)
    sealed = queue.seal(page, "P-202B 机封滴油")
    queue.kept(site, page, sealed)
    queue.send_all(page)
    queue.delivered(site, page, sealed)
    assert faulty.took()[0] == fault


def test_a_server_that_is_killed_and_comes_back_gets_all_of_it_once(
    site: Site, page: Page, faulty: Faulty
) -> None:
    faulty.down()
    sealed = queue.seal(page, "一", "二", "三")
    page.reload()
    expect(page.locator(".sync").first).to_contain_text("3")
    assert queue.stored(site) == []
    faulty.up()
    queue.send_all(page)
    queue.delivered(site, page, sealed)
    expect(page.locator(".sync").first).to_contain_text("已全部上传")
