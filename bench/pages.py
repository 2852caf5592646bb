"""The budgets of the pages, measured in Chromium: `python bench/pages.py` (see bench/README.md).

Starts `shiftapp demo` as a process of its own and walks through it as a phone, a tablet and a
stranger. Ends with 1 where a number of requests or bytes is above its budget; times are only told.
"""

from __future__ import annotations

import argparse
import datetime
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from browser import (  # noqa: E402
    PHONE,
    SLOWER_CPU,
    TABLET,
    WATCH_PRESSES,
    WATCH_TILE,
    Traffic,
    chromium,
    context_of,
    demo,
    seat,
    visit,
)

from tests.browser import worker_round as worker  # noqa: E402

READ_MS, REACH_MS, KEY_MS = 2_000, 1_000, 400  # a question, the way to a button, a key
OPERATOR = "张三"


@dataclass(frozen=True)
class Figure:
    """One line of the table; `hard` ones fail the run above their budget."""

    what: str
    measured: float
    budget: float
    unit: str
    hard: bool = False

    @property
    def good(self) -> bool:
        return self.measured <= self.budget


def main() -> int:
    """Run, print the table or JSON; 1 where a count or a size is above its budget."""
    asked = _arguments()
    found = chromium()
    with tempfile.TemporaryDirectory(prefix="bench-") as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        with demo(Path(name) / "demo") as (url, ready_s):
            figures = [
                Figure("demo ready", ready_s, 15, "s"),
                *_public(browser, url),
                *_first_visit(browser, url, asked.visits),
                *_board(browser, url),
                *_rounds(browser, url, asked.rounds),
            ]
        browser.close()
    sys.stdout.write((_json(figures) if asked.json else _table(figures)) + "\n")
    return int(any(one.hard and not one.good for one in figures))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="rounds with honest dwell")
    parser.add_argument("--visits", type=int, default=5, help="first visits; the median is told")
    parser.add_argument("--json", action="store_true", help="print JSON for a program")
    return parser.parse_args()


def _public(browser: Browser, url: str) -> Iterator[Figure]:
    traffic, _ = visit(browser, url, "/")
    yield Figure("public page", traffic.kb(), 20, "KB", hard=True)
    yield Figure("public page, script", traffic.kb("Script"), 0, "KB", hard=True)


def _first_visit(browser: Browser, url: str, visits: int) -> Iterator[Figure]:
    context = context_of(browser, url, PHONE)
    station = seat(context, 0).url
    context.close()
    traffic, _ = visit(browser, url, station)
    yield Figure("worker, first visit: requests", len(traffic.types), 8, "", hard=True)
    yield Figure("worker, first visit", traffic.kb(), 45, "KB", hard=True)
    yield Figure("worker, first visit: script", traffic.kb("Script"), 30, "KB", hard=True)
    painted = [visit(browser, url, station, slow=True)[1] for _ in range(visits)]
    yield Figure("worker, largest paint, slow 4G, 4 × CPU", statistics.median(painted), 1.5, "s")


def _board(browser: Browser, url: str) -> Iterator[Figure]:
    context = context_of(browser, url, TABLET)
    seat(context, 1).close()
    page = context.new_page()
    traffic = Traffic(context.new_cdp_session(page))
    traffic.cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto("/board")
    page.wait_for_load_state("networkidle")
    yield Figure("board: script", traffic.kb("Script"), 40, "KB", hard=True)
    context.close()


def _rounds(browser: Browser, url: str, rounds: int) -> Iterator[Figure]:
    """A worker at 4 × CPU, and the leader's board beside."""
    marks: dict[str, list[float]] = {"step": [], "seal": []}
    seconds, visible = [], []
    for _ in range(rounds):
        phone, tablet = context_of(browser, url, PHONE), context_of(browser, url, TABLET)
        phone.request.post("/demo/reset", headers={"Origin": url})
        board = seat(tablet, 1)
        board.evaluate(WATCH_TILE, OPERATOR)
        page = seat(phone, 0)
        phone.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
        page.evaluate(WATCH_PRESSES)
        seconds.append(_round(page))
        for mark in page.evaluate("benchMarks"):
            marks[mark["kind"]].append(mark["ms"])
        board.wait_for_function("window.benchChangedAt")
        visible.append(board.evaluate("benchChangedAt") - page.evaluate("benchSealedAt"))
        phone.close()
        tablet.close()
    steps, seals = marks["step"], marks["seal"]
    yield Figure(f"step tap → next step, p95 of {len(steps)}", _p95(steps), 100, "ms")
    yield Figure(f"seal → saved, p95 of {len(seals)}", _p95(seals), 200, "ms")
    yield Figure("a routine round with honest dwell", statistics.median(seconds), 90, "s")
    yield Figure(f"change on the board, worst of {rounds}", max(visible) / 1000, 5, "s")


def _round(page: Page) -> float:
    """Commitment and eight steps as somebody does them who knows them; its seconds."""
    begun = time.monotonic()
    page.locator("[data-start]").click()
    worker.answer_all(page)
    page.wait_for_timeout(READ_MS * page.locator("fieldset.w-q").count())
    worker.hold(page)
    for number in range(1, 9):
        worker.at_step(page, number)
        for sign in worker.READINGS.get(number, ""):
            page.wait_for_timeout(KEY_MS)
            worker.type_reading(page, sign)
        page.wait_for_timeout(worker.DWELL_MS + REACH_MS)
        worker.normal(page)  # the tag of a hydrant is not scanned: one press more
    page.wait_for_selector(".w-done")
    page.wait_for_timeout(500)  # the last mark follows the frame
    return round(time.monotonic() - begun, 1)


def _p95(values: list[float]) -> float:
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def _json(figures: list[Figure]) -> str:
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    return json.dumps({"day": day, "figures": [asdict(one) for one in figures]}, indent=1)


def _table(figures: list[Figure]) -> str:
    lines = [f"{'':52}{'measured':>12}{'budget':>12}"]
    for one in figures:
        values = (f"{value:.4g} {one.unit}".strip() for value in (one.measured, one.budget))
        verdict = "ok" if one.good else ("ABOVE" if one.hard else "above")
        lines.append(f"{one.what:52}" + "".join(f"{text:>12}" for text in values) + f"  {verdict}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
