"""What the steps of a run bring beside their answers: a second person, a station scanned.

A second person shows who they are as the first does, and is somebody else. What does not hold is a
flag of the record, which counts all the same: the step was done, and a leader looks (formats.md
"Bytes" §2, §3).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

from shiftapp.model.belief import Seen, is_shown
from shiftapp.model.facts import Facts, person_facts
from shiftapp.store import Db

# A body of good shape (shapes.py).
Json = dict[str, Any]


def judge_steps(
    db: Db, known: Facts, body: Json, seen: Seen, mac: Callable[[str], str]
) -> set[str]:
    """Flags of what the steps of a run bring; `mac` gives the MAC of a station code."""
    steps, flags = body["steps"], set()
    seconds = [step["second"] for step in steps if "second" in step]
    if not all(_is_somebody_else(db, known, body, who, seen) for who in seconds):
        flags.add("who_unverified")
    scans = {(step["scan"]["code"], step["scan"]["mac"]) for step in steps if "scan" in step}
    if not all(_is_ours(db, code, said, mac) for code, said in scans):
        flags.add("station_mac")
    return flags


def _is_somebody_else(db: Db, known: Facts, body: Json, who: Json, seen: Seen) -> bool:
    second = person_facts(db, known, who)
    return second.person not in (None, known.person) and is_shown(second, body, who, seen)


def _is_ours(db: Db, code: str, said: str | None, mac: Callable[[str], str]) -> bool:
    """Whether there is such a station and the code was printed by us, or (None) typed."""
    if said is not None and not hmac.compare_digest(said, mac(code)):
        return False
    return db.value("SELECT 1 FROM station WHERE code = :code", code=code) is not None
