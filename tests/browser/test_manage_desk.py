"""The manager's lists and forms: every page reads well, faults are led to, nobody overwrites."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shiftapp.model import selfchecks
from tests.browser.conftest import DESK, TABLET, Site
from tests.browser.test_manage import faults
from tests.plant import PUMPS

Open = Callable[..., Page]
UPRIGHT = (820, 1180)
PAGES = (
    "/manage",
    "/manage/people",
    "/manage/people?lack=phone&q=9",
    "/manage/people?crew=NO",
    "/manage/new/person",
    "/manage/stations",
    f"/manage/stations/{PUMPS}",
    "/manage/new/station",
    "/manage/areas",
    "/manage/areas/A1",
    "/manage/new/area",
    "/manage/sites/YC",
    "/manage/jobs",
    "/manage/jobs/J02",
    "/manage/new/job",
    "/manage/crews",
    "/manage/crews/JIA",
    "/manage/new/crew",
    "/manage/groups/G-YI",
    "/manage/patterns",
    "/manage/patterns/P4",
    "/manage/new/pattern",
    "/manage/devices",
    "/manage/devices/selfchecks",
    "/manage/settings",
    "/manage/audit",
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tabs_of_a_tablet_need_no_scrolling(site: Site, desk: Open, lang: str) -> None:
    page = desk("admin", size=TABLET, lang=lang)
    page.goto("/manage")
    last = page.locator(".g-top .tabs a").last
    expect(last).to_be_in_viewport(ratio=1)
    tabs = "document.querySelector('.g-top .tabs')"
    assert page.evaluate(f"{tabs}.scrollWidth - {tabs}.clientWidth") <= 0


@pytest.mark.parametrize(
    ("part", "size", "lang"),
    [("admin", DESK, "zh"), ("admin", UPRIGHT, "en"), ("inspector", TABLET, "zh")],
)
def test_every_page_reads_well(
    site: Site, desk: Open, part: str, size: tuple[int, int], lang: str
) -> None:
    device, _ = site.plant.device("worker")
    with site.store.tx() as db:
        checks = {name: name != "voice" for name in selfchecks.CHECKS}
        sent = selfchecks.SelfCheck(checks, "full", "Mozilla/5.0 (Linux)", "390x844@3", 100)
        selfchecks.keep(db, sent, device, site.clock.ms)
    page = desk(part, size=size, lang=lang)
    person = f"/manage/people/{site.plant.id('worker')}"
    pages = [one for one in (*PAGES, person) if part == "admin" or "/new/" not in one]
    found = {}
    for path in pages:
        answer = page.goto(path)
        assert answer is not None and answer.status == 200, path
        found[path] = faults(page)
    assert {path: said for path, said in found.items() if said} == {}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_fault_is_led_to_and_mended(site: Site, desk: Open, javascript: bool) -> None:
    page = desk("manager", javascript=javascript)
    page.expected += ["422"]  # type: ignore[attr-defined]
    page.goto("/manage/patterns/P4")
    page.get_by_label("循环").fill("DNAR")
    page.get_by_role("button", name="存下").click()
    if javascript:  # the machine that looks for barriers is a script itself
        assert faults(page) == []
    page.get_by_role("alert").get_by_role("link", name="循环").click()
    expect(page.get_by_label("循环")).to_be_in_viewport()
    page.locator("#f-code\\.2").fill("A")
    page.locator("#f-name\\.2").fill("中班")
    page.locator("#f-start\\.2").fill("12:00")
    page.locator("#f-end\\.2").fill("20:00")
    page.get_by_role("button", name="存下").click()
    expect(page.get_by_text("存好了")).to_be_visible()
    expect(page.locator(".g-strip").get_by_text("中班").first).to_be_attached()


def test_two_managers_at_once(site: Site, desk: Open) -> None:
    mine, other = desk("manager"), desk("admin")
    mine.expected += ["409"]  # type: ignore[attr-defined]
    for page in (mine, other):
        page.goto("/manage/areas/A1")
    for page, words in ((other, "合成车间"), (mine, "生产车间")):
        page.get_by_label("名称", exact=True).fill(words)
        page.get_by_role("button", name="存下").click()
    expect(mine.get_by_role("alert")).to_contain_text("别人刚改过")
    expect(mine.locator("#stored-name")).to_contain_text("合成车间")
    assert faults(mine) == []
    mine.get_by_role("button", name="存下").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("生产车间")


def test_somebody_new_gets_a_code_for_a_phone(site: Site, desk: Open) -> None:
    page = desk("manager")
    page.goto("/manage/crews/JIA")
    page.get_by_role("link", name="加人").click()
    page.get_by_label("工号").fill("1099")
    page.get_by_label("姓名", exact=True).fill("新来的")
    page.get_by_label("工位，岗位").select_option(label="P-201 P-201 泵区，外操巡检")
    page.get_by_role("button", name="加上").click()
    expect(page.get_by_text("加好了")).to_be_visible()
    page.get_by_role("link", name="登记码、停用、PIN").click()
    page.get_by_role("button", name="给一个登记码").click()
    expect(page.locator(".o-code")).to_be_visible()


def test_a_pattern_of_ones_own_is_seen_before_anybody_works_it(site: Site, desk: Open) -> None:
    page = desk("manager")
    page.expected += ["422"]  # type: ignore[attr-defined]
    page.goto("/manage/new/pattern")
    page.get_by_label("代码").fill("OWN")
    page.get_by_label("循环").fill("DDNRR")
    for n, (letter, name, start, end) in enumerate(
        (("D", "白班", "08:00", "20:00"), ("N", "夜班", "20:00", "08:00"))
    ):
        for key, text in (("code", letter), ("name", name), ("start", start), ("end", end)):
            page.locator(f"#f-{key}\\.{n}").fill(text)
    page.get_by_role("button", name="加上", exact=True).click()
    expect(page.locator("#bad-gaps_ok")).to_contain_text("没有班组上")
    expect(page.locator(".g-strip tbody tr")).to_have_count(2)
    assert faults(page) == []
    page.get_by_label("有的班次没人上，就这样排").check()
    page.get_by_role("button", name="加上", exact=True).click()
    expect(page.get_by_text("加好了")).to_be_visible()
    expect(page.get_by_label("有的班次没人上，就这样排")).to_be_checked()
    expect(page.get_by_text("还没有班组用它，先按示例班组排。")).to_be_visible()
    assert faults(page) == []
