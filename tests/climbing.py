"""The ladder of the cast: 甲班 and 丙班 in workshop A1 (生产一部), and it in the plant YC (一厂).

The manager signs the workshop, the signatory the plant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shiftapp.model import ladder, ladder_sign, placing, settings
from shiftapp.model.ladder_sign import Order
from shiftapp.model.rungs import Rung
from tests.plant import NOW_MS, TODAY, Plant

WORKSHOP, TOP = "A1", "YC"
SIGNER = {WORKSHOP: "manager", TOP: "signatory"}
ALL_IN_PLACE = dict.fromkeys(ladder_sign.items(), "yes")


def placed(plant: Plant) -> Plant:
    """Every crew has its place in the ladder."""
    with plant.store.tx() as db:
        placing.place(db)
    return plant


def rung(plant: Plant, unit: str, at_ms: int = NOW_MS, date: str = TODAY) -> Rung:
    """A unit's rung on a day."""
    found = ladder.find(ladder.tops(plant.store, settings.get(plant.store), date, at_ms), unit)
    assert found is not None
    return found


def climb(
    plant: Plant,
    unit: str,
    at_ms: int,
    *,
    part: str = "",
    reasons: Mapping[str, str] | None = None,
    answers: Mapping[str, str] | None = None,
    date: str = TODAY,
    **more: Any,
) -> int:
    """Sign a unit, as its signer unless told, over every gap with '已安排' unless told."""
    seen = rung(plant, unit, at_ms, date)
    written = dict.fromkeys((gap.key for gap in seen.asks), "已安排")
    fields = {"seen": seen.sha, "answers": ALL_IN_PLACE if answers is None else answers, **more}
    order = Order(unit, date, reasons=written if reasons is None else reasons, **fields)
    with plant.store.tx() as db:
        by = plant.id(part or SIGNER[unit])
        return ladder_sign.sign(db, settings.get(db), order, by=by, now_ms=at_ms)
