"""The paper sheet of a shift: printed ahead, entered later, each tick a proxy record of its own."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shiftapp.model import absences, people, proxies, roster, settings
from shiftapp.model.people import Person
from tests.calling import BASE, of, sheet, state_of
from tests.page import Html, Page
from tests.plant import MADE_MS, NOW_MS, PUMPS, Clock, Plant, client_of
from tests.qr.printed import page_texts, picture, read_codes
from tests.sealing import commit_body, deliver
from tests.web.plain import stored

PageOf = Callable[..., Page]
URL = f"{BASE}/paper"


def ticked(plant: Plant, *did: str, ran: tuple[str, ...] = (), **why: str) -> dict[str, str]:
    """What is filled in: who promised, who called out, and why somebody is not here."""
    return {
        **{f"did-{plant.id(part)}": "1" for part in did},
        **{f"ran-{plant.id(part)}": "1" for part in ran},
        **{f"why-{plant.id(part)}": note for part, note in why.items()},
    }


def enter(browser: Page, filled: dict[str, str], status: int = 200) -> Html:
    return browser.post(URL, {**sheet(browser.get(URL)), **filled}, status)


def written(plant: Plant) -> dict[str, Any]:
    return absences.of_instance(plant.store, plant.instance()["id"])


# Entered ------------------------------------------------------------------------------------------


def test_every_tick_is_a_proxy_record_with_the_reason_paper(page: PageOf, plant: Plant) -> None:
    html = enter(page("leader"), ticked(plant, "worker", "mate", ran=("worker",)))
    assert "录入了：2 人" in html.text
    assert [row["kind"] for row in of(plant, "worker")] == ["commit", "run"]
    assert [row["kind"] for row in of(plant, "mate")] == ["commit"]
    for row in stored(plant):
        assert (row["proxy"], row["unverified"], row["counts"]) == (1, 0, 1)
        assert row["body"]["who"]["ev"]["why"] == "paper"
        assert row["body"]["time"]["sealed_ms"] == row["recv_ms"] == NOW_MS
    assert state_of(plant, "worker") == ("ready", ["on_time", "proxy"])
    assert state_of(plant, "mate") == ("running", ["on_time", "proxy"])


def test_who_is_left_stands_on_the_page_it_leads_to(page: PageOf, plant: Plant) -> None:
    html = enter(page("leader"), ticked(plant, "worker"))
    assert html.one("h1").text == "点名结果" and "还有 5 人" in html.text
    assert "班长代录 1 / 1 人（100%）·其中纸上的 1 人" in html.text


def test_a_reason_is_a_note_of_absence(page: PageOf, plant: Plant) -> None:
    enter(page("leader"), ticked(plant, "worker", mate="送孩子"))
    note = written(plant)[plant.id("mate")]
    assert (note["why"], note["note"], note["by_person"]) == ("other", "送孩子", plant.id("leader"))
    assert of(plant, "mate") == []
    assert "送孩子" in str([e.attrs for e in page("leader").get(URL).all("input")])


def test_sent_twice_it_is_entered_once(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    filled = {**sheet(browser.get(URL)), **ticked(plant, "worker", ran=("worker",), mate="路上堵")}
    browser.post(URL, filled)
    before, audited = stored(plant), plant.store.value("SELECT COUNT(*) FROM audit")
    html = browser.post(URL, filled)
    assert "录入了：0 人" in html.text
    assert stored(plant) == before
    assert plant.store.value("SELECT COUNT(*) FROM audit") == audited == 2


def test_two_pages_filled_alike_are_entered_once(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    first, second = sheet(browser.get(URL)), sheet(browser.get(URL))
    for one in (first, second):
        browser.post(URL, {**one, **ticked(plant, "worker", ran=("worker",))})
    assert [row["kind"] for row in of(plant, "worker")] == ["commit", "run"]


def test_who_has_committed_is_shown_and_cannot_be_ticked(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    filled = {**sheet(browser.get(URL)), **ticked(plant, "worker")}
    deliver(plant, commit_body(plant, "worker"))
    html = browser.get(URL)
    assert html.all("input", name=f"did-{plant.id('worker')}") == [] and "已经有了" in html.text
    browser.post(URL, filled)
    assert [row["proxy"] for row in of(plant, "worker")] == [0]


def test_nobody_is_ticked_over_their_own_not_today(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    filled = {**sheet(browser.get(URL)), **ticked(plant, "worker", "mate", ran=("worker",))}
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    assert browser.get(URL).all("input", name=f"did-{plant.id('worker')}") == []
    browser.post(URL, filled)
    assert [row["result"] for row in of(plant, "worker")] == ["cannot"]
    assert [row["result"] for row in of(plant, "mate")] == ["committed"]


def test_the_leader_enters_nothing_for_themselves(page: PageOf, plant: Plant) -> None:
    html = enter(page("leader"), ticked(plant, "leader"), status=422)
    assert "还没打勾" in html.text and "自己的承诺自己做" in html.text and stored(plant) == []


@pytest.mark.parametrize(
    ("did", "ran", "why", "said"),
    [
        ((), (), "", "还没打勾"),
        (("worker",), (), "发烧", "张三 又打了勾又写了原因"),
        ((), ("worker",), "", "张三 只勾了手指口述"),
    ],
)
def test_what_does_not_fit_comes_back_as_it_was(
    page: PageOf, plant: Plant, did: tuple[str, ...], ran: tuple[str, ...], why: str, said: str
) -> None:
    filled = {**ticked(plant, "mate", *did, ran=ran, worker=why)} if said[0] == "张" else {}
    html = enter(page("leader"), filled, status=422)
    assert said in html.text and stored(plant) == [] and written(plant) == {}
    for key, value in filled.items():
        field = html.one("input", name=key)
        assert ("checked" in field.attrs) if value == "1" else (field.attrs["value"] == value)


def test_after_the_window_it_is_taken_and_flagged(page: PageOf, plant: Plant, clock: Clock) -> None:
    clock.at("20:30")
    assert "已经结束" in page("leader").get(URL).text
    enter(page("leader"), ticked(plant, "worker"))
    (row,) = of(plant, "worker")
    assert (row["counts"], row["proxy"]) == (0, 1) and "outside_window" in row["flags"]
    assert row["body"]["time"]["sealed_ms"] == clock.ms, "never dated back"


def test_the_page_says_that_nothing_is_dated_back(page: PageOf) -> None:
    assert "时间按现在录入算，不倒填" in page("leader").get(URL).text


@pytest.mark.parametrize("part", ["worker", "other_leader", "manager", "inspector", "admin"])
def test_who_does_not_lead_enters_nothing(page: PageOf, plant: Plant, part: str) -> None:
    browser = page(part)
    browser.get(URL, 403)
    filled = {**sheet(page("leader").get(URL)), **ticked(plant, "worker")}
    browser.post(URL, filled, status=403)
    assert stored(plant) == []


def test_somebody_not_on_the_roster_is_not_entered(page: PageOf, plant: Plant) -> None:
    enter(page("leader"), ticked(plant, "worker", "outsider"))
    assert of(plant, "outsider") == []


def test_the_share_counts_paper_apart(page: PageOf, plant: Plant) -> None:
    deliver(plant, commit_body(plant, "chen"))
    enter(page("leader"), ticked(plant, "worker", "mate"))
    share = proxies.share(plant.store, plant.instance()["id"], NOW_MS)
    assert (share.commitments, share.proxies, share.paper, share.spoken) == (3, 2, 2, 0)
    assert share.percent == 67


# Printed ------------------------------------------------------------------------------------------


def pdf(browser: Page, status: int = 200) -> bytes:
    response = browser.client.get(f"{BASE}/sheet.pdf")
    assert response.status_code == status
    return response.data


def test_the_sheet_has_everybody_and_leads_to_the_page(page: PageOf, plant: Plant) -> None:
    data = pdf(page("leader"))
    (text,) = page_texts(data)
    for said in ("班前承诺点名表", "甲班", "2026年11月24日", "白班 08:00–20:00", "张三", "1001",
                 "碳四罐区", "王五", "只承诺", "班长签字", "第 1 / 1 页"):  # fmt: skip
        assert said in text, said
    assert read_codes(picture(data, scale=3)) == [f"https://aq.example.cn{URL}"]


@pytest.mark.parametrize("part", ["leader", "manager", "admin"])
def test_who_acts_for_the_crew_prints_it(page: PageOf, part: str) -> None:
    assert pdf(page(part)).startswith(b"%PDF")


@pytest.mark.parametrize("part", ["worker", "other_leader", "inspector"])
def test_nobody_else_prints_it(page: PageOf, part: str) -> None:
    pdf(page(part), 403)


def test_a_rare_name_is_spelled_and_holds_up_nobody(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        person = Person(plant.id("worker"), "1001", "𠮷野", crew="JIA")
        people.save_person(db, person, MADE_MS)
    (text,) = page_texts(pdf(page("leader")))
    assert "[U+20BB7]野" in text and "李四" in text


def test_an_address_no_code_can_carry_is_said(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        settings.put(db, url=f"https://{'a' * 120}.example.cn")
    response = page("leader").client.get(f"{BASE}/sheet.pdf")
    assert response.status_code == 422 and "网址太长" in response.text


def test_it_speaks_the_language_of_who_prints(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE person SET lang = 'en' WHERE id = :id", id=plant.id("leader"))
    (text,) = page_texts(pdf(page("leader")))
    assert "Crew sheet" in text and "Day shift" in text and "promise only" in text


def test_a_sheet_of_sixty_is_entered_in_one_post(page: PageOf, plant: Plant) -> None:
    ids = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(54)]
    with plant.store.tx() as db:
        for number, id in enumerate(ids):
            people.save_person(db, Person(id, f"12{number:02}", f"人{number:02}"), MADE_MS)
            roster.add(
                db, plant.instance()["id"], id, [roster.Post(PUMPS, "J02")],
                how="added", by="test", now_ms=NOW_MS, random=plant.random,
            )  # fmt: skip
    browser = page("leader")
    html = browser.get(URL)
    assert browser.response is not None and len(browser.response.data) < 60_000
    filled = {**sheet(html), **{f"did-{id}": "1" for id in ids}, **{f"ran-{id}": "1" for id in ids}}
    assert "录入了：54 人" in browser.post(URL, filled).text
    assert plant.store.value("SELECT COUNT(*) FROM record WHERE counts = 1 AND proxy = 1") == 108
    assert "录入了：0 人" in browser.post(URL, filled).text
    assert len(page_texts(pdf(browser))) == 4


def test_eight_equal_sheets_at_once_are_entered_once(app: Flask, plant: Plant) -> None:
    filled = {
        **sheet(Page(client_of(app, plant, "leader")).get(URL)),
        **ticked(plant, "worker", "mate", ran=("worker",), chen="请假"),
    }
    browsers = [client_of(app, plant, "leader") for _ in range(8)]

    def send(browser: FlaskClient) -> int:
        headers = {"Sec-Fetch-Site": "same-origin"}
        return browser.post(URL, data=filled, headers=headers).status_code

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, browsers)) == {303}
    kinds = sorted((row["kind"], row["person"] == plant.id("worker")) for row in stored(plant))
    assert kinds == [("commit", False), ("commit", True), ("run", True)]
    assert plant.store.value("SELECT COUNT(*) FROM audit") == 3
