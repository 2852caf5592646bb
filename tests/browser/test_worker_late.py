"""What comes late: answers about who was here before, photos on a slow line, double taps."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import phone_queue as queue
from tests.browser import test_worker_evidence as evidence
from tests.browser import worker_round as worker
from tests.browser.conftest import Site
from tests.browser.faulty import PATIENCE_S, Faulty
from tests.browser.test_worker_shared import gate as gate  # the shared phone of those tests
from tests.browser.test_worker_shared import hold_badge, key_in
from tests.plant import PUMPS

Open = Callable[..., Page]


def bodies(site: Site) -> list[dict[str, Any]]:
    rows = site.store.rows("SELECT body FROM record ORDER BY seq")
    return [json.loads(bytes(row["body"])) for row in rows]


def hold_first(page: Page, url: str) -> list[Route]:
    """The first request to an address is held; it stands in the list once it was made."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(url, hold)
    return held


def test_at_home_too_somebody_signs_in_without_a_signal(site: Site, gate: Page) -> None:
    worker.go_offline(gate)
    gate.goto("/W/")
    gate.get_by_role("button", name="你是谁").click()
    key_in(gate, "worker")
    expect(gate.locator("header")).to_contain_text("张三")
    expect(gate.locator(".w-count")).to_be_visible()


def test_the_list_of_uploads_gives_the_screen_back_as_it_was(site: Site, gate: Page) -> None:
    worker.go_offline(gate)
    gate.goto("/W/trouble")
    gate.locator(".w-doors").get_by_text("今天不能上岗").click()
    key_in(gate, "worker")
    gate.locator(".w-doors").get_by_text("有异常，报一下").click()
    gate.locator("#what").fill("护罩松了")
    gate.locator(".sync").first.click()
    expect(gate.locator("h1")).to_have_text("上传")
    gate.locator(".w-bar .btn-bare").click()
    expect(gate.locator("#what")).to_have_value("护罩松了")
    expect(gate.locator("#anonymous")).to_be_enabled()  # still somebody


def test_a_sign_in_that_is_answered_late_does_not_replace_the_next_person(
    site: Site, gate: Page
) -> None:
    """A's request hangs; who comes next is told to wait, and A's late answer signs nobody in."""
    held = hold_first(gate, "**/api/v1/session")
    gate.goto(f"/W/{PUMPS}/{site.plant.mac}")
    worker.start(gate, "先说你是谁")
    key_in(gate, "worker")
    gate.locator(".w-bar .btn-bare").click()
    worker.start(gate, "先说你是谁")
    key_in(gate, "chen")
    expect(gate.locator("#pin-help")).to_have_text("上一次还没答完，等几秒。")
    gate.evaluate(COUNT_PACKS)
    held[0].continue_()
    worker.until(gate, "async () => window.packs === 2")  # A's, and nobody's at once after it
    for key in "135792":
        gate.locator(".key", has_text=key).first.click()
    expect(gate.locator(".w-who")).to_contain_text("陈一")


def test_a_pack_on_its_way_does_not_bring_back_who_has_left(site: Site, gate: Page) -> None:
    gate.goto(f"/W/{PUMPS}/{site.plant.mac}")
    worker.start(gate, "先说你是谁")
    key_in(gate, "worker")
    expect(gate.locator(".w-who")).to_contain_text("张三")
    held = hold_first(gate, "**/api/v1/pack*")
    gate.evaluate(ASK_AGAIN)
    while not held:
        gate.wait_for_timeout(50)
    answer = held[0].fetch()
    gate.expected.append("ERR_FAILED")  # type: ignore[attr-defined]
    gate.route("**/api/v1/session", lambda route: route.abort())  # no signal for the goodbye
    gate.get_by_text("换人").click()
    expect(gate.locator("[data-start]")).to_contain_text("先说你是谁")
    held[0].fulfill(response=answer)
    gate.wait_for_timeout(500)
    assert gate.locator(".w-who").count() == 0
    gate.reload()
    expect(gate.locator("[data-start]")).to_contain_text("先说你是谁")


def test_no_new_record_waits_for_a_photo(site: Site, faulty: Faulty, phone: Open) -> None:
    page = queue.ready(phone("worker"), site)
    photos = faulty.hold("/api/v1/blobs")
    queue.seal(page, "一，有照片", "二，有照片")
    worker.until(page, queue.ALL_SENT)
    assert photos.came.wait(PATIENCE_S)
    queue.seal(page, "停")
    worker.until(page, queue.ALL_SENT)
    assert len(queue.stored(site)) == 3 and queue.files_missing(site) > 0
    faulty.good()
    queue.send_all(page)
    assert queue.files_missing(site) == 0


def test_a_photo_that_came_broken_is_sent_again(site: Site, faulty: Faulty, phone: Open) -> None:
    page = queue.ready(phone("worker"), site)
    broken: list[int] = []

    def spoil(route: Route) -> None:
        if broken:
            route.continue_()
            return
        broken.append(1)
        route.continue_(post_data=b"\xff\xd8\xff something else")

    page.route("**/api/v1/blobs/*", spoil)
    queue.seal(page, "滴油，有照片")
    queue.send_all(page)
    assert broken and queue.files_missing(site) == 0 and queue.files_left(page) == []


@pytest.mark.parametrize("what", ["report", "not today", "two taps"])
def test_a_double_tap_seals_once(site: Site, phone: Open, what: str) -> None:
    page = phone("worker")
    if what == "two taps":
        worker.open_station(page, site)
        worker.start(page)
        worker.answer_all(page)
        page.get_by_text("点两下代替").click()
        page.locator(".hold").evaluate(
            """async (hold) => {
              hold.click();
              await new Promise((resolve) => setTimeout(resolve, 400));
              hold.click();
              hold.click();
            }"""
        )
        worker.at_step(page, 1)
    else:
        page.goto("/W/trouble")
        door = page.locator(".w-doors .btn-act")
        (door.last if what == "report" else door.first).click()
        page.wait_for_timeout(worker.GUARD_MS)
        if what == "report":
            page.locator("#what").fill("滴油")
        page.locator(".w-tray .btn-act").evaluate("(send) => { send.click(); send.click(); }")
        expect(page.locator(".w-line")).to_contain_text("公司已收到")
    page.wait_for_timeout(500)
    worker.until(page, queue.ALL_SENT)
    assert [one["seq"] for one in bodies(site)] == [1]


def test_a_photo_that_is_still_being_made_small_goes_with_the_report(
    site: Site, phone: Open
) -> None:
    page = phone("worker")
    worker.open_station(page, site)
    page.locator(".w-report").click()
    page.locator("#what").fill("P-202B 机封滴油")
    page.wait_for_timeout(worker.GUARD_MS)
    page.evaluate(SLOW_PICTURES)
    evidence.photograph(page, evidence.jpeg((640, 480)))
    page.locator(".w-tray .btn-act").click()
    evidence.arrived(page, site)
    assert len(evidence.body(site, "hazard")["blobs"]) == 1


def test_more_photos_than_a_record_may_name_leave_the_rest_out(site: Site, phone: Open) -> None:
    page = phone("worker")
    evidence.publish(site, *["CP"] * 22)
    evidence.begin(page, site, 22)
    for number in range(1, 23):
        worker.at_step(page, number, 22)
        evidence.photograph(page, evidence.jpeg((64, 48)))
        expect(page.locator(".w-photo img")).to_be_visible()
        worker.ok(page).click()
    evidence.arrived(page, site)
    run = evidence.body(site)
    assert len(run["blobs"]) == 20 and len(run["steps"]) == 22
    flags = site.store.value("SELECT flags FROM record WHERE kind = 'run'")
    assert json.loads(flags) == ["blob_missing"]  # the record goes first, its photos follow
    assert queue.files_missing(site) == 0


def test_what_a_badge_says_is_never_on_the_screen(site: Site, gate: Page) -> None:
    worker.go_offline(gate)
    gate.goto(f"/W/{PUMPS}/{site.plant.mac}")
    worker.start(gate, "先说你是谁")
    gate.get_by_role("button", name="扫工牌").click()
    hold_badge(gate, f"{site.url}/W/ME/AAAAAAAAAAAAAAAA".upper())
    expect(gate.locator(".note", has_text="这台手机里没有这张工牌")).to_be_visible()
    assert "AAAAAAAA" not in gate.content()


def test_whoever_leaves_a_shared_phone_leaves_no_draft(site: Site, gate: Page) -> None:
    gate.goto(f"/W/{PUMPS}/{site.plant.mac}")
    worker.start(gate, "先说你是谁")
    key_in(gate, "worker")
    worker.start(gate)
    worker.answer_all(gate)
    gate.locator(".w-bar .btn-bare").first.click()
    gate.get_by_text("换人").click()
    expect(gate.locator("[data-start]")).to_contain_text("先说你是谁")
    worker.until(gate, queue.NO_DRAFTS)


COUNT_PACKS = """() => {
  window.packs = 0;
  document.addEventListener('pack', () => { window.packs += 1; });
}"""
# The app asks for its pack, as the done screen does.
ASK_AGAIN = """() => {
  import(document.querySelector('script[type=module]').src).then(({ in_plant }) => {
    in_plant.refresh();
  });
}"""
SLOW_PICTURES = """() => {
  const make = window.createImageBitmap;
  window.createImageBitmap = async (...given) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return make(...given);
  };
}"""
