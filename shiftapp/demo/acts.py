"""What one person does in one shift of the demo, as moments: the ordinary, and what differs.

A moment is an instant and what happens then; `build` plays all of them in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from shiftapp.demo import people as cast
from shiftapp.demo.places import Text
from shiftapp.demo.stage import MINUTE_MS, Failed, Stage
from shiftapp.store import Row

HOUR_MS = 60 * MINUTE_MS
GONE = {"leave", "cannot", "missed"}


class Moment(NamedTuple):
    """Something that happens at an instant; `order` keeps equal instants apart."""

    at_ms: int
    order: int
    act: Callable[[], None]


class Fault(NamedTuple):
    """A failed step and how it goes on: hours until it is assigned, fixed and accepted."""

    failed: Failed
    which: int = 0  # of the person's posts
    assigned_h: float = 0.2
    fixed_h: float = 0
    accepted_h: float = 0
    due_h: float = 8


def seat(stage: Stage, instance: Row, place: int, what: str | Fault) -> Iterator[Moment]:
    start, no = instance["starts_ms"], cast.number(instance["crew"], place)
    commit = start - (7 + stage.seed.below(31)) * MINUTE_MS - stage.seed.below(60) * 1000
    if what == "late":
        commit = start + (4 + place) * MINUTE_MS
    if what in GONE:
        yield from _gone(stage, instance, place, str(what))
        return
    if what == "offline":
        yield from _offline(stage, no, instance, commit)
        commit += 40 * MINUTE_MS  # the run is made after the shift has begun
    else:
        by = cast.number(instance["crew"], 0) if what == "proxy" else ""
        bad = "handover" if what == "brief" else ""
        note = Text("阀门状态没说清", "Valve line-up was not clear") if bad else None
        yield from commits(stage, no, instance, commit, bad=bad, note=note, by=by)
    if what == "brief":
        yield from _briefing(stage, no, instance, commit)
    for which, post in enumerate(cast.SEATS[place].posts):
        at = commit + (4 + 3 * which) * MINUTE_MS
        fault = what if isinstance(what, Fault) and what.which == which else None
        if post[2]:
            failed = fault.failed if fault else None
            yield from runs(stage, no, instance, at, which=which, failed=failed)
        if fault:
            yield from _mending(stage, no, instance, at, fault)


def _gone(stage: Stage, instance: Row, place: int, what: str) -> Iterator[Moment]:
    """On leave, or not fit today: the same seat of a crew at rest steps in. Or simply missing."""
    start, no = instance["starts_ms"], cast.number(instance["crew"], place)
    if what == "missed":
        return
    crews = list(cast.CREWS)
    resting = crews[(crews.index(instance["crew"]) + 3) % 4]
    standin = cast.number(resting, place)
    told = start - 40 * MINUTE_MS
    if what == "cannot":
        yield from commits(stage, no, instance, told, bad="fit")
        yield Moment(
            told + 3 * MINUTE_MS,
            0,
            lambda: stage.answer(
                stage.newest(no),
                "replaced",
                cast.number(instance["crew"], 0),
                told + 3 * MINUTE_MS,
            ),
        )
    why = "replaced" if what == "cannot" else "leave"
    yield Moment(
        told + 4 * MINUTE_MS,
        0,
        lambda: stage.replace(
            instance,
            no,
            standin,
            why,  # type: ignore[arg-type]  # one of two words of roster.Why
            told + 4 * MINUTE_MS,
        ),
    )
    yield from commits(stage, standin, instance, start - 12 * MINUTE_MS)
    yield from runs(stage, standin, instance, start - 6 * MINUTE_MS)


def _offline(stage: Stage, no: str, instance: Row, at: int) -> Iterator[Moment]:
    """No signal at the station: sealed before the start, delivered after it."""
    token = instance["opens_ms"] + 2 * MINUTE_MS
    at = max(at, token + 2 * MINUTE_MS)
    held = instance["starts_ms"] + 25 * MINUTE_MS - at
    yield Moment(token, 0, lambda: stage.take_token(no, token))
    yield Moment(at + held, 0, lambda: stage.commit(no, instance, at, held_ms=held))


def _briefing(stage: Stage, no: str, instance: Row, commit: int) -> Iterator[Moment]:
    at = commit + 6 * MINUTE_MS
    leader = cast.number(instance["crew"], 0)
    said = Text("当面交清了", "Explained face to face").of(stage.lang)
    yield Moment(at, 0, lambda: stage.answer(stage.newest(no), "briefed", leader, at, text=said))


def _mending(stage: Stage, no: str, instance: Row, found: int, fault: Fault) -> Iterator[Moment]:
    """A hazard on its way: the leader assigns it to the crew's fitter, who mends it."""
    leader, fitter = cast.number(instance["crew"], 0), cast.number(instance["crew"], 12)
    due = found + int(fault.due_h * HOUR_MS)
    known: list[int] = []

    def assign() -> None:
        known.append(stage.newest(no))
        stage.answer(
            known[0],
            "assigned",
            leader,
            found + int(fault.assigned_h * HOUR_MS),
            text=Text("查原因，今天处理", "Find the cause and mend it").of(stage.lang),
            assignee=stage.ids[fitter],
            due_ms=due,
        )

    def fix() -> None:
        at = found + int(fault.fixed_h * HOUR_MS)
        mended = Text("换了件，试过了", "Part replaced and tested").of(stage.lang)
        stage.answer(known[0], "fixed", leader, at, text=mended)

    yield Moment(found + int(fault.assigned_h * HOUR_MS), 0, assign)
    if fault.fixed_h:
        yield Moment(found + int(fault.fixed_h * HOUR_MS), 0, fix)
    if fault.accepted_h:
        at = found + int(fault.accepted_h * HOUR_MS)
        yield Moment(at, 0, lambda: stage.accept(known[0], cast.PARTS["manager"], at))


def commits(
    stage: Stage,
    no: str,
    instance: Row,
    at: int,
    *,
    bad: str = "",
    note: Text | None = None,
    by: str = "",
) -> Iterator[Moment]:
    yield Moment(at, 0, lambda: stage.commit(no, instance, at, bad=bad, note=note, by=by))


def runs(
    stage: Stage,
    no: str,
    instance: Row,
    at: int,
    *,
    which: int = 0,
    failed: Failed | None = None,
    by: str = "",
) -> Iterator[Moment]:
    yield Moment(
        at,
        1,
        lambda: stage.run(no, instance, at, which=which, failed=failed, by=by),
    )
