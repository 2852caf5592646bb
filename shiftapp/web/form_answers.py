"""Reads a plain form's answers, and says in words what is missing.

Knows no database and no request: a form's fields and the version that was shown in, answers as
they are sealed (formats.md §2) and faults out. What is typed is never changed but for its form:
full-width figures become plain ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from shiftapp.web.language import named

Json = dict[str, Any]  # JSON of a version document, or of a sealed body
Form = MultiDict[str, str]

MAX_NOTE = 500
READING = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True)
class Missing:
    """What keeps a form from being taken: the id of its place on the page, and a sentence."""

    at: str
    text: str
    label: str = ""  # what the place is called, where the sentence does not say it
    seen: str = ""  # a value that is said once: the same again is taken


@dataclass
class Commitment:
    """The answers to a commitment text; `unfit`: not today, and nothing else counts."""

    answers: list[Json] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    unfit: bool = False


@dataclass
class Run:
    """The answers to a checklist; `result` done or stopped."""

    result: str = "done"
    steps: list[Json] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)


def shown_items(doc: Json, ppe: list[str], card: Json) -> list[Json]:
    """The items of a text as this job shows them: its protection, and the hazards of its card."""
    return [{**item, "options": list(_options(item, ppe, card))} for item in doc["items"]]


def _options(item: Json, ppe: list[str], card: Json) -> Iterator[Json]:
    if item["type"] == "pick" and item.get("from") == "card":
        for number, risk in enumerate(card.get("risks", []), 1):
            names = {"t": risk["hazard"], "t_en": risk.get("hazard_en", "")}
            yield {"id": f"risk{number}", "r": "ok", **names}
    for option in item.get("options", []):
        if item["type"] != "ppe" or option["r"] == "bad" or option["id"] in ppe:
            yield option


def read_commitment(form: Form, items: list[Json]) -> Commitment:
    """The answers to the items as shown; every one of them wants an answer."""
    found = Commitment()
    for item in items:
        chosen = _chosen(form, item)
        if any(option["r"] == "unfit" for option in chosen):
            answer = {"i": item["id"], "r": "unfit", "a": [one["id"] for one in chosen]}
            return Commitment(answers=[answer], unfit=True)
        if lack := _lack(item, chosen):
            found.missing.append(Missing(f"i-{item['id']}", lack, named(item, "q")))
            continue
        bad = any(option["r"] == "bad" for option in chosen)
        answer = {
            "i": item["id"],
            "r": "bad" if bad else "ok",
            "a": [one["id"] for one in chosen],
        }
        found.answers.append({**answer, **_note(form, item["id"], bad, found.missing)})
    return found


def _chosen(form: Form, item: Json) -> list[Json]:
    wanted = set(form.getlist(f"a-{item['id']}"))
    return [option for option in item["options"] if option["id"] in wanted]


def _lack(item: Json, chosen: list[Json]) -> str:
    """What an item still wants, '' when it is answered."""
    if item["type"] != "ppe":
        return "" if chosen else gettext("这一题还没答。")
    if any(option["r"] == "bad" for option in chosen):
        return ""
    if any(option["r"] == "ok" and option not in chosen for option in item["options"]):
        return gettext("每样都点到。缺了就点“缺了一样”，班长来补。")
    return ""


def read_run(form: Form, doc: Json, stop_at: int | None) -> Run:
    """The answers to the steps; a failed veto step, or 停 at a step, ends the run there.

    What was reported as bad further down is kept: the run then ends with the last of it.
    """
    found, bad, vetoed = Run(), 0, stop_at is not None
    for step in doc["steps"]:
        n = step["n"]
        r = "bad" if n == stop_at else form.get(f"r-{n}", "")
        if r not in ("ok", "bad"):
            found.missing.append(Missing(f"s-{n}", gettext("第 %(n)s 步还没答。", n=n)))
            continue
        found.steps.append(_step(form, step, r, found.missing))
        if r == "bad":
            bad, vetoed = n, vetoed or bool(step.get("veto"))
    return _stopped(found, bad) if vetoed else found


def _stopped(run: Run, last: int) -> Run:
    """A run that ends with its last bad step. Stopping must be easy: nothing is asked any more,
    and a reading called normal that cannot be read counts as not answered.
    """
    kept = [
        one
        for one in run.steps
        if one["n"] <= last and (one["r"] == "bad" or f"v-{one['n']}" not in _places(run))
    ]
    return Run("stopped", kept, [one for one in run.missing if one.at.startswith("note-")])


def _places(run: Run) -> set[str]:
    return {missing.at for missing in run.missing if not missing.seen}


def _step(form: Form, step: Json, r: str, missing: list[Missing]) -> Json:
    n = step["n"]
    typed = plain_figure(form.get(f"value-{n}", "")) if step["ev"] == "R" else ""
    value = {"value": typed} if READING.fullmatch(typed) else {}
    missing.extend(_reading_lack(form, step, r, typed))
    return {
        "n": n,
        "r": r,
        "e": "R" if value else "C",
        **value,
        **_note(form, str(n), r == "bad", missing),
    }


def _reading_lack(form: Form, step: Json, r: str, typed: str) -> Iterator[Missing]:
    """What a reading still wants. A value out of limits called normal is said once, then taken."""
    at, label = f"v-{step['n']}", gettext("第 %(n)s 步", n=step["n"])
    if step["ev"] == "R" and not typed and r == "ok":
        yield Missing(at, gettext("写上读数。表坏了，选“异常”。"), label)
    elif typed and READING.fullmatch(typed) is None:
        yield Missing(at, gettext("读数写成数字，如 0.62。"), label)
    elif typed and r == "ok" and form.get(f"seen-{step['n']}") != typed and outside(step, typed):
        advice = gettext("再看一遍表。没抄错，选“异常”；不改，也按异常处理。")
        yield Missing(at, f"{outside(step, typed)}{advice}", label, seen=typed)


def outside(step: Mapping[str, Any], typed: str) -> str:
    """How far a reading lies outside the limits of its step, in words; '' when inside."""
    value, unit = Decimal(typed), (step.get("reading") or {}).get("unit", "")
    low, high = step.get("lo"), step.get("hi")
    if high is not None and value > Decimal(high):
        return gettext("超上限 %(by)s %(unit)s。", by=value - Decimal(high), unit=unit)
    if low is not None and value < Decimal(low):
        return gettext("低于下限 %(by)s %(unit)s。", by=Decimal(low) - value, unit=unit)
    return ""


def plain_figure(typed: str) -> str:
    """A figure in plain digits: full width folded, a comma as point, spaces gone."""
    folded = unicodedata.normalize("NFKC", typed).replace("，", ".").replace("。", ".")
    return "".join(folded.split()).replace(",", ".").removeprefix("+").replace("−", "-")


def read_text(form: Form, name: str, missing: list[Missing], most: int = MAX_NOTE) -> str:
    """A text typed by a person, without what no database takes; a fault when it is too long."""
    typed = form.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()
    if len(typed) > most:
        missing.append(Missing(name, gettext("太长，最多 %(n)s 个字。", n=most)))
    return typed


def _note(form: Form, part: str, bad: bool, missing: list[Missing]) -> Json:
    """The note to a bad answer. One typed and then taken back with the answer is not sealed."""
    if not bad:
        return {}
    note = read_text(form, f"note-{part}", missing)
    return {"note": note} if note else {}
