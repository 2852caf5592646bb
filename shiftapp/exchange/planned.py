"""When a shift that a workbook names is: as it was made, or as the pattern will make it."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from shiftapp.exchange.case import Case
from shiftapp.exchange.current import Content, minutes_of
from shiftapp.exchange.current_shifts import Posts
from shiftapp.exchange.plan import Line
from shiftapp.model import cycles, settings, shifts
from shiftapp.store import Db

MOST_DAYS = 60

Records = dict[str, Content]


class Times(NamedTuple):
    """The times of a shift; `id` None: its instance is not made yet."""

    opens_ms: int
    starts_ms: int
    ends_ms: int
    id: int | None


class Planner:
    """The crews and patterns as they will be once the workbook is in."""

    def __init__(self, db: Db, case: Case, wanted: dict[str, Records]) -> None:
        self.db = db
        self.case = case
        self.old = case.current.records
        self.new = {noun: {**self.old[noun], **wanted[noun]} for noun in wanted if noun in self.old}
        self.opens_before_min = settings.get(db).opens_before_min

    def times(self, line: Line, crew: str, date: str, code: str) -> Times | None:
        """When a shift is; None: it is not, and the line has the fault."""
        made = shifts.instance(self.db, crew, date, code) if self._same_plan(crew) else None
        if made is not None:
            return Times(made["opens_ms"], made["starts_ms"], made["ends_ms"], made["id"])
        last = self.case.day + datetime.timedelta(days=MOST_DAYS)
        if date > last.isoformat():
            self.case.wrong("too_far", line, "date", most=MOST_DAYS, last=last.isoformat())
            return None
        window = self._window(crew, datetime.date.fromisoformat(date), code)
        if window is None:
            self._tell_not_planned(line, crew, date, code)
            return None
        return Times(window.opens_ms, window.starts_ms, window.ends_ms, None)

    def by_pattern(self, crew: str, date: str, leaves: Records) -> Posts:
        """Whom the pattern will put into a shift that is not made yet: posts of who is not away."""
        away = {
            one["no"] for one in leaves.values() if str(one["first"]) <= date <= str(one["last"])
        }
        found: list[tuple[str, str, str, int]] = []
        for no, person in self.new["person"].items():
            if person["crew"] == crew and person["active"] and no not in away:
                posts = person["posts"]
                assert isinstance(posts, tuple)
                found += [(no, *post) for post in posts if self._in_use(post[0])]
        return tuple(sorted(found))

    def _in_use(self, label: str) -> bool:
        station = self.new["station"].get(label, {})
        return bool(station.get("active") and station.get("scoped", 1))

    def _same_plan(self, crew: str) -> bool:
        """Whether the workbook leaves the shifts of a crew where they are."""
        old, new = self.old["crew"].get(crew), self.new["crew"].get(crew)
        if old is None or new is None:
            return old is new
        pattern = str(new["pattern"])
        if self.old["pattern"].get(pattern) != self.new["pattern"].get(pattern):
            return False
        return all(old[key] == new[key] for key in ("pattern", "offset", "group"))

    def _letter(self, crew: str, day: datetime.date) -> str | None:
        """What the pattern plans for a crew on a day; None: rest."""
        row = self.new["crew"][crew]
        pattern = self.new["pattern"].get(str(row["pattern"]))
        if pattern is None or not row["active"]:
            return None
        anchor = datetime.date.fromisoformat(str(pattern["anchor"]))
        return cycles.crew_shifts(str(pattern["cycle"]), int(str(row["offset"])), anchor, day)

    def _window(self, crew: str, day: datetime.date, code: str) -> cycles.Window | None:
        if crew not in self.new["crew"] or self._letter(crew, day) != code:
            return None
        row = self.new["crew"][crew]
        rows = self.new["pattern"][str(row["pattern"])]["shifts"]
        assert isinstance(rows, tuple)
        for letter, _, _, start, end in rows:
            if letter == code:
                window = cycles.window(
                    day, start, minutes_of(start, end), self._zone(row), self.opens_before_min
                )
                return window if window.starts_ms < window.ends_ms else None
        return None

    def _zone(self, crew: Content) -> str:
        site = str(self.new["group"].get(str(crew["group"]), {}).get("site", ""))
        return str(self.new["site"].get(site, {}).get("zone", "UTC"))

    def _tell_not_planned(self, line: Line, crew: str, date: str, code: str) -> None:
        day = datetime.date.fromisoformat(date)
        letter = self._letter(crew, day) if crew in self.new["crew"] else None
        says = f"上 {letter} 班" if letter else "休息"
        says_en = f"works {letter}" if letter else "rests"
        said = {"crew": crew, "date": date, "letter": code, "says": says, "says_en": says_en}
        self.case.wrong("not_planned", line, "shift", **said)
