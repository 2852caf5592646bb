"""What the library offers, taken one at a time at a desk: jobs with their checklist, patterns."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from shiftapp import library
from shiftapp.exchange import documents
from shiftapp.exchange.columns import Value
from shiftapp.model import crews, places, versions
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

BY = "library"


def offered_jobs(db: Db) -> list[Row]:
    """Jobs of the library that the plant has not: `code name name_en sector sector_en steps`."""
    have = {row["code"] for row in places.jobs(db)}
    return [
        {
            **{key: job[key] for key in ("code", "name", "name_en", "sector", "sector_en")},
            "steps": len(job["checklist"]["steps"]),
        }
        for code, job in library.jobs().items()
        if code not in have
    ]


def take_job(db: Db, code: str, now_ms: int) -> None:
    """Take a job with its risk card, and publish its checklist as version 1.

    :raises Problem: 404 `no_library_job`; 409 `code_taken`.
    """
    if code not in library.CODES:
        raise Problem(404, "no_library_job", "库里没有这个岗位。")
    if places.job(db, code) is not None:
        raise Problem(409, "code_taken", "代码 %(code)s 已经有了。", params={"code": code})
    job = library.job(code)
    made = places.Job(code, job["name"], job["name_en"], tuple(job["ppe"]), job["card"])
    places.save_job(db, made)
    versions.publish_checklist(db, code, job["checklist"], now_ms, BY)


def offered_patterns(db: Db) -> list[Row]:
    """Patterns of the library that the plant has not, with `cycle`, `crews` and `shifts`."""
    have = {row["code"] for row in crews.patterns(db)}
    return [one for code, one in library.patterns().items() if code not in have]


def take_pattern(db: Db, code: str, today: datetime.date) -> None:
    """Take a pattern; its day 0 is today, or the Monday of this week where it goes by weeks.

    :raises Problem: 404 `no_library_pattern`; 409 `code_taken`.
    """
    one = library.patterns().get(code)
    if one is None:
        raise Problem(404, "no_library_pattern", "库里没有这个班制。")
    if crews.pattern(db, code) is not None:
        raise Problem(409, "code_taken", "代码 %(code)s 已经有了。", params={"code": code})
    monday = today - datetime.timedelta(days=today.weekday())
    shifts = tuple(
        crews.Shift(letter, s["name"], s["name_en"], s["start"], s["minutes"])
        for letter, s in one["shifts"].items()
    )
    anchor = monday if one["anchor"] == "monday" else today
    made = crews.Pattern(
        code,
        one["name"],
        one["name_en"],
        one["cycle"],
        anchor.isoformat(),
        shifts,
        gaps_ok=int(not one["full_cover"]),
    )
    crews.save_pattern(db, made)


def protection(db: Db) -> list[tuple[str, Row]]:
    """The protection that the commitment text asks about: id, and a row with its names."""
    newest = versions.current_commitment(db)
    doc = newest["doc"] if newest else library.commitment()
    options = [o for item in doc["items"] if item["type"] == "ppe" for o in item["options"]]
    return [
        (one["id"], {"name": one["t"], "name_en": one.get("t_en", "")})
        for one in options
        if one["r"] == "ok"
    ]


def half_risks(row: Mapping[str, Value]) -> list[int]:
    """The risks of a card (1–3) of which level, hazard or defence is missing."""
    found = []
    for n in documents.RISKS:
        parts = [bool(row.get(key)) for key in (f"risk{n}_level", f"risk{n}", f"defence{n}")]
        if any(parts) and not all(parts):
            found.append(n)
    return found
