"""The rows of every sheet for an install: current records as the sheets say them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shiftapp import library
from shiftapp.exchange import current_works, documents
from shiftapp.exchange.columns import Value
from shiftapp.exchange.current import Current, checklist_content
from shiftapp.exchange.documents import Doc

Rows = list[dict[str, Value]]


def rows_of(current: Current) -> dict[str, Rows]:
    """The rows of every sheet, by noun."""
    records: Any = current.records  # what their values are, current.py says
    plain = ("enterprise", "site", "area", "station", "facility", "group", "crew")
    found: dict[str, Rows] = {noun: list(records[noun].values()) for noun in plain}
    found["job"] = [
        {**content, **_title(records["checklist"].get(code))}
        for code, content in records["job"].items()
    ]
    found["step"] = [row for code, doc in current.checklists.items() for row in steps(code, doc)]
    found["item"] = list(documents.commitment_rows(current.commitment or library.commitment()))
    found["pattern"] = list(records["pattern"].values())
    found["shift"] = [
        dict(zip(("pattern", "code", "name", "name_en", "start", "end"), (code, *row), strict=True))
        for code, content in records["pattern"].items()
        for row in content["shifts"]
    ]
    people = records["person"].values()
    found["person"] = [_person(content) for content in people]
    found["post"] = [row for content in people for row in _more_posts(content)]
    found["role"] = [
        dict(zip(("no", "role", "kind", "scope"), (content["no"], *role), strict=True))
        for content in people
        for role in content["roles"]
    ]
    found["roster"] = [row for content in records["roster"].values() for row in _roster(content)]
    zones = {code: str(site["zone"]) for code, site in records["site"].items()}
    found["special_work"] = [
        current_works.row_of(content, zones[content["site"]])
        for content in records["special_work"].values()
    ]
    found["leave"] = list(records["leave"].values())
    return found


def empty_rows() -> dict[str, Rows]:
    """The rows of a template: nothing but the default commitment, to read and to change."""
    return {"item": list(documents.commitment_rows(library.commitment()))}


def steps(job: str, doc: Doc) -> Iterator[dict[str, Value]]:
    """The steps of a checklist as rows of the sheet."""
    return ({"job": job, **row} for row in documents.steps_of(doc))


def library_rows() -> tuple[Rows, Rows, Rows]:
    """What the library offers: jobs, their steps, patterns."""
    jobs: Rows = []
    all_steps: Rows = []
    for code, job in library.jobs().items():
        head = {key: job[key] for key in ("code", "name", "name_en", "sector", "sector_en")}
        titles = _title(checklist_content(job["checklist"]))
        card = documents.card_row(job["card"])
        jobs.append({**head, "ppe": tuple(job["ppe"]), **titles, **card, "active": 1})
        all_steps.extend(steps(code, job["checklist"]))
    patterns: Rows = [
        {
            "code": code,
            "name": one["name"],
            "name_en": one["name_en"],
            "cycle": one["cycle"],
            "offsets": " ".join(str(crew["offset"]) for crew in one["crews"]),
            "hours": one["hours_per_week"],
            "times": "\n".join(_times(letter, shift) for letter, shift in one["shifts"].items()),
            "note": one.get("note", ""),
            "note_en": one.get("note_en", ""),
        }
        for code, one in library.patterns().items()
    ]
    return jobs, all_steps, patterns


def _times(letter: str, shift: Doc) -> str:
    return f"{letter} {shift['name']} {shift['name_en']} {shift['start']} {shift['minutes']} min"


def _title(checklist: Any) -> dict[str, Value]:  # content of a checklist, or None
    return {key: checklist[key] if checklist else "" for key in ("title", "title_en")}


def _person(content: dict[str, Any]) -> dict[str, Value]:
    first = content["posts"][:1] or (("", "", 1),)
    return {**content, **dict(zip(("station", "job", "run"), first[0], strict=True))}


def _roster(content: dict[str, Any]) -> Iterator[dict[str, Value]]:
    for no, station, job, run in content["people"]:
        head: dict[str, Value] = {key: content[key] for key in ("date", "crew")}
        yield {
            **head,
            "shift": content["code"],
            "no": no,
            "station": station,
            "job": job,
            "run": run,
        }


def _more_posts(content: dict[str, Any]) -> Iterator[dict[str, Value]]:
    for post in content["posts"][1:]:
        yield dict(zip(("no", "station", "job", "run"), (content["no"], *post), strict=True))
