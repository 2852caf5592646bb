"""The signatory publishes, and the page that anybody may read changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from shiftapp.model import credentials
from tests.announcing import commit, day_works, night_works
from tests.browser.conftest import DESK, PHONE, Site

Open = Callable[..., Page]
PASSWORD = "correct horse battery"
NARROW = (320, 640)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(autouse=True)
def morning(site: Site) -> None:
    """09:05: last night's crew and this morning's have signed, one person is missing."""
    night_works(site.plant)
    day_works(site.plant, missing=1)
    site.clock.at("09:05")
    hashed = credentials.hash_secret(PASSWORD, site.plant.keys.pin_pepper)
    with site.store.tx() as db:
        credentials.set_password(db, site.plant.id("signatory"), hashed)


def faults(page: Page) -> list[str]:
    """What axe finds, and whatever goes sideways."""
    found = Axe().run(page, options=RULES).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found] + (
        ["goes sideways"] if wide else []
    )


def sign(page: Page, button: str) -> None:
    page.get_by_label("再输一次你的密码").fill(PASSWORD)
    page.get_by_role("button", name=button).click()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_signatory_publishes_and_the_public_page_changes(
    site: Site, desk: Open, phone: Open, javascript: bool
) -> None:
    public = phone(None, javascript=javascript)
    public.goto("/")
    expect(public.get_by_text("还没有公告。")).to_be_visible()

    page = desk("signatory", javascript=javascript)
    page.goto("/publish")
    page.locator("a.p-n").nth(1).click()  # a figure marks its row
    marked = page.locator("tr:target")
    expect(marked).to_contain_text("按时")
    sign(page, "签发公告")
    expect(page.get_by_text("第 1 版已签发")).to_be_visible()

    public.reload()
    expect(public.locator(".a-share")).to_contain_text("11 人，应到 12 人，占 91%")
    expect(public.get_by_text("1 人在班，还没做班前承诺。")).to_be_visible()
    expect(public.get_by_role("img", name="12 人中 11 人按时")).to_be_visible()

    commit(site.plant, "leader", site.clock.at("09:10"))
    page.goto("/publish")
    expect(page.get_by_text("补做 0 改为 1。")).to_be_visible()
    page.get_by_text("签发更正…").click()
    page.get_by_label("为什么更正").fill("补了一人")
    sign(page, "签发更正")
    expect(page.get_by_text("第 2 版已签发")).to_be_visible()

    public.reload()
    expect(public.get_by_text("没按时的都已补做。")).to_be_visible()
    public.get_by_role("link", name="看第 1 版").click()
    expect(public.get_by_text("这是第 1 版")).to_be_visible()


def test_figures_that_change_under_the_signatorys_hand_are_shown_anew(
    site: Site, desk: Open
) -> None:
    page = desk("signatory")
    page.expected.append("409")  # type: ignore[attr-defined]
    page.goto("/publish")
    commit(site.plant, "leader", site.clock.at("09:06"))
    sign(page, "签发公告")
    expect(page.get_by_role("alert")).to_contain_text("数变了")
    sign(page, "签发公告")
    expect(page.get_by_text("第 1 版已签发")).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE, NARROW], ids=["desk", "phone", "narrow"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_is_without_a_fault_at_every_size(
    site: Site, desk: Open, size: tuple[int, int], lang: str
) -> None:
    page = desk("signatory", size=size, lang=lang)
    for path in ("/publish", "/publish/history", "/publish/sources"):
        page.goto(path)
        assert faults(page) == [], path
    page.goto("/publish")
    page.locator("#password").fill(PASSWORD)
    page.locator("form.p-form button").click()
    page.goto("/publish")
    page.locator("summary").click()
    assert faults(page) == []
    reader = desk(None, size=size)
    start = "/en/" if lang == "en" else "/"
    for path in (start, f"{start}announcements", f"{start}privacy"):
        reader.goto(path)
        assert faults(reader) == [], path
    site.clock.at("10:30", "2026-11-25")
    reader.goto(start)
    assert faults(reader) == []
