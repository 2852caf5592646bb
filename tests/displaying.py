"""Announcements for the gate display: the day of the mock, with whatever a test changes."""

from __future__ import annotations

from typing import Any

from tests import announced
from tests.announcing import at
from tests.plant import Plant

NEXT = "2026-11-25"
UNTIL = at("10:00", NEXT)


def document(**changes: Any) -> announced.Doc:
    """The mock's day: four of five units run, four fires, 41 of 43 on time."""
    mock = {
        "demo": False,
        "text": {
            "state": "clear",
            "zh": "今天已做风险研判，措施已落实。装置安全运行，罐区和重大危险源受控。",
            "en": "Risks were assessed today and the measures are in place. The units run safely;"
            " tank farms and major-hazard facilities are under control.",
        },
        "works": {**announced.WORKS, "maintenance": 0, "total": 11},
        "hazards": {"general": 2, "major": 0, "veto_unanswered": 0, "unanswered": 1},
        "crews": {"signed": 3, "of": 3},
        "signatory": {
            "name": "郑一 示例",
            "name_en": "Zheng Yi",
            "title": "主要负责人",
            "title_en": "Principal",
        },
        "published_ms": at("09:05"),
    }
    return announced.document(**{**mock, **changes})


def named(*said: str) -> list[dict[str, Any]]:
    """Things that stand open, the same words in both languages."""
    return [{"code": "major", "n": 1, "zh": one, "en": one} for one in said]


def put(plant: Plant, doc: announced.Doc) -> announced.Doc:
    """Sign and store a document."""
    return announced.store(plant, doc)
