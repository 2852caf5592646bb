"""What waits on a phone and what the server has: sealing many, sending, and the promise itself."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

from tests.browser import worker_round as worker
from tests.browser.conftest import Site

# The app's own sealing, as the screens call it; `given` are the words of the reports.
SEAL = """async (given) => {
  const [vault, plant] = await Promise.all(
    ['vault', 'plant'].map((name) => import(`/static/js/worker/${name}.js`)));
  await vault.openVault();
  await plant.recall();
  const ids = [];
  const { b64u, sha256 } = await import('/static/js/worker/codes.js');
  for (const what of given) {
    const blobs = [];
    if (what.endsWith('照片')) {
      const bytes = crypto.getRandomValues(new Uint8Array(3000));
      bytes.set([0xff, 0xd8, 0xff]);
      const sha = b64u(sha256(bytes));
      await vault.keep('blobs', sha, { sha, bytes: bytes.buffer, at_ms: Date.now() });
      blobs.push(sha);
    }
    const about = { id: crypto.randomUUID(), who: plant.myself(), shift: null, station: null,
      job: null, started_ms: Date.now() };
    await plant.seal('hazard', about, { what, of: null, blobs });
    ids.push(about.id);
  }
  return ids;
}"""


def reading(store: str, how: str = "getAll") -> str:
    """A function of the page: a store of the phone's database; `getAllKeys`: its keys."""
    return f"""() => new Promise((resolve, reject) => {{
      const asked = indexedDB.open('shiftapp');
      asked.onerror = () => reject(asked.error);
      asked.onsuccess = () => {{
        const all = asked.result.transaction('{store}').objectStore('{store}').{how}();
        all.onerror = () => reject(all.error);
        all.onsuccess = () => {{ asked.result.close(); resolve(all.result); }};
      }};
    }})"""


ROWS, FILES = reading("outbox"), reading("blobs", "getAllKeys")

# The network says it is back, again and again, until nothing is left that may be sent.
EMPTY = f"""async () => {{
  dispatchEvent(new Event('online'));
  return !(await ({ROWS})()).some((one) => one.state === 'waiting')
    && !(await ({FILES})()).some((key) => !key.startsWith('refused'));
}}"""

# Conditions to wait for: nothing waits, no file is left, no round is begun.
ALL_SENT = f"async () => !(await ({ROWS})()).some((one) => one.state !== 'sent')"
NO_FILES_LEFT = f"async () => !(await ({FILES})()).length"
NO_DRAFTS = f"async () => !(await ({reading('drafts', 'getAllKeys')})()).length"


def drafted(holds: str) -> str:
    """A condition: a round that was begun, `one`, is kept so."""
    return f"async () => (await ({reading('drafts')})()).some((one) => {holds})"


NOISE = ["Failed to load resource", "ERR_", "503"]


def ready(page: Page, site: Site) -> Page:
    """Open the home page, online, until the phone has all that it keeps."""
    hush(page)
    page.goto(f"{site.url}/W/")
    worker.until(page, worker.STANDS)
    seal(page)  # the modules are there for later, when they could not be fetched
    return page


def hush(page: Page) -> None:
    """That requests fail is what these tests are for; that a script throws is not."""
    page.expected.extend(NOISE)  # type: ignore[attr-defined]


def seal(page: Page, *words: str) -> list[str]:
    """Seal a report for each of the words, with a photo if they end in 照片; gives the ids."""
    return list(page.evaluate(SEAL, list(words)))


def rows(page: Page) -> list[dict[str, Any]]:
    """The outbox of the phone, sent ones too."""
    return list(page.evaluate(ROWS))


def waiting(page: Page) -> set[str]:
    """The ids that were not answered for."""
    return {row["id"] for row in rows(page) if row["state"] != "sent"}


def kick(page: Page) -> None:
    """The network says it is there."""
    page.evaluate("dispatchEvent(new Event('online'))")


def send_all(page: Page) -> None:
    """Until nothing waits on the phone but what waits for a person."""
    worker.until(page, EMPTY)


def stored(site: Site) -> list[str]:
    """The ids the server has, each as often as it has it."""
    found = site.store.rows("SELECT id FROM record UNION ALL SELECT id FROM quarantine ORDER BY id")
    return [row["id"] for row in found]


def kept(site: Site, page: Page, sealed: list[str]) -> None:
    """The promise: every sealed id is on the server once or waits here, and nothing else is."""
    there, here = stored(site), waiting(page)
    assert len(there) == len(set(there))
    assert set(there) | here == set(sealed)


def delivered(site: Site, page: Page, sealed: list[str]) -> None:
    """All of it is on the server exactly once, nothing else is, and the phone knows."""
    assert len(sealed) == len(set(sealed))
    assert stored(site) == sorted(sealed)
    assert {row["id"] for row in rows(page) if row["state"] == "sent"} >= set(sealed)
    assert all(row["receipt"] for row in rows(page))
    found = site.store.rows("SELECT body FROM record ORDER BY seq")
    chain = sorted(json.loads(bytes(row["body"]))["seq"] for row in found)
    assert chain == list(range(1, len(sealed) + 1))
    assert site.store.value("SELECT COUNT(*) FROM finding") == len(sealed)


def files_left(page: Page) -> list[str]:
    """The keys of the files on the phone."""
    return list(page.evaluate(FILES))


def files_missing(site: Site) -> int:
    """How many files that records name the server has not."""
    return int(
        site.store.value(
            "SELECT COUNT(*) FROM record_blob"
            " LEFT JOIN blob ON blob.sha = record_blob.sha WHERE blob.sha IS NULL"
        )
    )


def send_until(page: Page, left: int) -> None:
    """Until so many are left."""
    worker.until(
        page,
        f"""async () => {{
          dispatchEvent(new Event('online'));
          return (await ({ROWS})()).filter((one) => one.state !== 'sent').length === {left};
        }}""",
    )


def tab(page: Page, site: Site) -> Page:
    """One more tab of the same browser."""
    other = page.context.new_page()
    other.goto(f"{site.url}/W/")
    seal(other)
    return other


def report(page: Page, what: str) -> None:
    """On the page of the other door: report something, by hand."""
    page.locator(".w-doors").get_by_text("有异常，报一下").click()
    page.wait_for_timeout(worker.GUARD_MS)
    page.locator("#what").fill(what)
    page.locator(".w-tray .btn-act, .w-tray .btn-must").first.click()


# Bytes that cannot be compressed, until not even one more kilobyte fits. Chromium looks at its
# quota only now and then, so a quota set later would be seen too late.
BALLAST = """async (bytes) => {
  const vault = await import('/static/js/worker/vault.js');
  let full = 0;
  for (let size = bytes; size >= 256; size /= 2) {
    const some = () => crypto.getRandomValues(new Uint8Array(size));
    const put = () => vault.write([['kv', `ballast ${full += 1}`, some()]]);
    for (let fits = true; fits;) fits = await put().catch(() => false);
  }
  return full;
}"""
ROOM = """async (full) => {
  const vault = await import('/static/js/worker/vault.js');
  for (let n = 1; n <= full; n += 1) await vault.write([['kv', `ballast ${n}`, undefined]]);
}"""
SMALL_BYTES = 2 * 1024 * 1024


def small(page: Page, site: Site) -> Page:
    """A phone with little room."""
    console(page, "Storage.overrideQuotaForOrigin", origin=site.url, quotaSize=SMALL_BYTES)
    return page


def fill_up(page: Page) -> int:
    """No room left on this phone; gives what `make_room` takes."""
    return int(page.evaluate(BALLAST, 32_768))


def make_room(page: Page, full: int) -> None:
    """Somebody deleted some videos."""
    page.evaluate(ROOM, full)


def console(page: Page, method: str, **params: Any) -> None:
    """One command of the browser's own console (CDP); what it set ends with the context."""
    page.context.new_cdp_session(page).send(method, params)
