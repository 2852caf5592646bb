"""The ladder above the crews: what is open below a unit on a day, who signed, whether it holds.

A day is that of an announcement and has its shifts (figures.py). Every gap goes up the ladder with
what was written about it on each level. A unit cannot sign over a veto, a to-do, or a gap that the
level below has not answered; over another one it signs with a reason of its own. What comes up
after a signature reopens it and, through it, those above; who only gets better reopens nothing
(应急〔2018〕74号: researched, recorded, reported and signed on every level from the post up).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from shiftapp.model import figures, findings, history, signoffs, states, units
from shiftapp.model.settings import Settings
from shiftapp.store import Db, Row

GapKind = Literal[
    "veto", "todo", "handover", "finding", "running", "expected", "unsigned", "research"
]


@dataclass(frozen=True)
class Gap:
    """Something open below a unit. `of` is the shift or unit it lies in.

    `about`: the finding, roster row, or handover item; None: `of` itself is not signed, or answered
    no to the item `what` of its research.
    """

    key: str
    kind: GapKind
    of: Row
    about: Row | None
    said: tuple[str, ...]  # what the levels below wrote about it, from the crew up
    answered: bool  # whether the level below wrote something
    what: str = ""

    @property
    def blocks(self) -> bool:
        """Whether no reason can be written instead."""
        return self.kind in signoffs.BLOCKING or not self.answered


@dataclass(frozen=True)
class Change:
    """Why a unit's signature no longer holds."""

    what: Literal["reopened", "again", "gap"]
    rung: Rung  # what is below
    gap: Gap | None = None


@dataclass(frozen=True)
class Signature:
    """The newest signature of a rung; a crew's has no research and changes of its own kind."""

    row: Row  # with signer_name and signer_name_en, `no`, `at_ms`
    reasons: dict[str, str]  # by the key of their gap
    holds: bool
    changes: tuple[Change | signoffs.Change, ...] = ()
    research: dict[str, dict[str, str]] | None = None


@dataclass(frozen=True)
class Rung:
    """A crew's shift, or a unit, on a day."""

    key: str  # 'i' + number of the instance, or 'u' + code of the unit
    row: Row
    below: tuple[Rung, ...]
    asks: tuple[Gap, ...]  # what must be answered here; of a crew, see signoffs.py
    gaps: tuple[Gap, ...]  # what is open here for who stands above
    signature: Signature | None
    expected: int
    ready: int

    @property
    def is_unit(self) -> bool:
        return self.key.startswith("u")

    @property
    def signed(self) -> bool:
        """Whether somebody signed it and nothing came up since."""
        return self.signature is not None and self.signature.holds

    @property
    def blocking(self) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.asks if gap.blocks)

    @property
    def opens_ms(self) -> int | None:
        """When the last shift below opens; None: there is no shift."""
        if not self.is_unit:
            return int(self.row["opens_ms"])
        found = [one.opens_ms for one in self.below]
        return max((ms for ms in found if ms is not None), default=None)

    @property
    def sha(self) -> str:
        """A digest of what somebody sees before signing."""
        seen = [*sorted(gap.key for gap in self.asks), *sorted(map(repr, numbers(self).items()))]
        return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]


def tops(db: Db, settings: Settings, date: str, now_ms: int) -> list[Rung]:
    """The ladders of all sites on a day, from their tops down. Reads only.

    :raises ValueError: not a date.
    """
    shifts: dict[str, list[Rung]] = {}
    for instance in figures.instances_of(db, settings, date):
        rung = _crew(db, instance, now_ms)
        if rung.expected and instance["unit"]:
            shifts.setdefault(instance["unit"], []).append(rung)
    busy = units.in_use(db)
    children: dict[str, list[Row]] = {}
    for row in [one for one in units.units(db) if one["code"] in busy]:
        children.setdefault(row["parent"] or "", []).append(row)

    def climb(row: Row) -> Rung:
        below = [climb(child) for child in children.get(row["code"], [])]
        return _unit(db, row, date, [*below, *shifts.get(row["code"], [])], now_ms)

    return [climb(row) for row in children.get("", [])]


def find(rungs: Iterable[Rung], unit: str) -> Rung | None:
    """A unit's rung among ladders."""
    for rung in rungs:
        if rung.key == f"u{unit}":
            return rung
        deeper = find(rung.below, unit)
        if deeper is not None:
            return deeper
    return None


def _crew(db: Db, instance: Row, now_ms: int) -> Rung:
    people = history.people_states(db, instance, now_ms)
    asked = findings.of_instance(db, instance["id"])
    counts = states.tally(person.state for person in people)
    found = signoffs.signature(db, instance, people, asked, now_ms)
    reasons = {line["key"]: line["reason"] for line in found.reasons} if found else {}
    holds = found is not None and found.holds
    key = f"i{instance['id']}"
    gaps = [
        Gap(
            key=f"{key}:{gap.key}",
            kind=gap.kind,
            of=instance,
            about=gap.about,
            said=(reasons[gap.key],) if holds and gap.key in reasons else (),
            answered=holds and gap.key in reasons,
        )
        for gap in signoffs.gaps(people, asked, now_ms)
    ]
    if not holds:
        gaps.append(Gap(f"{key}:", "unsigned", instance, None, (), True))
    return Rung(
        key=key,
        row=instance,
        below=(),
        asks=(),
        gaps=tuple(gaps),
        signature=Signature(found.row, reasons, holds, found.changes) if found else None,
        expected=sum(counts.values()) - counts["excused"],
        ready=counts["ready"],
    )


def _unit(db: Db, row: Row, date: str, below: list[Rung], now_ms: int) -> Rung:
    key = f"u{row['code']}"
    asks = tuple(gap for one in below for gap in one.gaps)
    signature = _signature(db, row, date, below, asks, now_ms)
    holds = signature is not None and signature.holds
    reasons = signature.reasons if signature and holds else {}
    gaps = [_passed_up(gap, reasons) for gap in asks]
    if signature is None or not holds:
        gaps.append(Gap(f"{key}:", "unsigned", row, None, (), True))
    else:
        for item, line in (signature.research or {}).items():
            if line["a"] == "no":
                note = (line["note"],)
                gaps.append(Gap(f"{key}:{item}", "research", row, None, note, True, item))
    return Rung(
        key=key,
        row=row,
        below=tuple(below),
        asks=asks,
        gaps=tuple(gaps),
        signature=signature,
        expected=sum(one.expected for one in below),
        ready=sum(one.ready for one in below),
    )


def _passed_up(gap: Gap, reasons: dict[str, str]) -> Gap:
    said = reasons.get(gap.key)
    more = (*gap.said, said) if said else gap.said
    return Gap(gap.key, gap.kind, gap.of, gap.about, more, said is not None, gap.what)


def _signature(
    db: Db, row: Row, date: str, below: list[Rung], asks: tuple[Gap, ...], now_ms: int
) -> Signature | None:
    found = db.row(
        "SELECT unit_signoff.*, person.name AS signer_name, person.name_en AS signer_name_en"
        " FROM unit_signoff JOIN person ON person.id = unit_signoff.person"
        " WHERE unit_signoff.unit = :u AND unit_signoff.date = :d AND unit_signoff.at_ms <= :now"
        " ORDER BY unit_signoff.no DESC LIMIT 1",
        u=row["code"],
        d=date,
        now=now_ms,
    )
    if found is None:
        return None
    reasons = {line["key"]: line["reason"] for line in json.loads(found["gaps"])}
    changes = tuple(_changes(json.loads(found["below"]), reasons, below, asks))
    return Signature(found, reasons, not changes, changes, json.loads(found["research"]))


def _changes(
    then: dict[str, int], reasons: dict[str, str], below: list[Rung], asks: tuple[Gap, ...]
) -> list[Change]:
    """What came up since: signatures that no longer hold or were given again, and new gaps."""
    found = []
    for rung in below:
        number = rung.signature.row["no"] if rung.signature else 0
        if then.get(rung.key, 0) and number != then[rung.key]:
            found.append(Change("again", rung))
        elif then.get(rung.key, 0) and not rung.signed:
            found.append(Change("reopened", rung))
        else:
            found += [Change("gap", rung, gap) for gap in rung.gaps if gap.key not in reasons]
    return found


def numbers(rung: Rung) -> dict[str, int]:
    """The numbers of the signatures below, 0 = none: what a signature stands on."""
    return {one.key: one.signature.row["no"] if one.signature else 0 for one in rung.below}
