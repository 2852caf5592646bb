"""What the patterns and crews of a workbook come to: overlaps are faults, gaps only notes.

Crews come in the same workbook as their pattern and often one after the other, so that a shift
without a crew, or with two, is told and stops nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shiftapp.exchange import cover_words
from shiftapp.exchange.case import Case
from shiftapp.exchange.cover_words import Said
from shiftapp.exchange.current import Content, minutes_of
from shiftapp.exchange.plan import Line
from shiftapp.model import cover
from shiftapp.model.crews import Pattern, Shift

Records = dict[str, Content]
ADVICE = (
    "补上班组或改偏移；本来就这样，在“班制”表里填是。",
    "Add a crew or change an offset; if it is meant, say so in “Patterns”.",
)


def check_overlaps(case: Case, line: Line, content: Content) -> None:
    """A crew cannot start a shift of its pattern while its last one still runs."""
    pattern = _pattern(content)
    found = cover.overlaps(pattern.cycle, pattern.times)
    if found:
        said, said_en = cover_words.overlaps(pattern, found)
        case.wrong("own_overlap", line, "cycle", said=said, said_en=said_en)


def note_cover(case: Case, wanted: Mapping[str, Records]) -> None:
    """Notes about shifts without a crew, or with two of one place, of the patterns named here."""
    patterns = {**case.current.records["pattern"], **wanted["pattern"]}
    lines = {str(line.values["pattern"]): (line, "pattern") for line in case.good("crew")}
    lines |= {str(line.values["code"]): (line, "cycle") for line in case.good("pattern")}
    for code, (line, key) in lines.items():
        pattern = _pattern(patterns[code])
        for said, said_en in _told(case, pattern, _rows(case, wanted, code)):
            zh, en = said + ADVICE[0], f"{said_en} {ADVICE[1]}"
            case.note("cover", line, key, said=zh, said_en=en)


def _told(case: Case, pattern: Pattern, rows: list[dict[str, Any]]) -> list[Said]:
    """The first gap and the first double cover, wherever they are, unless they are meant."""
    gaps: list[Said] = []
    doubles: list[Said] = []
    names = {row["code"]: (row["name"], row["name_en"] or row["name"]) for row in rows}
    for offsets in cover.by_place(rows).values():
        missing = cover.gaps(pattern.cycle, offsets.values())
        if missing and not pattern.gaps_ok:
            gaps.append(cover_words.gaps(pattern, missing, case.day))
        double = cover.doubles(pattern.cycle, offsets)
        if double and not pattern.double_ok:
            doubles.append(cover_words.doubles(pattern, double, names, case.day))
    return [*gaps[:1], *doubles[:1]]


def _rows(case: Case, wanted: Mapping[str, Records], code: str) -> list[dict[str, Any]]:
    """The crews of a pattern, in the workbook or the install, as cover.py takes them."""
    groups = {**case.current.records["group"], **wanted["group"]}
    everybody = {**case.current.records["crew"], **wanted["crew"]}.values()
    return [
        {**one, "site": groups[str(one["group"])]["site"], "day_offset": one["offset"]}
        for one in everybody
        if one["pattern"] == code
    ]


def _pattern(content: Content) -> Pattern:
    rows: Any = content["shifts"]  # tuples of code, name, name_en, start, end
    shifts = tuple(
        Shift(code, name, name_en, start, minutes_of(start, end))
        for code, name, name_en, start, end in rows
    )
    values: Any = {key: value for key, value in content.items() if key != "shifts"}
    return Pattern(**values, shifts=shifts)
