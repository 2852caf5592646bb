"""A round on a phone zoomed to 200 %, on a narrow one, and with letters as large as they go.

Zoom: 195 × 422 CSS pixels are what a phone of 390 × 844 has left at 200 %; 320 wide is what WCAG
1.4.10 asks for. Letters grow in two ways, and neither is the page's to undo:

- `Page.setFontSizes` is the browser's own setting for text (24 px, Chromium's "very large", for
  16): what is sized in rem grows, and `em` in a media query with it.
- WeChat on iOS sets `-webkit-text-size-adjust` on the body, up to about 140 %: letters grow and
  no media query hears of it. It is set here as WeChat does, after each screen is drawn.

The text size of Android or iOS itself is not shown: it reaches a browser as one of these, or as
zoom. What a screen owes: every control can be scrolled to where nothing covers its middle, is 44
pixels wide and high, and nothing goes over the side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import Page

from tests.browser import worker_round as worker
from tests.browser.conftest import PHONE, Site
from tests.browser.test_worker_a11y import _a_round

Open = Callable[..., Page]
ORDINARY_PX, LARGEST_PX = 16, 24
WECHAT = 140  # per cent
KEYS_GIVE_WAY = 760  # px of height: below, the keys of a reading and the pair take turns


class Screen(NamedTuple):
    """A phone's screen: its size, the browser's size of letters, and WeChat's per cent of it."""

    size: tuple[int, int]
    font_px: int = ORDINARY_PX
    adjust: int = 100


ZOOMED, NARROW = (195, 422), (320, 568)
CASES = {
    "zoomed": ("zh", Screen(ZOOMED)),
    "zoomed-en": ("en", Screen(ZOOMED)),
    "narrow-en": ("en", Screen(NARROW)),
    "large": ("zh", Screen(PHONE, LARGEST_PX)),
    "large-narrow-en": ("en", Screen(NARROW, LARGEST_PX)),
    "wechat": ("zh", Screen(PHONE, adjust=WECHAT)),
    "wechat-narrow-en": ("en", Screen(NARROW, adjust=WECHAT)),
}

ADJUST = "a => document.body.style.setProperty('-webkit-text-size-adjust', `${a}%`, 'important')"
LINE = """() => {
  const one = document.querySelector('h1, .w-where');
  const range = document.createRange();
  range.selectNodeContents(one);
  return range.getClientRects()[0].height;
}"""
MEASURE = """() => {
  const [out, root] = [[], document.documentElement];
  if (root.scrollWidth > root.clientWidth + 1) {
    out.push(`sideways: ${root.scrollWidth} in ${root.clientWidth}`);
  }
  const shown = (e) => e.checkVisibility({ visibilityProperty: true })
    && !e.closest('.sr, noscript') && e.getBoundingClientRect().width > 0;
  const covered = (e) => {
    const found = [];
    for (const block of ['nearest', 'center', 'start', 'end']) {
      e.scrollIntoView({ block, behavior: 'instant' });
      const box = e.getBoundingClientRect();
      const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (top && (e.contains(top) || top.matches('label') && top.contains(e))) return '';
      found.push(top ? `${top.tagName}.${top.getAttribute('class')}` : 'off the screen');
    }
    return found.join(' ');
  };
  const controls = 'button, a[href], input, textarea, select, [role=radio]';
  for (const e of [...document.querySelectorAll(controls)].filter(shown)) {
    const name = `${e.tagName}.${e.getAttribute('class')} ${e.textContent.trim().slice(0, 24)}`;
    const { width, height } = e.getBoundingClientRect();
    if ((width < 44 || height < 44) && e.type !== 'checkbox') {
      out.push(`${Math.round(width)}x${Math.round(height)}: ${name}`);
    }
    const by = covered(e);
    if (by) out.push(`${name} is under ${by}`);
  }
  scrollTo(0, 0);
  return out;
}"""


@pytest.mark.parametrize("case", CASES)
def test_every_control_can_be_reached(site: Site, phone: Open, case: str) -> None:
    worker.quicken(site)
    lang, screen = CASES[case]
    faults: dict[str, list[str]] = {}
    page = phone("worker", size=screen.size, lang=lang)
    enlarge(page, screen.font_px)

    def look(page: Page, name: str) -> None:
        page.wait_for_timeout(worker.GUARD_MS)
        if screen.adjust != 100:
            page.evaluate(ADJUST, screen.adjust)
        if seen := page.evaluate(MEASURE):
            faults[name] = seen

    _a_round(page, look, short=screen.size[1] < KEYS_GIVE_WAY)
    assert faults == {}


def enlarge(page: Page, font_px: int) -> None:
    """The browser's own size of letters, from now on."""
    if font_px != ORDINARY_PX:
        session = page.context.new_cdp_session(page)
        session.send("Page.enable")
        sizes = {"standard": font_px, "fixed": font_px}
        session.send("Page.setFontSizes", {"fontSizes": sizes})


def test_both_ways_make_letters_larger(site: Site, phone: Open) -> None:
    page = phone("worker")
    page.goto("/W/trouble")
    ordinary = page.evaluate(LINE)
    page.evaluate(ADJUST, WECHAT)
    assert page.evaluate(LINE) == pytest.approx(ordinary * WECHAT / 100, rel=0.05)
    page.evaluate(ADJUST, 100)
    enlarge(page, LARGEST_PX)
    page.goto("/W/trouble")
    assert page.evaluate(LINE) == pytest.approx(ordinary * LARGEST_PX / ORDINARY_PX, rel=0.05)


def test_a_reading_stays_on_one_line(site: Site, phone: Open) -> None:
    """On a narrow screen its unit goes below it; its figures stay together."""
    worker.quicken(site)
    page = phone("worker", size=ZOOMED)
    worker.open_station(page, site)
    worker.start(page)
    worker.commit(page)
    worker.type_reading(page, "1.9")
    shown = page.locator(".reading output")
    line = shown.evaluate("e => parseFloat(getComputedStyle(e).lineHeight)")
    assert shown.evaluate("e => e.getBoundingClientRect().height") < 1.5 * line
