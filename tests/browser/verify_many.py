"""Both verifiers over many logs: Python here, JavaScript in a real browser, the whole reports.

`python -m tests.browser.verify_many 1000` draws a thousand honest logs and as many with a published
file that was tampered with at random, and every lie of tests/ledger/log_cases.py.
`python -m tests.browser.verify_many --speed` prints how long a shift of 17,000 takes.
"""

from __future__ import annotations

import base64
import contextlib
import random
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route, sync_playwright

from shiftapp.ledger import tree, verify, verify_proof
from shiftapp.ledger.encoding import b64u
from tests.browser.conftest import chromium_path
from tests.ledger import log_cases
from tests.ledger.log_cases import Case, Day

STATIC = Path(__file__).parents[2] / "shiftapp/static"
AT_ONCE = 20  # cases that go to the browser in one message
LARGE = 17_000
T0 = log_cases.T0

RUN = """async (given) => {
  const { verifyAnnouncement } = await import('/static/js/verify/verify.js');
  const { verifyProof } = await import('/static/js/verify/proof.js');
  const { counted } = await import('/static/js/verify/sha256.js');
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const run = async (one) => {
    if ('text' in one) return verifyProof(one.text, one.policy);
    const files = new Map(Object.entries(one.files).map(([path, text]) => [path, bytes(text)]));
    const get = async (path) => files.get(path) ?? null;
    const before = [counted.blocks, performance.now()];
    const report = await verifyAnnouncement(get, one.policy, one.index, one.known);
    window.spent = [counted.blocks - before[0], performance.now() - before[1]];
    return report;
  };
  const found = [];
  for (const one of given) found.push(await run(one).catch((error) => String(error.stack)));
  return found;
}"""


@contextlib.contextmanager
def blank_page(browser: Browser, host: str = "localhost") -> Iterator[Page]:
    """An empty page that our modules can be loaded into, without a server."""
    page = browser.new_page()
    page.route("**/*", _answer)
    page.goto(f"http://{host}/")
    yield page
    page.close()


def _answer(route: Route) -> None:
    found = re.search(r"/static/(js/[\w/]+\.js)$", route.request.url)
    if found is None:
        route.fulfill(body="<!doctype html><title>.</title>", content_type="text/html")
    else:
        body = (STATIC / found[1]).read_text("utf-8")
        route.fulfill(body=body, content_type="text/javascript; charset=utf-8")


def in_browser(page: Page, cases: list[Case]) -> list[Any]:
    """The reports of the browser."""
    found: list[Any] = []
    for at in range(0, len(cases), AT_ONCE):
        found += page.evaluate(RUN, [sent(case) for case in cases[at : at + AT_ONCE]])
    return found


def sent(case: Case) -> Case:
    """A case as the browser is given it."""
    kept = {key: value for key, value in case.items() if key != "expect"}
    if "files" in kept:
        files = {path: base64.b64encode(data).decode() for path, data in kept["files"].items()}
        kept["files"] = files
    return kept


def in_python(case: Case, asked: set[str] | None = None) -> dict[str, Any]:
    """The report of Python; `asked` takes up which files it read."""
    if "text" in case:
        return verify_proof.proof(case["text"], case["policy"]).as_json()

    def get(path: str) -> bytes:
        if path not in case["files"]:
            raise verify.Missing
        if asked is not None:
            asked.add(path)
        data: bytes = case["files"][path]
        return data

    known, index = case["known"], case["index"]
    return verify.announcement(get, case["policy"], index, known).as_json()


def tampered(seed: int) -> Case:
    """An honest log of which one file was changed, cut, lost or put in another's place."""
    case = log_cases.honest(seed)
    rng = random.Random(f"tampered {seed}")
    files = case["files"]
    path = rng.choice(sorted(set(files) - {"policy"}))
    data = files[path]
    at = rng.randrange(len(data)) if data else 0
    ways = {
        "bit": lambda: data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :],
        "cut": lambda: data[:at],
        "more": lambda: data + rng.randbytes(rng.choice([1, 16, 32])),
        "gone": lambda: None,
        "other": lambda: files[rng.choice(sorted(files))],
    }
    changed = ways[rng.choice(sorted(ways) if data else ["gone", "more"])]()
    case["files"] = {**files, path: changed}
    if changed is None:
        del case["files"][path]
    return case


def every_lie() -> dict[str, Case]:
    """Every lie and every proof by its name."""
    made = {name: make() for name, make in {**log_cases.MORE, **log_cases.LIES}.items()}
    return {**made, **{f"proof: {name}": case for name, case in log_cases.proofs().items()}}


def large() -> Case:
    """A shift of 17,000 in a log of some 54,000 entries (ledger brief §6)."""
    day = Day(7)
    one = day.window(LARGE, T0)
    day.series = [one]
    day.publish(T0 - 3000)
    for u in one.slots[:16_000]:
        day.rec(one, u)
        day.rec(one, u, "run")
    day.cut(T0)
    day.settle(one)
    for u in one.slots[16_000:16_900]:
        day.rec(one, u)
    day.fill(20_000)
    day.count(T0 + 4000)
    day.write()
    day.announce()
    day.publish(T0 + 4100)
    return day.case()


def beyond_two_levels() -> tuple[Case, Case]:
    """A log of more than 65,536 entries, and the same with another record in its first bundle."""
    day = log_cases.base(fill=20)
    day.entries, rest = day.entries[: day.index + 1], day.rng
    honest = _grown(day, rest)
    asked: set[str] = set()
    in_python(honest, asked)
    honest["files"] = {path: honest["files"][path] for path in asked}  # megabytes less to send
    lie = {**honest, "files": dict(honest["files"])}
    slots = day.series[0].slots
    path = tree.bundle_path(0)
    old, new = (b64u(slot).encode() for slot in (slots[9], slots[10]))
    lie["files"][path] = lie["files"][path].replace(old, new)
    return honest, lie


def _grown(day: Day, rng: random.Random) -> Case:
    c, s, u = (b64u(rng.randbytes(size)) for size in (32, 16, 16))
    entry = f'{{"c":"{c}","k":"rec","s":"{s}","u":"{u}","v":1,"w":"run"}}'
    for number in range(66_000):
        day.add(entry.replace(c, b64u(number.to_bytes(32))).encode())
    day.publish(T0 + 9000)
    return day.case()


def main(words: list[str]) -> int:
    """Compare; gives how many differ."""
    with sync_playwright() as playwright:
        args = ["--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=args)
        with blank_page(browser) as page:
            wrong = _speed(page) if words == ["--speed"] else _compare(page, int(words[0]))
        browser.close()
    return wrong


def _compare(page: Page, count: int) -> int:
    wrong, done = 0, 0
    for at in range(0, count, AT_ONCE):
        seeds = range(at, min(at + AT_ONCE, count))
        wrong += _differing(page, {f"honest {n}": log_cases.honest(n) for n in seeds})
        wrong += _differing(page, {f"tampered {n}": tampered(n) for n in seeds})
        done += 2 * len(seeds)
        print(f"\r{done} logs, {wrong} reports differ", end="", flush=True)  # noqa: T201
    lies = every_lie()
    wrong += _differing(page, lies)
    print(f"\r{done} logs and {len(lies)} lies, {wrong} reports differ")  # noqa: T201
    return wrong


def _differing(page: Page, cases: dict[str, Case]) -> int:
    found = in_browser(page, list(cases.values()))
    wrong = [name for (name, case), one in zip(cases.items(), found, strict=True)
             if one != in_python(case)]  # fmt: skip
    for name in wrong:
        print(f"\rdiffers: {name}")  # noqa: T201
    return len(wrong)


def _speed(page: Page) -> int:
    case = large()
    started = time.perf_counter()
    wanted = in_python(case)
    python_ms = (time.perf_counter() - started) * 1000
    found = [in_browser(page, [case])[0] for _ in range(3)]
    blocks, browser_ms = page.evaluate("window.spent")
    size = wanted["log"]["size"]
    print(  # noqa: T201
        f"{LARGE} places, {size} entries: JavaScript {browser_ms:.0f} ms"
        f" ({blocks} blocks of SHA-256), Python {python_ms:.0f} ms"
    )
    return sum(one != wanted for one in found)


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:] or ["100"]), 1))
