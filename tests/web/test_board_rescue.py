"""A leader takes in the file of what a phone could not send."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from shiftapp.model.records import body as stored_body
from tests.outbox import Outbox, counted
from tests.page import Html, Page
from tests.plant import Clock, Plant
from tests.sealing import chained, commit_body, hazard_body, wire

Browsers = Callable[..., Page]


def file_of(*records: Any, **more: Any) -> bytes:
    """A file as the phone saves it."""
    return json.dumps({"v": 1, "records": list(records), **more}, ensure_ascii=False).encode()


def give(browser: Page, content: bytes, status: int = 200) -> Html:
    """Choose the file and send the form."""
    return browser.upload("/board/rescue", content, "shiftapp-1.json", status)


def table(html: Html) -> list[list[str]]:
    """The lines of what became of the records."""
    rows = [one for one in html.all("tr") if any(cell.tag == "td" for cell in one.children)]
    return [[cell.text for cell in one.children if cell.tag == "td"] for one in rows]


def test_what_a_phone_saved_is_stored_and_counts_and_is_marked_as_carried(
    app: Flask, plant: Plant, page: Browsers
) -> None:
    body = commit_body(plant, "worker")
    html = give(page("leader"), file_of(wire(body)))
    ((kind, when, became, code),) = table(html)
    assert (kind, when, became) == ("班前承诺", "2026-11-24 07:38", "收下了")
    assert stored_body(plant.store, body["id"]) == body
    row = plant.store.row("SELECT device, flags, counts, unverified FROM record")
    assert row is not None
    assert json.loads(row["flags"]) == ["other_device"]
    assert (row["device"], row["counts"], row["unverified"]) == (None, 1, 1)
    assert plant.store.value("SELECT detail FROM audit WHERE what = 'board.rescue'") == "1 of 1"
    # The phone, back on the network, is told the same receipt.
    (mine,) = Outbox(app, plant).results(wire(body))
    assert mine["status"] == "duplicate"
    assert code and code in html.text
    assert counted(plant.store)[0] == 1


def test_a_file_is_taken_in_the_order_in_which_its_records_were_sealed(
    plant: Plant, page: Browsers
) -> None:
    bodies = chained(*(hazard_body(plant, "worker", f"滴油 {n}") for n in range(25)))
    give(page("leader"), file_of(*(wire(body) for body in reversed(bodies))))
    rows = plant.store.rows("SELECT DISTINCT flags FROM record ORDER BY flags")
    assert [row["flags"] for row in rows] == ['["other_device"]']


def test_a_file_brought_hours_later_proves_no_time_but_the_phone_may(
    app: Flask, plant: Plant, page: Browsers, clock: Clock
) -> None:
    """It is not as made on arrival, as a plain form is: nothing shows that it was so late."""
    body = commit_body(plant, "worker")
    clock.at("09:30")
    give(page("leader"), file_of(wire(body)))
    row = plant.store.row("SELECT flags, lower_ms FROM record")
    assert row is not None
    assert row["lower_ms"] is None
    assert "time_unverified" in json.loads(row["flags"])


def test_the_same_file_twice_stores_nothing_twice(plant: Plant, page: Browsers) -> None:
    content = file_of(
        wire(commit_body(plant, "worker")), wire(hazard_body(plant, "worker", "滴油"))
    )
    give(page("leader"), content)
    before = counted(plant.store)
    html = give(page("leader"), content)
    assert [row[2] for row in table(html)] == ["早就收到了", "早就收到了"]
    assert counted(plant.store) == before
    assert plant.store.value("SELECT COUNT(*) FROM audit WHERE what = 'board.rescue'") == 1


def test_more_than_a_phone_sends_at_once_comes_in_one_file(plant: Plant, page: Browsers) -> None:
    bodies = [hazard_body(plant, "worker", f"第 {n} 条", seq=n + 1) for n in range(47)]
    html = give(page("leader"), file_of(*map(wire, bodies)))
    assert "47 条里收下 47 条" in html.text
    assert plant.store.value("SELECT COUNT(*) FROM record") == 47


def test_a_record_that_cannot_be_read_keeps_no_other_out(plant: Plant, page: Browsers) -> None:
    good, future = hazard_body(plant, "worker", "滴油"), hazard_body(plant, "worker", "新", v=9)
    conflict = {**good, "what": "别的"}
    broken = [
        "x",
        None,
        {},
        wire(good) | {"body": "[]"},
        wire(good) | {"salt": "kurz"},
        wire(good) | {"body": wire(good)["body"] + " " * 20_000},
        wire({**good, "id": "keine"}),
    ]
    html = give(page("leader"), file_of(*broken, wire(good), wire(future), wire(conflict)))
    became = [row[2] for row in table(html)]
    assert became == [
        *["读不了，没有收"] * len(broken),
        "收下了",
        *["收下了，读不懂，另外放着"] * 2,
    ]
    assert counted(plant.store)[:2] == (1, 2)


def test_a_forged_record_is_kept_with_what_gives_it_away(plant: Plant, page: Browsers) -> None:
    """Without a session of the person on that device there is no evidence who it was."""
    body = commit_body(plant, "worker")
    body["who"] = {"person": plant.id("worker"), "ev": {"k": "none"}}
    body["dev"], body["id"] = None, str(uuid.UUID(int=7))
    give(page("leader"), file_of(wire(body)))
    row = plant.store.row("SELECT unverified, flags FROM record")
    quarantined = plant.store.row("SELECT flags FROM quarantine")
    assert (row is None and quarantined is not None) or (row is not None and row["unverified"])


@pytest.mark.parametrize(
    ("content", "sentence", "status"),
    [
        (b"", "这个文件不是手机上", 422),
        (b"PK\x03\x04", "这个文件不是手机上", 422),
        (b"\xff\xfe", "这个文件不是手机上", 422),
        (b"[]", "这个文件不是手机上", 422),
        (b"{}", "这个文件不是手机上", 422),
        (b'{"v":1,"records":[]}', "这个文件不是手机上", 422),
        (b'{"v":2,"records":[{}]}', "这个文件不是手机上", 422),
        (b'{"v":1,"records":{"a":1}}', "这个文件不是手机上", 422),
        (b"[" * 100_000, "这个文件不是手机上", 422),
        (b" " * (4 * 1024 * 1024 + 1), "文件超过 4 MB", 413),
    ],
    ids=["empty", "zip", "bytes", "list", "object", "none", "future", "map", "deep", "big"],
)
def test_another_file_is_refused_with_a_sentence(
    plant: Plant, page: Browsers, content: bytes, sentence: str, status: int
) -> None:
    before = counted(plant.store)
    assert sentence in give(page("leader"), content, status).text
    assert counted(plant.store) == before


def test_no_file_at_all_is_said(page: Browsers) -> None:
    assert "先选一个文件" in page("leader").post("/board/rescue", status=422).text


@pytest.mark.parametrize("part", ["worker", "inspector", "signatory"])
def test_only_who_leads_takes_files_in(plant: Plant, page: Browsers, part: str) -> None:
    page(part).get("/board/rescue", 403)
    give(page(part), file_of(wire(commit_body(plant, "worker"))), 403)
    assert counted(plant.store)[0] == 0


def test_the_way_there_is_shown_where_phones_are(page: Browsers) -> None:
    assert "/board/rescue" in page("leader").get("/board/phones").links
    assert "/board/rescue" in page("admin").get("/manage/devices").links
