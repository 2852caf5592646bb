"""A stranger walks the tour of the demo: from the phone to the public page, and the split view."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from shiftapp import create_app, library
from shiftapp.commands.server import make_server
from shiftapp.demo.build import Wanted
from shiftapp.demo.folder import prepare
from shiftapp.demo.ledger import Log
from shiftapp.demo.tour import Tour
from shiftapp.model import settings, versions
from tests.browser import worker_round as worker
from tests.browser.conftest import DESK, Watched
from tests.demo.conftest import DAY
from tests.plant import Clock


@dataclass
class Stranger:
    """A laptop at the demo's address, and the demo's wall clock."""

    page: Page
    clock: Clock


@pytest.fixture
def stranger(tmp_path: Path, chromium: Browser) -> Iterator[Stranger]:
    clock, wanted = Clock(), Wanted(day=DAY)
    folder, _ = prepare(tmp_path / "demo", wanted, clock)
    store, keys = folder.store(), folder.keys()
    app = create_app(folder.config, store=store, keys=keys, wall_ms=clock)
    app.extensions["shiftapp.demo"] = Tour(
        folder, store, keys, wanted, clock, Log(app.extensions["shiftapp"])
    )
    server = make_server(app, "127.0.0.1", 0, 12, None)
    server.prepare()
    url = f"http://127.0.0.1:{server.bind_addr[1]}"
    with store.tx() as db:
        settings.put(db, url=url)
        versions.publish_checklist(db, "J02", _quick(), clock.ms, "library")
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    context = chromium.new_context(
        base_url=url,
        viewport={"width": DESK[0], "height": DESK[1]},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    watched = Watched(page)
    yield Stranger(page, clock)
    faults = watched.faults()
    context.close()
    server.stop()
    thread.join()
    store.close()
    assert faults == []


def _quick() -> dict[str, Any]:
    """The checklist without the time to point and call, so that a test need not wait."""
    doc = library.with_examples(library.job("J02")["checklist"])
    for step in doc["steps"]:
        step["dwell_ms"] = 100
    return doc


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).click()


def frame(page: Page, name: str) -> Frame:
    """One of the three frames of the split view."""
    found = page.locator(f".t-{name}").element_handle().content_frame()
    assert found is not None
    found.wait_for_load_state()
    return found


def make_ready(side: Page | Frame, page: Page) -> None:
    """The operator's whole job on the phone's side of the screen."""
    expect(side.locator(".sync").first).to_be_visible()  # the script has taken the page over
    side.locator("[data-start]").click()
    worker.answer_all(side)  # type: ignore[arg-type]  # a frame has what it asks of a page
    side.locator(".hold").hover()
    page.mouse.down()
    expect(side.locator(".hold:not([data-state=done])")).to_have_count(0)
    page.mouse.up()
    worker.walk(side, dwell_ms=150)  # type: ignore[arg-type]
    expect(side.locator("h2[data-heading]")).to_have_text("做完了")
    expect(side.locator(".w-line")).to_contain_text("公司已收到")


def answer_everything(page: Page) -> None:
    """The leader gives both hazards to somebody and settles who is not fit today."""
    for _ in range(2):
        page.get_by_role("link", name=re.compile("^答复")).first.click()
        page.get_by_label("派给谁").select_option(label="赵六 1002")
        page.get_by_role("button", name="派出去").click()
    page.get_by_role("link", name=re.compile("^看详情")).click()
    page.get_by_label("谁来替").select_option(label="没人替，岗位空着")
    page.get_by_role("button", name="就这样安排").click()
    page.get_by_role("button", name=re.compile("^已问清")).click()
    expect(page.get_by_role("button", name=re.compile("^已问清"))).to_have_count(0)


def sign(page: Page) -> None:
    page.locator(".b-sign").get_by_text("签字", exact=False).last.click()
    expect(page.get_by_role("button", name="我签字")).to_be_visible()  # it stands below them
    for reason in page.locator("main input[required]").all():
        reason.fill("马上做完")
    page.get_by_role("button", name="我签字").click()


def test_a_stranger_sees_the_whole_job(stranger: Stranger) -> None:
    page = stranger.page
    page.goto("/demo")
    press(page, "坐到张三的手机前")
    make_ready(page, page)

    page.get_by_role("link", name="回导览").click()
    expect(page.locator(".t-step").first).to_contain_text("做完了")
    press(page, "坐到王五的看板前")
    tile = page.locator(".tile", has_text="张三")
    expect(tile).to_contain_text("07:3")
    expect(page.locator(".b-strip")).to_contain_text("7 / 13")

    stranger.clock.ms += 3 * 60_000  # meanwhile the others come in, and the board moves by itself
    expect(page.locator(".b-strip")).to_contain_text("10 / 13")
    answer_everything(page)
    sign(page)

    page.get_by_role("link", name="回导览").click()
    press(page, "把钟拨到 09:00")
    expect(page.locator(".demo-bar")).to_contain_text("09:00")
    press(page, "坐到苗五的桌前")
    press(page, "签发公告")
    press(page, "签名，马上公布")
    page.get_by_role("link", name="回导览").click()
    press(page, "打开公示页")
    expect(page.locator("h1")).to_contain_text("濮阳示例化工有限公司（示例）")
    expect(page.locator("body")).to_contain_text("2026年11月24日")
    expect(page.locator("body")).to_contain_text("12 / 12")
    assert "张三" not in page.content()


def test_phone_and_board_stand_side_by_side(stranger: Stranger) -> None:
    page = stranger.page
    page.goto("/demo")
    press(page, "手机和看板并排看")
    phone, board, controls = (frame(page, name) for name in ("worker", "board", "controls"))
    assert phone.evaluate("innerWidth") == 390
    tile = board.locator(".tile", has_text="张三")
    expect(tile).to_contain_text("没开始")

    make_ready(phone, page)
    expect(tile).not_to_contain_text("没开始")
    expect(board.locator(".b-strip")).to_contain_text("7 / 13")

    controls.get_by_role("button", name="07:50").click()
    expect(controls.locator(".t-now")).to_contain_text("07:50")
    expect(board.locator(".b-strip")).to_contain_text("10 / 13")  # the others have come
    expect(phone.locator("h2[data-heading]")).to_have_text("做完了")  # nothing else reloaded

    page.expected.append("401")  # type: ignore[attr-defined]  # a side may ask before it goes
    controls.get_by_role("button", name="重来").click()
    expect(page.locator(".demo-bar")).to_contain_text("07:38")
    press(page, "两边都坐上")
    expect(frame(page, "board").locator(".b-strip")).to_contain_text("6 / 13")
