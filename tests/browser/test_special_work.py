"""Permits of special work: registered at a desk, guarded on a phone, watched on a tablet."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shiftapp.web import special_work
from tests.announcing import at
from tests.browser.conftest import PHONE, TABLET, Site
from tests.browser.test_manage import faults
from tests.permits import cancel, close, gas, register

Open = Callable[..., Page]
KEYS = "/manage/api-keys"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_manager_registers_a_permit_and_extends_it(
    site: Site, desk: Open, javascript: bool
) -> None:
    page = desk("manager", javascript=javascript)
    page.goto("/special-work")
    page.get_by_role("link", name="登记作业票").click()
    page.get_by_label("作业票号").fill("DH-1124-01")
    page.get_by_label("作业和级别").select_option("一级动火")
    page.get_by_label("作业地点").fill("P-201 泵区北侧")
    page.get_by_label("区域").select_option("生产一部")
    page.get_by_label("几点开始").fill("08:30")
    page.get_by_label("几点结束").fill("18:00")
    page.get_by_label("监护人工号").fill("1001")
    page.expected.append("422")  # type: ignore[attr-defined]
    page.get_by_role("button", name="登记这张票").click()
    expect(page.get_by_role("alert")).to_contain_text("最长 8 小时")
    page.get_by_label("几点结束").fill("12:00")
    page.get_by_role("button", name="登记这张票").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("一级动火 DH-1124-01")
    site.clock.at("09:00")
    page.get_by_role("link", name="延长或者改").click()
    page.get_by_label("几点结束").fill("16:30")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("11-24 08:30–16:30")).to_be_visible()


def test_a_guardian_enters_a_test_and_the_leader_sees_it_come(
    site: Site, desk: Open, phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(special_work, "POLL_S", 1)
    register(site.plant)
    site.clock.at("08:50")
    tablet, mine = desk("leader", size=TABLET), phone("worker")
    tablet.goto("/special-work")
    expect(tablet.get_by_text("气检过时")).to_be_visible()
    mine.goto("/W/")
    mine.get_by_role("link", name="你在 1 张作业票上").click()
    mine.get_by_label("读数").fill("LEL 0 %")
    mine.get_by_role("button", name="合格", exact=True).click()
    expect(mine.get_by_text("08:50 合格")).to_be_visible()
    expect(tablet.get_by_text("进行中")).to_be_visible()
    site.clock.at("12:05")
    expect(tablet.get_by_text("超时没关")).to_be_visible()
    tablet.get_by_role("link", name="一级动火").click()
    tablet.get_by_role("button", name="看过，关闭").click()
    expect(tablet.get_by_text("已关闭")).to_be_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [PHONE, TABLET], ids=["phone", "tablet"])
def test_every_page_reads_well(site: Site, desk: Open, size: tuple[int, int], lang: str) -> None:
    plant = site.plant
    ids = [register(plant, f"DH-1124-0{n}", workers=("1002",)) for n in range(1, 6)]
    gas(plant, ids[0], at("08:20"))
    gas(plant, ids[1], at("08:25"), passed=False)
    close(plant, ids[2], at("08:50"))
    cancel(plant, ids[3], at("08:55"))
    site.clock.at("09:00")
    page = desk("manager", size=size, lang=lang)
    paths = [f"/special-work/{id}" for id in ids[:4]]
    for path in ("/special-work", "/special-work/new", f"{paths[0]}/change", KEYS, *paths):
        page.goto(path)
        assert faults(page) == [], path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_of_a_guardian_reads_well(site: Site, phone: Open, lang: str) -> None:
    register(site.plant, "DH-1124-01")
    gas(site.plant, register(site.plant, "DH-1124-02"), at("08:25"), passed=False)
    register(site.plant, "DH-1124-03", guardians=("1002",), workers=("1001",))
    site.clock.at("09:00")
    page = phone("worker", lang=lang)
    page.goto("/W/mine/work")
    expect(page.locator("section.w-q")).to_have_count(3)
    assert faults(page) == []
