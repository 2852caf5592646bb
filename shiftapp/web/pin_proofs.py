"""PINs sealed in records on a shared phone: opened and checked before the records are judged.

Checking one takes as long as a password, so it stands before the write and not in it; what was
found right goes along with the request (formats.md "Bytes" §3). A record that is here already costs
nothing again, and one person's records of one request cost one check. Tries count as at sign-in:
where it must wait a PIN shows nothing, and the record is stored all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from shiftapp.ledger import sealed_pin
from shiftapp.model import judging, kept, people
from shiftapp.model.belief import Proven
from shiftapp.model.judging import Sealed
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import pin
from shiftapp.web.context import keys, store

# JSON of a `who` of good shape (formats.md "Bytes" §3).
Who = dict[str, Any]


def proven(records: Iterable[Sealed], where: str) -> Proven:
    """(record id, person id) of the new records whose sealed PIN is that person's.

    `where`: the place its tries count against, the delivering device as a rule.

    :raises Problem: 503 `busy`: nothing has been stored, the phone comes again.
    """
    first: dict[str, Sealed] = {}
    for one in records:
        first.setdefault(one.id, one)  # a second one of an id is a repeat, or is never judged
    checked: dict[tuple[str, str], bool] = {}
    return frozenset(
        (one.id, person["id"])
        for one in first.values()
        for person, said in _claims(one)
        if _is_right(person, said, where, checked)
    )


def _claims(sealed: Sealed) -> Iterator[tuple[Row, str]]:
    """Each person that a new record names with a sealed PIN, and the PIN."""
    if '"pin"' not in sealed.text or judging.unreadable(sealed.text, sealed.body):
        return
    steps = sealed.body["steps"] if sealed.kind == "run" else ()  # elsewhere it may be anything
    named = [sealed.body["who"], *(step["second"] for step in steps if "second" in step)]
    sealed_pins = [who for who in named if who["ev"]["k"] == "pin"]
    if not sealed_pins or kept.exists(store(), sealed.id):
        return
    for who in sealed_pins:
        person, said = _person(who), _opened(who["ev"], sealed.id)
        if person is not None and said is not None:
            yield person, said


def _person(who: Who) -> Row | None:
    """The active person of a `who` who has a PIN."""
    if who["person"] is not None:
        found = people.person(store(), who["person"])
    else:
        found = people.by_no(store(), who["no"]) if "no" in who else None
    return found if found is not None and found["active"] and found["pin_hash"] else None


def _opened(evidence: dict[str, str], record_id: str) -> str | None:
    try:
        return sealed_pin.open_pin(keys().pin_key, evidence["kid"], evidence["enc"], record_id)
    except ValueError:  # sealed for another record or key: nobody's PIN, and no guess either
        return None


def _is_right(person: Row, said: str, where: str, checked: dict[tuple[str, str], bool]) -> bool:
    asked = (person["id"], said)
    if asked not in checked:
        try:
            checked[asked] = pin.trying(person["no"], where).check(person["pin_hash"], said)
        except Problem as problem:
            if problem.code != "throttled":
                raise
            checked[asked] = False
    return checked[asked]
