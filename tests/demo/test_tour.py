"""The tour's pages: a seat in every role, the plant's clock, and the way back to the morning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from shiftapp import create_app
from shiftapp.demo.build import plant_ms
from shiftapp.demo.ledger import Log
from shiftapp.model import findings, handover, history, people, settings, shifts, signoffs
from tests.demo.conftest import DAY, Running
from tests.demo.test_build import contents
from tests.page import Page
from tests.terminal import Cli

DESKS = {
    "leader": "/board",
    "manager": "/manage",
    "signatory": "/publish",
    "admin": "/manage",
    "inspector": "/board",
}


TODAY = DAY.isoformat()
LOG = {"announcement", "checkpoint", "entry", "head", "policy", "tile"}
LOOKS = "SELECT COUNT(*) FROM facility_look WHERE at_ms > :d"


def where(page: Page) -> str:
    assert page.response is not None
    return page.response.request.path


def send(page: Page, url: str, **data: str) -> Any:
    """A form sent without following the answer."""
    return page.client.post(url, data=data, headers={"Sec-Fetch-Site": "same-origin"})


def clock_of(demo: Running) -> int:
    return demo.clock() + settings.get(demo.store).clock_offset_ms


def ready(demo: Running) -> int:
    shift = shifts.instance(demo.store, "JIA", DAY.isoformat(), "D")
    assert shift is not None
    found = history.people_states(demo.store, shift, clock_of(demo))
    return sum(one.name == "ready" for one in found)


def test_the_tour_shows_the_path_in_a_picture_and_in_words(demo: Running) -> None:
    html = demo.page().get("/demo")
    picture = html.one("svg", class_="t-path")
    assert picture.attrs["role"] == "img"
    assert "公众不登录就能看" in picture.text
    steps = html.all("li", class_="t-step")
    assert [number.text for number in html.all("span", class_="t-no")] == list("12345")
    assert "张三" in steps[0].text and "王五" in steps[1].text
    assert "is-next" in steps[0].attrs["class"]


def test_every_page_says_that_it_is_a_demo_and_what_time_it_is_there(demo: Running) -> None:
    page = demo.page()
    for url in ("/demo", "/demo/split", "/login", "/"):
        html = page.get(url)
        assert "示例" in html.one("nav", class_="demo-bar").text, url
        assert "07:38" in html.one("nav", class_="demo-bar").text, url


def test_the_tour_speaks_english(english: Running) -> None:
    page = english.page()
    html = page.get("/demo")  # its own language, before anybody chose
    assert html.one("html").attrs["lang"] == "en"
    assert "Zhang San" in html.text and "Puyang Example Chemicals" in html.text
    assert page.get("/demo?lang=zh").one("html").attrs["lang"] == "zh-CN"


def test_the_visitors_language_holds_at_every_desk(demo: Running) -> None:
    page = demo.page()
    page.get("/demo?lang=en")
    page.post("/demo/as/leader")
    html = page.get("/board")
    assert html.one("html").attrs["lang"] == "en"
    assert "Zhang San" in html.text  # the plant is Chinese, its names have English twins
    assert send(page, "/demo/as/public").headers["Location"] == "/en/"


@pytest.mark.parametrize("part", DESKS)
def test_one_click_signs_in_at_a_desk_and_leads_to_the_work(demo: Running, part: str) -> None:
    page = demo.page()
    answer = send(page, f"/demo/as/{part}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/home")
    assert page.client.get("/home").headers["Location"].startswith(DESKS[part])
    how = demo.store.rows("SELECT how, device FROM session WHERE how = 'demo' ORDER BY made_ms")
    assert how == [{"how": "demo", "device": None}]


def test_one_click_makes_this_browser_the_operators_phone(demo: Running) -> None:
    page = demo.page()
    html = page.post("/demo/as/operator")
    assert where(page).startswith("/W/")
    assert "P-201" in html.text
    pack = page.client.get("/api/v1/pack").get_json()
    assert pack["person"]["no"] == "1004"
    person = people.by_no(demo.store, "1004")
    assert person is not None
    devices = demo.store.rows("SELECT id FROM device WHERE person = :p ORDER BY id", p=person["id"])
    assert len(devices) == 2  # his own and this browser
    page.post("/demo/as/operator")
    again = demo.store.rows("SELECT id FROM device WHERE person = :p ORDER BY id", p=person["id"])
    assert again == devices  # the browser that is a phone stays that phone


def test_the_public_needs_no_seat(demo: Running) -> None:
    page = demo.page()
    answer = send(page, "/demo/as/public")
    assert answer.headers["Location"] == "/"
    assert "Set-Cookie" not in answer.headers


def test_one_browser_sits_at_the_phone_and_at_the_board(demo: Running) -> None:
    page = demo.page()
    html = page.post("/demo/both")
    assert where(page) == "/demo/split"
    frames = [frame.attrs["src"] for frame in html.all("iframe")]
    assert frames[0] == "/demo/controls" and frames[2] == "/board"
    assert frames[1].startswith("/W/")
    assert page.client.get("/api/v1/pack").get_json()["person"]["no"] == "1004"
    assert "甲班" in page.get("/board").text
    framed = page.client.get("/board", headers={"Sec-Fetch-Dest": "iframe"}, follow_redirects=True)
    assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]


def test_the_split_view_asks_for_both_seats_first(demo: Running) -> None:
    page = demo.page()
    assert page.get("/demo/split").all("iframe") == []
    page.post("/demo/as/leader")
    assert page.get("/demo/split").all("iframe") == []


def test_leaving_the_desk_leaves_the_phone_alone(demo: Running) -> None:
    page = demo.page()
    page.post("/demo/both")
    send(page, "/logout")
    assert page.client.get("/api/v1/pack").get_json()["person"]["no"] == "1004"
    assert page.client.get("/board").headers["Location"].startswith("/login")


def test_the_plants_clock_runs_on(demo: Running) -> None:
    demo.clock.ms += 5 * 60_000
    assert "07:43" in demo.page().get("/demo").one("nav", class_="demo-bar").text


@pytest.mark.parametrize(
    ("button", "clock"),
    [
        ("t10", "07:50"),
        ("start", "08:00"),
        ("alarm", "08:15"),
        ("cutoff", "09:00"),
        ("night", "19:20"),
        ("5", "07:43"),
        ("60", "08:38"),
    ],
)
def test_a_button_moves_the_clock_on(demo: Running, button: str, clock: str) -> None:
    html = demo.page().post("/demo/clock", {"to": button})
    assert clock in html.one("nav", class_="demo-bar").text
    assert clock_of(demo) == plant_ms(DAY, clock)


def test_the_clock_never_goes_back(demo: Running) -> None:
    page = demo.page()
    page.post("/demo/clock", {"to": "cutoff"})
    html = page.get("/demo")
    shut = [e.attrs["value"] for e in html.all("button", name="to") if "disabled" in e.attrs]
    assert shut == ["t10", "start", "alarm", "cutoff"]
    page.post("/demo/clock", {"to": "start"}, status=409)
    assert clock_of(demo) == plant_ms(DAY, "09:00")


def test_an_unknown_button_is_refused(demo: Running) -> None:
    demo.page().post("/demo/clock", {"to": "yesterday"}, status=400)


def test_the_others_go_on_working_as_the_clock_does(demo: Running) -> None:
    assert ready(demo) == 6
    demo.clock.ms += 3 * 60_000
    demo.page().get("/demo")
    assert ready(demo) == 9
    demo.page().post("/demo/clock", {"to": "night"})
    assert demo.store.value("SELECT COUNT(*) AS n FROM quarantine") == 0


def test_at_the_cut_off_others_have_looked_at_the_plant(demo: Running) -> None:
    """What the visitor does not play; a level does not sign over what the visitor left open."""
    demo.page().post("/demo/clock", {"to": "alarm"})
    assert demo.store.value(LOOKS, d=plant_ms(DAY, "00:00")) == 0
    demo.page().post("/demo/clock", {"to": "cutoff"})
    demo.page().post("/demo/clock", {"to": "60"})
    assert demo.store.value(LOOKS, d=plant_ms(DAY, "00:00")) == 1
    assert demo.store.value("SELECT COUNT(*) FROM unit_signoff WHERE date = :d", d=TODAY) == 0


def test_once_the_leader_has_signed_the_levels_sign(demo: Running) -> None:
    demo.page().post("/demo/clock", {"to": "alarm"})
    now, leader = clock_of(demo), demo.store.value("SELECT id FROM person WHERE no = '1001'")
    shift = shifts.instance(demo.store, "JIA", TODAY, "D")
    assert shift is not None
    with demo.store.tx() as db:
        for one in db.rows("SELECT id, kind FROM finding WHERE answered_ms IS NULL ORDER BY id"):
            outcome = findings.OUTCOMES[one["kind"]][-1]
            findings.answer(db, one["id"], outcome, by=leader, now_ms=now)
        for item in handover.waiting(db, shift, now):
            handover.take(db, shift, item["id"], "", by=leader, now_ms=now)
        people_now = history.people_states(db, shift, now)
        gaps = signoffs.gaps(people_now, findings.of_instance(db, shift["id"]), [], now)
        signoffs.sign(db, shift, {gap.key: "在路上" for gap in gaps}, by=leader, now_ms=now)
    demo.page().post("/demo/clock", {"to": "cutoff"})
    signed = demo.store.rows("SELECT unit FROM unit_signoff WHERE date = :d ORDER BY id", d=TODAY)
    assert [row["unit"] for row in signed] == ["OPS", "ALL"]


def test_the_night_shift_opens_and_comes_to_work(demo: Running) -> None:
    page = demo.page()
    page.post("/demo/clock", {"to": "night"})
    page.post("/demo/clock", {"to": "60"})
    night = shifts.instance(demo.store, "YI", DAY.isoformat(), "N")
    assert night is not None and night["series_state"] == "open"
    found = history.people_states(demo.store, night, clock_of(demo))
    assert {one.name for one in found} == {"ready"}


def test_a_restart_delivers_nothing_twice(demo: Running) -> None:
    demo.page().post("/demo/clock", {"to": "cutoff"})
    before = contents(demo.store)["record"]
    again = create_app(
        demo.folder.config, store=demo.store, keys=demo.folder.keys(), wall_ms=demo.clock
    )
    again.extensions["shiftapp.demo"] = type(demo.app.extensions["shiftapp.demo"])(
        demo.folder,
        demo.store,
        demo.folder.keys(),
        demo.wanted,
        demo.clock,
        Log(again.extensions["shiftapp"]),
    )
    Page(again.test_client()).get("/demo")
    assert contents(demo.store)["record"] == before


def test_reset_puts_everything_back(demo: Running) -> None:
    page, before = demo.page(), contents(demo.store)
    page.post("/demo/both")
    page.post("/demo/clock", {"to": "cutoff"})
    demo.clock.ms += 90_000
    assert contents(demo.store) != before
    html = page.post("/demo/reset")
    assert "07:38" in html.one("nav", class_="demo-bar").text
    after = contents(demo.store)
    changed = {table for table in after if after[table] != before[table]}
    assert changed <= {"setting", "counter", *LOG}  # the offset of its clock, the log's name
    assert clock_of(demo) == demo.wanted.start_ms


def test_reset_takes_the_seats_away_and_what_the_phone_kept(demo: Running) -> None:
    page = demo.page()
    page.post("/demo/both")
    answer = send(page, "/demo/reset", next="/demo/controls")
    assert answer.headers["Location"] == "/demo/split"
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    for name in ("sid", "dev", "desk"):
        assert page.client.get_cookie(name) is None
    assert page.client.get("/api/v1/pack").status_code == 401


def test_after_a_reset_the_others_come_again(demo: Running) -> None:
    page = demo.page()
    page.post("/demo/clock", {"to": "start"})
    page.post("/demo/reset")
    assert ready(demo) == 6
    page.post("/demo/clock", {"to": "start"})
    assert ready(demo) == 9


def test_the_path_shows_what_is_done_and_what_comes_next(demo: Running) -> None:
    page = demo.page()
    page.post("/demo/clock", {"to": "cutoff"})
    steps = page.get("/demo").all("li", class_="t-step")
    assert ["is-done" in step.attrs["class"] for step in steps] == [0, 0, 1, 0, 0]
    assert "is-next" in steps[0].attrs["class"]


def test_on_the_network_there_is_a_code_for_a_phone(demo: Running) -> None:
    assert demo.page().get("/demo").all("div", class_="t-code") == []
    with demo.store.tx() as db:
        settings.put(db, url="http://192.168.1.20:8000")
    html = demo.page().get("/demo")
    assert html.one("div", class_="t-code").children[0].tag == "svg"
    assert "192.168.1.20:8000/demo" in html.text


def test_another_name_of_the_laptop_works_too(demo: Running) -> None:
    client = demo.app.test_client()
    headers = {"Host": "192.168.1.20:8000", "Origin": "http://192.168.1.20:8000"}
    answer = client.post("/demo/as/leader", headers=headers)
    assert answer.status_code == 303


# Refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/demo", "/demo/split", "/demo/controls"])
def test_a_real_install_has_no_such_page(page: Callable[..., Page], url: str) -> None:
    page(None).get(url, status=404)
    page("admin").get(url, status=404)


@pytest.mark.parametrize("url", ["/demo/as/admin", "/demo/both", "/demo/clock", "/demo/reset"])
def test_in_a_real_install_nothing_can_be_pressed(page: Callable[..., Page], url: str) -> None:
    page(None).post(url, {"to": "60"}, status=404)


def test_a_demo_database_alone_is_not_enough(demo: Running) -> None:
    del demo.app.extensions["shiftapp.demo"]
    demo.page().get("/demo", status=404)
    demo.page().post("/demo/as/admin", status=404)


def test_a_running_demo_alone_is_not_enough(demo: Running) -> None:
    with demo.store.tx() as db:
        settings.put(db, demo=False)
    demo.page().get("/demo", status=404)


def test_an_unknown_part_is_not_found(demo: Running) -> None:
    demo.page().post("/demo/as/nobody", status=404)


@pytest.mark.parametrize("url", ["/demo/as/leader", "/demo/both", "/demo/clock", "/demo/reset"])
def test_nothing_happens_by_opening_an_address(demo: Running, url: str) -> None:
    demo.page().get(url, status=405)


@pytest.mark.parametrize("url", ["/demo/as/leader", "/demo/both", "/demo/clock", "/demo/reset"])
def test_another_site_cannot_press_a_button(demo: Running, url: str) -> None:
    answer = demo.app.test_client().post(url, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_the_two_seats_are_a_thing_of_the_demo(app: Flask, page: Callable[..., Page]) -> None:
    """In a real install one session serves the phone's pages and the desk's."""
    leader = page("leader", device=True)
    assert "甲班" in leader.get("/board").text
    assert leader.client.get("/api/v1/pack").get_json()["person"] is not None


def test_serve_refuses_the_demo(demo: Running) -> None:
    demo.store.close()
    refused = Cli(demo.folder.path, "").run("serve", code=1)
    assert "only `shiftapp demo`" in refused.output
