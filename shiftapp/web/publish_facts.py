"""Rows of the proof about the plant, its dangerous work, and what is open: see publish_rows.py."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext

from shiftapp.model import announcement_items
from shiftapp.model.announcement_items import Doc
from shiftapp.model.announcements import Draft
from shiftapp.model.plant_figures import Plant
from shiftapp.model.work_figures import Works
from shiftapp.web.dates import moment
from shiftapp.web.language import named
from shiftapp.web.publish_marks import Block, Figures, Names, row, values

UNITS, STARTING = announcement_items.PLANT[:4], announcement_items.PLANT[4:]
STORES, MAJOR, PROCESSES = (
    announcement_items.STORAGE[:2],
    announcement_items.STORAGE[2:8],
    announcement_items.STORAGE[8:],
)
# Rows of the register: single ones for what the national form asks for alone.
WORKS: tuple[Names, ...] = (
    *((one,) for one in announcement_items.FIRE),
    announcement_items.OTHER_WORKS[:6],
    announcement_items.OTHER_WORKS[6:10],
    announcement_items.OTHER_WORKS[10:],
)
TOTAL, AFTERWARDS = announcement_items.ALL_WORKS[:1], announcement_items.ALL_WORKS[1:]
RUNNING = ("running", "trial", "startup", "shutdown")  # states that count as running
FEW = 2  # permits that are named one by one


def plant(draft: Draft, numbers: Iterator[int]) -> Block:
    """How the units and stores stand."""
    found = draft.figures.plant
    if found is None:
        return Block("", ())
    doc, source = draft.content["plant"], _seen(found)
    units = _units_again(found)
    stores = [len(found.stores), sum(found.check.get(state, 0) for state in ("safe", "empty"))]
    rows = (
        row(numbers, UNITS, values(doc, UNITS), source, "#plant", units),
        row(
            numbers,
            STARTING,
            values(doc, STARTING),
            source,
            "#plant",
            [found.check.get(code, 0) for code, _, _ in STARTING],
        ),
        row(numbers, STORES, values(doc, STORES), source, "#plant", stores),
        _contradicted(row(numbers, MAJOR, values(doc, MAJOR), source, "#plant"), found),
        row(numbers, PROCESSES, values(doc, PROCESSES), gettext("装置设施台账"), "#plant"),
    )
    return Block(gettext("装置、罐区和仓库"), rows)


def works(draft: Draft, numbers: Iterator[int]) -> Block:
    """The dangerous work of the day, by kind."""
    found = draft.figures.works
    if found is None:
        return Block("", ())
    doc = draft.content["works"]
    rows = [
        row(
            numbers,
            names,
            values(doc, names),
            _permits(found, names),
            "#works",
            [found.check.get(code, 0) for code, _, _ in names],
        )
        for names in (*WORKS, TOTAL)
    ]
    late = row(numbers, AFTERWARDS, values(doc, AFTERWARDS), gettext("登记和取消的时刻"), "#works")
    return Block(gettext("危险作业"), (*rows, late))


def open_things(draft: Draft, numbers: Iterator[int]) -> Block:
    """Hazards, signatures, changes of the roster, and the risk that follows from all of it."""
    doc = draft.content
    names = [one for one in announcement_items.HAZARDS if one[0] in doc["hazards"]]
    rows = [
        row(numbers, [one], [doc["hazards"][one[0]]], gettext("隐患台账"), "#hazards")
        for one in names
    ]
    crews, told = doc["crews"], gettext("班组签字，签后没有新的事")
    rows.append(_signed(numbers, gettext("签了字的班组"), crews, told))
    for level in doc["levels"]:
        name = gettext("%(level)s签字", level=named(level))
        rows.append(_signed(numbers, name, level, gettext("层层签字，签后没有新的事")))
    rows.append(_roster(draft, numbers))
    rows.append(_risk(draft, numbers))
    return Block(gettext("隐患、签字和风险"), tuple(rows))


def _signed(numbers: Iterator[int], name: str, of: Doc, source: str) -> Figures:
    """How many have signed of how many."""
    return row(numbers, [("", name, name)], [f"{of['signed']} / {of['of']}"], source, "#ladder")


def _seen(found: Plant) -> str:
    if found.seen_ms is None:
        return gettext("装置状态，有的还没看过")
    return gettext("装置状态，%(at)s 看过", at=moment(found.seen_ms))


def _units_again(found: Plant) -> list[int]:
    """The units counted a second time: total, running, stopped, under maintenance."""
    running = sum(found.check.get(state, 0) for state in RUNNING)
    still = [found.check.get(state, 0) for state in ("stopped", "maintenance")]
    return [running + sum(still), running, *still]


def _contradicted(figures: Figures, found: Plant) -> Figures:
    """A facility said to be safe over an open veto or major hazard of its area."""
    if not found.contradictions:
        return figures
    check = gettext("%(n)s 处有没消除的事", n=len(found.contradictions))
    return figures._replace(check=check, verdict="differs")


def _permits(found: Works, names: Names) -> str:
    """The permits behind a row: a few by their numbers, many by their count."""
    held = {one.id: one for code, _, _ in names for one in found.under(code)}
    if 0 < len(held) <= FEW:
        numbers = ", ".join(str(one.row["no"]) for one in held.values())
        return gettext("作业票 %(no)s", no=numbers)
    return gettext("作业票 %(n)s 张", n=len(held))


def _roster(draft: Draft, numbers: Iterator[int]) -> Figures:
    """Who came and went; the second count: who was there at the opening, and who is there."""
    found, names = draft.figures.roster, announcement_items.ROSTER
    source = gettext("排班，开始时 %(a)s，现在 %(b)s", a=found.opened, b=found.expected)
    told = row(numbers, names, values(draft.content["roster"], names), source, "#roster")
    if found.agrees:
        return told._replace(check=told.value, verdict="agrees")
    gone = found.opened + found.added - found.ended
    return told._replace(check=gettext("应为 %(n)s", n=gone), verdict="differs")


def _risk(draft: Draft, numbers: Iterator[int]) -> Figures:
    name = gettext("当天风险等级（1 高，4 低）")
    grade = draft.content["risk"]["grade"]
    return row(numbers, [("", name, name)], [grade], gettext("按公开的规则算"), "#risk")
