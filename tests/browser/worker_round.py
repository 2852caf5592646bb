"""What a worker does on the screens of a round, for several tests: answer, hold, press, type."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from shiftapp import library
from shiftapp.model import versions
from tests.browser.conftest import Site
from tests.plant import MADE_MS, PUMPS

DWELL_MS = 4_200  # a little longer than the longest dwell of the library's steps
GUARD_MS = 450  # the 400 ms after a screen change in which a press is no answer


# The phone holds the shell, and the page is under its service worker.
STANDS = """async () => {
  const held = await navigator.serviceWorker.ready;
  const names = (await caches.keys()).filter((name) => name.startsWith('shell-'));
  return Boolean(held.active && navigator.serviceWorker.controller && names.length);
}"""
# It also holds the second script and the scanner, which come when there is time.
HAS_REST = """async () => {
  const worker = `/W/sw.${document.documentElement.lang.slice(0, 2)}.js`;
  const [, list] = /const REST = (.*);/.exec(await (await fetch(worker)).text());
  const held = await navigator.serviceWorker.ready;
  held.active.postMessage('keep the rest');
  const here = await Promise.all(JSON.parse(list).map((url) => caches.match(url)));
  return navigator.serviceWorker.controller && here.every(Boolean);
}"""
PATIENCE_MS = 40_000


def until(page: Page, holds: str) -> None:
    """Wait for an async function of the page (`wait_for_function` takes a promise for true)."""
    assert comes(page, holds, PATIENCE_MS), holds


def comes(page: Page, holds: str, patience_ms: int) -> bool:
    """Whether an async function of the page comes to hold in this time."""
    return page.evaluate(  # type: ignore[no-any-return]
        f"""async (patience) => {{
          let late = false;
          const over = new Promise((resolve) => {{
            setTimeout(() => {{ late = true; resolve(false); }}, patience);
          }});
          while (!late) {{
            if (await Promise.race([({holds})(), over])) return true;
            await new Promise((resolve) => setTimeout(resolve, 50));
          }}
          return false;
        }}""",
        patience_ms,
    )


def go_offline(page: Page, offline: bool = True) -> None:
    """No network from now on, or again; that the console says so is no fault."""
    page.expected.extend(["ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "503"])  # type: ignore[attr-defined]
    page.context.set_offline(offline)


def quicken(site: Site) -> None:
    """Publish J02 with steps that ask for a tenth of a second, so that a test need not wait."""
    doc = library.with_examples(library.job("J02")["checklist"])
    for step in doc["steps"]:
        step["dwell_ms"] = 100
    with site.store.tx() as db:
        versions.publish_checklist(db, "J02", doc, MADE_MS, "library")


def open_station(page: Page, site: Site, code: str = PUMPS) -> None:
    """Scan the station's code; the phone has been answered, or knows that it has no signal."""
    mac = site.plant.mac if code == PUMPS else ""
    page.goto(f"/W/{code}/{mac}" if mac else f"/W/{code}")
    until(page, "async () => window.answered")


def start(page: Page, label: str = "开始：承诺 + 8 步") -> None:
    """Press the action of the station once it says this."""
    expect(page.locator("[data-start]")).to_contain_text(label)
    page.locator("[data-start]").click()


def answer_all(page: Page, **chosen: str) -> None:
    """Answer every question well, but those named by item id with the option's words."""
    expect(page.locator(".w-oath")).to_be_visible()
    for question in page.locator("fieldset.w-q").all():
        item = (question.get_attribute("id") or "").removeprefix("q-")
        if item in chosen:
            question.get_by_text(chosen[item], exact=True).click()
        elif question.locator("[role=radio]").count():
            question.locator("[role=radio]").first.click()
        else:
            for gear in question.locator(".choice:not(.choice-abn)").all():
                gear.click()


def hold(page: Page, for_ms: int = 0) -> None:
    """Hold the commitment's button: until it is done, or only for a time."""
    page.locator(".hold").hover(position={"x": 60, "y": 30})  # once it stands still
    page.mouse.down()
    if for_ms:
        page.wait_for_timeout(for_ms)
    else:
        expect(page.locator(".hold:not([data-state=done])")).to_have_count(0)
    page.mouse.up()


def commit(page: Page) -> None:
    """The whole commitment, all well, by holding."""
    answer_all(page)
    hold(page)
    at_step(page, 1)


def at_step(page: Page, number: int, of: int = 8) -> None:
    """Wait until a step is on the screen and presses count."""
    expect(page.locator("header .w-where")).to_have_text(f"第 {number} 步，共 {of} 步")
    page.wait_for_timeout(GUARD_MS)


def not_today(page: Page) -> None:
    """Say 今天不能 at the other door, without a station."""
    page.goto("/W/trouble")
    page.locator(".w-doors").get_by_text("今天不能上岗").click()
    page.wait_for_timeout(GUARD_MS)
    page.get_by_text("告诉班长：今天不能").click()


def type_reading(page: Page, value: str) -> None:
    """Type a reading on our own keys."""
    for sign in value:
        page.locator(".key", has_text=sign).first.click()


def normal(page: Page, dwell_ms: int = 0) -> None:
    """Point, call, press 正常; what a step asks for besides is done without."""
    page.wait_for_timeout(dwell_ms)
    without = page.locator(".w-proofs > .btn-bare")
    if without.count():
        without.click()
    ok(page).click()


def ok(page: Page) -> Locator:
    return page.locator(".pair-ok")


def abnormal(page: Page, reason: str = "", words: str = "") -> None:
    """Press 异常, tap a reason, say something, report."""
    page.locator(".pair-abn").click()
    report(page, reason, words)


def report(page: Page, reason: str = "", words: str = "") -> None:
    """What opens after 异常 and 停."""
    expect(page.locator("h1")).to_have_text("哪里不对？")
    page.wait_for_timeout(GUARD_MS)
    if reason:
        page.locator(".choice", has_text=reason).click()
    if words:
        page.locator("textarea").fill(words)
    page.locator(".w-tray .btn-act").click()


WITHOUT = "这里做不了，改为选择"
READINGS = {1: "3", 3: "0.62", 4: "45", 5: "50.5"}  # J02 within its limits


def walk(page: Page, first: int = 1, last: int = 8, dwell_ms: int = 0) -> None:
    """Steps of J02, all normal."""
    for number in range(first, last + 1):
        at_step(page, number)
        if number in READINGS:
            type_reading(page, READINGS[number])
        normal(page, dwell_ms)
