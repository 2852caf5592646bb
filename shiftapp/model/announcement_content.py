"""Figures put into a document: counts, sentences and plain names of places, no person's.

Pure. The shape is the same for a day and a period: a day lists its shifts, a period its reporting
groups. Who signs it, and what a further version changes, is added when it is (publishing.py).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from shiftapp.ledger import encoding
from shiftapp.model import announcement_words, day_risk, promise
from shiftapp.model.counts import Part
from shiftapp.model.disclosure import Group, Grouped, Published
from shiftapp.model.figures import Figures
from shiftapp.model.promise import Facts, Standing, Store
from shiftapp.model.settings import Settings

Doc = dict[str, Any]  # JSON: strings, integers, booleans, null, arrays and objects

_NAMES = ("site_name", "site_name_en", "group_name", "group_name_en")


def content(settings: Settings, found: Figures) -> Doc:
    """The document that follows from the figures, without signatory, number and time."""
    published, when, named = found.published, found.times, _named(found)
    total, rest = published.total, published.rest
    doc = {
        "v": 1,
        "kind": found.kind,
        "date": found.date,
        "first": found.period.first.isoformat(),
        "last": found.period.last.isoformat(),
        "zone": when.zone,
        "cutoff": settings.cutoff,
        "from_ms": when.from_ms,
        "to_ms": when.to_ms,
        "due_ms": when.due_ms,
        "valid_until_ms": when.valid_until_ms,
        "enterprise": {"name": settings.name, "name_en": settings.name_en},
        "demo": settings.demo,
        "text": promise.text(_facts(found, bool(named))),
        "named": named,
        **_counted(published),
        "small": {
            "shifts": len(published.small),
            "counted": published.counted,
            "count": asdict(rest) if rest else None,
        },
        "total": asdict(total) if total else None,
        "roster": {"added": found.roster.added, "ended": found.roster.ended},
        "plant": found.plant.figures() if found.plant else None,
        "works": found.works.figures() if found.works else None,
        "hazards": _hazards(found),
        "crews": {"signed": found.signed[0], "of": found.signed[1]},
        "levels": [level.figures() for level in found.levels],
    }
    return {**doc, "risk": day_risk.grade(doc)}


def _named(found: Figures) -> list[dict[str, object]]:
    """Everything open, worst first."""
    period = found.kind != "daily"
    return [
        announcement_words.sentence(code, found.points[code], period=period)
        for code in announcement_words.CODES
        if found.points.get(code)
    ]


def _facts(found: Figures, named: bool) -> Facts:
    people: promise.People = "all"
    if found.published.left_out:
        people = "listed" if found.published.shown else "none"
    return Facts(
        period=found.kind != "daily",
        shifts=bool(found.published.shown or found.published.small),
        people=people,
        named=named,
        researched=not (found.points["unsigned"] or found.points["level_unsigned"]),
        standing=_standing(found),
        running=bool(found.plant and any(u.counts_as == "running" for u in found.plant.units)),
        stores=_stores(found),
    )


def _standing(found: Figures) -> Standing:
    if found.plant is None or not found.plant.stopped:
        return ""
    states = {unit.counts_as for unit in found.plant.units}
    if states == {"stopped"}:
        return "stopped"
    return "maintenance" if states == {"maintenance"} else "both"


def _stores(found: Figures) -> tuple[Store, ...]:
    """What stores there are, and whether anything is a major hazard."""
    if found.plant is None:
        return ()
    kinds = {one.row["kind"] for one in found.plant.stores}
    stores: list[Store] = []
    stores += ["tank_farm"] if "tank_farm" in kinds else []
    stores += ["warehouse"] if "warehouse" in kinds else []
    stores += ["major"] if found.plant.major else []
    return tuple(stores)


def _counted(published: Published | Grouped) -> Doc:
    if isinstance(published, Grouped):
        return {"shifts": [], "groups": [_group(one) for one in published.shown]}
    return {"shifts": [_shift(part) for part in published.shown], "groups": []}


def _shift(part: Part) -> Doc:
    about = part.about
    return {
        **{name: about[name] for name in _NAMES},
        "shift": about["name"],
        "shift_en": about["name_en"],
        "date": about["date"],
        "starts_ms": about["starts_ms"],
        "ends_ms": about["ends_ms"],
        "s": encoding.b64u(bytes(about["s"])) if part.in_log else None,
        **asdict(part.count),
    }


def _group(group: Group) -> Doc:
    names = {name: group.about[name] for name in _NAMES}
    return {**names, "shifts": len(group.shares), **asdict(group.count)}


def _hazards(found: Figures) -> Doc:
    hazards = found.hazards
    open_now = {
        "general": len(hazards.general()),
        "major": len(hazards.major()),
        "veto_unanswered": len(hazards.veto_unanswered()),
        "unanswered": len(hazards.unanswered()),
    }
    if found.kind == "daily":
        return open_now
    return {**open_now, "found": hazards.found, "accepted": hazards.accepted}
