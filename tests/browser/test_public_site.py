"""What anybody sees of the announcements: no fault at any size, on paper, without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.announced import STATE, WORKS, document, falsify, further, shift, store
from tests.announcing import at
from tests.browser.axe import violations
from tests.browser.conftest import PHONE, Site

Open = Callable[..., Page]
SIZES = {"desktop": (1280, 900), "phone": PHONE, "narrow": (320, 640)}
GAP = {"code": "major", "n": 1, "zh": "1 处重大隐患还没有消除。", "en": "1 major hazard is open."}
GIVER = {"name": "郑一", "name_en": "Zheng Yi", "title": "董事长", "title_en": "Chairman"}


@pytest.fixture
def ids(site: Site) -> list[str]:
    """A good day, its correction, an update with all there is to say, and an altered day."""
    site.clock.at("10:50")
    plant = site.plant
    altered = store(plant, document(date="2026-11-22"))
    store(plant, document(date="2026-11-23"))
    first = store(plant, document(shifts=[shift(f"{n}班") for n in range(40)]))
    second = store(plant, further(first))
    third = store(
        plant,
        further(
            second,
            how="update",
            named=[GAP],
            override={"reason": "在处置漏点", "gaps": [GAP]},
            delegate_of={**GIVER, "document": "授字〔2026〕3 号"},
            plant={**STATE, "startup": 1, "major": {"total": 2, "safe": 1, "ranks": [0, 1, 1, 0]}},
            works={**WORKS, "registered_late": 1, "cancelled_late": 1},
            roster={"added": 2, "ended": 1},
            hazards={"general": 2, "major": 1, "veto_unanswered": 1, "unanswered": 1},
            published_ms=at("10:40"),
        ),
    )
    falsify(plant, altered["id"], '"on":41', '"on":43')
    return [first["id"], second["id"], third["id"], altered["id"]]


def faults(page: Page) -> list[str]:
    """What axe finds, what goes sideways, and text under 18 px."""
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => [...e.childNodes].some("
        "n => n.nodeType == 3 && n.data.trim()) && !e.closest('.sprite') &&"
        " parseFloat(getComputedStyle(e).fontSize) < 18).map(e => e.outerHTML.slice(0, 80))"
    )
    return [
        *violations(page),
        *(["goes sideways"] if wide else []),
        *small,
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("base", ["/", "/en/"])
def test_every_page_is_without_a_fault(
    site: Site, desk: Open, ids: list[str], size: str, base: str
) -> None:
    page = desk(None, size=SIZES[size])
    paths = ["", *(f"announcements/{id}" for id in ids), "announcements", "years/2026", "risk"]
    for path in [*paths, "announcements?from=2026-11-23"]:
        page.goto(base + path)
        assert faults(page) == [], path
    page.expected.append("422")  # type: ignore[attr-defined]
    page.goto(f"{base}announcements?from=x")
    assert faults(page) == []


def test_a_reader_finds_an_earlier_version_without_script(
    site: Site, desk: Open, ids: list[str]
) -> None:
    page = desk(None, size=PHONE, javascript=False)
    page.goto("/")
    page.get_by_role("link", name="全部公告").first.click()
    page.get_by_label("从").fill("2026-11-24")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="第 1 版").click()
    expect(page.get_by_text("这是第 1 版")).to_be_visible()
    page.get_by_role("link", name="看第 3 版").click()
    expect(page.get_by_text("1 处重大隐患还没有消除。").first).to_be_visible()


def test_a_reader_asks_how_the_day_was_graded_and_sees_the_year(
    site: Site, desk: Open, ids: list[str]
) -> None:
    page = desk(None)
    page.goto("/")
    page.get_by_role("link", name="怎样定的").click()
    expect(page.get_by_text("有特级动火作业")).to_be_visible()
    page.goto("/announcements")
    page.get_by_role("link", name="2026 年", exact=True).click()
    expect(page.get_by_role("img", name="每月应到和按时的人次")).to_be_visible()
    expect(page.get_by_text("与签名不符，没有算进去：1 份。").first).to_be_visible()


def test_an_altered_announcement_is_red_before_anything_else(
    site: Site, desk: Open, ids: list[str]
) -> None:
    page = desk(None, size=PHONE)
    page.goto(f"/announcements/{ids[3]}")
    banner = page.locator(".a-over")
    expect(banner).to_contain_text("公告与签名不符")
    box = banner.bounding_box()
    assert box is not None and box["y"] < 400
    assert banner.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(168, 0, 24)"


def test_on_paper_it_is_black_on_white_without_links(
    site: Site, desk: Open, ids: list[str]
) -> None:
    page = desk(None, size=SIZES["desktop"])
    page.goto("/")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.locator(".a-foot")).to_be_hidden()
    expect(page.locator(".a-oath")).to_be_visible()
