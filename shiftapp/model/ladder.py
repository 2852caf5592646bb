"""The ladder above the crews: what is open below a unit on a day, who signed, whether it holds.

A day is that of an announcement and has its shifts (days.py). Every gap goes up the ladder with
what was written about it on each level. A unit cannot sign over a veto, a to-do, or a gap that the
level below has not answered; over another one it signs with a reason of its own. What comes up
after a signature reopens it and, through it, those above; who only gets better reopens nothing
(应急〔2018〕74号: researched, recorded, reported and signed on every level from the post up).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shiftapp.model import days, findings, handover, history, signoffs, states, units
from shiftapp.model.history import PersonState
from shiftapp.model.rungs import Change, Gap, Rung, Said, Signature
from shiftapp.model.settings import Settings
from shiftapp.store import Db, Row

ASKED = ("veto", "todo", "finding")  # they wait for an answer also when the roster is empty


@dataclass(frozen=True)
class Read:
    """A crew's shift as it is read once, for the ladder and for the announcement."""

    instance: Row
    people: Sequence[PersonState]
    asked: Sequence[Row]  # all its findings
    left: Sequence[Row]  # what the last shift left and nobody has asked about
    signature: signoffs.Signature | None

    @property
    def expected(self) -> int:
        """People on the roster, leave and swaps not among them."""
        return sum(person.name != "excused" for person in self.people)


def read(db: Db, instance: Row, now_ms: int, people: Sequence[PersonState] | None = None) -> Read:
    """A crew's shift at an instant; `people`, where their states are known already."""
    known = history.people_states(db, instance, now_ms) if people is None else people
    asked = findings.of_instance(db, instance["id"])
    left = handover.waiting(db, instance, now_ms)
    signature = signoffs.signature(db, instance, known, asked, now_ms, left)
    return Read(instance, known, asked, left, signature)


def tops(db: Db, settings: Settings, date: str, now_ms: int) -> list[Rung]:
    """The ladders of all sites on a day, from their tops down. Reads only.

    :raises ValueError: not a date.
    """
    instances = days.instances_of(db, settings, date)
    return tops_of(db, [read(db, one, now_ms) for one in instances], date, now_ms)


def tops_of(db: Db, reads: Sequence[Read], date: str, now_ms: int) -> list[Rung]:
    """The ladders over all the shifts of a day, already read."""
    shifts: dict[str, list[Rung]] = {}
    for one in reads:
        rung = _crew(one, now_ms)
        unit = one.instance["unit"]
        if unit and (rung.expected or any(gap.kind in ASKED for gap in rung.gaps)):
            shifts.setdefault(unit, []).append(rung)
    busy = units.in_use(db, shifts.keys())
    children: dict[str, list[Row]] = {}
    for row in [one for one in units.units(db) if one["code"] in busy]:
        children.setdefault(row["parent"] or "", []).append(row)

    today = date == days.today(db, now_ms)
    loose = _loose(db, {one.instance["id"] for one in reads}, now_ms) if today else []

    def climb(row: Row) -> Rung:
        below = [climb(child) for child in children.get(row["code"], [])]
        own = [_gap_in_none(row, one) for one in loose if _falls_on(one, row)]
        return _unit(db, row, date, [*below, *shifts.get(row["code"], [])], own, now_ms)

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


def opens_ms(db: Db, settings: Settings, rung: Rung, date: str) -> int:
    """From when on a rung is signed: its last shift has opened; without one, the day has begun.

    :raises ValueError: not a date.
    """
    last_ms = rung.opens_ms
    return days.times(db, settings, date).from_ms if last_ms is None else last_ms


def _crew(one: Read, now_ms: int) -> Rung:
    instance, found = one.instance, one.signature
    counts = states.tally(person.state for person in one.people)
    reasons = {line["key"]: line["reason"] for line in found.reasons} if found else {}
    holds = found is not None and found.holds
    key = f"i{instance['id']}"
    crew = {"name": instance["crew_name"], "name_en": instance["crew_name_en"]}
    gaps = [
        Gap(
            key=f"{key}:{gap.key}",
            kind=gap.kind,
            of=instance,
            about=gap.about,
            said=(Said(crew, reasons[gap.key]),) if holds and gap.key in reasons else (),
            answered=holds and gap.key in reasons,
        )
        for gap in signoffs.gaps(one.people, one.asked, one.left, now_ms)
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


def _loose(db: Db, held: set[int], now_ms: int) -> list[Row]:
    """Failed vetoes without an answer in none of these shifts, with the `unit` of their crew.

    Of yesterday, or of a shift that nobody knows: they keep nobody's board from being signed.
    """
    crews = {
        row["code"]: row["unit"] for row in db.rows("SELECT code, unit FROM crew ORDER BY code")
    }
    return [
        {**found, "unit": crews.get(found["crew"])}
        for found in findings.open_hazards_at(db, now_ms)
        if found["veto"] and found["answered_ms"] is None and found["instance"] not in held
    ]


def _falls_on(hazard: Row, unit: Row) -> bool:
    """Whether it is a unit's to answer for: its crew's, or of nobody known and then the top's."""
    return bool(hazard["unit"] == unit["code"] or not (hazard["unit"] or unit["parent"]))


def _gap_in_none(unit: Row, hazard: Row) -> Gap:
    where = {"crew_name": unit["name"], "crew_name_en": unit["name_en"]}
    return Gap(f"v{hazard['id']}", "veto", where, hazard, (), False)


def _unit(db: Db, row: Row, date: str, below: list[Rung], own: list[Gap], now_ms: int) -> Rung:
    key = f"u{row['code']}"
    asks = (*own, *(gap for one in below for gap in one.gaps))
    signature = _signature(db, row, date, below, own, now_ms)
    holds = signature is not None and signature.holds
    reasons = signature.reasons if signature and holds else {}
    gaps = [_passed_up(gap, row, reasons) for gap in asks]
    if signature is None or not holds:
        gaps.append(Gap(f"{key}:", "unsigned", row, None, (), True))
    else:
        for item, line in (signature.research or {}).items():
            if line["a"] == "no":
                note = (Said(row, line["note"]),)
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


def _passed_up(gap: Gap, unit: Row, reasons: dict[str, str]) -> Gap:
    said = reasons.get(gap.key)
    more = (*gap.said, Said(unit, said)) if said else gap.said
    return Gap(gap.key, gap.kind, gap.of, gap.about, more, said is not None, gap.what)


def _signature(
    db: Db, row: Row, date: str, below: list[Rung], own: list[Gap], now_ms: int
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
    changes = tuple(_changes(json.loads(found["below"]), reasons, below, own))
    return Signature(found, reasons, not changes, changes, json.loads(found["research"]))


def _changes(
    then: dict[str, int], reasons: dict[str, str], below: list[Rung], own: list[Gap]
) -> list[Change]:
    """What came up since: shifts and units that were not there, signatures that no longer hold or
    were given again, and new gaps."""
    found = [Change("gap", None, gap) for gap in own]
    for rung in below:
        number = rung.signature.row["no"] if rung.signature else 0
        if rung.key not in then:
            found.append(Change("came", rung))
        elif then[rung.key] and number != then[rung.key]:
            found.append(Change("again", rung))
        elif then[rung.key] and not rung.signed:
            found.append(Change("reopened", rung))
        else:
            found += [Change("gap", rung, gap) for gap in rung.gaps if gap.key not in reasons]
    return found
