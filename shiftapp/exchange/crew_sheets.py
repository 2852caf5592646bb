"""The paper sheet of a crew for one shift: plain values for `qr`, which draws it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from urllib.parse import quote
from zoneinfo import ZoneInfo

from qr.crew_sheet import CrewSheet, Line, crew_sheet_pdf
from qr.words import Lang
from shiftapp.exchange import wording
from shiftapp.model.rounds import Seat
from shiftapp.model.settings import Settings
from shiftapp.store import Row


def print_sheet(
    instance: Row,
    called: Sequence[Seat],
    text: Row | None,
    facts: Settings,
    zone: str,
    now_ms: int,
    *,
    lang: Lang = "zh",
) -> bytes:
    """The sheet of everybody on the live roster; `text` the commitment version, if there is one."""
    hours = "–".join(_clock(instance[name], zone) for name in ("starts_ms", "ends_ms"))
    where = "/".join(quote(instance[name], safe="") for name in ("crew", "date", "code"))
    sheet = CrewSheet(
        url=f"{facts.url}/board/{where}/paper",
        company=wording.company(facts, lang),
        crew=wording.name(instance, "crew_name", lang),
        date=datetime.date.fromisoformat(instance["date"]),
        shift=f"{wording.name(instance, 'name', lang)} {hours}",
        oath=wording.name(text["doc"], "oath", lang) if text else "",
        lines=[_line(seat, lang) for seat in called],
        made=wording.day(zone, now_ms),
        lang=lang,
    )
    return crew_sheet_pdf(sheet)


def _line(seat: Seat, lang: Lang) -> Line:
    stations = dict.fromkeys(wording.name(row, "station_name", lang) for row in seat.rows)
    return Line(
        name=wording.name(seat.row, "person_name", lang),
        number=seat.row["no"],
        station=("、" if lang == "zh" else ", ").join(stations),
        run=any(row["run_required"] for row in seat.rows),
    )


def _clock(ms: int, zone: str) -> str:
    return datetime.datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).strftime("%H:%M")
