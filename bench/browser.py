"""The demo, Chromium, and what to watch in it, for `bench/pages.py`."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

ROOT = Path(__file__).parent.parent

PHONE, TABLET = (390, 844), (1180, 820)
SLOW_4G = {  # the preset of the developer tools
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1_440_000 / 8,
    "uploadThroughput": 675_000 / 8,
}
SLOWER_CPU = 4
# How long a press takes to what it is for, on the screen: from the event to the next frame.
WATCH_PRESSES = """(() => {
  window.benchMarks = [];
  let begun = null, shown = '';
  addEventListener('click', (event) => {
    if (event.target.closest && event.target.closest('.pair-ok')) begun = [event.timeStamp, 'step'];
  }, true);
  new MutationObserver(() => {
    const held = document.querySelector('.hold[data-state=done]');
    if (held && !held.benchSeen) {
      held.benchSeen = true;
      window.benchSealedAt = Date.now();
      begun = [performance.now(), 'seal'];
    }
    const where = document.querySelector('header .w-where');
    const done = document.querySelector('.w-done h2[data-heading]');
    const now = done ? 'done' : where && where.textContent;
    if (!now || now === shown) return;
    shown = now;
    if (!begun) return;
    const [from, kind] = begun;
    begun = null;
    requestAnimationFrame(() => setTimeout(() => window.benchMarks.push(
      { kind: done ? 'seal' : kind, ms: performance.now() - from })));
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
})()"""

PAINTED = """new Promise((tell) => new PerformanceObserver((list) =>
  tell(list.getEntries().at(-1).startTime)).observe({
    type: 'largest-contentful-paint', buffered: true }))"""

WATCH_TILE = """(name) => {
  const text = () => [...document.querySelectorAll('.tile')]
    .filter((tile) => tile.textContent.includes(name)).map((tile) => tile.textContent).join();
  const before = text();
  new MutationObserver(() => {
    if (!window.benchChangedAt && text() !== before) window.benchChangedAt = Date.now();
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


@dataclass
class Traffic:
    """What a page loaded: requests, and bytes of compressed bodies."""

    cdp: CDPSession
    types: dict[str, str] = field(default_factory=dict)
    heads: dict[str, float] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cdp.on("Network.responseReceived", self._answered)
        self.cdp.on("Network.responseReceivedExtraInfo", self._headers)
        self.cdp.on("Network.loadingFinished", self._loaded)
        self.cdp.send("Network.enable")

    def _answered(self, event: dict[str, Any]) -> None:
        self.types[event["requestId"]] = event["type"]

    def _headers(self, event: dict[str, Any]) -> None:
        self.heads[event["requestId"]] = len(event["headersText"])

    def _loaded(self, event: dict[str, Any]) -> None:
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    def kb(self, *types: str) -> float:
        """KB of all, or of some types of resources ('Script')."""
        chosen = (
            size - self.heads.get(key, 0)
            for key, size in self.sizes.items()
            if not types or self.types.get(key) in types
        )
        return round(sum(chosen) / 1024, 1)


def chromium() -> str:
    return (
        os.environ.get("CHROMIUM")
        or subprocess.run(
            [ROOT / ".ci/chromium"], capture_output=True, text=True, check=True
        ).stdout.strip()
    )


@contextlib.contextmanager
def demo(folder: Path) -> Iterator[tuple[str, float]]:
    """The demo in an empty folder: its address, and the seconds until it answered."""
    begun, errors = time.monotonic(), (folder.parent / "errors").open("wb")
    env = {key: value for key, value in os.environ.items() if not key.startswith("SHIFTAPP_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "shiftapp", "demo", "--port", "0", "--data", folder],
        cwd=ROOT,
        env=env | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = next((one for one in process.stdout if "http://" in one), "")
        url = line[line.index("http://") :].strip().removesuffix("/demo")
        with urllib.request.urlopen(f"{url}/healthz"):
            yield url, round(time.monotonic() - begun, 1)
    finally:
        process.terminate()
        process.communicate()
        errors.close()


def context_of(browser: Browser, url: str, size: tuple[int, int]) -> BrowserContext:
    phone = size == PHONE
    context = browser.new_context(
        base_url=url,
        viewport={"width": size[0], "height": size[1]},
        has_touch=phone,
        is_mobile=phone,
        locale="zh-CN",
    )
    context.set_default_timeout(20_000)
    return context


def seat(context: BrowserContext, step: int) -> Page:
    """A page at the seat of a step of the tour: 0 the worker's phone, 1 the leader's board."""
    page = context.new_page()
    page.goto("/demo")
    page.locator(".t-step").nth(step).locator("button").click()
    page.wait_for_load_state("networkidle")
    return page


def visit(browser: Browser, url: str, path: str, *, slow: bool = False) -> tuple[Traffic, float]:
    """A stranger's first visit with an empty cache; the second is the largest paint in seconds."""
    context = context_of(browser, url, PHONE)
    page = context.new_page()
    traffic = Traffic(context.new_cdp_session(page))
    if slow:
        traffic.cdp.send("Network.emulateNetworkConditions", SLOW_4G)
        traffic.cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
    page.goto(path)
    page.wait_for_load_state("networkidle")
    painted_s = round(page.evaluate(PAINTED) / 1000, 2)
    context.close()
    return traffic, painted_s
