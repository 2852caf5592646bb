"""What can be believed of a record's origin: device, signature, person, place (formats.md §3, §5).

Decides by what the store knows (facts.py); writes nothing. Nothing is refused here: what does not
hold is a flag.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from shiftapp.ledger import badge
from shiftapp.ledger import device as device_keys
from shiftapp.model import people
from shiftapp.model.facts import Facts
from shiftapp.store import Db

# With one of these a record counts, and the person's state carries the mark *unverified*.
UNVERIFIED = frozenset({"other_device", "bad_sig", "who_unverified"})

# A body of good shape (shapes.py).
Json = dict[str, Any]
# (record id, person id): the PIN sealed in that record is that person's. Looked at beforehand, by
# the web room: it takes as long as a password.
Proven = frozenset[tuple[str, str]]


class Seen(NamedTuple):
    """What evidence is held against beside the store.

    `lower_ms`: the record was surely not made before then; None: nothing shows that.
    """

    lower_ms: int | None
    proven: Proven


@dataclass(frozen=True)
class Known:
    """The person a record speaks of; `id` None: nobody we know, or an anonymous hazard.

    `unvouched`: a guest; the evidence holds, but nobody has confirmed yet who that is.
    """

    id: str | None = None
    proxy: bool = False
    flags: frozenset[str] = frozenset()
    unvouched: bool = False


def judge_device(
    known: Facts, claimed: str | None, delivering: str | None, c: bytes, sig: bytes | None
) -> set[str]:
    """Flags of the device a body claims and of the signature beside it.

    `delivering` is the device whose credential came with the request; None: the plain form.
    """
    flags = set()
    if claimed != delivering:  # a revoked device delivers nothing, so it is never the same
        flags.add("other_device")
    if sig is not None and not (known.pubkey and device_keys.verify(known.pubkey, c, sig)):
        flags.add("bad_sig")
    return flags


def judge_person(db: Db, known: Facts, body: Json, seen: Seen) -> Known:
    """Whom the record speaks of, and whether the evidence of it holds."""
    who = body["who"]
    if who["person"] is None and "no" not in who:
        return Known()  # an anonymous hazard
    if known.person is None:
        return Known(flags=frozenset({"unknown_person"}))
    flags = set() if _believed(db, known, body, seen) else {"who_unverified"}
    return Known(known.person, who["ev"]["k"] == "leader", frozenset(flags), known.unvouched)


def judge_place(known: Facts, body: Json, mac: Callable[[str], str]) -> set[str]:
    """Flags of the station (`mac` gives the MAC of a code) and of the job."""
    station, flags = body["station"], set()
    if station is not None:
        if not known.station:
            flags.add("unknown_station")
        if station["mac"] and not hmac.compare_digest(station["mac"], mac(station["code"])):
            flags.add("station_mac")
    if body["job"] is not None and not known.job:
        flags.add("unknown_job")
    return flags


def is_shown(known: Facts, body: Json, who: Json, seen: Seen) -> bool:
    """Whether `who` of a body (its own, or of a step) shows that it was `known.person` themselves.

    By a session of theirs on that device, by their PIN, or by their badge.
    """
    evidence = who["ev"]
    if evidence["k"] == "session":
        return _in_session(known, known.person, body["dev"], seen.lower_ms)
    if evidence["k"] == "pin":
        return (body["id"], known.person) in seen.proven
    if evidence["k"] == "badge":
        return badge.proves(known.badge_key, body["id"], evidence["code"])
    return False


def known_crew(db: Db, crew: str | None) -> str | None:
    """A claimed crew's code, if there is such a crew."""
    if crew is None or db.value("SELECT 1 FROM crew WHERE code = :code", code=crew) is None:
        return None
    return crew


def _believed(db: Db, known: Facts, body: Json, seen: Seen) -> bool:
    """Whether the evidence of who it was holds; a leader may enter for somebody of theirs."""
    evidence = body["who"]["ev"]
    if evidence["k"] == "leader" and body["shift"] is not None:
        leads = people.may(db, evidence["person"], "leader", crew=body["shift"]["crew"])
        return leads and _in_session(known, evidence["person"], body["dev"], seen.lower_ms)
    return is_shown(known, body, body["who"], seen)


def _in_session(known: Facts, person: str | None, device: str | None, lower_ms: int | None) -> bool:
    """Whether the session was that person's, on that device (None: any), open or not.

    Its id is public: the next one at a shared phone could write it into a record. Where it had
    surely ended before the record was made, it shows nothing.
    """
    if known.session_person != person or (device and known.session_device != device):
        return False
    ended_ms = known.session_ended_ms
    return ended_ms is None or lower_ms is None or lower_ms < ended_ms
