"""People, their roles and where they ordinarily work. Secrets are in credentials.py.

A role is scoped to everything, to one area or to one crew. `may` is the one place that decides
whether a person's roles cover a crew or an area.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from shiftapp.model import counters
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

ROLES = ("operator", "leader", "manager", "signatory", "inspector", "admin")


class Role(NamedTuple):
    """What somebody may do, and where: `scope` is an area or crew code, '' with 'all'."""

    role: str
    scope_kind: str = "all"
    scope: str = ""


class Post(NamedTuple):
    """Where somebody ordinarily works; `run_required` 0: the commitment alone is expected."""

    station: str
    job: str
    run_required: int = 1


@dataclass(frozen=True)
class Person:
    """Somebody on the books. `id` is a UUID and not the employee number `no`."""

    id: str
    no: str
    name: str
    name_en: str = ""
    title: str = ""
    title_en: str = ""
    crew: str | None = None
    employer: str = ""  # '' = own staff
    phone: str = ""
    lang: str = "zh"
    active: int = 1
    roles: tuple[Role, ...] = (Role("operator"),)
    posts: tuple[Post, ...] = ()


CHUNK = 500  # people a round trip
_TAKEN = "SELECT no, id FROM person WHERE active = 1 AND (:no = '' OR no = :no) ORDER BY no"
_PERSON = (
    "SELECT person.*, crew.name AS crew_name, crew.name_en AS crew_name_en, crew.area,"
    " crew.site FROM person LEFT JOIN crew ON crew.code = person.crew"
)


def person(db: Db, id: str) -> Row | None:
    """A person by id with `crew_name`, `area` and `site` of the crew; also one who has left."""
    return db.row(f"{_PERSON} WHERE person.id = :id", id=id)


def by_no(db: Db, no: str) -> Row | None:
    """The active person with this employee number, shaped as `person`."""
    return db.row(f"{_PERSON} WHERE person.no = :no AND person.active = 1", no=no)


def people(db: Db, search: str = "", crew: str = "", limit: int = 200, skip: int = 0) -> list[Row]:
    """People whose name or number contains `search`, of one crew or ('') all; active first."""
    return db.rows(
        f"{_PERSON} WHERE (:crew = '' OR person.crew = :crew) AND (:needle = ''"
        " OR REPLACE(LOWER(person.no), :needle, '') <> LOWER(person.no)"
        " OR REPLACE(LOWER(person.name), :needle, '') <> LOWER(person.name)"
        " OR REPLACE(LOWER(person.name_en), :needle, '') <> LOWER(person.name_en))"
        " ORDER BY person.active DESC, person.no, person.id LIMIT :limit OFFSET :skip",
        crew=crew,
        needle=search.strip().lower(),
        limit=limit,
        skip=skip,
    )


def in_crew(db: Db, crew: str) -> list[Row]:
    """The active people of a crew, by number."""
    return db.rows(
        f"{_PERSON} WHERE person.crew = :crew AND person.active = 1 ORDER BY person.no, person.id",
        crew=crew,
    )


def count(db: Db) -> int:
    """How many people are active."""
    return int(db.value("SELECT COUNT(*) FROM person WHERE active = 1"))


def roles(db: Db, person: str) -> list[Role]:
    """The roles of a person, in the order of `ROLES`."""
    found = db.rows(
        "SELECT role, scope_kind, scope FROM role WHERE person = :person"
        " ORDER BY role, scope_kind, scope",
        person=person,
    )
    return sorted((Role(**row) for row in found), key=lambda r: (ROLES.index(r.role), r))


def posts(db: Db, person: str) -> list[Post]:
    """Where a person ordinarily works."""
    found = db.rows(
        "SELECT station, job, run_required FROM post WHERE person = :person ORDER BY station, job",
        person=person,
    )
    return [Post(**row) for row in found]


def may(
    db: Db,
    person: str,
    role: str | Collection[str],
    crew: str | None = None,
    area: str | None = None,
) -> bool:
    """Whether one of the roles of a person (id) covers a crew, or an area, or (neither) anything.

    A crew is covered by 'all', by its own scope and by its area's. An area by 'all' and by its
    own scope: leading one crew in an area is not leading the area.
    """
    wanted = {role} if isinstance(role, str) else set(role)
    held = [one for one in roles(db, person) if one.role in wanted]
    if crew is not None:
        crew_area = db.value("SELECT area FROM crew WHERE code = :code", code=crew)
        return any(_covers_crew(one, crew, crew_area) for one in held)
    if area is not None:
        return any(_covers_area(one, area) for one in held)
    return bool(held)


def crews_covered(db: Db, person: str, role: str | Collection[str]) -> list[Row]:
    """The active crews that one of the roles of a person covers, by code."""
    wanted = {role} if isinstance(role, str) else set(role)
    held = [one for one in roles(db, person) if one.role in wanted]
    return [
        crew
        for crew in db.rows("SELECT * FROM crew WHERE active = 1 ORDER BY code")
        if any(_covers_crew(one, crew["code"], crew["area"]) for one in held)
    ]


def crews_led(db: Db, person: str) -> list[Row]:
    """The active crews a person leads, by code."""
    return crews_covered(db, person, "leader")


def save_person(db: Db, person: Person, now_ms: int) -> None:
    """Insert or replace a person with roles and posts, leaving PIN and password as they are.

    :raises Problem: as `save_people`.
    """
    save_people(db, [person], now_ms)


def save_people(
    db: Db, people: Iterable[Person], now_ms: int, done: Callable[[int], None] = lambda n: None
) -> None:
    """Insert or replace people with their roles and posts; `done(n)` after every few hundred.

    :raises Problem: 409 `no_taken`; 422 `unknown_crew`, `unknown_post`, `unknown_scope`.
    """
    saved, codes = list(people), _codes(db)
    only = saved[0].no if len(saved) == 1 else ""
    taken = {row["no"]: row["id"] for row in db.rows(_TAKEN, no=only)}
    numbers = {id: no for no, id in taken.items()}
    for start in range(0, len(saved), CHUNK):
        chunk = saved[start : start + CHUNK]
        for one in chunk:
            _check(one, codes)
            _take_number(one, taken, numbers)
        _put(db, chunk, now_ms)
        done(start + len(chunk))
    counters.touch(db)


def _covers_crew(role: Role, crew: str, crew_area: str | None) -> bool:
    if role.scope_kind == "all":
        return True
    return role.scope == (crew if role.scope_kind == "crew" else crew_area)


def _covers_area(role: Role, area: str) -> bool:
    return role.scope_kind == "all" or (role.scope_kind == "area" and role.scope == area)


def _codes(db: Db) -> dict[str, set[str]]:
    return {
        table: {row["code"] for row in db.rows(f"SELECT code FROM {table} ORDER BY code")}
        for table in ("crew", "area", "station", "job")
    }


def _check(one: Person, codes: dict[str, set[str]]) -> None:
    if one.crew is not None and one.crew not in codes["crew"]:
        raise Problem(422, "unknown_crew", "没有这个班组：%(code)s。", params={"code": one.crew})
    for post in one.posts:
        if post.station not in codes["station"] or post.job not in codes["job"]:
            text = "没有这个工位或岗位：%(station)s %(job)s。"
            raise Problem(422, "unknown_post", text, params=post._asdict())
    for role in one.roles:
        if role.scope_kind != "all" and role.scope not in codes[role.scope_kind]:
            named = {"code": role.scope}
            raise Problem(422, "unknown_scope", "角色的范围没有：%(code)s。", params=named)


def _take_number(one: Person, taken: dict[str, str], numbers: dict[str, str]) -> None:
    """Give a person their number and free the one they had, in the order of saving."""
    if one.active and taken.get(one.no, one.id) != one.id:
        raise Problem(409, "no_taken", "工号 %(no)s 已经有人在用。", params={"no": one.no})
    taken.pop(numbers.pop(one.id, ""), None)
    if one.active:
        taken[one.no], numbers[one.id] = one.id, one.no


def _put(db: Db, people: list[Person], now_ms: int) -> None:
    db.run_many(
        "INSERT INTO person (id, no, name, name_en, title, title_en, crew, employer, phone, lang,"
        " active, made_ms) VALUES (:id, :no, :name, :name_en, :title, :title_en, :crew,"
        " :employer, :phone, :lang, :active, :now)"
        " ON CONFLICT (id) DO UPDATE SET no = excluded.no, name = excluded.name,"
        " name_en = excluded.name_en, title = excluded.title, title_en = excluded.title_en,"
        " crew = excluded.crew, employer = excluded.employer, phone = excluded.phone,"
        " lang = excluded.lang, active = excluded.active",
        [{**vars(one), "now": now_ms} for one in people],
    )
    ids = [{"id": one.id} for one in people]
    db.run_many("DELETE FROM role WHERE person = :id", ids)
    db.run_many(
        "INSERT INTO role (person, role, scope_kind, scope)"
        " VALUES (:id, :role, :scope_kind, :scope)",
        [{"id": one.id, **role._asdict()} for one in people for role in dict.fromkeys(one.roles)],
    )
    db.run_many("DELETE FROM post WHERE person = :id", ids)
    db.run_many(
        "INSERT INTO post (person, station, job, run_required)"
        " VALUES (:id, :station, :job, :run_required)"
        " ON CONFLICT (person, station, job) DO UPDATE SET run_required = excluded.run_required",
        [{"id": one.id, **post._asdict()} for one in people for post in one.posts],
    )
