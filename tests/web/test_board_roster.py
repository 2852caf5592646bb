"""The roster page and what a leader changes there: leave, swap, overtime, guests, who came."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import guests, history, leave, people, places, roster
from shiftapp.model.people import Person, Role
from shiftapp.model.places import Station
from shiftapp.store import Row
from tests.crew import crew_ready
from tests.ledger_walk import by_kind, check_ledger
from tests.managing import audited, scoped
from tests.page import Page
from tests.plant import NOW_MS, PUMPS, TANKS, TODAY, Clock, Plant
from tests.sealing import commit_body, deliver, make_ready

PageOf = Callable[..., Page]
BASE = "/board/JIA/2026-11-24/D"
HERE = f"{BASE}/roster"
NIGHT = "YI|2026-11-24|N"
GUEST = {"name": "李外", "employer": "东方检修", "tail": "0831", "post": f"{PUMPS}|J02"}
POSTS = {
    f"{HERE}/leave": {"no": "1001", "first": TODAY, "last": TODAY},
    "/board/JIA/roster/leave": {"no": "1001", "first": TODAY, "last": TODAY},
    f"{HERE}/overtime": {"no": "3001", "post": f"{TANKS}|J09"},
    f"{HERE}/guest": GUEST,
    f"{HERE}/swap": {"with": NIGHT},
}


def fill(plant: Plant) -> None:
    with plant.store.tx() as db:
        roster.fill_ahead(db, NOW_MS, plant.random)


def rows(plant: Plant, person: str, crew: str = "JIA", code: str = "D") -> list[Row]:
    found = roster.rows(plant.store, plant.instance(crew, code=code)["id"])
    return [row for row in found if row["person"] == person]


def how(plant: Plant, part: str, crew: str = "JIA", code: str = "D") -> list[tuple[str, str]]:
    return [(r["how"], r["ended_why"] or "") for r in rows(plant, plant.id(part), crew, code)]


def what(plant: Plant) -> list[str]:
    return [line["what"] for line in audited(plant) if line["person"]]


def station(plant: Plant, **changes: int) -> None:
    with plant.store.tx() as db:
        tanks = Station(TANKS, "V-305", "A2", "碳四罐区", risk="A", jobs=("J09",), **changes)
        places.save_station(db, tanks)


def guest_of(plant: Plant) -> Row:
    found = plant.store.row("SELECT * FROM person WHERE guest = 1 ORDER BY no LIMIT 1")
    assert found is not None
    return found


# Looking ------------------------------------------------------------------------------------------


def test_the_list_has_every_shift_from_yesterday_to_eight_days_ahead(
    page: PageOf, plant: Plant
) -> None:
    fill(plant)
    html = page("leader").get("/board/JIA/roster")
    links = [link for link in html.links if link.endswith("/roster")]
    assert HERE in links and "/board/JIA/2026-11-25/N/roster" in links
    assert "/board/JIA/2026-11-28/D/roster" in links and not any("12-03" in one for one in links)
    assert "开始前一天半排出名单" in html.text and "没有人请假" in html.text


def test_a_roster_says_by_station_who_is_on_it_and_how_they_came(
    page: PageOf, plant: Plant
) -> None:
    html = page("leader").get(HERE)
    assert html.one("h1").text == "名单"
    titles = [h.text for h in html.all("h2")]
    assert titles[0].startswith("碳四罐区") and titles[1].startswith("P-201 泵区")
    assert "排了 2 人" in html.text and "排班" in html.text
    assert f"{BASE}/people/{plant.id('worker')}" in html.links
    assert not [table for table in html.all("table") if "变更" in table.text]


def test_who_only_reads_sees_no_form(page: PageOf) -> None:
    for part in ("inspector", "signatory"):
        assert page(part).get(HERE).all("form") == []
        assert page(part).get("/board/JIA/roster").all("form") == []


@pytest.mark.parametrize("part", ["worker", "outsider", "other_leader"])
def test_another_crew_s_rosters_are_none_of_my_business(page: PageOf, part: str) -> None:
    browser = page(part)
    for address in (HERE, "/board/JIA/roster", f"{HERE}/swap"):
        browser.get(address, 403)


def test_what_is_not_there_is_404(page: PageOf) -> None:
    browser = page("manager")
    browser.get("/board/NIX/roster", 404)
    browser.get("/board/JIA/2026-11-24/N/roster", 404)
    browser.get(f"{HERE}/swap?with=nix", 404)
    browser.get(f"{HERE}/swap?with=JIA%7C2026-11-24%7CN", 404)


@pytest.mark.parametrize("part", ["worker", "outsider", "inspector", "signatory", "other_leader"])
def test_who_may_not_act_changes_nothing(page: PageOf, plant: Plant, part: str) -> None:
    browser = page(part)
    for address, data in POSTS.items():
        browser.post(address, data, status=403)
    browser.post(f"{HERE}/guest/{plant.id('worker')}", {"post": f"{PUMPS}|J02"}, status=403)
    browser.post("/board/JIA/roster/leave/1/back", status=403)
    assert what(plant) == [] and leave.of_crew(plant.store, "JIA", TODAY) == []


def test_a_get_of_an_action_is_405(page: PageOf) -> None:
    for address in POSTS:
        if not address.endswith("swap"):
            page("leader").get(address, 405)


# Leave and staffing -------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [f"{HERE}/leave", "/board/JIA/roster/leave"])
def test_leave_is_one_form_and_pressed_twice_it_is_one(
    page: PageOf, plant: Plant, address: str
) -> None:
    fill(plant)
    browser = page("leader")
    data = {"who": plant.id("worker"), "first": TODAY, "last": "2026-11-25"}
    for _ in range(2):
        browser.post(address, data)
    assert how(plant, "worker") == [("pattern", "leave")]
    assert what(plant) == ["roster.leave"]
    html = browser.get("/board/JIA/roster")
    assert "张三" in html.text and "王五 记的" in html.text
    check_ledger(plant.store)


def test_leave_after_the_opening_is_marked_as_a_change_with_time_and_name(
    page: PageOf, plant: Plant
) -> None:
    data = {"no": "1001", "first": TODAY, "last": TODAY}
    html = page("leader").post(f"{HERE}/leave", data)
    row = next(r for r in html.all("tr") if "张三" in r.text)
    assert "请假" in row.text and "变更" in row.text and "07:38 王五" in row.text
    assert "排了 3 人" in html.text


def test_leave_that_leaves_a_station_short_is_done_and_said(page: PageOf, plant: Plant) -> None:
    station(plant, staff=2)
    browser = page("leader")
    assert "人不够" not in browser.get(HERE).text
    html = browser.post(f"{HERE}/leave", {"no": "1002", "first": TODAY, "last": TODAY})
    assert "碳四罐区 要 2 人，排了 1 人" in html.one("p", class_="note-warn").text
    assert how(plant, "mate") == [("pattern", "leave")]


def test_a_station_that_needs_people_and_has_none_is_shown(page: PageOf, plant: Plant) -> None:
    station(plant, staff=2)
    browser = page("leader")
    fill(plant)
    for no in ("1002", "1004"):
        browser.post(f"{HERE}/leave", {"no": no, "first": TODAY, "last": "2026-11-28"})
    html = browser.get("/board/JIA/2026-11-25/N/roster")
    assert "要 2 人，排了 0 人" in html.text
    assert "碳四罐区 要 2 人，排了 0 人" in browser.get("/board/JIA/2026-11-28/D/roster").text


def test_leave_is_taken_back_with_one_tap(page: PageOf, plant: Plant) -> None:
    fill(plant)
    browser = page("leader")
    browser.post(f"{HERE}/leave", {"no": "1001", "first": "2026-11-25", "last": "2026-11-26"})
    id = leave.of_crew(plant.store, "JIA", TODAY)[0]["id"]
    for _ in range(2):
        browser.post(f"/board/JIA/roster/leave/{id}/back")
    assert what(plant) == ["roster.leave", "roster.back"]
    following = plant.instance("JIA", "2026-11-25", "N")
    assert roster.posts(plant.store, following["id"], plant.id("worker"))
    browser.post("/board/JIA/roster/leave/99/back", status=404)


def test_another_crew_s_leave_is_not_taken_back_from_here(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        by = plant.id("other_leader")
        leave.take(db, plant.id("outsider"), TODAY, TODAY, by=by, now_ms=NOW_MS)
    id = leave.of_crew(plant.store, "YI", TODAY)[0]["id"]
    page("leader").post(f"/board/JIA/roster/leave/{id}/back", status=404)
    page("leader").post(f"/board/YI/roster/leave/{id}/back", status=403)
    assert leave.of_crew(plant.store, "YI", TODAY)


@pytest.mark.parametrize("address", [f"{HERE}/leave", "/board/JIA/roster/leave"])
@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"first": "2026-11-26"}, 422, "第一天不能在最后一天后面"),
        ({"first": ""}, 422, "日期不对"),
        ({"first": "2026-11-01"}, 422, "最早从昨天写起"),
        ({"last": "2028-01-01"}, 422, "最多请 366 天"),
        ({"no": ""}, 422, "选一个人"),
        ({"no": "77777"}, 422, "没有工号 77777"),
        ({"no": "2001"}, 422, "钱七 不是这个班组的人"),
        ({"first": "2026-11-24", "last": "2026-11-24"}, 409, "已经请了假"),
    ],
)
def test_leave_that_cannot_be_is_refused_and_keeps_what_was_typed(
    page: PageOf, plant: Plant, address: str, changed: dict[str, str], status: int, words: str
) -> None:
    with plant.store.tx() as db:
        by = plant.id("leader")
        leave.take(db, plant.id("worker"), TODAY, "2026-11-25", by=by, now_ms=NOW_MS)
    data = {"no": "1001", "first": "2026-11-26", "last": "2026-11-25", **changed}
    html = page("leader").post(address, data, status=status)
    assert words in html.one("p", id="fault").text
    assert html.one("input", id="first").attrs["value"] == data["first"]
    assert html.one("input", id="leave-no").attrs["value"] == data["no"]
    assert len(leave.of_crew(plant.store, "JIA", TODAY)) == 1


def test_a_person_s_page_takes_leave_of_days_and_shows_it(page: PageOf, plant: Plant) -> None:
    browser, there = page("leader"), f"{BASE}/people/{plant.id('worker')}"
    form = browser.get(there).form(f"{HERE}/leave")
    assert form == {"who": plant.id("worker"), "first": TODAY, "last": TODAY}
    browser.post(f"{HERE}/leave", {**form, "first": "2026-11-25", "last": "2026-11-26"})
    assert "请假 2026-11-25 到 2026-11-26" in browser.get(there).text


# Swap ---------------------------------------------------------------------------------------------


def test_a_swap_is_two_lists_and_both_rosters_show_it(page: PageOf, plant: Plant) -> None:
    fill(plant)
    browser = page("leader")
    html = browser.get(f"{HERE}/swap")
    assert NIGHT in [one.attrs["value"] for one in html.all("option")]
    html = browser.get(f"{HERE}/swap?with={NIGHT.replace('|', '%7C')}&who={plant.id('worker')}")
    chosen = [one for one in html.one("select", id="who").children if "selected" in one.attrs]
    assert "钱七" in html.one("select", id="mate").text and chosen[0].text == "张三 1001"
    data = {"with": NIGHT, "who": plant.id("worker"), "mate": plant.id("outsider")}
    for _ in range(2):
        html = browser.post(f"{HERE}/swap", data)
    row = next(r for r in html.all("tr") if "钱七" in r.text)
    assert "换班" in row.text and "替张三" in row.text and "变更" in row.text
    assert how(plant, "worker") == [("pattern", "swapped")]
    assert how(plant, "worker", "YI", "N") == [("swap", "")]
    assert how(plant, "outsider", "YI", "N") == [("pattern", "swapped")]
    assert what(plant) == ["roster.swap", "roster.swap"]
    make_ready(plant, "outsider")
    assert "替张三 07:38" in browser.get(BASE).text
    theirs = page("other_leader").get("/board/YI/2026-11-24/N/roster").one("table").text
    assert "替钱七" in theirs and "变更" not in theirs  # its window is not open yet
    check_ledger(plant.store)


@pytest.mark.parametrize("gone", ["who", "mate"])
def test_a_swap_with_nobody_is_refused(page: PageOf, plant: Plant, gone: str) -> None:
    fill(plant)
    data = {"with": NIGHT, "who": plant.id("worker"), "mate": plant.id("outsider"), gone: ""}
    html = page("leader").post(f"{HERE}/swap", data, status=422)
    assert html.one("p", id="fault").text == "换班要写谁来上；没人上就记请假。"
    assert how(plant, "worker") == [("pattern", "")] and what(plant) == []


def test_a_swap_with_who_is_not_there_changes_neither(page: PageOf, plant: Plant) -> None:
    fill(plant)
    data = {"with": NIGHT, "who": plant.id("worker"), "mate": plant.id("chen")}
    html = page("leader").post(f"{HERE}/swap", data, status=409)
    assert "不在本班名单" in html.text
    assert how(plant, "worker") == [("pattern", "")]


# Overtime -----------------------------------------------------------------------------------------


def test_who_stays_on_is_offered_and_added_once(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    html = browser.get(HERE)
    assert plant.id("night1") in [
        one.attrs["value"] for one in html.one("select", id="overtime-who").children
    ]
    data = {"who": plant.id("night1"), "post": f"{PUMPS}|J02"}
    for _ in range(2):
        html = browser.post(f"{HERE}/overtime", data)
    row = next(r for r in html.all("tr") if "夜1" in r.text)
    assert "加班" in row.text and "变更" in row.text
    assert how(plant, "night1") == [("overtime", "")] and what(plant) == ["roster.overtime"]
    assert rows(plant, plant.id("night1"))[0]["run_required"] == 1
    assert len(by_kind(plant.store)["chg"]) == 1
    check_ledger(plant.store)


def test_overtime_may_ask_for_the_commitment_alone(page: PageOf, plant: Plant) -> None:
    page("leader").post(
        f"{HERE}/overtime", {"no": "3001", "post": f"{PUMPS}|J02", "only": "commit"}
    )
    assert rows(plant, plant.id("night1"))[0]["run_required"] == 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"post": ""}, "选一个工位和岗位"),
        ({"post": f"{PUMPS}|J09"}, "选一个工位和岗位"),
        ({"no": "", "who": ""}, "选一个人"),
        ({"no": "99999"}, "没有工号 99999"),
    ],
)
def test_overtime_of_nobody_or_nowhere_is_refused(
    page: PageOf, plant: Plant, changed: dict[str, str], words: str
) -> None:
    data = {"no": "3001", "post": f"{PUMPS}|J02", **changed}
    html = page("leader").post(f"{HERE}/overtime", data, status=422)
    assert words in html.one("p", id="fault").text
    assert html.one("input", id="overtime-no").attrs["value"] == data["no"]
    assert html.one("input", id="leave-no").attrs["value"] == ""
    assert what(plant) == []


def test_somebody_on_duty_elsewhere_is_refused_and_told_where(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    with plant.store.tx() as db:
        last_night = plant.instance("BING", "2026-11-23", "N")["id"]
        db.run("UPDATE instance SET ends_ms = ends_ms + 1860000 WHERE id = :i", i=last_night)
    html = page("leader").post(
        f"{HERE}/overtime", {"no": "3001", "post": f"{PUMPS}|J02"}, status=409
    )
    told = html.one("p", id="fault").text
    assert told == "夜1 在 丙班 2026-11-23 夜班 的名单上，时间重叠。先在那边去掉。"
    there = f"{BASE}/people/{plant.id('worker')}"
    html = page("leader").post(f"{there}/standin", {"no": "3001"}, status=409)
    assert "丙班" in html.text and how(plant, "worker") == [("pattern", "")]
    make_ready(plant, "night1")
    html = page("leader").post(f"{BASE}/people/{plant.id('night1')}/join", status=409)
    assert "丙班" in html.text and how(plant, "night1") == []


def test_a_shift_that_is_over_is_shown_without_forms_and_refuses(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    clock.at("20:01")
    browser = page("leader")
    html = browser.get(HERE)
    assert "已经结束" in html.text and html.all("form") == []
    for action in ("overtime", "guest"):
        told = browser.post(f"{HERE}/{action}", POSTS[f"{HERE}/{action}"], status=409)
        assert "2026-11-24 白班 已经结束" in told.text
    assert what(plant) == []


# Guests -------------------------------------------------------------------------------------------


def test_a_leader_adds_a_guest_once_and_has_vouched(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    for _ in range(2):
        html = browser.post(f"{HERE}/guest", GUEST)
    row = next(r for r in html.all("tr") if "李外" in r.text)
    assert "东方检修 手机尾号 0831" in row.text and "外来人员" in row.text and "变更" in row.text
    person = guest_of(plant)
    assert (person["vouched_ms"], person["vouched_by"]) == (NOW_MS, plant.id("leader"))
    assert [r["how"] for r in rows(plant, person["id"])] == ["guest"]
    assert what(plant) == ["roster.vouch", "roster.guest"]
    assert plant.store.value("SELECT COUNT(*) FROM person WHERE guest = 1") == 1
    assert len(by_kind(plant.store)["chg"]) == 1
    assert "0831" not in [a.attrs["href"] for a in browser.get(BASE).all("a")]
    assert not [a for a in browser.get(BASE).links if a.startswith("tel:0831")]
    check_ledger(plant.store)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": " "}, "写上姓名"),
        ({"employer": ""}, "写上单位"),
        ({"tail": "83"}, "最后 4 位数字"),
        ({"post": ""}, "选一个工位和岗位"),
    ],
)
def test_a_guest_said_badly_is_refused_and_nobody_is_made(
    page: PageOf, plant: Plant, changed: dict[str, str], words: str
) -> None:
    html = page("leader").post(f"{HERE}/guest", {**GUEST, **changed}, status=422)
    assert words in html.one("p", id="fault").text
    assert html.one("input", id="tail").attrs["value"] == {**GUEST, **changed}["tail"]
    assert plant.store.value("SELECT COUNT(*) FROM person WHERE guest = 1") == 0


def test_the_contractors_job_is_offered_first_where_the_plant_has_it(
    page: PageOf, plant: Plant
) -> None:
    with plant.store.tx() as db:
        places.save_job(db, places.Job("J17", "承包商入场", "Contractor"))
        station = Station(PUMPS, "P-201", "A1", "P-201 泵区", risk="B", jobs=("J02", "J05", "J17"))
        places.save_station(db, station)
    html = page("leader").get(HERE)
    values = [o.attrs["value"] for o in html.one("select", id="guest-post").children]
    assert values[1] == f"{PUMPS}|J17" and f"{PUMPS}|J02" in values
    page("leader").post(f"{HERE}/guest", {**GUEST, "post": f"{PUMPS}|J17"})
    assert rows(plant, guest_of(plant)["id"])[0]["run_required"] == 0  # no checklist yet


def registered(plant: Plant) -> str:
    said = guests.Guest("李外", "东方检修", "0831")
    id = "11111111-1111-4111-8111-111111111111"
    with plant.store.tx() as db:
        plant.ids["guest"] = guests.register(db, said, "JIA", id=id, now_ms=NOW_MS)
    return id


def test_who_registered_themself_waits_to_be_confirmed(page: PageOf, plant: Plant) -> None:
    person, browser = registered(plant), page("leader")
    assert "李外 等核对" in browser.get(HERE).text
    browser.post(f"{HERE}/guest/{person}", {"post": ""}, status=422)
    for _ in range(2):
        html = browser.post(f"{HERE}/guest/{person}", {"post": f"{PUMPS}|J02"})
    assert "等核对" not in html.text and [r["how"] for r in rows(plant, person)] == ["guest"]
    assert what(plant) == ["roster.vouch", "roster.guest"]
    for stranger in (plant.id("worker"), "nobody"):
        browser.post(f"{HERE}/guest/{stranger}", {"post": f"{PUMPS}|J02"}, status=404)


def test_a_guest_who_came_is_confirmed_with_the_join_button(page: PageOf, plant: Plant) -> None:
    person, browser = registered(plant), page("leader")
    make_ready(plant, "guest")
    html = browser.get(HERE)
    assert "东方检修 手机尾号 0831" in html.one("section", id="arrivals").text
    assert html.all("button", class_="btn")[0].text == "核对了，加入 李外"
    assert "等核对" not in html.text
    their_page = browser.get(f"{BASE}/people/{person}")
    assert "核对了，加入" in their_page.text and "手机尾号 0831" in their_page.text
    for _ in range(2):
        browser.post(f"{BASE}/people/{person}/join")
    assert guest_of(plant)["vouched_ms"] == NOW_MS and what(plant) == ["roster.join"]
    assert [r["how"] for r in rows(plant, person)] == ["guest"]
    (state,) = [p for p in history.people_states(plant.store, plant.instance(), NOW_MS)
                if p.person == person]  # fmt: skip
    assert state.name == "ready" and "unverified" not in state.state.marks
    assert "身份没核实" not in browser.get(f"{BASE}/people/{person}").text
    check_ledger(plant.store)


def test_guests_are_no_matter_of_leave_or_overtime(page: PageOf, plant: Plant) -> None:
    registered(plant)
    browser = page("leader")
    no = guest_of(plant)["no"]
    html = browser.post(f"{HERE}/leave", {"no": no, "first": TODAY, "last": TODAY}, status=422)
    assert "不是这个班组的人" in html.text
    browser.post(f"{HERE}/overtime", {"no": no, "post": f"{PUMPS}|J02"}, status=422)
    assert no not in html.one("select", id="leave-who").text


# Scope --------------------------------------------------------------------------------------------


def test_who_works_out_of_scope_comes_and_nags_nobody(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    with plant.store.tx() as db:
        moved = Person(
            plant.id("mate"), "1002", "李四", crew="JIA", posts=(people.Post(TANKS, "J09"),)
        )
        people.save_person(db, moved, NOW_MS)
        roster.end(db, plant.instance()["id"], plant.id("mate"), "mistake", by="x", now_ms=NOW_MS)
    station(plant, scoped=0)
    deliver(plant, commit_body(plant, "mate", NOW_MS + 1), at_ms=NOW_MS + 1)
    deliver(plant, commit_body(plant, "outsider"))
    browser = page("leader")
    board, html = browser.get(BASE), browser.get(HERE)
    assert "来了不在名单 1" in board.text and "来了不在名单 1" in html.text
    assert "李四" in html.one("section", id="uncounted").text
    assert "钱七" in html.one("section", id="arrivals").text
    browser.get(f"{BASE}/people/{plant.id('mate')}")
    browser.post(f"{BASE}/people/{plant.id('mate')}/join")
    assert how(plant, "mate")[-1] == ("added", "")
    assert "来了，不算应到" not in browser.get(HERE).text


def test_a_leader_of_the_whole_area_sees_the_list_of_each_crew(page: PageOf, plant: Plant) -> None:
    scoped(plant, "leader", Role("leader", "area", "A1"))
    crew_ready(plant)
    for crew in ("JIA", "YI", "BING"):
        assert page("leader").get(f"/board/{crew}/roster").one("h1").text == "排班名单"
