"""A day with the keeper of the log at work: what it seals, and what a verifier sees of it."""

from __future__ import annotations

from pathlib import Path

from shiftapp.ledger.encoding import b64u
from shiftapp.model import counts, log_keeping
from shiftapp.web import publish_sealing
from tests.announcing import at, commit, order, publish
from tests.keeping import Watched
from tests.plant import DUE_MS, Clock, Plant
from tests.recounting import ann_of, faults, recount, told

CAME = {
    "worker": at("07:45"),
    "mate": at("07:59"),
    "chen": DUE_MS - 500,  # half a second before the start
    "lin": DUE_MS,
    "huang": at("08:10"),
}


def test_a_day_of_the_keeper_is_announced_and_verified(plant: Plant, tmp_path: Path) -> None:
    watched, waiting = Watched(plant.store, tmp_path), dict(CAME)

    def round(now_ms: int) -> None:
        watched.now_ms = now_ms
        log_keeping.round(plant.store, watched.keeper, now_ms)

    round(at("19:30", "2026-11-23"))
    now_ms = at("07:39")
    while now_ms < at("09:05"):
        for who, came_ms in CAME.items():
            if waiting.get(who, now_ms + 1) <= now_ms:
                commit(plant, who, came_ms)
                del waiting[who]
        round(now_ms)
        if now_ms > DUE_MS:  # at no instant does the figure go back and forth
            (found,) = counts.parts(plant.store, [plant.instance()], now_ms)
            assert (found.count.on, found.unsealed) == (3, 0), now_ms
            assert found.count == found.check
        now_ms += 1000 if abs(now_ms - DUE_MS) < 30_000 else 20_000
    commit(plant, "leader", at("09:05"))  # just now: signing waits until it is sealed
    clock = Clock(at("09:05"))

    def pause(seconds: float) -> None:
        clock.ms += int(seconds * 1000)
        round(clock.ms)

    when = publish_sealing.catch_up(plant.store, clock, pause)
    assert when == at("09:05") + 250
    row = publish(plant, when, order(plant, when, override="已说明"))
    round(when + 61_000)
    index, ann = ann_of(plant.store, row["id"])
    assert index is not None
    s = b64u(bytes(plant.instance()["s"]))
    assert s in {one["s"] for one in ann["of"]}
    assert told(row["doc"]) == recount(plant.store, index)
    assert told(row["doc"])[s] == {"n": 6, "on": 3, "off": 0, "late": 3, "none": 0}
    assert not faults(plant.store, index)
