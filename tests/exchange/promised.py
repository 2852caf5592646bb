"""A published day for tests of the supervisor's form, put together by hand: nothing computed."""

from __future__ import annotations

from typing import Any

from shiftapp.model.facilities import Now
from shiftapp.model.promised_day import Promise
from shiftapp.model.special_works import Work
from shiftapp.store import Row
from tests.announcing import at

FIRST = "6f0d9a52-8d0f-4a4e-9a55-0f3f3c3b1a01"
SECOND = "6f0d9a52-8d0f-4a4e-9a55-0f3f3c3b1a02"
WORKS = {
    **{"fire_special": 0, "fire_1": 0, "fire_2": 1, "confined": 1, "blind": 0, "height": 0},
    **{"lifting": 0, "power": 0, "earth": 0, "road": 0, "maintenance": 0, "transfer": 0},
    **{"tank_cleaning": 0, "draining": 0, "contractor": 1, "change": 0, "total": 2},
    **{"registered_late": 0, "cancelled_late": 0},
}
PLANT = {
    "units": {"total": 3, "running": 2, "stopped": 0, "maintenance": 1},
    **{"startup": 1, "shutdown": 0, "trial": 0, "processes": 1, "seen_ms": at("08:30")},
    "storage": {"total": 2, "safe": 2},
    "major": {"total": 2, "safe": 2, "ranks": [0, 1, 1, 0]},
}


def doc(**changes: Any) -> Row:
    """The signed document, with what a form reads of it."""
    return {
        "v": 1,
        "kind": "daily",
        "date": "2026-11-24",
        "zone": "Asia/Shanghai",
        "text": {"state": "named", "zh": "我公司今天已做班前安全风险研判。", "en": "Assessed."},
        "named": [{"code": "major", "n": 1, "zh": "1 处重大隐患还没有消除。", "en": "One."}],
        "total": {"n": 43, "on": 41, "off": 0, "late": 2, "none": 0},
        "plant": PLANT,
        "works": WORKS,
        "hazards": {"general": 2, "major": 1, "veto_unanswered": 0, "unanswered": 0},
        "risk": {"grade": 3, "because": ["fire_1"]},
        "signatory": {"name": "周九", "name_en": "", "title": "总经理", "title_en": ""},
        **changes,
    }


def version(id: str, clock: str, **changes: Any) -> Row:
    """A published version as announcements.announcement gives it."""
    return {"id": id, "kind": "daily", "published_ms": at(clock), "doc": doc(**changes)}


def unit(code: str, state: str, since_ms: int | None, **more: Any) -> Now:
    row = {
        "code": code,
        "name": f"{code} 装置",
        "name_en": "",
        "hazard_code": f"4109280{code}",
        **more,
    }
    return Now(row, state, since_ms, "升温中" if state == "startup" else "", since_ms)


def permit(no: str) -> Work:
    return Work({"no": no, "no_key": no.replace("-", "")}, late=False, gas_due_ms=None, gas=None)


def promise(**changes: Any) -> Promise:
    """The day at 09:20, its first version."""
    first = version(FIRST, "09:20")
    units = (
        unit("U1", "running", at("10:00", "2026-10-01")),
        unit("U2", "startup", at("06:15")),
        unit("U3", "maintenance", at("08:00", "2026-11-20")),
    )
    works = (permit("DH-2026-1124-01"), permit("SX-2026-1124-02"))
    given: dict[str, Any] = {"announcement": first, "first": first, "company_code": "410928001"}
    return Promise(**{**given, "units": units, "works": works, **changes})
