"""What a phone cannot send is carried: saved there as a file, taken in at the leader's desk."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import phone_queue as queue
from tests.browser import worker_round as worker
from tests.browser.conftest import Site

Open = Callable[..., Page]


def save(page: Page, file: Path) -> None:
    """The phone's file of what waits on it."""
    page.locator(".sync").first.click()
    with page.expect_download() as saved:
        page.get_by_text("存成文件", exact=True).click()
    assert saved.value.suggested_filename == "shiftapp-2.json"
    saved.value.save_as(file)


def kept(page: Page, site: Site) -> Page:
    """A phone that was online long enough to hold all it needs without a signal."""
    queue.ready(page, site)
    worker.until(page, worker.HAS_REST)
    return page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_leader_takes_in_what_a_phone_without_a_signal_saved(
    site: Site, phone: Open, desk: Open, tmp_path: Path, lang: str
) -> None:
    page = kept(phone("worker"), site)
    worker.go_offline(page)
    sealed = queue.seal(page, "P-202B 机封滴油", "护罩松了")
    page.reload()
    file = tmp_path / "shiftapp-2.json"
    save(page, file)
    assert queue.waiting(page) == set(sealed)  # the phone keeps its own
    board = desk("leader", lang=lang)
    board.goto("/board/phones")
    board.locator("a[href='/board/rescue']").click()
    board.locator("#file").set_input_files(file)
    board.locator("main .btn-must").click()
    expect(board.locator("tbody tr")).to_have_count(2)
    assert queue.stored(site) == sorted(sealed)
    flags = site.store.rows("SELECT flags FROM record")
    assert [row["flags"] for row in flags] == ['["other_device"]'] * 2  # the signature holds
    worker.go_offline(page, False)
    queue.send_all(page)
    queue.delivered(site, page, sealed)
    receipts = {row["receipt"] for row in queue.rows(page)}
    assert len(receipts) == 2
    expect(page.get_by_text("存成文件", exact=True)).to_have_count(0)


def test_the_file_holds_the_sealed_bytes_and_nothing_of_the_key(
    site: Site, phone: Open, tmp_path: Path
) -> None:
    page = kept(phone("worker"), site)
    worker.go_offline(page)
    queue.seal(page, "一", "二")
    page.reload()
    file = tmp_path / "shiftapp-2.json"
    save(page, file)
    saved = json.loads(file.read_bytes())
    assert saved.keys() == {"v", "records"}
    assert [one.keys() for one in saved["records"]] == [{"kind", "body", "salt", "sig"}] * 2
    held = {row["body"] for row in queue.rows(page)}
    assert {one["body"] for one in saved["records"]} == held


def test_what_happens_behind_the_list_of_uploads_does_not_take_it_away(
    site: Site, phone: Open
) -> None:
    page = kept(phone("worker"), site)
    worker.go_offline(page)
    queue.seal(page, "一")
    page.reload()
    page.locator(".sync").click()
    for event in ("pack", "outbox"):
        page.evaluate("(name) => document.dispatchEvent(new CustomEvent(name))", event)
        page.wait_for_timeout(200)
        expect(page.locator("h1")).to_have_text("上传")
        expect(page.get_by_text("存成文件", exact=True)).to_be_visible()


def test_the_leaders_tablet_scans_what_a_phone_shows(
    site: Site, phone: Open, desk: Open, seeing: Callable[[str], Open]
) -> None:
    page = kept(phone("worker"), site)
    worker.go_offline(page)
    (sealed,) = queue.seal(page, "P-202B 机封滴油，护罩也松了")
    page.reload()
    page.locator(".sync").first.click()
    page.get_by_role("button", name="显示成二维码").click()
    shown = page.locator("svg.w-qr")
    expect(shown).to_be_visible()
    text = read_code(page, desk("leader"))
    (row,) = queue.rows(page)
    (record,) = json.loads(text)["records"]
    assert record == {name: row[name] for name in ("kind", "body", "salt", "sig")}
    board = seeing(text)("leader")
    for _ in range(2):
        board.goto("/board/rescue")
        board.get_by_role("button", name="打开相机").click()
        expect(board.locator("tbody tr")).to_have_count(1)
    expect(board.locator("tbody")).to_contain_text("早就收到了")
    assert queue.stored(site) == [sealed]


def test_a_code_of_something_else_is_not_taken(site: Site, seeing: Callable[[str], Open]) -> None:
    board = seeing("https://example.cn/")("leader")
    board.goto("/board/rescue")
    board.get_by_role("button", name="打开相机").click()
    expect(board.get_by_text("这个码不是没传的记录。")).to_be_visible()
    assert board.url.endswith("/board/rescue")


def read_code(page: Page, reader: Page) -> str:
    """The text of the code on the phone's screen, as another device reads it from a picture."""
    picture = base64.b64encode(page.locator("svg.w-qr").screenshot()).decode()
    reader.goto("/board/rescue")
    found = reader.evaluate(
        """async (picture) => {
          const { openReader, readPhoto } = await import('/static/js/worker/decode.js');
          const bytes = Uint8Array.from(atob(picture), (sign) => sign.charCodeAt(0));
          return readPhoto(openReader(document.querySelector('[data-scan]').dataset.scan),
            new Blob([bytes], { type: 'image/png' }));
        }""",
        picture,
    )
    return str(found["text"])
