"""The real server and a real Chromium, for tests named after a person's task.

How to use it:

- `site` is the plant of tests/plant.py on SQLite behind the real server on a free port of
  127.0.0.1, which Chromium takes for a secure context; `plain_site` is the same under the host
  name `shiftapp.test`, which is none. `site.url`, `site.plant`, `site.store`, and `site.clock`,
  which a test may set at any time (`site.clock.at("08:05")`), 07:38 at the start.
- `phone("worker")` is a page of a phone (390 × 844, touch, Chinese) that is enrolled and signed
  in as somebody of the cast; `phone(None)` is a phone nobody has enrolled. More by name:
  `phone("worker", lang="en", size=SMALL, javascript=False, reduced=True, base=plain_site)`.
- `desk("leader")` is a page of a desk (1440 × 900) with somebody signed in; `desk(None)` a
  stranger's. `size=TABLET` is the board's tablet.
- Pages open relative URLs: `page.goto("/board")`. Every page fails its test when a script throws,
  the console shows an error, or the policy blocks something; a test that provokes one says which:
  `page.expected.append("503")`.
- `site.enrol_code("worker")` makes a leader's 5-minute code.

Everything in this folder is marked `browser`. Chromium is `$CHROMIUM`, else what `.ci/chromium`
finds. Pages wait, tests do not sleep.
"""

from __future__ import annotations

import contextlib
import functools
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import qrcode
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import qr.code
from shiftapp.commands.server import make_server
from shiftapp.model import devices, settings
from shiftapp.store import Store
from tests.browser.faulty import Faulty
from tests.engines import sqlite_store
from tests.plant import Clock, Plant, make_app, make_keys, make_plant, use_joined
from tests.stock import Stock

ROOT = Path(__file__).parent.parent.parent
HOST = "shiftapp.test"  # mapped to loopback: no secure context, unlike any loopback address
PHONE, SMALL = (390, 844), (360, 640)
TABLET, DESK = (1180, 820), (1440, 900)
THREADS = 8

expect.set_options(timeout=15_000)  # a machine under load

# The page was answered for its pack: `window.answered`, by which a test knows that it is at work.
ANSWERED = "addEventListener('pack', () => { window.answered = true; }, true)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Site:
    """A running install."""

    url: str
    plant: Plant
    clock: Clock
    app: Flask

    @property
    def store(self) -> Store:
        return self.plant.store

    def enrol_code(self, part: str | None, kind: devices.CodeKind = "leader") -> str:
        """A new enrolment code of somebody; part None and kind 'shared': a shared device."""
        code = qr.code.make_code(self.plant.random(7))
        with self.store.tx() as db:
            person = self.plant.id(part) if part else None
            devices.make_code(db, code, kind, person, self.plant.id("leader"), self.clock.ms)
        return code

    def speaks(self, part: str, lang: str) -> None:
        """Somebody's language from now on."""
        with self.store.tx() as db:
            db.run("UPDATE person SET lang = :l WHERE id = :id", l=lang, id=self.plant.id(part))

    def cookies(self, part: str, *, device: bool) -> list[dict[str, str]]:
        """The cookies of somebody signed in, on their own enrolled phone or at a desk."""
        held = self.plant.device(part) if device else None
        secret, _ = self.plant.session(part, held[0] if held else None, self.clock.ms)
        named = {"sid": secret, **({"dev": held[1]} if held else {})}
        return [{"name": name, "value": value, "url": self.url} for name, value in named.items()]


class Watched:
    """What went wrong on a page: thrown errors, console errors, policy violations."""

    def __init__(self, page: Page) -> None:
        self.seen: list[str] = []
        page.expected = []  # type: ignore[attr-defined]  # documented above
        self.page = page
        page.on("pageerror", lambda error: self.seen.append(f"thrown: {error}"))
        page.on("console", self._console)

    def _console(self, message: object) -> None:
        if getattr(message, "type", "") == "error":
            self.seen.append(f"console: {getattr(message, 'text', '')}")

    def faults(self) -> list[str]:
        expected = self.page.expected  # type: ignore[attr-defined]
        return [one for one in self.seen if not any(part in one for part in expected)]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(),
            args=["--no-sandbox", f"--host-resolver-rules=MAP {HOST} 127.0.0.1"],
        )
        yield browser
        browser.close()


def chromium_path() -> str:
    """`$CHROMIUM`, else what `.ci/chromium` finds."""
    if os.environ.get("CHROMIUM"):
        return os.environ["CHROMIUM"]
    found = subprocess.run([ROOT / ".ci/chromium"], capture_output=True, text=True, check=True)
    return found.stdout.strip()


@pytest.fixture
def site(tmp_path: Path, stock: Stock, joined: list[Flask]) -> Iterator[Site]:
    """A plant behind the real server, under an address that is a secure context."""
    for store in stock.sqlite(tmp_path, "plant"):
        plant, clock = stock.plant(store, tmp_path / "keys", "plant"), Clock()
        app = use_joined(joined, plant, tmp_path, clock)
        with answering(app, "127.0.0.1", plant, clock) as here:
            yield here


@pytest.fixture
def plain_site(tmp_path: Path) -> Iterator[Site]:
    """A plant over plain http under a host name: no secure context, no `__Host-` cookies."""
    yield from serve(tmp_path / "plain", HOST)


def the_cast(store: Store, folder: Path) -> Plant:
    """The plant of tests/plant.py in an empty store."""
    return make_plant(store, make_keys(folder / "keys"))


def serve(
    folder: Path, host: str, make: Callable[[Store, Path], Plant] = the_cast
) -> Iterator[Site]:
    """A plant and an application of its own in a folder, for fixtures beside `site`."""
    folder.mkdir(exist_ok=True)
    for store in sqlite_store(folder):
        plant, clock = make(store, folder), Clock()
        with answering(make_app(plant, folder, clock), host, plant, clock) as here:
            yield here


@contextlib.contextmanager
def answering(app: Flask, host: str, plant: Plant, clock: Clock) -> Iterator[Site]:
    """The application behind the real server on a free port."""
    app.testing = False  # a crash is answered as in earnest
    server = make_server(app, "127.0.0.1", 0, THREADS, None)
    server.expiration_interval = 0.05  # s; how long its end may take
    server.prepare()
    url = f"http://{host}:{server.bind_addr[1]}"
    with plant.store.tx() as db:
        settings.put(db, url=url)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield Site(url, plant, clock, app)
    finally:
        server.stop()
        thread.join()


@pytest.fixture
def faulty(site: Site) -> Iterator[Faulty]:
    """The plant behind a network that does what the test says."""
    proxy = Faulty(site.url)
    site.url = proxy.url
    with site.store.tx() as db:
        settings.put(db, url=proxy.url)
    yield proxy
    proxy.down()


@pytest.fixture
def phone(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """`phone("worker")`: the enrolled phone of somebody, signed in; see the top."""
    yield from _opener(chromium, request, PHONE, device=True)


@pytest.fixture
def seeing(
    chromium: Browser, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[str], Callable[..., Page]]]:
    """`seeing(text)("worker")`: a phone whose camera sees the QR code of a text."""
    with contextlib.ExitStack() as opened:

        def camera(text: str) -> Callable[..., Page]:
            film = tmp_path / "camera.y4m"
            film.write_bytes(filmed(text))
            browser = chromium.browser_type.launch(
                executable_path=chromium_path(),
                args=[
                    "--no-sandbox",
                    "--use-fake-ui-for-media-stream",
                    "--use-fake-device-for-media-stream",
                    f"--use-file-for-fake-video-capture={film}",
                ],
            )
            opened.callback(browser.close)
            pages = contextlib.contextmanager(_opener)
            open_page = opened.enter_context(pages(browser, request, PHONE, device=True))
            return functools.partial(_may_use_camera, open_page)

        yield camera


def _may_use_camera(open_page: Callable[..., Page], part: str) -> Page:
    page = open_page(part)
    page.context.grant_permissions(["camera"])
    return page


def filmed(text: str) -> bytes:
    """Two frames of a film (YUV4MPEG2) of 640 × 480 that shows the QR code of a text."""
    picture = Image.new("L", (640, 480), 170)
    code = qrcode.make(text, error_correction=qrcode.ERROR_CORRECT_L).get_image().convert("L")
    picture.paste(code.resize((420, 420)), (110, 30))
    frame = b"FRAME\n" + picture.tobytes() + bytes([128]) * (640 * 480 // 2)
    return b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + 2 * frame


@pytest.fixture
def desk(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """`desk("leader")`: somebody signed in at a desk; see the top."""
    yield from _opener(chromium, request, DESK, device=False)


def _opener(
    browser: Browser, request: pytest.FixtureRequest, size: tuple[int, int], *, device: bool
) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []
    watched: list[Watched] = []

    def open_page(
        part: str | None,
        *,
        size: tuple[int, int] = size,
        lang: str = "zh",
        javascript: bool = True,
        reduced: bool = False,
        base: Site | None = None,
    ) -> Page:
        site: Site = base or request.getfixturevalue("site")
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": size[0], "height": size[1]},
            has_touch=device,
            is_mobile=device,
            locale="en-GB" if lang == "en" else "zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=javascript,
            reduced_motion="reduce" if reduced else "no-preference",
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.add_init_script(ANSWERED)
        context.add_cookies([{"name": "lang", "value": lang, "url": site.url}])
        if part is not None:
            site.speaks(part, lang)
            context.add_cookies(site.cookies(part, device=device))  # type: ignore[arg-type]
        page = context.new_page()
        watched.append(Watched(page))
        return page

    yield open_page
    faults = [fault for one in watched for fault in one.faults()]
    for context in contexts:
        context.close()
    assert faults == []
