"""Shifts of the demo hand over: what a leader leaves, and the next one who asks about it."""

from __future__ import annotations

from collections.abc import Iterator

from shiftapp.demo import people as cast
from shiftapp.demo.acts import HOUR_MS, Moment
from shiftapp.demo.places import Text
from shiftapp.demo.stage import MINUTE_MS, Stage
from shiftapp.model import handover
from shiftapp.store import Db, Row

ASKS_MS = -5 * MINUTE_MS  # to the start of the shift
LEAVES_MS = 11 * HOUR_MS + 24 * MINUTE_MS
# (day, shift): where and what; the last one is for the visitor to ask about.
LEFT = {
    (-3, "D"): ("E-301", Text("E-301 管程阀还关着，等检修", "E-301: tube side still shut in")),
    (-1, "N"): (
        "P-201",
        Text("P-201B 导淋接的盘八成满，班前倒掉", "P-201B: tray below the drain nearly full"),
    ),
}


def hand_over(stage: Stage, day: int, instance: Row) -> Iterator[Moment]:
    """Before a shift its leader asks about all that was left; near its end they may leave more."""
    start = instance["starts_ms"]
    yield Moment(start + ASKS_MS, 0, lambda: _ask(stage, instance, start + ASKS_MS))
    left = LEFT.get((day, instance["code"]))
    if left is not None:
        at_ms = start + LEAVES_MS
        yield Moment(at_ms, 0, lambda: _leave(stage, instance, *left, at_ms))


def _ask(stage: Stage, instance: Row, at_ms: int) -> None:
    by = stage.ids[cast.number(instance["crew"], 0)]

    def take(db: Db) -> None:
        for item in handover.waiting(db, instance, at_ms):
            handover.take(db, instance, item["id"], "", by=by, now_ms=at_ms)

    stage.store.write(take)


def _leave(stage: Stage, instance: Row, label: str, what: Text, at_ms: int) -> None:
    by, station = stage.ids[cast.number(instance["crew"], 0)], stage.codes[label]
    text = what.of(stage.lang)
    stage.store.write(lambda db: handover.leave(db, instance, text, station, by=by, now_ms=at_ms))
