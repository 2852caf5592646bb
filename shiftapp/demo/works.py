"""Special work of the demo plant: a week of permits, and those of the visitor's day.

Who manages a workshop registers what the permit system has issued, mostly the afternoon before;
the day crew guards. What has passed was tested and closed; of one it rained, one took longer. On
the day itself twelve permits stand in the register, most of them not begun at 07:38.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shiftapp.demo import people as cast
from shiftapp.demo.acts import HOUR_MS, Moment
from shiftapp.demo.places import ZONE, Text
from shiftapp.demo.plant_state import HEADS, At
from shiftapp.demo.stage import MINUTE_MS, Stage
from shiftapp.model import shifts, special_work_entry, special_work_rows
from shiftapp.model.special_work_checks import Author, Entry

NONE = Text("", "")
MENDERS = Text("濮阳示例检修公司（示例）", "Example Maintenance Co. (demo)")
READING = Text("可燃气体 0 %，氧 20.8 %", "LEL 0 %, O₂ 20.8 %")
RAIN = Text("下雨，改天做", "Rain: another day")


class Permit(NamedTuple):
    """A permit of a day: its number is the letters, month and day, and `n`."""

    letters: str
    n: int
    kind: str  # 'kind' or 'kind.level'
    area: str
    place: Text
    what: Text
    starts: str
    ends: str
    guardian: int | None = None  # seat of the day crew
    worker: int | None = None
    contractor: Text = NONE
    facility: str = ""
    days: int = 0  # its end is so many days later
    gas: int | None = None  # minutes; None: as the kind has it
    cancelled: str = ""  # when it was called off


P201 = Text("P-201 泵区北侧", "North of pump P-201")
P102 = Text("P-102 出口管线", "Discharge line of P-102")
V305 = Text("V-305 罐顶平台", "Top platform of tank V-305")
RACK = Text("一车间管廊", "Pipe rack of the synthesis workshop")
E301 = Text("E-301 换热器", "Exchanger E-301")
SPARE = Text("V-306 备用罐内", "Inside the spare tank V-306")
BAY = Text("1 号装卸台", "Loading bay 1")
FLANGE = Text("更换法兰", "A flange is replaced")
SUPPORT = Text("焊管托", "A pipe support is welded")
PAINT = Text("补防腐漆", "Paint is mended")
BUNDLE = Text("抽芯清洗管束", "The tube bundle is drawn and cleaned")
PUMP = Text("吊装备用泵", "A spare pump is lifted in")
LIGHT = Text("临时照明和焊机电源", "Light and power for welding")
WASH = Text("清洗罐内壁", "The inside is washed")

TODAY = (
    Permit("DH", 1, "fire.1", "W1", P201, FLANGE, "10:00", "16:00", 4, 5, facility="U101"),
    Permit("DH", 2, "fire.2", "W1", RACK, SUPPORT, "10:30", "17:00", 5),
    Permit("DH", 3, "fire.2", "W1", P102, FLANGE, "13:30", "17:30", 3),
    Permit("SX", 1, "confined", "TF", SPARE, WASH, "10:00", "17:00", 6, contractor=MENDERS),
    Permit("GC", 1, "height.2", "TF", V305, PAINT, "09:30", "17:00", 6),
    Permit("GC", 2, "height.1", "W1", RACK, SUPPORT, "10:30", "17:00", 5),
    Permit("DZ", 1, "lifting.3", "W1", P201, PUMP, "14:00", "15:30", 4),
    Permit("LD", 1, "power", "W1", RACK, LIGHT, "10:00", "18:00"),
    Permit("LD", 2, "power", "W2", BAY, LIGHT, "10:00", "18:00"),
)
# Begun on another day and still running: day of the start, permit.
STANDING = (
    (-1, Permit("DH", 1, "fire.2", "W1", E301, SUPPORT, "10:00", "17:00", 5, days=2, gas=240,
                facility="U104")),
    (-3, Permit("JX", 1, "maintenance", "W1", E301, BUNDLE, "09:00", "17:00", days=4,
                contractor=MENDERS, facility="U104")),
    (-3, Permit("LD", 1, "power", "W1", E301, LIGHT, "09:00", "18:00", days=4, facility="U104")),
)  # fmt: skip
PAST = {
    -7: (Permit("DH", 1, "fire.2", "W1", RACK, SUPPORT, "10:00", "15:00", 5),),
    -6: (
        Permit("GC", 1, "height.1", "TF", V305, PAINT, "10:00", "16:00", 6, cancelled="08:40"),
        Permit("DZ", 1, "lifting.3", "W2", BAY, PUMP, "14:00", "15:30", 7),
    ),
    -5: (
        Permit("DH", 1, "fire.1", "W1", P102, FLANGE, "10:00", "14:00", 4),
        Permit("LD", 1, "power", "W1", P102, LIGHT, "10:00", "18:00"),
    ),
    -4: (Permit("SX", 1, "confined", "TF", SPARE, WASH, "10:00", "16:00", 6, contractor=MENDERS),),
    -3: (Permit("GC", 1, "height.2", "TF", V305, PAINT, "13:30", "17:00", 6, cancelled="15:10"),),
    -2: (Permit("DH", 1, "fire.2", "W1", P201, FLANGE, "10:00", "16:00", 5, 4),),
    -1: (Permit("GC", 1, "height.1", "W1", RACK, PAINT, "13:30", "16:30", 5),),
}


def week(stage: Stage, at: At) -> Iterator[Moment]:
    """What was registered, tested, closed and called off until 07:38 of the day."""
    for day, permits in PAST.items():
        for one in permits:
            yield from _registered(stage, at, day, one)
            yield from _worked(stage, at, day, one)
    for day, one in STANDING:
        yield from _registered(stage, at, day, one)
        yield from _tested(stage, at, day, one, at(0, "06:00"))
    for one in TODAY:
        yield from _registered(stage, at, 0, one)
    yield from _relieved(stage, at, *STANDING[0])


def _registered(stage: Stage, at: At, day: int, one: Permit) -> Iterator[Moment]:
    """Entered the afternoon before, a few minutes apart."""
    at_ms = at(day - 1, "16:20") + one.n * 3 * MINUTE_MS + len(one.place.en) * 1000

    def enter() -> None:
        said = _entry(stage, at, day, one, _crew(stage, at, day))
        special_work_entry.register(stage.store, said, _author(stage, one), at_ms)

    yield Moment(at_ms, 0, enter)


def _worked(stage: Stage, at: At, day: int, one: Permit) -> Iterator[Moment]:
    """Tested and closed a little before its end, or called off."""
    ends_ms = at(day + one.days, one.ends)
    if one.cancelled:
        off_ms = at(day, one.cancelled)
        yield from _tested(stage, at, day, one, off_ms)
        yield Moment(off_ms, 1, partial(_cancel, stage, at, day, one, off_ms))
        return
    yield from _tested(stage, at, day, one, ends_ms - HOUR_MS)
    done_ms = ends_ms - (6 + one.n) * MINUTE_MS
    yield Moment(done_ms, 1, partial(_close, stage, at, day, one, done_ms))


def _tested(stage: Stage, at: At, day: int, one: Permit, until_ms: int) -> Iterator[Moment]:
    """Gas tests from 20 minutes before the start on, each a little before it is due."""
    every = 120 if one.gas is None else one.gas
    if not one.kind.startswith(("fire", "confined")):
        return
    tested_ms = at(day, one.starts) - 20 * MINUTE_MS
    while tested_ms < until_ms:
        yield Moment(tested_ms, 0, partial(_test, stage, at, day, one, tested_ms))
        tested_ms += (every - 12) * MINUTE_MS


def _relieved(stage: Stage, at: At, day: int, one: Permit) -> Iterator[Moment]:
    """A permit that lasts for days is guarded by the crew of the day: entered in the morning."""
    at_ms = at(0, "07:21")

    def change() -> None:
        said = _entry(stage, at, day, one, _crew(stage, at, 0))
        id = _id(stage, at, day, one)
        special_work_entry.change(stage.store, id, said, _author(stage, one), at_ms)

    yield Moment(at_ms, 0, change)
    tested_ms = at_ms + 5 * MINUTE_MS
    yield Moment(tested_ms, 0, partial(_test, stage, at, day, one, tested_ms))


def _test(stage: Stage, at: At, day: int, one: Permit, at_ms: int) -> None:
    special_work_entry.test_gas(
        stage.store,
        _id(stage, at, day, one),
        passed=True,
        result=READING.of(stage.lang),
        tested_ms=at_ms,
        author=_author(stage, one),
        now_ms=at_ms,
    )


def _close(stage: Stage, at: At, day: int, one: Permit, at_ms: int) -> None:
    id = _id(stage, at, day, one)
    special_work_entry.close(stage.store, id, _author(stage, one), at_ms)


def _cancel(stage: Stage, at: At, day: int, one: Permit, at_ms: int) -> None:
    id, why = _id(stage, at, day, one), RAIN.of(stage.lang)
    special_work_entry.cancel(stage.store, id, why, _author(stage, one), at_ms)


def _entry(stage: Stage, at: At, day: int, one: Permit, crew: str) -> Entry:
    kind, _, level = one.kind.partition(".")
    return Entry(
        no=_no(at, day, one),
        kind=kind,
        level=level,
        area=one.area,
        facility=one.facility or None,
        place=one.place.of(stage.lang),
        what=one.what.of(stage.lang),
        starts_ms=at(day, one.starts),
        ends_ms=at(day + one.days, one.ends),
        contractor=one.contractor.of(stage.lang),
        gas_every_min=one.gas,
        guardians=() if one.guardian is None else (cast.number(crew, one.guardian),),
        workers=() if one.worker is None else (cast.number(crew, one.worker),),
    )


def _no(at: At, day: int, one: Permit) -> str:
    date = datetime.datetime.fromtimestamp(at(day, "12:00") / 1000, ZoneInfo(ZONE))
    return f"{one.letters}-{date:%m%d}-{one.n:02}"


def _id(stage: Stage, at: At, day: int, one: Permit) -> int:
    found = special_work_rows.find(stage.store, _no(at, day, one))
    assert found is not None  # registered before
    return int(found["id"])


def _crew(stage: Stage, at: At, day: int) -> str:
    """The crew that works by day."""
    found = shifts.started_between(stage.store, at(day, "06:00"), at(day, "12:00"))
    return str(found[0]["crew"])


def _author(stage: Stage, one: Permit) -> Author:
    return Author("desk", stage.ids[HEADS[one.area]])
