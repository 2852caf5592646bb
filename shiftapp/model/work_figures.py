"""Special work as an announcement counts it, a second time by the store, and what is open in it.

A work counts on each calendar day that its window meets. It stands under its kind and level once;
"contractor" and "change" count across the kinds, so only `total` is the number of permits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from shiftapp.model import special_works
from shiftapp.model.special_work_people import Named
from shiftapp.model.special_works import Work
from shiftapp.store import Db, Row

# As the document names them, in its order; hot work by its level.
KINDS = (
    *("fire_special", "fire_1", "fire_2", "confined", "blind", "height", "lifting", "power"),
    *("earth", "road", "maintenance", "transfer", "tank_cleaning", "draining"),
)
ACROSS = ("contractor", "change")
# Works that somebody watches throughout (GB 30871-2022). Temporary power stands for weeks, and of
# the plant's own kinds its procedure decides.
GUARDED = ("fire", "confined", "blind", "height", "lifting")


@dataclass(frozen=True)
class Bare:
    """A work under way, and who is named on it without a commitment that counts."""

    work: Work
    missing: tuple[Named, ...]


@dataclass(frozen=True)
class Works:
    """The works of a day or period, and what is open in any as of now."""

    items: tuple[Work, ...]
    count: dict[str, int]  # from the list above, row by row
    check: dict[str, int]  # the same figures, counted by the store
    over: tuple[Work, ...]  # past their end, neither closed nor cancelled
    gas_over: tuple[Work, ...]
    bare: tuple[Bare, ...]
    unguarded: tuple[Work, ...] = ()  # under way, of a kind that is watched, and nobody is named

    @property
    def differing(self) -> tuple[str, ...]:
        """The figures in which the two counts disagree."""
        return tuple(key for key in self.count if self.count[key] != self.check[key])

    @property
    def late(self) -> tuple[Work, ...]:
        """Registered after they had started."""
        return tuple(one for one in self.items if one.late)

    @property
    def cancelled_late(self) -> tuple[Work, ...]:
        return tuple(one for one in self.items if one.cancelled_late)

    def under(self, key: str) -> tuple[Work, ...]:
        """The works that one figure counts: its sources."""
        return tuple(one for one in self.items if key == "total" or key in _keys(one.row))

    def figures(self) -> dict[str, int]:
        """As the document says it."""
        return {
            **self.count,
            "registered_late": len(self.late),
            "cancelled_late": len(self.cancelled_late),
        }


def of_day(db: Db, from_ms: int, to_ms: int, now_ms: int) -> Works | None:
    """The works whose window meets a day; None: the register has never been used."""
    if not _used(db, now_ms):
        return None
    items = special_works.of_day(db, from_ms, to_ms, now_ms)
    oldest_ms = from_ms - special_works.LONGEST_MS
    return _works(db, items, _counted(db, oldest_ms, from_ms, to_ms, now_ms), now_ms)


def of_period(db: Db, from_ms: int, to_ms: int, now_ms: int) -> Works | None:
    """The works that began in a period and were not cancelled before."""
    if not _used(db, now_ms):
        return None
    met = special_works.of_day(db, from_ms, to_ms, now_ms)
    items = [one for one in met if one.row["starts_ms"] >= from_ms]
    return _works(db, items, _counted(db, from_ms - 1, from_ms, to_ms, now_ms), now_ms)


def _works(db: Db, items: Iterable[Work], counted: Iterable[Row], now_ms: int) -> Works:
    found = tuple(items)
    under_way = special_works.open_now(db, now_ms)
    running = [one for one in under_way if one.under_way(now_ms)]
    people = special_works.people_of_all(db, running, now_ms)
    missing = {one.id: tuple(p for p in people[one.id] if not p.committed) for one in running}
    return Works(
        items=found,
        count=_tally({**one.row, "n": 1} for one in found),
        check=_tally(counted),
        over=tuple(one for one in under_way if one.over(now_ms)),
        gas_over=tuple(one for one in under_way if one.gas_over(now_ms)),
        bare=tuple(Bare(one, missing[one.id]) for one in running if missing[one.id]),
        unguarded=tuple(one for one in running if one.row["kind"] in GUARDED and not one.guardians),
    )


def _used(db: Db, now_ms: int) -> bool:
    found = db.row(
        "SELECT id FROM special_work WHERE made_ms <= :now ORDER BY id LIMIT 1", now=now_ms
    )
    return found is not None


def _counted(db: Db, oldest_ms: int, from_ms: int, to_ms: int, now_ms: int) -> list[Row]:
    """How many works there are of each kind, level and sort, by the store alone."""
    return db.rows(
        "SELECT kind, level, changed, contractor, COUNT(*) AS n FROM special_work"
        " WHERE made_ms <= :now AND starts_ms > :oldest AND starts_ms < :until AND ends_ms > :since"
        " AND (closed_ms IS NULL OR closed_ms > :now OR closed_ms > :since)"
        " AND (cancelled_ms IS NULL OR cancelled_ms > :now"
        "  OR (cancelled_ms >= starts_ms AND cancelled_ms > :since))"
        " GROUP BY kind, level, changed, contractor ORDER BY kind, level, changed, contractor",
        now=now_ms,
        oldest=oldest_ms,
        since=from_ms,
        until=to_ms,
    )


def _tally(rows: Iterable[Row]) -> dict[str, int]:
    """The figures of rows of `special_work` that stand for `n` works each."""
    found = Counter[str]()
    for row in rows:
        for key in (*_keys(row), "total"):
            found[key] += row["n"]
    return {key: found[key] for key in (*KINDS, *ACROSS, "total")}


def _keys(row: Row) -> set[str]:
    """The figures besides the total in which a work stands."""
    keys = {f"fire_{row['level']}" if row["kind"] == "fire" else str(row["kind"])}
    if row["contractor"]:
        keys.add("contractor")
    if row["changed"]:
        keys.add("change")
    return keys
