"""When the phones of a shift's people last sent something: a silent phone may hold records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shiftapp.store import Db, Row

SILENT_MS = 3 * 24 * 3_600_000  # a phone that has sent nothing for that long

# By person id: their phones, last heard of first: `id`, `sent_ms` and `unsent`.
ByPerson = Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True)
class Phones:
    """Personal phones of the people expected, and how many have long sent nothing."""

    total: int
    silent: int


def phones(db: Db, instance: int) -> ByPerson:
    """The phones of everybody on the roster of an instance, ended rows too.

    `sent_ms`: when it last sent something, else when it was enrolled. `unsent`: how many records
    it then still held; None: it never said.
    """
    found: dict[str, tuple[Row, ...]] = {}
    for phone in db.rows(
        "SELECT device.id, device.person, device.unsent,"
        " COALESCE(device.synced_ms, device.enrolled_ms) AS sent_ms"
        " FROM device WHERE device.revoked_ms IS NULL AND device.person IN"
        " (SELECT roster.person FROM roster WHERE roster.instance = :i)"
        " ORDER BY sent_ms DESC, device.id",
        i=instance,
    ):
        found[phone["person"]] = (*found.get(phone["person"], ()), phone)
    return found


def tally(people: Collection[str], heard: ByPerson, now_ms: int) -> Phones:
    """The phones of some people, counted."""
    theirs = [phone for person in people for phone in heard.get(person, ())]
    return Phones(len(theirs), sum(now_ms - phone["sent_ms"] >= SILENT_MS for phone in theirs))
