"""The signatory publishes, and the page that anybody may read changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shiftapp.model import credentials
from tests.announcing import at, commit, day_works, night_works
from tests.browser.axe import violations
from tests.browser.conftest import DESK, PHONE, TABLET, Site
from tests.crew import veto_step
from tests.sealing import deliver, run_body

Open = Callable[..., Page]
PASSWORD, PIN = "correct horse battery", "471936"
NARROW = (320, 640)


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
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return violations(page) + (["goes sideways"] if wide else [])


def sign(page: Page, button: str, secret: str = PASSWORD) -> None:
    """Both steps: to the text, then the signature under it."""
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name="要签的就是这些字")).to_be_visible()
    expect(page.get_by_text("不证明内容属实")).to_be_visible()
    page.locator("#secret").fill(secret)
    page.get_by_role("button", name="签名，马上公布").click()


def on_the_phone(site: Site, phone: Open, part: str = "signatory", **more: object) -> Page:
    """The phone of somebody who has a PIN."""
    hashed = credentials.hash_secret(PIN, site.plant.keys.pin_pepper)
    with site.store.tx() as db:
        credentials.set_pin(db, site.plant.id(part), hashed)
    return phone(part, **more)


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
    expect(public.get_by_text("还没有公告。")).to_have_count(0)

    commit(site.plant, "leader", site.clock.at("09:10"))
    page.goto("/publish")
    expect(page.get_by_text("补做 0 改为 1。")).to_be_visible()
    page.get_by_text("再发一版…").click()
    page.get_by_label("情况变了（更新）").check()
    page.get_by_label("写明理由").fill("补了一人")
    sign(page, "再发一版")
    expect(page.get_by_text("第 2 版已签发")).to_be_visible()
    page.goto("/publish/history")
    expect(page.get_by_text("更新：补了一人")).to_be_visible()


def test_figures_that_change_under_the_signatorys_hand_are_shown_anew(
    site: Site, desk: Open
) -> None:
    page = desk("signatory")
    page.expected.append("409")  # type: ignore[attr-defined]
    page.goto("/publish")
    commit(site.plant, "leader", site.clock.at("09:06"))
    page.get_by_role("button", name="签发公告").click()
    expect(page.get_by_role("alert")).to_contain_text("数变了")
    sign(page, "签发公告")
    expect(page.get_by_text("第 1 版已签发")).to_be_visible()


def test_a_signatory_signs_on_a_phone_in_one_column(site: Site, phone: Open) -> None:
    """The text, what is open, the signature, in this order; nothing sideways, nothing small."""
    page = on_the_phone(site, phone)
    page.goto("/W/")
    page.get_by_role("link", name="签发公告，10:00 前").click()
    tops = [
        page.get_by_role("heading", name=name).bounding_box()
        for name in ("公告原文", "公告会写明 1 处", "层层签字", "每个数从哪来")
    ]
    assert [box["y"] for box in tops if box] == sorted(box["y"] for box in tops if box)
    assert len([box for box in tops if box]) == 4
    assert faults(page) == []
    assert small(page) == []
    page.expected.append("403")  # type: ignore[attr-defined]
    sign(page, "签发公告", "000001")
    expect(page.get_by_role("alert")).to_contain_text("PIN 不对")
    assert faults(page) == []
    assert small(page) == []
    page.locator("#secret").fill(PIN)
    page.get_by_role("button", name="签名，马上公布").click()
    expect(page.get_by_text("第 1 版已签发")).to_be_visible()
    assert small(page) == []


def small(page: Page) -> list[str]:
    """Controls under 48 px either way; a figure inside a line of text is a link in a sentence."""
    found = []
    for one in page.locator(".p-page :is(button, input, select, textarea, summary, a)").all():
        box, kind = one.bounding_box(), one.get_attribute("class") or ""
        if box and "p-n" not in kind.split() and one.get_attribute("type") not in ("radio",):
            tall = box["height"] >= 47.5
            if not tall:
                found.append(f"{one.evaluate('e => e.outerHTML')[:120]} {box['height']}")
    return found


def test_a_delegate_signs_for_the_principal(site: Site, desk: Open, phone: Open) -> None:
    page = desk("signatory")
    mine = on_the_phone(site, phone, "leader")
    no = site.store.value("SELECT no FROM person WHERE id = :i", i=site.plant.id("leader"))
    page.goto("/publish/delegations")
    page.get_by_label("被授权人的工号").fill(str(no))
    page.get_by_label("授权书文号").fill("安字 7 号")
    page.locator("#secret").fill(PASSWORD)
    page.get_by_role("button", name="授权", exact=True).click()
    expect(page.get_by_text("授权记下了。")).to_be_visible()
    assert faults(page) == []
    mine.goto("/publish")
    mine.get_by_role("button", name="签发公告").click()
    expect(mine.get_by_text("受 周九 书面授权，授权书 安字 7 号")).to_be_visible()
    mine.locator("#secret").fill(PIN)
    mine.get_by_role("button", name="签名，马上公布").click()
    expect(mine.get_by_text("第 1 版已签发")).to_be_visible()


def test_an_open_gap_blocks_and_is_signed_over_with_a_reason(site: Site, desk: Open) -> None:
    """A veto nobody has answered: red on top, no strong button, then the honest version."""
    bad = run_body(site.plant, "worker", at("08:10"), bad=veto_step(site.plant))
    deliver(site.plant, bad, at_ms=at("08:10"))
    page = desk("signatory")
    page.goto("/publish")
    expect(page.get_by_role("heading", name="不能签发")).to_be_visible()
    expect(page.locator(".p-block-i").first).to_contain_text("1 处否决项还没有人答复。")
    expect(page.get_by_role("button", name="签发公告")).to_have_count(0)
    assert faults(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    block, words = page.locator(".p-block").bounding_box(), page.locator(".p-words").bounding_box()
    assert block and words and block["y"] < words["y"]
    page.get_by_text("带着问题签发…").click()
    page.get_by_label("为什么带着问题签发").fill("正在换阀门")
    sign(page, "带着问题签发")
    expect(page.get_by_text("第 1 版已签发")).to_be_visible()


def test_past_its_time_the_page_says_so(site: Site, desk: Open) -> None:
    site.clock.at("10:01")
    page = desk("signatory")
    page.goto("/publish")
    expect(page.get_by_text("已过 10:00，还没有公告")).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("size", [DESK, PHONE, NARROW], ids=["desk", "phone", "narrow"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_is_without_a_fault_at_every_size(
    site: Site, desk: Open, size: tuple[int, int], lang: str
) -> None:
    page = desk("signatory", size=size, lang=lang)
    for path in ("/publish", "/publish/history", "/publish/sources", "/publish/delegations"):
        page.goto(path)
        assert faults(page) == [], path
    page.goto("/publish")
    page.locator("form.p-form button").click()
    page.locator("#secret").fill(PASSWORD)  # the text is shown
    assert faults(page) == []
    page.locator("form.p-form button").click()
    page.locator(".p-over").wait_for()  # it is signed
    page.goto("/publish")
    page.locator(".p-over > summary").click()
    assert faults(page) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [DESK, TABLET, PHONE, NARROW], ids=str)
def test_every_tab_every_column_and_the_way_to_a_leave_are_seen(
    site: Site, desk: Open, size: tuple[int, int], lang: str
) -> None:
    site.speaks("signatory", lang)
    page = desk("signatory", size=size)
    page.goto("/publish")
    assert outside(page, ".p-top .tabs a") == []
    assert outside(page, ".p-proof .badge") == []
    narrow = page.evaluate(
        "[...document.querySelectorAll('.p-proof tr[id] > td:nth-child(2)')]"
        ".filter(one => one.getBoundingClientRect().width < 96).map(one => one.innerText)"
    )
    assert narrow == []
    page.locator(".p-away a").click()
    expect(page).to_have_url(f"{site.url}/publish/delegations")
    assert faults(page) == []


def outside(page: Page, selector: str) -> list[str]:
    """What of it stands outside the screen or is hidden behind an edge."""
    found: list[str] = page.eval_on_selector_all(
        selector,
        """all => all.filter(one => {
          const box = one.getBoundingClientRect();
          let room = one.parentElement, right = innerWidth;
          for (; room; room = room.parentElement)
            if (getComputedStyle(room).overflowX !== 'visible')
              right = Math.min(right, room.getBoundingClientRect().right);
          return box.left < 0 || box.right > right + 1;
        }).map(one => one.innerText)""",
    )
    return found
