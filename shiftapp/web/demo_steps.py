"""How far the visitor of a demo has come on the path: what is done, and what comes next.

Read from the plant itself, so that it does not matter how they got there.
"""

from __future__ import annotations

from typing import NamedTuple

from shiftapp.model import announcements, findings, history, shifts, signoffs
from shiftapp.store import Row
from shiftapp.web.context import now_ms, store

STEPS = ("commit", "board", "clock", "publish", "public")


class Step(NamedTuple):
    """A step of the path; exactly one is next."""

    key: str
    done: bool
    next: bool


def steps(operator: Row, day: str, cutoff_ms: int) -> list[Step]:
    """The five steps; `operator` is who commits, `day` the date that is published."""
    done = {
        "commit": False,
        "board": False,
        "clock": now_ms() >= cutoff_ms,
        "publish": announcements.newest_of(store(), day) is not None,
        "public": False,
    }
    shift = shifts.before(store(), operator["crew"], now_ms())
    if shift is not None:
        done["commit"] = history.state_of(store(), shift, operator["id"], now_ms()) == "ready"
        done["board"] = _signed(shift)
    coming = next(key for key in STEPS if not done[key])
    return [Step(key, done[key], key == coming) for key in STEPS]


def _signed(shift: Row) -> bool:
    people = history.people_states(store(), shift, now_ms())
    asked = findings.of_instance(store(), shift["id"])
    signature = signoffs.signature(store(), shift, people, asked, now_ms())
    return signature is not None and signature.holds
