"""Checks of version documents before they are published: checklists and commitment texts.

Pure: any JSON value in, faults out; it must not raise. What formats.md relies on is checked
strictly, what only people read loosely; unknown fields are ignored. Every text may have an
English twin under `…_en`; '' or absent = none. Commitment texts are described in check_items.py.

A checklist is `title` and `steps`; a step is

- `n` from 1, `phase`, `target` to point at, `call` to say, 1–3 `criteria` of normal
- `ev`, the main evidence (R S P C D T), and `also`, further letters
- with R: `reading` {`label`, `unit`} and `lo`, `hi` (decimal strings, inclusive, or null)
- with T: `timer_ms`; with D: `second` true
- `veto`; `risk` if not done; `fail` stop, report or fix; `dwell_ms`, the least stay
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from shiftapp.library.check_items import check_commitment
from shiftapp.library.faults import Fault, fault
from shiftapp.library.texts import storable_faults, text_faults

__all__ = ["Fault", "check_checklist", "check_commitment", "hints"]

EVIDENCE = "RSPCDT"
FAILS = ("stop", "report", "fix")
MAX_STEPS = 60
MAX_DWELL_MS = 60_000
MAX_TIMER_MS = 7_200_000
GOOD_CALL = 14  # signs that the largest type takes on a phone (ui.md §3)
GOOD_STEPS = 9

_DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)


def check_checklist(doc: object) -> list[Fault]:
    """Everything that keeps a checklist from being published; [] = good."""
    return list(_checklist(doc))


def hints(doc: object) -> list[Fault]:
    """What could be better in a checklist without a fault: long calls, many steps, no veto."""
    return [] if check_checklist(doc) else list(_hints(doc))


def _checklist(doc: object) -> Iterator[Fault]:
    if not isinstance(doc, Mapping):
        yield fault("not_a_document", "")
        return
    yield from storable_faults(doc)
    yield from text_faults(doc, "title", "", {})
    steps = doc.get("steps")
    if not isinstance(steps, list) or not steps:
        yield fault("no_steps", "steps")
        return
    if len(steps) > MAX_STEPS:
        yield fault("too_many_steps", "steps")
    for number, step in enumerate(steps, 1):
        yield from _step(step, number)


def _step(step: object, number: int) -> Iterator[Fault]:
    at = f"steps[{number - 1}]"
    here = {"where": f"第 {number} 步：", "where_en": f"Step {number}: "}
    if not isinstance(step, Mapping):
        yield fault("bad_step", at, **here)
        return
    if type(step.get("n")) is not int or step["n"] != number:  # True is an int to ==
        yield fault("bad_number", f"{at}.n", n=number, **here)
    for field in ("target", "call"):
        yield from text_faults(step, field, at, here)
    for field in ("phase", "risk"):
        yield from text_faults(step, field, at, here, required=False)
    yield from _criteria(step, at, here)
    yield from _evidence(step, at, here)
    yield from _conduct(step, at, here)


def _criteria(step: Mapping[str, object], at: str, here: dict[str, str]) -> Iterator[Fault]:
    criteria = step.get("criteria")
    if not isinstance(criteria, list) or not 1 <= len(criteria) <= 3:
        yield fault("no_criteria", f"{at}.criteria", **here)
        return
    for one in criteria:
        yield from text_faults({"criteria": one}, "criteria", at, here)
    english = step.get("criteria_en") or criteria
    if not isinstance(english, list) or len(english) != len(criteria):
        yield fault("bad_criteria_en", f"{at}.criteria_en", **here)
        return
    for one in english:
        yield from text_faults({"criteria": one}, "criteria", at, here)


def _evidence(step: Mapping[str, object], at: str, here: dict[str, str]) -> Iterator[Fault]:
    main, also = step.get("ev"), step.get("also", [])
    if not _letter(main):
        yield fault("bad_evidence", f"{at}.ev", **here)
    if not isinstance(also, list) or not all(_letter(one) and one != main for one in also):
        yield fault("bad_also", f"{at}.also", **here)
        also = []
    if "D" in (main, *also) and step.get("second") is not True:
        yield fault("no_second", f"{at}.second", **here)
    if main == "T" and not _whole(step.get("timer_ms"), 1_000, MAX_TIMER_MS):
        yield fault("bad_timer", f"{at}.timer_ms", **here)
    if main == "R":
        yield from _reading(step, at, here)
    elif step.get("lo") is not None or step.get("hi") is not None:
        yield fault("stray_limit", f"{at}.lo", **here)


def _reading(step: Mapping[str, object], at: str, here: dict[str, str]) -> Iterator[Fault]:
    reading = step.get("reading")
    label = reading.get("label") if isinstance(reading, Mapping) else None
    unit = reading.get("unit") if isinstance(reading, Mapping) else None
    if not isinstance(label, str) or not label.strip():
        yield fault("no_reading", f"{at}.reading", **here)
    elif not isinstance(unit, str):
        yield fault("no_unit", f"{at}.reading.unit", **here)
    wrong = [name for name in ("lo", "hi") if not _limit(step.get(name))]
    for name in wrong:
        yield fault("bad_limit", f"{at}.{name}", **here)
    low, high = step.get("lo"), step.get("hi")
    if wrong or low is None or high is None:
        return
    if Decimal(str(low)) > Decimal(str(high)):
        yield fault("limits_swapped", f"{at}.lo", **here)


def _conduct(step: Mapping[str, object], at: str, here: dict[str, str]) -> Iterator[Fault]:
    veto, fail = step.get("veto", False), step.get("fail", "stop")
    if not isinstance(veto, bool):
        yield fault("bad_veto", f"{at}.veto", **here)
    if fail not in FAILS or (veto is True and fail != "stop"):
        yield fault("bad_fail", f"{at}.fail", **here)
    if not _whole(step.get("dwell_ms", 0), 0, MAX_DWELL_MS):
        yield fault("bad_dwell", f"{at}.dwell_ms", **here)


def _hints(doc: object) -> Iterator[Fault]:
    assert isinstance(doc, Mapping)
    steps = doc["steps"]
    if len(steps) > GOOD_STEPS:
        yield fault("many_steps", "steps", n=len(steps))
    if not any(step.get("veto") for step in steps):
        yield fault("no_veto", "steps")
    for step in steps:
        signs = len("".join(step["call"].split()))
        if signs > GOOD_CALL:
            at, n = f"steps[{step['n'] - 1}].call", step["n"]
            yield fault("long_call", at, n=signs, where=f"第 {n} 步：", where_en=f"Step {n}: ")


def _letter(value: object) -> bool:
    return isinstance(value, str) and len(value) == 1 and value in EVIDENCE


def _limit(value: object) -> bool:
    return value is None or (isinstance(value, str) and _DECIMAL.fullmatch(value) is not None)


def _whole(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most
