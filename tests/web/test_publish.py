"""Publishing at the desk: who may look, who may sign, and what is signed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from shiftapp.model import announcements, credentials, settings
from tests.announcing import at, commit, night_works
from tests.page import Html, Page
from tests.plant import TODAY, Clock, Plant

Open = Callable[..., Page]
PASSWORD = "correct horse battery"
READERS = ["signatory", "manager", "inspector"]
OTHERS = ["admin", "leader", "worker"]


@pytest.fixture(autouse=True)
def nine(clock: Clock, plant: Plant) -> None:
    clock.at("09:05")
    with plant.store.tx() as db:
        hashed = credentials.hash_secret(PASSWORD, plant.keys.pin_pepper)
        db.run(
            "UPDATE person SET password_hash = :h WHERE id = :id",
            h=hashed,
            id=plant.id("signatory"),
        )


def form(html: Html, **typed: str) -> dict[str, str]:
    return {**html.form("/publish"), "password": PASSWORD, **typed}


def count(plant: Plant) -> int:
    return int(plant.store.value("SELECT COUNT(*) FROM announcement"))


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("url", ["/publish", "/publish/history", "/publish/sources"])
def test_readers_see_the_pages(page: Open, good_day: Plant, who: str, url: str) -> None:
    assert page(who).get(url).one("h1").text == "安全承诺公告"


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("url", ["/publish", "/publish/history", "/publish/sources"])
def test_others_do_not(page: Open, who: str, url: str) -> None:
    page(who).get(url, 403)


@pytest.mark.parametrize("url", ["/publish", "/publish/history", "/publish/sources"])
def test_a_stranger_signs_in_first(page: Open, url: str) -> None:
    assert page(None).get(url).one("h1").text == "登录"


@pytest.mark.parametrize("who", ["manager", "inspector", *OTHERS])
def test_only_the_signatory_signs(page: Open, good_day: Plant, who: str) -> None:
    wanted = form(page("signatory").get("/publish"))
    page(who).post("/publish", wanted, 403)
    assert count(good_day) == 0


@pytest.mark.parametrize("who", ["manager", "inspector"])
def test_readers_have_no_form(page: Open, good_day: Plant, who: str) -> None:
    html = page(who).get("/publish")
    assert html.all("form", action="/publish") == []
    assert "签发要由签发人做" in html.text


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(page: Open, method: str) -> None:
    client = page("signatory").client
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert getattr(client, method)("/publish", headers=headers).status_code == 405


def test_a_foreign_page_cannot_sign(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    wanted = form(signatory.get("/publish"))
    signatory.post("/publish", wanted, 403, headers={"Sec-Fetch-Site": "cross-site"})
    assert count(good_day) == 0


def test_the_signatory_signs_and_the_page_says_so(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    html = signatory.post("/publish", form(signatory.get("/publish")))
    assert "第 1 版已签发" in html.text
    assert count(good_day) == 1
    found = announcements.current(good_day.store)
    assert found is not None
    assert f"/announcements/{found['id']}" in html.links


def test_a_double_click_signs_once(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    wanted = form(signatory.get("/publish"))
    signatory.post("/publish", wanted)
    signatory.post("/publish", wanted)
    assert count(good_day) == 1


def test_a_wrong_password_signs_nothing_and_is_throttled(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    wanted = form(signatory.get("/publish"), password="guess")
    for _ in range(5):
        assert "密码不对" in signatory.post("/publish", wanted, 403).text
    assert "等" in signatory.post("/publish", form(signatory.get("/publish")), 429).text
    assert count(good_day) == 0


def one_click(signatory: Page, plant: Plant, *, demo: bool) -> None:
    """The browser's session is one of the tour (whose desk has a cookie of its own)."""
    secret, sid = plant.session("signatory", now_ms=at("09:05"))
    with plant.store.tx() as db:
        settings.put(db, demo=demo)
        db.run("UPDATE session SET how = 'demo' WHERE sid = :sid", sid=sid)
    name = "desk" if demo else "__Host-sid"
    signatory.client.set_cookie(name, secret, domain="localhost", secure=True, path="/")


def test_a_visitor_of_the_demo_has_no_password_to_type(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    one_click(signatory, good_day, demo=True)
    html = signatory.get("/publish")
    assert html.all("input", name="password") == []
    assert "第 1 版已签发" in signatory.post("/publish", html.form("/publish")).text


def test_a_session_of_the_tour_is_worth_nothing_in_earnest(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    one_click(signatory, good_day, demo=False)
    wanted = signatory.get("/publish").form("/publish")
    signatory.post("/publish", {**wanted, "password": ""}, 403)
    assert count(good_day) == 0


def test_changed_figures_come_back_with_the_new_ones(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    wanted = form(signatory.get("/publish"))
    with good_day.store.tx() as db:
        db.run("DELETE FROM signoff WHERE instance = :i", i=good_day.instance()["id"])
    html = signatory.post("/publish", wanted, 409)
    assert "数变了" in html.text
    assert "1 个班组没有签字" in html.text
    assert count(good_day) == 0


def test_over_a_gap_the_strong_button_is_gone_and_a_reason_is_asked(
    page: Open, plant: Plant
) -> None:
    night_works(plant)
    signatory = page("signatory")
    html = signatory.get("/publish")
    assert "还不能签发" in html.text
    assert html.all("button", class_="btn-must") == []
    assert "登在公告上" in html.text
    refused = signatory.post("/publish", form(html), 409)
    assert "写明理由" in refused.text
    signatory.post("/publish", form(html, override="甲班在处置漏点"))
    found = announcements.current(plant.store)
    assert found is not None
    assert found["doc"]["override"]["reason"] == "甲班在处置漏点"


def test_what_was_typed_stays_when_it_is_refused(page: Open, plant: Plant) -> None:
    night_works(plant)
    signatory = page("signatory")
    wanted = form(signatory.get("/publish"), override="张三没来")
    html = signatory.post("/publish", wanted, 422)
    assert html.one("textarea", name="override").text == "张三没来"
    assert "不能写人名" in html.text
    assert html.one("details").attrs.get("open") is not None


def test_a_correction_needs_its_reason_and_says_what_changed(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    signatory.post("/publish", form(signatory.get("/publish")))
    with good_day.store.tx() as db:
        db.run("DELETE FROM signoff WHERE instance = :i", i=good_day.instance()["id"])
    html = signatory.get("/publish")
    assert "班组签字 2 改为 1。" in html.text
    signatory.post("/publish", form(html, override="补签"), 422)
    html = signatory.post("/publish", form(html, override="补签", correction="漏报"))
    assert "第 2 版已签发" in html.text
    history = signatory.get("/publish/history").text
    assert "更正：漏报" in history
    assert "带着问题签发：补签" in history


def test_before_the_shift_there_is_nothing_to_sign(
    page: Open, good_day: Plant, clock: Clock
) -> None:
    clock.at("07:50")
    html = page("signatory").get("/publish")
    assert "08:00 接班后" in html.text
    assert html.all("form", action="/publish") == []


def test_every_figure_of_the_words_leads_to_its_row(page: Open, good_day: Plant) -> None:
    html = page("manager").get("/publish")
    ids = {e.attrs["id"] for e in html.all("tr") if "id" in e.attrs}
    marks = html.all("a", class_="p-n")
    assert len(marks) == 3 * 5 + 4 + 1  # two shifts and the total, hazards, crews
    assert {mark.attrs["href"][1:] for mark in marks} <= ids
    assert {row.text for row in html.all("span", class_="badge")} == {"相符", "照录"}


def test_two_counts_that_disagree_are_red_in_both_places(page: Open, good_day: Plant) -> None:
    with good_day.store.tx() as db:
        db.run(
            "UPDATE slot SET ended_ms = :n WHERE person = :p",
            n=at("09:00"),
            p=good_day.id("worker"),
        )
    html = page("manager").get("/publish")
    assert "矛盾" in {badge.text for badge in html.all("span", class_="badge-stop")}
    assert html.all("a", class_="p-n-bad")
    assert "两种算法不一样" in html.text


def test_the_sources_name_people_for_readers_only(page: Open, plant: Plant) -> None:
    night_works(plant)
    commit(plant, "worker", at("07:45"))
    text = page("inspector").get("/publish/sources").text
    assert "张三" in text
    assert "陈一、黄三、王五、李四、林二" in text
    assert re.search(r"07:45:00 张三 1001 [0-9A-Z]{4}-?[0-9A-Z]{4}", text)


@pytest.mark.parametrize("url", ["/publish?date=%s", "/publish/sources?date=%s"])
@pytest.mark.parametrize(
    ("date", "status"), [("2026-11-25", 404), ("x", 404), ("2026-11-20", 409), (TODAY, 200)]
)
def test_other_days(page: Open, good_day: Plant, url: str, date: str, status: int) -> None:
    page("manager").get(url % date, status)


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [("base", "-1", 400), ("base", "x", 400), ("id", "no uuid", 400), ("date", "never", 404)],
)
def test_a_form_that_was_tampered_with_is_refused(
    page: Open, good_day: Plant, field: str, value: str, status: int
) -> None:
    signatory = page("signatory")
    signatory.post("/publish", form(signatory.get("/publish"), **{field: value}), status)
    assert count(good_day) == 0


def test_an_empty_history_says_what_will_be_there(page: Open) -> None:
    assert "还没有公告" in page("manager").get("/publish/history").text


def test_the_pages_speak_english(page: Open, good_day: Plant) -> None:
    with good_day.store.tx() as db:
        db.run("UPDATE person SET lang = 'en' WHERE id = :i", i=good_day.id("manager"))
    html = page("manager").get("/publish")
    assert "Everybody expected made the pre-shift commitment" in html.text
    assert html.one("html").attrs["lang"] == "en"
