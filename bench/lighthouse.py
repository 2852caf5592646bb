"""Lighthouse for the pages that have a budget: `python bench/lighthouse.py` (see bench/README.md).

Starts `shiftapp demo` as a process of its own, takes the seats of worker and leader, and lets
Lighthouse (from the npm registry, by `npx`; Node is needed) look at station, board and public page
as a phone. Ends with 1 where a score is below its budget.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, sync_playwright

sys.path[:0] = [str(Path(__file__).parent)]

from browser import PHONE, TABLET, chromium, context_of, demo, seat  # noqa: E402

LIGHTHOUSE = "lighthouse@12.8.2"
LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100}
PUBLIC = LEAST | {"seo": 100}  # the others say noindex on purpose


def main() -> int:
    """Look at each page, print the scores; 1 where one is below its budget."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--json", action="store_true", help="print JSON for a program")
    asked, found = parser.parse_args(), chromium()
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        with demo(Path(name) / "demo") as (url, _):
            phone, tablet = context_of(browser, url, PHONE), context_of(browser, url, TABLET)
            station = seat(phone, 0).url
            seat(tablet, 1)
            pages = {
                "worker": (station, _cookies(phone), LEAST),
                "board": (f"{url}/board", _cookies(tablet), LEAST),
                "public": (f"{url}/", "", PUBLIC),
            }
            told = {
                page: _look(Path(name) / page, found, address, cookies, list(least))
                for page, (address, cookies, least) in pages.items()
            }
        browser.close()
    low = [
        f"{page}: {what} {told[page][what]} < {least}"
        for page, (_, _, budgets) in pages.items()
        for what, least in budgets.items()
        if told[page][what] < least
    ]
    sys.stdout.write(json.dumps(told, indent=1) + "\n" if asked.json else _table(told, low))
    return int(bool(low))


def _cookies(context: BrowserContext) -> str:
    return "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())


def _look(folder: Path, found: str, url: str, cookies: str, what: list[str]) -> dict[str, Any]:
    """The scores of a page, 0 to 100, with its largest paint in seconds and what lost points."""
    folder.mkdir()
    headers, report = folder / "headers.json", folder / "report.json"
    headers.write_text(json.dumps({"Cookie": cookies} if cookies else {}), "utf-8")
    subprocess.run(
        [
            *("npx", "--yes", "--ignore-scripts", LIGHTHOUSE, url, "--quiet"),
            f"--only-categories={','.join(what)}",
            *("--output=json", f"--output-path={report}", f"--extra-headers={headers}"),
            "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
        ],
        check=True,
        env=os.environ | {"CHROME_PATH": found},
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
    )
    told = json.loads(report.read_text("utf-8"))
    audits = told["audits"]
    lost = [
        one["id"]
        for category in told["categories"].values()
        for one in category["auditRefs"]
        if one["weight"]
        and (audits[one["id"]]["score"] or 0) < 0.9
        and audits[one["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual", "informative")
    ]
    scores = {name: round(one["score"] * 100) for name, one in told["categories"].items()}
    painted = audits.get("largest-contentful-paint", {}).get("numericValue")
    return {**scores, "largest_paint_s": painted and round(painted / 1000, 2), "lost": lost}


def _table(told: dict[str, dict[str, Any]], low: list[str]) -> str:
    lines = [
        f"{page:8} " + "  ".join(f"{name} {value}" for name, value in scores.items() if value)
        for page, scores in told.items()
    ]
    return "\n".join([*lines, *(f"below its budget: {one}" for one in low)]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
