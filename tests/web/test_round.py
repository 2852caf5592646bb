"""The crew round: the text, one person after another, by PIN, badge or the leader's word."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

import qr.code
from shiftapp import library
from shiftapp.ledger import badge
from shiftapp.model import credentials, findings, people, places, roster, throttle, versions
from shiftapp.model.people import Person, Role
from tests.calling import BASE, ORDER, by_pin, by_word, of, opened, state_of, there
from tests.crew import EVERYBODY
from tests.page import Page
from tests.plant import MADE_MS, NOW_MS, PUMPS, TANKS, Clock, Plant, client_of
from tests.sealing import b64u, commit_body, deliver, make_ready
from tests.web.plain import PIN, give_pin, stored

PageOf = Callable[..., Page]
SECRET = "0123456789ABCDEF"


def give_badge(plant: Plant, part: str, secret: str = SECRET) -> None:
    with plant.store.tx() as db:
        credentials.set_badge(db, plant.id(part), badge.key_of(secret))


# The first page and the order ---------------------------------------------------------------------


def test_the_text_of_today_is_there_to_be_read_out(page: PageOf, plant: Plant) -> None:
    html = page("leader").get(f"{BASE}/round")
    doc = library.commitment()
    assert doc["oath"] in html.text and doc["rights"] in html.text
    assert all(item["q"] in html.text for item in doc["items"])
    begin = next(e for e in html.all("a") if e.text == "开始点名")
    assert begin.attrs["href"] == f"{there(plant, 'mate')}?text=1"


def test_people_are_called_in_the_order_of_the_seats(page: PageOf, plant: Plant) -> None:
    browser, called = page("leader"), []
    for part in ORDER:
        if part != "leader":
            give_pin(plant, part)
    html = browser.get(there(plant, "mate"))
    while html.one("h1").text != "王五":
        called.append(html.one("h1").text)
        part = ORDER[len(called) - 1]
        html = by_pin(browser, plant, part, PIN)
    assert called == ["李四", "林二", "张三", "陈一", "黄三"]
    assert "5 / 6" in html.text and "还有 1 人" in html.text


def test_who_has_committed_already_is_passed_over(page: PageOf, plant: Plant) -> None:
    for part in ("mate", "worker"):
        make_ready(plant, part)
    give_pin(plant, "lin")
    browser = page("leader")
    begin = next(e for e in browser.get(f"{BASE}/round").all("a") if e.text == "开始点名")
    assert plant.id("lin") in begin.attrs["href"]
    assert by_pin(browser, plant, "lin", PIN).one("h1").text == "陈一"


def test_skipping_goes_on_and_the_skipped_stand_at_the_end(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    skip = next(e for e in browser.get(there(plant, "huang")).all("a") if e.text == "跳过")
    assert plant.id("leader") in skip.attrs["href"]
    skip = next(e for e in browser.get(skip.attrs["href"]).all("a") if e.text == "跳过")
    html = browser.get(skip.attrs["href"])
    assert html.one("h1").text == "点名结果" and "还有 6 人" in html.text
    assert all(row["name"] in html.text for row in plant.store.rows(
        "SELECT name FROM person WHERE crew = 'JIA'"
    ))  # fmt: skip
    assert stored(plant) == []


def test_when_nobody_is_left_it_says_so(page: PageOf, plant: Plant) -> None:
    for part in EVERYBODY:
        deliver(plant, commit_body(plant, part))
    browser = page("leader")
    assert "都有了：6 / 6 人" in browser.get(f"{BASE}/round").text
    html = browser.get(f"{BASE}/round/left")
    assert "没有人剩下" in html.text and "班长代录" not in html.text


# By PIN -------------------------------------------------------------------------------------------


def test_a_pin_seals_the_commitment_of_its_person(page: PageOf, plant: Plant) -> None:
    give_pin(plant, "worker")
    html = by_pin(page("leader"), plant, "worker", PIN)
    assert html.one("h1").text == "陈一"
    (row,) = of(plant, "worker")
    body = row["body"]
    assert (row["result"], row["counts"], row["flags"]) == ("committed", 1, "[]")
    assert (row["proxy"], row["unverified"], row["device"]) == (0, 0, None)
    assert (body["dev"], body["seq"], body["prev"]) == (None, None, None)
    assert body["sign"] == {"how": "form", "blob": None}
    assert body["station"] == {"code": PUMPS, "mac": None} and body["job"] == "J02"
    assert row["entry_seq"] is not None and row["sealed_ms"] == NOW_MS
    assert state_of(plant, "worker") == ("running", ["on_time"])


def test_what_is_sealed_is_a_yes_and_nothing_that_nobody_picked(page: PageOf, plant: Plant) -> None:
    give_pin(plant, "worker")
    by_pin(page("leader"), plant, "worker", PIN)
    answers = {one["i"]: one for one in of(plant, "worker")[0]["body"]["answers"]}
    assert [one["r"] for one in answers.values()] == ["ok"] * 6
    assert answers["ppe"]["a"] == ["helmet", "suit", "goggles", "shoes", "detector"]
    assert answers["fit"]["a"] == ["can"] and answers["risk"]["a"] == []


def test_the_session_it_opened_is_over_and_the_leader_stays(page: PageOf, plant: Plant) -> None:
    give_pin(plant, "worker")
    browser = page("leader")
    by_pin(browser, plant, "worker", PIN)
    session = plant.store.row(
        "SELECT * FROM session WHERE person = :p AND how = 'pin'", p=plant.id("worker")
    )
    assert session is not None
    assert session["revoked_ms"] == NOW_MS and session["device"] is None
    assert of(plant, "worker")[0]["body"]["who"]["ev"]["sid"] == b64u(bytes(session["sid"]))
    assert browser.get(f"{BASE}/round").one("h1").text.startswith("一起念")


def test_the_leader_of_a_shared_tablet_is_not_signed_out_by_a_pin(
    page: PageOf, plant: Plant
) -> None:
    give_pin(plant, "worker")
    browser = page("leader", device=True)
    by_pin(browser, plant, "worker", PIN)
    assert "点名" in browser.get(f"{BASE}/round/left").text


def test_figures_of_a_chinese_keyboard_are_figures(page: PageOf, plant: Plant) -> None:
    give_pin(plant, "worker")
    by_pin(page("leader"), plant, "worker", "２７１８２８ ")
    assert len(of(plant, "worker")) == 1


def test_a_wrong_pin_is_the_same_page_and_nothing_is_sealed(page: PageOf, plant: Plant) -> None:
    give_pin(plant, "worker")
    browser = page("leader")
    filled = opened(browser, plant, "worker")
    html = browser.post(there(plant, "worker"), {**filled, "secret": "000001"}, status=403)
    assert html.one("h1").text == "张三" and "PIN 不对" in html.text
    assert html.one("input", id="secret").attrs.get("value", "") == ""
    assert html.all("input", name="id")[0].attrs["value"] == filled["id"]
    assert stored(plant) == []
    assert by_pin(browser, plant, "worker", PIN).one("h1").text == "陈一"


def test_somebody_elses_pin_is_a_wrong_one(page: PageOf, plant: Plant) -> None:
    give_pin(plant, "mate")
    by_pin(page("leader"), plant, "worker", PIN, status=403)
    assert stored(plant) == []


def test_wrong_pins_wait_as_at_every_other_place(page: PageOf, plant: Plant, clock: Clock) -> None:
    for part in ("worker", "chen"):
        give_pin(plant, part)
    browser = page("leader")
    for _ in range(throttle.FREE_TRIES):
        by_pin(browser, plant, "worker", "000001", status=403)
    html = by_pin(browser, plant, "worker", PIN, status=429)
    assert "等 30 秒" in html.text and html.one("h1").text == "张三"
    assert by_pin(browser, plant, "chen", PIN).one("h1").text == "黄三"
    clock.ms += throttle.FIRST_WAIT_MS
    by_pin(browser, plant, "worker", PIN)
    assert len(of(plant, "worker")) == 1


@pytest.mark.parametrize("typed", ["", "12345", "abc", "1234567"])
def test_what_is_neither_pin_nor_badge_is_no_guess(page: PageOf, plant: Plant, typed: str) -> None:
    html = by_pin(page("leader"), plant, "worker", typed, status=422)
    assert "输 6 位 PIN，或者扫工牌" in html.text
    assert plant.store.value("SELECT COUNT(*) FROM attempt") == 0


def test_who_has_no_pin_is_told_where_to_set_one(page: PageOf, plant: Plant) -> None:
    html = page("leader").get(there(plant, "worker"))
    assert "还没有 PIN" in html.text and f"/board/people/{plant.id('worker')}" in html.links
    give_pin(plant, "worker")
    assert "还没有 PIN" not in page("leader").get(there(plant, "worker")).text


# By badge -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", [SECRET, "0123-4567-89ab-cdef", "HTTPS://AQ.EXAMPLE.CN/W/ME/0123456789ABCDEF"]
)
def test_a_badge_scanned_or_typed_is_as_good(page: PageOf, plant: Plant, typed: str) -> None:
    give_badge(plant, "worker")
    assert by_pin(page("leader"), plant, "worker", typed).one("h1").text == "陈一"
    (row,) = of(plant, "worker")
    assert (row["counts"], row["proxy"], row["unverified"]) == (1, 0, 0)
    how = plant.store.value("SELECT how FROM session WHERE person = :p", p=plant.id("worker"))
    assert how == "badge"


def test_somebody_elses_badge_seals_for_nobody(page: PageOf, plant: Plant) -> None:
    give_badge(plant, "mate")
    html = by_pin(page("leader"), plant, "worker", SECRET, status=403)
    assert "不是张三的" in html.text and stored(plant) == []


def test_an_old_badge_is_refused_and_counted(page: PageOf, plant: Plant) -> None:
    by_pin(page("leader"), plant, "worker", SECRET, status=403)
    assert stored(plant) == [] and plant.store.value("SELECT COUNT(*) FROM attempt") == 1


def test_the_code_is_one_that_badges_carry() -> None:
    assert qr.code.parse_badge(SECRET) == SECRET


# By the leader's word -----------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["no_phone", "paper"])
def test_the_leaders_word_is_a_proxy_entry(page: PageOf, plant: Plant, why: str) -> None:
    html = by_word(page("leader"), plant, "worker", why)
    assert html.one("h1").text == "陈一"
    (row,) = of(plant, "worker")
    assert (row["result"], row["counts"], row["proxy"], row["unverified"]) == (
        "committed", 1, 1, 0,
    )  # fmt: skip
    who = row["body"]["who"]
    assert who["person"] == plant.id("worker")
    assert (who["ev"]["k"], who["ev"]["person"], who["ev"]["why"]) == (
        "leader", plant.id("leader"), why,
    )  # fmt: skip
    assert state_of(plant, "worker") == ("running", ["on_time", "proxy"])
    audited = plant.store.row("SELECT what, about, detail FROM audit WHERE what = 'round.proxy'")
    assert audited == {
        "what": "round.proxy",
        "about": f"person:{plant.id('worker')}",
        "detail": why,
    }


def test_every_button_says_what_it_does_in_english_too(page: PageOf, plant: Plant) -> None:
    html = page("leader").get(f"{there(plant, 'worker')}?lang=en")
    said = {one.attrs.get("value"): one.text for one in html.all("button", name="why")}
    assert said == {"no_phone": "No phone / forgot the PIN", "paper": "Signed on paper",
                    "other": "Save"}  # fmt: skip


def test_another_reason_needs_words_and_keeps_them(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    filled = {**opened(browser, plant, "worker"), "way": "leader", "why": "other", "ran": "1"}
    html = browser.post(there(plant, "worker"), {**filled, "note": " "}, status=422)
    assert "写几个字" in html.text and stored(plant) == []
    assert "checked" in html.one("input", name="ran").attrs
    browser.post(there(plant, "worker"), {**filled, "note": "手指受伤，按不了"})
    assert of(plant, "worker")[0]["body"]["who"]["ev"]["note"] == "手指受伤，按不了"


def test_a_reason_nobody_offers_is_refused(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    filled = {**opened(browser, plant, "worker"), "way": "leader", "why": "lazy"}
    assert "选一个原因" in browser.post(there(plant, "worker"), filled, status=422).text
    assert stored(plant) == []


def test_the_calling_done_before_the_leader_is_a_run_without_readings(
    page: PageOf, plant: Plant
) -> None:
    by_word(page("leader"), plant, "worker", ran="1")
    commitment, run = of(plant, "worker")
    assert (run["kind"], run["result"], run["flags"], run["proxy"]) == ("run", "done", "[]", 1)
    steps = run["body"]["steps"]
    assert {step["e"] for step in steps} == {"C"} and len(steps) == 8
    assert not any("value" in step for step in steps)
    assert commitment["body"]["who"] == run["body"]["who"]
    assert state_of(plant, "worker") == ("ready", ["on_time", "proxy"])


def test_every_row_that_asks_has_its_run(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        more = [roster.Post(TANKS, "J09")]
        roster.add(
            db, plant.instance()["id"], plant.id("worker"), more,
            how="added", by="test", now_ms=NOW_MS, random=plant.random,
        )  # fmt: skip
    by_word(page("leader"), plant, "worker", ran="1")
    where = {(row["station"], row["job"]) for row in of(plant, "worker") if row["kind"] == "run"}
    assert where == {(PUMPS, "J02"), (TANKS, "J09")}
    assert state_of(plant, "worker")[0] == "ready"


def test_who_is_asked_for_no_run_is_offered_none(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE roster SET run_required = 0 WHERE person = :p", p=plant.id("worker"))
    browser = page("leader")
    assert browser.get(there(plant, "worker")).all("input", name="ran") == []
    by_word(browser, plant, "worker", ran="1")
    assert [row["kind"] for row in of(plant, "worker")] == ["commit"]


def test_a_leader_gives_no_word_for_themselves(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    assert "代录" not in browser.get(there(plant, "leader")).text
    filled = {**opened(browser, plant, "leader"), "way": "leader", "why": "no_phone"}
    assert "不能代录" in browser.post(there(plant, "leader"), filled, status=422).text
    assert stored(plant) == []


def test_the_leaders_own_turn_is_one_press(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    filled = {**opened(browser, plant, "leader"), "way": "own"}
    browser.post(there(plant, "leader"), filled)
    (row,) = of(plant, "leader")
    assert (row["counts"], row["proxy"], row["unverified"]) == (1, 0, 0)
    assert state_of(plant, "leader") == ("ready", ["on_time"])


def test_the_leaders_session_is_nobody_elses(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    filled = {**opened(browser, plant, "worker"), "way": "own"}
    assert "要本人用 PIN 或工牌" in browser.post(there(plant, "worker"), filled, status=403).text
    assert stored(plant) == []


# Twice, late, elsewhere ---------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["pin", "leader"])
def test_the_same_page_again_changes_nothing(page: PageOf, plant: Plant, way: str) -> None:
    give_pin(plant, "worker")
    browser = page("leader")
    filled = {**opened(browser, plant, "worker"), "way": way, "secret": PIN, "why": "no_phone"}
    filled["ran"] = "1"
    browser.post(there(plant, "worker"), filled)
    before = stored(plant)
    html = browser.post(there(plant, "worker"), filled)
    assert html.one("h1").text == "陈一" and "没有重复记" in html.text
    assert stored(plant) == before
    assert plant.store.value("SELECT COUNT(*) FROM session WHERE how = 'pin'") == (way == "pin")


def test_eight_equal_presses_at_once_are_one_record(app: Flask, plant: Plant) -> None:
    filled = {
        **opened(Page(client_of(app, plant, "leader")), plant, "worker"),
        "way": "leader",
        "why": "no_phone",
        "ran": "1",
    }
    browsers = [client_of(app, plant, "leader") for _ in range(8)]

    def send(browser: FlaskClient) -> int:
        headers = {"Sec-Fetch-Site": "same-origin"}
        return browser.post(there(plant, "worker"), data=filled, headers=headers).status_code

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, browsers)) == {303}
    assert [row["kind"] for row in of(plant, "worker")] == ["commit", "run"]
    assert plant.store.value("SELECT COUNT(*) FROM audit WHERE what = 'round.proxy'") == 1


def test_two_pages_of_one_person_make_one_commitment(page: PageOf, plant: Plant) -> None:
    give_pin(plant, "worker")
    browser = page("leader")
    first, second = opened(browser, plant, "worker"), opened(browser, plant, "worker")
    browser.post(there(plant, "worker"), {**first, "way": "pin", "secret": PIN})
    browser.post(there(plant, "worker"), {**second, "way": "leader", "why": "no_phone"})
    assert [row["proxy"] for row in of(plant, "worker")] == [0]


def test_who_committed_on_the_phone_meanwhile_is_not_entered_again(
    page: PageOf, plant: Plant
) -> None:
    browser = page("leader")
    filled = {**opened(browser, plant, "worker"), "way": "leader", "why": "no_phone"}
    deliver(plant, commit_body(plant, "worker"))
    html = browser.post(there(plant, "worker"), filled)
    assert "张三 已经有了" in html.text and [row["proxy"] for row in of(plant, "worker")] == [0]


def test_the_text_that_was_read_out_is_the_one_sealed(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    filled = opened(browser, plant, "worker")
    with plant.store.tx() as db:
        newer = {**library.commitment(), "title": "新的"}
        versions.publish_commitment(db, newer, NOW_MS, "test")
    assert "一起念：新的" in browser.get(f"{BASE}/round").text
    browser.post(there(plant, "worker"), {**filled, "way": "leader", "why": "no_phone"})
    assert of(plant, "worker")[0]["version_no"] == 1
    asked = browser.response.request.args  # type: ignore[union-attr]
    assert asked["text"] == "1", "and it goes along to the next"


@pytest.mark.parametrize(
    "changes", [{"id": "x"}, {"salt": "short"}, {"shown": "soon"}, {"text": "99"}]
)
def test_a_page_that_is_not_ours_is_refused(
    page: PageOf, plant: Plant, changes: dict[str, str]
) -> None:
    browser = page("leader")
    filled = {**opened(browser, plant, "worker"), "way": "leader", "why": "no_phone", **changes}
    browser.post(there(plant, "worker"), filled, status=400)
    assert stored(plant) == []


def test_after_the_window_it_is_stored_and_counts_for_nobody(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    browser = page("leader")
    clock.at("20:05")
    assert "这一班已经结束" in browser.get(f"{BASE}/round").text
    by_word(browser, plant, "worker")
    (row,) = of(plant, "worker")
    assert (row["counts"], row["proxy"]) == (0, 1) and "outside_window" in row["flags"]
    assert state_of(plant, "worker", clock.ms)[0] == "missed"


def test_before_it_opens_the_page_says_so(page: PageOf, plant: Plant, clock: Clock) -> None:
    clock.at("07:00")
    assert "07:15 才开始" in page("leader").get(f"{BASE}/round").text


def test_after_due_it_is_late_and_a_proxy(page: PageOf, plant: Plant, clock: Clock) -> None:
    clock.at("08:10")
    by_word(page("leader"), plant, "worker", ran="1")
    assert state_of(plant, "worker", clock.ms) == ("ready", ["late", "proxy"])


# Something wrong, or not today --------------------------------------------------------------------


def wrong(browser: Page, plant: Plant, what: str, words: str = "", status: int = 200) -> str:
    url = f"{there(plant, 'worker')}/trouble"
    filled = {**opened(browser, plant, "worker"), "what": what, "words": words, "secret": PIN}
    return browser.post(url, filled, status).text


def test_not_today_is_sealed_for_the_person_and_asks_nothing(page: PageOf, plant: Plant) -> None:
    give_pin(plant, "worker")
    wrong(page("leader"), plant, "fit.cannot", "没睡好")
    (row,) = of(plant, "worker")
    assert (row["result"], row["proxy"]) == ("cannot", 0)
    assert "没睡好" not in str(row["body"]), "nobody asks why"
    assert state_of(plant, "worker")[0] == "cannot"


def test_who_said_not_today_is_not_called_again(page: PageOf, plant: Plant) -> None:
    give_pin(plant, "worker")
    browser = page("leader")
    wrong(browser, plant, "fit.cannot")
    text = browser.get(f"{BASE}/round/left").text
    assert "还有 5 人" in text and "张三" not in text


def test_with_somebody_not_fit_it_does_not_say_that_everybody_has_committed(
    page: PageOf, plant: Plant
) -> None:
    for part in EVERYBODY:
        deliver(plant, commit_body(plant, part, **({"bad": "fit"} if part == "worker" else {})))
    text = page("leader").get(f"{BASE}/round").text
    assert "都有了" not in text and "5 / 6 人承诺了" in text


@pytest.mark.parametrize("way", ["pin", "leader"])
def test_nobody_is_entered_over_their_own_not_today(page: PageOf, plant: Plant, way: str) -> None:
    give_pin(plant, "worker")
    browser = page("leader")
    filled = {**opened(browser, plant, "worker"), "way": way, "secret": PIN, "why": "paper"}
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    html = browser.post(there(plant, "worker"), filled, status=409)
    assert "先办那一件" in html.text and html.all("input") == []
    assert f"{BASE}/people/{plant.id('worker')}" in html.links
    assert [row["result"] for row in of(plant, "worker")] == ["cannot"]


def test_a_fault_in_the_commitment_opens_what_its_item_says(page: PageOf, plant: Plant) -> None:
    give_pin(plant, "worker")
    wrong(page("leader"), plant, "safety.off", "联锁旁路")
    (row,) = of(plant, "worker")
    assert row["result"] == "committed" and len(row["body"]["answers"]) == 6
    (found,) = findings.of_record(plant.store, row["id"])
    assert (found["kind"], found["note"]) == ("hazard", "联锁旁路")
    assert state_of(plant, "worker")[0] == "abnormal"


def test_another_fault_is_a_hazard_and_the_commitment_is_still_to_come(
    page: PageOf, plant: Plant
) -> None:
    give_pin(plant, "worker")
    browser = page("leader")
    assert "写一句" in wrong(browser, plant, "other", status=422)
    assert wrong(browser, plant, "other", "机封滴油").startswith("张三")
    (row,) = of(plant, "worker")
    assert (row["kind"], row["body"]["what"]) == ("hazard", "机封滴油")
    assert state_of(plant, "worker")[0] == "expected"


@pytest.mark.parametrize("what", ["", "fit.can", "fit.none", "none.off", "safety.on"])
def test_a_fault_nobody_offers_is_refused(page: PageOf, plant: Plant, what: str) -> None:
    give_pin(plant, "worker")
    assert "哪里不对" in wrong(page("leader"), plant, what, status=422)
    assert stored(plant) == []


def test_a_wrong_pin_loses_no_word(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    url = f"{there(plant, 'worker')}/trouble"
    filled = {**opened(browser, plant, "worker"), "what": "safety.off", "secret": "000001"}
    html = browser.post(url, {**filled, "words": "联锁旁路"}, status=403)
    assert "联锁旁路" in html.one("textarea", id="words").text
    chosen = [e.attrs["value"] for e in html.all("input", name="what") if "checked" in e.attrs]
    assert chosen == ["safety.off"]


def test_trouble_sent_twice_is_one_record(page: PageOf, plant: Plant) -> None:
    give_pin(plant, "worker")
    browser = page("leader")
    filled = {**opened(browser, plant, "worker"), "what": "fit.cannot", "secret": PIN}
    for _ in range(2):
        browser.post(f"{there(plant, 'worker')}/trouble", filled)
    assert len(of(plant, "worker")) == 1


def test_there_is_a_way_on_without_a_pin(page: PageOf, plant: Plant) -> None:
    links = page("leader").get(f"{there(plant, 'worker')}/trouble").links
    assert f"{BASE}/people/{plant.id('worker')}" in links


# Who may ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["worker", "manager", "signatory", "inspector", "admin"])
def test_who_does_not_lead_calls_nobody(page: PageOf, plant: Plant, part: str) -> None:
    browser = page(part)
    for path in ("", "/left", f"/{plant.id('mate')}", f"/{plant.id('mate')}/trouble"):
        browser.get(f"{BASE}/round{path}", 403)
    browser.post(there(plant, "mate"), {"way": "leader", "why": "no_phone"}, status=403)
    assert stored(plant) == []


def test_the_leader_of_another_crew_calls_nobody(page: PageOf, plant: Plant) -> None:
    browser = page("other_leader")
    browser.get(f"{BASE}/round", 403)
    browser.post(there(plant, "mate"), {"way": "leader", "why": "no_phone"}, status=403)
    assert stored(plant) == []


def test_a_manager_of_all_crews_who_leads_none_is_told_who_calls(
    page: PageOf, plant: Plant
) -> None:
    with plant.store.tx() as db:
        roles = (Role("manager"), Role("leader", "crew", "YI"))
        people.save_person(db, Person(plant.id("manager"), "9001", "孙八", roles=roles), MADE_MS)
    browser = page("manager")
    assert "点名由带班的班长来做" in browser.get(f"{BASE}/round", 403).text


def test_a_stranger_is_asked_to_sign_in(page: PageOf) -> None:
    response = page(None).client.get(f"{BASE}/round")
    assert response.status_code in (302, 303, 401)


@pytest.mark.parametrize("part", ["outsider", "night1"])
def test_somebody_not_on_the_roster_is_not_called(page: PageOf, plant: Plant, part: str) -> None:
    browser = page("leader")
    html = browser.get(there(plant, part), 404)
    assert "不在本班名单" in html.text
    filled = {**opened(browser, plant, "worker"), "way": "leader", "why": "no_phone"}
    browser.post(there(plant, part), filled, status=404)
    assert stored(plant) == []


def test_who_was_excused_is_not_called(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        roster.end(
            db, plant.instance()["id"], plant.id("worker"), "leave",
            by=plant.id("leader"), now_ms=NOW_MS - 1,
        )  # fmt: skip
    page("leader").get(there(plant, "worker"), 404)
    assert "/ 5" in page("leader").get(there(plant, "mate")).text


def test_no_shift_and_no_text_are_said(
    page: PageOf, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    page("leader").get("/board/JIA/2026-11-24/X/round", 404)
    monkeypatch.setattr("shiftapp.model.versions.commitments", lambda db: [])
    assert "还没有发布内容" in page("leader").get(f"{BASE}/round", 404).text


def test_the_page_of_one_person_is_small(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    browser.get(there(plant, "worker"))
    assert browser.response is not None and len(browser.response.data) < 12_000


def test_a_job_without_a_checklist_has_no_run(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        places.save_job(db, places.Job("J99", "值班", "Duty", (), {}))
        db.run("UPDATE roster SET job = 'J99' WHERE person = :p", p=plant.id("worker"))
    by_word(page("leader"), plant, "worker", ran="1")
    (row,) = of(plant, "worker")
    assert (row["kind"], row["counts"]) == ("commit", 1)


def test_who_has_committed_is_shown_with_the_way_on_and_nothing_to_fill_in(
    page: PageOf, plant: Plant
) -> None:
    deliver(plant, commit_body(plant, "worker"))
    html = page("leader").get(there(plant, "worker"))
    assert "已经有了" in html.text and html.all("input") == []
    following = next(e for e in html.all("a") if e.text == "下一个")
    assert plant.id("chen") in following.attrs["href"]
