"""The crew round on the leader's tablet: twenty people in three minutes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Request, Route, expect

from shiftapp.ledger import badge
from shiftapp.model import credentials, history, people, proxies, roster
from shiftapp.model.people import Person, Post
from tests.browser.axe import violations
from tests.browser.conftest import DESK, PHONE, TABLET, Site
from tests.browser.test_board import TOO_FINE, TOO_SMALL
from tests.calling import BASE, there
from tests.plant import MADE_MS, NOW_MS, PUMPS, Plant
from tests.web.plain import PIN, give_pin

Desk = Callable[..., Page]
PEOPLE = 20
# Three minutes for twenty: 9 s a person. A tap takes a second, a page of ours half of one.
TAPS_EACH = 8  # six figures and two more
ROUND_S, TAP_S, PAGE_S = 180, 1.0, 0.5


def a_crew_of_twenty(plant: Plant) -> None:
    """甲班 with so many more people that twenty are called beside their leader, all with a PIN."""
    hashed = credentials.hash_secret(PIN, plant.keys.pin_pepper)
    with plant.store.tx() as db:
        for number in range(PEOPLE - 5):
            id = str(uuid.UUID(int=0x4000_8000 + number, version=4))
            post = Post(PUMPS, "J02")
            person = Person(id, f"11{number:02}", f"人{number:02}", crew="JIA", posts=(post,))
            people.save_person(db, person, MADE_MS)
            roster.add(
                db, plant.instance()["id"], id, [roster.Post(PUMPS, "J02")],
                how="added", by="test", now_ms=NOW_MS, random=plant.random,
            )  # fmt: skip
        for one in people.in_crew(db, "JIA"):
            credentials.set_pin(db, one["id"], hashed)


@dataclass
class Counted:
    """A page whose taps, and requests for pages, are counted."""

    page: Page
    taps: int = 0
    requests: int = 0

    def watch(self) -> None:
        self.page.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        self.requests += request.method == "POST"

    def begin(self) -> None:
        self.watch()
        self.page.goto(f"{BASE}/round")
        self.page.get_by_role("link", name="开始点名").click()

    def is_leader(self, number: int) -> bool:
        """Whether the one called now, after so many, is the leader themself."""
        expect(self.page.locator(".r-count")).to_contain_text(f"{number} / {PEOPLE + 1}")
        return self.page.locator("h1").inner_text() == "王五"

    def tap(self, name: str) -> None:
        self.taps += 1
        self.page.get_by_role("button", name=name, exact=True).click()


def test_twenty_people_by_pin_fit_into_three_minutes(site: Site, desk: Desk) -> None:
    a_crew_of_twenty(site.plant)
    counted = Counted(desk("leader", size=TABLET))
    counted.begin()
    for number in range(PEOPLE + 1):
        for key in ("我承诺，上岗",) if counted.is_leader(number) else PIN:
            counted.tap(key)
    expect(counted.page.locator("h1")).to_have_text("点名结果")
    assert counted.requests == PEOPLE + 1, "one request a person"
    assert counted.taps == PEOPLE * len(PIN) + 1 <= PEOPLE * TAPS_EACH
    assert counted.taps * TAP_S + counted.requests * PAGE_S <= ROUND_S
    committed = "SELECT COUNT(*) FROM record WHERE counts = 1 AND proxy = 0 AND unverified = 0"
    assert site.store.value(committed) == PEOPLE + 1


def test_twenty_people_by_the_leaders_word_are_two_taps_each(site: Site, desk: Desk) -> None:
    a_crew_of_twenty(site.plant)
    counted = Counted(desk("leader", size=TABLET))
    counted.begin()
    for number in range(PEOPLE + 1):
        if counted.is_leader(number):
            counted.tap("我承诺，上岗")
            continue
        counted.page.get_by_label("手指口述也当面做了").check()
        counted.taps += 1
        counted.tap("没带手机 / 忘了 PIN")
    expect(counted.page.get_by_text("没有人剩下。")).to_be_visible()
    assert (counted.requests, counted.taps) == (PEOPLE + 1, 2 * PEOPLE + 1)
    share = proxies.share(site.store, site.plant.instance()["id"], NOW_MS)
    assert (share.proxies, share.commitments) == (PEOPLE, PEOPLE + 1)
    ready = history.people_states(site.store, site.plant.instance(), NOW_MS)
    assert {one.name for one in ready} == {"ready"}


def test_the_pad_types_erases_and_sends_at_six(site: Site, desk: Desk) -> None:
    give_pin(site.plant, "mate")
    page = desk("leader", size=TABLET)
    page.goto(there(site.plant, "mate"))
    secret = page.get_by_label("本人输 PIN，或扫工牌")
    expect(secret).to_be_focused()
    for name in ("9", "删一位", "4", "5", "清", *PIN[:5]):
        page.get_by_role("button", name=name, exact=True).click()
    expect(secret).to_have_value(PIN[:5])
    page.get_by_role("button", name=PIN[5], exact=True).click()
    expect(page.locator("h1")).to_have_text("林二")
    expect(page.get_by_label("本人输 PIN，或扫工牌")).to_have_value("")


def test_a_wrong_pin_keeps_the_page_and_the_next_try_is_ready(site: Site, desk: Desk) -> None:
    give_pin(site.plant, "mate")
    page = desk("leader", size=TABLET)
    page.expected += ["403"]  # type: ignore[attr-defined]
    page.goto(there(site.plant, "mate"))
    expect(page.get_by_label("本人输 PIN，或扫工牌")).to_be_focused()
    page.keyboard.type("000001")
    expect(page.get_by_role("alert")).to_contain_text("PIN 不对")
    expect(page.locator("h1")).to_have_text("李四")
    expect(page.get_by_label("本人输 PIN，或扫工牌")).to_be_focused()
    page.keyboard.type(PIN)
    expect(page.locator("h1")).to_have_text("林二")


def test_what_is_typed_before_the_page_is_complete_counts(site: Site, desk: Desk) -> None:
    """A picture may still be on its way, and the script too."""
    give_pin(site.plant, "mate")
    page = desk("leader", size=TABLET)
    page.expected.append("ERR_FAILED")  # type: ignore[attr-defined]  # the picture
    held: list[Route] = []
    page.route("**/late.png", lambda route: held.append(route))
    page.add_init_script(LATE_PICTURE)
    page.goto(there(site.plant, "mate"), wait_until="domcontentloaded")
    secret = page.get_by_label("本人输 PIN，或扫工牌")
    expect(secret).to_be_focused()
    page.keyboard.type(PIN[:3])
    held[0].abort()
    page.wait_for_load_state()
    expect(secret).to_have_value(PIN[:3])
    page.keyboard.type(PIN[3:])
    expect(page.locator("h1")).to_have_text("林二")


LATE_PICTURE = """addEventListener('DOMContentLoaded', () => {
  const picture = new Image();
  picture.src = '/static/icons/late.png';
  document.body.append(picture);
})"""


def test_a_reader_types_the_badge_and_sends_it(site: Site, desk: Desk) -> None:
    with site.store.tx() as db:
        credentials.set_badge(db, site.plant.id("mate"), badge.key_of("ABCDEFGHJKMNPQRS"))
    page = desk("leader", size=TABLET)
    page.goto(there(site.plant, "mate"))
    expect(page.get_by_label("本人输 PIN，或扫工牌")).to_be_focused()
    page.keyboard.type("HTTPS://AQ.EXAMPLE.CN/W/ME/ABCDEFGHJKMNPQRS")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("林二")


def test_the_round_works_without_script(site: Site, desk: Desk) -> None:
    give_pin(site.plant, "mate")
    page = desk("leader", size=TABLET, javascript=False)
    page.goto(f"{BASE}/round")
    page.get_by_role("link", name="开始点名").click()
    expect(page.get_by_role("button", name="删一位")).to_have_count(0)
    page.get_by_label("本人输 PIN，或扫工牌").fill(PIN)
    page.get_by_role("button", name="我承诺，上岗").click()
    expect(page.locator("h1")).to_have_text("林二")
    page.get_by_role("link", name="跳过").click()
    expect(page.locator("h1")).to_have_text("张三")


def test_the_person_says_on_their_phone_that_it_was_not_them(
    site: Site, desk: Desk, phone: Callable[..., Page]
) -> None:
    page = desk("leader", size=TABLET)
    page.goto(there(site.plant, "worker"))
    page.get_by_role("button", name="没带手机 / 忘了 PIN").click()
    expect(page.locator("h1")).to_have_text("陈一")
    own = phone("worker")
    own.goto("/W/mine/proxies")
    own.get_by_role("button", name="不是我").click()
    expect(own.get_by_text("没有要你确认的")).to_be_visible()
    states = history.people_states(site.store, site.plant.instance(), NOW_MS + 1)
    mine = next(one for one in states if one.person == site.plant.id("worker"))
    assert "unverified" in mine.state.marks
    above = desk("manager")
    above.goto("/board/proxies")
    above.get_by_role("button", name="看过").click()
    expect(above.get_by_text("孙八 11月24日 07:38 看过了")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
def test_a_machine_finds_no_barrier(
    site: Site, desk: Desk, phone: Callable[..., Page], dark: bool
) -> None:
    page = desk("leader", size=TABLET)
    page.emulate_media(color_scheme="dark" if dark else "light")
    mate = there(site.plant, "mate")
    page.goto(mate)
    page.get_by_role("button", name="没带手机 / 忘了 PIN").click()
    for url in (
        f"{BASE}/round",
        there(site.plant, "lin"),
        f"{mate}/trouble",
        f"{BASE}/round/left",
        f"{BASE}/paper",
        "/board/proxies",
    ):
        page.goto(url)
        assert violations(page) == [], url
    own = phone("mate")
    own.goto("/W/mine/proxies")
    assert violations(own) == []


@pytest.mark.parametrize("size", [TABLET, DESK, (820, 1180), (390, 844)])
def test_nothing_is_too_small_or_sticks_out(site: Site, desk: Desk, size: tuple[int, int]) -> None:
    page = desk("leader", size=size)
    for url in (f"{BASE}/round", there(site.plant, "mate"), f"{BASE}/paper", "/board/proxies"):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
        assert page.evaluate(TOO_SMALL) == [], url
        assert page.evaluate(TOO_FINE) == [], url


def test_on_a_phone_every_tick_of_the_sheet_still_says_what_it_is(site: Site, desk: Desk) -> None:
    page = desk("leader", size=PHONE)
    page.goto(f"{BASE}/paper")
    said = "cells => cells.map(one => getComputedStyle(one, '::before').content.slice(1, -1))"
    row = page.get_by_role("row", name="张三")
    cells = row.locator("td:has(input)")
    assert cells.evaluate_all(said) == ["承诺", "手指口述", "没到的原因"]
    page.goto("/board/JIA/roster")
    counted = page.locator("td.n").first
    assert counted.evaluate("one => getComputedStyle(one, '::before').content") == '"应到"'
