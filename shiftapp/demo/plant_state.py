"""The state of the demo plant: five units, a tank farm and a store, and what became of them.

Who manages a workshop enters a state when it changes, the safety director looks at all of them
each morning. On the day of the demo nobody has looked yet: that is left to the visitor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from shiftapp.demo import people as cast
from shiftapp.demo.acts import Moment
from shiftapp.demo.places import SITE_CODE, Text
from shiftapp.demo.stage import Stage
from shiftapp.model import facilities
from shiftapp.model.facilities import Facility

At = Callable[[int, str], int]  # day (0: that of the demo) and HH:MM → Unix ms

DIRECTOR = cast.PARTS["manager"]
HEADS = {"W1": "9003", "W2": "9004", "TF": "9005"}


class Thing(NamedTuple):
    """A facility of the demo and the state it had before the week."""

    code: str
    kind: str
    area: str
    name: Text
    state: str = "running"
    hazard_rank: int = 0
    hazard_code: str = ""
    process: int = 0


class Change(NamedTuple):
    """A state entered at a time, which began then or (`since`) earlier that day."""

    day: int
    clock: str
    code: str
    state: str
    note: Text = Text("", "")
    since: str = ""


THINGS = (
    Thing(
        "U101", "unit", "W1", Text("碳四分离装置", "C4 separation unit"), hazard_code="DEMO-0101"
    ),
    Thing("U102", "unit", "W1", Text("MTBE 装置", "MTBE unit"), hazard_code="DEMO-0102"),
    Thing(
        "U103",
        "unit",
        "W1",
        Text("碳四加氢装置", "C4 hydrogenation unit"),
        hazard_code="DEMO-0103",
        process=1,
    ),
    Thing("U104", "unit", "W1", Text("异丁烯装置", "Isobutene unit"), hazard_code="DEMO-0104"),
    Thing("U201", "unit", "W2", Text("制氮装置", "Nitrogen unit"), hazard_code="DEMO-0201"),
    Thing("T301", "tank_farm", "TF", Text("碳四罐区", "C4 tank farm"), "safe", 2, "DEMO-0002"),
    Thing("W401", "warehouse", "W2", Text("危化品库", "Chemicals store"), "safe", 3, "DEMO-0003"),
)
AREA = {one.code: one.area for one in THINGS}
DETECTOR = Text("2 号可燃气体探头失灵，停止出入库", "Gas detector 2 is dead: nothing in or out")
CLEANING = Text("换热器 E-301 清洗", "Cleaning of exchanger E-301")
CHANGES = (
    Change(-6, "14:20", "W401", "unsafe", DETECTOR),
    Change(-6, "17:05", "W401", "safe", Text("探头换新，标定合格", "Detector replaced and set")),
    Change(-4, "08:02", "U104", "shutdown", since="06:30"),
    Change(-4, "16:10", "U104", "stopped"),
    Change(-3, "08:05", "U104", "maintenance", CLEANING, since="08:00"),
)


def save(stage: Stage, now_ms: int) -> None:
    """Put the facilities on the list, each with the state it was found in."""
    for one in THINGS:
        name = one.name.of(stage.lang)
        facilities.save(
            stage.store,
            Facility(
                one.code,
                SITE_CODE,
                one.kind,
                name,
                one.name.en,
                one.area,
                one.hazard_rank,
                one.hazard_code,
                one.process,
            ),
        )
        by = stage.ids[DIRECTOR]
        facilities.set_state(
            stage.store, one.code, one.state, since_ms=now_ms, by=by, now_ms=now_ms
        )


def week(stage: Stage, at: At) -> Iterator[Moment]:
    """What was entered in the seven days before, and the look of each morning at about 08:10."""
    for day in range(-7, 0):
        at_ms = at(day, f"08:{7 + day % 6:02}")
        yield Moment(at_ms, 1, partial(_look, stage, at_ms))
    for one in CHANGES:
        at_ms = at(one.day, one.clock)
        since_ms = at(one.day, one.since) if one.since else at_ms
        yield Moment(at_ms, 0, partial(_enter, stage, one, since_ms, at_ms))


def _look(stage: Stage, at_ms: int) -> None:
    facilities.look(stage.store, SITE_CODE, by=stage.ids[DIRECTOR], now_ms=at_ms)


def _enter(stage: Stage, one: Change, since_ms: int, at_ms: int) -> None:
    by, note = stage.ids[HEADS[AREA[one.code]]], one.note.of(stage.lang)
    facilities.set_state(
        stage.store, one.code, one.state, since_ms=since_ms, note=note, by=by, now_ms=at_ms
    )
