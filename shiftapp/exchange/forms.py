"""The sheets of a workbook in the order of a plant's first day, by noun and by name."""

from __future__ import annotations

from shiftapp.exchange import (
    forms_facilities,
    forms_people,
    forms_plant,
    forms_shifts,
    forms_texts,
    forms_works,
)
from shiftapp.exchange.columns import Sheet

SHEETS: tuple[Sheet, ...] = (
    forms_plant.ENTERPRISE,
    forms_plant.SITES,
    forms_plant.AREAS,
    forms_plant.JOBS,
    forms_plant.STATIONS,
    forms_people.PATTERNS,
    forms_people.SHIFTS,
    forms_people.GROUPS,
    forms_people.CREWS,
    forms_people.PEOPLE,
    forms_people.POSTS,
    forms_people.ROLES,
    forms_texts.STEPS,
    forms_texts.COMMITMENT,
    forms_facilities.FACILITIES,
    forms_shifts.ROSTER,
    forms_shifts.LEAVE,
    forms_works.WORKS,
)
BY_NOUN = {sheet.noun: sheet for sheet in SHEETS}

# Sheets that are only read by people.
HELP = ("说明", "Help")
LIBRARY_JOBS = ("岗位库", "Library jobs")
LIBRARY_STEPS = ("步骤库", "Library steps")
LIBRARY_PATTERNS = ("班制库", "Library patterns")
