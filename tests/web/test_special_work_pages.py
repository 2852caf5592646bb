"""The register of special work at tablets and desks: a day, a work, the forms, the roles."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from shiftapp.model import people
from shiftapp.model.people import Person, Role
from tests.announcing import at, commit
from tests.page import Html, Page
from tests.permits import cancel, close, gas, register, work
from tests.plant import HOUR_MS, MADE_MS, NOW_MS, Clock, Plant

PageOf = Callable[..., Page]
URL = "/special-work"
READERS = ("leader", "other_leader", "manager", "signatory", "inspector", "admin")
TYPED = {
    "no": "DH-1124-01",
    "kind": "fire.1",
    "place": "P-201 泵区北侧",
    "what": "更换法兰",
    "area": "A1",
    "starts_date": "2026-11-24",
    "starts_time": "08:30",
    "ends_date": "2026-11-24",
    "ends_time": "12:00",
    "guardians": "1001",
    "workers": "1002、1003",
    "contractor": "",
    "gas": "",
}


def rows(html: Html) -> list[str]:
    return [one.text for one in html.all("tr")[1:]]


def row_of(html: Html, no: str) -> str:
    found = [text for text in rows(html) if no in text]
    assert len(found) == 1, rows(html)
    return found[0]


def chief(plant: Plant, area: str) -> None:
    """Somebody who manages one area, as the part `chief`."""
    plant.ids["chief"] = str(uuid.UUID(bytes=plant.random(16), version=4))
    who = Person(plant.ids["chief"], "9100", "冯十", roles=(Role("manager", "area", area),))
    with plant.store.tx() as db:
        people.save_person(db, who, MADE_MS)


# The list -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", READERS)
def test_everybody_at_a_desk_reads_the_list(page: PageOf, plant: Plant, part: str) -> None:
    id = register(plant)
    html = page(part).get(URL)
    assert f"{URL}/{id}" in html.links
    assert (f"{URL}/new" in html.links) == (part == "manager")
    page(part).get(f"{URL}/{id}")


def test_an_operator_and_a_stranger_do_not(page: PageOf, plant: Plant) -> None:
    id = register(plant)
    for url in (URL, f"{URL}/{id}", f"{URL}/_list"):
        page("worker").get(url, 403)
        assert page(None).client.get(url).status_code == 303


def test_a_row_says_what_where_until_when_and_who(page: PageOf, plant: Plant, clock: Clock) -> None:
    id = register(plant, contractor="濮阳某检修公司")
    gas(plant, id, at("08:20"))
    clock.at("09:00")
    text = row_of(page("leader").get(URL), "DH-1124-01")
    for said in (
        "一级动火",
        "P-201 泵区北侧",
        "生产一部",
        "濮阳某检修公司",
        "11-24 08:30–12:00",
        "剩 3 小时 0 分",
        "张三",
        "08:20 合格",
        "1 小时 20 分 后再测",
        "进行中",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("now", "state", "time", "marked"),
    [
        ("08:00", "没开始", "30 分 后开始", False),
        ("08:40", "气检过时", "过时 10 分", True),
        ("12:05", "超时没关", "超 5 分", True),
    ],
)
def test_what_is_over_is_marked_with_a_sign_and_a_word(
    page: PageOf, plant: Plant, clock: Clock, now: str, state: str, time: str, marked: bool
) -> None:
    register(plant)
    clock.at(now)
    html = page("leader").get(URL)
    assert state in row_of(html, "DH-1124-01") and time in row_of(html, "DH-1124-01")
    assert bool(html.all("tr", class_="is-stop")) == marked
    badge = html.one("span", class_="badge")
    assert badge.children[0].tag == "svg"
    assert ("badge-stop" in badge.attrs["class"]) == marked


def test_a_failed_test_is_marked_at_once(page: PageOf, plant: Plant, clock: Clock) -> None:
    id = register(plant)
    gas(plant, id, at("08:50"), passed=False)
    clock.at("09:00")
    assert "气体不合格" in row_of(page("leader").get(URL), "DH-1124-01")


def test_the_list_of_another_day(page: PageOf, plant: Plant) -> None:
    register(plant, "TODAY")
    tomorrow = {"starts_ms": at("08:30") + 24 * HOUR_MS, "ends_ms": at("12:00") + 24 * HOUR_MS}
    register(plant, "TOMORROW", **tomorrow)
    assert rows(page("leader").get(URL))[0].find("TODAY") > 0
    text = page("leader").get(f"{URL}?date=2026-11-25").text
    assert "TOMORROW" in text and "TODAY" not in text
    assert "这一天没有作业票" in page("leader").get(f"{URL}?date=2026-11-23").text


@pytest.mark.parametrize("date", ["", "x", "2026-13-01", "9999-12-31", "0001-01-01", "20261124"])
def test_a_day_that_is_none_is_today(page: PageOf, plant: Plant, date: str) -> None:
    register(plant)
    assert "DH-1124-01" in page("leader").get(f"{URL}?date={date}").text


def test_what_nobody_closed_since_yesterday_stands_on_top(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    old = {"starts_ms": at("08:00") - 24 * HOUR_MS, "ends_ms": at("12:00") - 24 * HOUR_MS}
    id = register(plant, "OLD", now_ms=MADE_MS, **old)
    register(plant)
    clock.at("08:00")
    assert "OLD" in rows(page("leader").get(URL))[0]
    close(plant, id, at("08:00"))
    assert "OLD" not in page("leader").get(URL).text


def test_the_list_of_one_area(page: PageOf, plant: Plant) -> None:
    register(plant, "IN-A1")
    register(plant, "IN-A2", area="A2")
    text = page("leader").get(f"{URL}?area=A2").text
    assert "IN-A2" in text and "IN-A1" not in text


def test_what_was_cancelled_before_it_began_is_no_row(page: PageOf, plant: Plant) -> None:
    id = register(plant)
    cancel(plant, id, NOW_MS)
    assert "DH-1124-01" not in page("leader").get(URL).text
    assert "已取消" in page("leader").get(f"{URL}/{id}").text


def test_the_page_asks_for_its_fragment_and_the_fragment_is_the_same(
    page: PageOf, plant: Plant
) -> None:
    register(plant)
    browser = page("leader")
    section = browser.get(f"{URL}?date=2026-11-24&area=A1").one("section", id="works")
    assert section.attrs["hx-get"] == f"{URL}/_list?date=2026-11-24&area=A1"
    answer = browser.client.get(section.attrs["hx-get"])
    assert answer.status_code == 200
    assert Html(answer.text).one("section", id="works").text == section.text


def test_the_english_page_has_no_chinese_punctuation_between_names(
    page: PageOf, plant: Plant
) -> None:
    register(plant, guardians=("1001", "1002"))
    text = row_of(page("leader").get(f"{URL}?lang=en"), "DH-1124-01")
    assert "张三" in text


# One work -----------------------------------------------------------------------------------------


def test_the_page_of_a_work_says_who_has_committed(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    id = register(plant, workers=("1002",))
    commit(plant, "worker", at("07:50"))
    clock.at("08:05")
    text = page("leader").get(f"{URL}/{id}").text
    assert "监护人 张三 已承诺 07:50" in text
    assert "作业人 李四 还没承诺" in text


def test_what_people_have_recorded_is_not_shown_to_who_leads_another_crew(
    page: PageOf, plant: Plant
) -> None:
    id = register(plant)
    for part in ("leader", "manager", "signatory", "inspector"):
        assert "还没承诺" in page(part).get(f"{URL}/{id}").text
    text = page("other_leader").get(f"{URL}/{id}").text
    assert "张三" in text and "还没承诺" not in text


def test_a_number_that_is_none_leads_nowhere(page: PageOf, plant: Plant) -> None:
    for url in (f"{URL}/99", f"{URL}/99/change", f"{URL}/{'9' * 30}"):
        page("manager").get(url, 404)
    page("manager").post(f"{URL}/99/close", status=404)


def test_the_history_says_who_did_what(page: PageOf, plant: Plant, clock: Clock) -> None:
    manager = page("manager")
    manager.post(URL, TYPED)
    clock.at("09:00")
    html = manager.post(
        f"{URL}/1/gas", {"passed": "1", "result": "LEL 0 %", "time": "", "date": ""}
    )
    for said in ("孙八 登记了", "孙八 气体检测合格 LEL 0 %"):
        assert said in html.text


def test_what_came_by_the_interface_says_so(page: PageOf, plant: Plant) -> None:
    id = register(plant)
    assert "接口 登记了" in page("leader").get(f"{URL}/{id}").text
    assert "接口" in page("manager").get("/manage/audit").text


# Register, change ---------------------------------------------------------------------------------


def test_a_manager_registers_a_permit(page: PageOf, plant: Plant) -> None:
    html = page("manager").post(URL, TYPED)
    assert html.one("h1").text == "一级动火 DH-1124-01"
    found = work(plant, 1, NOW_MS)
    assert [(one["no"], one["part"]) for one in found.people] == [
        ("1001", "guardian"),
        ("1002", "worker"),
        ("1003", "worker"),
    ]
    assert found.row["source"] == "desk" and found.row["made_by"] == plant.id("manager")
    assert (found.row["starts_ms"], found.row["ends_ms"]) == (at("08:30"), at("12:00"))


def test_the_empty_form_proposes_the_next_hours(page: PageOf, plant: Plant) -> None:
    fields = page("manager").get(f"{URL}/new").form(URL)
    assert (fields["starts_date"], fields["starts_time"]) == ("2026-11-24", "08:00")
    assert (fields["ends_date"], fields["ends_time"]) == ("2026-11-24", "16:00")


@pytest.mark.parametrize("part", [part for part in READERS if part != "manager"])
def test_nobody_else_registers_one(page: PageOf, plant: Plant, part: str) -> None:
    page(part).get(f"{URL}/new", 403)
    page(part).post(URL, TYPED, 403)
    assert plant.store.value("SELECT COUNT(*) FROM special_work") == 0


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"ends_time": "08:00"}, "结束时间要在开始时间之后。"),
        ({"kind": ""}, "没有这种危险作业：。"),
        ({"kind": "fire"}, "动火作业要选级别。"),
        ({"kind": "fire.9"}, "动火作业没有这个级别：9。"),
        ({"ends_date": "2026-11-25"}, "这种作业票最长 8 小时有效。时间再长要另开一张票。"),
        ({"guardians": "7777"}, "没有工号 7777。"),
        ({"workers": "1001"}, "监护人不能同时是作业人：1001。"),
        ({"area": "A9"}, "没有这个区域：A9。"),
        ({"starts_time": ""}, "写明日期和时间，例如 08:30。"),
        ({"starts_date": "9999-99-99"}, "写明日期和时间，例如 08:30。"),
        ({"gas": "两小时"}, "气体检测间隔写 0 到 1440 分钟。"),
        (
            {"starts_date": "2026-10-01", "ends_date": "2026-10-01"},
            "开始时间在 30 天以前，不能再补登记。",
        ),
        ({"place": " "}, "作业地点要写 1 到 60 个字。"),
    ],
)
def test_a_refusal_comes_with_its_sentence_and_what_was_typed(
    page: PageOf, plant: Plant, typed: dict[str, str], sentence: str
) -> None:
    said = {**TYPED, **typed}
    html = page("manager").post(URL, said, 422)
    assert html.one("p", role="alert").text == sentence
    fields = html.form(URL)
    assert {name: fields[name] for name in ("no", "guardians", "starts_time", "gas")} == {
        name: said[name] for name in ("no", "guardians", "starts_time", "gas")
    }
    assert plant.store.value("SELECT COUNT(*) FROM special_work") == 0


def test_a_number_that_is_there_is_refused(page: PageOf, plant: Plant) -> None:
    register(plant, now_ms=MADE_MS)
    html = page("manager").post(URL, {**TYPED, "no": "dh 1124 01"}, 409)
    assert html.one("p", role="alert").text == "作业票 dh 1124 01 已经登记过。"


def test_the_same_press_twice_is_one_permit_and_one_line(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    for _ in range(2):
        assert manager.post(URL, TYPED).one("h1").text == "一级动火 DH-1124-01"
    assert plant.store.value("SELECT COUNT(*) FROM audit WHERE what = 'work.register'") == 1
    manager.post(URL, {**TYPED, "place": "别处"}, 409)


def test_a_late_registration_is_said_to_be_one(page: PageOf, plant: Plant) -> None:
    typed = {**TYPED, "starts_date": "2026-11-22", "ends_date": "2026-11-22"}
    assert "补登记" in page("manager").post(URL, typed).text


def test_before_the_start_everything_is_asked(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    manager.post(URL, TYPED)
    fields = manager.get(f"{URL}/1/change").form(f"{URL}/1/change")
    assert {key: fields[key] for key in ("kind", "place", "area", "guardians", "gas")} == {
        "kind": "fire.1",
        "place": "P-201 泵区北侧",
        "area": "A1",
        "guardians": "1001",
        "gas": "120",
    }
    manager.post(f"{URL}/1/change", {**fields, "place": "P-202", "kind": "fire.2"})
    assert work(plant, 1, NOW_MS).row["place"] == "P-202"
    assert work(plant, 1, NOW_MS).row["level"] == "2"


def test_a_saved_form_that_changes_nothing_leaves_no_line(page: PageOf, plant: Plant) -> None:
    manager = page("manager")
    manager.post(URL, TYPED)
    manager.post(f"{URL}/1/change", manager.get(f"{URL}/1/change").form(f"{URL}/1/change"))
    assert plant.store.value("SELECT COUNT(*) FROM audit WHERE about = 'work:1'") == 1


def test_once_started_only_end_guardian_and_interval_are_asked(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    manager = page("manager")
    manager.post(URL, TYPED)
    clock.at("09:00")
    fields = manager.get(f"{URL}/1/change").form(f"{URL}/1/change")
    assert set(fields) == {"ends_date", "ends_time", "guardians", "gas"}
    html = manager.post(f"{URL}/1/change", {**fields, "ends_time": "10:00"}, 422)
    assert "只能往后延" in html.one("p", role="alert").text
    manager.post(f"{URL}/1/change", {**fields, "ends_time": "16:30", "guardians": "1004"})
    found = work(plant, 1, at("09:00"))
    assert found.row["ends_ms"] == at("16:30") and found.guardians[0]["no"] == "1004"


# Roles and places ---------------------------------------------------------------------------------


def test_who_manages_one_area_writes_there_and_nowhere_else(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    chief(plant, "A1")
    mine, other, nowhere = (
        register(plant, no, area=area) for no, area in (("N1", "A1"), ("N2", "A2"), ("N3", None))
    )
    browser = page("chief")
    browser.post(URL, TYPED)
    browser.post(URL, {**TYPED, "no": "X2", "area": "A2"}, 403)
    browser.post(URL, {**TYPED, "no": "X3", "area": ""}, 422)
    browser.get(f"{URL}/{mine}/change")
    for id in (other, nowhere):
        browser.get(f"{URL}/{id}/change", 403)
        browser.post(f"{URL}/{id}/cancel", {"why": "x"}, 403)
    browser.post(f"{URL}/{mine}/change", {**TYPED, "area": "A2"}, 403)  # not moved away either
    clock.at("09:00")
    browser.post(f"{URL}/{other}/gas", {"passed": "1"}, 403)
    browser.post(f"{URL}/{mine}/gas", {"passed": "1"})


def test_a_leader_closes_and_tests_in_the_area_of_the_crew(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    here, there = register(plant), register(plant, "N2", area="A2", guardians=())
    clock.at("09:00")
    leader = page("leader")
    leader.post(f"{URL}/{here}/gas", {"passed": "1", "result": "O₂ 20.8 %"})
    leader.post(f"{URL}/{here}/close")
    assert work(plant, here, at("09:00")).row["closed_ms"] == at("09:00")
    leader.post(f"{URL}/{there}/close", status=403)
    for id in (here, there):
        leader.post(f"{URL}/{id}/cancel", {"why": "x"}, 403)
        leader.get(f"{URL}/{id}/change", 403)


def test_a_leader_tends_to_the_work_of_their_own_people_elsewhere(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    id = register(plant, area="A2", guardians=("1001",))
    clock.at("09:00")
    page("other_leader").post(f"{URL}/{id}/gas", {"passed": "1"}, 403)
    page("leader").post(f"{URL}/{id}/gas", {"passed": "1"})


def test_a_crew_of_no_area_does_not_tend_to_the_works_of_no_area(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE crew SET area = NULL")
    id = register(plant, area=None, guardians=())
    clock.at("09:00")
    page("leader").post(f"{URL}/{id}/close", status=403)


@pytest.mark.parametrize("part", ["signatory", "inspector", "admin"])
@pytest.mark.parametrize("what", ["gas", "close", "cancel"])
def test_who_only_reads_does_nothing(
    page: PageOf, plant: Plant, clock: Clock, part: str, what: str
) -> None:
    id = register(plant)
    clock.at("09:00")
    html = page(part).get(f"{URL}/{id}")
    assert [form.attrs["action"] for form in html.all("form")] == []
    page(part).post(f"{URL}/{id}/{what}", {"passed": "1", "why": "x"}, 403)


# Gas, close, cancel -------------------------------------------------------------------------------


def test_one_tap_enters_a_gas_test_of_now(page: PageOf, plant: Plant, clock: Clock) -> None:
    id = register(plant)
    clock.at("09:00")
    fields = page("leader").get(f"{URL}/{id}").form(f"{URL}/{id}/gas")
    html = page("leader").post(f"{URL}/{id}/gas", {**fields, "passed": "1"})
    assert "09:00 合格 2 小时 0 分 后再测" in html.one("section", id="gas").text


def test_a_tap_too_many_is_one_test(page: PageOf, plant: Plant, clock: Clock) -> None:
    id = register(plant)
    clock.at("09:00")
    for _ in range(2):
        page("leader").post(f"{URL}/{id}/gas", {"passed": "0", "result": "LEL 8 %"})
        clock.ms += 700
    assert plant.store.value("SELECT COUNT(*) FROM gas_test") == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "选合格或者不合格。"),
        ({"passed": "2"}, "选合格或者不合格。"),
        ({"passed": "1", "time": "09:01"}, "检测时间还没到。核对一下时间。"),
        ({"passed": "1", "time": "08:20"}, "已经有更晚的检测。核对一下时间。"),
        ({"passed": "1", "time": "25:00"}, "写明日期和时间，例如 08:30。"),
    ],
)
def test_a_gas_test_that_cannot_be_is_refused(
    page: PageOf, plant: Plant, clock: Clock, typed: dict[str, Any], sentence: str
) -> None:
    id = register(plant)
    gas(plant, id, at("08:30"))
    clock.at("09:00")
    html = page("leader").post(f"{URL}/{id}/gas", {**typed, "result": "LEL 0 %"}, 422)
    assert html.one("p", role="alert").text == sentence
    assert html.form(f"{URL}/{id}/gas")["result"] == "LEL 0 %"
    assert plant.store.value("SELECT COUNT(*) FROM gas_test") == 1


def test_a_test_of_before_is_entered_with_its_time(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    id = register(plant)
    clock.at("09:00")
    page("leader").post(f"{URL}/{id}/gas", {"passed": "1", "date": "2026-11-24", "time": "08:25"})
    found = work(plant, id, at("09:00"))
    assert found.gas is not None and found.gas["tested_ms"] == at("08:25")


def test_a_work_is_closed_after_somebody_has_looked(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    id = register(plant)
    leader = page("leader")
    assert f"{URL}/{id}/close" not in {
        form.attrs["action"] for form in leader.get(f"{URL}/{id}").all("form")
    }
    leader.post(f"{URL}/{id}/close", status=422)
    clock.at("11:00")
    html = leader.post(f"{URL}/{id}/close")
    assert "已关闭" in html.text and not html.all("form")
    leader.post(f"{URL}/{id}/gas", {"passed": "1"}, 409)


def test_cancelling_what_has_begun_needs_a_reason(page: PageOf, plant: Plant, clock: Clock) -> None:
    id = register(plant)
    clock.at("09:00")
    manager = page("manager")
    html = manager.post(f"{URL}/{id}/cancel", {"why": ""}, 422)
    assert html.one("p", role="alert").text == "作业已经开始。写明为什么取消。"
    assert "开始后取消" in manager.post(f"{URL}/{id}/cancel", {"why": "突降大雨"}).text


@pytest.mark.parametrize("url", [URL, f"{URL}/1/gas", f"{URL}/1/close", f"{URL}/1/cancel"])
def test_a_foreign_page_changes_nothing(page: PageOf, plant: Plant, url: str) -> None:
    register(plant)
    answer = page("manager").client.post(url, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("what", ["gas", "close", "cancel"])
def test_what_changes_something_is_not_opened_by_a_link(
    page: PageOf, plant: Plant, what: str
) -> None:
    id = register(plant)
    page("manager").get(f"{URL}/{id}/{what}", 405)
