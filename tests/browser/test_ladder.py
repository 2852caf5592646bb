"""The ladder of sign-offs in a browser: it reads well by day and by night, and is signed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.announcing import at, day_works, night_works
from tests.browser.axe import violations
from tests.browser.conftest import DESK, PHONE, TABLET, Site
from tests.browser.test_board import TOO_FINE, TOO_SMALL
from tests.climbing import ALL_IN_PLACE, TOP, WORKSHOP, climb, placed
from tests.crew import veto_step
from tests.plant import TODAY, Plant
from tests.sealing import deliver, run_body

Open = Callable[..., Page]
UNIT, PLANT = f"/ladder/{TODAY}/{WORKSHOP}", f"/ladder/{TODAY}/{TOP}"


def a_morning(plant: Plant) -> None:
    """Both crews signed over gaps, the workshop too, with something not in place."""
    placed(plant)
    night_works(plant, 2)
    day_works(plant, 1)
    answers = {**ALL_IN_PLACE, "seals": "no"}
    climb(plant, WORKSHOP, at("08:20"), answers=answers, notes={"seals": "接了盘，今晚换机封"})


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
def test_every_page_of_the_ladder_reads_well(
    site: Site, desk: Open, size: tuple[int, int], lang: str
) -> None:
    a_morning(site.plant)
    site.clock.at("08:21")
    page = desk("signatory", size=size, lang=lang)
    for number, url in enumerate(("/ladder", UNIT, PLANT)):
        page.emulate_media(color_scheme="dark" if number % 2 else "light")
        page.goto(url)
        assert violations(page) == [], url
        assert page.evaluate(TOO_SMALL) == [] and page.evaluate(TOO_FINE) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), url


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_at_the_desk_read_well(site: Site, desk: Open, lang: str) -> None:
    placed(site.plant)
    page = desk("manager", size=DESK, lang=lang)
    for url in ("/manage/ladder", f"/manage/units/{WORKSHOP}", "/manage/new/unit"):
        page.goto(url)
        assert violations(page) == [], url


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_the_principal_signs_on_a_phone_with_the_keyboard_alone(
    site: Site, desk: Open, javascript: bool
) -> None:
    a_morning(site.plant)
    site.clock.at("08:41")
    page = desk("signatory", size=PHONE, javascript=javascript)
    page.goto(PLANT)
    for reason in page.locator("input[name^=reason-]").all():
        reason.focus()
        page.keyboard.type("看过，按车间的办")
    for choice in page.locator("input[value=yes]").all():
        choice.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="我签字").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("周九 08:41 签字")).to_be_visible()


def test_a_measure_is_asked_for_where_something_is_not_in_place(site: Site, desk: Open) -> None:
    a_morning(site.plant)
    site.clock.at("08:41")
    page = desk("signatory", size=TABLET)
    page.goto(PLANT)
    note = page.locator("#note-gas")
    expect(note).to_be_hidden()
    page.locator("input[name=answer-gas][value=no]").check()
    expect(note).to_be_visible()


def test_the_principal_sees_at_once_what_came_up(site: Site, desk: Open) -> None:
    a_morning(site.plant)
    climb(site.plant, TOP, at("08:40"))
    bad = veto_step(site.plant)
    deliver(site.plant, run_body(site.plant, "worker", bad=bad), at_ms=at("08:50"))
    site.clock.at("08:51")
    page = desk("signatory", size=TABLET)
    page.goto("/ladder")
    expect(page.locator(".l-rung").first).to_contain_text("08:50 又报异常：张三")
    page.goto(PLANT)
    expect(page.get_by_text("还不能签字：下面先答复")).to_be_visible()
