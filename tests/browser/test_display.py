"""The gate display on the screens it hangs on: what fits, what it says when it has ended, alone."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.announced import further
from tests.browser.axe import violations
from tests.browser.conftest import Site
from tests.browser.faulty import Faulty
from tests.displaying import UNTIL, document, named, put
from tests.qr.printed import read_codes

Open = Callable[..., Page]
SCREEN, UPRIGHT = (1920, 1080), (1080, 1920)
WALLS = [(960, 540), (640, 320), (512, 256)]
SIZES = [SCREEN, UPRIGHT, *WALLS]
LEAST = {SCREEN: 52, UPRIGHT: 52, (960, 540): 28, (640, 320): 18, (512, 256): 16}

REAL = (
    "我公司今天已做班前安全风险研判。应到的人都做了班前承诺，报上来的异常都有人答复，"
    "没有未消除的重大隐患，风险防控措施已落实。装置安全运行，罐区和重大危险源处于受控状态。"
)
OPEN = "我公司今天已做班前安全风险研判。除下面写明的以外，风险防控措施已落实。"
OPEN_EN = (
    "Our company has assessed today's risks before the shift. The risk controls are in place"
    " except for what is named below."
)
LONG = "濮阳示例精细化工新材料科技股份有限公司范县濮王产业园第二分公司"
LONG_EN = "Puyang Example Fine Chemicals and New Materials Technology Joint Stock Company Limited"
ITEM_EN = "2 facilities have a state that nobody entered or looked at within 24 hours."
ONE_EN = "1 failed veto step is being dealt with."
ITEM = "2 个装置设施的状态 24 小时内没有人看过，也没有人重新填报。"
MANY = {"fire_special": 12, "fire_1": 34, "fire_2": 56, "confined": 178, "total": 999}
UNITS = {"total": 128, "running": 117, "stopped": 5, "maintenance": 6}

DAYS: dict[str, dict[str, Any]] = {
    "mock": {},
    "real": {"text": {"state": "clear", "zh": REAL, "en": OPEN_EN}},
    "open": {
        "text": {"state": "named", "zh": OPEN, "en": OPEN_EN},
        "named": named("1 处否决项还没有人答复。", "2 处重大隐患还没有消除。", *[ITEM] * 7),
        "enterprise": {"name": LONG, "name_en": LONG_EN},
        "override": {"reason": "在处置", "gaps": []},
    },
    "long": {
        "text": {"state": "named", "zh": OPEN, "en": OPEN_EN},
        "named": [{"code": "states_stale", "n": 2, "zh": ITEM * 2, "en": ITEM_EN}] * 9,
        "enterprise": {"name": LONG, "name_en": LONG_EN},
    },
    "four": {
        "text": {"state": "named", "zh": OPEN, "en": OPEN_EN},
        "named": [
            {"code": "veto_open", "n": 1, "zh": "1 处否决项正在处理。", "en": ONE_EN},
            *named("2 处重大隐患还没有消除。", "2 人在班，还没做班前承诺。", "1 人没做。"),
        ],
    },
    "large": {
        "total": {"n": 17_480, "on": 16_991, "off": 0, "late": 400, "none": 89},
        "plant": {
            **document()["plant"],
            "units": UNITS,
            "trial": 2,
            "startup": 1,
            "shutdown": 1,
            "major": {"total": 24, "safe": 23, "ranks": [4, 8, 8, 4]},
        },
        "works": {**document()["works"], **MANY},
    },
    "bare": {"plant": None, "works": None},
    "nobody": {"total": None, "small": {"shifts": 2, "counted": False, "count": None}},
}


@pytest.fixture(autouse=True)
def morning(site: Site) -> None:
    site.clock.at("09:10")


def shown(page: Page) -> list[dict[str, Any]]:
    """Every text that has its turn: its words, its size, its place and that of its room."""
    found: list[dict[str, Any]] = page.evaluate(
        """() => [...document.querySelectorAll('h1, p, dt, dd, li, b, small, span')]
          .filter(one => one.textContent.trim() && one.getClientRects().length)
          .map(one => {
            const box = one.getBoundingClientRect();
            return {words: one.textContent.trim(), px: parseFloat(getComputedStyle(one).fontSize),
              left: box.left, top: box.top, right: box.right, bottom: box.bottom,
              cut: getComputedStyle(one).display !== 'inline'
                && one.scrollWidth > one.clientWidth + 1,
              part: (one.closest('header, dl, footer') || one.closest('section')
                || document.body).localName};
          })"""
    )
    return found


def faults(page: Page, size: tuple[int, int]) -> list[str]:
    """What is too small, cut off, outside the screen, or over its neighbour."""
    found = []
    texts = shown(page)
    least = LEAST[size] - 0.5
    for one in texts:
        if one["px"] < least:
            found.append(f"{one['px']} px: {one['words']}")
        outside = one["left"] < 0 or one["top"] < -1 or one["right"] > size[0] + 1
        if outside or one["bottom"] > size[1] + 1:
            found.append(f"outside: {one['words']}")
        if one["cut"]:
            found.append(f"cut: {one['words']}")
    if size not in WALLS:
        found += _overlaps(page)
    return found


def _overlaps(page: Page) -> list[str]:
    """Head, figures, words and foot stand one below the other."""
    rows = page.evaluate(
        """() => ['.g-head', '.g-nums', '.g-oath', '.g-foot'].map(name => {
          const all = [...document.querySelectorAll(name + ', ' + name + ' *')]
            .filter(one => one.getClientRects().length).map(one => one.getBoundingClientRect());
          return [Math.min(...all.map(b => b.top)), Math.max(...all.map(b => b.bottom))];
        }).filter(([top]) => isFinite(top))"""
    )
    pairs = itertools.pairwise(rows)
    return [f"{above} over {below}" for above, below in pairs if above[1] > below[0] + 2]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("day", DAYS)
def test_everything_fits_its_screen(
    site: Site, desk: Open, day: str, size: tuple[int, int]
) -> None:
    first = put(site.plant, document(**DAYS[day]))
    if day == "four":
        put(site.plant, further(first))
    page = desk(None, size=size)
    for url in ("/display", "/en/display"):
        answer = page.goto(url)
        assert answer is not None and answer.ok
        assert "; ".join(faults(page, size)) == "", url
        wide, high = page.evaluate("[document.body.scrollWidth, document.body.scrollHeight]")
        assert wide == size[0] and high <= size[1] + 2, url


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_an_expired_one_fits_too(site: Site, desk: Open, size: tuple[int, int]) -> None:
    put(site.plant, document(**DAYS["open"]))
    site.clock.ms = UNTIL
    page = desk(None, size=size)
    page.goto("/display")
    expect(page.get_by_text("已过期", exact=True)).to_be_visible()
    expect(page.get_by_text("现在没有有效的公告")).to_be_visible()
    assert faults(page, size) == []


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_before_the_first_announcement(site: Site, desk: Open, size: tuple[int, int]) -> None:
    page = desk(None, size=size)
    page.goto("/display")
    expect(page.get_by_text("还没有公告。")).to_be_visible()
    assert faults(page, size) == []


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_it_turns_to_expired_by_itself_when_server_and_network_are_gone(
    site: Site, faulty: Faulty, desk: Open, size: tuple[int, int]
) -> None:
    put(site.plant, document(**DAYS["open"]))
    site.clock.ms = UNTIL - 4_000
    page = desk(None, size=size, javascript=False)
    page.expected.append("ERR_CONNECTION_REFUSED")  # type: ignore[attr-defined]
    page.goto("/display")
    page.route("**/*", lambda route: None)  # what is asked now is never answered
    faulty.down()
    expect(page.locator(".g-stop")).to_be_hidden()
    expect(page.get_by_text("有效到 11月25日 10:00", exact=True)).to_be_visible()
    expect(page.locator(".g-stop")).to_be_visible(timeout=8_000)
    expect(page.get_by_text("有效到 11月25日 10:00", exact=True)).to_be_hidden()
    expect(page.get_by_text("现在没有有效的公告")).to_be_visible()
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    assert seen.getpixel((size[0] - 8, size[1] // 3)) == (168, 0, 24)  # the band hides the figures


def test_the_words_are_struck_through_when_it_ends(site: Site, desk: Open) -> None:
    put(site.plant, document(**DAYS["open"]))
    site.clock.ms = UNTIL - 3_000
    page = desk(None, size=SCREEN)
    page.goto("/display")
    words, item = page.locator(".g-words"), page.locator("li").first
    expect(words).to_have_css("text-decoration-line", "none")
    expect(words).to_have_css("text-decoration-line", "line-through", timeout=8_000)
    expect(item).to_have_css("text-decoration-line", "line-through")


@pytest.mark.parametrize("reduced", [False, True])
def test_reduced_motion_does_not_keep_an_old_notice(site: Site, desk: Open, reduced: bool) -> None:
    put(site.plant, document())
    site.clock.ms = UNTIL - 2_000
    page = desk(None, size=(640, 320), reduced=reduced)
    page.goto("/display")
    expect(page.locator(".g-stop")).to_be_visible(timeout=8_000)


def test_it_asks_again_by_itself_and_shows_the_next_one(site: Site, desk: Open) -> None:
    put(site.plant, document())
    site.clock.ms = UNTIL - 1_000
    page = desk(None, size=SCREEN, javascript=False)
    page.goto("/display")
    put(site.plant, document(date="2026-11-25"))
    site.clock.ms = UNTIL + 1_000
    expect(page.get_by_text("11月25日", exact=True)).to_be_visible(timeout=10_000)
    expect(page.get_by_text("有效到 11月26日 10:00", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", WALLS, ids=str)
def test_figures_and_words_take_turns_on_a_wall(
    site: Site, desk: Open, size: tuple[int, int]
) -> None:
    put(site.plant, document(**DAYS["open"]))
    page = desk(None, size=size)
    page.goto("/display")
    turns = page.locator(".turn").count()
    assert turns == 1 + 1 + page.locator("li").count() + 1 + 1
    for turn in range(turns):
        page.evaluate(
            """seconds => document.getAnimations()
              .filter(one => one.animationName.startsWith('turn'))
              .forEach(one => { one.pause(); one.currentTime = seconds * 1000; })""",
            turn * 7 + 3,
        )
        visible = page.evaluate(
            """() => [...document.querySelectorAll('.turn')]
              .filter(one => getComputedStyle(one).visibility === 'visible')
              .map(one => one.className)"""
        )
        assert len(visible) == 1 and f"turn-{turn}" in visible[0].split()


@pytest.mark.parametrize("size", WALLS, ids=str)
def test_who_wants_no_motion_reads_one_below_the_other(
    site: Site, desk: Open, size: tuple[int, int]
) -> None:
    put(site.plant, document(**DAYS["open"]))
    page = desk(None, size=size, reduced=True)
    page.goto("/display")
    boxes = [one.bounding_box() for one in page.locator(".turn").all()]
    tops = [box["y"] for box in boxes if box]
    assert len(tops) == len(boxes) and tops == sorted(tops) and len(set(tops)) == len(tops)
    for one in page.locator(".turn").all():
        expect(one).to_have_css("visibility", "visible")
    assert page.evaluate("document.body.scrollWidth") <= size[0]


@pytest.mark.parametrize("size", [SCREEN, UPRIGHT], ids=str)
@pytest.mark.parametrize(("url", "says"), [("/display", "/"), ("/en/display", "/EN/")])
def test_the_code_leads_to_the_public_page(
    site: Site, desk: Open, size: tuple[int, int], url: str, says: str
) -> None:
    put(site.plant, document())
    page = desk(None, size=size)
    page.goto(url)
    (code,) = read_codes(page.screenshot())
    assert code.upper() == site.url.upper() + says


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_an_automatic_check_finds_nothing(site: Site, desk: Open, size: tuple[int, int]) -> None:
    put(site.plant, document(**DAYS["open"]))
    page = desk(None, size=size)
    page.goto("/display")
    # A sign at a gate must ask again by itself, and has nothing that a reader could lose by it.
    assert violations(page, meta_refresh=False) == []


def test_nothing_but_the_page_its_styles_and_its_icon_is_asked_for(site: Site, desk: Open) -> None:
    put(site.plant, document())
    page = desk(None, size=SCREEN)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.split("?")[0]))
    page.goto("/display")
    paths = {url.removeprefix(site.url) for url in asked}
    styles = {"/static/css/tokens.css", "/static/css/display.css"}
    assert styles <= paths <= {"/display", "/static/icons/icon.svg", *styles}
    assert page.locator("script").count() == 0


def test_it_is_right_at_the_size_of_other_screens(site: Site, desk: Open) -> None:
    put(site.plant, document(**DAYS["open"]))
    for size in [(1366, 768), (1280, 1024), (3840, 2160), (2160, 3840), (768, 1024), (390, 844)]:
        page = desk(None, size=size)
        page.goto("/display")
        outside = [
            one["words"]
            for one in shown(page)
            if one["right"] > size[0] + 1 or one["bottom"] > size[1] + 1
        ]
        assert outside == [] and _overlaps(page) == [], size
