"""The commitment text, the leaders' texts and the risk tables that ship."""

from __future__ import annotations

from typing import Any

import pytest

from shiftapp import library
from shiftapp.library.check import check_commitment
from shiftapp.library.lint import lint_document
from tests.library.twins import without_english

COMMITMENT = library.commitment()


def item(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in COMMITMENT["items"] if one["id"] == name)
    return found


def test_the_commitment_text_may_be_published() -> None:
    assert check_commitment(COMMITMENT) == []
    assert lint_document(COMMITMENT) == []


def test_it_asks_six_questions() -> None:
    asked = [(one["id"], one["type"], one["neg"]) for one in COMMITMENT["items"]]
    assert asked == [
        ("fit", "fit", "replace"),
        ("ppe", "ppe", "todo"),
        ("handover", "choice", "todo"),
        ("safety", "choice", "hazard"),
        ("risk", "pick", "todo"),
        ("escape", "ack", "todo"),
    ]


def test_fitness_is_yes_or_no_and_nobody_asks_why() -> None:
    assert [option["r"] for option in item("fit")["options"]] == ["ok", "unfit"]
    assert "不问病名" in item("fit")["help"] and "不扣分" in item("fit")["help"]


def test_rights_stand_beside_the_promise() -> None:
    for right in ("违章指挥，可以拒绝", "有危险，可以先撤", "承诺不减轻公司责任"):
        assert right in COMMITMENT["rights"]


@pytest.mark.parametrize(
    "data",
    [
        COMMITMENT,
        library.leader_texts(),
        library.research(),
        library.risk_tables(),
        list(library.special_work().values()),
        library.special_work_note(),
    ],
    ids=["commitment", "leaders", "research", "risk", "special work", "its note"],
)
def test_english_stands_beside_every_text(data: object) -> None:
    assert list(without_english(data)) == []


def test_three_levels_sign_upwards() -> None:
    assert list(library.leader_texts()) == ["crew", "workshop", "plant"]
    assert all(lint_document(text) == [] for text in library.leader_texts().values())


def test_there_are_four_risk_levels_each_with_a_shape() -> None:
    levels = library.risk_tables()["levels"]
    assert [(one["level"], one["name"], one["shape"]) for one in levels] == [
        ("A", "重大", "八角形"),
        ("B", "较大", "菱形"),
        ("C", "一般", "三角形"),
        ("D", "低", "圆形"),
    ]


def test_the_eight_works_of_the_standard_and_six_more_can_be_registered() -> None:
    kinds = library.special_work()
    assert list(kinds) == [
        "fire",
        "confined",
        "blind",
        "height",
        "lifting",
        "power",
        "earth",
        "road",
        "maintenance",
        "transfer",
        "tank_cleaning",
        "draining",
        "contractor",
        "change",
    ]
    levels = {code: [one["code"] for one in kind["levels"]] for code, kind in kinds.items()}
    assert {code: found for code, found in levels.items() if found} == {
        "fire": ["special", "1", "2"],
        "height": ["1", "2", "3", "4"],
        "lifting": ["1", "2", "3"],
    }
    assert [one["hours"] for one in kinds["fire"]["levels"]] == [8, 8, 72]
    assert all(kind["basis"] in ("GB 30871-2022", "own") for kind in kinds.values())


def test_the_figures_of_permits_say_that_the_plant_overrides_them() -> None:
    assert "以本企业" in library.special_work_note()["note"]
