"""The board's pages: whose they are, what they show, and the fragment that moves."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.crew import plain_step, veto_step
from tests.page import Page
from tests.plant import Clock, Plant
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
    assert moved.status_code == 200 and "超时没做" in moved.text and "已接班" in moved.text


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
