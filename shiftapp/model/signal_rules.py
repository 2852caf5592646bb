"""The published rules of integrity signals: what is measured, and from when on somebody is told.

Pure, on plain values: `bench/signals.py` measures these very functions. A signal is a reason for a
person to look and nothing else: it is shown to the worker first, nobody is stopped, no figure of
the board or the announcement knows of it, and "looked at, fine" is a whole answer.

- `fast`: steps answered quicker than their text can be read. The phone's program holds every step
  for its dwell, so this sees steps without a dwell and records of another program. An abnormal
  answer never speaks against anybody: it is left out, as are timed steps, whose time is not the
  person's.
- `same_rhythm`: every step took as long as the last time, and no reading differs.
- `burst`: records of several people sealed on one device in short order.

What has no times (`from_ms` and `to_ms` missing or equal) cannot be measured and gives no signal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from shiftapp.problems import Problem

KINDS = ("fast", "same_rhythm", "burst")
# Signs of Chinese text a second, in whatever language it was shown. Our assumption, on the lenient
# side: reading aloud, as pointing and calling asks, goes at about half of that (255 signs a minute:
# Trauzettel-Klosinski, Dietz, IReST, IOVS 53:5452, 2012).
SIGNS_PER_S = 8
LEAST_QUICK = 3  # steps: fewer say nothing about a run
LEAST_ALIKE = 5  # steps that two runs have in common

Figures = dict[str, int]  # what was measured, and the thresholds it was held against
Json = Mapping[str, Any]  # a body of good shape, or a published version


@dataclass(frozen=True)
class Thresholds:
    """From when on a rule speaks; chosen by bench/signals.py. A 0 where it is allowed: never."""

    fast_factor: int = 40  # per cent of the reading time
    fast_share: int = 60  # per cent of the steps
    rhythm_ms: int = 180
    burst_people: int = 4
    burst_s: int = 40


# No plant can make reading pace itself a signal, or two people at one device.
LIMITS: dict[str, tuple[int, int]] = {
    "fast_factor": (0, 100),
    "fast_share": (30, 100),
    "rhythm_ms": (0, 1000),
    "burst_people": (3, 20),
    "burst_s": (0, 600),
}


class Step(NamedTuple):
    """One step of a run as it can be measured."""

    n: int
    took_ms: int | None  # None: no times, or a stay that the phone timed
    needs_ms: int  # to read it; never more than the dwell its version asks for
    value: str | None
    ok: bool


class Sealing(NamedTuple):
    """A record as a device sealed it."""

    record: str
    person: str
    at_ms: int


def read_thresholds(text: str) -> Thresholds:
    """The thresholds of a site from its JSON; what it does not name is the default.

    :raises Problem: 422 `bad_thresholds` for a name that is none, or a value out of its limits.
    """
    found = json.loads(text)
    for name, value in found.items():
        if name not in LIMITS:
            raise Problem(422, "bad_thresholds", "没有这个阈值：%(name)s。", params={"name": name})
        low, high = LIMITS[name]
        if type(value) is not int or not low <= value <= high:
            raise Problem(
                422,
                "bad_thresholds",
                "阈值 %(name)s 要写 %(low)s 到 %(high)s 的整数。",
                params={"name": name, "low": low, "high": high},
            )
    return Thresholds(**found)


def write_thresholds(thresholds: Thresholds) -> str:
    """The JSON of a site: only what differs from the default, so that a better default arrives."""
    usual = asdict(Thresholds())
    own = {name: value for name, value in asdict(thresholds).items() if value != usual[name]}
    text = json.dumps(own, sort_keys=True)
    read_thresholds(text)
    return text


def steps(body: Json, doc: Json) -> list[Step]:
    """The steps of a run that its published version knows."""
    asked = {one["n"]: one for one in doc["steps"]}
    return [_step(one, asked[one["n"]]) for one in body["steps"] if one["n"] in asked]


def reading_ms(asked: Json) -> int:
    """How long the text of a step takes to read, never longer than the stay its version asks for.

    Who stayed as long as the card asks has done what was asked, however long the text. A card that
    asks for no stay (`dwell_ms` 0) has not said what is enough: there the text alone counts.
    """
    text = "".join([asked["target"], asked["call"], *asked["criteria"]])
    needs_ms = len("".join(text.split())) * 1000 // SIGNS_PER_S
    dwell_ms = int(asked.get("dwell_ms") or 0)
    return min(needs_ms, dwell_ms) if dwell_ms else needs_ms


def fast(run: Sequence[Step], limit: Thresholds) -> Figures | None:
    """Whether a run was answered quicker than its text can be read: figures, or None."""
    timed = [one for one in run if one.took_ms is not None and one.ok]
    quick = [one for one in timed if _took(one) * 100 < limit.fast_factor * one.needs_ms]
    if len(quick) < LEAST_QUICK or len(quick) * 100 < limit.fast_share * len(timed):
        return None
    return {
        "steps": len(timed),
        "quick": len(quick),
        "took_ms": sum(_took(one) for one in quick),
        "needs_ms": sum(one.needs_ms for one in quick),
        "fast_factor": limit.fast_factor,
        "fast_share": limit.fast_share,
    }


def same_rhythm(run: Sequence[Step], last: Sequence[Step], limit: Thresholds) -> Figures | None:
    """Whether a run has the rhythm of the same person's last one of the version: figures, or None.

    Something abnormal, or one reading that differs, shows that somebody looked.
    """
    before = {one.n: one for one in last}
    pairs = [(one, before[one.n]) for one in run if one.n in before]
    if any(one.value != other.value or not (one.ok and other.ok) for one, other in pairs):
        return None
    timed = [(a, b) for a, b in pairs if a.took_ms is not None and b.took_ms is not None]
    differ_ms = sum(abs(_took(one) - _took(other)) for one, other in timed)
    if len(timed) < LEAST_ALIKE or differ_ms >= limit.rhythm_ms * len(timed):
        return None
    return {
        "steps": len(timed),
        "differ_ms": differ_ms // len(timed),
        "readings": sum(one.value is not None for one, _ in pairs),
        "rhythm_ms": limit.rhythm_ms,
    }


def bursts(sealed: Sequence[Sealing], limit: Thresholds) -> dict[str, Figures]:
    """The records of one device that were sealed in a burst: figures of the fullest, by record."""
    found: dict[str, Figures] = {}
    if not limit.burst_s:
        return found
    ordered = sorted(sealed, key=lambda one: (one.at_ms, one.record))
    for first in ordered:
        end_ms = first.at_ms + limit.burst_s * 1000
        window = [one for one in ordered if first.at_ms <= one.at_ms <= end_ms]
        people = len({one.person for one in window})
        if people < limit.burst_people:
            continue
        figures = {
            "people": people,
            "took_ms": window[-1].at_ms - first.at_ms,
            "burst_people": limit.burst_people,
            "burst_s": limit.burst_s,
        }
        for one in window:
            found[one.record] = max(found.get(one.record, figures), figures, key=_fullness)
    return found


def _fullness(figures: Figures) -> tuple[int, int]:
    return figures["people"], -figures["took_ms"]


def _step(taken: Json, asked: Json) -> Step:
    took_ms = taken.get("to_ms", 0) - taken.get("from_ms", 0)
    untimed = took_ms <= 0 or asked["ev"] == "T"
    return Step(
        n=taken["n"],
        took_ms=None if untimed else took_ms,
        needs_ms=reading_ms(asked),
        value=taken.get("value"),
        ok=taken["r"] == "ok",
    )


def _took(step: Step) -> int:
    assert step.took_ms is not None  # only steps with times are measured
    return step.took_ms
