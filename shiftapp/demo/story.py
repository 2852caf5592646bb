"""Who does what and when in the demo plant: a week of shifts, this morning, and what comes next.

A day is counted from the day of the demo (0); minutes are counted from the start of the shift.
Most people do the ordinary: they commit in good time and go through their checklist. `ASIDE`
names the others. Each entry becomes moments (instant, what happens), which `build` plays in order.
"""

from __future__ import annotations

from collections.abc import Iterator

from shiftapp.demo import passing
from shiftapp.demo import people as cast
from shiftapp.demo.acts import HOUR_MS, Fault, Moment, commits, runs, seat
from shiftapp.demo.places import Text
from shiftapp.demo.stage import MINUTE_MS, Failed, Stage
from shiftapp.store import Row

FIRST_DAY = -8  # its night shift is the first of the week


# (day, shift): seat: what is different. The seat's crew is the one whose turn it is.
ASIDE: dict[tuple[int, str], dict[int, str | Fault]] = {
    (-7, "D"): {5: "late"},
    (-7, "N"): {8: "leave"},
    (-6, "D"): {
        5: Fault(
            Failed(4, "74", Text("轴承发烫，已切备用泵", "Bearing hot, spare pump in service")),
            fixed_h=6,
            accepted_h=22,
        )
    },
    (-5, "D"): {11: "missed"},
    (-5, "N"): {
        6: Fault(
            Failed(7, "", Text("取样口导淋有滴漏", "Drip at the sample drain")),
            fixed_h=30,
        )
    },
    (-4, "D"): {9: "proxy"},
    (-4, "N"): {3: "late"},
    (-3, "N"): {9: "brief"},
    (-2, "D"): {
        7: Fault(
            Failed(7, "", Text("喷淋阀手轮卡涩", "Spray valve wheel is stiff")),
            fixed_h=4,
            accepted_h=9,
        ),
        11: Fault(
            Failed(4, "", Text("左转向灯不亮", "Left indicator does not light")),
            due_h=24,
        ),
    },
    (-2, "N"): {12: "offline"},
    (-1, "D"): {4: "cannot"},
    (-1, "N"): {
        4: Fault(
            Failed(7, "", Text("P-201B 导淋渗漏，接了盘", "P-201B drain weeps, tray below")),
            due_h=20,
        ),
        5: "late",
        8: "missed",
        10: "offline",
    },
}
# This morning at 甲班, minutes to 08:00: commitment, run.
MORNING: dict[int, tuple[int, int | None]] = {
    0: (-43, None),
    1: (-40, -34),
    2: (-38, -31),
    4: (-36, -29),
    5: (-37, -30),
    6: (-35, -26),
    7: (-24, None),
    9: (-28, -25),
    12: (-33, -27),
}
HOT = Failed(4, "78", Text("东侧轴承 78 ℃，有杂音", "East bearing 78 ℃, odd noise"))
HIGH = Failed(5, "86", Text("现场 86%，远传 79%", "86% at the tank, 79% on the screen"))
ON_THE_WAY = Text("已联系，正在路上", "Called: on the way")
UNSIGNED = (-3, "D")  # that leader forgot: the day's announcement was signed over it, with a reason
OVERRIDE = Text("班长已口头报告，当天补签", "Leader reported by word, signs later today")
CLAMP = Text("2 号装卸台接地报警器失灵", "Loading bay 2: earthing alarm does not work")


def past(stage: Stage, day: int, instance: Row) -> Iterator[Moment]:
    """A shift of the past week, from the first commitment to the leader's signature."""
    start, crew = instance["starts_ms"], instance["crew"]
    aside = ASIDE.get((day, instance["code"]), {})
    for place in range(len(cast.SEATS)):
        yield from seat(stage, instance, place, aside.get(place, ""))
    signs = start + 9 * MINUTE_MS
    if (day, instance["code"]) != UNSIGNED:
        yield Moment(signs, 0, lambda: stage.sign(instance, ON_THE_WAY, signs))
    yield from passing.hand_over(stage, day, instance)
    if (day, instance["code"]) == (-1, "N"):
        at = start + 7 * HOUR_MS
        reporter = cast.number(crew, 7)
        yield Moment(at, 0, lambda: stage.report(reporter, instance, "LD-2", CLAMP, at))
        yield Moment(at + HOUR_MS, 0, lambda: _major(stage, stage.newest(reporter), at))


def morning(stage: Stage, instance: Row) -> Iterator[Moment]:
    """This morning until 07:38: some ready, some missing, one of each trouble."""
    start, leader = instance["starts_ms"], cast.number("JIA", 0)

    def at(minutes: float) -> int:
        return int(start + minutes * MINUTE_MS)

    trouble = {5: HOT, 6: HIGH}
    for place, (commit, run) in MORNING.items():
        no, by = cast.number("JIA", place), leader if place == 9 else ""
        yield from commits(stage, no, instance, at(commit), by=by)
        if run is not None:
            yield from runs(stage, no, instance, at(run), failed=trouble.get(place), by=by)
    sick, absent = cast.number("JIA", 8), cast.number("JIA", 10)
    standin = cast.number("DING", 10)
    yield from commits(stage, sick, instance, at(-27), bad="fit")
    yield Moment(at(-44), 0, lambda: stage.replace(instance, absent, standin, "leave", at(-44)))
    yield from commits(stage, standin, instance, at(-32))
    yield from runs(stage, standin, instance, at(-25))


def coming(stage: Stage, instance: Row) -> Iterator[Moment]:
    """What 甲班 still does this morning; 张三 is left to the visitor.

    Within three minutes, so that the board moves by itself while somebody looks at it, and a
    visitor who comes to it from the phone finds only what needs the leader.
    """
    start = instance["starts_ms"]
    tanks, loader, driver, fitter = (cast.number("JIA", place) for place in (6, 7, 11, 12))
    yield from runs(stage, loader, instance, start - 20 * MINUTE_MS - 50_000)  # 07:39:10
    yield from commits(stage, driver, instance, start - 20 * MINUTE_MS - 30_000)
    yield from runs(stage, fitter, instance, start - 19 * MINUTE_MS - 40_000, which=1)
    yield from runs(stage, driver, instance, start - 19 * MINUTE_MS - 10_000)  # 07:40:50
    yield from runs(stage, tanks, instance, start + 20 * MINUTE_MS)  # the level is down again


def tonight(stage: Stage, instance: Row) -> Iterator[Moment]:
    """The night shift that follows, as ordinary as can be."""
    for place in range(len(cast.SEATS)):
        yield from seat(stage, instance, place, "")


def _major(stage: Stage, hazard: int, found_ms: int) -> None:
    """The safety director grades it and gives it to the head of the tank farm, until tonight."""
    director, head = cast.PARTS["manager"], "9005"
    stage.grade(hazard, "major")
    stage.answer(
        hazard,
        "assigned",
        director,
        found_ms + HOUR_MS,
        text=Text("2 号台停用，今天换", "Bay 2 is closed; replace today").of(stage.lang),
        assignee=stage.ids[head],
        due_ms=found_ms + 15 * HOUR_MS,
    )
