"""Honest plants drawn by a seed, and what is done to their rosters, crews, names and hours."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shiftapp.model import (
    crews,
    erasure,
    guests,
    leave,
    people,
    places,
    replan,
    roster,
    roster_changes,
    settings,
    shifts,
)
from shiftapp.model.people import Person, Post, Role
from shiftapp.model.roster_changes import Side
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from tests.plant import HOUR_MS, MADE_MS, OFFICE, PUMPS, TANKS, URL, Plant, save_places

ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Tokyo")
STARTS = "00:30 04:00 06:00 07:30 08:00 08:30 08:50 10:00 14:00 16:00 20:00 23:30".split()
CUTOFFS = ("08:00", "09:00", "12:00")

Press = Callable[[Db, Row, str], object]  # at a shift, about somebody of its roster


class HonestPlant:
    """An empty store made a plant; `now_ms` is the instant at which somebody presses."""

    def __init__(self, cast: Plant, draw: random.Random) -> None:
        self.cast, self.draw = cast, draw
        self.store, self.now_ms = cast.store, MADE_MS
        self.zones: dict[str, str] = {"YC": ZONES[0]}  # by site
        self.groups: list[crews.Group] = []
        self.crews: list[crews.Crew] = []
        self.staff: list[str] = []
        self.parts: dict[str, str] = {}  # by person, of guests too
        self.done: Counter[str] = Counter()  # presses that were not refused, by name
        self.presses: dict[str, tuple[Press, int]] = {
            "leave": (self._leave, 2),
            "back": (self._back, 2),
            "swap": (self._swap, 2),
            "stand in": (self._stand_in, 2),
            "overtime": (self._overtime, 2),
            "guest": (self._guest, 2),
            "take off": (self._take_off, 6),
            "new crew": (self._new_crew, 2),
            "move": (self._move, 2),
            "retire": (self._retire, 2),
            "name a group": (self._name_group, 1),
            "name a site": (self._name_site, 1),
            "cutoff": (self._cutoff, 2),
            "erase": (self._erase, 2),
        }
        with self.store.tx() as db:
            self._found(db)

    def press(self) -> None:
        """Somebody does something; what is refused changes nothing."""
        near = self.near()
        if not near:
            return
        weights = [weight for _, weight in self.presses.values()]
        (name,) = self.draw.choices(list(self.presses), weights)
        shift = self.draw.choice(near)
        who = self.draw.choice(self.on(shift) or self.staff)
        try:
            self.store.write(lambda db: self.presses[name][0](db, shift, who))
            self.done[name] += 1
        except Problem:
            pass

    def near(self) -> list[Row]:
        """The shifts that go on, or start in the next hours."""
        rows = self.store.rows(
            "SELECT id FROM instance WHERE closed_ms > :now AND opens_ms < :then ORDER BY id",
            now=self.now_ms,
            then=self.now_ms + 6 * HOUR_MS,
        )
        found = (shifts.by_id(self.store, row["id"]) for row in rows)
        return [shift for shift in found if shift is not None]

    def on(self, shift: Row) -> list[str]:
        """Who is on the roster of a shift."""
        rows = self.store.rows(
            "SELECT DISTINCT person FROM roster WHERE instance = :i AND ended_ms IS NULL"
            " ORDER BY person",
            i=shift["id"],
        )
        return [row["person"] for row in rows]

    # How it is made -----------------------------------------------------------------------------

    def _found(self, db: Db) -> None:
        settings.put(
            db,
            name="老实化工",
            name_en="Honest Chemicals",
            url=URL,
            origin="aq.example.cn/log",
            cutoff=self.draw.choice(CUTOFFS),
        )
        save_places(db)
        zones = self.draw.choice([ZONES, ZONES[:1]])
        for n in range(self.draw.randrange(3)):
            self.zones[f"S{n}"] = self.draw.choice(zones)
            places.save_site(db, places.Site(f"S{n}", f"{n} 厂", zone=self.zones[f"S{n}"]))
        for part, (no, name, role) in OFFICE.items():
            self.cast.ids[part] = person = self._id()
            people.save_person(db, Person(person, no, name, roles=(Role(role),)), MADE_MS)
        self.cast.ids["leader"] = self.cast.id("manager")
        for n in range(self.draw.randint(3, 7)):
            self._found_group(db, str(n))
        self._plan(db, *self.crews)

    def _found_group(self, db: Db, n: str) -> None:
        """A group of one crew or two, by day alone or not, at any hour."""
        minutes = self.draw.choice([240, 480, 720])
        shift = crews.Shift("D", "白班", "Day shift", self.draw.choice(STARTS), minutes)
        own: dict[str, Any] = {"anchor": "2026-11-20", "gaps_ok": 1, "double_ok": 1}
        crews.save_pattern(db, crews.Pattern(f"P{n}", f"制 {n}", shifts=(shift,), **own))
        group = crews.Group(f"G{n}", self.draw.choice(list(self.zones)), f"组 {n}")
        crews.save_reporting_group(db, group)
        self.groups.append(group)
        for twin in "AB" if self.draw.random() < 0.3 else "A":
            self._hire(db, crews.Crew(f"C{n}{twin}", group.site, group.code, "班", f"P{n}"))

    def _hire(self, db: Db, crew: crews.Crew) -> None:
        crews.save_crew(db, crew)
        self.crews.append(crew)
        for n in range(self.draw.choice([3, 4, 5, 5, 5, 6, 8])):
            part, person = f"{crew.code}{n}", self._id()
            posts = (Post(PUMPS, "J02"),)
            one = Person(person, f"{crew.code}{n:02}", f"小{part}", crew=crew.code, posts=posts)
            people.save_person(db, one, self.now_ms)
            self.staff.append(person)
            self._know(person, part)

    def _know(self, person: str, part: str) -> None:
        self.parts[person], self.cast.ids[part] = part, person

    def _plan(self, db: Db, *changed: crews.Crew) -> None:
        codes = [crew.code for crew in changed]
        replan.plan_again(db, settings.get(db), codes, self.now_ms, self.cast.random)

    def _id(self) -> str:
        return str(uuid.UUID(bytes=self.cast.random(16), version=4))

    # What is pressed ----------------------------------------------------------------------------

    @property
    def _by(self) -> dict[str, Any]:
        return {"by": self.cast.id("manager"), "now_ms": self.now_ms}

    @property
    def _more(self) -> dict[str, Any]:
        return {**self._by, "random": self.cast.random}

    def _leave(self, db: Db, shift: Row, who: str) -> None:
        leave.take(db, who, shift["date"], shift["date"], **self._by)

    def _back(self, db: Db, shift: Row, who: str) -> None:
        for row in db.rows("SELECT id FROM leave WHERE ended_ms IS NULL ORDER BY id LIMIT 1"):
            leave.take_back(db, row["id"], **self._more)

    def _swap(self, db: Db, shift: Row, who: str) -> None:
        other = self.draw.choice(self.near())
        whom = self.draw.choice(self.on(other) or self.staff)
        roster_changes.swap(db, Side(shift, who), Side(other, whom), **self._more)

    def _stand_in(self, db: Db, shift: Row, who: str) -> None:
        other = self.draw.choice(self.staff)
        roster.replace(db, shift["id"], who, other, "replaced", **self._more)

    def _overtime(self, db: Db, shift: Row, who: str) -> None:
        other = self.draw.choice(self.staff)
        roster_changes.overtime(db, shift, other, roster.Post(TANKS, "J09"), **self._more)

    def _guest(self, db: Db, shift: Row, who: str) -> None:
        said = guests.Guest("客", "甲", f"{self.draw.randrange(10_000):04}")
        person = guests.register(db, said, shift["crew"], id=self._id(), now_ms=self.now_ms)
        post = roster.Post(PUMPS, "J02")
        roster_changes.put(db, shift, person, post, how="guest", **self._more)
        self._know(person, f"guest {person}")

    def _take_off(self, db: Db, shift: Row, who: str) -> None:
        on = self.on(shift)
        for person in self.draw.sample(on, min(len(on), self.draw.choice([1, 1, 2, 3, 9]))):
            roster.end(db, shift["id"], person, "mistake", **self._by)

    def _new_crew(self, db: Db, shift: Row, who: str) -> None:
        group, pattern = self.draw.choice(self.groups), self.draw.choice(self.crews).pattern
        code = f"N{len(self.crews)}"
        self._hire(db, crews.Crew(code, group.site, group.code, "新班", pattern))
        self._plan(db, self.crews[-1])

    def _move(self, db: Db, shift: Row, who: str) -> None:
        """To another group, of another site too; who was retired works again."""
        n, group = self.draw.randrange(len(self.crews)), self.draw.choice(self.groups)
        self.crews[n] = replace(self.crews[n], site=group.site, grp=group.code)
        crews.save_crew(db, self.crews[n])
        self._plan(db, self.crews[n])

    def _retire(self, db: Db, shift: Row, who: str) -> None:
        crew = self.draw.choice(self.crews)
        crews.save_crew(db, replace(crew, active=0))
        self._plan(db, crew)

    def _name_group(self, db: Db, shift: Row, who: str) -> None:
        group = self.draw.choice(self.groups)
        crews.save_reporting_group(db, replace(group, name=f"新组 {self.draw.randrange(99)}"))

    def _name_site(self, db: Db, shift: Row, who: str) -> None:
        code, zone = self.draw.choice(list(self.zones.items()))
        places.save_site(db, places.Site(code, f"新厂 {self.draw.randrange(99)}", zone=zone))

    def _cutoff(self, db: Db, shift: Row, who: str) -> None:
        settings.put(db, cutoff=self.draw.choice(CUTOFFS))

    def _erase(self, db: Db, shift: Row, who: str) -> None:
        for row in db.rows("SELECT id FROM record WHERE erased_ms IS NULL ORDER BY seq LIMIT 1"):
            erasure.erase(db, row["id"], self.now_ms)
