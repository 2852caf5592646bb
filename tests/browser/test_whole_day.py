"""A whole day of the demo plant, by its own people, each at their own device.

The night hands over; the day commits, one without a signal; a swap, a contractor, a veto, a proxy;
the crew signs and the ladder above it; something changes and all of it is signed again; in the
evening the report is right to the person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shiftapp.demo import people as cast
from shiftapp.demo.build import Wanted
from shiftapp.demo.delivery import Later, deliver
from shiftapp.model import clockwork, history
from tests.browser import demo_plant
from tests.browser import worker_round as worker
from tests.browser.conftest import DESK, TABLET, Site
from tests.browser.test_plain_form import choose
from tests.demo.conftest import DAY
from tests.plant import NOW_MS
from tests.sealing import secrets_of
from tests.web.plain import PIN

Open = Callable[..., Page]
DATE = DAY.isoformat()
BOARD, NIGHT = f"/board/JIA/{DATE}/D", "/board/BING/2026-11-23/N"
WANG, ZHANG, WU, ZHENG, CHEN = "1001", "1004", "1009", "1010", "1012"  # of 甲班
NIGHT_LEADER, COVER, MATE = "3001", "4009", "2012"
HEAD, DIRECTOR = "9003", "9001"
OPS, ALL = f"/ladder/{DATE}/OPS", f"/ladder/{DATE}/ALL"
LEFT = "V-305 就地液位计在校，看远传"


@dataclass
class Day:
    """The plant, who is at which page, and what the phones of the others still bring."""

    site: Site
    later: list[Later]
    phone: Open
    desk: Open
    pages: dict[str, Page] = field(default_factory=dict)

    def at(self, clock: str) -> None:
        """It is that late at the plant: what the clock brings, and what arrives until then."""
        now = self.site.clock.at(clock)
        clockwork.plan(self.site.store, now, self.site.plant.random)
        clockwork.tick(self.site.store, now)
        swapped = self.site.plant.id(CHEN)
        for one in [one for one in self.later if one.recv_ms <= now]:
            self.later.remove(one)
            if swapped not in one.sealed.text:  # whoever swapped out stays at home
                deliver(self.site.store, one, secrets_of(self.site.plant), 120)

    def tablet(self, no: str) -> Page:
        """The tablet, or desk, of somebody."""
        if no not in self.pages:
            self.pages[no] = self.desk(no, size=DESK if no.startswith("9") else TABLET)
        return self.pages[no]

    def id(self, no: str) -> str:
        return self.site.plant.id(no)


@pytest.fixture
def made() -> list[Later]:
    """What arrives at the demo after 07:38; filled when the site is made."""
    return []


@pytest.fixture
def site(tmp_path: Path, made: list[Later]) -> Iterator[Site]:
    """The demo plant as an ordinary install: everybody signs in for themselves."""
    yield from demo_plant.served(tmp_path / "demo", made)


@pytest.fixture
def day(site: Site, made: list[Later], phone: Open, desk: Open) -> Day:
    worker.quicken(site)
    return Day(site, made, phone, desk)


def test_a_whole_day(day: Day) -> None:
    hand = phone_of_zhang(day)
    worker.go_offline(hand)
    the_night_hands_over(day)
    a_swap(day)
    a_contractor_comes(day)
    zhang_works_without_a_signal(hand)
    what_is_wrong_is_answered(day)
    somebody_else_comes_for_who_cannot(day)
    a_proxy_for_who_came_without_a_phone(day)
    day.at("08:06")
    hand.clock.fast_forward(day.site.clock.ms - hand.evaluate("Date.now()"))
    worker.until(hand, f"async () => Math.abs(Date.now() - {day.site.clock.ms}) < 60_000")
    worker.go_offline(hand, False)
    expect(day.tablet(WANG).locator(".tile", has_text="张三")).to_contain_text("离线")
    everybody_signs(day, "08:12", "08:20", "08:40", again=False)
    something_changes(day)
    everybody_signs(day, "09:00", "09:05", "09:10", again=True)
    the_night_takes_over(day)
    the_report_is_right_to_the_person(day)
    the_proxy_is_confirmed(day)


def phone_of_zhang(day: Day) -> Page:
    hand = day.phone(ZHANG)
    hand.clock.install(time=NOW_MS / 1000)  # it goes with the plant's, not with this machine's
    worker.open_station(hand, day.site, day.site.plant.store.value(STATION, label="P-201"))
    worker.until(hand, worker.STANDS)
    return hand


STATION = "SELECT code FROM station WHERE label = :label"


def the_night_hands_over(day: Day) -> None:
    day.at("07:40")
    page = day.tablet(NIGHT_LEADER)
    page.goto(f"{NIGHT}/handover")
    page.get_by_label("说明").fill(LEFT)
    page.get_by_role("button", name="留给接班的").click()
    expect(page.get_by_text(LEFT)).to_be_visible()
    board = day.tablet(WANG)
    board.goto(BOARD)
    expect(board.get_by_text("上班留下 2 项")).to_be_visible()
    expect(board.locator(".b-sign")).to_contain_text(f"没问清：{LEFT}")
    board.get_by_role("button", name=f"已问清：{LEFT}").click()
    expect(board.get_by_text("1 项没问清")).to_be_visible()
    board.get_by_role("button", name=re.compile("^已问清")).click()
    expect(board.get_by_text("都问清了")).to_be_visible()


def a_swap(day: Day) -> None:
    """陈三 works tonight, 孔七 of tonight's crew comes now."""
    page = day.tablet(WANG)
    page.goto(f"{BOARD}/roster/swap")
    page.get_by_label("班次").select_option(f"YI|{DATE}|N")
    page.get_by_role("button", name="看这个班的人").click()
    page.locator("#who").select_option(day.id(CHEN))
    page.locator("#mate").select_option(day.id(MATE))
    page.get_by_role("button", name="就这样换").click()
    page.goto(BOARD)
    expect(page.locator(".tile", has_text="孔七")).to_be_visible()


def a_contractor_comes(day: Day) -> None:
    day.at("07:46")
    code = day.site.store.value(STATION, label="HW-1")
    page = day.phone(None)
    page.goto(f"/F/{code}/guest")
    page.get_by_label("姓名").fill("承包一")
    page.get_by_label("单位").fill("示例检修公司")
    page.get_by_label("手机尾号").fill("0007")
    choose(page, *[one for one in [pick_of_jia(page)] if one])
    page.get_by_role("button", name="写好了，开始").click()
    commit_all_well(page)
    expect(page.locator(".f-big").first).to_have_text("承诺好了")
    board = day.tablet(WANG)
    board.goto(f"{BOARD}/roster")
    card = board.locator("#arrivals")
    expect(card).to_contain_text("示例检修公司 手机尾号 0007")
    card.get_by_role("button", name="核对了，加入 承包一").click()
    board.goto(BOARD)
    expect(board.locator(".tile", has_text="承包一")).to_be_visible()


def pick_of_jia(page: Page) -> str:
    """The label of 甲班's shift, where more than one runs."""
    option = page.locator("label", has_text="甲班")
    return str(option.get_attribute("for")) if option.count() else ""


def commit_all_well(page: Page) -> None:
    """The plain form's commitment by whoever it is, with all the gear of the job."""
    page.get_by_role("button", name=re.compile("^开始")).click()  # of the station's page
    expect(page.locator("h1")).to_have_text("班前安全承诺")
    choose(page, "a-fit.can", "a-handover.clear", "a-safety.on", "a-risk.risk1", "a-escape.known")
    for gear in page.locator("input[id^='a-ppe.']:not(.f-bad)").all():
        choose(page, str(gear.get_attribute("id")))
    page.get_by_role("button", name="我承诺，上岗").click()


def zhang_works_without_a_signal(hand: Page) -> None:
    worker.start(hand)
    worker.commit(hand)
    worker.walk(hand, dwell_ms=150)
    expect(hand.locator("h2[data-heading]")).to_have_text("做完了")


def what_is_wrong_is_answered(day: Day) -> None:
    """The failed veto at the tank, and the hot bearing."""
    day.at("07:52")
    page = day.tablet(WANG)
    for text in ("切了备用流程，现场和远传对上了", "换了轴承油，降到 62 ℃"):
        page.goto(BOARD)
        page.locator(".b-item a", has_text="答复").first.click()
        page.get_by_label("怎么修的").fill(text)
        page.get_by_role("button", name="修好了").click()
        page.goto(BOARD)
    expect(page.locator(".b-item a", has_text="答复")).to_have_count(0)


def somebody_else_comes_for_who_cannot(day: Day) -> None:
    page = day.tablet(WANG)
    page.get_by_role("link", name="看详情：吴十").click()
    page.get_by_label("或者写工号").fill(COVER)
    page.get_by_role("button", name="就这样安排").click()
    page.goto(f"{BOARD}/round/{day.id(COVER)}")
    for key in PIN:  # at the leader's tablet, by their own PIN; the sixth figure sends it
        page.get_by_role("button", name=key, exact=True).click()
    expect(page).not_to_have_url(re.compile(day.id(COVER)))


def a_proxy_for_who_came_without_a_phone(day: Day) -> None:
    day.at("07:56")
    page = day.tablet(WANG)
    page.goto(f"{BOARD}/round/{day.id(MATE)}")
    page.get_by_text("手指口述也当面做了").click()
    page.get_by_role("button", name="没带手机 / 忘了 PIN").click()
    expect(page).not_to_have_url(re.compile(day.id(MATE)))
    page.goto(BOARD)
    expect(page.locator(".tile", has_text="孔七")).to_contain_text("代录 07:56")


def everybody_signs(day: Day, crew: str, head: str, director: str, *, again: bool) -> None:
    """The crew, production and the plant, in this order and no other."""
    day.at(crew)
    above = day.tablet(DIRECTOR)
    above.goto(ALL)
    expect(above.get_by_text("还不能签字：下面先答复")).to_be_visible()
    page = day.tablet(WANG)
    page.goto(f"{BOARD}/sign")
    for reason in page.locator("input[name^=reason-]").all():
        reason.fill("已安排，当班补齐")
    page.get_by_role("button", name="我签字").click()
    expect(page.locator(".b-sign")).to_contain_text(f"王五 {crew} 签字")
    for no, path, clock in ((HEAD, OPS, head), (DIRECTOR, ALL, director)):
        day.at(clock)
        page = day.tablet(no)
        page.goto(path)
        if again:
            expect(page.get_by_text("签字后有变化，要重签")).to_be_visible()
        for reason in page.locator("input[name^=reason-]").all():
            reason.fill("知道，已安排")
        for choice in page.locator("input[value=yes]").all():
            choice.check()
        page.get_by_role("button", name="我签字").click()
        expect(page.get_by_text(f"{clock} 签字")).to_be_visible()
    above.goto(f"/ladder/{DATE}")
    expect(above.locator(".l-rung.is-open")).to_have_count(0)


def something_changes(day: Day) -> None:
    """郑一 has to leave at ten to nine: nobody's signature stands any more."""
    day.at("08:50")
    page = day.tablet(WANG)
    page.goto(f"{BOARD}/people/{day.id(ZHENG)}")
    page.get_by_role("button", name="这一班请假").click()
    expect(page.locator(".b-sign")).to_contain_text("08:50 名单去了郑一")
    above = day.tablet(DIRECTOR)
    above.goto(f"/ladder/{DATE}")
    rungs = above.locator(".l-rung")
    for name in ("全厂", "生产部", "甲班 白班"):
        expect(rungs.filter(has_text=name).first).to_contain_text("签字后有变化，要重签")
    expect(rungs.filter(has_text="全厂").first).to_contain_text("08:50 名单去了郑一")


def the_night_takes_over(day: Day) -> None:
    day.at("19:40")
    page = day.tablet(WANG)
    page.goto(f"{BOARD}/handover")
    page.get_by_label("说明").fill("E-301 盲板还没拆，明早拆")
    page.get_by_role("button", name="留给接班的").click()
    night = day.tablet("2001")
    night.goto(f"/board/YI/{DATE}/N")
    expect(night.get_by_text("E-301 盲板还没拆，明早拆").first).to_be_visible()
    expect(night.locator(".tile", has_text="陈三")).to_be_visible()


# Who stood where at the end of the day shift, as told above: state, how they came, marks.
TOLD = {
    "王五": ("就绪", "排班", "准时"),
    "赵六": ("就绪", "排班", "准时"),
    "钱七": ("就绪", "排班", "准时"),
    "张三": ("就绪", "排班", "离线"),
    "李四": ("就绪", "排班", "准时"),
    "孙八": ("就绪", "排班", "准时"),
    "沈七": ("就绪", "排班", "准时"),
    "周九": ("就绪", "排班", "准时"),
    "吴十": ("换人", "排班", ""),
    "郑一": ("请假", "排班", ""),
    "冯二": ("请假", "排班", ""),
    "陈三": ("换人", "排班", ""),
    "褚四": ("就绪", "排班", "准时"),
    "韦二": ("就绪", "冯二", "准时"),
    "郎十": ("进行中", "吴十", "准时"),
    "孔七": ("就绪", "换班", "代录"),
    "承包一": ("进行中", "外来", "准时"),
}


def the_report_is_right_to_the_person(day: Day) -> None:
    day.at("20:30")
    page = day.tablet(WANG)
    page.goto(f"{BOARD}/report")
    table = page.locator("table", has=page.locator("th", has_text="怎么来的")).first
    heads = table.locator("thead th").all_inner_texts()
    at = {word: heads.index(word) for word in ("姓名", "状态", "标记", "怎么来的")}
    rows = [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]
    found = {row[at["姓名"]].strip(): row for row in rows}
    assert set(found) == set(TOLD) and len(rows) == len(TOLD)
    for name, (state, how, mark) in TOLD.items():
        row = found[name]
        assert state in row[at["状态"]], (name, row)
        assert how in row[at["怎么来的"]], (name, row)
        assert mark in row[at["标记"]], (name, row)
    states = history.people_states(day.site.store, day.site.plant.instance(), day.site.clock.ms)
    expected = sum(one.name != "excused" for one in states)
    assert (expected, sum(one.name == "ready" for one in states)) == (13, 11)
    facts = page.locator(".r-facts").inner_text()
    assert re.search(r"应到\s*13", facts) and re.search(r"就绪\s*11", facts), facts
    text = page.inner_text("main")
    for said in (LEFT, "承包一", "08:50", "切了备用流程", "09:00"):
        assert said in text


def the_proxy_is_confirmed(day: Day) -> None:
    """孔七 is asked on their own phone, and says so."""
    hand = day.phone(MATE)
    hand.goto("/W/")
    hand.get_by_role("link", name="班长替你录了").click()
    hand.get_by_role("button", name="是我").first.click()
    hand.get_by_role("button", name="是我").first.click()
    expect(hand.get_by_role("button", name="是我")).to_have_count(0)


def test_the_people_of_the_day_are_who_they_are_called() -> None:
    numbers = cast.numbers()
    named = {WANG: "王五", ZHANG: "张三", WU: "吴十", ZHENG: "郑一", CHEN: "陈三", MATE: "孔七"}
    assert {no: numbers[no] for no in named} == named
    assert NOW_MS == Wanted(day=DAY).start_ms
