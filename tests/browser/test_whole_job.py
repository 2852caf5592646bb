"""The whole job, from the phone to the public page, by the cast of the tests.

Once under a secure address and once over plain http under a host name, where `__Host-` cookies,
WebCrypto and other secure APIs are missing. The plain form does it in test_plain_form.py, a
stranger to the product in test_demo_tour.py.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shiftapp.model import credentials
from tests.browser import worker_round as worker
from tests.browser.conftest import DESK, TABLET, Site
from tests.plant import PUMPS
from tests.sealing import make_ready

Open = Callable[..., Page]
PASSWORD = "correct horse battery"


@pytest.mark.parametrize("address", ["site", "plain_site"])
def test_from_the_phone_to_the_public_page(
    request: pytest.FixtureRequest, address: str, phone: Open, desk: Open
) -> None:
    here: Site = request.getfixturevalue(address)
    worker.quicken(here)
    for part in ("mate", "chen", "lin", "huang"):
        make_ready(here.plant, part, here.clock.ms)
    hashed = credentials.hash_secret(PASSWORD, here.plant.keys.pin_pepper)
    with here.store.tx() as db:
        credentials.set_password(db, here.plant.id("signatory"), hashed)

    public = phone(None, base=here)
    public.goto("/")
    expect(public.get_by_text("还没有公告。")).to_be_visible()

    board = desk("leader", size=TABLET, base=here)
    board.goto("/board")
    tile = board.locator(".tile", has_text="张三")
    expect(tile).to_contain_text("没开始")

    hand = phone("worker", base=here)
    hand.goto(f"/W/{PUMPS}/{here.plant.mac}")
    assert hand.evaluate("isSecureContext") is (address == "site")
    worker.start(hand)
    worker.commit(hand)
    worker.walk(hand, dwell_ms=150)
    expect(hand.locator("h2[data-heading]")).to_have_text("做完了")
    code = hand.locator(".w-code b").inner_text()
    assert len(code) == 9

    expect(tile).to_contain_text("07:38")  # nobody reloaded the board
    expect(board.locator(".b-strip")).to_contain_text("5 / 6")

    here.clock.at("09:05")
    page = desk("signatory", size=DESK, base=here)
    page.goto("/publish")
    expect(page.locator(".p-paper")).to_contain_text("5")
    reason = page.locator("#override")
    if reason.count():  # over the open gaps, with a reason that is published
        page.get_by_text("签发…").last.click()
        reason.fill("缺的人已核对")
    page.locator("form .btn-lg").last.click()  # to the text that is signed
    page.get_by_label("再输一次你的密码").fill(PASSWORD)
    page.get_by_role("button", name="签名，马上公布").click()
    expect(page.get_by_text("第 1 版已签发")).to_be_visible()

    public.reload()
    expect(public.locator(".a-share")).to_contain_text("5 人")
    expect(public.locator("body")).not_to_contain_text("张三")
