"""Announcements for the gate display: any document, stored as if it had been signed."""

from __future__ import annotations

import copy
import json
from typing import Any

from shiftapp.store import Row
from tests.announcing import at
from tests.plant import TODAY, Plant

ID = "00000000-0000-4000-8000-00000000d15b"
NEXT = "2026-11-25"
UNTIL = at("10:00", NEXT)

# The mock's day: four of five units run, four fires, 41 of 43 on time.
SAMPLE: dict[str, Any] = {
    "v": 1,
    "kind": "daily",
    "date": TODAY,
    "first": TODAY,
    "last": TODAY,
    "zone": "Asia/Shanghai",
    "cutoff": "09:00",
    "from_ms": at("09:00", "2026-11-23"),
    "to_ms": at("09:00"),
    "due_ms": at("10:00"),
    "valid_until_ms": UNTIL,
    "enterprise": {"name": "濮阳示例化工有限公司", "name_en": "Puyang Example Chemical Co., Ltd"},
    "demo": False,
    "text": {
        "state": "clear",
        "zh": "今天已做风险研判，措施已落实。装置安全运行，罐区和重大危险源受控。",
        "en": "Risks were assessed today and the measures are in place. The units run safely;"
        " tank farms and major-hazard facilities are under control.",
    },
    "named": [],
    "shifts": [],
    "groups": [],
    "small": {"shifts": 0, "counted": False, "count": None},
    "total": {"n": 43, "on": 41, "off": 0, "late": 2, "none": 0},
    "roster": {"added": 0, "ended": 0},
    "plant": {
        "units": {"total": 5, "running": 4, "stopped": 0, "maintenance": 1},
        "startup": 0,
        "shutdown": 0,
        "trial": 0,
        "storage": {"total": 2, "safe": 2},
        "major": {"total": 2, "safe": 2, "ranks": [0, 1, 1, 0]},
        "processes": 1,
        "seen_ms": at("08:30"),
    },
    "works": {
        **{"fire_special": 0, "fire_1": 1, "fire_2": 3, "confined": 1, "blind": 0, "height": 2},
        **{"lifting": 1, "power": 3, "earth": 0, "road": 0, "maintenance": 0, "transfer": 0},
        **{"tank_cleaning": 0, "draining": 0, "contractor": 2, "change": 0, "total": 11},
        **{"registered_late": 0, "cancelled_late": 0},
    },
    "hazards": {"general": 2, "major": 0, "veto_unanswered": 0, "unanswered": 1},
    "crews": {"signed": 3, "of": 3},
    "levels": [],
    "risk": {"grade": 3, "because": ["fire_1"]},
    "id": ID,
    "version": 1,
    "supersedes": None,
    "published_ms": at("09:05"),
    "signatory": {
        "name": "郑一 示例",
        "name_en": "Zheng Yi",
        "title": "主要负责人",
        "title_en": "Principal",
    },
    "delegate_of": None,
    "override": None,
    "change": None,
}


def document(**changes: Any) -> dict[str, Any]:
    """The sample with some members put in the place of others."""
    return {**copy.deepcopy(SAMPLE), **changes}


def named(*said: str) -> list[dict[str, Any]]:
    """Things that stand open, the same words in both languages."""
    return [{"code": "major", "n": 1, "zh": one, "en": one} for one in said]


def put(plant: Plant, doc: dict[str, Any]) -> Row:
    """Store a document as the newest announcement of its day."""
    row: Row = {
        "id": doc["id"],
        "kind": doc["kind"],
        "date": doc["date"],
        "version": doc["version"],
        "why": "first" if doc["version"] == 1 else "update",
        "doc": json.dumps(doc, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        "note": "aq.example.cn/log/announcement\n",
        "published_ms": doc["published_ms"],
        "published_by": plant.id("signatory"),
        "supersedes": doc["supersedes"],
    }
    with plant.store.tx() as db:
        db.run(
            "INSERT INTO announcement (id, kind, date, version, why, doc, note, published_ms,"
            " published_by, supersedes) VALUES (:id, :kind, :date, :version, :why, :doc, :note,"
            " :published_ms, :published_by, :supersedes)",
            **row,
        )
    return row
