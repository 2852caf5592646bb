"""The report of a shift on the leader's tablet, my own shifts on my phone: read by everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.conftest import DESK, SMALL, TABLET, Site
from tests.shift_story import full_day

REPORT = "/board/JIA/2026-11-24/D/report"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def found(page: Page) -> list[str]:
    """What axe finds, and whether the page goes sideways."""
    return violations(page) + (["sideways"] if page.evaluate(WIDE) else [])


@pytest.mark.parametrize("size", [TABLET, DESK, (700, 900)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_is_read_on_a_tablet_by_day_and_night(
    site: Site, desk: Callable[..., Page], size: tuple[int, int], scheme: str
) -> None:
    full_day(site.plant)
    site.clock.at("20:30")
    page = desk("leader", size=size)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(REPORT)
    assert page.get_by_text("本班已结束，数据到 20:30").count() >= 1
    assert found(page) == []


def test_a_leader_takes_the_report_home_as_files(site: Site, desk: Callable[..., Page]) -> None:
    full_day(site.plant)
    page = desk("leader", size=TABLET)
    page.goto(REPORT)
    for words, ending in (("下载 PDF", "pdf"), ("下载表格 xlsx", "xlsx")):
        with page.expect_download() as download:
            page.get_by_role("link", name=words).click()
        assert download.value.suggested_filename == f"shift-JIA-2026-11-24-D.{ending}"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_my_shifts_are_read_and_taken_on_a_small_phone(
    site: Site, phone: Callable[..., Page], lang: str
) -> None:
    full_day(site.plant)
    site.clock.at("20:30")
    page = phone("chen", size=SMALL, lang=lang)
    page.goto("/W/mine/shifts")
    assert found(page) == []
    with page.expect_download() as download:
        page.locator("a[download]").click()
    assert download.value.suggested_filename == "my-shifts.json"
