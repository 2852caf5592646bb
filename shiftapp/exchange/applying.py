"""Write what a workbook changes, in the order in which things refer to each other.

The caller has one transaction open: all of it happens or nothing. Afterwards the shifts ahead are
made and their rosters filled, so that a board has something to show at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import qr.code
from shiftapp.exchange import documents
from shiftapp.exchange.changes import NOUNS, Changes
from shiftapp.exchange.current import OPERATOR, Content, minutes_of
from shiftapp.model import (
    audit,
    crews,
    facilities,
    leave,
    people,
    places,
    replan,
    roster,
    roster_plan,
    settings,
    shifts,
    special_work_checks,
    special_work_entry,
    versions,
)
from shiftapp.store import Db

Random = Callable[[int], bytes]
Progress = Callable[[int], None]
Saved = TypeVar("Saved")
BY = "import"
LAST = "roster"  # of shifts that are made first


def apply(
    db: Db,
    found: Changes,
    now_ms: int,
    random: Random,
    *,
    by: str | None,
    name: str,
    progress: Progress = lambda done: None,
) -> None:
    """Write the changes; `progress(done)` counts records up to `found.total`.

    `by` is the person at a desk, None on the command line; `name` the file's, for the audit.

    :raises ValueError: the workbook has faults.
    :raises Problem: somebody changed the same rows meanwhile, so that a rule is broken.
    """
    if found.faults:
        raise ValueError("a workbook with faults changes nothing")
    writer = _Writer(db, found, now_ms, random, by, progress)
    for noun in NOUNS:
        if noun != LAST:
            writer.write(noun)
    writer.write_shifts()
    writer.write(LAST)
    if found.total:
        audit.note(db, now_ms, by, "import", name, _summary(found))


def _summary(found: Changes) -> str:
    parts = (
        f"{noun} +{len(one.added)} ~{len(one.changed)} -{len(one.deactivated)}"
        for noun, one in found.nouns.items()
        if one.total
    )
    return ", ".join(parts)


class _Writer:
    """One import under way."""

    def __init__(
        self,
        db: Db,
        found: Changes,
        now_ms: int,
        random: Random,
        by: str | None,
        progress: Progress,
    ) -> None:
        self.db = db
        self.found = found
        self.now_ms = now_ms
        self.random = random
        self.by = by
        self.progress = progress
        self.done = 0
        self.codes = dict(found.current.codes)

    def write(self, noun: str) -> None:
        """Write the records of one noun."""
        wanted = self.found.wanted[noun]
        if noun == "person":
            saved = [self._person(no, content) for no, content in wanted.items()]
            before = self.done
            people.save_people(self.db, saved, self.now_ms, lambda n: self.progress(before + n))
            self.done += len(saved)
            return
        for key, content in wanted.items():
            getattr(self, f"_write_{noun}")(key, content)
            self.done += 1
            self.progress(self.done)

    def write_shifts(self) -> None:
        """Plan changed crews anew, make what is missing ahead, fill the rosters."""
        for crew in self._replanned():
            replan.forget_ahead(self.db, crew, self.now_ms)
        now = settings.get(self.db)
        shifts.make_ahead(self.db, now, self.now_ms, self.random)
        replan.fill_open(self.db, self.now_ms, self.random)
        roster.fill_ahead(self.db, self.now_ms, self.random)

    def _replanned(self) -> Iterable[str]:
        """Crews that were there and whose shifts are others now."""
        patterns = {
            code
            for code, fields in self.found.nouns["pattern"].changed.items()
            if {"cycle", "anchor", "shifts"} & set(fields)
        }
        changed = self.found.nouns["crew"].changed
        gone = set(self.found.nouns["crew"].deactivated)
        for code, content in self.found.current.records["crew"].items():
            new = self.found.wanted["crew"].get(code, content)
            other = {"pattern", "offset", "group"} & set(changed.get(code, ()))
            if other or code in gone or new["pattern"] in patterns:
                yield code

    # Places ---------------------------------------------------------------------------------------

    def _write_enterprise(self, key: str, content: Content) -> None:
        settings.put(self.db, **content)

    def _write_site(self, key: str, content: Content) -> None:
        places.save_site(self.db, _made(places.Site, content))

    def _write_area(self, key: str, content: Content) -> None:
        places.save_area(self.db, _made(places.Area, content))

    def _write_facility(self, key: str, content: Content) -> None:
        values = {**content, "area": content["area"] or None}
        facilities.save(self.db, _made(facilities.Facility, values))

    def _write_job(self, key: str, content: Content) -> None:
        head = {name: content[name] for name in ("code", "name", "name_en", "ppe", "active")}
        places.save_job(self.db, _made(places.Job, {**head, "card": documents.card(content)}))

    def _write_checklist(self, key: str, content: Content) -> None:
        versions.publish_checklist(self.db, key, self.found.checklists[key], self.now_ms, BY)

    def _write_commitment(self, key: str, content: Content) -> None:
        assert self.found.commitment is not None  # there is one where there are no faults
        versions.publish_commitment(self.db, self.found.commitment, self.now_ms, BY)

    def _write_station(self, key: str, content: Content) -> None:
        code = self.codes.get(key) or self._new_code()
        self.codes[key] = code
        places.save_station(self.db, _made(places.Station, {**content, "code": code}))

    def _new_code(self) -> str:
        taken = set(self.codes.values())
        while True:
            code = qr.code.make_code(self.random(7))
            if code not in taken:
                return code

    # People ---------------------------------------------------------------------------------------

    def _write_group(self, key: str, content: Content) -> None:
        self.found.current.group_sites[key] = str(content["site"])
        crews.save_reporting_group(self.db, _made(crews.Group, content))

    def _write_pattern(self, key: str, content: Content) -> None:
        rows: Any = content["shifts"]  # tuples of code, name, name_en, start, end
        times = tuple(
            crews.Shift(code, name, name_en, start, minutes_of(start, end))
            for code, name, name_en, start, end in rows
        )
        crews.save_pattern(self.db, _made(crews.Pattern, {**content, "shifts": times}))

    def _write_crew(self, key: str, content: Content) -> None:
        values = {name: content[name] for name in ("code", "name", "name_en", "pattern", "active")}
        values |= {"grp": content["group"], "day_offset": content["offset"]}
        values |= {"area": content["area"] or None}
        values |= {"site": self.found.current.group_sites[str(content["group"])]}
        crews.save_crew(self.db, _made(crews.Crew, values))

    def _person(self, no: str, content: Content) -> people.Person:
        current = self.found.current
        id = current.ids.get(no) or current.left.get((no, str(content["name"])))
        roles: Any = content["roles"]  # tuples of role, kind, scope
        posts: Any = content["posts"]  # tuples of label, job, run_required
        implied = (OPERATOR,) if content["crew"] or not roles else ()
        values = {
            **content,
            "id": id or str(uuid.UUID(bytes=self.random(16), version=4)),
            "crew": content["crew"] or None,
            "roles": tuple(people.Role(*role) for role in dict.fromkeys((*implied, *roles))),
            "posts": tuple(people.Post(self.codes[label], job, run) for label, job, run in posts),
        }
        return _made(people.Person, values)

    def _write_special_work(self, key: str, content: Content) -> None:
        values = {**content, "area": content["area"] or None}
        values |= {"facility": content["facility"] or None}
        author = special_work_checks.Author("workbook", self.by)
        entry = _made(special_work_checks.Entry, values)
        special_work_entry.upsert(self.db, entry, author, self.now_ms)

    # Days ahead -----------------------------------------------------------------------------------

    def _write_leave(self, key: str, content: Content) -> None:
        person = self._id(content["no"])
        first, last = str(content["first"]), str(content["last"])
        by = self.by or person  # the command line is nobody: the audit says that it was
        leave.take(self.db, person, first, last, by=by, now_ms=self.now_ms)

    def _write_roster(self, key: str, content: Content) -> None:
        crew, date, code = (str(content[name]) for name in ("crew", "date", "code"))
        now = settings.get(self.db)
        instance = roster_plan.made(self.db, now, crew, date, code, self.now_ms, self.random)
        posts: Any = content["people"]  # tuples of number, label, job, run_required
        said = [
            roster_plan.Said(self._id(no), self.codes[label], job, run)
            for no, label, job, run in posts
        ]
        by = self.by or BY
        roster_plan.put(self.db, instance, said, by=by, now_ms=self.now_ms, random=self.random)

    def _id(self, no: object) -> str:
        person = people.by_no(self.db, str(no))
        assert person is not None  # written before
        return str(person["id"])


def _made(kind: Callable[..., Saved], values: dict[str, Any]) -> Saved:
    """A value of the model from a record: their fields have the same names."""
    return kind(**values)
