"""Hazards for reading: who may see which, and the list. What changes them is in findings.py.

The to-dos of a leader are findings too and never in here: "not today" is nobody's reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shiftapp.model import people
from shiftapp.model.people import Role
from shiftapp.store import Db, Row

DESK = ("leader", "manager", "signatory", "inspector", "admin")
STATES = ("found", "assigned", "fixed", "accepted")
PAGE = 200

_HAZARD = (
    "SELECT finding.*, reporter.name AS reporter_name, reporter.name_en AS reporter_name_en,"
    " record.erased_ms,"
    " assignee.name AS assignee_name, assignee.name_en AS assignee_name_en,"
    " answerer.name AS answerer_name, answerer.name_en AS answerer_name_en,"
    " accepter.name AS accepter_name, accepter.name_en AS accepter_name_en,"
    " station.name AS station_name, station.name_en AS station_name_en, station.risk,"
    " job.name AS job_name, job.name_en AS job_name_en,"
    " crew.name AS crew_name, crew.name_en AS crew_name_en, crew.area AS crew_area,"
    " COALESCE(station.area, crew.area) AS area, area.name AS area_name,"
    " area.name_en AS area_name_en, instance.date, instance.code, instance.crew AS instance_crew"
    " FROM finding LEFT JOIN person AS reporter ON reporter.id = finding.reporter"
    " LEFT JOIN record ON record.id = finding.record_id"
    " LEFT JOIN person AS assignee ON assignee.id = finding.assignee"
    " LEFT JOIN person AS answerer ON answerer.id = finding.answered_by"
    " LEFT JOIN person AS accepter ON accepter.id = finding.accepted_by"
    " LEFT JOIN station ON station.code = finding.station"
    " LEFT JOIN job ON job.code = finding.job LEFT JOIN crew ON crew.code = finding.crew"
    " LEFT JOIN area ON area.code = COALESCE(station.area, crew.area)"
    " LEFT JOIN instance ON instance.id = finding.instance"
    " WHERE finding.kind = 'hazard'"
)


@dataclass(frozen=True)
class Sight:
    """Which hazards somebody may see: by crews and areas, or only those that are their own."""

    person: str
    everything: bool
    crews: tuple[str, ...]
    areas: tuple[str, ...]

    def covers(self, hazard: Row) -> bool:
        """Whether the scopes cover it, whoever reported it."""
        return self.everything or hazard["crew"] in self.crews or _area_of(hazard) in self.areas

    def sees(self, hazard: Row) -> bool:
        """Whether it may be opened."""
        own = self.person in (hazard["reporter"], hazard["assignee"])
        return own or self.covers(hazard)


def sight(db: Db, person: str, roles: Sequence[str] = DESK) -> Sight:
    """What somebody may see by the roles named (leader, manager, … by default)."""
    held: list[Role] = [one for one in people.roles(db, person) if one.role in roles]
    return Sight(
        person=person,
        everything=any(one.scope_kind == "all" for one in held),
        crews=tuple(one["code"] for one in people.crews_covered(db, person, roles)),
        areas=tuple(one.scope for one in held if one.scope_kind == "area"),
    )


def hazard(db: Db, id: int) -> Row | None:
    """One hazard with all names beside it; None for a to-do as for nothing."""
    return db.row(f"{_HAZARD} AND finding.id = :id", id=id)


def of_record(db: Db, record_id: str) -> list[Row]:
    """The hazards that a record opened, shaped as `hazard`."""
    return db.rows(f"{_HAZARD} AND finding.record_id = :id ORDER BY finding.id", id=record_id)


def listing(
    db: Db, seen: Sight, *, state: str = "open", crew: str = "", area: str = ""
) -> list[Row]:
    """The hazards somebody may see, open ones first, then newest; at most `PAGE`.

    `state` is one of `STATES`, 'open' (not accepted yet) or 'all'; '' for crew or area is any.
    """
    scopes, values = _scopes(seen)
    return db.rows(
        f"{_HAZARD} AND ({scopes}) AND (:crew = '' OR finding.crew = :crew)"
        " AND (:area = '' OR COALESCE(station.area, crew.area) = :area)"
        " AND (:state = 'all' OR finding.state = :state"
        "  OR (:state = 'open' AND finding.state <> 'accepted'))"
        " ORDER BY CASE finding.state WHEN 'accepted' THEN 1 ELSE 0 END,"
        " finding.veto DESC, finding.found_ms DESC, finding.id DESC LIMIT :limit",
        state=state,
        crew=crew,
        area=area,
        limit=PAGE,
        **values,
    )


def history(db: Db, id: int) -> list[Row]:
    """What was done to a hazard at a desk, oldest first, with who did it."""
    return db.rows(
        "SELECT audit.at_ms, audit.what, audit.detail, person.name, person.name_en"
        " FROM audit LEFT JOIN person ON person.id = audit.person"
        " WHERE audit.about = :about AND audit.what IN ('hazard.assigned', 'hazard.fixed',"
        " 'hazard.accepted', 'hazard.reopened', 'hazard.level') ORDER BY audit.seq",
        about=f"finding:{id}",
    )


def _area_of(hazard: Row) -> str | None:
    area: str | None = hazard.get("area")
    return area


def _scopes(seen: Sight) -> tuple[str, dict[str, object]]:
    """The condition of what may be seen, with numbered parameters."""
    if seen.everything:
        return "1 = 1", {}
    values: dict[str, object] = {"me": seen.person}
    parts = ["finding.reporter = :me", "finding.assignee = :me"]
    for column, codes, name in (
        ("finding.crew", seen.crews, "c"),
        ("COALESCE(station.area, crew.area)", seen.areas, "a"),
    ):
        for number, code in enumerate(codes):
            values[f"{name}{number}"] = code
            parts.append(f"{column} = :{name}{number}")
    return " OR ".join(parts), values
