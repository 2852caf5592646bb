"""The leader's roster on a tablet, and a contractor at the plain form, without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shiftapp.model import guests, leave, places, roster
from shiftapp.model.places import Station
from tests.browser.axe import violations
from tests.browser.conftest import SMALL, TABLET, Site
from tests.browser.test_board import TOO_FINE, TOO_SMALL
from tests.browser.test_plain_form import choose, commit
from tests.plant import NOW_MS, PUMPS, TANKS, Plant
from tests.sealing import make_ready

Open = Callable[..., Page]
HERE = "/board/JIA/2026-11-24/D/roster"
NIGHT = "YI|2026-11-24|N"


def a_day_of_changes(plant: Plant) -> None:
    """Leave, a stand-in, a station that is short, a guest who came and one who waits."""
    by = plant.id("leader")
    with plant.store.tx() as db:
        roster.fill_ahead(db, NOW_MS, plant.random)
        station = Station(TANKS, "V-305", "A2", "碳四罐区", risk="A", staff=2, jobs=("J09",))
        places.save_station(db, station)
        leave.take(db, plant.id("mate"), "2026-11-24", "2026-11-26", by=by, now_ms=NOW_MS)
        for number, name in enumerate(("李外", "陈访")):
            said = guests.Guest(name, "东方检修", f"083{number}")
            id = f"11111111-1111-4111-8111-11111111111{number}"
            guests.register(db, said, "JIA", id=id, now_ms=NOW_MS)
        roster.replace(
            db,
            plant.instance()["id"],
            plant.id("worker"),
            plant.id("outsider"),
            "swapped",
            by=by,
            now_ms=NOW_MS,
            random=plant.random,
        )
    plant.ids["guest"] = "11111111-1111-4111-8111-111111111110"
    make_ready(plant, "guest")


@pytest.mark.parametrize("size", [TABLET, (390, 844)])
def test_the_pages_of_rosters_read_well(site: Site, desk: Open, size: tuple[int, int]) -> None:
    a_day_of_changes(site.plant)
    page = desk("leader", size=size)
    swap = f"{HERE}/swap?with={NIGHT.replace('|', '%7C')}"
    for url in (HERE, "/board/JIA/roster", swap):
        page.goto(url)
        assert violations(page) == [], url
        assert page.evaluate(TOO_SMALL) == [] and page.evaluate(TOO_FINE) == []
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, url


def test_the_page_of_a_guest_reads_well(site: Site, phone: Open) -> None:
    page = phone(None, size=SMALL)
    page.goto(f"/F/{PUMPS}/guest")
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_leader_swaps_two_people_and_adds_a_contractor_without_a_script(
    site: Site, desk: Open
) -> None:
    with site.store.tx() as db:
        roster.fill_ahead(db, NOW_MS, site.plant.random)
    page = desk("leader", size=TABLET, javascript=False)
    page.goto(HERE)
    page.get_by_role("link", name="两人换班").click()
    page.get_by_label("班次").select_option(NIGHT)
    page.get_by_role("button", name="看这个班的人").click()
    page.get_by_label("本班的谁").select_option(label="张三 1001")
    page.get_by_label("换成谁").select_option(label="钱七 2001")
    page.get_by_role("button", name="就这样换").click()
    expect(page.locator("tr", has_text="钱七")).to_contain_text("换班 替张三")
    form = page.locator("#guest")
    form.get_by_label("姓名").fill("李外")
    form.get_by_label("单位").fill("东方检修")
    form.get_by_label("手机尾号").fill("0831")
    form.get_by_label("工位和岗位").select_option(f"{PUMPS}|J02")
    form.get_by_role("button", name="加上").click()
    expect(page.locator("tr", has_text="李外")).to_contain_text("外来人员")


def test_a_contractor_commits_alone_and_the_leader_confirms(
    site: Site, phone: Open, desk: Open
) -> None:
    page = phone(None, size=SMALL, javascript=False)
    page.goto(f"/F/{PUMPS}/{site.plant.mac}")
    page.get_by_role("link", name="我是外来人员").click()
    expect(page.locator("h1")).to_have_text("我是外来人员")
    page.get_by_label("姓名").fill("李外")
    page.get_by_label("单位").fill("东方检修")
    page.get_by_label("手机尾号").fill("0831")
    choose(page, "shift.2026-11-24|D|JIA")
    page.get_by_role("button", name="写好了，开始").click()
    expect(page.locator(".f-leave")).to_contain_text("李外")
    choose(page, "shift.2026-11-24|D|JIA", "job.J02")
    page.get_by_role("button", name="开始").click()
    commit(page)
    expect(page.locator(".f-big").first).to_have_text("承诺好了")
    board = desk("leader", size=TABLET)
    board.goto(HERE)
    arrived = board.locator("#arrivals")
    expect(arrived).to_contain_text("李外 东方检修 手机尾号 0831")
    arrived.get_by_role("button").click()
    board.goto(HERE)
    expect(board.locator("tr", has_text="李外")).to_contain_text("外来人员")
