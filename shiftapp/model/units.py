"""The levels of the ladder of sign-offs and the units that sign on them, above the crews.

Level 1 is the crews; the last one is the plant, whose unit has nobody above it. A crew answers to
a unit, a unit to one of a higher level; a level may be skipped. Who is not placed finds a place
in placing.py.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shiftapp.model import counters
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

LEAST_LEVELS, MOST_LEVELS = 2, 5
MAX_NAME = 40


@dataclass(frozen=True)
class Unit:
    """What signs above the crews; `parent` None: the top of a site, `area` '' of none."""

    code: str
    level: int
    site: str
    name: str
    name_en: str = ""
    parent: str | None = None
    area: str | None = None


_UNIT = (
    "SELECT unit.*, level.name AS level_name, level.name_en AS level_name_en,"
    " site.name AS site_name, site.name_en AS site_name_en, above.name AS parent_name,"
    " above.name_en AS parent_name_en FROM unit JOIN level ON level.no = unit.level"
    " JOIN site ON site.code = unit.site LEFT JOIN unit AS above ON above.code = unit.parent"
)


def levels(db: Db) -> list[Row]:
    """The levels from the crews up: `no`, `name`, `name_en`."""
    return db.rows("SELECT * FROM level ORDER BY no")


def units(db: Db) -> list[Row]:
    """All units with the names of level, site and parent, the highest first."""
    return db.rows(f"{_UNIT} ORDER BY unit.level DESC, unit.site, unit.code")


def unit(db: Db, code: str) -> Row | None:
    """A unit by its code, shaped as `units`."""
    return db.row(f"{_UNIT} WHERE unit.code = :code", code=code)


def signers(db: Db, unit: Row) -> list[Row]:
    """The active people who sign a unit: those named for it, else by role.

    By role: the signatories sign the top, who manages an area signs its unit, and what is neither
    is signed by managers of everything; so is a unit whose area has no manager.
    """
    named = db.rows(
        "SELECT person.* FROM unit_signer JOIN person ON person.id = unit_signer.person"
        " WHERE unit_signer.unit = :u AND person.active = 1 ORDER BY person.no, person.id",
        u=unit["code"],
    )
    if named:
        return named
    if unit["parent"] is None:
        return _with_role(db, "signatory", "all", "")
    own = _with_role(db, "manager", "area", unit["area"]) if unit["area"] else []
    return own or _with_role(db, "manager", "all", "")


def may_sign(db: Db, unit: Row, person: str) -> bool:
    """Whether somebody signs a unit."""
    return any(one["id"] == person for one in signers(db, unit))


def crews_below(db: Db) -> dict[str, set[str]]:
    """The codes of the active crews under each unit, by its code."""
    parents = {row["code"]: row["parent"] for row in units(db)}
    found: dict[str, set[str]] = {code: set() for code in parents}
    for crew in db.rows("SELECT code, unit FROM crew WHERE active = 1 ORDER BY code"):
        for above in _line(parents, crew["unit"]):
            found[above].add(crew["code"])
    return found


def in_use(db: Db, also: Collection[str] = ()) -> set[str]:
    """The codes of the units that have an active crew below; only they are part of a ladder.

    `also` those of a day: a crew that has been given up had its shift all the same.
    """
    parents = {row["code"]: row["parent"] for row in units(db)}
    found = db.rows("SELECT DISTINCT unit FROM crew WHERE active = 1 ORDER BY unit")
    codes = {row["unit"] for row in found if row["unit"]} | set(also)
    return {one for code in codes for one in _line(parents, code)}


def lines(db: Db) -> dict[str, list[Row]]:
    """Each unit and those above it, from it up, by its code."""
    rows = {row["code"]: row for row in units(db)}
    parents = {code: row["parent"] for code, row in rows.items()}
    return {code: [rows[one] for one in _line(parents, code)] for code in rows}


def set_levels(db: Db, names: Sequence[tuple[str, str]]) -> None:
    """Name the levels from the crews up (Chinese, English); the tops move to the last one.

    :raises Problem: 422 `level_count`, `level_name`; 409 `level_in_use`.
    """
    last = len(names)
    if not LEAST_LEVELS <= last <= MOST_LEVELS:
        raise Problem(422, "level_count", "要有 2 到 5 级。")
    if any(not name or len(name) > MAX_NAME for name, _ in names):
        raise Problem(422, "level_name", "每一级要有名称，最多 40 个字。")
    busy = in_use(db)
    for row in units(db):
        if row["parent"] is not None and row["level"] >= last and row["code"] in busy:
            raise Problem(
                409,
                "level_in_use",
                "%(name)s 还在要去掉的那一级上，先改它的级别，或者把班组移走。",
                params={"name": row["name"]},
            )
    for no, (name, name_en) in enumerate(names, 1):
        db.run(
            "INSERT INTO level (no, name, name_en) VALUES (:no, :name, :name_en)"
            " ON CONFLICT (no) DO UPDATE SET name = excluded.name, name_en = excluded.name_en",
            no=no,
            name=name,
            name_en=name_en,
        )
    db.run("UPDATE unit SET level = :n WHERE parent IS NULL", n=last)
    db.run("UPDATE unit SET level = 2 WHERE parent IS NOT NULL AND level >= :n", n=last)
    db.run("DELETE FROM level WHERE no > :n", n=last)
    counters.touch(db)


def save_unit(db: Db, unit: Unit) -> None:
    """Insert or replace a unit.

    :raises Problem: 422 `unknown_level`, `unknown_site`, `unit_above`.
    """
    if db.value("SELECT 1 FROM site WHERE code = :c", c=unit.site) is None:
        raise Problem(422, "unknown_site", "没有这个厂区：%(code)s。", params={"code": unit.site})
    last = len(levels(db))
    if not 2 <= unit.level <= last:
        raise Problem(422, "unknown_level", "没有这一级。")
    if unit.parent is None:
        _check_top(db, unit, last)
    else:
        _check_parent(db, unit)
    db.run(
        "INSERT INTO unit (code, level, site, parent, area, name, name_en)"
        " VALUES (:code, :level, :site, :parent, :area, :name, :name_en)"
        " ON CONFLICT (code) DO UPDATE SET level = excluded.level, site = excluded.site,"
        " parent = excluded.parent, area = excluded.area, name = excluded.name,"
        " name_en = excluded.name_en",
        **vars(unit),
    )
    counters.touch(db)


def set_signers(db: Db, unit: str, people: Sequence[str]) -> None:
    """Name who signs a unit (person ids); nobody named: by role."""
    db.run("DELETE FROM unit_signer WHERE unit = :u", u=unit)
    for person in dict.fromkeys(people):
        db.run("INSERT INTO unit_signer (unit, person) VALUES (:u, :p)", u=unit, p=person)


def set_crews(db: Db, unit: str, crews: Sequence[str]) -> None:
    """The active crews that answer to a unit; who no longer does waits for another place.

    :raises Problem: 422 `other_site`.
    """
    there = db.value("SELECT site FROM unit WHERE code = :u", u=unit)
    before = db.rows("SELECT code FROM crew WHERE unit = :u AND active = 1 ORDER BY code", u=unit)
    for gone in {row["code"] for row in before} - set(crews):
        db.run("UPDATE crew SET unit = NULL WHERE code = :c", c=gone)
    for crew in crews:
        moved = db.run(
            "UPDATE crew SET unit = :u WHERE code = :c AND site = :s", u=unit, c=crew, s=there
        )
        if not moved:
            raise Problem(422, "other_site", "班组 %(code)s 不在这个厂区。", params={"code": crew})
    counters.touch(db)


def named_signers(db: Db, unit: str) -> list[str]:
    """The ids of who is named for a unit, also of those who have left."""
    found = db.rows("SELECT person FROM unit_signer WHERE unit = :u ORDER BY person", u=unit)
    return [row["person"] for row in found]


def _line(parents: dict[str, str | None], code: str | None) -> list[str]:
    """A unit and those above it; levels rise along it, so it ends. None: of nobody."""
    found: list[str] = []
    here = code
    while here is not None and here in parents:
        found.append(here)
        here = parents[here]
    return found


def _check_top(db: Db, unit: Unit, last: int) -> None:
    other = db.value(
        "SELECT code FROM unit WHERE parent IS NULL AND site = :s AND code <> :c ORDER BY code",
        s=unit.site,
        c=unit.code,
    )
    if unit.level != last or other is not None:
        raise Problem(422, "unit_above", "只有最高一级可以没有上级，每个厂区一个。选它的上级。")


def _check_parent(db: Db, unit: Unit) -> None:
    above = db.row("SELECT level, site FROM unit WHERE code = :c", c=unit.parent)
    if above is None or above["level"] <= unit.level or above["site"] != unit.site:
        raise Problem(422, "unit_above", "上级要在同一厂区、级别更高。")
    below = db.value(
        "SELECT code FROM unit WHERE parent = :c AND level >= :l ORDER BY code LIMIT 1",
        c=unit.code,
        l=unit.level,
    )
    if below is not None:
        raise Problem(422, "unit_above", "它的下级要比它低一级以上，先改下级。")


def _with_role(db: Db, role: str, kind: str, scope: str) -> list[Row]:
    return db.rows(
        "SELECT person.* FROM role JOIN person ON person.id = role.person"
        " WHERE role.role = :r AND role.scope_kind = :k AND role.scope = :s AND person.active = 1"
        " ORDER BY person.no, person.id",
        r=role,
        k=kind,
        s=scope,
    )
