"""The board's pages: whose they are, what they show, and the fragment that moves."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from shiftapp.model import board
from tests.crew import big_crew, crew_ready, plain_step, veto_step
from tests.page import Element, Html, Page
from tests.plant import PUMPS, TANKS, Clock, Plant
from tests.sealing import commit_body, deliver, make_ready, run_body

PageOf = Callable[..., Page]
BASE = "/board/JIA/2026-11-24/D"


def test_a_leader_comes_straight_to_the_current_shift(page: PageOf, plant: Plant) -> None:
    make_ready(plant, "worker")
    html = page("leader").get("/board")
    assert html.one("h1").text == "生产一部 甲班"
    assert "1 / 6 人" in html.text and "11月24日 白班 08:00–20:00" in html.text
    assert [h.text for h in html.all("h2", class_="b-st-name")] == [
        "碳四罐区 0 / 2 就绪",
        "P-201 泵区 1 / 4 就绪",
    ]
    assert html.one("a", href=f"{BASE}/people/{plant.id('worker')}").text == "张三 07:38 就绪"


def test_who_has_several_crews_gets_the_list(page: PageOf) -> None:
    html = page("manager").get("/board")
    assert {"/board/JIA", "/board/BING", "/board/YI"} <= set(html.links)
    assert "下一班" in html.text  # 乙班 is off
    assert page("manager").get("/board/JIA").one("h1").text == "生产一部 甲班"


def test_between_shifts_the_next_one_is_named(page: PageOf, plant: Plant) -> None:
    html = page("other_leader").get("/board")
    assert "现在不在班" in html.text and "19:15" in html.text
    assert "/board/YI/2026-11-23/D" in html.links  # the previous one, one tap away
    assert "/board/YI/2026-11-24/N" in html.links


def test_another_shift_says_that_it_is_not_this_one(page: PageOf) -> None:
    html = page("manager").get("/board/BING/2026-11-23/N")
    assert "这不是本班" not in html.text  # the night shift still runs at 07:38
    assert "这不是本班" not in page("manager").get("/board/YI/2026-11-23/D").text  # none runs


def test_desk_roles_see_the_board(page: PageOf) -> None:
    for part in ("leader", "manager", "signatory", "inspector", "admin"):
        assert "没开始 6" in page(part).get(BASE).text


@pytest.mark.parametrize("part", ["signatory", "inspector"])
def test_who_only_reads_finds_nothing_to_press(page: PageOf, plant: Plant, part: str) -> None:
    deliver(plant, run_body(plant, "worker", bad=plain_step(plant)), commit_body(plant, "mate"))
    html = page(part).get(BASE)
    assert [f.attrs["action"] for f in html.all("form")] == ["/logout"]
    assert "签字" not in [a.text for a in html.all("a")]
    assert not [a for a in html.all("a") if a.text == "答复"]


def test_strangers_and_operators_see_no_board(page: PageOf) -> None:
    stranger, operator = page(None), page("worker")
    for url in ("/board", "/board/JIA", BASE, f"{BASE}/_board"):
        assert stranger.client.get(url).headers["Location"].startswith("/login?next=/board")
        operator.get(url, 403)


def test_the_leader_of_another_crew_is_out_of_scope(page: PageOf) -> None:
    other = page("other_leader")
    for url in ("/board/JIA", BASE, f"{BASE}/_board", f"{BASE}/sign"):
        assert "不归你管" in other.get(url, 403).text


def test_a_shift_that_is_not_there(page: PageOf) -> None:
    manager = page("manager")
    for url in ("/board/JIA/2026-11-24/X", "/board/JIA/soon/D"):
        manager.get(url, 404)
    manager.get("/board/NONE", 403)


def test_a_board_is_only_read(page: PageOf) -> None:
    for url in ("/board", BASE, f"{BASE}/_board"):
        page("leader").post(url, status=405)


# --- The fragment --------------------------------------------------------------------------------


def fragment_url(page: Page, plant: Plant) -> str:
    return page.get(BASE).one("div", id="board").attrs["hx-get"]


def test_the_fragment_is_204_until_something_is_written(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    url = fragment_url(browser, plant)
    quiet = browser.client.get(url)
    assert (quiet.status_code, quiet.data) == (204, b"")
    assert int(quiet.headers["Plant-Now-Ms"]) > 0
    make_ready(plant, "worker")
    moved = browser.client.get(url)
    assert moved.status_code == 200 and "张三" in moved.text
    assert moved.text.lstrip().startswith("<div") and "<html" not in moved.text
    assert "no-store" in moved.headers["Cache-Control"]


def test_the_fragment_moves_when_the_clock_passes_due(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    browser = page("leader")
    clock.at("07:59:59")
    url = fragment_url(browser, plant)
    assert browser.client.get(url).status_code == 204
    clock.at("08:00")
    moved = browser.client.get(url)
    assert moved.status_code == 200 and "超时没开始 6" in moved.text and "已接班" in moved.text


def test_the_fragment_is_the_page_s_own(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    whole = browser.client.get(BASE).text
    part = browser.client.get(f"{BASE}/_board").text
    assert part.strip() in whole


def test_a_session_that_ended_loads_the_page_anew_and_not_into_the_board(page: PageOf) -> None:
    answer = page(None).client.get(f"{BASE}/_board", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (401, "true")
    assert answer.data == b""


# --- What it shows -------------------------------------------------------------------------------


def test_not_fit_reads_like_any_other_and_only_the_leader_opens_it(
    page: PageOf, plant: Plant
) -> None:
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    for part in ("leader", "manager", "inspector"):
        html = page(part).get(BASE)
        assert "张三 要当面说" in html.text and "异常 1" in html.text
        assert "上岗" not in html.text and "身体" not in html.text
        opens = [a for a in html.links if a.startswith("/board/todos/")]
        assert bool(opens) == (part == "leader")


def test_after_a_quarter_of_an_hour_the_board_says_so(page: PageOf, clock: Clock) -> None:
    clock.at("08:15")
    assert "接班 15 分了，还有 6 人没开始" in page("leader").get(BASE).text


def test_a_veto_closes_the_signature(page: PageOf, plant: Plant) -> None:
    deliver(plant, run_body(plant, "worker", bad=veto_step(plant)))
    html = page("leader").get(BASE)
    (button,) = [b for b in html.all("button") if b.attrs.get("aria-disabled")]
    assert button.text == "还不能签字 先答复 1 项"
    assert f"{BASE}/sign" not in html.links


def test_the_board_speaks_english_to_who_wants_it(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE person SET lang = 'en' WHERE id = :id", id=plant.id("leader"))
    assert "Production 1 Crew JIA" in page("leader").get(BASE).one("h1").text


def test_a_phone_s_silence_is_told(page: PageOf, plant: Plant, clock: Clock) -> None:
    plant.device("worker")
    html = page("leader").get(BASE)
    assert "手机 1 天没上传" in html.text and "没有登记手机" in html.text
    assert "/board/phones" in html.links


def test_its_scripts_are_within_40_kb(page: PageOf, app: Flask) -> None:
    """design.md §6, compressed as they are sent; none of them loads another one."""
    urls = [tag.attrs["src"] for tag in page("leader").get(BASE).all("script")]
    assert [re.sub(r".*/static/|\?.*", "", url) for url in urls] == [
        "vendor/htmx.min.js",
        "js/board.js",
    ]
    sizes = []
    for url in urls:
        with app.test_client().get(url, headers={"Accept-Encoding": "gzip"}) as answered:
            assert answered.headers["Content-Encoding"] == "gzip"
            sizes.append(len(answered.data))
    assert sum(sizes) <= 40 * 1024, sizes


# --- By person -----------------------------------------------------------------------------------

PEOPLE = f"{BASE}?by=person"


def people(html: Html) -> list[str]:
    """The rows of the list of people, each as one text."""
    (table,) = html.all("table", class_="b-ppl")
    rows = [row for row in html.all("tr") if row.attrs.get("id", "").startswith("who-")]
    assert len(rows) == len(table.children[-1].children)
    return [row.text for row in rows]


def test_by_person_who_needs_somebody_stands_first(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    make_ready(plant, "worker")
    deliver(plant, commit_body(plant, "mate"))
    deliver(plant, commit_body(plant, "chen"), run_body(plant, "chen", bad=veto_step(plant)))
    deliver(plant, commit_body(plant, "lin", bad="ppe"))
    page("leader").post(f"{BASE}/people/{plant.id('huang')}/end", {"why": "leave"})
    assert people(page("leader").get(PEOPLE)) == [
        "否决 1 陈一 1003 P-201 泵区 手机 07:38 上传过",
        "异常 1 林二 1004 碳四罐区 手机 07:38 上传过",
        "没开始 王五 1010 P-201 泵区 没有登记手机",
        "进行中 李四 1002 碳四罐区 已承诺 准时 手机 07:38 上传过",
        "就绪 张三 1001 P-201 泵区 07:38 准时 手机 07:38 上传过",
        "请假 黄三 1005 P-201 泵区 没有登记手机",
    ]
    clock.at("08:05")
    late = people(page("leader").get(PEOPLE))
    assert [row.split(" 100")[0].split(" 1010")[0] for row in late[2:4]] == [
        "超时 进行中 李四",
        "超时 没开始 王五",
    ]


def test_by_person_everybody_of_the_board_stands_there_once(page: PageOf, plant: Plant) -> None:
    stations = page("leader").get(BASE)
    seats = {a.attrs["href"] for a in stations.all("a", class_="tile")}
    rows = [a for a in page("leader").get(PEOPLE).links if "/people/" in a and "#" not in a]
    assert sorted(rows) == sorted(seats) and len(rows) == 6


def test_by_person_nobody_sees_who_is_not_fit(page: PageOf, plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker", bad="fit"))
    deliver(plant, commit_body(plant, "chen"), run_body(plant, "chen", bad=plain_step(plant)))
    first, second, *_ = people(page("leader").get(PEOPLE))
    assert first.replace("张三 1001", "X") == second.replace("陈一 1003", "X")


def test_by_person_tells_the_reason_and_every_phone(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    first, _ = plant.device("mate")
    plant.devices.pop("mate")
    plant.device("mate")
    with plant.store.tx() as db:
        db.run("UPDATE device SET synced_ms = :t, unsent = 2 WHERE id = :d", t=clock.ms, d=first)
    leader = page("leader")
    leader.post(f"{BASE}/people/{plant.id('mate')}/absence", {"why": "on_the_way"})
    (row,) = [row for row in people(leader.get(PEOPLE)) if "李四" in row]
    assert (
        row
        == "没开始 李四 1002 碳四罐区 路上 手机 07:38 上传过 还有 2 份没传 另一台 手机 1 天没上传"
    )
    assert "另一台 手机 1 天没上传" in leader.get(BASE).text  # beside who has not started, too


def test_the_view_is_kept_by_the_fragment(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    html = browser.get(PEOPLE)
    assert [a.text for a in html.all("a") if "aria-current" in a.attrs] == ["按人"]
    url = html.one("div", id="board").attrs["hx-get"]
    assert browser.client.get(url).status_code == 204
    make_ready(plant, "worker")
    moved = browser.client.get(url).text
    assert 'class="tbl o-tbl b-ppl"' in moved and "by=person" in moved
    plain = browser.get(BASE)
    assert [a.text for a in plain.all("a") if "aria-current" in a.attrs] == ["按工位"]
    assert plain.one("div", id="board").attrs["hx-get"] == url.replace("&by=person", "").replace(
        re.findall(r"rev=([\w-]+)", url)[0], plain.one("div", id="board").attrs["data-rev"]
    )
    assert browser.get(f"{BASE}?by=nonsense").all("table", class_="b-ppl") == []


def test_a_shift_without_people_says_so_in_both_views(page: PageOf, plant: Plant) -> None:
    for by in ("", "?by=person"):
        html = page("leader").get(f"/board/JIA/2026-11-28/D{by}")
        assert "本班还没有名单" in html.text


# --- What presses, and what does not -------------------------------------------------------------


def test_ten_minutes_before_the_countdown_presses_while_somebody_is_missing(
    page: PageOf, plant: Plant, clock: Clock
) -> None:
    def press() -> list[str]:
        cells = page("leader").get(BASE).all("div", class_="b-big")
        return cells[0].attrs["class"].split()

    assert press() == ["b-cell", "b-big"]
    clock.at("07:50")
    assert "b-cell-soon" in press() and "快接班了" in page("leader").get(BASE).text
    clock.at("08:00")
    assert "b-cell-late" in press()
    crew_ready(plant)
    clock.at("07:50")
    assert press() == ["b-cell", "b-big"]
    clock.at("08:00")
    assert press() == ["b-cell", "b-big"]


def test_overdue_is_not_missed(page: PageOf, clock: Clock) -> None:
    clock.at("08:00")
    html = page("leader").get(BASE)
    assert "超时 没开始" in html.text and "超时没开始 6" in html.text
    assert "没做" not in html.text
    clock.at("20:00")
    html = page("leader").get(BASE)
    assert "没做 6" in html.text and "超时" not in html.text.replace("超时 否决", "")


def test_a_station_with_too_few_people_says_so(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE station SET staff = 3 WHERE code = :c", c=TANKS)
        db.run("UPDATE station SET staff = 4 WHERE code = :c", c=PUMPS)
    html = page("leader").get(BASE)
    (name,) = [h.text for h in html.all("h2", class_="b-st-name") if "要" in h.text]
    assert name == "碳四罐区 0 / 2 就绪 要 3 人，排了 2 人"
    assert "人手不够 1" in html.text and f"{BASE}/roster" in html.links
    page("leader").post(f"{BASE}/people/{plant.id('worker')}/end", {"why": "leave"})
    assert "要 4 人，排了 3 人" in page("leader").get(PEOPLE).text
    assert "排人" not in page("inspector").get(BASE).text


def test_the_last_half_hour_is_for_writing_the_handover(page: PageOf, clock: Clock) -> None:
    clock.at("19:29:59")
    assert "快交班了" not in page("leader").get(BASE).text
    clock.at("19:30")
    assert "快交班了" in page("leader").get(BASE).text
    assert "快交班了" not in page("inspector").get(BASE).text


# --- One tap -------------------------------------------------------------------------------------


def waits_for(html: Html, person: str) -> tuple[dict[str, str], list[str]]:
    """The buttons beside somebody who has not started: word → where it is sent; and the links."""
    form = html.one("form", id=f"reasons-{person}")
    buttons = [e for e in html.all("button") if form in _above(e)]
    links = [e.attrs["href"] for e in html.all("a") if form in _above(e)]
    sent = {b.text: b.attrs.get("formaction", form.attrs["action"]) for b in buttons}
    return sent, links


def _above(element: Element) -> list[Element]:
    found = []
    above = element.parent
    while above is not None:
        found.append(above)
        above = above.parent
    return found


@pytest.mark.parametrize("few", [True, False])
def test_on_the_way_and_leave_are_one_tap_each(page: PageOf, plant: Plant, few: bool) -> None:
    if few:
        crew_ready(plant, "mate")
    mate, leader = plant.id("mate"), page("leader")
    sent, links = waits_for(leader.get(BASE), mate)
    there = f"{BASE}/people/{mate}"
    assert sent == {"路上": f"{there}/absence", "请假": f"{there}/end"}
    assert links == [f"{there}#standin", f"{there}#other"]
    leader.post(sent["路上"], {"why": "on_the_way"})
    assert "没开始 路上" in leader.get(BASE).text
    html = leader.post(sent["请假"], {"why": "leave"})
    assert html.all("form", id=f"reasons-{mate}") == [] and "请假" in html.text


def test_many_who_have_not_started_do_not_make_the_column_endless(
    page: PageOf, plant: Plant
) -> None:
    ids = big_crew(plant, 60, 10)
    leader = page("leader")
    html = leader.get(BASE)
    waits = [e.attrs["id"] for e in html.all("div", class_="b-item") if "id" in e.attrs]
    assert len(waits) == board.LISTED and "还有 46 人，按人看" in html.text
    first = plant.id("worker")
    leader.post(f"{BASE}/people/{first}/absence", {"why": "on_the_way"})
    html = leader.get(BASE)
    assert html.all("div", id=f"waits-{first}") == [], "who has a reason makes room"
    assert len(people(leader.get(PEOPLE))) == 6 + len(ids)


def test_the_other_pages_of_a_shift_are_one_press_away(page: PageOf, plant: Plant) -> None:
    leads = page("leader").get(BASE)
    for path in ("round", "roster", "handover", "report"):
        assert f"{BASE}/{path}" in leads.links
    assert {"/ladder", "/board/signals", "/board/proxies"} <= set(leads.links)
    reads = page("inspector").get(BASE)
    assert {f"{BASE}/handover", f"{BASE}/report", "/ladder"} <= set(reads.links)
    for url in (f"{BASE}/round", f"{BASE}/roster", "/board/signals", "/board/proxies"):
        assert url not in reads.links
    acts = page("manager").get(BASE).links  # and leads no crew: the round would be refused
    assert f"{BASE}/roster" in acts and f"{BASE}/round" not in acts
    assert {"/ladder", "/board/signals", "/board/proxies"} <= set(
        page("manager").get("/board").links
    )
    assert "/board/signals" not in page("inspector").get("/board").links


def test_the_moving_part_of_300_people_is_small(page: PageOf, plant: Plant) -> None:
    big_crew(plant, 300, 60)
    for by in ("station", "person"):
        url = f"{BASE}/_board?by={by}"
        sent = page("leader").client.get(url, headers={"Accept-Encoding": "gzip"})
        assert sent.headers["Content-Encoding"] == "gzip" and len(sent.data) <= 16 * 1024
