"""At which site a shared device is used: that of who had it enrolled, then of who signed in last.

It holds whose shifts it must know when nobody is signed in. A personal one goes by its owner.
"""

from __future__ import annotations

from shiftapp.model import places
from shiftapp.store import Db, Row


def site_of(db: Db, who: str | None, remembered: str | None = None) -> Row | None:
    """The site of a person's crew, else the one remembered (code), else the first.

    None in an empty install.
    """
    found = db.row(
        "SELECT site.* FROM site JOIN crew ON crew.site = site.code"
        " JOIN person ON person.crew = crew.code WHERE person.id = :id",
        id=who or "",
    )
    found = found or db.row("SELECT * FROM site WHERE code = :code", code=remembered or "")
    return found or next(iter(places.sites(db)), None)


def enrolled(db: Db, device: str, by: str) -> None:
    """A device was enrolled by a code that somebody made (person id, or any other word)."""
    site = site_of(db, by)
    _remember(db, device, site["code"] if site else None)


def signed_in(db: Db, device: str, person: str) -> None:
    """Somebody signed in on a device; who has no crew leaves it where it was."""
    site = db.value(
        "SELECT crew.site FROM crew JOIN person ON person.crew = crew.code WHERE person.id = :id",
        id=person,
    )
    if site is not None:
        _remember(db, device, str(site))


def _remember(db: Db, device: str, site: str | None) -> None:
    db.run(
        "UPDATE device SET site = :site WHERE id = :id AND kind = 'shared'", site=site, id=device
    )
