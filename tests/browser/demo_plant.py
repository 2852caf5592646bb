"""The demo plant as an ordinary install, and what its people do when no test watches them.

`served` is the plant as `shiftapp demo` makes it at 07:38, everybody signing in for themselves;
`made` is filled with what arrives later. `Backstage` plays a shift, a look, a ladder through the
same functions as the demo's week, so that a browser test begins where it has something to say.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shiftapp.demo import above, passing, places, plant_state, story
from shiftapp.demo import people as cast
from shiftapp.demo.acts import HOUR_MS
from shiftapp.demo.build import Secret, Wanted, build
from shiftapp.demo.delivery import Later, deliver
from shiftapp.demo.folder import ORIGIN
from shiftapp.demo.phones import Phone
from shiftapp.demo.seed import Seed
from shiftapp.demo.stage import MINUTE_MS, Stage
from shiftapp.demo.whole import Whole
from shiftapp.model import (
    clockwork,
    credentials,
    facilities,
    findings,
    settings,
    shifts,
    special_works,
)
from shiftapp.model.special_work_checks import Author
from shiftapp.model.special_work_entry import close
from shiftapp.store import Db, Row, Store
from tests.browser.conftest import Site, serve
from tests.demo.conftest import DAY
from tests.plant import URL, Plant, fixed_bytes, make_keys
from tests.sealing import secrets_of
from tests.web.plain import PIN

WANTED = Wanted(day=DAY)
DIRECTOR, PRINCIPAL = cast.PARTS["manager"], cast.PARTS["signatory"]
ORDINARY = 99  # a day of the story on which nothing special happens


def served(folder: Path, made: list[Later]) -> Iterator[Site]:
    """The demo plant behind the real server."""

    def make(store: Store, folder: Path) -> Plant:
        keys = make_keys(folder / "keys")
        store.migrate()
        hashed = credentials.hash_secret(PIN, keys.pin_pepper)
        made.extend(build(store, keys, WANTED, URL, ORIGIN, Secret(hashed, hashed)))
        ids = {row["no"]: row["id"] for row in store.rows("SELECT no, id FROM person ORDER BY no")}
        with store.tx() as db:
            settings.put(db, demo=False, clock_offset_ms=0)
        return Plant(store, keys, fixed_bytes("day"), {**ids, "leader": ids["1001"]})

    yield from serve(folder, "127.0.0.1", make)


class Backstage:
    """What people of the demo do, played at their times; the site's clock goes with it."""

    def __init__(self, site: Site, later: list[Later]) -> None:
        self.site, self.later = site, later
        self._seed = Seed("backstage")
        self._phones: dict[str, Phone] = {}

    def at(self, clock: str, day: int = 0) -> int:
        """It is that late: what the clock brings, and what phones bring until then."""
        date = (DAY + datetime.timedelta(days=day)).isoformat()
        now = self.site.clock.at(clock, date)
        store = self.site.store
        clockwork.plan(store, now, self.site.plant.random)
        clockwork.tick(store, now)
        for one in [one for one in self.later if one.recv_ms <= now]:
            self.later.remove(one)
            deliver(store, one, secrets_of(self.site.plant), settings.Settings().grace_s)
        return now

    def work_a_shift(self, day: int, code: str) -> None:
        """A shift by the book: all commit and run in time, hand over, and the leader signs."""
        instance = self._instance(day, code)
        with self._stage() as stage:
            for seat in range(len(cast.SEATS)):
                no = cast.number(instance["crew"], seat)
                if no not in stage.phones:
                    stage.enrol(no, instance["opens_ms"] - HOUR_MS)
            moments = sorted(
                story.past(stage, ORDINARY, instance), key=lambda one: (one.at_ms, one.order)
            )
            for moment in moments:
                moment.act()

    def sign_a_shift(self, day: int, code: str, at_ms: int) -> None:
        """The leader asks about what was left and signs, with a reason over what allows one."""
        instance = self._instance(day, code)
        with self._stage() as stage:
            for moment in passing.hand_over(stage, ORDINARY, instance):
                moment.act()
            stage.sign(instance, story.ON_THE_WAY, at_ms)

    def sign_the_ladder(self, day: int, at_ms: int) -> None:
        """Production signs its day, and the plant twenty minutes later."""
        cutoff_ms = at_ms - above.AFTER_CUTOFF[above.PRODUCTION] * MINUTE_MS
        date = (DAY + datetime.timedelta(days=day)).isoformat()
        with self._stage() as stage:
            for moment in above.signed(stage, date, cutoff_ms):
                moment.act()

    def answer_everything(self, now_ms: int) -> None:
        """The director answers whatever waits: somebody is put on it, and nobody stays away."""
        by, who = self.site.plant.id(DIRECTOR), self.site.plant.id(plant_state.HEADS["TF"])
        with self.site.store.tx() as db:
            for one in db.rows(
                "SELECT id, kind FROM finding WHERE answered_ms IS NULL ORDER BY id"
            ):
                outcome = findings.OUTCOMES[one["kind"]][-1 if one["kind"] == "replace" else 0]
                findings.answer(
                    db, one["id"], outcome, by=by, now_ms=now_ms, text="已派人处理",
                    assignee=who, due_ms=now_ms + HOUR_MS,
                )  # fmt: skip

    def settle_everything(self, now_ms: int) -> None:
        """Every hazard is mended and accepted, every permit that ran out is closed."""
        with self.site.store.tx() as db:
            for one in self._open(db):
                by = self.site.plant.id(DIRECTOR)
                if one["state"] != "fixed":
                    findings.answer(db, one["id"], "fixed", by=by, now_ms=now_ms, text="修好了")
                findings.accept(db, one["id"], by=by, now_ms=now_ms)
            for work in special_works.open_now(db, now_ms):
                if work.row["starts_ms"] <= now_ms:
                    author = Author("desk", self.site.plant.id(DIRECTOR))
                    close(db, work.row["id"], author, now_ms)

    def look_around(self, now_ms: int) -> None:
        """The director looked: every state of the plant is as recorded."""
        with self.site.store.tx() as db:
            facilities.look(db, places.SITE_CODE, by=self.site.plant.id(DIRECTOR), now_ms=now_ms)

    def _open(self, db: Db) -> list[Row]:
        return findings.hazards(db, only_open=True)

    def _instance(self, day: int, code: str) -> Row:
        found = shifts.started_between(
            self.site.store, WANTED.at(day, "00:00"), WANTED.at(day + 1, "00:00")
        )
        return next(one for one in found if one["code"] == code)

    @contextmanager
    def _stage(self) -> Iterator[Stage]:
        """The stage of the demo over the running plant, in one transaction."""
        store, plant = self.site.store, self.site.plant
        codes = store.rows("SELECT label, code FROM station ORDER BY code")
        with store.tx() as db:
            yield Stage(
                store=Whole(db),
                keys=plant.keys,
                seed=self._seed,
                lang="zh",
                grace_s=settings.Settings().grace_s,
                ids=plant.ids,
                codes={row["label"]: row["code"] for row in codes},
                phones=self._phones,
            )
