"""The pictures of the README: real pages of the demo plant, always of the same day.

`make screenshots` (python -m tests.screenshots) writes them into docs/screens; `… --en` the
English ones. Needs Chromium (.ci/chromium).
"""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from shiftapp import create_app
from shiftapp.commands.server import make_server
from shiftapp.demo.build import Wanted
from shiftapp.demo.folder import prepare
from shiftapp.demo.ledger import Log
from shiftapp.demo.tour import Tour
from shiftapp.model import settings
from tests.browser import worker_round as worker
from tests.plant import Clock

ROOT = Path(__file__).parent.parent
SCREENS = ROOT / "docs" / "screens"
DAY = datetime.date(2026, 11, 24)
PHONE, TABLET, DESK, GATE = (390, 844), (1180, 820), (1440, 900), (1920, 1080)
COLOURS = 200  # flat pages: a palette keeps a picture small, and every sign its colour


class Demo(NamedTuple):
    """A running demo plant and its wall clock."""

    url: str
    clock: Clock


@contextmanager
def demo(lang: str) -> Iterator[Demo]:
    """The demo plant of the one day, behind the real server."""
    with tempfile.TemporaryDirectory() as folder_name:
        clock, wanted = Clock(), Wanted(lang=lang, day=DAY)
        folder, _ = prepare(Path(folder_name) / "demo", wanted, clock)
        store, keys = folder.store(), folder.keys()
        app = create_app(folder.config, store=store, keys=keys, wall_ms=clock)
        app.extensions["shiftapp.demo"] = Tour(
            folder, store, keys, wanted, clock, Log(app.extensions["shiftapp"])
        )
        server = make_server(app, "127.0.0.1", 0, 8, None)
        server.prepare()
        url = f"http://127.0.0.1:{server.bind_addr[1]}"
        with store.tx() as db:
            settings.put(db, url=url)
        thread = threading.Thread(target=server.serve, daemon=True)
        thread.start()
        try:
            yield Demo(url, clock)
        finally:
            server.stop()
            thread.join()
            store.close()


def seat(browser: Browser, shown: Demo, size: tuple[int, int], step: int | None) -> Page:
    """A page of a size, at the seat of a step of the tour."""
    phone = size == PHONE
    context = browser.new_context(
        base_url=shown.url,
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2 if phone else 1,
        has_touch=phone,
        is_mobile=phone,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    page = context.new_page()
    page.goto("/demo")
    if step is not None:
        page.locator(".t-step").nth(step).locator("button").click()
        page.wait_for_load_state("networkidle")
    return page


def take(page: Page, name: str, *, whole: bool = False) -> None:
    """Write one picture with few colours."""
    path = SCREENS / f"{name}.png"
    page.screenshot(path=path, full_page=whole)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        ).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)} {path.stat().st_size // 1024} KB")  # noqa: T201


def worker_round(page: Page, end: str) -> None:
    """The phone's screens of one round: station, commitment, steps, receipt."""
    take(page, f"station{end}")
    page.locator("[data-start]").click()
    page.wait_for_selector("fieldset.w-q")
    take(page, f"commit{end}")
    worker.answer_all(page)
    worker.hold(page)
    for number in range(1, 9):
        page.wait_for_timeout(worker.GUARD_MS)
        if number in worker.READINGS:
            worker.type_reading(page, worker.READINGS[number])
        page.wait_for_timeout(worker.DWELL_MS)
        if number in (2, 3):
            take(page, f"{'step' if number == 2 else 'reading'}{end}")
        worker.normal(page)
    page.wait_for_selector(".w-code b")
    take(page, f"done{end}")


def the_announcement(browser: Browser, shown: Demo, end: str) -> None:
    """What it is made from, the principal's desk at the cut-off, and the gate."""
    manager = seat(browser, shown, TABLET, None)
    manager.request.post("/demo/as/manager", headers={"Sec-Fetch-Site": "same-origin"})
    for path in ("facilities", "special-work"):
        manager.goto(f"/{path}")
        take(manager, f"{path}{end}")
    gate = seat(browser, shown, GATE, None)
    gate.goto("/en/display" if end else "/display")
    take(gate, f"display{end}")
    manager.request.post(
        "/demo/clock", form={"to": "cutoff"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    principal = seat(browser, shown, DESK, 3)
    principal.goto("/publish")
    take(principal, f"publish{end}")


def main(lang: str) -> None:
    """Take all pictures of one language."""
    end = "" if lang == "zh" else "-en"
    SCREENS.mkdir(parents=True, exist_ok=True)
    chromium = (
        os.environ.get("CHROMIUM")
        or subprocess.run(
            [ROOT / ".ci/chromium"], capture_output=True, text=True, check=True
        ).stdout.strip()
    )
    with sync_playwright() as playwright, demo(lang) as shown:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take(seat(browser, shown, DESK, None), f"tour{end}", whole=True)
        take(seat(browser, shown, TABLET, 1), f"board{end}")
        ladder = seat(browser, shown, TABLET, 3)
        ladder.goto(f"/ladder/{DAY - datetime.timedelta(days=1)}")
        take(ladder, f"ladder{end}")
        phone = seat(browser, shown, PHONE, 0)
        page = seat(browser, shown, PHONE, None)
        page.goto("/" if lang == "zh" else "/en/")
        take(page, f"public{end}")
        page.goto("/verify" if lang == "zh" else "/en/verify")
        page.wait_for_selector(".v-verdict[data-verdict=good]")
        take(page, f"verify{end}")
        worker_round(phone, end)
        the_announcement(browser, shown, end)
        browser.close()


if __name__ == "__main__":
    main("en" if "--en" in sys.argv else "zh")
