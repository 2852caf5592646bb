"""The state of the plant on a tablet or phone: one tap, a reason, an earlier time; who may."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import facilities
from shiftapp.model.people import Role
from tests.furnishing import BEFORE_MS, enter, furnish, now
from tests.managing import scoped
from tests.page import Element, Html, Page
from tests.plant import NOW_MS, Clock, Plant

PageOf = Callable[..., Page]
LOOK = "/facilities/sites/YC/look"


def card(html: Html, name: str) -> Element:
    """The card of a facility by its name."""
    return next(li for li in html.all("li", class_="f-card") if name in li.text)


def buttons(html: Html, code: str) -> list[str]:
    """What one tap enters for a facility."""
    form = html.one("form", action=f"/facilities/{code}/state")
    return [b.attrs["value"] for b in html.all("button", name="state") if _in(b, form)]


def _in(element: Element | None, outer: Element) -> bool:
    while element is not None and element is not outer:
        element = element.parent
    return element is outer


def looked(plant: Plant) -> int:
    return int(plant.store.value("SELECT COUNT(*) FROM facility_look"))


def entries(plant: Plant, code: str) -> list[str]:
    return [row["state"] for row in facilities.history(plant.store, code)]


def test_every_facility_is_a_card_with_its_state_in_words_and_a_mark(
    page: PageOf, plant: Plant
) -> None:
    furnish(plant)
    enter(plant, "W1", "unsafe", note="报警器坏")
    html = page("manager").get("/facilities")
    assert html.one("h1").text == "装置和重大危险源"
    unit = card(html, "碳四装置")
    assert "运行" in unit.text and "11月23日 21:38 起" in unit.text
    assert "生产一部" in unit.text and "重点监管工艺" in unit.text
    store = card(html, "危化品库")
    assert "不安全" in store.text and "报警器坏" in store.text and "三级重大危险源" in store.text
    for one in html.all("span", class_="badge"):
        assert one.text and [c.tag for c in one.children] == ["svg"]
    assert "装置 2 套：运行 2，停产 0，检修 0" in html.text
    assert "罐区、仓库 2 处：安全 1，空置 0" in html.text and "1 处不安全" in html.text


def test_another_state_is_one_tap(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    html = page("manager").get("/facilities")
    assert buttons(html, "U1") == ["trial", "startup", "shutdown", "stopped"]
    assert buttons(html, "T1") == ["empty"]
    html = page("manager").post("/facilities/U1/state", {"state": "stopped", "back": "list"})
    assert html.one("h1").text == "装置和重大危险源"
    assert "记下了：碳四装置，07:38 起。" in html.text
    found = now(plant)["U1"]
    assert (found.state, found.since_ms, found.seen_ms) == ("stopped", NOW_MS, NOW_MS)
    assert facilities.history(plant.store, "U1")[0]["by_person"] == plant.id("manager")


def test_a_state_that_needs_a_reason_is_entered_on_the_page_that_asks_for_it(
    page: PageOf, plant: Plant
) -> None:
    furnish(plant)
    manager = page("manager")
    assert "/facilities/U1?state=maintenance#enter" in manager.get("/facilities").links
    html = manager.get("/facilities/U1?state=maintenance")
    assert html.form("/facilities/U1/state")["state"] == "maintenance"
    html = manager.post("/facilities/U1/state", {"state": "maintenance", "note": " 换泵 "})
    assert html.one("h1").text == "碳四装置" and "换泵" in html.text
    assert (now(plant)["U1"].state, now(plant)["U1"].note) == ("maintenance", "换泵")


def test_what_began_earlier_is_entered_with_its_time(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    page("manager").post("/facilities/U1/state", {"state": "shutdown", "time": "06:05"})
    assert now(plant)["U1"].since_ms == NOW_MS - (93 * 60_000)
    data = {"state": "empty", "time": "23:30", "day": "yesterday"}
    html = page("manager").post("/facilities/T1/state", data)
    assert now(plant)["T1"].since_ms == BEFORE_MS + 112 * 60_000
    assert "11月23日 23:30" in html.text and "11月24日 07:38" in html.text  # began, entered


@pytest.mark.parametrize(
    ("typed", "status", "words", "field"),
    [
        ({"state": "maintenance"}, 422, "写几个字：为什么", "note"),
        ({"state": "maintenance", "note": "   "}, 422, "写几个字：为什么", "note"),
        ({"state": "stopped", "note": "长" * 201}, 422, "太长了", "note"),
        ({"state": "stopped", "time": "07:39"}, 422, "还没有到", "time"),
        ({"state": "stopped", "time": "25:00"}, 422, "08:00", "time"),
        ({"state": "stopped", "time": "早上"}, 422, "08:00", "time"),
        ({"state": "stopped", "time": "21:00", "day": "yesterday"}, 409, "上一次记录之前", "time"),
        ({"state": "safe"}, 422, "没有这种状态", ""),
        ({}, 422, "没有这种状态", ""),
    ],
)
def test_a_refusal_says_what_to_do_and_keeps_what_was_typed(
    page: PageOf, plant: Plant, typed: dict[str, str], status: int, words: str, field: str
) -> None:
    furnish(plant)
    html = page("manager").post("/facilities/U1/state", typed, status=status)
    assert words in html.one("p", id="fault").text
    wrong = [e.attrs["id"] for e in html.elements if e.attrs.get("aria-invalid") == "true"]
    assert wrong == ([field] if field else [])
    kept = html.form("/facilities/U1/state")
    offered = {"state", "note", "time"} if typed.get("state") != "safe" else {"note", "time"}
    assert {k: kept.get(k, "") for k in offered} == {k: typed.get(k, "") for k in offered}
    assert entries(plant, "U1") == ["running"]


def test_pressed_twice_is_one_entry(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    manager = page("manager")
    manager.post("/facilities/U1/state", {"state": "stopped"})
    html = manager.post("/facilities/U1/state", {"state": "stopped"})
    assert "已经是这个状态，没有再记" in html.text
    assert entries(plant, "U1") == ["stopped", "running"]


def test_nothing_has_changed_is_one_big_button_a_site(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    manager = page("manager")
    html = manager.get("/facilities")
    assert "今天还没看" in html.text
    html = manager.post(LOOK, html.form(LOOK))
    assert "记下了：07:38 看过，都没有变。" in html.text and "今天 07:38 全部看过" in html.text
    assert {one.seen_ms for one in now(plant).values()} == {NOW_MS}
    assert looked(plant) == 1 and entries(plant, "U1") == ["running"]


def test_who_saw_other_states_has_not_looked_at_these(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    manager = page("manager")
    seen = manager.get("/facilities").form(LOOK)
    enter(plant, "T1", "unsafe", note="液位计坏")
    html = manager.post(LOOK, seen, status=409)
    assert "别人刚改过状态" in html.one("p", id="fault").text and "液位计坏" in html.text
    assert looked(plant) == 0
    manager.post(LOOK, html.form(LOOK))
    assert looked(plant) == 1


def test_as_long_as_a_state_is_missing_nobody_says_that_nothing_has_changed(
    page: PageOf, plant: Plant
) -> None:
    furnish(plant, entered=False)
    manager = page("manager")
    html = manager.get("/facilities")
    assert "4 处没填状态" in html.text and "没填状态" in card(html, "球罐区").text
    assert html.all("button", aria_disabled="true")
    html = manager.post(LOOK, html.form(LOOK), status=409)
    assert "还没有填状态" in html.one("p", id="fault").text
    assert looked(plant) == 0


def test_a_day_without_a_look_is_told(page: PageOf, plant: Plant, clock: Clock) -> None:
    furnish(plant)
    clock.ms = BEFORE_MS + 24 * 3_600_000
    assert "超过一天没看" not in page("leader").get("/facilities").text
    clock.ms += 1
    html = page("leader").get("/facilities")
    assert "超过一天没看" in html.text and html.all("p", class_="f-old")


@pytest.mark.parametrize("part", ["leader", "signatory", "inspector", "admin"])
def test_who_leads_reads_it_and_enters_nothing(page: PageOf, plant: Plant, part: str) -> None:
    furnish(plant)
    browser = page(part)
    html = browser.get("/facilities")
    assert "碳四装置" in html.text and html.all("form") == []
    assert "运行" in browser.get("/facilities/U1").text
    browser.post("/facilities/U1/state", {"state": "stopped"}, status=403)
    browser.post(LOOK, {}, status=403)
    assert entries(plant, "U1") == ["running"] and looked(plant) == 0


@pytest.mark.parametrize("part", ["worker", "outsider"])
def test_a_worker_does_not(page: PageOf, plant: Plant, part: str) -> None:
    furnish(plant)
    page(part).get("/facilities", status=403)
    page(part).get("/facilities/U1", status=403)
    page(part).post("/facilities/U1/state", {"state": "stopped"}, status=403)
    page(part).post(LOOK, {}, status=403)


def test_a_stranger_signs_in_first(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    assert page(None).get("/facilities").one("form", action="/login")
    assert page(None).post("/facilities/U1/state", {"state": "stopped"}).one("h1").text == "登录"
    assert entries(plant, "U1") == ["running"]


def test_who_manages_an_area_enters_what_belongs_to_it(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    scoped(plant, "manager", Role("manager", "area", "A1"))
    manager = page("manager")
    html = manager.get("/facilities")
    actions = {form.attrs["action"] for form in html.all("form")}
    assert actions == {"/facilities/U1/state", "/facilities/U2/state"}
    manager.post("/facilities/U1/state", {"state": "stopped"})
    for other in ("T1", "W1"):  # of another area, of none
        manager.post(f"/facilities/{other}/state", {"state": "empty"}, status=403)
        assert manager.get(f"/facilities/{other}").all("form") == []
    manager.post(LOOK, {}, status=403)  # it speaks for all of the site
    assert entries(plant, "U1") == ["stopped", "running"] and entries(plant, "T1") == ["safe"]
    assert looked(plant) == 0


def test_who_manages_everything_of_a_site_may_say_that_nothing_has_changed(
    page: PageOf, plant: Plant
) -> None:
    furnish(plant)
    with plant.store.tx() as db:
        facilities.save(db, facilities.Facility("W1", "YC", "warehouse", "危化品库", area="A2"))
    scoped(plant, "manager", Role("manager", "area", "A1"), Role("manager", "area", "A2"))
    manager = page("manager")
    manager.post(LOOK, manager.get("/facilities").form(LOOK))
    assert looked(plant) == 1


def test_a_manager_enters_it_on_a_phone_too(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    page("manager", device=True).post("/facilities/U1/state", {"state": "stopped"})
    assert entries(plant, "U1") == ["stopped", "running"]


def test_the_history_names_who_and_when_newest_first(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    enter(plant, "U1", "maintenance", note="换泵")
    html = page("inspector").get("/facilities/U1")
    rows = [tr.text for tr in html.all("tr")][1:]
    assert len(rows) == 2
    assert all("孙八" in row for row in rows)
    assert all(said in rows[0] for said in ("检修", "换泵", "11月24日 07:38"))
    assert "运行" in rows[1] and "11月23日 21:38" in rows[1]
    assert "不会改，也不会删" in html.text


def test_what_is_out_of_use_keeps_its_page_and_takes_no_state(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    with plant.store.tx() as db:
        facilities.save(db, facilities.Facility("U2", "YC", "unit", "加氢装置", active=0))
    manager = page("manager")
    assert "加氢装置" not in manager.get("/facilities").text
    html = manager.get("/facilities/U2")
    assert "停用" in html.text and html.all("form") == [] and "运行" in html.text
    html = manager.post("/facilities/U2/state", {"state": "stopped"}, status=409)
    assert "已停用" in html.one("p", id="fault").text


def test_there_is_none_and_wrong_method(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    manager = page("manager")
    manager.get("/facilities/NIX", status=404)
    manager.post("/facilities/NIX/state", {"state": "running"}, status=404)
    manager.post("/facilities/sites/NIX/look", {}, status=404)
    manager.post("/facilities", {}, status=405)
    manager.get("/facilities/U1/state", status=405)


def test_without_facilities_it_says_what_will_be_here(page: PageOf) -> None:
    html = page("manager").get("/facilities")
    assert "还没有登记装置" in html.text and "/manage/facilities" in html.links
    assert "/manage/facilities" not in page("leader").get("/facilities").links


def test_another_site_cannot_enter_a_state(page: PageOf, plant: Plant) -> None:
    furnish(plant)
    answer = page("manager").client.post(
        "/facilities/U1/state",
        data={"state": "stopped"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403 and entries(plant, "U1") == ["running"]
