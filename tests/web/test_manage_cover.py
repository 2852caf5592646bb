"""Who works when, at a desk: gaps, two crews in one shift and overlaps are refused unless meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shiftapp.model import crews, places
from shiftapp.model.people import Role
from tests.managing import audited, change, faulty, scoped
from tests.page import Html, Page
from tests.plant import TODAY, Plant

PageOf = Callable[..., Page]
PATTERN, NEW, CREW = "/manage/patterns/P4", "/manage/new/pattern", "/manage/crews/YI"
OWN = {
    "code": "OWN", "name": "自己的", "cycle": "DNRR", "anchor": TODAY,
    "code__0": "D", "name__0": "白班", "start__0": "08:00", "end__0": "20:00",
    "code__1": "N", "name__1": "夜班", "start__1": "20:00", "end__1": "08:00", "rows": "2",
}  # fmt: skip


def strip(html: Html) -> dict[str, str]:
    """What the strip says: the first fourteen days of every crew, a sign or a dot a day."""
    table = html.one("table", class_="g-strip")
    rows = [e for e in html.all("tr") if e.parent and e.parent.tag == "tbody"]
    rows = [row for row in rows if row.parent and row.parent.parent is table]
    return {
        row.children[0].text: "".join(_sign(cell) for cell in row.children[1:15]) for row in rows
    }


def _sign(cell: Any) -> str:
    return cell.children[1].text if len(cell.children) > 1 else "."


def add_ding(plant: Plant, **changed: Any) -> None:
    crew = {"code": "DING", "site": "YC", "grp": "G-YI", "name": "丁班", "pattern": "P4",
            "area": "A1", "day_offset": 3, **changed}  # fmt: skip
    with plant.store.tx() as db:
        crews.save_crew(db, crews.Crew(**crew))


def stored(plant: Plant, code: str = "P4") -> crews.Pattern:
    found = crews.stored_pattern(plant.store, code)
    assert found is not None
    return found


# A pattern ----------------------------------------------------------------------------------------


def test_gaps_of_its_crews_are_refused_until_the_box_is_ticked(page: PageOf, plant: Plant) -> None:
    html = change(page("manager"), PATTERN, status=422, gaps_ok="", anchor="2026-11-25")
    said = faulty(html)["gaps_ok"]
    assert "2026-11-26（循环第 2 天）没有班组上白班（D），一个循环里有 2 次没人上" in said
    assert "加班组，或者改偏移；本来就这样排，就打勾" in said
    assert stored(plant).anchor == TODAY and audited(plant) == []
    change(page("manager"), PATTERN, gaps_ok="1", anchor="2026-11-25")
    assert (stored(plant).anchor, stored(plant).gaps_ok) == ("2026-11-25", 1)


def test_the_fourth_crew_makes_the_tick_needless(page: PageOf, plant: Plant) -> None:
    add_ding(plant)
    change(page("manager"), PATTERN, gaps_ok="")
    assert stored(plant).gaps_ok == 0 and audited(plant)[-1]["detail"] == "gaps_ok"
    html = page("manager").get(PATTERN)
    assert "checked" not in html.one("input", id="f-gaps_ok").attrs
    assert "不是每个班次都有班组" not in html.text


def test_two_crews_in_one_shift_are_refused_until_it_is_meant(page: PageOf, plant: Plant) -> None:
    add_ding(plant, day_offset=2)
    html = change(page("manager"), PATTERN, status=422, name="改名")
    said = faulty(html)["double_ok"]
    assert "2026-11-26（循环第 3 天）丙班和丁班都上白班（D），一个循环里有 2 次" in said
    assert "改一个班组的偏移" in said and "有 14 天同一个班次有两个班组" in html.text
    change(page("manager"), PATTERN, name="改名", double_ok="1")
    assert (stored(plant).name, stored(plant).double_ok) == ("改名", 1)
    assert "有 14 天同一个班次有两个班组" in page("inspector").get(PATTERN).text


def test_crews_of_another_workshop_double_nobody(page: PageOf, plant: Plant) -> None:
    for number, code in enumerate(("J2", "Y2", "B2", "D2")):
        add_ding(plant, code=code, name=code, area="A2", day_offset=number)
    change(page("manager"), PATTERN, name="改名")
    html = change(page("manager"), PATTERN, status=422, gaps_ok="")
    assert "生产一部：" in faulty(html)["gaps_ok"]
    add_ding(plant)
    change(page("manager"), PATTERN, gaps_ok="")


@pytest.mark.parametrize("ticks", [{}, {"gaps_ok": "1", "double_ok": "1"}])
def test_shifts_of_a_crew_that_overlap_are_refused_whatever_is_ticked(
    page: PageOf, plant: Plant, ticks: dict[str, str]
) -> None:
    html = change(
        page("manager"), PATTERN, status=422, cycle="NDRR", end__1="08:30", **ticks
    )  # fmt: skip
    said = faulty(html)["cycle"]
    assert "循环第 1 天的夜班（N）还剩 30 分钟，第 2 天的白班（D） 08:00 就开始了" in said
    assert "改时间，或者在中间加一天 R" in said and stored(plant).cycle == "DNRR"


def test_a_double_shift_that_touches_is_no_overlap(page: PageOf, plant: Plant) -> None:
    change(page("manager"), PATTERN, cycle="NDRR")
    assert stored(plant).cycle == "NDRR"


@pytest.mark.parametrize(
    ("end", "words"), [("08:30", "1 到 24 小时"), ("34:00", "不是时刻"), ("26 小时", "不是时刻")]
)
def test_a_shift_of_no_hours_or_26_cannot_be_typed(page: PageOf, end: str, words: str) -> None:
    assert words in faulty(change(page("manager"), PATTERN, status=422, end__0=end))["end.0"]


def test_the_same_start_and_end_is_a_whole_day(page: PageOf, plant: Plant) -> None:
    """On for a day, off for two: no shift of zero hours can be said."""
    day = {"cycle": "DRR", "end__0": "08:00", "code__1": "", "name__1": "", "start__1": "",
           "end__1": ""}  # fmt: skip
    change(page("manager"), NEW, **{**OWN, **day})
    assert [one.minutes for one in stored(plant, "OWN").shifts] == [1440]


def test_letters_without_times_come_back_with_a_row_each(page: PageOf, plant: Plant) -> None:
    typed = {**OWN, "cycle": "MMAANNRR", "code__0": "M", "rows": "1"}
    html = change(page("manager"), NEW, status=422, **typed)
    assert "A N 还没写时间" in faulty(html)["cycle"]
    fields = html.form(NEW)
    assert [fields[f"code.{n}"] for n in range(int(fields["rows"]))] == ["M", "A", "N", ""]


def test_a_new_pattern_is_judged_by_examples(page: PageOf, plant: Plant) -> None:
    html = change(page("manager"), NEW, **OWN)
    assert strip(html) == {
        "示例甲班": "白夜..白夜..白夜..白夜",
        "示例乙班": "夜..白夜..白夜..白夜.",
        "示例丙班": "..白夜..白夜..白夜..",
        "示例丁班": ".白夜..白夜..白夜..白",
    }
    assert "还没有班组用它" in html.text and stored(plant, "OWN").gaps_ok == 0


def test_a_new_pattern_with_gaps_shows_what_was_typed(page: PageOf, plant: Plant) -> None:
    typed = {**OWN, "cycle": "DDNRR"}
    html = change(page("manager"), NEW, status=422, **typed)
    said = faulty(html)["gaps_ok"]
    assert "按 2 个示例班组排：2026-11-25（循环第 2 天）没有班组上夜班（N）" in said
    assert "改循环；本来就这样排，就打勾" in said
    assert strip(html)["示例甲班"] == "白白夜..白白夜..白白夜."
    assert "按刚填的排，还没存" in html.text and crews.pattern(plant.store, "OWN") is None
    assert "checked" not in html.one("input", id="f-gaps_ok").attrs
    again = html.form(NEW)
    change(page("manager"), NEW, **{**typed, **{k: v for k, v in again.items() if k != "seen"}},
           gaps_ok="1")  # fmt: skip
    assert stored(plant, "OWN").gaps_ok == 1


def test_a_refused_change_shows_the_strip_of_what_was_typed(page: PageOf) -> None:
    browser = page("manager")
    assert strip(browser.get(PATTERN))["甲班"] == "白夜..白夜..白夜..白夜"
    html = change(browser, PATTERN, status=422, cycle="DDNN", gaps_ok="")
    assert strip(html)["甲班"] == "白白夜夜白白夜夜白白夜夜白白"
    assert strip(browser.get(PATTERN))["甲班"] == "白夜..白夜..白夜..白夜"


def test_a_cycle_that_cannot_be_drawn_shows_no_strip(page: PageOf) -> None:
    for typed in ({"cycle": "RRR"}, {"cycle": "DNX"}, {"anchor": "someday"}):
        html = change(page("manager"), PATTERN, status=422, **typed)
        assert not html.all("table", class_="g-strip")


def test_signs_are_letters_where_names_begin_alike(page: PageOf) -> None:
    html = change(page("manager"), PATTERN, name__0="班一", name__1="班二")
    assert strip(html)["甲班"] == "DN..DN..DN..DN"


def test_who_only_looks_sees_what_is_meant(page: PageOf) -> None:
    html = page("inspector").get(PATTERN)
    words = {dt.text: dd.text for dt, dd in zip(html.all("dt"), html.all("dd"), strict=True)}
    assert words["有的班次没人上，就这样排"] == "是"
    assert words["同一班次两个班组上，就这样排"] == "否"
    page("inspector").post(PATTERN, {"name": "x"}, status=403)


def test_ticks_of_somebody_else_are_shown_in_words(page: PageOf, plant: Plant) -> None:
    mine = page("manager")
    fields = mine.get(PATTERN).form(PATTERN)
    change(page("admin"), PATTERN, double_ok="1")
    html = mine.post(PATTERN, {**fields, "name": "我写的"}, status=409)
    assert "是" in html.one("span", id="stored-double_ok").text
    assert not [e for e in html.elements if e.attrs.get("id") == "stored-gaps_ok"]


def test_the_faults_read_in_english_too(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE person SET lang = 'en' WHERE id = :id", id=plant.id("manager"))
    browser = page("manager")
    html = change(browser, PATTERN, status=422, gaps_ok="", anchor="2026-11-25")
    said = faulty(html)["gaps_ok"]
    assert "On 2026-11-26 (day 2 of the cycle) no crew works Day shift (D)" in said


# A crew -------------------------------------------------------------------------------------------


def test_an_offset_that_is_taken_is_refused_with_one_that_is_free(
    page: PageOf, plant: Plant
) -> None:
    html = change(page("manager"), CREW, status=422, offset="2")
    said = faulty(html)["offset"]
    assert "乙班和丙班都上" in said and "偏移 1 空着，用它" in said
    row = crews.crew(plant.store, "YI")
    assert row and row["day_offset"] == 1 and audited(plant) == []
    assert strip(html)["乙班"] == strip(html)["丙班"]
    assert "有 14 天同一个班次有两个班组" in html.text and "按刚填的排" in html.text


def test_the_first_crew_of_a_place_may_leave_gaps(page: PageOf, plant: Plant) -> None:
    change(page("manager"), PATTERN, double_ok="")
    typed = {"code": "B1", "name": "罐区甲班", "group": "G-YI", "pattern": "P4", "area": "A2"}
    html = change(page("manager"), "/manage/new/crew", **typed)
    assert strip(html) == {"罐区甲班": "白夜..白夜..白夜..白夜"}
    assert "有 28 天不是每个班次都有班组，第一天是 2026-11-24" in html.text


def test_where_nothing_is_free_it_says_what_else_to_do(page: PageOf, plant: Plant) -> None:
    add_ding(plant)
    typed = {"code": "WU", "name": "戊班", "group": "G-YI", "pattern": "P4", "area": "A1"}
    html = change(page("manager"), "/manage/new/crew", status=422, **typed)
    said = faulty(html)["offset"]
    assert "甲班" in said and "戊班" in said and "这里排满了：换个区域或班制" in said
    change(page("manager"), PATTERN, double_ok="1")
    change(page("manager"), "/manage/new/crew", **typed)
    assert crews.crew(plant.store, "WU")


def test_a_closed_crew_meets_nobody_and_opens_again_only_where_it_may(
    page: PageOf, plant: Plant
) -> None:
    change(page("manager"), CREW, offset="2", active="0")
    html = change(page("manager"), CREW, status=422, active="1")
    assert "丙班" in faulty(html)["offset"]
    change(page("manager"), CREW, active="1", offset="1")


def test_moving_to_an_area_whose_offset_is_taken_is_refused(page: PageOf, plant: Plant) -> None:
    add_ding(plant, area="A2", day_offset=1)
    assert "丁班" in faulty(change(page("manager"), CREW, status=422, area="A2"))["offset"]
    row = crews.crew(plant.store, "YI")
    assert row and row["area"] == "A1"


def test_a_crew_is_shown_beside_those_of_its_place(page: PageOf, plant: Plant) -> None:
    html = page("manager").get(CREW)
    assert list(strip(html)) == ["乙班", "丙班", "甲班"]
    assert "有 14 天不是每个班次都有班组，第一天是 2026-11-25" in html.text
    scoped(plant, "manager", Role("manager", "crew", "YI"))
    assert list(strip(page("manager").get(CREW))) == ["乙班"]


# A site -------------------------------------------------------------------------------------------


def test_a_zone_that_does_not_exist_is_refused(page: PageOf, plant: Plant) -> None:
    html = change(page("admin"), "/manage/sites/YC", status=422, zone="Asia/Puyang")
    assert "没有时区" in faulty(html)["zone"]
    (site,) = places.sites(plant.store)
    assert site["zone"] == "Asia/Shanghai"
