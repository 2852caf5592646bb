"""A plant that stands still, and a day on which nobody works, have texts of their own that hold."""

from __future__ import annotations

import pytest

from shiftapp.model import facilities
from shiftapp.model.facilities import Facility
from tests.announcing import at, draft, publish
from tests.calm import NINE, make_calm
from tests.furnishing import enter, furnish
from tests.plant import Plant
from tests.sealing import deliver, hazard_body

FREE = "2026-12-30"  # nobody has a shift
MORNING = at("09:05", FREE)


def stop(plant: Plant, u1: str = "stopped", u2: str = "stopped") -> None:
    for code, state in (("U1", u1), ("U2", u2)):
        enter(plant, code, state, at("08:00"), note="大修" if state == "maintenance" else "")


def look(plant: Plant, now_ms: int) -> None:
    with plant.store.tx() as db:
        facilities.look(db, "YC", by=plant.id("manager"), now_ms=now_ms)


@pytest.mark.parametrize(
    ("u1", "u2", "zh", "en"),
    [
        ("stopped", "stopped", "生产装置全部停产。", "All process units are stopped."),
        (
            "maintenance",
            "maintenance",
            "生产装置全部停车检修。",
            "All process units are stopped for maintenance.",
        ),
        (
            "stopped",
            "maintenance",
            "生产装置全部停产或检修。",
            "All process units are stopped or under maintenance.",
        ),
    ],
)
def test_a_stopped_plant_with_people_on_shift_says_both(
    good_day: Plant, u1: str, u2: str, zh: str, en: str
) -> None:
    stop(make_calm(good_day), u1, u2)
    found = draft(good_day, NINE)
    text = found.content["text"]
    assert text["state"] == "stopped"
    assert text["zh"].startswith(zh) and text["en"].startswith(en)
    assert "应到的人都做了班前承诺" in text["zh"]
    assert "装置处于安全运行状态" not in text["zh"] and "run safely" not in text["en"]
    assert text["zh"].endswith("罐区、仓库和重大危险源受控。")
    assert found.content["plant"]["units"] == {
        "total": 2,
        "running": 0,
        "stopped": (u1, u2).count("stopped"),
        "maintenance": (u1, u2).count("maintenance"),
    }


def test_a_stopped_plant_with_nobody_on_shift_is_valid_and_can_be_published(plant: Plant) -> None:
    furnish(plant)
    stop(plant)
    look(plant, at("08:00", FREE))
    found = draft(plant, MORNING, FREE)
    assert found.content["text"] == {
        "state": "stopped",
        "zh": "生产装置全部停产。这 24 小时没有人排班，没有应做的班前承诺。"
        "报上来的异常都有人答复，没有未消除的重大隐患。罐区、仓库和重大危险源受控。",
        "en": "All process units are stopped. Nobody was on the roster in these 24 hours, so no"
        " pre-shift commitment was due. What was reported has been answered, and there is no open"
        " major hazard. The tank farms, the warehouses and the major-hazard facilities are under"
        " control.",
    }
    assert (found.content["total"], found.content["shifts"]) == (None, [])
    assert found.content["crews"] == {"signed": 0, "of": 0}
    assert found.content["levels"] == []
    assert found.content["risk"] == {"grade": 4, "because": []}
    assert found.figures.gaps == ()
    assert publish(plant, MORNING, date=FREE)["doc"]["text"]["state"] == "stopped"


def test_a_stopped_plant_with_something_open_says_what_stands_still_and_no_comfort(
    plant: Plant,
) -> None:
    furnish(plant)
    stop(plant)
    deliver(plant, hazard_body(plant, "mate", "机封滴油", at("08:10")), at_ms=at("08:10"))
    look(plant, at("08:00", FREE))
    text = draft(plant, MORNING, FREE).content["text"]
    assert text["state"] == "stopped_named"
    assert text["zh"].startswith("生产装置全部停产。") and "受控" not in text["zh"]
    assert "还有下面写明的事没有处理完" in text["zh"]


def test_one_unit_that_runs_is_no_stopped_plant(good_day: Plant) -> None:
    stop(make_calm(good_day), "stopped", "startup")
    found = draft(good_day, NINE).content
    assert found["text"]["state"] == "clear"
    assert (found["plant"]["startup"], found["plant"]["units"]["running"]) == (1, 1)
    assert found["risk"] == {"grade": 2, "because": ["startup"]}


def test_a_unit_whose_state_nobody_knows_is_no_stopped_plant(good_day: Plant) -> None:
    stop(make_calm(good_day))
    with good_day.store.tx() as db:
        facilities.save(db, Facility("U3", "YC", "unit", "新装置"))
    found = draft(good_day, NINE).content
    assert found["text"]["state"] == "named"
    assert [one["code"] for one in found["named"]] == ["states_stale"]
    assert found["plant"]["units"]["total"] == 2  # the sum of what is known
    assert found["plant"]["seen_ms"] is None


def test_nothing_is_said_of_what_is_not_there(plant: Plant) -> None:
    text = draft(plant, MORNING, FREE).content["text"]
    assert text["state"] == "no_shift"
    assert not any(word in text["zh"] for word in ("装置", "罐区", "仓库", "危险源"))
    assert not any(word in text["en"] for word in ("units", "tank", "warehouse", "facilities"))
    assert draft(plant, MORNING, FREE).content["plant"] is None
    assert draft(plant, MORNING, FREE).content["works"] is None


@pytest.mark.parametrize(
    ("facility", "zh", "en"),
    [
        (Facility("T9", "YC", "tank_farm", "罐区"), "罐区受控。", "The tank farms are"),
        (Facility("W9", "YC", "warehouse", "库"), "仓库受控。", "The warehouses are"),
        (
            Facility("W9", "YC", "warehouse", "库", hazard_rank=4),
            "仓库和重大危险源受控。",
            "The warehouses and the major-hazard facilities are",
        ),
    ],
)
def test_of_stores_only_those_that_there_are(
    plant: Plant, facility: Facility, zh: str, en: str
) -> None:
    with plant.store.tx() as db:
        facilities.save(db, facility)
    enter(plant, facility.code, "safe")
    look(plant, at("08:00", FREE))
    text = draft(plant, MORNING, FREE).content["text"]
    assert text["zh"].endswith(f"没有未消除的重大隐患。{zh}")
    assert text["en"].endswith(f"{en} under control.")


def test_units_that_run_with_nobody_on_shift_are_told_too(plant: Plant) -> None:
    furnish(plant)
    look(plant, at("08:00", FREE))
    text = draft(plant, MORNING, FREE).content["text"]
    assert text["state"] == "no_shift"
    assert "运行的装置处于安全运行状态，罐区" in text["zh"]


def test_an_empty_tank_farm_is_safe_and_an_unsafe_one_is_told(good_day: Plant) -> None:
    make_calm(good_day)
    enter(good_day, "T1", "empty", at("08:00"))
    plant = draft(good_day, NINE).content["plant"]
    assert (plant["storage"], plant["major"]) == (
        {"total": 2, "safe": 2},
        {"total": 2, "safe": 2, "ranks": [0, 1, 1, 0]},
    )
    enter(good_day, "T1", "unsafe", at("08:30"), note="液位超限")
    found = draft(good_day, NINE)
    assert found.content["plant"]["major"]["safe"] == 1
    assert found.content["risk"] == {"grade": 1, "because": ["major_unsafe"]}
    assert found.figures.gaps == ()  # it is the truth: nothing there to settle by a press


def test_a_state_looked_at_today_is_not_stale_and_the_earlier_instant_is_as_it_was(
    good_day: Plant,
) -> None:
    make_calm(good_day)
    tomorrow = "2026-11-25"
    later = at("09:05", tomorrow)
    assert draft(good_day, later, tomorrow).figures.points["states_stale"] == 4
    look(good_day, at("08:55", tomorrow))
    assert draft(good_day, later, tomorrow).figures.points["states_stale"] == 0
    before = at("08:54", tomorrow)
    assert draft(good_day, before, tomorrow).figures.points["states_stale"] == 4


def test_the_states_are_counted_a_second_time_by_the_store(good_day: Plant) -> None:
    make_calm(good_day)
    stop(good_day, "trial", "maintenance")
    plant = draft(good_day, NINE).figures.plant
    assert plant is not None
    assert plant.check == {"trial": 1, "maintenance": 1, "safe": 2}
    assert not plant.differs
    assert [one.row["code"] for one in plant.units] == ["U1", "U2"]
