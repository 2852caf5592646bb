"""Posters and labels of stations: plain values for `qr`, which draws them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence

import qr.cards
import qr.code
from qr.cards import StationLabel
from qr.glyphs import MissingGlyphs
from qr.notice import Row as NoticeRow
from qr.poster import MOST_SIGNS, Poster, Sign, cut_texts
from qr.words import EQUIPMENT, ROW_LABELS, Lang
from shiftapp import library
from shiftapp.exchange import wording
from shiftapp.model import everybody, places, versions
from shiftapp.model.settings import Settings
from shiftapp.store import Db, Row

Progress = Callable[[int, int], None]

# Protection of the commitment text (id) that has another picture, or none of its own.
PICTURES = {
    "faceshield": "face_shield",
    "earplugs": "ears",
    "scba": "mask",
    "dustmask": "mask",
    "chemsuit": "suit",
    "arcsuit": "suit",
    "insgloves": "gloves",
    "insshoes": "shoes",
}


def chosen_stations(db: Db, labels: Collection[str] = ()) -> list[Row]:
    """The active stations, or those of some labels, by area and label."""
    rows = [row for row in places.stations(db) if row["active"]]
    return [row for row in rows if not labels or row["label"] in labels]


def station_labels(
    stations: Sequence[Row],
    facts: Settings,
    mac: Callable[[str], str],
    now_ms: int,
    *,
    lang: Lang = "zh",
    progress: Progress | None = None,
) -> bytes:
    """Small labels of stations as a PDF, eight on a page; `mac` gives the MAC of a code."""
    labels = [
        StationLabel(
            code=row["code"],
            url=qr.code.station_url(facts.url, row["code"], mac(row["code"])),
            name=wording.name(row, "name", lang),
            place=_place(row, lang),
        )
        for row in stations
    ]
    made = wording.day(stations[0]["zone"], now_ms)
    company = wording.company(facts, lang)
    return qr.cards.station_labels(labels, company=company, made=made, lang=lang, progress=progress)


def station_posters(
    db: Db,
    stations: Sequence[Row],
    facts: Settings,
    mac: Callable[[str], str],
    now_ms: int,
    *,
    lang: Lang = "zh",
) -> list[Poster]:
    """One poster a station, with the risk card of the job that most people do there."""
    busiest, jobs = everybody.busiest_jobs(db), places.station_jobs(db)
    active = {row["code"]: row for row in places.jobs(db) if row["active"]}
    words = _protection(db, lang)
    found = []
    for row in stations:
        here = [code for code in jobs.get(row["code"], ()) if code in active]
        main = busiest.get(row["code"], "")
        job = active.get(main if main in here else next(iter(here), ""))
        found.append(_poster(db, row, job, facts, mac, now_ms, words, lang))
    return found


def unprintable(poster: Poster) -> tuple[list[str], list[str]]:
    """What a poster cannot show: the lines that are cut, and characters without a glyph."""
    try:
        return cut_texts(poster), []
    except MissingGlyphs as missing:
        return [], missing.characters


def _poster(
    db: Db,
    row: Row,
    job: Row | None,
    facts: Settings,
    mac: Callable[[str], str],
    now_ms: int,
    words: dict[str, str],
    lang: Lang,
) -> Poster:
    version = versions.current_checklist(db, job["code"]) if job else None
    return Poster(
        url=qr.code.station_url(facts.url, row["code"], mac(row["code"])),
        code=row["code"],
        company=wording.company(facts, lang),
        place=_place(row, lang),
        name=wording.name(row, "name", lang),
        risk=row["risk"],
        made=wording.day(row["zone"], now_ms),
        signs=_signs(json.loads(job["ppe"]), words) if job else (),
        phone_free=bool(row["phone_free"]),
        job=wording.name(job, "name", lang) if job else "",
        rows=_notice(json.loads(job["card"]), lang) if job else (),
        phone=row["phone"],
        number=row["label"],
        version=str(version["no"]) if version else "",
        lang=lang,
    )


def _notice(card: Row, lang: Lang) -> tuple[NoticeRow, ...]:
    labels, comma = ROW_LABELS[lang], "；" if lang == "zh" else "; "
    hazards = [wording.name(risk, "hazard", lang) for risk in card.get("risks", [])]
    level = wording.name(card, "level", lang)
    owner = f"管控层级：{level}" if lang == "zh" else f"Managed by: {level}"
    rows = [
        NoticeRow(labels["consequences"], wording.name(card, "consequence", lang)),
        NoticeRow(labels["measures"], wording.name(card, "measures", lang)),
        NoticeRow(labels["emergency"], wording.name(card, "emergency", lang)),
        NoticeRow(labels["owner"], owner if level else ""),
    ]
    if hazards:
        rest = "".join(comma + hazard for hazard in hazards[1:])
        rows.insert(0, NoticeRow(labels["hazards"], rest, hazards[0]))
    return tuple(row for row in rows if row.text or row.strong)


def _signs(ppe: list[str], words: dict[str, str]) -> tuple[Sign, ...]:
    """The protection of a job: our words below our pictures, else those of the commitment."""
    ours = (
        Sign(id) if id in EQUIPMENT else Sign(PICTURES.get(id, id), words.get(id, id)) for id in ppe
    )
    return tuple(ours)[:MOST_SIGNS]


def _protection(db: Db, lang: Lang) -> dict[str, str]:
    """What the commitment calls each protection."""
    current = versions.current_commitment(db)
    doc = current["doc"] if current else library.commitment()
    options = (one for item in doc["items"] for one in item.get("options", []))
    return {one["id"]: wording.name(one, "t", lang) for one in options}


def _place(row: Row, lang: Lang) -> str:
    parts = (wording.name(row, "area_name", lang), wording.name(row, "place", lang))
    return ("" if lang == "zh" else ", ").join(part for part in parts if part)
