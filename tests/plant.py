"""One plant and one cast for every test, known by name, on each engine.

It is Tuesday 24 November 2026, 07:38 in Puyang. Crew 甲班 starts its day shift at 08:00; its window
is open since 07:15. 丙班 is about to end its night shift, 乙班 (two people, too few to publish)
worked yesterday by day and works tonight.

- 张三 `worker`, 李四 `mate`: operators of 甲班 at the pumps and at the tanks
- 王五 `leader`: leads 甲班 and works in it; 赵六 `other_leader`: leads 乙班
- 钱七 `outsider`: operator of 乙班
- 孙八 `manager`, 周九 `signatory`, 吴十 `inspector`, 郑一 `admin`: all of it
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient

import qr.code
from shiftapp import create_app, library
from shiftapp.config import Config
from shiftapp.ledger.keys import Keys, load_keyset, write_keyset
from shiftapp.model import (
    crews,
    devices,
    people,
    places,
    roster,
    sessions,
    settings,
    shifts,
    slots,
    versions,
)
from shiftapp.model.people import Person, Post, Role
from shiftapp.store import Db, Row, Store
from shiftapp.web.context import Context

URL = "https://aq.example.cn"
HOUR_MS = 3_600_000
MADE_MS = 1795384800000  # 2026-11-23 06:00 Asia/Shanghai
NOW_MS = 1795477080000  # 2026-11-24 07:38 Asia/Shanghai
DUE_MS = 1795478400000  # 08:00
TODAY = "2026-11-24"
PUMPS, TANKS = "7K2M41QF", "8T5NC0D5"


class FixedBytes:
    """A random source that repeats itself; `count` is how often it was asked."""

    def __init__(self, seed: str, count: int = 0) -> None:
        self.seed, self.count = seed, count

    def __call__(self, length: int) -> bytes:
        self.count += 1
        return hashlib.shake_256(f"{self.seed} {self.count}".encode()).digest(length)


def fixed_bytes(seed: str) -> FixedBytes:
    """A new random source of a seed."""
    return FixedBytes(seed)


class Clock:
    """The wall clock of a test: `clock.ms` may be set."""

    def __init__(self, ms: int = NOW_MS) -> None:
        self.ms = ms

    def __call__(self) -> int:
        return self.ms

    def at(self, text: str, day: str = TODAY) -> int:
        """Set it to HH:MM plant time of a day; gives the instant."""
        wall = datetime.datetime.fromisoformat(f"{day}T{text}")
        self.ms = int(wall.replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
        return self.ms


@dataclass
class Plant:
    """What tests name: people by their part, codes, keys and the random source."""

    store: Store
    keys: Keys
    random: FixedBytes
    ids: dict[str, str] = field(default_factory=dict)  # part of the cast → person id
    devices: dict[str, tuple[str, str]] = field(default_factory=dict)  # part → device id, secret

    def id(self, part: str) -> str:
        """The person id of a part."""
        return self.ids[part]

    @property
    def mac(self) -> str:
        return qr.code.mac(self.keys.station_secret, PUMPS)

    def instance(self, crew: str = "JIA", date: str = TODAY, code: str = "D") -> Row:
        """A shift instance; 甲班 today unless told."""
        found = shifts.instance(self.store, crew, date, code)
        assert found is not None
        return found

    def session(
        self, part: str, device: str | None = None, now_ms: int = NOW_MS
    ) -> tuple[str, bytes]:
        """A new session of somebody: the cookie's secret and the public id."""
        secret, sid = self.random(16).hex(), self.random(16)
        with self.store.tx() as db:
            sessions.start(
                db,
                sid=sid,
                secret=secret,
                person=self.id(part),
                device=device,
                how="card" if device else "password",
                lasts_ms=sessions.PERSONAL_MS,
                now_ms=now_ms,
            )
        return secret, sid

    def device(self, part: str, pubkey: bytes | None = None) -> tuple[str, str]:
        """The personal device of somebody, enrolled once: id and the cookie's secret."""
        if part not in self.devices:
            device, secret = str(uuid.UUID(bytes=self.random(16), version=4)), self.random(16).hex()
            code = qr.code.make_code(self.random(7))
            with self.store.tx() as db:
                devices.make_code(db, code, "card", self.id(part), self.id("leader"), MADE_MS)
                devices.enrol(
                    db, code, device=device, secret=secret, pubkey=pubkey, held=None, now_ms=MADE_MS
                )
            self.devices[part] = device, secret
        return self.devices[part]


OPERATORS = {  # part: number, name, station, job
    "worker": ("1001", "张三", PUMPS, "J02"),
    "mate": ("1002", "李四", TANKS, "J09"),
    "chen": ("1003", "陈一", PUMPS, "J02"),
    "lin": ("1004", "林二", TANKS, "J09"),
    "huang": ("1005", "黄三", PUMPS, "J02"),
}
NIGHT = {f"night{n}": (f"30{n:02}", f"夜{n}", PUMPS, "J02") for n in range(1, 7)}


def make_plant(store: Store, keys: Keys) -> Plant:
    """Fill a migrated, empty store with the plant; the windows open by now are open."""
    plant = Plant(store, keys, fixed_bytes("plant"))
    with store.tx() as db:
        settings.put(
            db,
            name="濮阳示例化工有限公司（示例）",
            name_en="Puyang Example Chemicals (demo)",
            url=URL,
            origin="aq.example.cn/log",
        )
        save_places(db)
        _save_crews(db)
        _save_people(db, plant)
        now = settings.get(db)
        shifts.make_ahead(db, now, MADE_MS, plant.random)
        roster.fill_ahead(db, MADE_MS, plant.random)
        slots.open_due(db, NOW_MS, now.grace_s)
    return plant


def save_places(db: Db) -> None:
    """The first site of every plant, with its areas, jobs, stations and texts."""
    places.save_site(db, places.Site("YC", "一厂", "Plant 1", phone="0393-000 0119"))
    places.save_area(db, places.Area("A1", "YC", "生产一部", "Production 1", risk="A"))
    places.save_area(db, places.Area("A2", "YC", "罐区", "Tank farm", risk="B"))
    for code in ("J02", "J09", "J05"):
        job = library.job(code)
        places.save_job(
            db,
            places.Job(code, job["name"], job["name_en"], tuple(job["ppe"]), job["card"]),
        )
        checklist = library.with_examples(job["checklist"])
        versions.publish_checklist(db, code, checklist, MADE_MS, "library")
    versions.publish_commitment(db, library.commitment(), MADE_MS, "library")
    places.save_station(
        db,
        places.Station(
            PUMPS,
            "P-201",
            "A1",
            "P-201 泵区",
            "P-201 pumps",
            "一层北侧",
            risk="B",
            jobs=("J02", "J05"),
        ),
    )
    places.save_station(
        db, places.Station(TANKS, "V-305", "A2", "碳四罐区", "C4 tanks", risk="A", jobs=("J09",))
    )


def _save_crews(db: Db) -> None:
    crews.save_pattern(
        db,
        crews.Pattern(
            "P4",
            "四班两倒",
            "Four crews, two shifts",
            cycle="DNRR",
            anchor=TODAY,
            shifts=(
                crews.Shift("D", "白班", "Day shift", "08:00", 720),
                crews.Shift("N", "夜班", "Night shift", "20:00", 720),
            ),
            gaps_ok=1,  # there are only three crews
        ),
    )
    for code, name, offset in (("JIA", "甲班", 0), ("BING", "丙班", 2), ("YI", "乙班", 1)):
        crews.save_reporting_group(db, crews.Group(f"G-{code}", "YC", f"生产一部{name}"))
        crews.save_crew(
            db,
            crews.Crew(
                code, "YC", f"G-{code}", name, "P4", f"Crew {code}", area="A1", day_offset=offset
            ),
        )


OFFICE = {  # part: number, name, role
    "manager": ("9001", "孙八", "manager"),
    "signatory": ("9002", "周九", "signatory"),
    "inspector": ("9003", "吴十", "inspector"),
    "admin": ("9004", "郑一", "admin"),
}


def _save_people(db: Db, plant: Plant) -> None:
    def save(part: str, no: str, name: str, **more: Any) -> None:
        plant.ids[part] = str(uuid.UUID(bytes=plant.random(16), version=4))
        people.save_person(db, Person(plant.ids[part], no, name, **more), MADE_MS)

    for part, (no, name, station, job) in OPERATORS.items():
        save(part, no, name, crew="JIA", posts=(Post(station, job),))
    for part, (no, name, station, job) in NIGHT.items():
        save(part, no, name, crew="BING", posts=(Post(station, job),))
    leads = (Role("operator"), Role("leader", "crew", "JIA"))
    save("leader", "1010", "王五", crew="JIA", roles=leads, posts=(Post(PUMPS, "J05", 0),))
    leads = (Role("operator"), Role("leader", "crew", "YI"))
    save("other_leader", "2010", "赵六", crew="YI", roles=leads, posts=(Post(PUMPS, "J05", 0),))
    save("outsider", "2001", "钱七", crew="YI", posts=(Post(PUMPS, "J02"),))
    for part, (no, name, role) in OFFICE.items():
        save(part, no, name, roles=(Role(role),))


def make_keys(folder: Path) -> Keys:
    """The key files of the plant; the same in every test."""
    write_keyset(folder, "aq.example.cn/log", fixed_bytes("keys"))
    return load_keyset(folder)


def make_app(plant: Plant, folder: Path, clock: Clock) -> Flask:
    """The web application over the plant's store, with its clock and random source."""
    app = create_app(Config(data=folder), store=plant.store, keys=plant.keys)
    return use(app, plant, folder, clock)


def use(app: Flask, plant: Plant, folder: Path, clock: Clock) -> Flask:
    """The same application over another plant: joining the rooms anew for each test is slow."""
    app.extensions["shiftapp"] = Context(
        config=Config(data=folder),
        store=plant.store,
        keys=plant.keys,
        wall_ms=clock,
        token_bytes=plant.random,
    )
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = None
    return app


def use_joined(joined: list[Flask], plant: Plant, folder: Path, clock: Clock) -> Flask:
    """The one application of the process, made by who comes first, over this plant."""
    if not joined:
        joined.append(make_app(plant, folder, clock))
    return use(joined[0], plant, folder, clock)


def client_of(app: Flask, plant: Plant, part: str | None, *, device: bool = False) -> FlaskClient:
    """A browser: of nobody (None), of somebody at a desk, or on their own enrolled phone."""
    client = app.test_client()
    held = plant.device(part) if part and device else None
    if held:
        client.set_cookie("__Host-dev", held[1], domain="localhost", secure=True, path="/")
    if part:
        secret, _ = plant.session(part, held[0] if held else None)
        client.set_cookie("__Host-sid", secret, domain="localhost", secure=True, path="/")
    client.environ_base["wsgi.url_scheme"] = "https"
    return client
