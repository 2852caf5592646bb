"""Without a signal: what a phone can do that was online once (pwa brief §1.4, §11.23)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shiftapp.model import records
from shiftapp.web import joined
from tests.browser import worker_round as worker
from tests.browser.conftest import Site
from tests.browser.faulty import PATIENCE_S, Faulty
from tests.plant import PUMPS, TANKS

Open = Callable[..., Page]

NOTHING_KEPT = """async () => !(await navigator.serviceWorker.getRegistrations()).length
  && !(await caches.keys()).length"""


@pytest.fixture
def ready(site: Site, phone: Open) -> Page:
    """A phone that was online once, on its home page, and is not any more."""
    worker.quicken(site)
    page = phone("worker")
    page.goto("/W/")
    worker.until(page, worker.STANDS)
    worker.go_offline(page)
    return page


def goes_with_a_visit(page: Page) -> bool:
    """Whether nothing is kept some seconds after a visit.

    Chromium changes the worker of an open page in a quiet moment, which may take minutes to come;
    where no page is open, at once.
    """
    page.goto("about:blank")
    page.goto("/W/")
    return worker.comes(page, NOTHING_KEPT, 10_000)


def stored(site: Site) -> int:
    return int(site.store.value("SELECT COUNT(*) FROM record"))


def test_a_station_never_opened_before_works_from_its_code(site: Site, ready: Page) -> None:
    page = ready
    page.goto(f"/W/{PUMPS}/{site.plant.mac}")
    expect(page.locator("h1")).to_have_text("P-201 泵区")
    expect(page.locator(".w-risks li")).to_have_count(3)
    expect(page.locator(".w-tray .btn-stop")).to_have_attribute("href", "tel:0393-0000119")
    expect(page.get_by_text("没扫码，是手输的")).to_have_count(0)
    worker.start(page)
    worker.commit(page)
    worker.walk(page, dwell_ms=120)
    expect(page.locator("h2[data-heading]")).to_be_visible()
    expect(page.locator(".sync").first).to_contain_text("2")
    assert stored(site) == 0
    worker.go_offline(page, False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".sync-sent").first).to_be_visible()
    assert stored(site) == 2
    flags = site.store.rows("SELECT flags FROM record ORDER BY seq")
    assert [row["flags"] for row in flags] == ["[]", "[]"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_offline_page_is_the_online_one(site: Site, phone: Open, lang: str) -> None:
    """The same templates, filled by the server or by the phone: the same words."""
    page = phone("worker", lang=lang)
    urls = [f"/W/{PUMPS}/{site.plant.mac}", f"/W/{TANKS}", "/W/trouble"]
    online = [texts(page, url) for url in urls]
    worker.until(page, worker.STANDS)
    worker.go_offline(page)
    assert [texts(page, url) for url in urls] == online


def texts(page: Page, url: str) -> list[str]:
    page.goto(url)
    expect(page.locator("body:not([data-view=shell])")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
    parts = page.locator("h1, h2.w-h, .w-label, .risk, .w-risks li, dl, .w-tray .btn-stop").all()
    told = [part.inner_text().strip() for part in parts]
    return told + [part.inner_text() for part in page.locator("[aria-current]").all()]


def test_typed_codes_and_the_way_home_work_without_a_signal(site: Site, ready: Page) -> None:
    page = ready
    page.goto("/W/go")
    page.get_by_label("岗位码").fill(TANKS.lower())
    page.get_by_text("打开这个岗位").click()
    expect(page.locator("h1")).to_have_text("碳四罐区")
    expect(page.get_by_text("没扫码，是手输的")).to_be_visible()
    page.get_by_role("link", name="返回").click()
    expect(page.locator(".w-count")).to_contain_text("还有 22 分")


def test_an_unknown_code_says_what_to_do(ready: Page) -> None:
    for url in ("/W/AAAAAAA3", f"/W/{PUMPS}/0000000000000000"):
        ready.goto(url)
        expect(ready.get_by_text("这个岗位不在这台手机里")).to_be_visible()
        expect(ready.get_by_text("走到有信号的地方，再扫一次")).to_be_visible()


def test_not_today_can_be_said_without_a_signal(site: Site, ready: Page) -> None:
    page = ready
    worker.not_today(page)
    expect(page.locator(".sync").first).to_contain_text("1")
    worker.go_offline(page, False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".sync-sent").first).to_be_visible()
    (kept,) = site.store.rows("SELECT id FROM record")
    body = records.body(site.store, kept["id"])
    assert body is not None and body["result"] == "cannot"


def test_a_server_that_is_down_is_no_signal(site: Site, phone: Open) -> None:
    page = phone("worker")
    page.goto("/W/")
    worker.until(page, worker.STANDS)
    page.expected.extend(["502", "ERR_"])  # type: ignore[attr-defined]
    page.context.route("**/*", lambda route: route.fulfill(status=502, body="<h1>proxy</h1>"))
    page.goto(f"/W/{PUMPS}")
    expect(page.locator("h1")).to_have_text("P-201 泵区")


def test_only_the_shell_is_kept_and_nothing_personal(site: Site, ready: Page) -> None:
    kept = ready.evaluate(
        """async () => Promise.all((await caches.keys()).map(async (name) => Promise.all(
          (await (await caches.open(name)).keys()).map(async (asked) => [
            new URL(asked.url).pathname, await (await caches.match(asked)).text()]))))"""
    )
    (shell,) = kept
    assert sorted(path for path, _ in shell) == [
        "/W/app.css",
        "/W/app.zh.js",
        "/W/shell.zh",
        "/static/icons/icon.svg",
    ]
    assert all("张三" not in text and "P-201" not in text for _, text in shell)


def test_a_page_on_its_way_when_the_worker_came_is_taken_in(faulty: Faulty, phone: Open) -> None:
    """Chromium hands over only pages that stand; one that is still asked for stays without."""
    shell, asked = faulty.hold("/W/shell"), faulty.hold("/W/trouble")
    first = phone("worker")
    first.goto("/W/")
    assert shell.came.wait(PATIENCE_S)  # the worker fills its cache
    page = first.context.new_page()
    page.evaluate(
        "(url) => { setTimeout(() => { location.href = url; }); }", f"{faulty.url}/W/trouble"
    )
    assert asked.came.wait(PATIENCE_S)
    shell.is_open.set()
    worker.until(first, worker.STANDS)
    asked.is_open.set()
    page.wait_for_url("**/W/trouble")
    assert worker.comes(page, "async () => !navigator.serviceWorker.controller", 100)
    worker.until(page, worker.STANDS)


def test_a_new_version_waits_until_somebody_takes_it(
    site: Site, phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = phone("worker")
    page.goto("/W/")
    worker.until(page, worker.STANDS)
    text, _ = joined.style()
    monkeypatch.setattr(joined, "style", lambda: (text + "\n", "0123456789"))
    page.reload()
    expect(page.locator("[data-update]")).to_be_visible()
    (first,) = [name for name in page.evaluate("caches.keys()") if name.startswith("shell-")][:1]
    page.locator("[data-update] button").click()
    expect(page.locator("[data-update]")).to_have_count(0)
    expect(page.locator(".w-count")).to_be_visible()
    assert len(page.evaluate("caches.keys()")) == 2  # the one before may still be on a page
    assert first in page.evaluate("caches.keys()")
    worker.go_offline(page)
    page.goto("/W/")
    assert "v=0123456789" in page.locator("link[rel=stylesheet]").get_attribute("href")


def test_a_version_that_comes_broken_changes_nothing(
    site: Site, phone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = phone("worker")
    page.goto("/W/")
    worker.until(page, worker.STANDS)
    before = page.evaluate("caches.keys()")
    page.expected.append("404")  # type: ignore[attr-defined]
    monkeypatch.setattr("shiftapp.web.assets.version", lambda path: "gone")
    monkeypatch.setattr("shiftapp.web.assets.static", lambda path: "/static/gone.svg?v=gone")
    page.reload()
    page.wait_for_timeout(1000)
    assert page.evaluate("caches.keys()") == before
    worker.go_offline(page)
    page.goto(f"/W/{PUMPS}")
    expect(page.locator("h1")).to_have_text("P-201 泵区")


def test_switched_off_it_goes_and_what_waits_stays(site: Site, ready: Page) -> None:
    page = ready
    worker.not_today(page)
    expect(page.locator(".sync").first).to_contain_text("1")
    here = site.app.extensions["shiftapp"]
    off = dataclasses.replace(here.config, service_worker=False)
    site.app.extensions["shiftapp"] = dataclasses.replace(here, config=off)
    worker.go_offline(page, False)
    assert any(goes_with_a_visit(page) for _ in range(3))
    expect(page.locator(".sync-sent").first).to_be_visible()
    assert stored(site) == 1
