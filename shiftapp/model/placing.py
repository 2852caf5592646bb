"""Where a crew stands in the ladder if nobody said: under the workshop of its area, or its site.

A workshop that is missing is made from the area, the plant from the site, with their names.
"""

from __future__ import annotations

from shiftapp.model import counters, units
from shiftapp.model.units import Unit
from shiftapp.store import Db, Row


def place(db: Db) -> int:
    """Put every active crew that answers to nobody where most plants have it; gives how many."""
    found = db.rows(
        "SELECT crew.code, crew.site, crew.area FROM crew WHERE crew.unit IS NULL"
        " AND crew.active = 1 ORDER BY crew.code"
    )
    for crew in found:
        db.run("UPDATE crew SET unit = :u WHERE code = :c", u=_default(db, crew), c=crew["code"])
    if found:
        counters.touch(db)
    return len(found)


def _default(db: Db, crew: Row) -> str:
    """The code of the unit of a crew's area, else of its site; made where there is none."""
    top = _top(db, crew["site"])
    if crew["area"] is None or len(units.levels(db)) == units.LEAST_LEVELS:
        return top
    have = db.value("SELECT code FROM unit WHERE area = :a ORDER BY code LIMIT 1", a=crew["area"])
    if have is not None:
        return str(have)
    area = db.row("SELECT * FROM area WHERE code = :a", a=crew["area"])
    assert area is not None  # a foreign key
    code = _free(db, area["code"])
    units.save_unit(
        db, Unit(code, 2, crew["site"], area["name"], area["name_en"], top, area["code"])
    )
    return code


def _top(db: Db, site: str) -> str:
    have = db.value(
        "SELECT code FROM unit WHERE parent IS NULL AND site = :s ORDER BY code LIMIT 1", s=site
    )
    if have is not None:
        return str(have)
    row = db.row("SELECT * FROM site WHERE code = :s", s=site)
    assert row is not None  # a foreign key
    code = _free(db, site)
    units.save_unit(db, Unit(code, len(units.levels(db)), site, row["name"], row["name_en"]))
    return code


def _free(db: Db, code: str) -> str:
    """A code nobody has, as near to this one as possible."""
    taken, number = {row["code"] for row in db.rows("SELECT code FROM unit ORDER BY code")}, 1
    wanted = code
    while wanted in taken:
        number += 1
        wanted = f"{code[: 16 - len(str(number)) - 1]}-{number}"
    return wanted
