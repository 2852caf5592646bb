"""What others do on the visitor's day between the leader's signature and the announcement.

The visitor plays the worker, the leader and the signatory. When they move the clock to the cut-off
the safety director has looked at the plant, and production and the plant have signed, as far as
what the visitor left open allows it.
"""

from __future__ import annotations

from shiftapp.demo import above, plant_state
from shiftapp.demo.build import Wanted
from shiftapp.demo.places import SITE_CODE
from shiftapp.demo.stage import MINUTE_MS
from shiftapp.model import facilities, ladder, ladder_sign, people, settings
from shiftapp.problems import Problem
from shiftapp.store import Store

LOOK_MS = 55 * MINUTE_MS  # before the cut-off: 08:05


def hold(store: Store, wanted: Wanted, now_ms: int) -> None:
    """The look and the two signatures, once, when the clock has passed the cut-off."""
    cutoff_ms = wanted.at(0, "09:00")
    if now_ms < cutoff_ms:
        return
    _look(store, cutoff_ms - LOOK_MS)
    for unit, by in above.SIGNERS.items():
        _sign(store, wanted, unit, by, cutoff_ms + above.AFTER_CUTOFF[unit] * MINUTE_MS)


def _look(store: Store, at_ms: int) -> None:
    if all((one.seen_ms or 0) >= at_ms for one in facilities.now(store, at_ms)):
        return
    by = _id(store, plant_state.DIRECTOR)
    store.write(lambda db: facilities.look(db, SITE_CODE, by=by, now_ms=at_ms))


def _sign(store: Store, wanted: Wanted, unit: str, no: str, at_ms: int) -> None:
    date, facts, by = wanted.day.isoformat(), settings.get(store), _id(store, no)
    rung = ladder.find(ladder.tops(store, facts, date, at_ms), unit)
    if rung is None or rung.signed or rung.blocking:
        return
    order = above.order(rung, unit, date, wanted.lang)
    try:
        store.write(lambda db: ladder_sign.sign(db, facts, order, by=by, now_ms=at_ms))
    except Problem:  # the visitor was quicker, or changed something this moment
        return


def _id(store: Store, no: str) -> str:
    found = people.by_no(store, no)
    assert found is not None  # the demo's cast
    return str(found["id"])
