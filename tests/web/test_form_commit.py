"""The commitment as a plain form, and "not today"."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable

import pytest
from flask import Flask

from shiftapp import library
from shiftapp.model import findings, history, versions
from tests.page import Page
from tests.plant import NOW_MS, PUMPS, Clock, Plant, client_of
from tests.web.plain import PIN, committed, faults, give_pin, only, sheet, stored, url

Open = Callable[..., Page]


def state(plant: Plant, part: str, now_ms: int = NOW_MS + 1) -> str | None:
    return history.state_of(plant.store, plant.instance(), plant.id(part), now_ms)


def test_it_seals_a_commitment(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    filled = sheet(browser, address)
    html = browser.post(address, {**filled, **committed()})
    assert "承诺好了" in html.text and "07:38:00" in html.text
    row = only(plant)
    body = row["body"]
    assert (row["result"], row["counts"], row["flags"]) == ("committed", 1, "[]")
    assert (body["id"], body["dev"], body["seq"], body["prev"]) == (filled["id"], None, None, None)
    assert body["sign"] == {"how": "form", "blob": None}
    assert body["time"]["sealed_ms"] == row["recv_ms"] == NOW_MS
    assert body["station"] == {"code": PUMPS, "mac": plant.mac}
    assert body["shift"] == {"date": "2026-11-24", "code": "D", "crew": "JIA"}
    assert body["who"]["ev"]["k"] == "session" and row["unverified"] == 0
    assert [answer["r"] for answer in body["answers"]] == ["ok"] * 6
    assert row["sig"] is None and row["entry_seq"] is not None
    assert state(plant, "worker") == "running"


def test_after_it_come_the_steps(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    html = browser.post(address, {**sheet(browser, address), **committed()})
    assert "接着做手指口述：8 步" in html.text
    assert browser.get(url(plant, "/start")).one("h1").text == "外操巡检手指口述"


def test_missing_answers_come_back_with_all_that_was_typed(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    filled = sheet(browser, address)
    typed = committed(
        a_fit=None, a_ppe="helmet", a_safety="off", a_escape=None, note_safety="联锁停了"
    )
    html = browser.post(address, {**filled, **typed}, status=422)
    assert list(faults(html)) == ["i-fit", "i-ppe", "i-escape"]
    assert faults(html)["i-ppe"] == "每样都点到。缺了就点“缺了一样”，班长来补。"
    notes = dict.fromkeys(("note-ppe", "note-handover", "note-escape"), "")
    assert html.form(address) == {**filled, **typed, **notes}
    assert "#i-escape" in html.links and "还差 3 处" in html.text
    assert stored(plant) == []
    html = browser.post(address, {**html.form(address), **committed()})
    assert "承诺好了" in html.text and only(plant)["id"] == filled["id"]


def test_a_negative_answer_opens_what_its_item_says(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    bad = committed(
        a_safety="off", note_safety="联锁旁路", a_handover="unclear", note_ppe="没缺，不封"
    )
    html = browser.post(address, {**sheet(browser, address), **bad})
    assert "班长会当面来讲" in html.text and "已转给班长" in html.text
    row = only(plant)
    assert {a["i"]: a.get("note") for a in row["body"]["answers"] if a["r"] == "bad"} == {
        "handover": None,
        "safety": "联锁旁路",
    }
    assert all("note" not in a for a in row["body"]["answers"] if a["r"] == "ok")
    opened = [(one["kind"], one["note"]) for one in findings.of_record(plant.store, row["id"])]
    assert opened == [("brief", ""), ("hazard", "联锁旁路")]
    assert state(plant, "worker") == "abnormal"


def test_a_missing_piece_of_protection_is_an_answer(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    browser.post(address, {**sheet(browser, address), **committed(a_ppe=["helmet", "missing"])})
    answer = only(plant)["body"]["answers"][1]
    assert (answer["i"], answer["r"], answer["a"]) == ("ppe", "bad", ["helmet", "missing"])


def test_the_answers_offered_are_those_of_the_job(page: Open, plant: Plant) -> None:
    html = page("worker").get(url(plant, "/commit"))
    offered = [e.attrs["value"] for e in html.all("input", name="a-ppe")]
    assert offered == ["helmet", "suit", "goggles", "shoes", "detector", "missing"]
    assert [e.attrs["value"] for e in html.all("input", name="a-risk")] == [
        "risk1",
        "risk2",
        "risk3",
        "today",
    ]


def test_an_option_nobody_offered_is_no_answer(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    html = browser.post(
        address, {**sheet(browser, address), **committed(a_fit="maybe")}, status=422
    )
    assert list(faults(html)) == ["i-fit"]


def test_a_note_too_long_is_said_at_its_place(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    bad = committed(a_safety="off", note_safety="长" * 501)
    html = browser.post(address, {**sheet(browser, address), **bad}, status=422)
    assert faults(html) == {"note-safety": "太长，最多 500 个字。"}


# "Not today" ---------------------------------------------------------------------


def test_not_today_needs_no_other_answer(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/cannot")
    html = browser.post(address, sheet(browser, address))
    assert "已告诉班长" in html.text and "只有班长看到" in html.text
    row = only(plant)
    assert (row["result"], row["entry_seq"]) == ("cannot", None)
    assert row["body"]["sign"] is None
    assert row["body"]["answers"] == [{"i": "fit", "r": "unfit", "a": ["cannot"]}]
    assert state(plant, "worker") == "cannot"


def test_not_today_on_the_commitment_asks_once_more_and_nothing_else(
    page: Open, plant: Plant
) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    filled = sheet(browser, address)
    html = browser.post(address, {**filled, "a-fit": "cannot"})
    assert html.one("h1").text == "今天不能上岗" and stored(plant) == []
    other = url(plant, "/cannot")
    assert html.form(other)["id"] == filled["id"]
    browser.post(other, html.form(other))
    assert only(plant)["result"] == "cannot"


def test_not_today_is_as_big_as_the_promise(page: Open, plant: Plant) -> None:
    html = page("worker").get(url(plant, "/commit"))
    tray = [e for e in html.elements if "btn-act" in e.attrs.get("class", "")]
    assert [e.text[:6] for e in tray] == ["我承诺，上岗", "今天不能上岗"]


# The same sheet again ---------------------------------------------------------------------


def test_the_same_sheet_again_shows_the_first_receipt(
    page: Open, plant: Plant, clock: Clock
) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    filled = {**sheet(browser, address), **committed()}
    first = browser.post(address, filled)
    clock.at("07:50")
    again = browser.post(address, filled)
    assert "没有重复记" in again.text and "07:38:00" in again.text
    assert again.one("p", class_="mono").text == first.one("p", class_="mono").text
    assert len(stored(plant)) == 1


def test_other_answers_on_the_same_sheet_are_not_taken_and_it_says_so(
    page: Open, plant: Plant
) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    filled = sheet(browser, address)
    browser.post(address, {**filled, **committed()})
    for other in (committed(a_safety="off"), committed(a_fit=None), {"a-fit": "cannot"}):
        html = browser.post(address, {**filled, **other})
        assert "先交的那一份已经封住，改不了" in html.text
    assert only(plant)["body"]["answers"][3]["r"] == "ok"


def test_eight_equal_submissions_at_once_are_one_record(app: Flask, plant: Plant) -> None:
    browser, address = Page(client_of(app, plant, "worker")), url(plant, "/commit")
    filled = {**sheet(browser, address), **committed()}
    browsers = [client_of(app, plant, "worker") for _ in range(8)]

    def send(number: int) -> str:
        response = browsers[number].post(
            address, data=filled, headers={"Sec-Fetch-Site": "same-origin"}
        )
        return response.headers["Location"]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        went = list(pool.map(send, range(8)))
    assert sorted("again" in location for location in went) == [False] + [True] * 7
    assert {browser.get(one).one("p", class_="mono").text for one in went} == {
        browser.get(went[0]).one("p", class_="mono").text
    }
    only(plant)


# Who ---------------------------------------------------------------------


def test_a_session_that_ended_keeps_all_answers_and_asks_who(page: Open, plant: Plant) -> None:
    give_pin(plant, "worker")
    browser, address = page(None), url(plant, "/commit")
    filled = {**sheet(browser, address), **committed()}
    html = browser.post(address, {**filled, "no": "1001", "pin": "000000"}, status=403)
    assert html.form(address)["a-safety"] == "on" and html.form(address)["pin"] == ""
    html = browser.post(address, {**html.form(address), "pin": PIN})
    assert "承诺好了" in html.text
    assert only(plant)["person"] == plant.id("worker") and only(plant)["unverified"] == 0


def test_somebody_elses_sheet_is_not_sealed_in_my_name(page: Open, plant: Plant) -> None:
    address = url(plant, "/commit")
    filled = {**sheet(page("worker"), address), **committed()}
    html = page("mate").post(address, filled, status=409)
    assert "登录的人换了，现在是李四" in html.text and stored(plant) == []
    assert html.form(address)["person"] == plant.id("mate")


def test_a_receipt_is_shown_to_its_owner_alone(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    filled = sheet(browser, address)
    browser.post(address, {**filled, **committed()})
    for other in ("mate", "leader", None):
        html = page(other).get(f"/F/receipt/{filled['id']}", status=403)
        assert "张三" not in html.text and "这一份只给交的人看" in html.text
    page("worker").get("/F/receipt/00000000-0000-4000-8000-000000000000", status=404)


def test_somebody_off_the_roster_is_told_so(page: Open, plant: Plant) -> None:
    browser, address = page("outsider"), url(plant, "/commit")
    html = browser.post(address, {**sheet(browser, address), **committed()})
    assert "已收到。你不在本班名单，班长会看到。" in html.text


def test_after_the_window_it_is_stored_and_said(page: Open, plant: Plant, clock: Clock) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    filled = sheet(browser, address)
    clock.at("20:30")
    html = browser.post(address, {**filled, **committed()})
    assert "不在这一班的承诺时段里" in html.text and only(plant)["counts"] == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"id": ""},
        {"id": "x"},
        {"salt": "short"},
        {"salt": "A" * 42 + "B"},
        {"shown": "soon"},
        {"version": "99"},
    ],
)
def test_a_sheet_that_is_not_ours_is_refused(
    page: Open, plant: Plant, changes: dict[str, str]
) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    html = browser.post(address, {**sheet(browser, address), **committed(), **changes}, status=400)
    assert "代码 bad_form" in html.text and stored(plant) == []


def test_the_version_that_was_shown_is_the_one_sealed(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    filled = {**sheet(browser, address), **committed()}
    with plant.store.tx() as db:
        newer = {**library.commitment(), "title": "班前安全承诺（新）"}
        versions.publish_commitment(db, newer, NOW_MS, "test")
    browser.post(address, filled)
    assert only(plant)["version_no"] == 1


def test_the_clock_of_the_browser_is_believed_within_a_day(page: Open, plant: Plant) -> None:
    browser, address = page("worker"), url(plant, "/commit")
    browser.post(address, {**sheet(browser, address), **committed(), "shown": "1"})
    assert only(plant)["body"]["time"]["started_ms"] == NOW_MS


def test_other_methods_are_refused(page: Open, plant: Plant) -> None:
    response = page("worker").client.put(
        url(plant, "/commit"), headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert response.status_code == 405
