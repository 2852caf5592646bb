"""A manager keeps the state of the plant: in a few taps, on a tablet and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, TABLET, Site
from tests.browser.test_manage import faults
from tests.furnishing import enter, furnish, now
from tests.plant import NOW_MS

Open = Callable[..., Page]
ALL_OF_THEM = ("/facilities", "/facilities/U1", "/facilities/W1?state=unsafe")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_manager_enters_what_has_changed_and_looks_at_the_rest(
    site: Site, phone: Open, javascript: bool
) -> None:
    furnish(site.plant)
    page = phone("manager", javascript=javascript)
    page.goto("/facilities")
    expect(page.get_by_text("今天还没看")).to_be_visible()
    page.locator("li.f-card", has_text="碳四装置").get_by_role("button", name="停产").click()
    expect(page.get_by_role("status")).to_have_text("记下了：碳四装置，07:38 起。")
    page.locator("li.f-card", has_text="危化品库").get_by_role("link", name="不安全…").click()
    expect(page.get_by_role("radio", name="不安全", exact=True)).to_be_checked()
    page.get_by_role("textbox", name="原因").fill("2 号探头坏")
    page.get_by_label("已经是从几点起").fill("06:30")
    page.get_by_role("button", name="记下").click()
    expect(page.locator("tbody tr").first).to_contain_text("2 号探头坏")
    page.get_by_role("link", name="装置和重大危险源").click()
    page.get_by_role("button", name="都没有变").click()
    expect(page.get_by_text("今天 07:38 全部看过")).to_be_visible()
    expect(page.get_by_text("1 处不安全")).to_be_visible()
    found = now(site.plant)
    assert (found["U1"].state, found["W1"].state) == ("stopped", "unsafe")
    assert found["W1"].since_ms == NOW_MS - 68 * 60_000
    assert {one.seen_ms for one in found.values()} == {NOW_MS}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])
def test_every_page_reads_well(site: Site, desk: Open, size: tuple[int, int], lang: str) -> None:
    furnish(site.plant)
    enter(site.plant, "U2", "maintenance", note="换热器清洗")
    enter(site.plant, "W1", "unsafe", note="2 号探头坏")
    page = desk("manager", size=size, lang=lang)
    for path in (*ALL_OF_THEM, "/manage/facilities", "/manage/facilities/T1"):
        page.goto(path)
        # A choice is as large as its label, not as its circle.
        assert [one for one in faults(page) if 'type="radio"' not in one] == [], path
