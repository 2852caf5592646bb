"""The exported site, served by a web server that knows nothing of us, read in a real browser."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

import shiftapp
from tests.announced import further
from tests.browser.conftest import Site
from tests.displaying import document, put
from tests.terminal import Cli

Open = Callable[..., Page]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain file server without a log."""

    def log_message(self, format: str, *args: object) -> None:
        pass


def served(folder: Path) -> Iterator[str]:
    """The address of a folder behind Python's own file server."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def copy(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The site of two days, one with two versions, exported below a folder of others."""
    put(site.plant, document(date="2026-11-23"))
    first = put(site.plant, document())
    put(site.plant, further(first, how="update"))
    site.clock.at("09:40")
    monkeypatch.setattr(shiftapp, "wall_ms", site.clock)
    folder = tmp_path / "www" / "company" / "safety"
    Cli(tmp_path, "").run("announce", "export", str(folder))
    return folder


@pytest.fixture
def address(copy: Path) -> Iterator[str]:
    """Where the copy is served: in a sub-folder of somebody's site."""
    for url in served(copy.parents[1]):
        yield f"{url}/company/safety/"


def reader(chromium: Browser, host: str) -> tuple[Page, list[str], list[str]]:
    """A page without a script, what it asked of others, and what it did not get."""
    page = chromium.new_context(java_script_enabled=False).new_page()
    elsewhere: list[str] = []
    failed: list[str] = []

    def answered(url: str, status: int) -> None:
        if urlsplit(url).netloc != host:
            elsewhere.append(url)
        if status >= 400 and not url.endswith("/favicon.ico"):
            failed.append(f"{status} {url}")

    def unanswered(request: Request) -> None:
        # What the next page cut off (an icon, say) was not refused.
        if request.failure != "net::ERR_ABORTED":
            failed.append(f"failed {request.url}")

    page.on("response", lambda answer: answered(answer.url, answer.status))
    page.on("requestfailed", unanswered)
    return page, elsewhere, failed


def links(page: Page) -> list[str]:
    """Where a page leads, in full, without places on itself."""
    found = [str(one.get_attribute("href")) for one in page.locator("a[href]").all()]
    return [urljoin(page.url, one).partition("#")[0] for one in found if one[:1] != "#"]


def test_every_link_works_and_nothing_is_asked_of_anybody_else(
    site: Site, chromium: Browser, address: str
) -> None:
    page, elsewhere, failed = reader(chromium, urlsplit(address).netloc)
    waiting, seen, leads_away = [f"{address}index.html"], set[str](), set[str]()
    files: set[str] = set()
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        page.goto(url)
        for link in links(page):
            if not link.startswith(address):
                leads_away.add(link)
            elif link.endswith(".html"):
                waiting.append(link)
            else:
                files.add(link)
    for url in files:
        answer = page.request.get(url)
        assert answer.ok and answer.body(), url
    page.context.close()
    assert elsewhere == [] and failed == []
    assert leads_away == {f"{site.url}/login"}
    names = {url.removeprefix(address) for url in seen}
    assert {"index.html", "en/index.html", "announcements/index.html"} <= names
    assert "privacy/index.html" in names and "en/signals/index.html" in names
    assert len([name for name in names if name.startswith("announcements/")]) >= 4
    assert {url.rsplit(".", 1)[1] for url in files} >= {"json", "txt", "atom"}


def test_the_pages_look_as_on_the_server(site: Site, copy: Path, address: str, desk: Open) -> None:
    page = desk(None)
    page.goto(f"{address}index.html")
    expect(page.get_by_text("这是一份抄件，不会自己更新。")).to_be_visible()
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(250, 250, 247)"
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(f"{address}display/index.html")
    expect(page.locator(".g-page")).to_have_css("display", "grid")
    expect(page.get_by_text("过了有效期就不再算数")).to_be_visible()
    expect(page.get_by_text("有效到 11月25日 10:00", exact=True)).to_be_visible()


def test_it_works_from_a_stick_without_any_server(copy: Path, chromium: Browser) -> None:
    page, _, failed = reader(chromium, "")
    page.goto((copy / "index.html").as_uri())
    page.get_by_role("link", name="全部公告").first.click()
    expect(page.locator("h1")).to_have_text("全部公告")
    page.context.close()
    assert failed == []
