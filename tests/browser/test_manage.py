"""The manager's texts and workbook: a checklist reaches the phone; every page reads well."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import worker_round as worker
from tests.browser.axe import violations
from tests.browser.conftest import DESK, Site
from tests.exchange import books

Open = Callable[..., Page]
NARROW = (820, 1180)
CARD = "/manage/jobs/J02/checklist"
TEXTS = (
    "/manage/exchange",
    CARD,
    f"{CARD}?step=4",
    f"{CARD}/1",
    "/manage/commitment?q=1",
    "/manage/commitment/1",
)
SMALL = """() => [...document.querySelectorAll('.btn, .tabs a, main a, select, textarea, input')]
  .filter((e) => e.checkVisibility() && !e.closest('.sr, p, li, td') && e.type !== 'checkbox')
  .filter((e) => e.getBoundingClientRect().height < 47.5)
  .map((e) => e.outerHTML.slice(0, 120))"""


def faults(page: Page) -> list[str]:
    """What axe finds, targets that are too small, and whatever goes sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return violations(page) + list(page.evaluate(SMALL)) + (["goes sideways"] if wide else [])


@pytest.mark.parametrize("javascript", [True, False])
def test_a_published_checklist_is_what_the_phone_asks_next(
    site: Site, desk: Open, phone: Open, javascript: bool
) -> None:
    worker.quicken(site)
    page = desk("manager", javascript=javascript)
    page.goto(f"{CARD}?step=1")
    page.get_by_role("textbox", name="第 1 步，说什么").fill("帽服鞋镜，一样不少")
    page.get_by_role("button", name="改第 3 步").click()  # keeps what was typed
    expect(page.locator(".m-phone .w-target")).to_have_text("机泵出口压力表")
    page.get_by_role("button", name="删这一步").click()
    expect(page.get_by_role("heading", name="7 步")).to_be_visible()
    page.get_by_role("button", name="加一步").click()
    page.get_by_role("textbox", name="第 8 步，指什么").fill("逃生路")
    page.expected.append("422")  # type: ignore[attr-defined]
    page.get_by_role("button", name="发布第 3 版").click()
    page.get_by_text("第 8 步：“说什么”不能空。").first.wait_for()
    page.get_by_role("textbox", name="第 8 步，说什么").fill("路通，灯亮")
    page.get_by_role("textbox", name="第 8 步，怎样算正常").fill("没堆东西")
    expect(page.get_by_role("textbox", name="第 8 步，指什么")).to_have_value("逃生路")
    page.get_by_role("button", name="发布第 3 版").click()
    expect(page.get_by_role("status")).to_have_text("第 3 版在用了，手机下次联网就拿到。")

    hand = phone("worker")
    worker.open_station(hand, site)
    worker.start(hand)
    worker.commit(hand)
    worker.at_step(hand, 1)
    expect(hand.locator(".w-call")).to_have_text("帽服鞋镜，一样不少")


def test_a_workbook_is_looked_at_and_then_written(site: Site, desk: Open) -> None:
    page = desk("admin")
    page.goto("/manage/exchange")
    file = {"name": "厂.xlsx", "mimeType": "", "buffer": books.file().getvalue()}
    page.get_by_label("工作簿").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="看看会改什么").click()
    expect(page.get_by_role("button", name="就这样写进去")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="就这样写进去").click()
    expect(page.get_by_role("status")).to_contain_text("写好了")
    with page.expect_download() as poster:
        page.get_by_role("link", name="海报").click()
    assert poster.value.path().read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(("size", "lang"), [(DESK, "zh"), (NARROW, "en")], ids=["desk", "narrow"])
def test_every_page_of_a_text_is_without_a_fault(
    site: Site, desk: Open, size: tuple[int, int], lang: str
) -> None:
    page = desk("admin", size=size, lang=lang)
    for path in TEXTS:
        page.goto(path)
        assert faults(page) == [], path
    page.goto(f"{CARD}?step=3")
    page.expected.append("422")  # type: ignore[attr-defined]
    page.locator("[name='call.2']").fill("")
    page.locator("[name='lo.2']").fill("x")
    page.locator("button[value=publish]").click()
    page.locator("#faults").wait_for()
    assert faults(page) == []
    page.goto("/manage/commitment")
    page.locator("[name^=text][id]").last.fill("后果自负")
    page.locator("button[value=publish]").click()
    page.locator("[role=alert]").wait_for()
    assert faults(page) == []
