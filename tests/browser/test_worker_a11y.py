"""Every screen of the worker app, in both languages and on both phone sizes.

An automatic check (axe: WCAG 2.2 A and AA, AAA contrast, best practice) finds nothing; no text is
under 18 px, nothing is cut off or sideways, no target is under 48 px, and what is acted on with
gloves has 64.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import phone_queue as queue
from tests.browser import test_worker_evidence as evidence
from tests.browser import worker_round as worker
from tests.browser.axe import violations
from tests.browser.conftest import PHONE, SMALL, Site
from tests.plant import PUMPS

Open = Callable[..., Page]
TRAY = (
    "how => { const tray = document.querySelector('.w-tray'); if (tray) tray.style.position = how }"
)
MEASURE = """() => {
  const out = [];
  if (document.documentElement.scrollWidth > innerWidth + 1) out.push('sideways');
  const shown = (e) => e.checkVisibility({ visibilityProperty: true })
    && !e.closest('.sr, .sprite, noscript') && e.getBoundingClientRect().width > 0;
  for (const e of [...document.querySelectorAll('body *')].filter(shown)) {
    const [style, box, name] = [getComputedStyle(e), e.getBoundingClientRect(),
      `${e.tagName}.${e.getAttribute('class')} ${e.textContent.trim().slice(0, 24)}`];
    const says = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (says && !e.closest('svg')) {
      if (parseFloat(style.fontSize) < 18) out.push(`small ${style.fontSize} ${name}`);
      if (e.scrollWidth > e.clientWidth + 1 && style.display !== 'inline') out.push(`cut ${name}`);
      if (box.right > innerWidth + 1 || box.left < -1) out.push(`off the screen ${name}`);
    }
    if (e.matches('button, a[href], input:not([type=checkbox]), textarea')) {
      const least = e.matches('.btn-act, .pair-btn, .choice, .key') ? 59.5 : 47.5;
      if (box.height < least || box.width < 47.5) {
        out.push(`target ${box.width}x${box.height} ${name}`);
      }
    }
  }
  return out;
}"""


@pytest.mark.parametrize("size", [PHONE, SMALL], ids=["390x844", "360x640"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_screen_reads_well(site: Site, phone: Open, lang: str, size: tuple[int, int]) -> None:
    worker.quicken(site)
    faults: dict[str, list[str]] = {}
    look = looking(faults)
    _before_work(phone(None, lang=lang, size=size), site, look)
    _a_round(phone("worker", lang=lang, size=size), look, short=size == SMALL)
    _without_a_signal(phone("worker", lang=lang, size=size), site, look)
    assert faults == {}


@pytest.mark.parametrize(("lang", "size"), [("zh", PHONE), ("en", SMALL)])
def test_what_a_step_asks_for_reads_well(
    site: Site, phone: Open, lang: str, size: tuple[int, int]
) -> None:
    faults: dict[str, list[str]] = {}
    _with_evidence(phone("worker", lang=lang, size=size), site, looking(faults))
    assert faults == {}


Look = Callable[[Page, str], None]


def looking(faults: dict[str, list[str]]) -> Look:
    """Looks at a page as it stands and keeps what is wrong under a name."""

    def look(page: Page, name: str) -> None:
        page.wait_for_timeout(worker.GUARD_MS)
        page.evaluate(TRAY, "static")  # what it covers now is uncovered by scrolling
        seen = violations(page, color_contrast_enhanced=True)
        page.evaluate(TRAY, "")
        seen += page.evaluate(MEASURE)
        if seen:
            faults[name] = seen

    return look


def _with_evidence(page: Page, site: Site, look: Look) -> None:
    """Signature, scanner, photo, second person; and what could not be sent as a code."""
    evidence.publish(site, "SPD", "PD", "R")
    queue.ready(page, site)
    worker.until(page, worker.HAS_REST)
    page.goto("/W/go")
    page.locator("main > .btn-must").click()
    expect(page.locator(".w-told .note")).to_be_visible()
    look(page, "scanner without a camera")
    worker.open_station(page, site)
    page.locator("[data-start]").click()
    worker.answer_all(page)
    evidence.sign(page)
    look(page, "signed")
    worker.hold(page)
    expect(page.locator(".w-proofs .btn")).to_have_count(4)
    look(page, "a step with all of it")
    evidence.photograph(page, evidence.jpeg((640, 480)))
    expect(page.locator(".w-photo img")).to_be_visible()
    look(page, "a photo taken")
    page.locator(".w-proof .btn").first.click()
    look(page, "scan a tag")
    page.locator(".w-bar .btn-bare").click()
    page.locator(".w-proof .btn").last.click()
    look(page, "second person")
    page.locator(".w-bar .btn-bare").click()
    page.wait_for_timeout(worker.GUARD_MS)
    worker.normal(page)
    expect(page.locator(".w-proofs .btn")).to_have_count(3)
    page.wait_for_timeout(worker.GUARD_MS)
    page.locator(".pair-abn").click()
    expect(page.locator(".w-fault-photo .btn")).to_be_visible()
    look(page, "a photo of what is wrong")
    page.locator(".w-bar .btn-bare").click()
    expect(page.locator(".w-proofs .btn")).to_have_count(3)
    evidence.photograph(page, evidence.jpeg((640, 480)))
    expect(page.locator(".w-proof")).to_have_count(2)
    look(page, "proved")
    worker.go_offline(page)
    queue.seal(page, "P-202B 机封滴油")
    page.goto("/W/")
    page.locator(".sync").click()
    page.locator(".w-feet .btn").last.click()
    expect(page.locator("svg.w-qr")).to_be_visible()
    look(page, "a record as a code")


def _before_work(page: Page, site: Site, look: Look) -> None:
    """Screens of a phone that is not enrolled, then of a shared one."""
    page.expected += ["401", "404"]  # type: ignore[attr-defined]
    page.goto("/W/")
    look(page, "home of a stranger")
    page.goto(f"/W/{PUMPS}/AAAAAAAAAAAAAAAA")
    look(page, "a forged code")
    page.goto(f"/enrol/{site.enrol_code('worker')}")
    look(page, "enrolment card")
    page.goto(f"/W/{PUMPS}")
    page.locator("[data-start]").click()
    look(page, "enrol at the station")
    page.locator("#enrol-code").fill(site.enrol_code(None, "shared"))
    page.locator(".btn-act").click()
    expect(page.locator("[data-start]")).to_be_visible()
    look(page, "station of a shared phone")
    page.locator("[data-start]").click()
    look(page, "number and PIN")


def _without_a_signal(page: Page, site: Site, look: Look) -> None:
    """Pages that the phone draws by itself."""
    queue.ready(page, site)
    worker.until(page, worker.HAS_REST)
    worker.go_offline(page)
    queue.seal(page, "P-202B 机封滴油")
    for url in ("/W/", f"/W/{PUMPS}", "/W/AAAAAAA3", "/W/trouble", "/W/go", "/W/mine"):
        page.goto(url)
        look(page, f"{url} without a signal")
    page.locator(".sync").click()
    expect(page.locator("[data-list] .btn").first).to_be_visible()
    look(page, "uploads without a signal")


def _a_round(page: Page, look: Look, *, short: bool) -> None:
    """Screens of an enrolled phone, through a round with something wrong in it."""
    page.goto("/W/")
    expect(page.locator(".w-count")).to_be_visible()
    look(page, "home")
    page.goto("/W/selfcheck")
    expect(page.locator("[data-level]")).to_be_visible()
    look(page, "self-check")
    page.goto("/W/go")
    page.locator("#code").fill("7K2M41QG")
    look(page, "a wrong code typed")
    page.goto("/W/trouble")
    page.locator(".w-doors .btn-act").last.click()
    look(page, "hazard")
    page.goto("/W/trouble")
    look(page, "trouble")
    page.locator(".w-doors .btn-act").first.click()
    look(page, "not today")
    page.goto(f"/W/{PUMPS}")
    expect(page.locator("[data-start]")).to_contain_text("8")
    look(page, "station")
    page.locator("[data-start]").click()
    look(page, "commitment")
    page.locator("#q-fit [role=radio]").last.click()
    look(page, "not fit")
    worker.answer_all(page)
    page.locator("#q-handover [role=radio]").last.click()
    look(page, "a negative answer")
    page.locator(".w-foot .btn").click()
    look(page, "two taps")
    page.locator(".hold").click()
    page.wait_for_timeout(worker.GUARD_MS)
    page.locator(".hold").click()
    expect(page.locator(".pad")).to_be_visible()
    look(page, "reading")
    _type(page, "3", short)
    look(page, "reading in its limits")
    worker.ok(page).click()
    look(page, "step")
    worker.ok(page).click()
    expect(page.locator(".pad")).to_be_visible()
    page.wait_for_timeout(worker.GUARD_MS)
    _type(page, "1.9", short)
    look(page, "reading out of its limits")
    page.locator(".pair-abn").click()
    look(page, "what is wrong")
    page.locator(".w-tray .btn-act").click()
    page.wait_for_timeout(worker.GUARD_MS)
    page.locator(".btn-stop").click()
    look(page, "stop")
    page.locator(".w-tray .btn-act").click()
    expect(page.locator(".w-code")).to_be_visible()
    look(page, "receipt")
    page.locator(".btn-act").click()
    expect(page.locator(".list")).to_be_visible()
    look(page, "home with records")
    page.locator(".sync").click()
    look(page, "uploads")
    page.goto("/W/mine")
    look(page, "what is stored about me")


def _type(page: Page, value: str, short: bool) -> None:
    worker.type_reading(page, value)
    if short:  # the keys give way to the pair
        page.locator(".key-done").click()


def test_the_keyboard_alone_does_a_round(site: Site, phone: Open) -> None:
    worker.quicken(site)
    page = phone("worker")
    worker.open_station(page, site)
    worker.start(page)
    expect(page.locator(".hold")).to_be_visible()
    for question in page.locator("[role=radiogroup]").all():
        question.locator("[tabindex='0']").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
        assert question.locator("[role=radio]").first.get_attribute("aria-checked") == "true"
    for gear in page.locator(".w-grid2 .choice:not(.choice-abn)").all():
        gear.focus()
        page.keyboard.press("Space")
    page.wait_for_timeout(worker.GUARD_MS)
    page.locator(".hold").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".hold")).to_contain_text("再点一下，就定了")
    page.wait_for_timeout(worker.GUARD_MS)
    page.keyboard.press("Enter")
    worker.at_step(page, 1)
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.keyboard.type("3")
    worker.ok(page).focus()
    page.keyboard.press("Enter")
    worker.at_step(page, 2)


def test_less_motion_moves_in_thirds(site: Site, phone: Open) -> None:
    page = phone("worker", reduced=True)
    worker.open_station(page, site)
    worker.start(page)
    worker.commit(page)
    line = page.locator(".w-dwell progress")
    seen = {line.evaluate("e => Math.round(e.value / e.max * 3)") for _ in range(20)
            if not page.wait_for_timeout(150)}  # fmt: skip
    assert seen <= {0, 1, 2, 3}
