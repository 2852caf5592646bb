"""The shifts of people as a phone carries them; what several people share is asked once."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Any, NamedTuple

from shiftapp.model import findings, handover, history, roster, shifts
from shiftapp.model.history import PersonState
from shiftapp.store import Db, Row

_WANTED = "date code crew crew_name crew_name_en name name_en opens_ms starts_ms ends_ms closed_ms"


_POSTED = (
    "SELECT DISTINCT roster.instance, roster.person FROM roster"
    " JOIN instance ON instance.id = roster.instance WHERE roster.ended_ms IS NULL"
    " AND instance.opens_ms > :now AND instance.opens_ms <= :then"
)


class _Known(NamedTuple):
    """Of one instance: everybody's state and records, by person."""

    states: dict[str, PersonState]
    records: dict[str, list[Row]]

    def posts(self, person: str) -> list[Row]:
        """The live roster rows of a person."""
        state = self.states.get(person)
        return [row for row in state.rows if row["ended_ms"] is None] if state else []


class Shifts:
    """The shifts of one person or of `many`, at one instant.

    `many` asks once for all that opens soon; for one person that would be far too much.
    """

    def __init__(self, db: Db, now_ms: int, *, many: bool = False) -> None:
        self._db, self._now_ms, self._many = db, now_ms, many
        self._then_ms = now_ms + roster.FILL_AHEAD_MS
        self._running: dict[str, list[Row]] = {}  # by site
        self._next: dict[str, Row | None] = {}  # by crew
        self._known: dict[int, _Known] = {}  # by instance
        self._items: dict[int, list[Row]] = {}  # of the handover, by instance

    def of(self, person: str, crew: str | None, site: str) -> list[dict[str, Any]]:
        """Of a person (id) of a crew: their own, by opening, then what else runs at the site.

        A person with nothing ahead has their crew's next one.
        """
        found = [*self._running_at(site), *self._ahead_of(person, crew)]
        own = {one["id"] for one in found if self._is_own(one, person, crew)}
        upcoming = self._next_of(crew) if crew is not None and not own else None
        if upcoming is not None:
            found.append(upcoming)
            own.add(upcoming["id"])
        ordered = sorted(found, key=lambda one: (one["id"] not in own, one["opens_ms"], one["id"]))
        return [self._shift(one, person, one["id"] in own) for one in ordered]

    def _running_at(self, site: str) -> list[Row]:
        if site not in self._running:
            self._running[site] = shifts.running(self._db, site, self._now_ms)
        return self._running[site]

    def _ahead_of(self, person: str, crew: str | None) -> list[Row]:
        if not self._many:
            return shifts.ahead(self._db, self._now_ms, self._then_ms, person, crew or "")
        posted = self._posted
        return [one for one in self._ahead if one["crew"] == crew or (one["id"], person) in posted]

    @cached_property
    def _ahead(self) -> list[Row]:
        return shifts.ahead(self._db, self._now_ms, self._then_ms)

    @cached_property
    def _posted(self) -> set[tuple[int, str]]:
        """(instance, person) of who is on a roster that opens soon."""
        found = self._db.rows(_POSTED, now=self._now_ms, then=self._then_ms)
        return {(row["instance"], row["person"]) for row in found}

    def _next_of(self, crew: str) -> Row | None:
        if crew not in self._next:
            self._next[crew] = shifts.after(self._db, crew, self._now_ms)
        return self._next[crew]

    def _is_own(self, instance: Row, person: str, crew: str | None) -> bool:
        return instance["crew"] == crew or bool(self._of(instance).posts(person))

    def _of(self, instance: Row) -> _Known:
        if instance["id"] not in self._known:
            states = history.people_states(self._db, instance, self._now_ms)
            records: defaultdict[str, list[Row]] = defaultdict(list)
            for row in history.records_of(self._db, instance["id"]):
                records[row["person"]].append(row)
            self._known[instance["id"]] = _Known({one.person: one for one in states}, records)
        return self._known[instance["id"]]

    def _shift(self, instance: Row, person: str, mine: bool) -> dict[str, Any]:
        known = self._of(instance)
        rows, state = known.posts(person), known.states.get(person)
        made = [row for row in known.records.get(person, ()) if row["counts"]]
        return {
            **pick(instance, _WANTED),
            "mine": mine,
            "rows": [
                {**pick(row, "station job"), "run_required": bool(row["run_required"])}
                for row in rows
            ],
            "state": state.name if state else None,
            "commit": any(row["result"] == "committed" for row in made),
            "runs": [pick(row, "station job") for row in made if row["result"] == "done"],
            "handover": self._handover(instance, rows) if mine else [],
        }

    def _handover(self, instance: Row, rows: list[Row]) -> list[dict[str, Any]]:
        """What the last shift left, and hazards still open from before: at my stations, or at none.

        What is left at no station in particular stands at the first of mine.
        """
        stations = [row["station"] for row in rows]
        left = [
            {"what": item["what"], "station": item["station"] or stations[0], "note": ""}
            for item in self._left(instance)
            if stations and item["station"] in (None, *stations)
        ]
        told = {item["what"] for item in left}
        return left + [
            pick(found, "what station note")
            for found in self._hazards
            if found["station"] in stations
            and found["found_ms"] < instance["opens_ms"]
            and found["what"] not in told
        ]

    def _left(self, instance: Row) -> list[Row]:
        if instance["id"] not in self._items:
            self._items[instance["id"]] = handover.for_pack(self._db, instance["id"], self._now_ms)
        return self._items[instance["id"]]

    @cached_property
    def _hazards(self) -> list[Row]:
        return findings.hazards(self._db, only_open=True)


def pick(row: Row, names: str) -> dict[str, Any]:
    """The named fields of a row; `names` has blanks between them."""
    return {name: row[name] for name in names.split()}
