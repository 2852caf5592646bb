"""Written leave at the desk and on the phone: given, used, taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import announcements, credentials
from tests.announcing import at
from tests.page import Html, Page
from tests.plant import TODAY, Clock, Plant

Open = Callable[..., Page]
PATH, CHECK = "/publish/delegations", "/publish/check"
PASSWORD, PIN = "correct horse battery", "471936"
TYPED = {"no": "2001", "first": TODAY, "last": "2026-11-30", "document": "安字 7 号"}


@pytest.fixture(autouse=True)
def nine(clock: Clock, plant: Plant) -> None:
    clock.at("09:05")
    password = credentials.hash_secret(PASSWORD, plant.keys.pin_pepper)
    pin = credentials.hash_secret(PIN, plant.keys.pin_pepper)
    with plant.store.tx() as db:
        credentials.set_password(db, plant.id("signatory"), password)
        credentials.set_pin(db, plant.id("leader"), pin)
    TYPED["no"] = str(
        plant.store.value("SELECT no FROM person WHERE id = :id", id=plant.id("leader"))
    )


def give(who: Page, status: int = 200, **typed: str) -> Html:
    fields = {**who.get(PATH).form(PATH), **TYPED, "secret": PASSWORD, **typed}
    return who.post(PATH, fields, status)


def count(plant: Plant) -> int:
    return int(plant.store.value("SELECT COUNT(*) FROM delegation"))


def test_the_principal_gives_leave_and_takes_it_back(page: Open, plant: Plant) -> None:
    principal = page("signatory")
    html = give(principal)
    assert "授权记下了" in html.text
    assert "王五" in html.text
    assert "安字 7 号" in html.text
    id = plant.store.value("SELECT id FROM delegation")
    html = principal.post(f"{PATH}/{id}/end", {})
    assert "收回了" in html.text
    assert html.all("form", action=f"{PATH}/{id}/end") == []
    assert count(plant) == 1  # it stays in the list


def test_a_wrong_password_gives_no_leave(page: Open, plant: Plant) -> None:
    html = give(page("signatory"), 403, secret="guess")
    assert "密码不对" in html.text
    assert html.one("input", name="document").attrs["value"] == "安字 7 号"  # what was typed stays
    assert count(plant) == 0


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"no": "9999"}, 404, "没有这个工号"),
        ({"no": "1002"}, 422, "没有能用的账号"),
        ({"document": " "}, 422, "没有书面授权"),
        ({"document": "张三"}, 422, "不能写人名"),
        ({"first": "2026-11-23"}, 422, "不能从过去开始"),
        ({"last": "2026-12-25"}, 422, "最多 31 天"),
        ({"last": "2026-11-20"}, 422, "换过来"),
        ({"last": "31.12."}, 422, "2026-11-24 这样"),
    ],
)
def test_leave_that_cannot_be_is_refused_with_a_sentence(
    page: Open, plant: Plant, typed: dict[str, str], status: int, words: str
) -> None:
    assert words in give(page("signatory"), status, **typed).text
    assert count(plant) == 0


def test_overlapping_leave_is_refused(page: Open, plant: Plant) -> None:
    give(page("signatory"))
    assert "已有授权" in give(page("signatory"), 409).text
    assert count(plant) == 1


@pytest.mark.parametrize("who", ["manager", "inspector"])
def test_readers_see_the_list_and_no_form(page: Open, plant: Plant, who: str) -> None:
    give(page("signatory"))
    html = page(who).get(PATH)
    assert "王五" in html.text
    assert html.all("form", action=PATH) == []
    page(who).post(PATH, {**TYPED, "secret": PASSWORD}, 403)
    page(who).post(f"{PATH}/1/end", {}, 403)


@pytest.mark.parametrize("who", ["worker", "admin", "leader"])
def test_others_neither_read_nor_give(page: Open, plant: Plant, who: str) -> None:
    page(who).get(PATH, 403)
    page(who).post(PATH, {**TYPED, "secret": PASSWORD}, 403)
    page(who).post(f"{PATH}/1/end", {}, 403)
    assert count(plant) == 0


def test_leave_that_is_not_there_cannot_be_taken_back(page: Open) -> None:
    page("signatory").post(f"{PATH}/99/end", {}, 404)


def test_a_delegate_reads_and_signs_on_the_phone(page: Open, good_day: Plant) -> None:
    """Without leave the page is closed to the leader; with it, the PIN signs for the principal."""
    page("leader", device=True).get("/publish", 403)
    give(page("signatory"))
    mine = page("leader", device=True)
    shown = mine.post(CHECK, mine.get("/publish").form(CHECK))
    assert "受 周九 书面授权，授权书 安字 7 号" in shown.text
    mine.post("/publish", {**shown.form("/publish"), "secret": PIN})
    found = announcements.current(good_day.store)
    assert found is not None
    assert found["doc"]["signatory"]["name"] == "王五"
    assert found["doc"]["delegate_of"]["name"] == "周九"
    assert found["published_by"] == good_day.id("leader")
    assert "受 周九 书面授权" in page("manager").get("/publish/history").text


def test_leave_taken_back_between_text_and_signature_signs_nothing(
    page: Open, good_day: Plant
) -> None:
    principal, mine = page("signatory"), page("leader", device=True)
    give(principal)
    shown = mine.post(CHECK, mine.get("/publish").form(CHECK))
    id = good_day.store.value("SELECT id FROM delegation")
    principal.post(f"{PATH}/{id}/end", {})
    mine.post("/publish", {**shown.form("/publish"), "secret": PIN}, 403)
    assert announcements.current(good_day.store) is None


def test_the_phone_of_who_signs_leads_to_it(page: Open, good_day: Plant, clock: Clock) -> None:
    """And says when it is overdue; a worker's does not."""
    assert "/publish" not in page("worker", device=True).get("/W/").links
    html = page("signatory", device=True).get("/W/")
    assert "/publish" in html.links
    assert "签发公告，10:00 前" in html.text
    clock.ms = at("10:01")
    assert "已过 10:00，公告还没发布" in page("signatory", device=True).get("/W/").text
    assert "已过 10:00，还没有公告" in page("manager").get("/manage").text
