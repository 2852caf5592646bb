"""Where one works and what one does there: sites, areas, stations and jobs.

Reads give rows; `save_*` take one frozen value and insert or replace it by its code. Nothing is
deleted: what is no longer used becomes inactive, because records go on naming it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from shiftapp.model import counters, zones
from shiftapp.problems import Problem
from shiftapp.store import Db, Row


@dataclass(frozen=True)
class Site:
    """A plant; `zone` is an IANA time zone, `phone` the emergency call."""

    code: str
    name: str
    name_en: str = ""
    zone: str = "Asia/Shanghai"
    phone: str = ""


@dataclass(frozen=True)
class Area:
    """A part of a site with its four-colour risk level A, B, C or D."""

    code: str
    site: str
    name: str
    name_en: str = ""
    risk: str = "D"
    active: int = 1


@dataclass(frozen=True)
class Station:
    """A place with a QR code. `label` is the plant's own name of it; `jobs` are job codes.

    `scoped` 0: who works here is not expected. `staff`: people it needs in a shift, 0: not said.
    """

    code: str
    label: str
    area: str
    name: str
    name_en: str = ""
    place: str = ""
    place_en: str = ""
    risk: str = "D"
    phone_free: int = 0
    scoped: int = 1
    staff: int = 0
    active: int = 1
    jobs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """What one does; `ppe` are option ids of the commitment text, `card` as in library/jobs."""

    code: str
    name: str
    name_en: str = ""
    ppe: tuple[str, ...] = ()
    card: dict[str, Any] = field(default_factory=dict)  # JSON of a card
    active: int = 1


_STATION = (
    "SELECT station.*, area.name AS area_name, area.name_en AS area_name_en, area.site,"
    " site.name AS site_name, site.name_en AS site_name_en, site.zone, site.phone"
    " FROM station JOIN area ON area.code = station.area JOIN site ON site.code = area.site"
)


def sites(db: Db) -> list[Row]:
    """All sites, by code."""
    return db.rows("SELECT * FROM site ORDER BY code")


def areas(db: Db) -> list[Row]:
    """All areas with `site_name`, active first."""
    return db.rows(
        "SELECT area.*, site.name AS site_name, site.name_en AS site_name_en"
        " FROM area JOIN site ON site.code = area.site ORDER BY area.active DESC, area.code"
    )


def area(db: Db, code: str) -> Row | None:
    """An area by its code."""
    return db.row("SELECT * FROM area WHERE code = :code", code=code)


def station(db: Db, code: str) -> Row | None:
    """A station with `area_name`, `site`, `site_name`, `zone` and `phone`; also an inactive one."""
    return db.row(f"{_STATION} WHERE station.code = :code", code=code)


def station_by_label(db: Db, label: str) -> Row | None:
    """A station by the plant's own name of the place."""
    return db.row(f"{_STATION} WHERE station.label = :label", label=label)


def stations(db: Db) -> list[Row]:
    """All stations, shaped as `station`, active first, by area and label."""
    return db.rows(
        f"{_STATION} ORDER BY station.active DESC, station.area, station.label, station.code"
    )


def jobs(db: Db) -> list[Row]:
    """All jobs, active first, by code; `ppe` and `card` are JSON texts."""
    return db.rows("SELECT * FROM job ORDER BY active DESC, code")


def job(db: Db, code: str) -> Row | None:
    """A job by its code; `ppe` and `card` are JSON texts."""
    return db.row("SELECT * FROM job WHERE code = :code", code=code)


def jobs_at(db: Db, station: str) -> list[Row]:
    """The active jobs done at a station, by code."""
    return db.rows(
        "SELECT job.* FROM station_job JOIN job ON job.code = station_job.job"
        " WHERE station_job.station = :station AND job.active = 1 ORDER BY job.code",
        station=station,
    )


def stations_of(db: Db, job: str) -> list[Row]:
    """The active stations where a job is done, by label."""
    return db.rows(
        f"{_STATION} JOIN station_job ON station_job.station = station.code"
        " WHERE station_job.job = :job AND station.active = 1"
        " ORDER BY station.label, station.code",
        job=job,
    )


def station_jobs(db: Db) -> dict[str, tuple[str, ...]]:
    """Job codes of every station, sorted."""
    found: dict[str, list[str]] = {}
    for row in db.rows("SELECT station, job FROM station_job ORDER BY station, job"):
        found.setdefault(row["station"], []).append(row["job"])
    return {code: tuple(codes) for code, codes in found.items()}


def save_site(db: Db, site: Site) -> None:
    """Insert or replace a site; a Problem (422 `unknown_zone`) where its zone is none."""
    zones.must_exist(site.zone)
    db.run(
        "INSERT INTO site (code, name, name_en, zone, phone)"
        " VALUES (:code, :name, :name_en, :zone, :phone)"
        " ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,"
        " zone = excluded.zone, phone = excluded.phone",
        **vars(site),
    )
    counters.touch(db)


def save_area(db: Db, area: Area) -> None:
    """Insert or replace an area.

    :raises Problem: 422 `unknown_site`.
    """
    if db.value("SELECT 1 FROM site WHERE code = :code", code=area.site) is None:
        raise Problem(422, "unknown_site", "没有这个厂区：%(code)s。", params={"code": area.site})
    db.run(
        "INSERT INTO area (code, site, name, name_en, risk, active)"
        " VALUES (:code, :site, :name, :name_en, :risk, :active)"
        " ON CONFLICT (code) DO UPDATE SET site = excluded.site, name = excluded.name,"
        " name_en = excluded.name_en, risk = excluded.risk, active = excluded.active",
        **vars(area),
    )
    counters.touch(db)


def save_station(db: Db, station: Station) -> None:
    """Insert or replace a station and the jobs done there.

    :raises Problem: 422 `unknown_area`, `unknown_job`; 409 `label_taken` by another station.
    """
    if db.value("SELECT 1 FROM area WHERE code = :code", code=station.area) is None:
        raise Problem(
            422, "unknown_area", "没有这个区域：%(code)s。", params={"code": station.area}
        )
    same = station_by_label(db, station.label)
    if same is not None and same["code"] != station.code:
        raise Problem(
            409, "label_taken", "已经有一个工位叫 %(label)s。", params={"label": station.label}
        )
    known = {row["code"] for row in db.rows("SELECT code FROM job ORDER BY code")}
    for code in station.jobs:
        if code not in known:
            raise Problem(422, "unknown_job", "没有这个岗位：%(code)s。", params={"code": code})
    _put_station(db, station)
    counters.touch(db)


def save_job(db: Db, job: Job) -> None:
    """Insert or replace a job; its checklist has versions of its own (versions.py)."""
    db.run(
        "INSERT INTO job (code, name, name_en, ppe, card, active)"
        " VALUES (:code, :name, :name_en, :ppe, :card, :active)"
        " ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,"
        " ppe = excluded.ppe, card = excluded.card, active = excluded.active",
        code=job.code,
        name=job.name,
        name_en=job.name_en,
        ppe=json.dumps(list(job.ppe), ensure_ascii=False),
        card=json.dumps(job.card, ensure_ascii=False, sort_keys=True),
        active=job.active,
    )
    counters.touch(db)


def _put_station(db: Db, station: Station) -> None:
    values = {name: value for name, value in vars(station).items() if name != "jobs"}
    db.run(
        "INSERT INTO station (code, area, label, name, name_en, place, place_en, risk,"
        " phone_free, scoped, staff, active) VALUES (:code, :area, :label, :name, :name_en,"
        " :place, :place_en, :risk, :phone_free, :scoped, :staff, :active)"
        " ON CONFLICT (code) DO UPDATE SET area = excluded.area, label = excluded.label,"
        " name = excluded.name, name_en = excluded.name_en, place = excluded.place,"
        " place_en = excluded.place_en, risk = excluded.risk,"
        " phone_free = excluded.phone_free, scoped = excluded.scoped, staff = excluded.staff,"
        " active = excluded.active",
        **values,
    )
    db.run("DELETE FROM station_job WHERE station = :code", code=station.code)
    for job in sorted(set(station.jobs)):
        db.run(
            "INSERT INTO station_job (station, job) VALUES (:code, :job)",
            code=station.code,
            job=job,
        )
