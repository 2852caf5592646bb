"""The shared phone at the gate: one after another, by PIN or badge, with a signal or without."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import qr.code
from shiftapp.ledger import badge
from shiftapp.model import credentials, history
from tests.browser import phone_queue as queue
from tests.browser import worker_round as worker
from tests.browser.conftest import Site
from tests.plant import PUMPS

Open = Callable[..., Page]
PINS = {"worker": "246813", "chen": "135792"}
NUMBERS = {"worker": "1001", "chen": "1003"}
BADGES = {"worker": "0123456789ABCDEF", "chen": "FEDCBA9876543210"}
SALT = b"a salt of sixtee"


@pytest.fixture
def gate(site: Site, phone: Open) -> Page:
    """A shared phone that was online long enough to hold all it needs; nobody is on it."""
    worker.quicken(site)
    with site.store.tx() as db:
        for part, pin in PINS.items():
            hashed = credentials.hash_secret(pin, site.plant.keys.pin_pepper)
            tag = credentials.tag_of(pin, SALT)
            credentials.set_pin(db, site.plant.id(part), hashed, tag)
            credentials.set_badge(db, site.plant.id(part), badge.key_of(BADGES[part]))
    page = phone(None)
    page.expected += ["401", "403"]  # type: ignore[attr-defined]
    page.goto(f"/enrol/{site.enrol_code(None, 'shared')}")
    page.locator(".btn-act").click()
    page.wait_for_url("**/W/")
    # It was put in place by the page before: this one may have begun too early to be under it.
    worker.until(page, "async () => (await navigator.serviceWorker.ready).active")
    page.reload()
    worker.until(page, worker.STANDS)
    worker.until(page, worker.HAS_REST)
    return page


def key_in(page: Page, part: str, pin: str = "") -> None:
    """Number and PIN on our own keys."""
    expect(page.locator("#no")).to_be_visible()
    for key in [*NUMBERS[part], "好", *(pin or PINS[part])]:
        page.locator(".key", has_text=key).first.click()


def come(page: Page, site: Site, part: str) -> None:
    """Somebody comes to the station's page and says who they are."""
    page.goto(f"/W/{PUMPS}/{site.plant.mac}")
    worker.start(page, "先说你是谁")
    key_in(page, part)
    expect(page.locator(".w-who")).to_contain_text({"worker": "张三", "chen": "陈一"}[part])


def round_of(page: Page) -> None:
    worker.start(page)
    worker.commit(page)
    worker.walk(page)
    expect(page.locator("h2[data-heading]")).to_have_text("做完了")


def received(site: Site) -> list[tuple[str, str, set[str]]]:
    """Person, evidence and flags of each record, oldest first."""
    rows = site.store.rows("SELECT person, body, flags FROM record ORDER BY seq")
    parts = {site.plant.id(part): part for part in ("worker", "chen")}
    return [
        (
            parts[row["person"]],
            json.loads(bytes(row["body"]))["who"]["ev"]["k"],
            set(json.loads(row["flags"])),
        )
        for row in rows
    ]


def online(page: Page, site: Site, count: int) -> None:
    """A signal again: all of it is sent."""
    worker.go_offline(page, False)
    page.evaluate("dispatchEvent(new Event('online'))")
    worker.until(page, queue.ALL_SENT)
    assert site.store.value("SELECT count(*) FROM record") == count


def state(site: Site, part: str) -> Any:
    return history.state_of(site.store, site.plant.instance(), site.plant.id(part), site.clock.ms)


def test_two_people_one_after_the_other_without_a_signal(site: Site, gate: Page) -> None:
    worker.go_offline(gate)
    for part in ("worker", "chen"):
        come(gate, site, part)
        round_of(gate)
        gate.get_by_role("button", name="换下一个人").click()
        gate.wait_for_url("**/W/")
        expect(gate.locator("header")).to_contain_text("还没登录")
    online(gate, site, 4)
    assert received(site) == [
        ("worker", "pin", set()),
        ("worker", "pin", set()),
        ("chen", "pin", set()),
        ("chen", "pin", set()),
    ]
    assert (state(site, "worker"), state(site, "chen")) == ("ready", "ready")


def test_a_slip_of_the_finger_is_noticed_without_a_signal(site: Site, gate: Page) -> None:
    worker.go_offline(gate)
    gate.goto(f"/W/{PUMPS}/{site.plant.mac}")
    worker.start(gate, "先说你是谁")
    key_in(gate, "worker", "246814")
    expect(gate.locator("#pin-help")).to_have_text("PIN 不对，再输一次。")
    for key in PINS["worker"]:
        gate.locator(".key", has_text=key).first.click()
    expect(gate.locator(".w-who")).to_contain_text("张三")


def test_a_wrong_pin_that_looks_right_is_kept_and_marked(site: Site, gate: Page) -> None:
    """Seven bits let one of 128 through: the server opens the PIN and sees."""
    right = credentials.tag_of(PINS["worker"], SALT)
    wrong = next(
        pin
        for pin in (f"{n:06}" for n in range(200_000, 201_000))
        if credentials.tag_of(pin, SALT) == right and pin != PINS["worker"]
    )
    worker.go_offline(gate)
    gate.goto(f"/W/{PUMPS}/{site.plant.mac}")
    worker.start(gate, "先说你是谁")
    key_in(gate, "worker", wrong)
    round_of(gate)
    online(gate, site, 2)
    assert [flags for _, _, flags in received(site)] == [{"who_unverified"}] * 2
    assert state(site, "worker") == "ready"  # it counts, and the leader looks


def test_somebody_whom_the_phone_does_not_know_is_told(site: Site, gate: Page) -> None:
    worker.go_offline(gate)
    gate.goto(f"/W/{PUMPS}/{site.plant.mac}")
    worker.start(gate, "先说你是谁")
    for key in [*"9999", "好", *"246813"]:
        gate.locator(".key", has_text=key).first.click()
    expect(gate.locator("#pin-help")).to_contain_text("这台手机里没有这个工号")


@pytest.mark.parametrize("signal", [True, False])
def test_a_badge_says_who_comes(site: Site, gate: Page, signal: bool) -> None:
    worker.go_offline(gate, not signal)
    gate.goto(f"/W/{PUMPS}/{site.plant.mac}")
    worker.start(gate, "先说你是谁")
    gate.get_by_role("button", name="扫工牌").click()
    hold_badge(gate, f"{site.url}/W/ME/{BADGES['chen']}".upper())
    expect(gate.locator(".w-who")).to_contain_text("陈一")
    round_of(gate)
    online(gate, site, 2)
    assert received(site) == [("chen", "session" if signal else "badge", set())] * 2


def test_what_is_no_badge_of_this_plant_opens_nothing(site: Site, gate: Page) -> None:
    worker.go_offline(gate)
    gate.goto(f"/W/{PUMPS}/{site.plant.mac}")
    worker.start(gate, "先说你是谁")
    gate.get_by_role("button", name="扫工牌").click()
    hold_badge(gate, f"{site.url}/W/{PUMPS}/{site.plant.mac}".upper())
    expect(gate.locator(".note", has_text="不是本厂的工牌码")).to_be_visible()
    hold_badge(gate, f"{site.url}/W/ME/AAAAAAAAAAAAAAAA".upper())
    expect(gate.locator(".note", has_text="这台手机里没有这张工牌")).to_be_visible()


def test_who_leaves_without_a_signal_has_left_at_the_server_too(site: Site, gate: Page) -> None:
    come(gate, site, "worker")  # with a signal: a session at the server
    worker.go_offline(gate)
    gate.get_by_text("换人").click()
    worker.start(gate, "先说你是谁")
    key_in(gate, "chen")
    expect(gate.locator(".w-who")).to_contain_text("陈一")
    round_of(gate)
    online(gate, site, 2)
    assert [(who, how) for who, how, _ in received(site)] == [("chen", "pin")] * 2
    gate.goto("/W/")
    worker.until(gate, "async () => window.answered")
    expect(gate.locator("header")).to_contain_text("还没登录")
    ended = site.store.rows("SELECT revoked_ms FROM session WHERE how = 'pin'")
    assert ended and all(row["revoked_ms"] is not None for row in ended)


def test_nobody_stays_on_a_shared_phone_that_is_left_alone(site: Site, gate: Page) -> None:
    worker.go_offline(gate)
    gate.clock.install()
    come(gate, site, "worker")
    gate.clock.fast_forward(11 * 60 * 1000)
    expect(gate.locator("[data-start]")).to_contain_text("先说你是谁")


def hold_badge(page: Page, text: str) -> None:
    """A photo of a badge's code, as the phone's own camera app gives it."""
    picture = qr.code.qr_png(text, module_px=6, level="M")
    page.locator("input[type=file]").set_input_files(
        {"name": "badge.png", "mimeType": "image/png", "buffer": picture}
    )
