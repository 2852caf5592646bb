"""What stands above the crews of the demo: the production department and the plant, and their days.

The head of the synthesis workshop signs for production at the morning meeting, the general manager
for the plant after it; each writes a reason over what may stay open.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from shiftapp.demo import people as cast
from shiftapp.demo.acts import Moment
from shiftapp.demo.places import SITE_CODE, Text
from shiftapp.demo.stage import MINUTE_MS, Stage
from shiftapp.model import ladder, ladder_sign, settings, units
from shiftapp.model.rungs import Rung
from shiftapp.model.units import Unit

PRODUCTION, PLANT = "OPS", "ALL"
HEAD = "9003"
NAMES = {PRODUCTION: Text("生产部", "Production"), PLANT: Text("全厂", "Whole plant")}
ARRANGED = Text("班长已安排人，当班补齐", "Leader has arranged it, done within the shift")
# Research items that do not apply to this plant.
NOTHING_HERE = {"roof", "startup"}
SIGNERS = {PRODUCTION: HEAD, PLANT: cast.PARTS["signatory"]}
AFTER_CUTOFF = {PRODUCTION: -40, PLANT: -20}  # minutes to 09:00


def save_units(stage: Stage) -> None:
    """Put the four crews under production, and production under the plant."""
    for code, level, parent in ((PLANT, 3, None), (PRODUCTION, 2, PLANT)):
        name = NAMES[code]
        unit = Unit(code, level, SITE_CODE, name.of(stage.lang), name.en, parent)
        units.save_unit(stage.store, unit)
    units.set_crews(stage.store, PRODUCTION, list(cast.CREWS))
    units.set_signers(stage.store, PRODUCTION, [stage.ids[HEAD]])


def signed(stage: Stage, date: str, cutoff_ms: int) -> Iterator[Moment]:
    """The two signatures of a day, the lower first."""
    for unit, by in SIGNERS.items():
        at_ms = cutoff_ms + AFTER_CUTOFF[unit] * MINUTE_MS
        yield Moment(at_ms, 1, partial(_sign, stage, unit, date, by, at_ms))


def _sign(stage: Stage, unit: str, date: str, by: str, at_ms: int) -> None:
    facts = settings.get(stage.store)
    rung = ladder.find(ladder.tops(stage.store, facts, date, at_ms), unit)
    assert rung is not None  # save_units made it
    wanted = order(rung, unit, date, stage.lang)
    stage.store.write(
        lambda db: ladder_sign.sign(db, facts, wanted, by=stage.ids[by], now_ms=at_ms)
    )


def order(rung: Rung, unit: str, date: str, lang: str) -> ladder_sign.Order:
    """What a unit of the demo signs: everything in place, and a reason over what is open."""
    return ladder_sign.Order(
        unit=unit,
        date=date,
        seen=rung.sha,
        answers={item: "none" if item in NOTHING_HERE else "yes" for item in ladder_sign.items()},
        reasons={gap.key: ARRANGED.of(lang) for gap in rung.asks},
    )
