"""What to settle before it is signed: each open thing with whom it is about and a way there. Pure.

Those that close the button come first; the others are named in the announcement all the same. Here
people are named too: it is a page of signed-in readers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from flask_babel import gettext

from shiftapp.model import announcement_words, counts
from shiftapp.model.announcements import Draft
from shiftapp.model.counts import Part
from shiftapp.model.figures import Figures
from shiftapp.store import Row
from shiftapp.web.language import language, named

FEW = 3  # names that stand in the panel; the rest as a number


class Point(NamedTuple):
    """One open thing."""

    code: str
    said: str  # the sentence of the announcement
    whom: str  # what it is about, a few of them
    link: str
    closes: bool  # whether it keeps the announcement from being signed without a reason


class About(NamedTuple):
    """Of a code: the things in question, and where they are settled."""

    names: Callable[[Figures], Iterable[str]]
    link: Callable[[Figures], str]


def points(draft: Draft) -> list[Point]:
    """Everything that is open in a draft, what closes the button first."""
    gaps = [(gap.code, gap.n) for gap in draft.figures.gaps]
    closing = {code for code, _ in gaps}
    named_only = [
        (str(one["code"]), int(one["n"]))
        for one in draft.content["named"]
        if one["code"] not in closing
    ]
    return [
        *(_point(draft.figures, code, n, closes=True) for code, n in gaps),
        *(_point(draft.figures, code, n, closes=False) for code, n in named_only),
    ]


def _point(found: Figures, code: str, n: int, *, closes: bool) -> Point:
    sentence = announcement_words.sentence(code, n)
    about = ABOUT.get(code, About(lambda _: (), lambda _: "#proof"))
    whom = _few(about.names(found), people=code in PEOPLE)
    return Point(code, str(sentence[language()]), whom, about.link(found), closes)


def _few(names: Iterable[str], *, people: bool) -> str:
    found = list(dict.fromkeys(one for one in names if one))
    joined = (", " if language() == "en" else "、").join(found[:FEW])
    if len(found) <= FEW:
        return joined
    if people:
        return gettext("%(names)s 等 %(n)s 人", names=joined, n=len(found))
    return gettext("%(names)s 等 %(n)s 处", names=joined, n=len(found))


def _hazards(rows: Iterable[Row]) -> list[str]:
    return [str(row["what"]) for row in rows]


def _facilities(rows: Iterable[Row]) -> list[str]:
    return [named(row) for row in rows]


def _unsigned_crews(found: Figures) -> list[str]:
    return [named(one.instance, "crew_name") for one in found.crews if not one.signed]


def _unsigned_units(found: Figures) -> list[str]:
    return [named(rung.row) for level in found.levels for rung in level.rungs if not rung.signed]


def _missing(found: Figures) -> list[str]:
    """Who has not committed and still can."""
    return _without(part for part in found.parts if found.now_ms < part.about["closed_ms"])


def _missed(found: Figures) -> list[str]:
    """Who did not commit while there was time."""
    return _without(part for part in found.parts if found.now_ms >= part.about["closed_ms"])


def _without(parts: Iterable[Part]) -> list[str]:
    return [
        named(person.rows[0], "person_name")
        for part in parts
        for person in counts.without_commitment(part)
    ]


def _permits(works: Iterable[Row]) -> list[str]:
    return [gettext("%(no)s %(place)s", no=row["no"], place=row["place"]) for row in works]


def _bare(found: Figures) -> list[str]:
    if found.works is None:
        return []
    return [
        f"{bare.work.row['no']} {named(one.row)}"
        for bare in found.works.bare
        for one in bare.missing
    ]


def _crew_board(found: Figures) -> str:
    """The board of the first crew that has not signed."""
    for one in found.crews:
        if not one.signed:
            where = one.instance
            return f"/board/{where['crew']}/{where['date']}/{where['code']}"
    return "#sign"


def _contradicted(found: Figures) -> list[str]:
    return (
        _facilities(one.facility.row for one in found.plant.contradictions) if found.plant else []
    )


def _unsafe(found: Figures) -> list[str]:
    return _facilities(one.row for one in found.plant.unsafe_major) if found.plant else []


def _unsafe_stores(found: Figures) -> list[str]:
    return _facilities(one.row for one in found.plant.unsafe_other) if found.plant else []


def _stale(found: Figures) -> list[str]:
    return _facilities(one.row for one in found.plant.stale) if found.plant else []


def _over(found: Figures) -> list[str]:
    return _permits(one.row for one in found.works.over) if found.works else []


def _gas_over(found: Figures) -> list[str]:
    return _permits(one.row for one in found.works.gas_over) if found.works else []


def _unguarded(found: Figures) -> list[str]:
    return _permits(one.row for one in found.works.unguarded) if found.works else []


def _veto_unanswered(found: Figures) -> list[str]:
    return _hazards(found.hazards.veto_unanswered())


def _veto_open(found: Figures) -> list[str]:
    return _hazards(found.hazards.veto_open())


def _major(found: Figures) -> list[str]:
    """Those that close the button; when none does, all that are named."""
    return _hazards(found.hazards.major_unanswered() or found.hazards.major())


def _unanswered(found: Figures) -> list[str]:
    return _hazards(found.hazards.unanswered())


def _to(path: str) -> Callable[[Figures], str]:
    return lambda _: path


def _sources(found: Figures) -> str:
    return f"/publish/sources?date={found.date}"


HAZARDS, FACILITIES, WORKS = _to("/hazards"), _to("/facilities"), _to("/special-work")
ABOUT = {
    "veto_unanswered": About(_veto_unanswered, HAZARDS),
    "veto_open": About(_veto_open, HAZARDS),
    "major": About(_major, HAZARDS),
    "unanswered": About(_unanswered, HAZARDS),
    "facility_contradicts": About(_contradicted, FACILITIES),
    "major_unsafe": About(_unsafe, FACILITIES),
    "storage_unsafe": About(_unsafe_stores, FACILITIES),
    "states_stale": About(_stale, FACILITIES),
    "work_over": About(_over, WORKS),
    "gas_over": About(_gas_over, WORKS),
    "work_unguarded": About(_unguarded, WORKS),
    "work_bare": About(_bare, WORKS),
    "unsigned": About(_unsigned_crews, _crew_board),
    "level_unsigned": About(_unsigned_units, lambda found: f"/ladder/{found.date}"),
    "missing": About(_missing, _sources),
    "missed": About(_missed, _sources),
    "unsealed": About(lambda _: (), _sources),
}
PEOPLE = ("missing", "missed")  # their names are of people
