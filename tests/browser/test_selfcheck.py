"""Somebody tells the company what their phone can do: a press on the phone, a line at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shiftapp.model import selfchecks
from tests.browser import worker_round as worker
from tests.browser.conftest import Site

Open = Callable[..., Page]
SEND = "[data-send] button"
TOLD = "[data-send] [data-told]"


@pytest.mark.parametrize(
    ("lang", "thanks", "tier"),
    [("zh", "发了，谢谢。", "全能用"), ("en", "Sent, thank you.", "Everything")],
)
def test_a_press_sends_what_the_page_says(
    site: Site, phone: Open, desk: Open, lang: str, thanks: str, tier: str
) -> None:
    page = phone("worker", lang=lang)
    page.goto("/W/")
    worker.until(page, worker.STANDS)
    page.goto("/W/selfcheck")
    expect(page.locator(SEND)).to_be_visible()
    shown = {one: page.locator(f"[data-{one}]").inner_text() for one in ("agent", "screen", "font")}
    assert site.store.value("SELECT COUNT(*) FROM selfcheck") == 0
    page.locator(SEND).click()
    expect(page.locator(TOLD)).to_have_text(thanks)
    expect(page.locator(SEND)).to_be_disabled()
    (row,) = selfchecks.listing(site.store)
    assert row["device"] == site.plant.device("worker")[0]
    assert shown == {"agent": row["agent"], "screen": row["screen"], "font": f"{row['font']}%"}
    assert row["agent"] == page.evaluate("navigator.userAgent")
    held = {one.get_attribute("data-check"): one.get_attribute("data-holds") == "true"
            for one in page.locator("[data-check]").all()}  # fmt: skip
    assert row["checks"] == held
    leaf = desk("manager", lang=lang)
    leaf.goto("/manage/devices")
    expect(leaf.locator("tbody tr", has_text="张三")).to_contain_text(tier)
    leaf.locator("a[href='/manage/devices/selfchecks']").click()
    expect(leaf.locator("tbody tr")).to_contain_text(row["agent"])
    assert leaf.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_phone_of_nobodys_without_a_secure_address_sends_too(
    plain_site: Site, phone: Open
) -> None:
    page = phone(None, base=plain_site)
    page.expected.append("401")  # type: ignore[attr-defined]  # it asks for its pack and has none
    page.goto("/W/selfcheck")
    page.locator(SEND).click()
    expect(page.locator(TOLD)).to_have_text("发了，谢谢。")
    (row,) = selfchecks.listing(plain_site.store)
    assert (row["device"], row["tier"], row["checks"]["secure"]) == (None, "online", False)


def test_what_does_not_go_out_is_said_and_may_be_pressed_again(site: Site, phone: Open) -> None:
    page = phone(None)
    page.expected += ["401", "429"]  # type: ignore[attr-defined]
    page.goto("/W/selfcheck")
    expect(page.locator(SEND)).to_be_visible()
    worker.until(page, worker.STANDS)  # else its script is asked for without a signal
    worker.go_offline(page)
    page.locator(SEND).click()
    expect(page.locator(TOLD)).to_have_text("没发出去。有信号时再按一次。")
    worker.go_offline(page, False)
    with site.store.tx() as db:
        for _ in range(selfchecks.A_MINUTE):
            selfchecks.keep(db, sent_before(), None, site.clock.ms)
    page.locator(SEND).click()
    expect(page.locator(TOLD)).to_contain_text("现在发的人太多")
    site.clock.ms += selfchecks.MINUTE_MS
    page.locator(SEND).click()
    expect(page.locator(TOLD)).to_have_text("发了，谢谢。")


def sent_before() -> selfchecks.SelfCheck:
    checks = dict.fromkeys(selfchecks.CHECKS, True)
    return selfchecks.SelfCheck(checks, "full", "Safari", "360x640@2", 100)
