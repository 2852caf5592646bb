"""The worker app never loses and never doubles a record, whatever the network does (§11.23)."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from shiftapp.model import devices
from tests.browser import phone_queue as queue
from tests.browser import worker_round as worker
from tests.browser.conftest import Site, chromium_path
from tests.browser.faulty import FAULTS, Fault, Faulty

Open = Callable[..., Page]
# After one of these the next request may go through; 413 asks for a person.
PASSING = [fault for fault in FAULTS if fault not in ("pass", "413")]


@pytest.fixture
def page(site: Site, faulty: Faulty, phone: Open) -> Page:
    """A worker's phone on its home page, the whole plant on it."""
    return queue.ready(phone("worker"), site)


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_of_the_network_costs_nothing_and_doubles_nothing(
    site: Site, page: Page, faulty: Faulty, fault: Fault
) -> None:
    faulty.then(fault)
    sealed = queue.seal(page, "P-202B 机封滴油")
    queue.kept(site, page, sealed)
    queue.send_all(page)
    queue.delivered(site, page, sealed)
    assert faulty.took()[0] == fault


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_under_a_photo_loses_neither_photo_nor_record(
    site: Site, page: Page, faulty: Faulty, fault: Fault
) -> None:
    faulty.where = "/api/v1/blobs"
    faulty.then(fault)
    sealed = queue.seal(page, "P-202B 机封滴油，有照片")
    queue.send_all(page)
    queue.delivered(site, page, sealed)
    assert faulty.took()[0] == fault
    assert queue.files_missing(site) == 0 and queue.files_left(page) == []


def test_a_photo_that_is_refused_for_good_stays_and_a_person_is_asked(
    site: Site, page: Page, faulty: Faulty
) -> None:
    faulty.where = "/api/v1/blobs"
    faulty.always("413")
    sealed = queue.seal(page, "滴油，有照片", "护罩松了")
    queue.send_all(page)
    queue.delivered(site, page, sealed)
    expect(page.locator(".sync").first).to_contain_text("需要处理")
    assert queue.files_missing(site) == 1
    assert [key[:8] for key in queue.files_left(page)] == ["refused "]


def test_a_long_queue_is_sent_in_time_that_grows_with_it_alone(
    site: Site, page: Page, faulty: Faulty
) -> None:
    """Ten thousand were tried by hand (`QUEUE=10000`): each send reads what it sends, not all."""
    faulty.always("before")
    count = int(os.environ.get("QUEUE", "1000"))
    sealed = page.evaluate(SEAL_MANY, count)
    assert len(queue.waiting(page)) == count
    faulty.good()
    queue.send_all(page)
    assert queue.stored(site) == sorted(sealed)


# Sealed in whole transactions, since a person would need days for so many.
SEAL_MANY = """async (count) => {
  const [vault, plant, codes] = await Promise.all(
    ['vault', 'plant', 'codes'].map((name) => import(`/static/js/worker/${name}.js`)));
  await vault.openVault();
  await plant.recall();
  const { dev, seq } = await vault.read('kv', 'chain') || { dev: plant.app.device.id, seq: 0 };
  let [at, prev, ids, changes] = [seq, null, [], []];
  for (let n = 0; n < count; n += 1) {
    const id = crypto.randomUUID();
    at += 1;
    const body = codes.canonical({
      v: 1, id, kind: 'hazard', dev, seq: at, prev, seen: null, app: 'x', who: plant.myself(),
      shift: null, station: null, job: null, blobs: [], what: `${n}`, of: null,
      time: { started_ms: 1, sealed_ms: n, token: null, token_wall_ms: null, mono_ms: null },
    });
    const sha = codes.b64u(codes.sha256(codes.utf8(body)));
    prev = sha;
    ids.push(id);
    changes.push(['outbox', id, {
      id, kind: 'hazard', body, salt: codes.b64u(codes.randomBytes(32)), sig: null, sha, seq: at,
      state: 'waiting', refused: 0, sealed_ms: n, person: plant.app.me.id, shift: '',
    }]);
    if (changes.length === 500 || n === count - 1) {
      await vault.write([...changes, ['kv', 'chain', { dev, seq: at, prev }]]);
      changes = [];
    }
  }
  return ids;
}"""


def test_a_server_that_is_killed_and_comes_back_gets_all_of_it_once(
    site: Site, page: Page, faulty: Faulty
) -> None:
    faulty.down()
    sealed = queue.seal(page, "一", "二", "三")
    page.reload()
    expect(page.locator(".sync").first).to_contain_text("3")
    assert queue.stored(site) == []
    faulty.up()
    queue.send_all(page)
    queue.delivered(site, page, sealed)
    expect(page.locator(".sync").first).to_contain_text("已全部上传")


# A record that the server cannot take -------------------------------------------------------------


@pytest.mark.parametrize("fault", ["500", "413"])
def test_a_record_that_is_refused_again_and_again_blocks_no_other(
    site: Site, page: Page, faulty: Faulty, fault: Fault
) -> None:
    faulty.meet("毒", fault)
    (poison,) = queue.seal(page, "毒")
    others = queue.seal(page, *[f"好 {number}" for number in range(30)])
    queue.send_until(page, left=1)
    assert queue.waiting(page) == {poison}
    assert queue.stored(site) == sorted(others)


def test_what_is_refused_for_good_waits_for_a_person_and_says_so(
    site: Site, page: Page, faulty: Faulty
) -> None:
    faulty.meet("毒", "413")
    sealed = queue.seal(page, "毒", "好")
    queue.send_all(page)
    expect(page.locator(".sync-act").first).to_be_visible()
    page.reload()
    page.locator(".sync").first.click()
    expect(page.locator(".note-warn")).to_contain_text("记录没有丢")
    queue.kept(site, page, sealed)


def test_a_revoked_phone_keeps_its_queue(site: Site, page: Page) -> None:
    with site.store.tx() as db:
        devices.revoke(db, site.plant.device("worker")[0], site.plant.id("leader"), site.clock.ms)
    sealed = queue.seal(page, "一", "二")
    queue.kick(page)
    expect(page.locator(".sync-act").first).to_be_visible()
    page.reload()
    assert queue.waiting(page) == set(sealed)
    assert queue.stored(site) == []


# The phone ----------------------------------------------------------------------------------------


def test_two_tabs_that_send_at_once_send_nothing_twice_and_count_alike(
    site: Site, page: Page, faulty: Faulty
) -> None:
    other = queue.tab(page, site)
    faulty.always("slow")
    sealed = [*queue.seal(page, "一", "二"), *queue.seal(other, "三", "四")]
    for one in (page, other):
        queue.kick(one)
    queue.send_all(page)
    queue.delivered(site, page, sealed)
    for one in (page, other):
        expect(one.locator(".sync").first).to_contain_text("已全部上传")


def test_three_hundred_records_in_one_queue_all_arrive(
    site: Site, page: Page, faulty: Faulty
) -> None:
    faulty.always("before")
    sealed = queue.seal(page, *[f"第 {number} 条" for number in range(300)])
    queue.kept(site, page, sealed)
    faulty.good()
    queue.send_all(page)
    queue.delivered(site, page, sealed)


def test_a_full_phone_says_that_it_kept_nothing_and_goes_on_when_there_is_room(
    site: Site, faulty: Faulty, phone: Open
) -> None:
    page = queue.ready(queue.small(phone("worker"), site), site)
    faulty.always("before")
    sealed = queue.seal(page, "还有地方")
    page.goto("/W/trouble")
    full = queue.fill_up(page)
    queue.report(page, "没有地方了")
    expect(page.locator("h1")).to_have_text("没存住")
    assert queue.waiting(page) == set(sealed)
    queue.make_room(page, full)
    page.locator(".w-tray button").click()
    expect(page.locator("h2[data-heading]")).to_be_visible()
    sealed += queue.waiting(page) - set(sealed)
    assert len(sealed) == 2
    faulty.good()
    queue.send_all(page)
    queue.delivered(site, page, sealed)


def test_a_browser_that_keeps_nothing_says_so_and_still_sends(
    site: Site, faulty: Faulty, phone: Open
) -> None:
    page = phone("worker")
    queue.hush(page)
    page.add_init_script("delete window.indexedDB; window.indexedDB = undefined;")
    faulty.always("500")
    page.goto("/W/trouble")
    queue.report(page, "没有存储")
    page.locator(".sync").first.click()
    expect(page.locator(".note-warn")).to_contain_text("这个浏览器不让存")
    assert queue.stored(site) == []
    faulty.good()
    queue.kick(page)
    expect(page.locator(".sync-sent").first).to_be_visible()
    assert len(queue.stored(site)) == 1


def test_a_phone_whose_storage_was_cleared_starts_anew(site: Site, page: Page) -> None:
    sealed = queue.seal(page, "一")
    queue.send_all(page)
    queue.console(page, "Storage.clearDataForOrigin", origin=site.url, storageTypes="all")
    page.reload()
    expect(page.locator("h1")).to_be_visible()
    page.goto("/enrol")
    page.locator("#code").fill(site.enrol_code("worker"))
    page.locator(".btn-act").click()
    page.wait_for_url("**/W/")
    queue.ready(page, site)
    more = queue.seal(page, "二")
    queue.send_all(page)
    assert queue.stored(site) == sorted(sealed + more)


def test_a_browser_that_is_killed_still_has_what_was_sealed(
    site: Site, faulty: Faulty, chromium: Browser, tmp_path: Path
) -> None:
    faulty.always("before")
    with killable(chromium, tmp_path / "profile", site) as page:
        sealed = queue.seal(queue.ready(page, site), "一", "二")
        for process in main_processes(tmp_path / "profile"):
            os.kill(process, signal.SIGKILL)
    faulty.good()
    with killable(chromium, tmp_path / "profile", site) as page:
        page.goto(f"{site.url}/W/")
        expect(page.locator(".sync-sent").first).to_be_visible()
        queue.delivered(site, page, sealed)


@contextlib.contextmanager
def killable(chromium: Browser, profile: Path, site: Site) -> Iterator[Page]:
    """A browser of its own that keeps what it has in a folder, as a phone does."""
    context = chromium.browser_type.launch_persistent_context(
        profile, executable_path=chromium_path(), args=["--no-sandbox"]
    )
    context.add_cookies(site.cookies("worker", device=True))  # type: ignore[arg-type]
    page = context.new_page()
    page.expected = []  # type: ignore[attr-defined]
    yield page
    with contextlib.suppress(Error):  # it was killed
        context.close()


def main_processes(profile: Path) -> list[int]:
    """The browser that was started with this folder and the script around it, not its children."""
    found = [
        int(file.parent.name)
        for file in Path("/proc").glob("[0-9]*/cmdline")
        if f"--user-data-dir={profile}" in (words := command(file)) and "--type=" not in words
    ]
    assert found
    return found


def command(file: Path) -> str:
    try:
        return file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:  # it ended meanwhile
        return ""


def test_without_a_service_worker_nothing_is_lost(site: Site, faulty: Faulty, phone: Open) -> None:
    page = phone("worker")
    queue.hush(page)
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    page.goto("/W/trouble")
    faulty.always("before")
    queue.report(page, "没有离线")
    expect(page.locator("h2[data-heading]")).to_be_visible()
    (sealed,) = queue.waiting(page)
    page.goto("/W/")
    faulty.good()
    queue.send_all(page)
    assert queue.stored(site) == [sealed]


@pytest.mark.parametrize("days", [-365, 365])
def test_a_clock_a_year_off_costs_nothing_once_the_server_told_the_time(
    site: Site, faulty: Faulty, phone: Open, days: int
) -> None:
    page = phone("worker")
    page.add_init_script(f"const now = Date.now; Date.now = () => now() + {days} * 86400000;")
    queue.ready(page, site)
    sealed = queue.seal(page, "钟不对")
    queue.send_all(page)
    queue.delivered(site, page, sealed)
    (row,) = site.store.rows("SELECT unverified, flags FROM record")
    assert dict(row) == {"unverified": 0, "flags": "[]"}


@pytest.mark.parametrize("fault", ["portal", "portal-json", "truncated", "500"])
def test_a_pack_that_is_none_leaves_the_kept_one(
    site: Site, page: Page, faulty: Faulty, fault: Fault
) -> None:
    faulty.where = "/api/v1/pack"
    faulty.always(fault)
    page.reload()
    expect(page.locator(".w-job")).to_contain_text("P-201 泵区")
    sealed = queue.seal(page, "一")
    queue.send_all(page)
    queue.delivered(site, page, sealed)
    assert fault in faulty.took()


# The registration that the app makes, to be looked at.
TRIED = """
  const { register } = ServiceWorkerContainer.prototype;
  ServiceWorkerContainer.prototype.register = async function (...given) {
    window.tried = await register.apply(this, given);
    return window.tried;
  };
"""


def test_somebody_elses_page_is_never_kept_as_a_part_of_the_app(
    site: Site, faulty: Faulty, phone: Open
) -> None:
    page = phone("worker")
    queue.hush(page)
    faulty.where = "/static/icons/"
    faulty.always("portal")
    page.add_init_script(TRIED)
    page.goto("/W/")
    given_up = "window.tried && !tried.installing && !tried.waiting && !tried.active"
    worker.until(page, f"async () => {given_up} && !(await caches.keys()).length")
    faulty.good()
    queue.ready(page, site)


# Old and new --------------------------------------------------------------------------------------


def test_an_old_phone_leaves_alone_what_a_new_server_says_besides(
    site: Site, faulty: Faulty, phone: Open
) -> None:
    faulty.edit = lambda path, answer: more_in(answer)
    page = queue.ready(phone("worker"), site)
    page.goto("/W/trouble")
    queue.report(page, "多了几个字段")
    expect(page.locator(".w-line")).to_contain_text("公司已收到")
    page.goto("/W/")
    expect(page.locator(".list")).to_contain_text("多了几个字段")
    queue.delivered(site, page, queue.stored(site))
    assert len(queue.stored(site)) == 1


def more_in(value: Any) -> Any:
    """The same with a field more in every object, and a flag nobody knows."""
    if isinstance(value, list):
        return [more_in(one) for one in value]
    if not isinstance(value, dict):
        return value
    more = {name: more_in(one) for name, one in value.items()} | {"from_tomorrow": {"x": [1]}}
    return more | ({"flags": [*value["flags"], "from_tomorrow"]} if "flags" in value else {})


def test_a_new_phone_does_without_what_an_old_server_does_not_say(
    site: Site, faulty: Faulty, phone: Open
) -> None:
    def less(path: str, answer: dict[str, Any]) -> dict[str, Any]:
        answer.pop("plant", None)
        answer.pop("server_ms", None)
        for one in answer.get("results", []):
            one.pop("flags"), one.pop("status")
        return answer

    faulty.edit = less
    page = queue.ready(phone("worker"), site)
    page.goto("/W/trouble")
    queue.report(page, "少了几个字段")
    expect(page.locator(".w-line")).to_contain_text("公司已收到")
    page.goto("/W/")
    queue.delivered(site, page, queue.stored(site))
    assert len(queue.stored(site)) == 1


def test_a_phone_that_lost_its_storage_but_not_its_cookie_goes_on_in_its_chain(
    site: Site, page: Page
) -> None:
    """As iOS does after a week without use: nobody is accused of a gap for it."""
    queue.seal(page, "一", "二")
    queue.send_all(page)
    cdp = page.context.new_cdp_session(page)
    cdp.send(
        "Storage.clearDataForOrigin",
        {"origin": site.url, "storageTypes": "indexeddb,cache_storage,service_workers"},
    )
    page.reload()
    worker.until(page, "async () => window.answered")
    queue.seal(page, "三", "四")
    queue.send_all(page)
    rows = site.store.rows("SELECT chain_seq, flags FROM record ORDER BY seq")
    assert [row["chain_seq"] for row in rows] == [1, 2, 3, 4]
    assert [row["flags"] for row in rows] == ["[]"] * 4


def test_a_browser_that_keeps_nothing_goes_on_in_its_chain_after_every_reload(
    site: Site, phone: Open
) -> None:
    page = phone("worker")
    queue.hush(page)
    page.add_init_script("delete window.indexedDB; window.indexedDB = undefined;")
    for n in (1, 2, 3):
        page.goto("/W/trouble")
        worker.until(page, "async () => window.answered")
        queue.report(page, f"第 {n} 条")
        expect(page.locator(".w-line")).to_contain_text("公司已收到")
    rows = site.store.rows("SELECT chain_seq, flags FROM record ORDER BY seq")
    assert [(row["chain_seq"], row["flags"]) for row in rows] == [(1, "[]"), (2, "[]"), (3, "[]")]
