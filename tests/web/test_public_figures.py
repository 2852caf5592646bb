"""What the public page says of the plant, the special work, the people and the versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shiftapp.model import settings
from tests.announced import STATE, WORKS, document, further, shift, store
from tests.announcing import at
from tests.page import Element, Html, Page
from tests.plant import Clock, Plant

Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def half_past_nine(clock: Clock) -> None:
    clock.at("09:30")


@pytest.fixture
def shown(page: Open, plant: Plant) -> Callable[..., Html]:
    """The page of a good day with some parts of its document changed."""

    def show(url: str = "/", **changes: Any) -> Html:
        store(plant, document(**changes))
        return page(None).get(url)

    return show


def rows(html: Html) -> dict[str, str]:
    """The rows of the tables: words and figure."""
    return {row.children[0].text: row.children[1].text for row in html.all("tr")}


def states(html: Html) -> dict[str, str]:
    """The list of states: words and what is so."""
    found = {}
    for item in html.one("ul", class_="a-yes").children:
        (figure,) = [child.text for child in item.children if child.tag == "b"]
        found[item.text.removesuffix(figure).strip()] = figure
    return found


def uses_in(element: Element) -> list[str]:
    """The symbols drawn inside an element."""
    own = [element.attrs["href"]] if element.tag == "use" else []
    return own + [href for child in element.children for href in uses_in(child)]


def test_the_four_numbers_of_the_units(shown: Callable[..., Html]) -> None:
    html = shown()
    numbers = {div.children[0].text: div.children[1].text for div in html.one("dl").children}
    assert numbers == {"总数": "5", "运行": "4", "停产": "0", "检修": "1"}


def test_special_work_as_the_notice_has_it(shown: Callable[..., Html]) -> None:
    found = rows(shown())
    assert list(found.items())[:10] == [
        ("特级动火", "0"),
        ("一级动火", "1"),
        ("二级动火", "3"),
        ("进入受限空间", "1"),
        ("高处作业 2，吊装 1，临时用电 3", "6"),
        ("盲板抽堵、动土、断路", "0"),
        ("检维修", "1"),
        ("倒罐、清罐、切水", "0"),
        ("其中承包商作业", "2"),
        ("其中变更作业", "0"),
    ]


def test_a_zero_is_grey_and_a_number_is_not(shown: Callable[..., Html]) -> None:
    html = shown()
    grey = {cell.text for cell in html.all("td", class_="z")}
    assert grey == {"0"}
    assert len(html.all("td", class_="z")) == 4


def test_a_day_full_of_every_work_leaves_none_out(shown: Callable[..., Html]) -> None:
    full = dict.fromkeys(WORKS, 1) | {"total": 14}
    found = rows(shown(works={**full, "registered_late": 1, "cancelled_late": 2}))
    assert found["盲板抽堵 1，高处作业 1，吊装 1，临时用电 1，动土 1，断路 1"] == "6"
    assert found["检维修 1，倒罐 1，清罐 1，切水 1"] == "4"
    assert "0" not in found.values()


def test_what_was_registered_or_called_off_late_is_said(shown: Callable[..., Html]) -> None:
    html = shown(works={**WORKS, "registered_late": 1, "cancelled_late": 2})
    assert "1 处开始后才登记，2 处开始后才取消。" in html.text


def test_a_plant_without_register_says_so(shown: Callable[..., Html]) -> None:
    html = shown(works=None, plant=None)
    assert "没有登记装置，这里不含装置状态" in html.text
    assert "没有用特殊作业登记，这里不含特殊作业" in html.text
    assert html.all("dl") == []
    assert "试生产" not in states(html)


def test_states_of_a_good_day(shown: Callable[..., Html]) -> None:
    assert states(shown()) == {
        "罐区、仓库等重大危险源安全": "是",
        "试生产": "否",
        "开车或停车": "否",
        "未消除的重大隐患": "无",
        "没有人答复的否决项": "无",
        "没有人答复的异常": "无",
        "正在处理的一般隐患": "无",
        "签了字的班组": "2 / 2",
        "签了字的车间": "1 / 1",
    }


def test_states_of_a_bad_day(shown: Callable[..., Html]) -> None:
    plant = {**STATE, "trial": 1, "startup": 1, "shutdown": 2}
    plant["major"] = {"total": 2, "safe": 1, "ranks": [0, 1, 1, 0]}
    html = shown(
        plant=plant,
        hazards={"general": 2, "major": 1, "veto_unanswered": 1, "unanswered": 3},
        crews={"signed": 1, "of": 2},
    )
    found = states(html)
    assert found["罐区、仓库等重大危险源安全"] == "否"
    assert found["试生产"] == "1 套"
    assert found["开车或停车"] == "1 套开车，2 套停车"
    assert found["未消除的重大隐患"] == "1"
    assert found["没有人答复的异常"] == "3"
    assert found["签了字的班组"] == "1 / 2"
    uses = uses_in(html.one("ul", class_="a-yes"))
    assert uses.count("#i-stop") == 3 and "#m-half" in uses  # colour is never alone


def test_tank_farms_and_major_hazards_with_their_ranks(shown: Callable[..., Html]) -> None:
    text = shown().text
    assert (
        "罐区、仓库 2 处，重大危险源 2 处（二级 1，三级 1），重点监管的危险化工工艺 1 种。" in text
    )


def test_an_unsafe_store_is_not_safe_though_it_is_no_major_hazard(
    shown: Callable[..., Html],
) -> None:
    html = shown(plant={**STATE, "storage": {"total": 2, "safe": 1}})
    assert states(html)["罐区、仓库等重大危险源安全"] == "否"


@pytest.mark.parametrize(
    ("grade", "level", "word"),
    [(1, "a", "高风险"), (2, "b", "较大风险"), (3, "c", "一般风险"), (4, "d", "低风险")],
)
def test_the_grade_of_the_day_is_shape_letter_and_word(
    shown: Callable[..., Html], grade: int, level: str, word: str
) -> None:
    html = shown(risk={"grade": grade, "because": []})
    sign = html.one("p", class_="a-risk")
    assert word in sign.text
    assert uses_in(sign) == [f"#risk-{level}"]
    assert html.all("symbol", id=f"risk-{level}")


def test_open_things_are_named_one_by_one(shown: Callable[..., Html]) -> None:
    named = [
        {"code": "major", "n": 1, "zh": "1 处重大隐患还没有消除。", "en": "1 major hazard open."},
        {"code": "work_over", "n": 2, "zh": "2 处作业过了时间。", "en": "2 works are over."},
    ]
    html = shown(named=named)
    items = [item.text for item in html.one("ul", class_="a-open").children]
    assert items == ["1 处重大隐患还没有消除。", "2 处作业过了时间。"]


def test_an_override_is_published_with_reason_and_name(shown: Callable[..., Html]) -> None:
    gap = {"code": "unsigned", "n": 1, "zh": "1 个班组没有签字。", "en": "1 crew has not signed."}
    note = shown(override={"reason": "在处置漏点", "gaps": [gap]}).one("p", class_="a-note").text
    assert "带着没处理的事签发" in note and "1 个班组没有签字。" in note
    assert "理由：在处置漏点" in note and "签发人：周九" in note


def test_a_delegate_is_named_with_the_paper_and_the_giver(shown: Callable[..., Html]) -> None:
    giver = {"name": "郑一", "name_en": "Zheng Yi", "title": "董事长", "title_en": "Chairman"}
    text = shown(delegate_of={**giver, "document": "授字〔2026〕3 号"}).text
    assert "周九" in text
    assert "受郑一（董事长）书面授权签发，授权文件：授字〔2026〕3 号" in text


def test_the_roster_that_changed_after_opening_is_said(shown: Callable[..., Html]) -> None:
    assert (
        "承诺时段开始后，名单上加了 2 人，去掉 1 人。"
        in shown(roster={"added": 2, "ended": 1}).text
    )


def test_nothing_is_said_of_a_roster_that_did_not_change(shown: Callable[..., Html]) -> None:
    assert "名单上" not in shown().text


def test_signed_after_it_was_due(shown: Callable[..., Html]) -> None:
    html = shown(published_ms=at("10:20"))
    assert "晚于 10:00 签发" in html.one("header").text


def test_an_update_in_the_afternoon_is_not_late_when_the_first_was_in_time(
    page: Open, plant: Plant, clock: Clock
) -> None:
    first = store(plant, document())
    store(plant, further(first, how="update", published_ms=at("14:00")))
    clock.at("14:01")
    html = page(None).get("/")
    assert "晚于" not in html.text
    assert "更新：第 2 版" in html.text and "更正：" not in html.text


def test_the_late_first_version_is_told_on_the_second_too(
    page: Open, plant: Plant, clock: Clock
) -> None:
    first = store(plant, document(published_ms=at("10:20")))
    store(plant, further(first))
    clock.at("10:40")
    assert "第 1 版晚于 10:00 签发" in page(None).get("/").text


def test_every_version_of_the_day_is_listed_and_linked(page: Open, plant: Plant) -> None:
    first = store(plant, document())
    second = store(plant, further(first, how="update"))
    third = store(plant, further(second))
    html = page(None).get(f"/announcements/{second['id']}")
    assert f"/announcements/{first['id']}" in html.links
    assert f"/announcements/{third['id']}" in html.links
    assert "09:12，首次签发" in html.text and "09:22，更新" in html.text
    assert "09:32，更正" in html.text
    assert "由第 3 版代替" in html.text


def test_shifts_of_two_sites_say_which(shown: Callable[..., Html]) -> None:
    html = shown(shifts=[shift(), shift(site_name="二厂", n=21, on=19)])
    assert {
        "一厂 甲班11月24日 星期二 白班，08:00 接班",
        "二厂 甲班11月24日 星期二 白班，08:00 接班",
    } <= {row.children[0].text.replace("甲班 ", "甲班") for row in html.all("tr")}


def test_a_week_has_its_groups_and_both_its_days(shown: Callable[..., Html]) -> None:
    group = {"site_name": "一厂", "site_name_en": "", "group_name": "甲班", "group_name_en": ""}
    html = shown(
        kind="weekly",
        date="2026-11-22",
        first="2026-11-16",
        last="2026-11-22",
        shifts=[],
        groups=[{**group, "shifts": 7, "n": 154, "on": 150, "off": 1, "late": 2, "none": 1}],
        total={"n": 154, "on": 150, "off": 1, "late": 2, "none": 1},
        hazards={"general": 1, "major": 0, "veto_unanswered": 0, "unanswered": 0,
                 "found": 4, "accepted": 3},
        due_ms=at("10:00", "2026-11-25"),
        valid_until_ms=at("10:00", "2026-12-02"),
    )  # fmt: skip
    assert "每周安全承诺公告" in html.text
    assert "2026年11月16日到2026年11月22日" in html.one("header").text
    assert "150 人次，应到 154 人次，占 97%" in html.text
    assert rows(html)["甲班 共 7 个班"] == "150 / 154"
    assert states(html)["这一期发现的隐患"] == "4"
    assert states(html)["这一期验收的隐患"] == "3"
    assert "今天的特殊作业" not in html.text


def test_a_late_period_says_the_day_it_was_due(shown: Callable[..., Html]) -> None:
    html = shown(kind="monthly", date="2026-10-31", first="2026-10-01", last="2026-10-31",
                 due_ms=at("10:00", "2026-11-03"), published_ms=at("09:00", "2026-11-04"),
                 valid_until_ms=at("10:00", "2026-12-03"))  # fmt: skip
    assert "晚于 11月3日 10:00 签发" in html.text


def test_a_day_without_shifts_still_has_its_plant(shown: Callable[..., Html]) -> None:
    html = shown(shifts=[], total=None, crews={"signed": 0, "of": 0}, levels=[])
    assert "这 24 小时没有人排班。" in html.text
    assert html.one("dl") and html.all("table")


def test_the_telephone_of_the_company_stands_below(page: Open, plant: Plant) -> None:
    store(plant, document())
    assert "请打 12350。" in page(None).get("/").text
    with plant.store.tx() as db:
        settings.put(db, contact="0393-000 0100")
    assert "公司电话" in page(None).get("/").text
