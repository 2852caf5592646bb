"""The page before the signature: what is open with a way to it, every figure with its source."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import announcements, facilities, settings
from shiftapp.model.facilities import Facility
from tests import permits
from tests.announcing import at, commit, day_works, night_works, publish
from tests.crew import veto_step
from tests.page import Element, Html, Page
from tests.plant import TODAY, Clock, Plant
from tests.sealing import deliver, run_body

Open = Callable[..., Page]
NINE = at("09:05")


@pytest.fixture(autouse=True)
def nine(clock: Clock) -> None:
    clock.at("09:05")


def build(plant: Plant, **states: str) -> None:
    """Two units and a tank farm of area A1, in a state each, looked at this morning."""
    known = {"U1": "running", "U2": "maintenance", "T1": "safe", **states}
    with plant.store.tx() as db:
        for one in (
            Facility("U1", "YC", "unit", "合成装置", "Synthesis", "A1", hazard_rank=2, process=1),
            Facility("U2", "YC", "unit", "精馏装置", "Distillation"),
            Facility("T1", "YC", "tank_farm", "北罐区", "North tanks", "A1", hazard_rank=3),
        ):
            facilities.save(db, one)
            facilities.set_state(
                db, one.code, known[one.code], since_ms=at("07:00"), note="换泵、清理",
                by=plant.id("manager"), now_ms=at("07:30"),
            )  # fmt: skip


def figures(html: Html) -> dict[str, str]:
    """The words: what each figure is of, and its value."""
    words = html.all("span", class_="p-w")
    return {one.texts[0].strip(): one.children[0].texts[0].strip() for one in words}


def rows(html: Html) -> dict[str, list[str]]:
    """The table by item: number, item, figure, source, second count, verdict."""
    found = [one for one in html.all("tr") if "id" in one.attrs]
    return {row.children[1].text: [cell.text for cell in row.children] for row in found}


def block(html: Html) -> dict[str, Element]:
    """What is open, by its sentence."""
    return {one.children[0].children[0].text: one for one in html.all("div", class_="p-block-i")}


def named_in(one: Element) -> set[str]:
    """Whom an open thing is about."""
    said = one.children[0]
    return set("".join(said.texts).strip().split("、"))


def link(one: Element) -> str:
    return one.children[1].attrs["href"]


def test_the_plant_and_its_works_stand_in_words_and_table(page: Open, good_day: Plant) -> None:
    build(good_day)
    permits.register(good_day, starts_ms=at("09:30"))
    permits.register(good_day, "DG-1", kind="height", level="2", starts_ms=at("10:00"))
    html = page("signatory").get("/publish")
    words = figures(html)
    assert [words[name] for name in ("装置", "运行", "停产", "检修")] == ["2", "1", "0", "1"]
    assert [words[name] for name in ("一级动火", "高处", "危险作业合计")] == ["1", "1", "2"]
    assert words["二级重大危险源"] == words["三级重大危险源"] == "1"
    table = rows(html)
    assert table["装置、运行、停产、检修"][2:5] == [
        "2, 1, 0, 1", "装置状态，11月24日 07:30 看过", "2, 1, 0, 1",
    ]  # fmt: skip
    assert table["一级动火"][2:6] == ["1", "作业票 DH-1124-01", "1", "相符"]
    assert table["危险作业合计"][5] == "相符"
    assert {row[5] for row in table.values()} == {"相符", "照录"}


def test_each_figure_leads_to_a_section_of_its_sources(page: Open, good_day: Plant) -> None:
    build(good_day)
    permits.register(good_day, starts_ms=at("09:30"))
    html = page("inspector").get("/publish")
    links = [one for one in html.links if one.startswith("/publish/sources?")]
    assert len(links) > 20
    sources = page("inspector").get(links[0].partition("#")[0])
    ids = {one.attrs["id"] for one in sources.all("section") if "id" in one.attrs}
    assert {one.partition("#")[2] for one in links} - ids == set()
    for words in ("合成装置", "DH-1124-01", "一级动火", "张三 监护人", "王五 08:05", "北罐区"):
        assert words in sources.text


def test_a_facility_said_to_be_safe_over_an_open_hazard_is_a_contradiction(
    page: Open, good_day: Plant
) -> None:
    build(good_day)
    bad = run_body(good_day, "worker", at("08:10"), bad=veto_step(good_day))
    deliver(good_day, bad, at_ms=at("08:10"))
    html = page("signatory").get("/publish")
    open_things = block(html)
    sentence = next(one for one in open_things if "登记为运行或安全" in one)
    assert "合成装置、北罐区" in open_things[sentence].text
    assert link(open_things[sentence]) == "/facilities"
    row = next(row for item, row in rows(html).items() if item.startswith("重大危险源"))
    assert row[4:6] == ["2 处有没消除的事", "矛盾"]
    assert html.all("a", class_="p-n-bad")
    assert "不能签发" in html.text


def test_a_gas_test_that_is_overdue_and_a_permit_past_its_end_close_the_button(
    page: Open, good_day: Plant
) -> None:
    permits.register(good_day, starts_ms=at("08:30"))
    permits.register(
        good_day, "DG-1", kind="height", level="2", starts_ms=at("08:00"), ends_ms=at("09:00")
    )
    found = block(page("signatory").get("/publish"))
    gas = next(one for text, one in found.items() if "气体检测" in text)
    assert "DH-1124-01 P-201 泵区北侧" in gas.text
    over = next(one for text, one in found.items() if "没有关闭" in text)
    assert "DG-1" in over.text
    assert link(gas) == link(over) == "/special-work"


def test_a_state_nobody_looked_at_closes_the_button(
    page: Open, good_day: Plant, clock: Clock
) -> None:
    build(good_day)
    clock.at("09:05", "2026-11-26")
    found = block(page("signatory").get("/publish"))
    stale = next(one for text, one in found.items() if "没有人登记或查看" in text)
    assert "合成装置、精馏装置、北罐区" in stale.text


def test_who_has_not_committed_is_named_and_does_not_close_the_button(
    page: Open, plant: Plant
) -> None:
    night_works(plant)
    commit(plant, "worker", at("07:45"))
    found = block(page("signatory").get("/publish"))
    missing = next(one for text, one in found.items() if "还没做班前承诺" in text)
    assert "等 5 人" in missing.text
    assert "is-plain" in missing.attrs["class"]
    unsigned = next(one for text, one in found.items() if "没有签字" in text)
    assert link(unsigned) == f"/board/JIA/{TODAY}/D"
    assert "甲班" in unsigned.text


def test_of_a_shift_that_is_over_and_one_that_is_not_each_has_its_own_people(
    page: Open, plant: Plant
) -> None:
    night_works(plant, missing=1)
    day_works(plant, missing=1)
    found = block(page("signatory").get("/publish"))
    missing = next(one for text, one in found.items() if "还没做班前承诺" in text)
    missed = next(one for text, one in found.items() if "到下班也没做" in text)
    assert named_in(missing) and named_in(missed)
    assert named_in(missing).isdisjoint(named_in(missed))


def test_a_clean_day_has_nothing_to_settle(page: Open, good_day: Plant) -> None:
    assert block(page("signatory").get("/publish")) == {}


def test_a_period_is_published_from_the_same_page(
    page: Open, good_day: Plant, clock: Clock
) -> None:
    with good_day.store.tx() as db:
        settings.put(db, rhythm="weekly", due_day=2)
    clock.at("09:05", "2026-12-01")
    html = page("signatory").get("/publish")
    assert "周公告" in html.text
    assert html.form("/publish/check")["kind"] == "weekly"
    assert html.form("/publish/check")["date"] == "2026-11-29"
    publish(good_day, clock.ms, date="2026-11-29", kind="weekly", override="补签", change="")
    found = announcements.newest_of(good_day.store, "2026-11-29", "weekly")
    assert found is not None
    assert found["doc"]["first"] == "2026-11-23"
    assert "weekly 2026-11-29 1" in found["note"]
    html = page("manager").get("/publish?kind=weekly&date=2026-11-29")
    assert "第 1 版已签发" in html.text
    assert "周公告" in page("manager").get("/publish/history").text
    assert page("manager").get("/publish/sources?kind=weekly&date=2026-11-29").one("h1")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("kind=weekly&date=2026-11-24", 404),  # no week ends on a Tuesday
        ("kind=weekly&date=2026-11-29", 404),  # not over yet
        ("kind=weekly&date=2026-11-22", 200),
        ("kind=weekly&date=2026-11-01", 409),
        ("kind=hourly&date=2026-11-24", 404),
        ("kind=monthly&date=2026-10-31", 200),
    ],
)
def test_other_periods(page: Open, good_day: Plant, query: str, status: int) -> None:
    page("manager").get(f"/publish?{query}", status)
    page("manager").get(f"/publish/sources?{query}", status)


def test_the_pages_speak_english(page: Open, good_day: Plant) -> None:
    build(good_day)
    permits.register(good_day, starts_ms=at("09:30"))
    with good_day.store.tx() as db:
        db.run("UPDATE person SET lang = 'en' WHERE id = :i", i=good_day.id("manager"))
    words = figures(page("manager").get("/publish"))
    assert words["Running"] == words["Hot work, grade 1"] == "1"
    text = page("manager").get("/publish/sources").text
    assert "Distillation" in text
