"""The scanner in the page: with a camera, without one, and what is none of our codes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import qr.code
from tests.browser import phone_queue as queue
from tests.browser import worker_round as worker
from tests.browser.conftest import Site
from tests.browser.worker_round import HAS_REST, go_offline, until
from tests.plant import PUMPS, TANKS

Open = Callable[..., Page]


def address(site: Site, code: str = TANKS) -> str:
    """What is printed on the sign of a station."""
    mac = qr.code.mac(site.plant.keys.station_secret, code)
    return qr.code.station_url(site.url, code, mac)


def open_scanner(page: Page) -> None:
    """The scanner of a phone that has no camera: opened by a press."""
    page.goto("/W/go")
    page.get_by_role("button", name="打开相机扫码").click()
    expect(page.get_by_role("button", name="拍照识别")).to_be_visible()


def photograph(page: Page, text: str) -> None:
    """Take a photo of a code, as the phone's own camera app gives it."""
    picture = qr.code.qr_png(text, module_px=6, level="Q")
    page.locator("input[type=file]").set_input_files(
        {"name": "code.png", "mimeType": "image/png", "buffer": picture}
    )


def test_the_camera_reads_the_sign_and_opens_the_station(
    site: Site, seeing: Callable[[str], Open]
) -> None:
    page = seeing(address(site))("worker")
    page.goto("/W/go")
    page.wait_for_url(f"**/W/{TANKS}/*")
    expect(page.locator("body")).to_have_attribute(
        "data-mac", qr.code.mac(site.plant.keys.station_secret, TANKS)
    )


@pytest.mark.parametrize("read", ["https://example.cn/free-phone", "WIFI:S:plant;;"])
def test_a_code_that_is_not_ours_is_shown_and_not_followed(
    site: Site, seeing: Callable[[str], Open], read: str
) -> None:
    page = seeing(read)("worker")
    page.goto("/W/go")
    told = page.locator(".note", has_text="不是本厂的岗位码")
    expect(told).to_contain_text(read)
    assert page.url.endswith("/W/go")


def test_a_sign_of_another_plant_is_not_ours(site: Site, seeing: Callable[[str], Open]) -> None:
    page = seeing(f"HTTPS://AQ.OTHER.CN/W/{TANKS}/0123456789ABCDEF")("worker")
    page.goto("/W/go")
    expect(page.locator(".note", has_text="不是本厂的岗位码")).to_be_visible()


def test_a_sign_printed_under_an_older_name_of_the_plant_is_known_by_its_mac(
    site: Site, seeing: Callable[[str], Open]
) -> None:
    mac = qr.code.mac(site.plant.keys.station_secret, TANKS)
    page = seeing(f"HTTPS://OLD.EXAMPLE.CN/W/{TANKS}/{mac}")("worker")
    page.goto("/W/go")
    page.wait_for_url(f"**/W/{TANKS}/{mac}")


def test_without_a_camera_a_photo_of_the_code_does(site: Site, phone: Open) -> None:
    page = phone("worker")
    open_scanner(page)
    expect(page.locator(".note", has_text="这里打不开相机")).to_be_visible()
    photograph(page, address(site))
    page.wait_for_url(f"**/W/{TANKS}/*")


def test_over_plain_http_a_photo_of_the_code_does_too(plain_site: Site, phone: Open) -> None:
    page = phone("worker", base=plain_site)
    open_scanner(page)
    expect(page.locator(".note", has_text="这里打不开相机")).to_be_visible()
    photograph(page, address(plain_site))
    page.wait_for_url(f"**/W/{TANKS}/*")


def test_a_photo_without_a_code_says_what_to_do(site: Site, phone: Open) -> None:
    page = phone("worker")
    open_scanner(page)
    page.locator("input[type=file]").set_input_files("shiftapp/static/icons/app-any-512.png")
    expect(page.locator(".note", has_text="照片里没找到码")).to_be_visible()


def test_the_scanner_works_without_a_signal_once_it_was_kept(site: Site, phone: Open) -> None:
    page = phone("worker")
    page.goto("/W/")
    until(page, HAS_REST)
    go_offline(page)
    open_scanner(page)
    photograph(page, address(site))
    page.wait_for_url(f"**/W/{TANKS}/*")
    expect(page.locator("h1")).to_have_text("碳四罐区")


def test_a_first_visit_loads_no_scanner_and_no_second_script(site: Site, phone: Open) -> None:
    page = phone("worker")
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(f"/W/{PUMPS}/{site.plant.mac}")
    until(page, "async () => window.answered")
    page.wait_for_load_state("networkidle")
    assert any("/W/app.zh.js" in url for url in asked)
    assert [url for url in asked if "more" in url or "scan" in url or "vendor" in url] == []


def test_from_the_camera_one_tap_leads_to_typing_the_code(
    site: Site, seeing: Callable[[str], Open]
) -> None:
    page = seeing("nothing of ours")("worker")
    page.goto("/W/go")
    page.get_by_role("button", name="输 8 位码").click()
    page.wait_for_url("**/W/go?typed")
    expect(page.get_by_role("button", name="打开相机扫码")).to_be_visible()
    page.locator("#code").fill(PUMPS)
    page.get_by_role("button", name="打开这个岗位").click()
    page.wait_for_url(f"**/W/{PUMPS}")


@pytest.mark.parametrize("door", ["wechat", "tab"])
def test_each_door_says_which_it_is_and_what_waits_in_it(
    site: Site, phone: Open, door: str
) -> None:
    page = phone("worker")
    if door == "wechat":
        page.context.add_init_script(WECHAT)
    page = queue.ready(page, site)
    expect(page.locator(".note", has_text="没信号这里打不开")).to_have_count(0)
    worker.open_station(page, site)
    expect(page.locator(".note", has_text="没信号这里打不开")).to_have_count(int(door == "wechat"))
    page.goto("/W/")
    until(page, "async () => window.answered")
    page.locator(".sync").first.click()
    words = {"wechat": "微信入口：待传 0 份", "tab": "浏览器入口：待传 0 份"}
    expect(page.locator(".note", has_text=words[door])).to_be_visible()


# What WeChat calls its browser.
WECHAT = """Object.defineProperty(navigator, 'userAgent', {
  get: () => 'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.50' })"""
