"""A press counts also where something is drawn again under it that looks the same after it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import phone_queue as queue
from tests.browser import worker_round as worker
from tests.browser.conftest import Site
from tests.plant import PUMPS

Open = Callable[..., Page]
# The server's answer and the news of the outbox come, and whoever draws by them has drawn.
NEWS = """async () => {
  for (const name of ['pack', 'outbox']) document.dispatchEvent(new CustomEvent(name));
  await new Promise((resolve) => setTimeout(resolve, 300));
}"""


def press_over_news(page: Page, place: Locator) -> None:
    """A finger goes down, news comes, the finger goes up."""
    place.hover()
    page.mouse.down()
    page.evaluate(NEWS)
    page.mouse.up()


@pytest.mark.parametrize(
    ("url", "pressed", "shows"),
    [
        (f"/W/{PUMPS}", "[data-start]", ".w-oath"),
        ("/W/trouble", ".w-doors .btn-act >> nth=0", ".w-tray .btn-lead"),
        ("/W/trouble", ".w-doors .btn-act >> nth=1", "#what"),
        ("/W/trouble", ".sync", "[data-list]"),
        ("/W/", ".sync", "[data-list]"),
        ("/W/", "[data-foot] a[href='/W/selfcheck']", "[data-level]"),
    ],
)
def test_what_is_pressed_is_done_though_news_comes_under_the_finger(
    site: Site, phone: Open, url: str, pressed: str, shows: str
) -> None:
    page = phone("worker")
    page.goto(url)
    worker.until(page, "async () => window.answered")
    press_over_news(page, page.locator(pressed))
    expect(page.locator(shows)).to_be_visible()


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


def test_a_code_that_is_being_copied_stays_selected(plain_site: Site, phone: Open) -> None:
    """Without a clipboard it is selected, to be copied by hand; news comes all the time."""
    page = phone("worker", base=plain_site)
    page.goto("/W/trouble")
    worker.until(page, "async () => window.answered")
    queue.report(page, "P-202B 机封滴油")
    expect(page.locator(".w-line")).to_contain_text("公司已收到")
    page.get_by_text("复制").click()
    expect(page.locator(".w-copy")).to_have_text("已选中，长按复制")
    page.evaluate(NEWS)
    expect(page.locator(".w-copy")).to_have_text("已选中，长按复制")
    assert page.evaluate("getSelection().toString()") == page.locator(".w-code b").inner_text()
