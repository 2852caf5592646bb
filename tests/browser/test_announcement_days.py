"""Days of the demo plant's announcement, by the people who make, sign and read it.

One day with a major hazard: blocked while nobody has answered it, then published with the truth in
it; an update when special hot work begins; a correction; and a clean day, signed on a phone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shiftapp.demo.delivery import Later
from shiftapp.model import findings
from tests.browser import demo_plant
from tests.browser.conftest import Site
from tests.browser.demo_plant import DIRECTOR, PRINCIPAL, Backstage
from tests.demo.conftest import DAY
from tests.web.plain import PIN

Open = Callable[..., Page]
DATE = DAY.isoformat()
CLEAR, EXCEPT = "风险防控措施已落实", "除下面写明的以外"


@pytest.fixture
def made() -> list[Later]:
    return []


@pytest.fixture
def site(tmp_path: Path, made: list[Later]) -> Iterator[Site]:
    yield from demo_plant.served(tmp_path / "demo", made)


@pytest.fixture
def backstage(site: Site, made: list[Later]) -> Backstage:
    return Backstage(site, made)


def test_a_day_with_a_major_hazard_is_blocked_then_honest_then_updated_then_corrected(
    site: Site, backstage: Backstage, desk: Open
) -> None:
    principal, director, citizen = desk(PRINCIPAL), desk(DIRECTOR), desk(None)
    major_and_unanswered(site, backstage)
    it_is_blocked(principal)
    settled_but_not_gone(backstage, director)
    it_is_published_with_the_truth(principal, citizen)
    special_hot_work_begins(backstage, director)
    an_update_says_so(principal, citizen)
    a_permit_was_registered_twice_over(backstage, director)
    a_correction_says_so(principal, citizen)


def test_a_clean_day_is_signed_by_the_principal_on_a_phone(
    site: Site, backstage: Backstage, phone: Open
) -> None:
    now = backstage.at("16:40")
    backstage.settle_everything(now)
    backstage.at("19:30")
    backstage.work_a_shift(0, "N")
    backstage.at("07:30", 1)
    backstage.work_a_shift(1, "D")
    backstage.settle_everything(backstage.at("08:15", 1))
    backstage.look_around(backstage.at("08:20", 1))
    backstage.sign_the_ladder(1, backstage.at("08:30", 1))
    backstage.at("09:10", 1)
    hand, citizen = phone(PRINCIPAL), phone(None)
    hand.goto("/publish")
    expect(hand.locator("main")).not_to_contain_text("处没处理")
    expect(hand.locator(".p-paper")).not_to_contain_text(EXCEPT)
    assert hand.evaluate("document.documentElement.scrollWidth <= innerWidth")
    hand.get_by_role("button", name="签发公告").click()
    expect(hand.get_by_text("不证明内容属实")).to_be_visible()
    exact = hand.locator(".p-text").inner_text()
    hand.get_by_label("再输一次你的 PIN").fill("000000")
    hand.expected.append("403")  # type: ignore[attr-defined]
    hand.get_by_role("button", name="签名，马上公布").click()
    expect(hand.get_by_role("alert")).to_contain_text("PIN 不对")
    hand.get_by_label("再输一次你的 PIN").fill(PIN)
    hand.get_by_role("button", name="签名，马上公布").click()
    expect(hand.get_by_text("第 1 版已签发")).to_be_visible()

    read(citizen)
    expect(citizen.locator(".a-oath")).to_contain_text(CLEAR)
    expect(citizen.locator(".a-oath")).not_to_contain_text(EXCEPT)
    expect(citizen.locator(".a-open")).to_have_count(0)
    note = citizen.request.get(citizen.get_by_role("link", name="签名文件").get_attribute("href"))
    lines = [line for line in exact.splitlines() if line.strip()]
    assert lines and [line for line in lines if line not in note.text().splitlines()] == []


def major_and_unanswered(site: Site, backstage: Backstage) -> None:
    """09:05: the level of the tank stopped a round, and the director calls it a major hazard."""
    backstage.at("09:05")
    with site.store.tx() as db:
        for one in findings.open_hazards_at(db, site.clock.ms):
            if one["veto"] and one["answered_ms"] is None:
                findings.set_level(db, one["id"], "major")


def it_is_blocked(page: Page) -> None:
    page.goto("/publish")
    expect(page.get_by_text("还不能签发")).to_be_visible()
    expect(page.locator(".p-block")).to_contain_text("重大隐患")
    expect(page.get_by_role("button", name="签发公告")).to_have_count(0)


def settled_but_not_gone(backstage: Backstage, director: Page) -> None:
    """The director answers, looks around; leader, production and plant sign. It is not mended."""
    now = backstage.at("09:12")
    backstage.answer_everything(now)
    director.goto("/facilities")
    director.get_by_role("button", name="都没有变").click()
    backstage.sign_a_shift(0, "D", now)
    backstage.sign_the_ladder(0, now)
    backstage.at("09:33")


def it_is_published_with_the_truth(page: Page, citizen: Page) -> None:
    page.goto("/publish")
    expect(page.locator(".p-paper")).to_contain_text(EXCEPT)
    sign(page, "签发公告", override="泵区已停用隔离，专人看守" if blocked(page) else "")
    read(citizen)
    expect(citizen.locator(".a-oath")).to_contain_text(EXCEPT)
    expect(citizen.locator(".a-open")).to_contain_text("处重大隐患还没有消除")


def special_hot_work_begins(backstage: Backstage, director: Page) -> None:
    backstage.at("09:45")
    director.goto("/special-work")
    register(director, "DH-1124-09", "fire.special", "11:00", "15:00")


def an_update_says_so(page: Page, citizen: Page) -> None:
    page.goto("/publish")
    expect(page.locator(".p-act")).to_contain_text("特级动火 0 改为 1")
    sign(page, "再发一版", how="情况变了（更新）", reason="新增一处特级动火")
    read(citizen)
    expect(citizen.get_by_text("特级动火 0 改为 1")).to_be_visible()
    expect(citizen.get_by_text("新增一处特级动火")).to_be_visible()
    citizen.get_by_role("link", name="看第 1 版").click()
    expect(citizen.get_by_text("由第 2 版代替")).to_be_visible()


def a_permit_was_registered_twice_over(backstage: Backstage, director: Page) -> None:
    """The same work under two numbers: the second is called off before it begins."""
    backstage.at("09:50")
    director.goto("/special-work")
    director.locator("tr", has_text="DH-1124-03").get_by_role("link").first.click()
    cancel(director, "和 02 号是同一处")


def a_correction_says_so(page: Page, citizen: Page) -> None:
    page.goto("/publish")
    sign(page, "再发一版", how="前一版有错（更正）", reason="一处动火登记了两张票")
    read(citizen)
    expect(citizen.get_by_text("二级动火 3 改为 2")).to_be_visible()
    expect(citizen.get_by_text("一处动火登记了两张票")).to_be_visible()
    citizen.get_by_role("link", name="看第 2 版").click()
    expect(citizen.get_by_text("由第 3 版代替")).to_be_visible()
    expect(citizen.get_by_text("新增一处特级动火")).to_be_visible()


def read(citizen: Page) -> None:
    """The public page anew: a browser need not ask for a minute."""
    citizen.goto("/")
    citizen.reload()


def blocked(page: Page) -> bool:
    return page.get_by_text("还不能签发").count() > 0


def sign(page: Page, button: str, *, override: str = "", how: str = "", reason: str = "") -> None:
    """Reasons, then the text, then who it is."""
    if page.locator("details.p-over").count():
        page.locator("details.p-over > summary").click()
    if page.locator("#override").count():
        page.locator("#override").fill(override or "已隔离，专人看守")
    if how:
        page.get_by_label(how).check()
        page.get_by_label("写明理由").fill(reason)
    page.locator("form.p-form button[type=submit]").click()
    expect(page.get_by_text("要签的就是这些字")).to_be_visible()
    page.get_by_label("再输一次你的密码").fill(PIN)
    page.get_by_role("button", name="签名，马上公布").click()
    expect(page.get_by_text("版已签发")).to_be_visible()


def register(page: Page, no: str, kind: str, starts: str, ends: str) -> None:
    """A permit of today, at the desk."""
    page.get_by_role("link", name="登记作业票").click()
    page.get_by_label("作业票号").fill(no)
    page.get_by_label("作业和级别").select_option(kind)
    page.get_by_label("作业地点").fill("V-305 罐根部")
    for label, clock in (("开始", starts), ("结束", ends)):
        page.get_by_label(f"哪天{label}").fill(DATE)
        page.get_by_label(f"几点{label}").fill(clock)
    page.get_by_role("button", name="登记这张票").click()
    expect(page.locator("main")).to_contain_text(no)


def cancel(page: Page, why: str) -> None:
    page.get_by_label("为什么取消").fill(why)
    page.get_by_role("button", name="取消作业").click()
    expect(page.locator("main")).to_contain_text(why)
