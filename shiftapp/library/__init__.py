"""What ships with the product as data: jobs, texts, shift patterns, risk tables.

A leaf: it reads the JSON files beside it and knows nothing of an install. The words are our own,
meant as a start; every enterprise adapts them to its own procedures before use. Limits that
depend on the plant are null, with figures to try out under `example` (see `with_examples`).
Human texts come with an English twin under `…_en`. Every call gives a fresh copy.

- a job: `code name sector ppe card checklist`; `ppe` are option ids of the commitment's item of
  type `ppe`; `card` has three `risks` (`level` A–D, `hazard`, `defence`) and `consequence
  measures emergency level` (who manages it); `checklist` is a version document (see check.py)
- a pattern: `code name cycle anchor full_cover hours_per_week crews shifts`; a cycle has one letter
  a day, R = rest; `anchor` `any` = any day will do as day 0, `monday` = day 0 is a Monday;
  `full_cover`: every shift of every day has exactly one crew
- a kind of special work: `code name hours gas_every_min basis levels`; `hours` is the longest
  validity of a permit (a level may have its own), `gas_every_min` 0: no gas test needed; `basis`
  says where the figures come from. All are defaults: the plant's own procedure overrides them
- a message: `events` have `code urgent name title text`, with `{facts}` in title and text; payload
  templates are read by exchange/messages.py
"""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from importlib import resources
from typing import Any

Doc = dict[str, Any]  # JSON of a data file, as described above

CODES = tuple(f"J{number:02}" for number in range(1, 18))
PAYLOADS = ("wecom.json", "dingtalk.json", "feishu.json", "plain.json", "mail.txt")


def jobs() -> dict[str, Doc]:
    """All jobs of the library by code, J01 to J17."""
    return {code: job(code) for code in CODES}


def job(code: str) -> Doc:
    """One job with its risk card and checklist.

    :raises KeyError: the library has no such job.
    """
    if code not in CODES:
        raise KeyError(code)
    return _read(f"jobs/{code}.json")


def with_examples(checklist: Doc) -> Doc:
    """A copy of a checklist whose example limits are in force: for the demo and for trying out.

    A real plant sets its own limits; a wrong one would call a good reading bad.
    """
    copy = deepcopy(checklist)
    for step in copy["steps"]:
        step.update(step.pop("example", {}))
    return copy


def commitment() -> Doc:
    """The default commitment text: a version document (see check.py)."""
    return _read("commitment.json")


def patterns() -> dict[str, Doc]:
    """All shift patterns by code, in the order in which they are offered."""
    return {one["code"]: one for one in _read("patterns.json")["patterns"]}


def research() -> list[Doc]:
    """What crew, workshop and plant assess each day: groups with `items` of `id` and `t`."""
    groups: list[Doc] = _read("research.json")["groups"]
    return groups


def leader_texts() -> dict[str, Doc]:
    """The sign-off texts of `crew`, `workshop` and `plant`; figures stand as `{name}`."""
    return {one["code"]: one for one in _read("leader_texts.json")["levels"]}


def risk_tables() -> Doc:
    """The four levels, LEC and LS scores and bands; bounds are data since provinces differ."""
    return _read("risk.json")


def day_risk() -> Doc:
    """The `grades` 1 to 4 of a day and the `rules` that give them: `code`, `grade`, names."""
    return _read("day_risk.json")


def special_work() -> dict[str, Doc]:
    """The kinds of special work (特殊作业, 危险作业) by code, in the order of GB 30871-2022."""
    return {one["code"]: one for one in _read("special_work.json")["kinds"]}


def special_work_note() -> Doc:
    """What is said beside those figures: `note` and `note_en`."""
    read = _read("special_work.json")
    return {"note": read["note"], "note_en": read["note_en"]}


def messages() -> Doc:
    """What reminders and alerts say: `events`, the `test` message, `plant` for no crew."""
    return _read("messages/events.json")


def payload(file: str) -> str:
    """The text of a payload template that ships, by the name of its file.

    :raises KeyError: the library has no such template.
    """
    if file not in PAYLOADS:
        raise KeyError(file)
    return resources.files(__name__).joinpath(f"messages/{file}").read_text("utf-8")


def _read(path: str) -> Doc:
    return deepcopy(_parsed(path))


@cache
def _parsed(path: str) -> Doc:
    text = resources.files(__name__).joinpath(path).read_text("utf-8")
    doc: Doc = json.loads(text)
    return doc
