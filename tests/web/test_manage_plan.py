"""Crews, groups, patterns at the desk: what is changed is planned anew, what is touched stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import crews, roster, shifts
from shiftapp.model.people import Role
from tests.managing import audited, change, faulty, scoped
from tests.page import Page
from tests.plant import Plant

PageOf = Callable[..., Page]
CREW, PATTERN = "/manage/crews/YI", "/manage/patterns/P4"


def planned(plant: Plant, crew: str = "YI") -> list[tuple[str, str]]:
    """Day and shift of everything planned for a crew, from today on."""
    rows = shifts.from_date(plant.store, "2026-11-24", "2026-12-31")
    return [(row["shift_date"][5:], row["code"]) for row in rows if row["crew"] == crew]


def test_another_offset_plans_the_days_ahead_anew(page: PageOf, plant: Plant) -> None:
    assert planned(plant)[:3] == [("11-24", "N"), ("11-27", "D"), ("11-28", "N")]
    html = change(page("manager"), CREW, offset="3")
    assert planned(plant)[:3] == [("11-25", "D"), ("11-26", "N"), ("11-29", "D")]
    assert html.one("table", class_="g-strip") and audited(plant)[-1]["detail"] == "offset"


def test_what_a_leader_has_touched_stays(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        roster.add(
            db,
            plant.instance("YI", code="N")["id"],
            plant.id("worker"),
            [roster.Post("7K2M41QF", "J02")],
            how="added",
            by=plant.id("other_leader"),
            now_ms=1795477080000,
            random=plant.random,
        )
    change(page("manager"), CREW, offset="3")
    assert planned(plant)[:2] == [("11-24", "N"), ("11-25", "D")]


def test_a_crew_out_of_use_has_no_shifts_ahead(page: PageOf, plant: Plant) -> None:
    html = change(page("manager"), CREW, active="0")
    assert planned(plant) == [] and not html.all("table", class_="g-strip")
    change(page("manager"), CREW, active="1")
    assert planned(plant)[0] == ("11-24", "N")


def test_a_new_crew_has_shifts_at_once(page: PageOf, plant: Plant) -> None:
    change(page("manager"), "/manage/new/crew", code="丁", name="丁班", group="G-YI", pattern="P4",
           offset="3")  # fmt: skip
    assert planned(plant, "丁")[0] == ("11-25", "D")
    page("manager").get("/manage/crews/丁")


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"offset": "first"}, "offset", "不是整数"),
        ({"group": "G-NO"}, "group", "没有这个统计组：G-NO"),
        ({"pattern": "P-NO"}, "", "没有这个班制：P-NO"),
        ({"area": "A-NO"}, "", "没有这个区域：A-NO"),
        ({"group": ""}, "group", "不能空"),
    ],
)
def test_a_crew_that_cannot_be(
    page: PageOf, plant: Plant, typed: dict[str, str], field: str, words: str
) -> None:
    html = change(page("admin"), CREW, status=422, **typed)
    told = faulty(html)
    assert words in (told[field] if field else next(iter(told.values())))
    assert planned(plant)[0] == ("11-24", "N") and audited(plant) == []


def test_an_area_of_another_site(page: PageOf, plant: Plant) -> None:
    browser = page("admin")
    change(browser, "/manage/new/site", code="EC", name="二厂")
    change(browser, "/manage/new/area", code="B1", site="EC", name="二厂罐区", risk="B")
    assert "area" in faulty(change(browser, CREW, status=422, area="B1"))


def test_a_manager_of_an_area_keeps_crews_in_it(page: PageOf, plant: Plant) -> None:
    scoped(plant, "manager", Role("manager", "area", "A1"))
    browser = page("manager")
    change(browser, CREW, name="乙班了")
    assert "不归你管" in faulty(change(browser, CREW, status=422, area="A2"))["area"]
    assert "不归你管" in faulty(change(browser, CREW, status=422, area=""))["area"]
    assert browser.get("/manage/crews").links.count(CREW) == 1
    browser.get("/manage/groups/G-YI", 403)


def test_a_small_group_is_told(page: PageOf) -> None:
    html = page("manager").get("/manage/groups/G-YI")
    assert "不足 5 人" in html.text and CREW in html.links
    assert "不足 5 人" not in page("manager").get("/manage/groups/G-JIA").text
    crews_page = page("inspector").get("/manage/crews").text
    assert "不单列" in crews_page and "没有班长" in crews_page


def test_a_strip_says_every_day_in_words(page: PageOf) -> None:
    html = page("inspector").get("/manage/patterns")
    table = html.one("table", class_="g-strip")
    rows = [
        e for e in html.all("tr") if e.inside("tbody") and e.parent and e.parent.parent is table
    ]
    words = {row.children[0].text: [td.children[0].text for td in row.children[1:]] for row in rows}
    assert words["甲班"][:4] == ["白班", "夜班", "休", "休"]
    assert words["乙班"][:4] == ["夜班", "休", "休", "白班"]
    assert {len(days) for days in words.values()} == {28}
    assert "有 14 天不是每个班次都有班组，第一天是 2026-11-25" in html.text


def test_another_anchor_plans_all_its_crews_anew(page: PageOf, plant: Plant) -> None:
    change(page("manager"), PATTERN, anchor="2026-11-25")
    # by the new plan 乙班 is at work now: the board shows it at once
    assert planned(plant)[:3] == [("11-24", "D"), ("11-25", "N"), ("11-28", "D")]
    assert roster.posts(plant.store, plant.instance("YI")["id"], plant.id("outsider"))
    assert planned(plant, "JIA")[:2] == [("11-24", "D"), ("11-25", "D")]  # its window was open


def test_times_are_typed_as_people_write_them(page: PageOf, plant: Plant) -> None:
    change(page("manager"), PATTERN, start__0="7点30", end__0="19:30", code__1="n")
    rows = crews.pattern_shifts(plant.store, "P4")
    assert [(r["code"], r["start"], r["minutes"]) for r in rows] == [
        ("D", "07:30", 720),
        ("N", "20:00", 720),
    ]


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"cycle": "DNAR"}, "cycle", "A 还没写时间"),
        ({"cycle": "RRR"}, "cycle", "至少一天上班"),
        ({"cycle": "D1"}, "cycle", "一天一个大写字母"),
        ({"cycle": "DR"}, "code.1", "没有字母"),
        ({"start__0": "25:00"}, "start.0", "不是时刻"),
        ({"end__0": "08:30"}, "end.0", "1 到 24 小时"),
        ({"name__0": ""}, "name.0", "不能空"),
        ({"code__2": "R", "name__2": "休", "start__2": "8:00", "end__2": "9:00"}, "code.2", "字母"),
        ({"anchor": "someday"}, "anchor", "不是日期"),
    ],
)
def test_a_pattern_that_cannot_be(
    page: PageOf, plant: Plant, typed: dict[str, str], field: str, words: str
) -> None:
    before = crews.pattern_shifts(plant.store, "P4")
    html = change(page("admin"), PATTERN, status=422, **typed)
    assert words in faulty(html)[field] and f"#f-{field}" in html.links
    assert crews.pattern_shifts(plant.store, "P4") == before and audited(plant) == []


def test_times_saved_by_somebody_else_are_shown(page: PageOf) -> None:
    mine = page("manager")
    fields = mine.get(PATTERN).form(PATTERN)
    change(page("admin"), PATTERN, start__0="07:00", end__0="19:00")
    html = mine.post(PATTERN, {**fields, "name": "我写的"}, status=409)
    assert "D 白班 07:00–19:00" in html.one("p", class_="g-stored").text


def test_a_pattern_of_the_library(page: PageOf, plant: Plant) -> None:
    browser = page("manager")
    assert "4C3S-8" in [
        e.attrs["value"] for e in browser.get("/manage/new/pattern").all("input", name="code")
    ]
    html = browser.post("/manage/new/pattern/library", {"code": "4C3S-8"})
    assert html.one("input", id="f-anchor").attrs["value"] == "2026-11-24"
    weekly = browser.post("/manage/new/pattern/library", {"code": "DAY-5"})
    assert weekly.one("input", id="f-anchor").attrs["value"] == "2026-11-23"  # a Monday
    browser.post("/manage/new/pattern/library", {"code": "4C3S-8"}, status=409)
    browser.post("/manage/new/pattern/library", {"code": "NO"}, status=404)
    page("inspector").post("/manage/new/pattern/library", {"code": "DAY-56"}, status=403)
    browser.get("/manage/new/pattern/library", 405)
    assert [line["detail"] for line in audited(plant)] == ["library", "library"]
