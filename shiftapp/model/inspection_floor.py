"""Self-check of the floor: stations with everybody's commitment, crews signed, times plausible.

Only shifts that are closed are looked at: before that whoever is missing may still come.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from shiftapp.model import days, signals
from shiftapp.model.inspection_items import Failing, Item, Span, item
from shiftapp.model.settings import Settings
from shiftapp.store import Db, Row

_SHIFT = (
    "instance.id, instance.date, instance.code, instance.name, instance.name_en,"
    " instance.crew, instance.opens_ms, instance.starts_ms, crew.name AS crew_name,"
    " crew.name_en AS crew_name_en"
)
_CLOSED = (
    "instance.date >= :first AND instance.date <= :last AND instance.closed_ms <= :now"
    " AND instance.opens_ms >= :since"
)


def stations(db: Db, span: Span) -> Item:
    """Whether everybody expected at a station in scope made the commitment of their shift."""
    rows = db.rows(
        f"SELECT {_SHIFT}, station.code AS station, station.name AS station_name,"
        " station.name_en AS station_name_en, COUNT(DISTINCT slot.person) AS n,"
        " COUNT(DISTINCT CASE WHEN record.id IS NOT NULL OR gone.id IS NOT NULL"
        "  THEN slot.person END) AS done"
        " FROM instance JOIN crew ON crew.code = instance.crew"
        " JOIN roster ON roster.instance = instance.id AND roster.ended_ms IS NULL"
        " JOIN station ON station.code = roster.station AND station.scoped = 1"
        # Who was erased has no slot any more and is not asked about.
        " LEFT JOIN slot ON slot.s = instance.s AND slot.person = roster.person"
        "  AND slot.ended_ms IS NULL"
        " LEFT JOIN record ON record.instance = instance.id AND record.person = roster.person"
        "  AND record.kind = 'commit' AND record.result = 'committed' AND record.counts = 1"
        " LEFT JOIN record AS gone ON gone.instance = instance.id AND gone.person IS NULL"
        "  AND gone.kind = 'commit' AND gone.result = 'committed' AND gone.counts = 1"
        "  AND gone.slot_u = slot.u"
        f" WHERE {_CLOSED}"
        " GROUP BY instance.id, instance.date, instance.code, instance.name, instance.name_en,"
        "  instance.crew, instance.opens_ms, instance.starts_ms, crew.name, crew.name_en,"
        "  station.code, station.name, station.name_en"
        " ORDER BY instance.starts_ms, instance.id, station.code",
        **_asked(span),
    )
    short = [row for row in rows if row["done"] < row["n"]]
    failing = [
        Failing(row["date"], "station_short", {**row, "left": row["n"] - row["done"]}, _shift(row))
        for row in short
    ]
    return item("stations", len(rows), failing)


def crews(db: Db, span: Span) -> Item:
    """Whether every crew with somebody on its roster signed its shift."""
    rows = db.rows(
        f"SELECT {_SHIFT}, (SELECT COUNT(*) FROM signoff WHERE signoff.instance = instance.id)"
        " AS signed FROM instance JOIN crew ON crew.code = instance.crew"
        f" WHERE {_CLOSED} AND EXISTS (SELECT 1 FROM roster"
        "  WHERE roster.instance = instance.id AND roster.ended_ms IS NULL)"
        " ORDER BY instance.starts_ms, instance.id",
        **_asked(span),
    )
    bare = [row for row in rows if not row["signed"]]
    failing = [Failing(row["date"], "crew_unsigned", row, _shift(row)) for row in bare]
    return item("crews", len(rows), failing)


def early_signatures(db: Db, settings: Settings, span: Span) -> Item:
    """Whether nobody signed before what they signed for had opened: crews and units."""
    signed = db.rows(
        f"SELECT {_SHIFT}, crew.unit, site.zone, signoff.id AS signoff, signoff.at_ms"
        " FROM instance JOIN crew ON crew.code = instance.crew"
        " JOIN site ON site.code = crew.site"
        " LEFT JOIN signoff ON signoff.instance = instance.id"
        " WHERE instance.date >= :first AND instance.date <= :last AND instance.opens_ms >= :since"
        " AND instance.opens_ms <= :now ORDER BY instance.starts_ms, instance.id, signoff.at_ms,"
        " signoff.id",
        **_asked(span),
    )
    by_crews = [row for row in signed if row["signoff"] is not None]
    failing = [
        Failing(row["date"], "crew_early", row, _shift(row))
        for row in by_crews
        if row["at_ms"] < row["opens_ms"]
    ]
    by_units = db.rows(
        "SELECT unit_signoff.id, unit_signoff.unit, unit_signoff.date, unit_signoff.at_ms,"
        " unit.name, unit.name_en FROM unit_signoff JOIN unit ON unit.code = unit_signoff.unit"
        " WHERE unit_signoff.date >= :first AND unit_signoff.date <= :last"
        " ORDER BY unit_signoff.date, unit_signoff.id",
        first=span.first,
        last=span.last,
    )
    opens = _last_opens(db, settings, signed)
    for row in by_units:
        last_ms = opens.get((row["unit"], row["date"]), 0)
        if row["at_ms"] < last_ms:
            about = ("ladder", f"{row['date']}/{row['unit']}")
            failing.append(Failing(row["date"], "unit_early", {**row, "opens_ms": last_ms}, about))
    return item("early_signatures", len(by_crews) + len(by_units), failing)


def pace(db: Db, span: Span) -> Item:
    """Whether records were sealed at a human pace, by the published rules of signals.

    Counts of a day only: not whose, not which crew's. What the person has not had a day to see
    is not told, nor what their leader looked at and found fine.
    """
    total = db.value(
        "SELECT COUNT(*) FROM record JOIN instance ON instance.id = record.instance"
        " WHERE record.kind <> 'hazard' AND instance.date >= :first AND instance.date <= :last",
        first=span.first,
        last=span.last,
    )
    rows = db.rows(
        "SELECT instance.date, signal.kind, signal.record FROM signal"
        " JOIN instance ON instance.id = signal.instance"
        " WHERE instance.date >= :first AND instance.date <= :last AND signal.at_ms <= :now"
        " AND (signal.shown_ms <= :now OR signal.at_ms <= :told)"
        " AND (signal.looked_how IS NULL OR signal.looked_how <> 'fine')"
        " ORDER BY instance.date, signal.kind, signal.id",
        first=span.first,
        last=span.last,
        now=span.now_ms,
        told=span.now_ms - signals.FIRST_MS,
    )
    told = Counter((row["date"], row["kind"]) for row in rows)
    failing = [Failing(day, f"pace_{kind}", {"n": n}) for (day, kind), n in told.items()]
    return item("pace", int(total), failing, failed=len({row["record"] for row in rows}))


def _asked(span: Span) -> dict[str, object]:
    return {
        "first": span.first,
        "last": span.last,
        "now": span.now_ms,
        "since": span.from_ms - signals.DAY_MS,  # a window opens the evening before at the earliest
    }


def _shift(row: Row) -> tuple[str, str]:
    return "shift", f"{row['crew']}/{row['date']}/{row['code']}"


def _last_opens(db: Db, settings: Settings, signed: list[Row]) -> dict[tuple[str, str], int]:
    """When the last shift below a unit opened, by unit and day of the announcement."""
    parents = {
        row["code"]: row["parent"] for row in db.rows("SELECT code, parent FROM unit ORDER BY code")
    }
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    for row in signed:
        day, unit = days.day_of(row, settings.cutoff), row["unit"]
        while unit is not None:
            found[unit, day] = max(found[unit, day], row["opens_ms"])
            unit = parents.get(unit)
    return found
