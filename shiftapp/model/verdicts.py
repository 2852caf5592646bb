"""What a body says when it is held against the version it names (formats.md "Bytes" §5).

Pure: a body of good shape (`shapes`) and the version's document in, the result as taken, flags
`incomplete` and `limit`, and what failed out. The body itself stays as it was sealed. With None for
a version that is not ours nothing can be judged; its `bad` still comes out, so that it opens its
hazard. A step or item that the version does not know is ignored, but a `bad` on it comes out too:
what a person reports as bad is never dropped. So look up `n` and `item` in the document with care.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

# Bodies and version documents are JSON of a shape that was checked before they came here.
Json = Mapping[str, Any]

Neg = Literal["todo", "hazard", "replace"]


@dataclass(frozen=True)
class FailedStep:
    """A step answered `bad`, or taken as such; `note` is '' and `value` None where left out."""

    n: int
    veto: bool
    note: str
    value: str | None


@dataclass(frozen=True)
class RunVerdict:
    """A run as taken: `stopped` also for a done one that is incomplete or breaks a veto."""

    result: Literal["done", "stopped"]
    flags: tuple[str, ...]
    failed: tuple[FailedStep, ...]


@dataclass(frozen=True)
class Negative:
    """An answer `bad` or `unfit`, and what it asks: a leader's to-do, a hazard, a replacement."""

    item: str
    r: Literal["bad", "unfit"]
    neg: Neg
    note: str


@dataclass(frozen=True)
class CommitVerdict:
    """A commitment as taken: `none` for a `committed` with an item missing."""

    result: Literal["committed", "cannot", "none"]
    flags: tuple[str, ...]
    negatives: tuple[Negative, ...]


def judge_run(body: Json, doc: Json | None) -> RunVerdict:
    """The verdict on a run; `doc` has `steps` with `n`, and per step `veto`, `lo`, `hi` or not.

    `incomplete` and `limit` are both named where both hold. `failed` is by `n`.
    """
    known = {step["n"]: step for step in doc["steps"]} if doc is not None else {}
    answers = {answer["n"]: answer for answer in body["steps"]}
    failed = tuple(_failed(answers, known))
    flags = []
    if body["result"] == "done" and _incomplete(answers, known):
        flags.append("incomplete")
    if any(_outside(answer, known.get(n)) for n, answer in answers.items()):
        flags.append("limit")
    stopped = body["result"] == "stopped" or "incomplete" in flags or any(f.veto for f in failed)
    return RunVerdict("stopped" if stopped else "done", tuple(flags), failed)


def judge_commit(body: Json, doc: Json | None) -> CommitVerdict:
    """The verdict on a commitment; `doc` has `items` with `id`, `type`, `neg`.

    Every item of the text asks for an answer. Whoever is not fit gives none for the others.
    """
    known = {item["id"]: item for item in doc["items"]} if doc is not None else {}
    answers = {answer["i"]: answer for answer in body["answers"]}
    negatives = tuple(_negatives(answers, known))
    if body["result"] == "committed" and not known.keys() <= answers.keys():
        return CommitVerdict("none", ("incomplete",), negatives)
    return CommitVerdict(body["result"], (), negatives)


def outside(value: str, step: Json) -> bool:
    """Whether a reading lies outside the limits of its step: inclusive decimal strings, or none."""
    taken = Decimal(value)  # exact as typed, and 0.80 is 0.8
    low, high = step.get("lo"), step.get("hi")
    return bool((low and taken < Decimal(low)) or (high and taken > Decimal(high)))


def _incomplete(answers: Mapping[int, Json], known: Mapping[int, Json]) -> bool:
    """By what the person answered: a value outside its limits is flag `limit` instead."""
    if not known.keys() <= answers.keys():
        return True
    return any(step.get("veto") and answers[n]["r"] == "bad" for n, step in known.items())


def _failed(answers: Mapping[int, Json], known: Mapping[int, Json]) -> Iterator[FailedStep]:
    for n, answer in answers.items():
        step = known.get(n)
        if answer["r"] == "bad" or _outside(answer, step):
            yield FailedStep(
                n=n,
                veto=bool(step and step.get("veto")),
                note=answer.get("note", ""),
                value=answer.get("value"),
            )


def _outside(answer: Json, step: Json | None) -> bool:
    """`ok` on a value outside the limits."""
    if step is None or answer["r"] != "ok" or "value" not in answer:
        return False
    return outside(answer["value"], step)


def _negatives(answers: Mapping[str, Json], known: Mapping[str, Json]) -> Iterator[Negative]:
    for item_id, answer in answers.items():
        if answer["r"] == "ok":
            continue
        item = known.get(item_id, {"neg": "hazard"})
        fit = answer["r"] == "unfit" or item.get("type") == "fit"
        yield Negative(
            item=item_id,
            r=answer["r"],
            neg="replace" if fit else item.get("neg", "todo"),
            note="" if fit else answer.get("note", ""),  # health data: no reason is kept
        )
