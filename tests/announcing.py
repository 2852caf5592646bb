"""The cast's day for tests of the announcement: who committed when, who signed, who publishes."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.ledger.note import sign_note
from shiftapp.model import (
    announcements,
    crews,
    findings,
    handover,
    history,
    people,
    publishing,
    records,
    roster,
    settings,
    shifts,
    signoffs,
    slots,
    tokens,
)
from shiftapp.model.announcements import Draft
from shiftapp.model.judging import Arrival
from shiftapp.model.people import Person, Post
from shiftapp.model.periods import Kind
from shiftapp.model.publishing import Order
from shiftapp.store import Row
from tests.plant import MADE_MS, NOW_MS, PUMPS, TODAY, Plant
from tests.sealing import Body, commit_body, deliver, make_ready, sealed, secrets_of

DAY = ["worker", "mate", "chen", "lin", "huang", "leader"]  # 甲班, today by day
NIGHT = [f"night{n}" for n in range(1, 7)]  # 丙班, last night
NIGHT_SHIFT = {"date": "2026-11-23", "code": "N", "crew": "BING"}


def at(text: str, day: str = TODAY) -> int:
    """An instant of plant time, ms."""
    wall = datetime.datetime.fromisoformat(f"{day}T{text}")
    return int(wall.replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)


def commit(plant: Plant, part: str, when: int, **changes: Any) -> None:
    """Somebody's commitment, received at an instant and claimed then."""
    deliver(plant, commit_body(plant, part, when, **changes), at_ms=when)


def commit_offline(plant: Plant, part: str, made: int, received: int, **changes: Any) -> None:
    """A commitment sealed without a signal, shown by a time token, received later."""
    body = commit_body(plant, part, made, **changes)
    token_ms = made - 1_800_000
    body["time"] |= {
        "token": tokens.make(plant.keys.session_secret, body["dev"], token_ms),
        "token_wall_ms": token_ms,
        "mono_ms": 1_800_000,
    }
    arrival = Arrival(received, body["dev"], received)
    records.accept(plant.store, [sealed(body)], arrival, secrets_of(plant), 120)


def night_works(plant: Plant, missing: int = 0) -> None:
    """丙班 committed last evening, but for the last few; its leader signed."""
    for part in NIGHT[: len(NIGHT) - missing]:
        commit(plant, part, at("19:50", "2026-11-23"), shift=NIGHT_SHIFT)
    sign(plant, "BING", "2026-11-23", "N", at("07:50"))


def day_works(plant: Plant, missing: int = 0) -> None:
    """甲班 is ready on time, but for the last few; its leader signed."""
    for part in DAY[: len(DAY) - missing]:
        make_ready(plant, part, at("07:45"))
    sign(plant, "JIA", TODAY, "D", at("08:05"))


def sign(plant: Plant, crew: str, date: str, code: str, when: int) -> None:
    """A crew's signature, with a reason for whatever is open."""
    instance = plant.instance(crew, date, code)
    now = history.people_states(plant.store, instance, when)
    asked = findings.of_instance(plant.store, instance["id"])
    left = handover.waiting(plant.store, instance, when)
    reasons = {gap.key: "已说明" for gap in signoffs.gaps(now, asked, left, when)}
    with plant.store.tx() as db:
        signoffs.sign(db, instance, reasons, by=plant.id("leader"), now_ms=when)


def add_crew(plant: Plant, code: str, size: int, group: str = "") -> list[str]:
    """Another crew of `size` people on today's day shift; gives their parts of the cast."""
    group = group or f"G-{code}"
    parts = [f"{code.lower()}{n}" for n in range(1, size + 1)]
    with plant.store.tx() as db:
        now = settings.get(db)
        crews.save_reporting_group(db, crews.Group(group, "YC", f"组{code}"))
        crews.save_crew(db, crews.Crew(code, "YC", group, f"{code}班", "P4", day_offset=0))
        for n, part in enumerate(parts, start=1):
            plant.ids[part] = str(uuid.UUID(bytes=plant.random(16), version=4))
            one = Person(
                plant.ids[part],
                f"{code}{n:03}",
                f"小{code}{n}",
                crew=code,
                posts=(Post(PUMPS, "J02"),),
            )
            people.save_person(db, one, MADE_MS)
        shifts.make_ahead(db, now, MADE_MS, plant.random)
        roster.fill_ahead(db, MADE_MS, plant.random)
    return parts


def announce_three_crews(plant: Plant) -> Row:
    """After a good day 29 of 31 of a large crew on time, one of a crew of three, and published."""
    big, small = add_crew(plant, "DING", 31), add_crew(plant, "WU", 3)
    with plant.store.tx() as db:
        slots.open_due(db, NOW_MS, 120)
    for number, part in enumerate(big):
        commit(plant, part, at("07:45" if number < 29 else "08:20"), shift=shift_of("DING"))
    commit(plant, small[0], at("07:45"), shift=shift_of("WU"))
    sign(plant, "DING", TODAY, "D", at("08:30"))
    sign(plant, "WU", TODAY, "D", at("08:30"))
    return publish(plant, at("09:05"))


def shift_of(crew: str) -> Body:
    """The claim of today's day shift of a crew."""
    return {"date": TODAY, "code": "D", "crew": crew}


def draft(plant: Plant, when: int, date: str = TODAY, kind: Kind = "daily") -> Draft:
    """The draft of a day, or of the period that ends on it, at an instant."""
    return announcements.derive(plant.store, settings.get(plant.store), date, when, kind)


def order(
    plant: Plant, when: int, *, date: str = TODAY, kind: Kind = "daily", **more: Any
) -> Order:
    """What a form shown at an instant asks for."""
    newest = announcements.newest_of(plant.store, date, kind)
    return Order(
        **{
            "id": str(uuid.UUID(bytes=plant.random(16), version=4)),
            "date": date,
            "kind": kind,
            "expect": draft(plant, when, date, kind).sha,
            "base": newest["version"] if newest else 0,
            **more,
        }
    )


def signed(plant: Plant, text: str) -> str:
    """A note of the plant's announcement key."""
    key = plant.keys.announcement
    assert isinstance(key, Ed25519PrivateKey)
    return sign_note(text, publishing.signer_name(settings.get(plant.store)), key)


def publish(
    plant: Plant, when: int, wanted: Order | None = None, by: str = "signatory", **more: Any
) -> Row:
    """Publish what a form shown at that instant asks for."""
    asked = wanted or order(plant, when, **more)
    now = settings.get(plant.store)
    return plant.store.write(
        lambda db: publishing.publish(
            db, now, asked, lambda text: signed(plant, text), by=plant.id(by), now_ms=when
        )
    )


def sha(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()
