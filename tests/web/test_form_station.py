"""The plain form's station page: the place, who I am, which shift and job."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import places
from tests.page import Page
from tests.plant import PUMPS, TANKS, Clock, Plant
from tests.web.plain import PIN, give_pin, url

Open = Callable[..., Page]
KNOWN = "工号或 PIN 不对。再看一遍，或者找班长重设。"


def test_it_shows_the_place_its_risks_and_the_emergency_call(page: Open, plant: Plant) -> None:
    html = page(None).get(url(plant))
    assert html.one("h1").text == "P-201 泵区"
    for words in ("较大风险", "机封泄漏着火", "不漏、不响、不烫才放心", "7K2M-41QF"):
        assert words in html.text
    assert html.one("a", class_="btn-stop").attrs["href"] == "tel:0393-0000119"


def test_it_needs_no_script(page: Open, plant: Plant) -> None:
    assert page("worker").get(url(plant)).all("script") == []


def test_my_shift_and_job_are_chosen_already(page: Open, plant: Plant) -> None:
    form = page("worker").get(url(plant)).form(url(plant) + "/start")
    assert form == {"shift": "2026-11-24|D|JIA", "job": "J02"}


def test_a_job_that_is_not_mine_is_not_chosen_for_me(page: Open, plant: Plant) -> None:
    html = page("mate").get(url(plant))
    assert "job" not in html.form(url(plant) + "/start")
    assert f"/F/{TANKS}" in html.links and "你今天排在别处" in html.text


def test_a_typed_code_says_that_it_was_typed(page: Open) -> None:
    assert "没扫码，是手输的" in page("worker").get(f"/F/{PUMPS}").text


@pytest.mark.parametrize("typed", ["7k2m-41qf", "7K2M 41QF", "7K2M－41QF"])
def test_a_code_is_found_however_it_is_typed(page: Open, typed: str) -> None:
    browser = page(None)
    browser.get("/F", query_string={"code": typed})
    assert browser.get(f"/F/{typed}").one("h1").text == "P-201 泵区"


def test_a_wrong_code_is_explained_and_kept(page: Open) -> None:
    html = page(None).get("/F?code=7K2M41QG", status=404)
    assert html.one("input", name="code").attrs["value"] == "7K2M41QG"
    assert "有一位抄错了" in html.one("span", id="code-bad").text


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/F/7K2M41QG", "code_wrong"),
        ("/F/0000000000", "code_wrong"),
        ("/F/00000000", "unknown_station"),
        (f"/F/{PUMPS}/0000000000000000", "station_mac"),
        (f"/F/{PUMPS}/commit?shift=2026-11-24|D|NONE&job=J02", "unknown_shift"),
        (f"/F/{PUMPS}/commit?shift=2026-11-24|D|JIA&job=J99", "no_job"),
    ],
)
def test_what_is_not_ours_is_refused_on_a_page(page: Open, address: str, code: str) -> None:
    html = page("worker").get(address, status=404)
    assert f"代码 {code}" in html.text and "/F" in html.links


def test_a_station_out_of_use_says_so(page: Open, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE station SET active = 0 WHERE code = :c", c=PUMPS)
    assert "停用了" in page(None).get(f"/F/{PUMPS}", status=404).text


def test_a_station_without_jobs_says_the_next_step(page: Open, plant: Plant) -> None:
    with plant.store.tx() as db:
        row = places.station(db, PUMPS)
        assert row is not None
        db.run("DELETE FROM station_job WHERE station = :c", c=PUMPS)
    assert "告诉班长" in page("worker").get(url(plant)).text


def test_before_the_window_it_says_when(page: Open, plant: Plant, clock: Clock) -> None:
    clock.at("07:00")
    html = page("worker").get(url(plant))
    assert "白班 08:00 开始，07:15 起可以做。" in html.text or "夜班" in html.text


def test_number_and_pin_sign_in(page: Open, plant: Plant) -> None:
    give_pin(plant, "worker")
    browser = page(None)
    html = browser.post(url(plant), {"no": " 1001 ", "pin": PIN})
    assert "张三" in html.text
    row = plant.store.row("SELECT how, device FROM session WHERE how = 'pin'")
    assert row == {"how": "pin", "device": None}


def test_six_digits_at_any_browser_open_no_desk(page: Open, plant: Plant) -> None:
    for part, no in (("leader", "1010"), ("admin", "9004")):
        give_pin(plant, part)
        browser = page(None)
        browser.post(url(plant), {"no": no, "pin": PIN})
        for path in ("/board", "/manage", "/hazards", f"/board/people/{plant.id('worker')}"):
            assert "密码" in browser.get(path).text, path  # the way in asks for it, once
        assert "我是谁" not in browser.get(url(plant)).text  # here they are signed in


@pytest.mark.parametrize(("no", "pin"), [("1001", "000000"), ("7777", PIN), ("1002", PIN)])
def test_wrong_number_wrong_pin_and_no_pin_look_the_same(
    page: Open, plant: Plant, no: str, pin: str
) -> None:
    give_pin(plant, "worker")  # 1002 has none
    html = page(None).post(url(plant), {"no": no, "pin": pin}, status=403)
    assert html.one("p", id="bad").text == KNOWN
    assert html.one("input", id="no").attrs["value"] == no
    assert "value" not in html.one("input", id="pin").attrs


def test_an_empty_form_asks_for_both(page: Open, plant: Plant) -> None:
    html = page(None).post(url(plant), {"no": "1001", "pin": ""}, status=422)
    assert "写上工号和 PIN" in html.text


def test_wrong_pins_cost_waiting_for_this_number_alone(page: Open, plant: Plant) -> None:
    give_pin(plant, "worker")
    give_pin(plant, "chen")
    browser = page(None)
    for _ in range(5):
        browser.post(url(plant), {"no": "1001", "pin": "111111"}, status=403)
    html = browser.post(url(plant), {"no": "1001", "pin": PIN}, status=429)
    assert "等 30 秒再试" in html.text
    assert "陈一" in browser.post(url(plant), {"no": "1003", "pin": PIN}).text


def test_somebody_else_may_take_over(page: Open, plant: Plant) -> None:
    browser = page("worker")
    html = browser.post(url(plant, "", "") + "/leave")
    assert "我是谁" in html.text
    assert "我是谁" in browser.get(url(plant)).text


def test_starting_leads_to_the_commitment_and_then_to_the_steps(page: Open, plant: Plant) -> None:
    browser = page("worker")
    html = browser.get(url(plant, "/start"), status=200)
    assert html.one("h1").text == "班前安全承诺"
    for go, heading in (("cannot", "今天不能上岗"), ("hazard", "报隐患"), ("nonsense", "班前")):
        html = browser.get(url(plant, "/start") + f"&go={go}")
        assert html.one("h1").text.startswith(heading)


def test_a_sheet_without_shift_or_job_says_what_to_choose(page: Open, plant: Plant) -> None:
    for tail in ("/commit", "/run", "/cannot"):
        html = page("worker").get(url(plant, tail, ""), status=422)
        assert "先选班次和岗位" in html.text


def test_a_leader_reads_how_to_help(page: Open, plant: Plant) -> None:
    assert "在看板上点他的名字替他记" in page("leader").get(url(plant)).text
    assert "班长能替你记" in page("worker").get(url(plant)).text


def test_it_speaks_english_when_asked(page: Open, plant: Plant) -> None:
    html = page("worker").get(url(plant) + "?lang=en")
    assert html.one("html").attrs["lang"] == "en"
    assert html.one("h1").text == "P-201 pumps"
    assert "Seal leak and fire" in html.text
    assert html.one("a", class_="f-lang").text == "中文"


@pytest.mark.parametrize("tail", ["", "/leave", "/commit", "/cannot", "/run", "/hazard"])
def test_a_foreign_page_changes_nothing(page: Open, plant: Plant, tail: str) -> None:
    browser = page("worker")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        response = browser.client.post(url(plant, tail), headers=headers)
        assert response.status_code == 403
        assert "foreign_origin" in response.text


def test_a_browser_that_does_not_say_where_it_comes_from_is_told_so(
    page: Open, plant: Plant
) -> None:
    response = page("worker").client.post(url(plant, "/leave"))
    assert response.status_code == 403
    assert "浏览器太旧" in response.text and "班长" in response.text
