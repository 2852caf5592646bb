"""What the server saw in a record is read on the phone that made it, by whoever made it, first."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import phone_queue as queue
from tests.browser import worker_round as worker
from tests.browser.conftest import Site

Open = Callable[..., Page]
NOT_LISTED = "已收到。你不在本班名单，班长会看到。"


def walk_unlisted(site: Site, page: Page) -> None:
    """A whole round of somebody on no roster."""
    worker.quicken(site)
    with site.store.tx() as db:
        db.run("DELETE FROM roster WHERE person = :p", p=site.plant.id("worker"))
    worker.open_station(page, site)
    worker.start(page)
    worker.commit(page)
    worker.walk(page, dwell_ms=120)


def test_who_is_on_no_roster_reads_that_the_leader_will_see_it(site: Site, phone: Open) -> None:
    page = phone("worker")
    walk_unlisted(site, page)
    expect(page.locator("main .note")).to_have_text(NOT_LISTED)
    below = page.locator("main .note:has-text('不在本班名单') >> xpath=following::section")
    expect(below).to_have_attribute("aria-label", "回执码")


def test_what_the_server_saw_is_read_though_the_second_script_comes_late(
    plain_site: Site, phone: Open
) -> None:
    """Without it all else is said; nothing is asked to get it but news of the outbox."""
    page = phone("worker", base=plain_site)
    queue.hush(page)
    page.route("**/more.zh.js*", lambda route: route.abort())
    walk_unlisted(plain_site, page)
    expect(page.locator(".w-line")).to_contain_text("公司已收到")
    expect(page.locator("main .note, .w-code")).to_have_count(0)
    page.unroute("**/more.zh.js*")
    queue.kick(page)
    expect(page.locator("main .note")).to_have_text(NOT_LISTED)
    expect(page.locator(".w-code b")).to_be_visible()
    queue.kick(page)
    queue.kick(page)
    expect(page.locator("main .note")).to_have_count(1)
    expect(page.locator(".w-code b")).to_have_count(1)
