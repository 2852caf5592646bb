"""Publishing at the desk: who may look, who may sign, and what is signed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from shiftapp.model import announcements, credentials, settings
from tests.announcing import at, commit, day_works, night_works
from tests.page import Html, Page
from tests.plant import TODAY, Clock, Plant

Open = Callable[..., Page]
CHECK = "/publish/check"
PASSWORD, PIN = "correct horse battery", "471936"
READERS = ["signatory", "manager", "inspector"]
OTHERS = ["admin", "leader", "worker"]
PAGES = ["/publish", "/publish/history", "/publish/sources", "/publish/delegations"]


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
    """The first step as it is sent."""
    return {**html.form(CHECK), **typed}


def sign(who: Page, status: int = 200, secret: str = PASSWORD, **typed: str) -> Html:
    """Both steps: the reasons, then the text that was shown and who is there."""
    shown = who.post(CHECK, form(who.get("/publish"), **typed))
    return who.post("/publish", {**shown.form("/publish"), "secret": secret}, status)


def count(plant: Plant) -> int:
    return int(plant.store.value("SELECT COUNT(*) FROM announcement"))


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("url", PAGES)
def test_readers_see_the_pages(page: Open, good_day: Plant, who: str, url: str) -> None:
    assert page(who).get(url).one("h1").text == "安全承诺公告"


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("url", PAGES)
def test_others_do_not(page: Open, who: str, url: str) -> None:
    page(who).get(url, 403)


@pytest.mark.parametrize("url", PAGES)
def test_a_stranger_signs_in_first(page: Open, url: str) -> None:
    assert page(None).get(url).one("h1").text == "登录"


@pytest.mark.parametrize("who", ["manager", "inspector", *OTHERS])
def test_only_the_signatory_signs(page: Open, good_day: Plant, who: str) -> None:
    wanted = form(page("signatory").get("/publish"))
    for path in (CHECK, "/publish"):
        page(who).post(path, {**wanted, "shown": "x", "secret": PASSWORD}, 403)
    assert count(good_day) == 0


@pytest.mark.parametrize("who", ["manager", "inspector"])
def test_readers_have_no_form(page: Open, good_day: Plant, who: str) -> None:
    html = page(who).get("/publish")
    assert html.all("form", action=CHECK) == []
    assert "签发要由主要负责人" in html.text


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
@pytest.mark.parametrize("path", ["/publish", CHECK, "/publish/delegations"])
def test_other_methods_are_refused(page: Open, method: str, path: str) -> None:
    client = page("signatory").client
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert getattr(client, method)(path, headers=headers).status_code == 405


def test_a_foreign_page_cannot_sign(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    shown = signatory.post(CHECK, form(signatory.get("/publish")))
    wanted = {**shown.form("/publish"), "secret": PASSWORD}
    signatory.post("/publish", wanted, 403, headers={"Sec-Fetch-Site": "cross-site"})
    assert count(good_day) == 0


def test_first_the_text_is_shown_that_will_be_signed(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    html = signatory.post(CHECK, form(signatory.get("/publish")))
    assert count(good_day) == 0
    assert "还没有签发" in html.text
    assert "不证明内容属实" in html.text
    text = html.one("article", class_="p-text")
    lines = [child.text for half in text.children for child in half.children]
    signatory.post("/publish", {**html.form("/publish"), "secret": PASSWORD})
    found = announcements.current(good_day.store)
    assert found is not None
    assert found["note"].partition("\n\n")[0].split("\n")[4:] == lines


def test_what_nobody_was_shown_is_not_signed(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    wanted = form(signatory.get("/publish"))
    html = signatory.post("/publish", {**wanted, "secret": PASSWORD}, 409)
    assert "先看要签的原文" in html.text
    signatory.post("/publish", {**wanted, "secret": PASSWORD, "shown": "0" * 64}, 409)
    assert count(good_day) == 0


def test_the_signatory_signs_and_the_page_says_so(page: Open, good_day: Plant) -> None:
    html = sign(page("signatory"))
    assert "第 1 版已签发" in html.text
    assert "不证明内容属实" in html.text
    assert count(good_day) == 1
    found = announcements.current(good_day.store)
    assert found is not None
    assert f"/announcements/{found['id']}" in html.links


def test_a_double_press_signs_once(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    shown = signatory.post(CHECK, form(signatory.get("/publish")))
    wanted = {**shown.form("/publish"), "secret": PASSWORD}
    signatory.post("/publish", wanted)
    signatory.post("/publish", wanted)
    assert count(good_day) == 1


def test_a_wrong_password_signs_nothing_and_is_throttled(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    shown = signatory.post(CHECK, form(signatory.get("/publish"))).form("/publish")
    for _ in range(5):
        html = signatory.post("/publish", {**shown, "secret": "guess"}, 403)
        assert "密码不对" in html.text
        assert html.all("article", class_="p-text")  # the text stays in sight
    html = signatory.post("/publish", {**shown, "secret": PASSWORD}, 429)
    assert "等" in html.text
    assert count(good_day) == 0


def phone(plant: Plant, page: Open, part: str = "signatory", pin: str | None = PIN) -> Page:
    """Somebody on their own enrolled phone; `pin` None: they have none."""
    if pin is not None:
        hashed = credentials.hash_secret(pin, plant.keys.pin_pepper)
        with plant.store.tx() as db:
            credentials.set_pin(db, plant.id(part), hashed)
    return page(part, device=True)


def test_a_signatory_signs_on_their_phone_with_the_pin(page: Open, good_day: Plant) -> None:
    mine = phone(good_day, page)
    shown = mine.post(CHECK, form(mine.get("/publish")))
    assert shown.one("input", name="secret").attrs["inputmode"] == "numeric"
    wanted = shown.form("/publish")
    assert "PIN 不对" in mine.post("/publish", {**wanted, "secret": "000001"}, 403).text
    assert "PIN 不对" in mine.post("/publish", {**wanted, "secret": PASSWORD}, 403).text
    assert "第 1 版已签发" in mine.post("/publish", {**wanted, "secret": PIN}).text
    assert count(good_day) == 1


def test_wrong_pins_on_a_phone_are_throttled_with_those_at_its_sign_in(
    page: Open, good_day: Plant
) -> None:
    mine = phone(good_day, page)
    shown = mine.post(CHECK, form(mine.get("/publish"))).form("/publish")
    for _ in range(5):
        mine.post("/publish", {**shown, "secret": "000001"}, 403)
    mine.post("/publish", {**shown, "secret": PIN}, 429)
    no = good_day.store.value("SELECT no FROM person WHERE id = :i", i=good_day.id("signatory"))
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = mine.client.post("/api/v1/session", json={"no": no, "pin": PIN}, headers=headers)
    assert answer.status_code == 429  # nor can the guessing go on there
    assert count(good_day) == 0


def test_without_a_pin_the_phone_asks_for_the_password(page: Open, good_day: Plant) -> None:
    mine = phone(good_day, page, pin=None)
    shown = mine.post(CHECK, form(mine.get("/publish")))
    assert "再输一次你的密码" in shown.text
    mine.post("/publish", {**shown.form("/publish"), "secret": PASSWORD})
    assert count(good_day) == 1


@pytest.mark.parametrize(
    ("how", "kind", "status"),
    [
        ("card", "personal", 200),
        ("code", "personal", 200),
        ("pin", "personal", 200),
        ("pin", "shared", 200),
        ("card", "shared", 403),
        ("badge", "shared", 303),  # to the sign-in, as if nobody was signed in
        ("badge", "personal", 303),
        ("guest", "personal", 303),
        ("pin", None, 303),  # six digits at any browser
    ],
)
def test_only_a_strong_session_opens_them(
    page: Open, good_day: Plant, how: str, kind: str | None, status: int
) -> None:
    mine = phone(good_day, page)
    device = good_day.device("signatory")[0]
    with good_day.store.tx() as db:
        db.run("UPDATE session SET how = :how WHERE device = :d", how=how, d=device)
        if kind is None:
            db.run("UPDATE session SET device = NULL WHERE device = :d", d=device)
        elif kind == "shared":
            db.run("UPDATE device SET kind = 'shared', person = NULL WHERE id = :d", d=device)
    answer = mine.client.get("/publish")
    assert answer.status_code == status
    assert ("公告原文" in answer.text) == (status == 200)


def test_a_phone_opens_no_other_page_of_the_desk(page: Open, good_day: Plant) -> None:
    phone(good_day, page, "manager").get("/manage", 403)


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
    html = signatory.post(CHECK, form(signatory.get("/publish")))
    assert html.all("input", name="secret") == []
    assert "第 1 版已签发" in signatory.post("/publish", html.form("/publish")).text


def test_a_session_of_the_tour_is_worth_nothing_in_earnest(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    one_click(signatory, good_day, demo=False)
    shown = signatory.post(CHECK, form(signatory.get("/publish")))
    signatory.post("/publish", {**shown.form("/publish"), "secret": ""}, 403)
    assert count(good_day) == 0


def unsign(plant: Plant) -> None:
    """The crew of today has not signed after all."""
    with plant.store.tx() as db:
        db.run("DELETE FROM signoff WHERE instance = :i", i=plant.instance()["id"])


@pytest.mark.parametrize("step", [1, 2])
def test_changed_figures_come_back_with_the_new_ones(
    page: Open, good_day: Plant, step: int
) -> None:
    """Between the page and the text, and between the text and the signature."""
    signatory = page("signatory")
    wanted = form(signatory.get("/publish"))
    if step == 2:
        shown = signatory.post(CHECK, wanted)
        wanted = {**shown.form("/publish"), "secret": PASSWORD}
    unsign(good_day)
    html = signatory.post(CHECK if step == 1 else "/publish", wanted, 409)
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
    assert "写明理由" in signatory.post(CHECK, form(html), 409).text
    sign(signatory, override="甲班在处置漏点")
    found = announcements.current(plant.store)
    assert found is not None
    assert found["doc"]["override"]["reason"] == "甲班在处置漏点"


def test_what_was_typed_stays_when_it_is_refused(page: Open, plant: Plant) -> None:
    night_works(plant)
    signatory = page("signatory")
    html = signatory.post(CHECK, form(signatory.get("/publish"), override="张三没来"), 422)
    assert html.one("textarea", name="override").text == "张三没来"
    assert "不能写人名" in html.text
    assert html.one("details", class_="p-over").attrs.get("open") is not None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "情况变了，还是前一版有错"),
        ({"change": "update"}, "写明为什么再发一版"),
        ({"change": "nonsense", "reason": "x"}, "情况变了，还是前一版有错"),
    ],
)
def test_a_further_version_says_what_it_is_and_why(
    page: Open, good_day: Plant, typed: dict[str, str], words: str
) -> None:
    signatory = page("signatory")
    sign(signatory)
    fields = {key: value for key, value in typed.items() if key}
    html = signatory.post(CHECK, form(signatory.get("/publish"), **fields), 422)
    assert words in html.text
    assert count(good_day) == 1


def test_a_correction_names_its_reason_and_says_what_changed(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    sign(signatory)
    unsign(good_day)
    assert "班组签字 2 改为 1。" in signatory.get("/publish").text
    html = sign(signatory, override="补签", change="correction", reason="漏报")
    assert "第 2 版已签发" in html.text
    history = signatory.get("/publish/history").text
    assert "更正：漏报" in history
    assert "带着问题签发：补签" in history


def test_an_update_stands_in_the_history_as_one(page: Open, good_day: Plant) -> None:
    signatory = page("signatory")
    sign(signatory)
    sign(signatory, change="update", reason="新增特级动火")
    assert "更新：新增特级动火" in signatory.get("/publish/history").text


def test_before_the_shift_there_is_nothing_to_sign(
    page: Open, good_day: Plant, clock: Clock
) -> None:
    clock.at("07:50")
    html = page("signatory").get("/publish")
    assert "08:00 接班后" in html.text
    assert html.all("form", action=CHECK) == []


def test_past_its_time_the_page_says_that_nothing_is_out(
    page: Open, good_day: Plant, clock: Clock
) -> None:
    assert "还没有公告" not in page("signatory").get("/publish").text
    clock.at("10:00")
    assert "已过 10:00，还没有公告" in page("signatory").get("/publish").text
    sign(page("signatory"))
    assert "还没有公告" not in page("signatory").get("/publish").text


def test_the_next_day_shows_what_differs_from_the_day_before(
    page: Open, good_day: Plant, clock: Clock
) -> None:
    sign(page("signatory"))
    clock.at("09:05", "2026-11-25")
    html = page("manager").get("/publish")
    assert "与昨天不同" in html.text
    assert "改为" in html.one("details", class_="p-news").text


def test_every_figure_of_the_words_leads_to_its_row(page: Open, good_day: Plant) -> None:
    html = page("manager").get("/publish")
    ids = {e.attrs["id"] for e in html.all("tr") if "id" in e.attrs}
    marks = html.all("a", class_="p-n")
    # two shifts and the total; hazards, crews, the roster, the risk
    assert len(marks) == 3 * 5 + 4 + 1 + 2 + 1
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
    [
        ("base", "-1", 400),
        ("base", "x", 400),
        ("id", "no uuid", 400),
        ("date", "never", 404),
        ("kind", "hourly", 400),
    ],
)
def test_a_form_that_was_tampered_with_is_refused(
    page: Open, good_day: Plant, field: str, value: str, status: int
) -> None:
    signatory = page("signatory")
    wanted = form(signatory.get("/publish"), **{field: value})
    for path in (CHECK, "/publish"):
        signatory.post(path, {**wanted, "shown": "x", "secret": PASSWORD}, status)
    assert count(good_day) == 0


def test_an_empty_history_says_what_will_be_there(page: Open) -> None:
    assert "还没有公告" in page("manager").get("/publish/history").text


def test_the_pages_speak_english(page: Open, good_day: Plant) -> None:
    with good_day.store.tx() as db:
        db.run("UPDATE person SET lang = 'en' WHERE id = :i", i=good_day.id("manager"))
    html = page("manager").get("/publish")
    assert "Everybody expected made the pre-shift commitment" in html.text
    assert html.one("html").attrs["lang"] == "en"


def test_who_can_still_commit_and_who_missed_it_stand_apart(page: Open, plant: Plant) -> None:
    night_works(plant, missing=1)
    day_works(plant, missing=1)
    said = [row.text for row in page("signatory").get("/publish").all("div", class_="p-block-i")]
    late, away = plant_name(plant, "leader"), plant_name(plant, "night6")
    assert [late in one for one in said if "还没做班前承诺" in one] == [True]
    assert [late in one for one in said if "到下班也没做" in one] == [False]
    assert [away in one for one in said if "到下班也没做" in one] == [True]


def plant_name(plant: Plant, part: str) -> str:
    return str(plant.store.value("SELECT name FROM person WHERE id = :p", p=plant.id(part)))
