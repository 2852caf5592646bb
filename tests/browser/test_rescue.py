"""What a phone cannot send is carried: saved there as a file, taken in at the leader's desk."""

from __future__ import annotations

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


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_leader_takes_in_what_a_phone_without_a_signal_saved(
    site: Site, phone: Open, desk: Open, tmp_path: Path, lang: str
) -> None:
    page = queue.ready(phone("worker"), site)
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
    page = queue.ready(phone("worker"), site)
    worker.go_offline(page)
    queue.seal(page, "一", "二")
    page.reload()
    file = tmp_path / "shiftapp-2.json"
    save(page, file)
    saved = json.loads(file.read_bytes())
    assert saved.keys() == {"v", "records"}
    assert [one.keys() for one in saved["records"]] == [{"kind", "body", "salt", "sig"}] * 2
    kept = {row["id"]: row["body"] for row in queue.rows(page)}
    assert {one["body"] for one in saved["records"]} == set(kept.values())


def test_what_happens_behind_the_list_of_uploads_does_not_take_it_away(
    site: Site, phone: Open
) -> None:
    page = queue.ready(phone("worker"), site)
    worker.go_offline(page)
    queue.seal(page, "一")
    page.reload()
    page.locator(".sync").click()
    for event in ("pack", "outbox"):
        page.evaluate("(name) => document.dispatchEvent(new CustomEvent(name))", event)
        page.wait_for_timeout(200)
        expect(page.locator("h1")).to_have_text("上传")
        expect(page.get_by_text("存成文件", exact=True)).to_be_visible()
