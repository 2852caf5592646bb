"""News that comes while somebody goes on: what was left stays left."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import worker_round as worker
from tests.browser.conftest import Site

Open = Callable[..., Page]
# The server's answer and the news of the outbox come, and whoever draws by them has drawn.
NEWS = """async () => {
  for (const name of ['pack', 'outbox']) document.dispatchEvent(new CustomEvent(name));
  await new Promise((resolve) => setTimeout(resolve, 300));
}"""


def test_who_leaves_the_list_of_uploads_while_it_is_drawn_again_has_left(
    site: Site, phone: Open
) -> None:
    page = phone("worker")
    page.goto("/W/trouble")
    worker.until(page, "async () => window.answered")
    page.locator(".sync").click()
    expect(page.locator("[data-list]")).to_be_visible()
    page.locator(".w-bar .btn-bare").evaluate(
        "(back) => { document.dispatchEvent(new CustomEvent('outbox')); back.click(); }"
    )
    page.evaluate(NEWS)
    expect(page.locator("[data-list]")).to_have_count(0)
    expect(page.locator(".w-doors")).to_be_visible()
