"""My own shifts on my phone: mine alone, in my words, with all that is needed to check them."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shiftapp.ledger import encoding, receipts
from shiftapp.ledger.note import open_note, parse_vkey, public_bytes, vkey
from shiftapp.model import findings, my_shifts, sessions
from tests.announcing import NIGHT_SHIFT, at, commit
from tests.crew import answer, veto_step
from tests.page import Page
from tests.plant import NOW_MS, Clock, Plant, client_of
from tests.sealing import commit_body, deliver, hazard_body, make_ready, run_body, text_of
from tests.shift_story import by_leader, end_row, full_day

Browsers = Callable[..., Page]
URL = "/W/mine/shifts"
JSON = "/W/mine/shifts.json"


def taken(app: Flask, plant: Plant, part: str) -> dict[str, Any]:
    """What somebody downloads on their phone."""
    answered = client_of(app, plant, part, device=True).get(JSON)
    assert answered.status_code == 200
    assert answered.headers["Content-Disposition"] == 'attachment; filename="my-shifts.json"'
    return dict(json.loads(answered.data))


def test_my_shift_stands_there_with_state_marks_and_receipts(plant: Plant, page: Browsers) -> None:
    make_ready(plant, "worker")
    html = page("worker", device=True).get(URL)
    for said in ("张三，工号 1001", "2026-11-24 白班", "做完了", "按时做的", "手指口述"):
        assert said in html.text, said
    assert "P-201 泵区" in html.text
    rows = plant.store.rows("SELECT c, receipt_leaf FROM record ORDER BY seq")
    codes = [receipts.receipt_code(bytes(row["receipt_leaf"] or row["c"])) for row in rows]
    assert {f"/W/receipt/{code}.svg" for code in codes} <= set(html.links)


def test_nothing_of_others_is_there(app: Flask, plant: Plant, page: Browsers) -> None:
    full_day(plant)
    text = page("worker", device=True).get(URL).text
    for name in ("李四", "陈一", "林二", "黄三", "钱七", "备用泵没试"):
        assert name not in text, name
    whole = json.dumps(taken(app, plant, "worker"), ensure_ascii=False)
    others = [plant.id(part) for part in ("mate", "chen", "lin", "huang", "leader")]
    assert not [one for one in others if one in whole]


def test_the_download_is_what_was_sealed_and_can_be_checked(app: Flask, plant: Plant) -> None:
    body, run = commit_body(plant, "worker"), run_body(plant, "worker")
    deliver(plant, body)
    deliver(plant, run)
    deliver(plant, commit_body(plant, "mate"))
    said = taken(app, plant, "worker")
    assert [one["body"] for one in said["records"]] == [text_of(body), text_of(run)]
    verifier = parse_vkey(
        vkey(f"{said['origin']}/receipt", encoding.b64u_decode(said["receipt_key"], 32))
    )
    assert encoding.b64u(public_bytes(plant.keys.receipt)) == said["receipt_key"]
    for one in said["records"]:
        salt, c = encoding.b64u_decode(one["salt"], 32), encoding.b64u_decode(one["c"], 32)
        assert encoding.commitment(salt, one["body"].encode()) == c
        text, signers = open_note(one["receipt"], [verifier])
        assert signers == [verifier.name] and str(one["recv_ms"]) in text


def test_an_erased_body_is_null_and_its_receipt_stays(app: Flask, plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    with plant.store.tx() as db:
        db.run("UPDATE record SET body = NULL, salt = NULL, erased_ms = 1")
    (one,) = taken(app, plant, "worker")["records"]
    assert (one["body"], one["salt"]) == (None, None) and one["receipt"]


def test_not_today_is_there_for_me_alone_in_my_words(plant: Plant, page: Browsers) -> None:
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    assert "说了今天不能上岗，等换人" in page("worker", device=True).get(URL).text
    assert "不能上岗" not in page("mate", device=True).get(URL).text


def test_what_became_of_what_i_reported_is_told(plant: Plant, page: Browsers, clock: Clock) -> None:
    deliver(plant, run_body(plant, "worker", bad=veto_step(plant)))
    deliver(plant, hazard_body(plant, "worker", "护栏松了", shift=None))
    browser = page("worker", device=True)
    text = browser.get(URL).text
    assert "停住了，等处理" in text and "护栏松了·还没有人答复" in text
    assert "不属于哪一班的" in text
    asked = findings.of_instance(plant.store, plant.instance()["id"])
    with plant.store.tx() as db:
        findings.answer(
            db, asked[0]["id"], "assigned", by=plant.id("leader"), now_ms=NOW_MS, text="先停",
            assignee=plant.id("mate"), due_ms=at("10:00"),
        )  # fmt: skip
    assert "李四 处理，11月24日 10:00 前·先停" in browser.get(URL).text


def test_an_answer_and_an_acceptance_are_told(plant: Plant, page: Browsers) -> None:
    deliver(plant, run_body(plant, "worker", bad=veto_step(plant)))
    answer(plant, "fixed", text="换了")
    browser = page("worker", device=True)
    assert "王五 11月24日 07:38 答复了·换了" in browser.get(URL).text
    (found,) = findings.of_instance(plant.store, plant.instance()["id"])
    with plant.store.tx() as db:
        findings.accept(db, found["id"], by=plant.id("manager"), now_ms=NOW_MS)
    assert "修好了，验收了" in browser.get(URL).text


def test_what_a_leader_entered_for_me_says_so(plant: Plant, page: Browsers) -> None:
    deliver(plant, *by_leader(plant, "worker", NOW_MS, "paper"))
    assert "班长代我录的" in page("worker", device=True).get(URL).text


def test_a_report_without_my_name_is_not_among_mine(
    app: Flask, plant: Plant, page: Browsers
) -> None:
    who = {"person": None, "ev": {"k": "none"}}
    deliver(plant, hazard_body(plant, "worker", "滴油", who=who, shift=None))
    assert "滴油" not in page("worker", device=True).get(URL).text
    assert taken(app, plant, "worker")["records"] == []


@pytest.mark.parametrize(
    ("why", "words"), [("leave", "请假"), ("swapped", "换了别人上"), ("mistake", "不在本班")]
)
def test_a_shift_i_was_taken_off_is_still_there(
    plant: Plant, page: Browsers, why: Any, words: str
) -> None:
    end_row(plant, "worker", why, "07:30")
    assert words in page("worker", device=True).get(URL).text


def test_a_shift_whose_roster_i_was_not_on_is_there_with_my_record(
    plant: Plant, page: Browsers
) -> None:
    commit(plant, "outsider", at("07:30"), shift={"date": "2026-11-24", "code": "D", "crew": "JIA"})
    assert "你不在这一班的名单" in page("outsider", device=True).get(URL).text


def test_what_is_to_come_is_not_there(plant: Plant, page: Browsers) -> None:
    assert "2026-11-25" not in page("worker", device=True).get(URL).text


# A month a page -----------------------------------------------------------------------------------


def test_a_month_a_page_and_all_of_them_to_print(
    plant: Plant, page: Browsers, clock: Clock
) -> None:
    commit(plant, "night1", at("19:50", "2026-11-23"), shift=NIGHT_SHIFT)
    clock.at("09:00", "2026-12-10")
    browser = page("night1", device=True)
    assert "2026-11-23" not in browser.get(URL).text
    html = browser.get(f"{URL}?month=2026-11")
    assert "2026-11-23 夜班" in html.text
    months = [link for link in html.links if "month=" in link]
    assert [link.partition("=")[2] for link in months] == [
        "2026-12", "2026-11", "2026-10", "2026-09", "all",
    ]  # fmt: skip
    assert "2026-11-23 夜班" in browser.get(f"{URL}?month=all").text


@pytest.mark.parametrize("month", ["", "2026-13", "2019-11", "%", "'; --", "all2", "2026-11-24"])
def test_a_month_that_is_none_shows_this_one(plant: Plant, page: Browsers, month: str) -> None:
    make_ready(plant, "worker")
    html = page("worker", device=True).get(URL, query_string={"month": month})
    assert "2026-11-24 白班" in html.text


def test_after_ninety_days_it_is_no_longer_shown(app: Flask, plant: Plant, clock: Clock) -> None:
    make_ready(plant, "worker")
    for day, there in (("2027-02-22", True), ("2027-02-23", False)):
        now_ms = clock.at("09:00", day)
        client = session_of(app, plant, "card", device=True, now_ms=now_ms)
        assert ("2026-11-24 白班" in client.get(f"{URL}?month=all").text) == there
        assert len(client.get(JSON).get_json()["records"]) == (2 if there else 0)


def test_the_months_are_those_of_ninety_days() -> None:
    assert my_shifts.months(datetime.date(2026, 3, 1)) == [
        "2026-03", "2026-02", "2026-01", "2025-12",
    ]  # fmt: skip


# Who may ------------------------------------------------------------------------------------------


def test_a_stranger_is_asked_who_they_are_and_gets_no_file(
    app: Flask, plant: Plant, page: Browsers
) -> None:
    assert "先说你是谁" in page(None).get(URL).text
    assert client_of(app, plant, None).get(JSON).status_code == 401


def session_of(
    app: Flask, plant: Plant, how: sessions.How, *, device: bool, now_ms: int = NOW_MS
) -> FlaskClient:
    """A browser with 张三 signed in in some way."""
    client = app.test_client()
    held = plant.device("worker") if device else None
    if held:
        client.set_cookie("__Host-dev", held[1], domain="localhost", secure=True, path="/")
    secret = plant.random(16).hex()
    with plant.store.tx() as db:
        sessions.start(
            db, sid=plant.random(16), secret=secret, person=plant.id("worker"),
            device=held[0] if held else None, how=how, lasts_ms=3_600_000, now_ms=now_ms,
        )  # fmt: skip
    client.set_cookie("__Host-sid", secret, domain="localhost", secure=True, path="/")
    client.environ_base["wsgi.url_scheme"] = "https"
    return client


@pytest.mark.parametrize(
    ("how", "device", "status"),
    [
        ("card", True, 200), ("code", True, 200), ("pin", True, 200), ("password", False, 200),
        ("pin", False, 403), ("badge", True, 403), ("badge", False, 403),
    ],
)  # fmt: skip
def test_a_badge_or_a_pin_at_any_browser_is_too_little(
    app: Flask, plant: Plant, how: sessions.How, device: bool, status: int
) -> None:
    make_ready(plant, "worker")
    client = session_of(app, plant, how, device=device)
    for url in (URL, JSON):
        answered = client.get(url)
        assert answered.status_code == status
        assert ("1001" in answered.text) == (status == 200)


def test_it_is_read_and_never_written(app: Flask, plant: Plant) -> None:
    client = client_of(app, plant, "worker", device=True)
    for url in (URL, JSON):
        answered = client.post(url, headers={"Sec-Fetch-Site": "same-origin"})
        assert answered.status_code == 405


def test_it_is_kept_by_nobody_and_whole_in_english(
    app: Flask, plant: Plant, page: Browsers
) -> None:
    make_ready(plant, "worker")
    client = client_of(app, plant, "worker", device=True)
    for url in (URL, JSON):
        assert "no-store" in client.get(url).headers["Cache-Control"]
    assert "2026-11-24" in page("worker", device=True).get(f"{URL}?lang=en").text


def test_markup_in_what_i_reported_is_text(plant: Plant, page: Browsers) -> None:
    deliver(plant, hazard_body(plant, "worker", "<script>alert(1)</script>"))
    assert "<script>alert(1)</script>" in page("worker", device=True).get(URL).text
