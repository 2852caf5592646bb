"""What a leader does at the board: looks by person, writes reasons, takes over, prints, waits."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from shiftapp.model import handover
from shiftapp.model.people import Person, Role, save_person
from tests.browser.axe import violations
from tests.browser.conftest import DESK, TABLET, Site
from tests.browser.test_board import (
    BASE,
    MOVES_MS,
    TOO_FINE,
    TOO_SMALL,
    UPRIGHT,
    Desk,
    a_lively_shift,
)
from tests.crew import big_crew, crew_ready
from tests.plant import MADE_MS, NOW_MS, PUMPS, Plant
from tests.sealing import deliver, hazard_body, make_ready

PEOPLE = f"{BASE}?by=person"
MARK = "window.stayed = true"  # gone when the page is loaded anew
STAYED = "() => window.stayed === true"
SWAPS = """() => {
  window.swaps = []; window.long = 0;
  let began = 0;
  document.addEventListener('htmx:before:swap', () => { began = performance.now(); });
  document.addEventListener('htmx:after:swap', () => {
    window.swaps.push(performance.now() - began);
  });
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.long += task.duration;
  }).observe({ type: 'longtask' });
}"""


def left(plant: Plant, what: str) -> int:
    """丙班 leaves something to 甲班; gives its id."""
    with plant.store.tx() as db:
        night = plant.instance(crew="BING", date="2026-11-23", code="N")
        handover.leave(db, night, what, PUMPS, by=plant.id("night1"), now_ms=NOW_MS)
        return int(handover.left(db, night["id"])[-1]["id"])


def row(page: Page, name: str) -> object:
    return page.locator(".b-ppl tbody tr", has_text=name)


# --- By person -----------------------------------------------------------------------------------


def test_the_list_of_people_moves_by_itself(site: Site, desk: Desk) -> None:
    page = desk("leader", size=TABLET)
    page.goto("/board")
    page.get_by_role("link", name="按人").click()
    expect(page.locator(".b-ppl tbody tr")).to_have_count(6)
    expect(row(page, "张三")).to_contain_text("没开始")
    make_ready(site.plant, "worker")
    expect(row(page, "张三")).to_contain_text("就绪", timeout=MOVES_MS)
    expect(page.locator(".b-ppl tbody tr").last).to_contain_text("张三")
    page.get_by_role("link", name="按工位").click()
    expect(page.locator(".tile-ok")).to_have_count(1)


def test_old_data_takes_the_fill_off_the_list_too(site: Site, desk: Desk) -> None:
    a_lively_shift(site.plant)
    page = desk("leader", size=TABLET)
    page.expected += ["ERR_", "htmx:error"]  # type: ignore[attr-defined]
    page.clock.install()
    page.goto(PEOPLE)
    page.clock.run_for(1_000)
    page.context.set_offline(True)
    page.clock.run_for(20_000)
    expect(page.locator("#data-time")).to_contain_text("数据停在 07:38")
    fill = "e => getComputedStyle(e).backgroundColor"
    assert page.locator(".b-ppl .badge-stop").first.evaluate(fill) == "rgba(0, 0, 0, 0)"
    assert page.locator(".b-ppl .is-stop td").first.evaluate(fill) == "rgba(0, 0, 0, 0)"
    expect(page.locator("#data-time.badge-warn")).to_be_visible()


# --- Reasons in place ----------------------------------------------------------------------------


def test_a_reason_is_one_tap_and_the_page_stays(site: Site, desk: Desk) -> None:
    crew_ready(site.plant, "mate", "lin")
    page = desk("leader", size=TABLET)
    page.goto(PEOPLE)
    page.evaluate(MARK)
    page.get_by_role("form", name="李四 没开始的原因").get_by_role("button", name="路上").click()
    expect(row(page, "李四")).to_contain_text("路上")
    form = page.get_by_role("form", name="李四 没开始的原因")
    form.get_by_role("button", name="请假").click()
    expect(row(page, "李四")).to_contain_text("请假")
    expect(form).to_have_count(0)
    assert page.evaluate("document.activeElement.className") == "b-side-scroll"
    assert page.evaluate(STAYED) and page.url.endswith("?by=person")


def test_without_script_the_same_taps_work(site: Site, desk: Desk) -> None:
    crew_ready(site.plant, "mate")
    page = desk("leader", size=TABLET, javascript=False)
    page.goto("/board")
    page.get_by_role("button", name="路上").click()
    expect(page.locator(".tile", has_text="李四")).to_contain_text("没开始 路上")
    page.get_by_role("button", name="请假").click()
    expect(page.locator(".tile", has_text="李四")).to_contain_text("请假")
    page.locator(".b-menu > summary").click()
    expect(page.get_by_role("link", name="交接")).to_be_visible()
    expect(page.locator("[data-print]")).to_be_hidden()


def test_an_opened_list_of_reasons_and_the_focus_survive_a_swap(site: Site, desk: Desk) -> None:
    page = desk("leader", size=TABLET)
    page.goto("/board")
    mine = page.locator(f"#why-{site.plant.id('lin')}")
    mine.locator("summary").click()
    button = mine.get_by_role("button", name="路上")
    button.focus()
    make_ready(site.plant, "worker")
    expect(page.locator(".tile-ok")).to_have_count(1, timeout=MOVES_MS)
    expect(button).to_be_visible()
    expect(button).to_be_focused()
    expect(page.locator(".b-why[open]")).to_have_count(1)


def test_a_tap_that_does_not_get_out_says_so(site: Site, desk: Desk) -> None:
    crew_ready(site.plant, "mate")
    page = desk("leader", size=TABLET)
    page.expected += ["ERR_", "htmx:error"]  # type: ignore[attr-defined]
    page.goto("/board")
    page.context.set_offline(True)
    page.get_by_role("button", name="路上").click()
    expect(page.locator("#said")).to_have_text("没有发出去，再点一次。")
    page.context.set_offline(False)
    page.get_by_role("button", name="路上").click()
    expect(page.locator(".tile", has_text="李四")).to_contain_text("路上")


# --- Handover ------------------------------------------------------------------------------------


def test_the_night_writes_it_down_and_the_day_says_it_is_clear(site: Site, desk: Desk) -> None:
    leads = (Role("operator"), Role("leader", "crew", "BING"))
    with site.store.tx() as db:
        one = Person(site.plant.id("night1"), "3001", "夜1", crew="BING", roles=leads)
        save_person(db, one, MADE_MS)
    shift = {"date": "2026-11-23", "code": "N", "crew": "BING"}
    deliver(site.plant, hazard_body(site.plant, "night2", "P-202B 机封滴油", shift=shift))
    night = desk("night1", size=TABLET)
    night.goto("/board")
    expect(night.get_by_text("快交班了")).to_be_visible()
    night.get_by_role("link", name="写下要交代的事").click()
    night.get_by_label("P-202B 机封滴油").check()
    night.get_by_label("说明").fill("P-201A 备用泵停着，等密封")
    night.get_by_label("在哪里").select_option(label="P-201 泵区")
    night.get_by_role("button", name="留给接班的").click()
    expect(night.get_by_text("接班的还没问")).to_have_count(2)

    day = desk("leader", size=TABLET)
    day.goto("/board")
    day.evaluate(MARK)
    expect(day.get_by_text("2 项没问清")).to_be_visible()
    day.get_by_role("button", name="已问清：P-201A").click()
    expect(day.get_by_text("1 项没问清")).to_be_visible()
    day.get_by_role("button", name="已问清：P-202B").click()
    expect(day.get_by_text("都问清了")).to_be_visible()
    assert day.evaluate(STAYED)
    night.reload()
    expect(night.get_by_text("王五 2026-11-24 07:38 问清了")).to_have_count(2)


def test_who_taps_second_reads_who_was_first(site: Site, desk: Desk) -> None:
    item = left(site.plant, "阀门 XV-12 手动")
    page = desk("leader", size=TABLET)
    page.expected.append("409")  # type: ignore[attr-defined]
    page.route("**/_board*", lambda route: None)  # no poll comes between
    page.goto("/board")
    with site.store.tx() as db:
        me, mine = site.plant.id("manager"), site.plant.instance()
        handover.take(db, mine, item, "", by=me, now_ms=NOW_MS)
    page.get_by_role("button", name="已问清").click()
    expect(page.get_by_role("alert")).to_have_text("孙八已经问清了，不用再点。")
    expect(page.get_by_role("heading", name="交接班")).to_be_visible()


# --- Keyboard and paper --------------------------------------------------------------------------


def test_the_menu_is_opened_and_left_by_keyboard(site: Site, desk: Desk) -> None:
    page = desk("leader", size=TABLET)
    page.goto("/board")
    summary = page.locator(".b-menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="名单")).to_be_focused()
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(page.get_by_role("link", name="名单")).to_be_hidden()
    page.evaluate("window.print = () => { window.printed = true; }")
    summary.click()
    page.get_by_role("button", name="打印").click()
    assert page.evaluate("window.printed") and not page.locator(".b-menu[open]").count()
    summary.click()
    page.locator(".b-strip").click()
    expect(page.get_by_role("button", name="打印")).to_be_hidden()


def test_by_keyboard_one_comes_from_the_tabs_to_the_people(site: Site, desk: Desk) -> None:
    page = desk("leader", size=TABLET)
    page.goto(PEOPLE)
    page.get_by_role("link", name="隐患").focus()
    for _ in range(3):  # 更多, 退出, the first name
        page.keyboard.press("Tab")
    expect(page.locator(".b-ppl a").first).to_be_focused()


@pytest.mark.parametrize("url", [BASE, PEOPLE])
def test_on_paper_it_is_a4_across_with_the_time_of_the_data(
    site: Site, desk: Desk, url: str
) -> None:
    a_lively_shift(site.plant)
    left(site.plant, "阀门 XV-12 手动")
    page = desk("leader", size=TABLET)
    page.goto(url)
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = set(re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", paper))
    assert [(round(float(w)), round(float(h))) for w, h in boxes] == [(842, 595)]
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1047, "height": 718})  # A4 across without its margins
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator("#data-time")).to_be_visible()
    expect(page.locator("#data-time")).to_contain_text("07:38:00")
    for gone in (".tabs", ".b-menu", ".b-reasons >> nth=0", ".b-item .btn >> nth=0"):
        expect(page.locator(gone)).to_be_hidden()
    shapes = page.locator(".tile" if url == BASE else ".b-ppl tbody .badge").all()
    assert len(shapes) == 6
    for shape in shapes:
        expect(shape.locator("svg")).to_be_visible()
        assert re.search(r"\w", shape.inner_text())
    clipped = page.evaluate(
        """() => [...document.querySelectorAll('.b-main, .b-side, .b-side-scroll, .b-page')]
        .filter((e) => e.scrollHeight > e.clientHeight + 1).map((e) => e.className)"""
    )
    assert clipped == []


@pytest.mark.parametrize("url", [BASE, PEOPLE])
def test_three_hundred_people_go_onto_paper_whole(site: Site, desk: Desk, url: str) -> None:
    big_crew(site.plant, 300, 60)
    page = desk("leader", size=TABLET)
    page.goto(url)
    paper = page.pdf(prefer_css_page_size=True)
    assert 5 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 20


# --- Many people ---------------------------------------------------------------------------------


def swapping(site: Site, page: Page, url: str, *parts: str) -> tuple[float, float]:
    """A board on a slow tablet (CPU ÷ 4) while people get ready: median ms of a swap, and of all
    long tasks together."""
    page.goto(url)
    page.evaluate(SWAPS)
    figure = page.locator(".b-big dd").nth(1)
    for part in parts:
        before = figure.inner_text()
        make_ready(site.plant, part)
        expect(figure).not_to_have_text(before, timeout=2 * MOVES_MS)
    swaps, long = page.evaluate("[window.swaps, window.long]")
    return sorted(swaps)[len(swaps) // 2], long


@pytest.mark.parametrize("url", [BASE, PEOPLE])
def test_a_swap_of_300_people_costs_no_more_than_the_people_are_more(
    site: Site, desk: Desk, url: str
) -> None:
    """It grows no faster than the crew; how many ms it is depends on the machine."""
    page = desk("leader", size=TABLET)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    big_crew(site.plant, 30, 6)
    small, _ = swapping(site, page, url, "worker", "mate", "chen")
    big_crew(site.plant, 300, 60, first=100)
    big, long = swapping(site, page, url, "lin", "huang", "leader")
    assert big < 20 * max(small, 5), (small, big, long)


def test_with_300_people_the_scroll_and_the_focus_stay(site: Site, desk: Desk) -> None:
    big_crew(site.plant, 300, 60)
    page = desk("leader", size=TABLET)
    page.goto("/board")
    seat = page.locator(".tile", has_text="工人 157")
    seat.focus()
    top = "document.querySelector('.b-main').scrollTop"
    before = page.evaluate(top)
    assert before > 1_000
    make_ready(site.plant, "worker")
    expect(page.locator(".b-big dd").nth(1)).to_have_text(re.compile("^1 / "), timeout=MOVES_MS)
    expect(seat).to_be_focused()
    assert abs(page.evaluate(top) - before) <= 2


# --- For everybody -------------------------------------------------------------------------------


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
def test_a_machine_finds_no_barrier(site: Site, desk: Desk, dark: bool) -> None:
    a_lively_shift(site.plant)
    left(site.plant, "阀门 XV-12 手动")
    with site.store.tx() as db:
        db.run("UPDATE station SET staff = 5")
    page = desk("leader", size=TABLET)
    page.emulate_media(color_scheme="dark" if dark else "light")
    for time, url in (("07:38", PEOPLE), ("07:52", BASE), ("08:05", PEOPLE), ("08:05", BASE)):
        site.clock.at(time)
        page.goto(url)
        page.locator(".b-menu > summary").click()
        assert violations(page) == [], f"{time} {url}"
    page.goto(f"{BASE}/handover")
    assert violations(page) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [TABLET, DESK, UPRIGHT, (390, 844)])
def test_nothing_is_too_small_or_sticks_out(
    site: Site, desk: Desk, size: tuple[int, int], lang: str
) -> None:
    a_lively_shift(site.plant)
    left(site.plant, "阀门 XV-12 手动")
    with site.store.tx() as db:
        db.run("UPDATE station SET staff = 5")
    page = desk("leader", size=size, lang=lang)
    small = TOO_SMALL.replace(".tabs a", ".tabs a, .b-sum, .b-menu-list a, .o-choice")
    for url in (BASE, PEOPLE, f"{BASE}/handover"):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
        if "handover" not in url:
            page.locator(".b-menu > summary").click()
            menu = page.locator(".b-menu-list").bounding_box()
            assert menu is not None and menu["x"] >= 0
            assert menu["x"] + menu["width"] <= size[0], url
        assert page.evaluate(small) == [], url
        assert page.evaluate(TOO_FINE) == [], url
