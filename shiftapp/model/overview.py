"""What an install has and what it still lacks before a first shift can be worked: plain counts."""

from __future__ import annotations

from dataclasses import dataclass

from shiftapp.store import Db, Row

SOON_MS = 24 * 3_600_000  # rosters are filled further ahead than that

_NO_PHONE = (
    "SELECT COUNT(*) FROM person WHERE active = 1 AND guest = 0 AND crew IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM device WHERE device.person = person.id"
    "  AND device.kind = 'personal' AND device.revoked_ms IS NULL AND device.expires_ms > :now)"
)
_NO_POST = (
    "SELECT COUNT(*) FROM person WHERE active = 1 AND guest = 0 AND crew IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM post WHERE post.person = person.id)"
)
_NO_CARD = (
    "SELECT code, name, name_en FROM job WHERE active = 1"
    " AND NOT EXISTS (SELECT 1 FROM checklist WHERE checklist.job = job.code) ORDER BY code"
)
_NO_LEADER = (
    "SELECT code, name, name_en FROM crew WHERE active = 1 AND NOT EXISTS"
    " (SELECT 1 FROM role JOIN person ON person.id = role.person AND person.active = 1"
    "  WHERE role.role = 'leader' AND (role.scope_kind = 'all'"
    "   OR (role.scope_kind = 'crew' AND role.scope = crew.code)"
    "   OR (role.scope_kind = 'area' AND role.scope = crew.area))) ORDER BY code"
)
_NO_ROSTER = (
    "SELECT instance.crew AS code, crew.name, crew.name_en, instance.date FROM instance"
    " JOIN crew ON crew.code = instance.crew AND crew.active = 1"
    " WHERE instance.closed_ms > :now AND instance.opens_ms <= :then AND NOT EXISTS"
    " (SELECT 1 FROM roster WHERE roster.instance = instance.id AND roster.ended_ms IS NULL)"
    " ORDER BY instance.opens_ms, instance.id"
)
_NO_JOB = (
    "SELECT COUNT(*) FROM station WHERE active = 1 AND NOT EXISTS"
    " (SELECT 1 FROM station_job WHERE station_job.station = station.code)"
)


@dataclass(frozen=True)
class Overview:
    """Counts of what is in use, and rows (`code`, `name`, `name_en`) of what lacks something."""

    areas: int
    stations: int
    jobs: int
    crews: int
    people: int
    in_crews: int
    phones: int
    commitment: int  # number of the version in force, 0: none
    signatories: int
    no_phone: int
    no_post: int
    no_job: int
    no_card: list[Row]
    no_leader: list[Row]
    no_roster: list[Row]


def overview(db: Db, now_ms: int) -> Overview:
    """The whole plant at a glance."""

    def count(sql: str, **values: object) -> int:
        return int(db.value(sql, **values) or 0)

    return Overview(
        areas=count("SELECT COUNT(*) FROM area WHERE active = 1"),
        stations=count("SELECT COUNT(*) FROM station WHERE active = 1"),
        jobs=count("SELECT COUNT(*) FROM job WHERE active = 1"),
        crews=count("SELECT COUNT(*) FROM crew WHERE active = 1"),
        people=count("SELECT COUNT(*) FROM person WHERE active = 1"),
        in_crews=count("SELECT COUNT(*) FROM person WHERE active = 1 AND crew IS NOT NULL"),
        phones=count(
            "SELECT COUNT(*) FROM device WHERE revoked_ms IS NULL AND expires_ms > :now",
            now=now_ms,
        ),
        commitment=count("SELECT MAX(no) FROM commitment"),
        signatories=count(
            "SELECT COUNT(DISTINCT role.person) FROM role JOIN person ON person.id = role.person"
            " WHERE role.role = 'signatory' AND person.active = 1"
        ),
        no_phone=count(_NO_PHONE, now=now_ms),
        no_post=count(_NO_POST),
        no_job=count(_NO_JOB),
        no_card=db.rows(_NO_CARD),
        no_leader=db.rows(_NO_LEADER),
        no_roster=db.rows(_NO_ROSTER, now=now_ms, then=now_ms + SOON_MS),
    )
