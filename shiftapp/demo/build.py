"""Make the demo plant in an empty database: places, people, phones, a week of work, this morning.

Everything is one transaction: a plant that is half made does not exist. The same seed, language,
day and origin give the same bytes in every table.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

import qr.code
from shiftapp.config import Config
from shiftapp.demo import above, ledger, places, plant_state, story, works
from shiftapp.demo import people as cast
from shiftapp.demo.acts import HOUR_MS, Moment
from shiftapp.demo.delivery import Later
from shiftapp.demo.seed import Seed
from shiftapp.demo.stage import MINUTE_MS, Stage
from shiftapp.demo.whole import Whole
from shiftapp.ledger.keys import Keys
from shiftapp.model import clockwork, credentials, crews, devices, settings, shifts
from shiftapp.store import Db, Row, Store
from shiftapp.web.context import Context

START = "07:38"
DAYS = range(story.FIRST_DAY, 1)
BEFORE_OPENS_MS = 8 * HOUR_MS


@dataclass(frozen=True)
class Wanted:
    """What the demo is made from; equal values make equal plants."""

    lang: str = "zh"
    day: datetime.date = datetime.date(2026, 11, 24)
    seed: str = "1"

    @property
    def start_ms(self) -> int:
        """07:38 at the plant, Unix ms."""
        return plant_ms(self.day, START)

    def at(self, day: int, clock: str) -> int:
        """An instant of a day, counted from that of the demo, Unix ms."""
        return plant_ms(self.day + datetime.timedelta(days=day), clock)


@dataclass(frozen=True)
class Secret:
    """The one PIN and the one password of the demo, as hashes; the PIN's tag for shared phones."""

    pin_hash: str
    password_hash: str
    pin_tag: credentials.Tag | None = None


def plant_ms(day: datetime.date, clock: str) -> int:
    """An instant of the plant's clock, Unix ms."""
    wall = datetime.datetime.combine(day, datetime.time.fromisoformat(clock))
    return int(wall.replace(tzinfo=ZoneInfo(places.ZONE)).timestamp() * 1000)


def build(
    store: Store,
    keys: Keys,
    wanted: Wanted,
    url: str,
    origin: str,
    secret: Secret,
    config: Config | None = None,
) -> list[Later]:
    """Fill an empty, migrated database; gives what arrives after 07:38.

    `config`: the folder with the witnesses of the log; without one no log is kept.
    """
    with store.tx() as db:
        stage = _stage(db, keys, wanted)
        first_ms = plant_ms(wanted.day + datetime.timedelta(days=story.FIRST_DAY - 1), "10:00")
        settings.put(
            db,
            name=places.NAME.of(wanted.lang),
            name_en=places.NAME.en,
            url=url,
            origin=origin,
            demo=True,
            company_code="000000000",  # of nobody
        )
        places.save_places(db, wanted.lang, stage.codes, first_ms)
        cast.save_crews(db, wanted.lang, wanted.day.isoformat())
        cast.save_everybody(db, wanted.lang, stage.ids, stage.codes, first_ms)
        above.save_units(stage)
        plant_state.save(stage, first_ms)
        _enrol(stage, secret, first_ms)
        _make_instances(stage, wanted)
        past = list(_past(stage, wanted))
        if config is not None:
            log = ledger.Log(Context(config, stage.store, keys, lambda: 0, stage.seed.bytes))
            past += _sealing(stage, wanted, log)
        for moment in _in_order(iter(past), wanted.start_ms):
            moment.act()
        stage.waits = True
        for moment in _in_order(_coming(stage, wanted), wanted.start_ms + 24 * HOUR_MS):
            moment.act()
        return stage.later


def _stage(db: Db, keys: Keys, wanted: Wanted) -> Stage:
    seed = Seed(f"shiftapp demo {wanted.seed}")
    return Stage(
        store=Whole(db),
        keys=keys,
        seed=seed,
        lang=wanted.lang,
        grace_s=settings.Settings().grace_s,
        ids={no: seed.uuid() for no in cast.numbers()},
        codes={one.label: qr.code.make_code(seed.bytes(7)) for one in places.STATIONS},
    )


def _enrol(stage: Stage, secret: Secret, now_ms: int) -> None:
    """Phones for the crews, PINs, one tablet at the gate, passwords for the desks of the tour."""
    for no, person in stage.ids.items():
        if not no.startswith("9"):
            stage.enrol(no, now_ms)
        credentials.set_pin(stage.store, person, secret.pin_hash, secret.pin_tag)
    for no in cast.PARTS.values():
        credentials.set_password(stage.store, stage.ids[no], secret.password_hash)
    tablet, card = stage.seed.uuid(), qr.code.encode(stage.seed.bytes(5))
    devices.make_code(stage.store, card, "shared", None, stage.ids[cast.PARTS["admin"]], now_ms)
    devices.enrol(
        stage.store,
        card,
        device=tablet,
        secret=stage.seed.bytes(32).hex(),
        pubkey=None,
        held=None,
        now_ms=now_ms,
    )


def _make_instances(stage: Stage, wanted: Wanted) -> None:
    facts = settings.get(stage.store)
    first = wanted.day + datetime.timedelta(days=story.FIRST_DAY)
    for crew in crews.crews(stage.store):
        shifts.make_instances(
            stage.store, facts, crew, first, len(DAYS) + shifts.DAYS_AHEAD, stage.seed.bytes
        )


def _past(stage: Stage, wanted: Wanted) -> Iterator[Moment]:
    for day in DAYS:
        for instance in _instances(stage, wanted, day):
            yield from _ticks(stage, instance["opens_ms"])
            if day < 0:
                yield from story.past(stage, day, instance)
            elif instance["code"] == "D":
                yield from story.morning(stage, instance)
    yield from _mornings(stage, wanted)
    yield from plant_state.week(stage, wanted.at)
    yield from works.week(stage, wanted.at)


def _sealing(stage: Stage, wanted: Wanted, log: ledger.Log) -> Iterator[Moment]:
    """The log is kept: after each opening and each start, around each announcement, and now."""
    instants = {wanted.start_ms - 30_000}
    for day in DAYS:
        for instance in _instances(stage, wanted, day):
            instants |= {instance["opens_ms"] + MINUTE_MS, instance["starts_ms"] + ledger.SEEN_MS}
        instants |= {wanted.at(day, "09:11"), wanted.at(day, "09:45")}
    for at_ms in sorted(instants):
        yield Moment(at_ms, 9, partial(log.round, at_ms))


def _mornings(stage: Stage, wanted: Wanted) -> Iterator[Moment]:
    """Seven days: signed up the ladder, announced after the cut-off; today is the visitor's."""
    for day in range(-7, 0):
        date = wanted.day + datetime.timedelta(days=day)
        at_ms = plant_ms(date, "09:12") + stage.seed.below(18) * MINUTE_MS
        yield from above.signed(stage, date.isoformat(), plant_ms(date, "09:00"))
        yield Moment(at_ms, 0, _publishing(stage, date.isoformat(), at_ms))


def _publishing(stage: Stage, date: str, at_ms: int) -> Callable[[], None]:
    return lambda: stage.publish(date, story.OVERRIDE, at_ms)


def _coming(stage: Stage, wanted: Wanted) -> Iterator[Moment]:
    morning, night = _instances(stage, wanted, 0)
    yield from story.coming(stage, morning)
    yield from story.tonight(stage, night)


def _instances(stage: Stage, wanted: Wanted, day: int) -> list[Row]:
    """The day shift and the night shift of a day."""
    date = wanted.day + datetime.timedelta(days=day)
    return shifts.started_between(
        stage.store, plant_ms(date, "00:00"), plant_ms(date + datetime.timedelta(days=1), "00:00")
    )


def _ticks(stage: Stage, opens_ms: int) -> Iterator[Moment]:
    """What the server's ticker does: fill the roster ahead, open the window."""
    ahead = opens_ms - BEFORE_OPENS_MS
    yield Moment(ahead, -1, lambda: _fill(stage, ahead))
    yield Moment(opens_ms, -1, lambda: clockwork.tick(stage.store, opens_ms))


def _fill(stage: Stage, now_ms: int) -> None:
    clockwork.plan(stage.store, now_ms, stage.seed.bytes)


def _in_order(moments: Iterator[Moment], until_ms: int) -> list[Moment]:
    return sorted(
        (one for one in moments if one.at_ms <= until_ms), key=lambda one: (one.at_ms, one.order)
    )
