"""Whether an event is so at an instant, and with which figures.

Asked when it is queued and again when it is sent, so that a reminder held back in quiet hours does
not arrive when it is no longer true. Messages carry counts, crew, shift and a link: no name of a
person, no place of work, and nothing about who is fit.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo

from shiftapp import library
from shiftapp.model import (
    announcement_due,
    board,
    findings,
    history,
    ladder,
    places,
    shifts,
    signoffs,
    work_notices,
)
from shiftapp.model.deliveries import Facts
from shiftapp.model.rungs import Rung
from shiftapp.model.settings import Settings
from shiftapp.store import Db, Row

DAY_MS = 24 * 3_600_000
CREW, UNIT = "c", "u"  # before the number of a signature: whose it is
NUMBERS = ("n", "m", "late", "none", "abnormal")


def facts(db: Db, settings: Settings, event: str, about: str, now_ms: int) -> Facts | None:
    """The figures of an event at an instant; None: it is not so, or no longer."""
    if event in _OF_SHIFT:
        instance = shifts.by_id(db, int(about))
        return _OF_SHIFT[event](db, instance, now_ms) if instance else None
    if event == "stopped":
        return _stopped(db, int(about), now_ms)
    if event == "reopened" and about.startswith(CREW):
        return _crew_reopened(db, int(about.removeprefix(CREW)), now_ms)
    if event == "reopened":
        return _unit_reopened(db, settings, int(about.removeprefix(UNIT)), now_ms)
    if event in work_notices.EVENTS:
        return _work(db, event, about, now_ms)
    if event in ("announcement_due", "no_announcement"):
        return _announcement(db, settings, event, about, now_ms)
    return None


def units_reopened(db: Db, settings: Settings, now_ms: int) -> list[int]:
    """The signatures of units of the last day that no longer hold, by their numbers."""
    rows = db.rows(
        "SELECT DISTINCT date FROM unit_signoff WHERE at_ms > :since AND at_ms <= :now"
        " ORDER BY date",
        since=now_ms - DAY_MS,
        now=now_ms,
    )
    rungs = [one for row in rows for one in _all(ladder.tops(db, settings, row["date"], now_ms))]
    signed = [one.signature for one in rungs if one.is_unit and one.signature]
    return [int(one.row["id"]) for one in signed if not one.holds]


def _all(rungs: Iterable[Rung]) -> Iterator[Rung]:
    for rung in rungs:
        yield rung
        yield from _all(rung.below)


def test_facts(db: Db, name: str, now_ms: int) -> Facts:
    """What a test message says: the name of its channel."""
    return _plain(_zone(db), "/manage/reach", now_ms) | {"crew": name, "crew_en": name}


# Each of a shift: None where it is not so ---------------------------------------------------------


def _missing(db: Db, instance: Row, now_ms: int) -> Facts | None:
    if now_ms >= instance["starts_ms"]:
        return None
    counts = board.count(history.people_states(db, instance, now_ms))
    return _told(instance, now_ms, counts, n=counts.not_started) if counts.not_started else None


def _alarm(db: Db, instance: Row, now_ms: int) -> Facts | None:
    if now_ms >= instance["closed_ms"]:
        return None
    counts = board.count(history.people_states(db, instance, now_ms))
    return _told(instance, now_ms, counts, n=counts.not_started) if counts.not_started else None


def _unsigned(db: Db, instance: Row, now_ms: int) -> Facts | None:
    signed = db.value(
        "SELECT COUNT(*) FROM signoff WHERE instance = :i AND at_ms <= :now",
        i=instance["id"],
        now=now_ms,
    )
    if signed or now_ms >= instance["closed_ms"]:
        return None
    counts = board.count(history.people_states(db, instance, now_ms))
    return _told(instance, now_ms, counts, n=counts.ready) if counts.expected else None


def _shift_done(db: Db, instance: Row, now_ms: int) -> Facts | None:
    if now_ms >= instance["closed_ms"] + DAY_MS:
        return None
    people = history.people_states(db, instance, now_ms)
    counts = board.count(people)
    late = sum(one.name == "ready" and "late" in one.state.marks for one in people)
    return _told(instance, now_ms, counts, n=counts.ready, late=late) if counts.expected else None


_OF_SHIFT: dict[str, Callable[[Db, Row, int], Facts | None]] = {
    "missing": _missing,
    "alarm": _alarm,
    "unsigned": _unsigned,
    "shift_done": _shift_done,
}


# The others ---------------------------------------------------------------------------------------


def _stopped(db: Db, id: int, now_ms: int) -> Facts | None:
    row = db.row("SELECT instance, crew, state, answered_ms FROM finding WHERE id = :id", id=id)
    if row is None or row["answered_ms"] is not None or row["state"] != "found":
        return None
    instance = shifts.by_id(db, row["instance"]) if row["instance"] is not None else None
    if instance is None:
        return _plain(_zone(db), f"/hazards/{id}", now_ms)
    return _of(instance, now_ms) | {"path": f"/hazards/{id}"}


def _crew_reopened(db: Db, id: int, now_ms: int) -> Facts | None:
    row = db.row("SELECT id, instance FROM signoff WHERE id = :id", id=id)
    instance = shifts.by_id(db, row["instance"]) if row else None
    if row is None or instance is None:
        return None
    people = history.people_states(db, instance, now_ms)
    asked = findings.of_instance(db, instance["id"])
    newest = signoffs.signature(db, instance, people, asked, now_ms)
    if newest is None or newest.row["id"] != row["id"] or newest.holds:
        return None
    return _told(instance, now_ms, board.count(people), n=len(newest.changes))


def _unit_reopened(db: Db, settings: Settings, id: int, now_ms: int) -> Facts | None:
    row = db.row("SELECT id, unit, date FROM unit_signoff WHERE id = :id", id=id)
    found = (
        ladder.find(ladder.tops(db, settings, row["date"], now_ms), row["unit"]) if row else None
    )
    if row is None or found is None or found.signature is None:
        return None
    if found.signature.row["id"] != row["id"] or found.signature.holds:
        return None
    zones = {site["code"]: site["zone"] for site in places.sites(db)}
    return _plain(zones[found.row["site"]], f"/ladder/{row['date']}/{row['unit']}", now_ms) | {
        "crew": found.row["name"],
        "crew_en": found.row["name_en"],
        "shift": row["date"],
        "shift_en": row["date"],
        "n": len(found.signature.changes),
    }


def _announcement(db: Db, settings: Settings, event: str, about: str, now_ms: int) -> Facts | None:
    due = announcement_due.asked(db, settings, now_ms)
    if due.about != about or due.published or due.over(now_ms) != (event == "no_announcement"):
        return None
    here = _zone(db)
    facts = _plain(here, "/publish", now_ms) | {"starts": _clock(due.due_ms, here)}
    if due.kind == "daily":
        return facts
    day = shifts.site_day(here, due.due_ms).isoformat()
    days = f"{due.first} – {due.date}"
    return facts | {"shift": days, "shift_en": days, "starts": f"{day} {facts['starts']}"}


def _work(db: Db, event: str, about: str, now_ms: int) -> Facts | None:
    found = work_notices.still(db, event, about, now_ms)
    if found is None:
        return None
    said = {"starts": _clock(found.by_ms, found.zone)}
    if found.crew is not None:
        said |= {"crew": found.crew["name"], "crew_en": found.crew["name_en"]}
    return _plain(found.zone, f"/special-work/{found.work}", now_ms) | said


def _told(instance: Row, now_ms: int, counts: board.Counts, *, n: int, late: int = 0) -> Facts:
    return _of(instance, now_ms) | {
        "n": n,
        "m": counts.expected,
        "late": late,
        "none": counts.not_started,
        "abnormal": counts.abnormal,
    }


def _of(instance: Row, now_ms: int) -> Facts:
    """What every message about a shift has."""
    date, zone = instance["date"], instance["zone"]
    path = f"/board/{instance['crew']}/{date}/{instance['code']}"
    return _plain(zone, path, now_ms) | {
        "crew": instance["crew_name"],
        "crew_en": instance["crew_name_en"],
        "shift": f"{date} {instance['name']}",
        "shift_en": f"{date} {instance['name_en'] or instance['name']}",
        "starts": _clock(instance["starts_ms"], zone),
    }


def _plain(zone: str, path: str, now_ms: int) -> Facts:
    """A message about the plant and its day."""
    plant, day = library.messages()["plant"], shifts.site_day(zone, now_ms).isoformat()
    return {
        "zone": zone,
        "path": path,
        "at_ms": now_ms,
        "crew": plant["name"],
        "crew_en": plant["name_en"],
        "shift": day,
        "shift_en": day,
        "starts": "",
        **dict.fromkeys(NUMBERS, 0),
    }


def _zone(db: Db) -> str:
    return next((str(site["zone"]) for site in places.sites(db)), "UTC")


def _clock(ms: int, zone: str) -> str:
    return datetime.datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).strftime("%H:%M")
