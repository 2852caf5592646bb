"""A manager sets up where reminders go, tries it out, and reads what was sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shiftapp.model import clockwork
from shiftapp.web import reach
from tests.browser.conftest import DESK, TABLET, Site
from tests.browser.test_manage import faults
from tests.reach.capture import http_capture

Open = Callable[..., Page]
LIST = "/manage/reach"


@pytest.mark.parametrize(
    ("javascript", "size", "lang"), [(True, TABLET, "en"), (True, DESK, "zh"), (False, DESK, "zh")]
)
def test_a_channel_from_the_form_to_the_log(
    site: Site,
    desk: Open,
    monkeypatch: pytest.MonkeyPatch,
    javascript: bool,
    size: tuple[int, int],
    lang: str,
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    site.speaks("manager", lang)
    page = desk("manager", javascript=javascript, size=size, lang=lang)
    page.expected.append("422")  # type: ignore[attr-defined]
    with http_capture() as capture:
        page.goto(LIST)
        page.locator("main .btn[href='/manage/new/channel']").click()
        page.locator("#f-name").fill("甲班群")
        page.locator("#f-template").select_option("wecom")
        page.locator("#f-target").fill("not an address")
        page.locator("button.btn-must").click()
        page.locator("#fault a").click()
        expect(page.locator("#f-target")).to_be_in_viewport()
        page.locator("#f-target").fill(capture.url)
        page.locator("button.btn-must").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("甲班群")
        expect(page.locator("#f-target")).to_have_value("")
        page.locator("form[action$='/test'] button").click()
        expect(page.locator("#sent .badge-ok")).to_be_visible()
        capture.answers = ["500"]
        site.clock.at("08:15")
        clockwork.plan(site.store, site.clock.ms, site.plant.random)
        reach.work(site.app.extensions["shiftapp"])
        page.goto(f"{LIST}/log")
        expect(page.locator("tbody tr")).to_have_count(4)  # test, alarm, unsigned, an old summary
        expect(page.get_by_text("HTTP 500 out of order")).to_be_visible()
        assert len(capture.requests) == 2
        if javascript:  # the machine that looks for barriers is a script itself
            for path in (LIST, f"{LIST}/1", f"{LIST}/log", "/manage/new/channel"):
                page.goto(path)
                assert faults(page) == [], path
