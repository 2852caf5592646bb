"""False alarms and misses of the integrity signals: `python bench/signals.py` (bench/README.md).

People and scripts are made up from a seed, on the cards of the library; the rules are those of the
product. What is assumed about people stands in the constants and is ours: no plant was measured.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from shiftapp import library
from shiftapp.model.signal_rules import (
    Sealing,
    Step,
    Thresholds,
    bursts,
    fast,
    reading_ms,
    same_rhythm,
)

Doc = dict[str, Any]  # a checklist, JSON
Run = list[Step]

SETS = {
    "default": Thresholds(),
    "gentler": Thresholds(fast_factor=30, fast_share=70, rhythm_ms=100, burst_people=5, burst_s=40),
    "stricter": Thresholds(
        fast_factor=60, fast_share=50, rhythm_ms=300, burst_people=3, burst_s=60
    ),
}
DAYS = 10  # of one person on one card

# People: medians in seconds, sigmas of log-normal times.
PACE_S, PACE_SIGMA = 5.5, 0.45  # of a person; one in ten is quicker than the usual stay of 3 s
DAY_SIGMA, STEP_SIGMA = 0.12, 0.30
REACT_S, REACT_SIGMA = 0.45, 0.50  # from the full line to the press, of who waits for it
TAP_S, TAP_SIGMA = 0.35, 0.35  # the same, of who only waits for it
HASTE_S, HASTE_SIGMA = 0.8, 0.35  # a step without a stay that nobody reads
READING_FACTOR = 1.4  # a step with a figure to type takes longer
SAME_COUNT = 0.7  # a count ("open items") is the same as yesterday
GAUGE_SD = 2.0  # of a gauge from day to day, in its finest graduation
COMMIT_S, BRISK_S, COMMIT_SIGMA, LEAST_S = 40.0, 25.0, 0.35, 10.0  # in turn at one tablet
FORGED_S, FORGED_SIGMA = 9.0, 0.25  # one person who does it for others
CREW = 8


def main() -> int:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=20_000, help="of each kind")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = {name: measure(limit, asked.seed, asked.runs) for name, limit in SETS.items()}
    told = json.dumps(found, ensure_ascii=False, indent=1) if asked.json else table(found)
    sys.stdout.write(told + "\n")
    return 0


def measure(limit: Thresholds, seed: int, runs: int) -> dict[str, float]:
    """For each 1,000: signals among honest runs or records, and what went by of everything else."""
    found = {}
    for kind, maker in {**HONEST, **OTHER}.items():
        told = sum(islice(maker(Random(f"{seed} {kind}"), limit), runs))
        found[kind] = round((told if kind in HONEST else runs - told) * 1000 / runs, 1)
    return found


def table(found: dict[str, dict[str, float]]) -> str:
    """The measurement as Markdown."""
    lines = ["| for each 1,000 | " + " | ".join(found) + " |", "|---|" + "---:|" * len(found)]
    for title, kinds in (("false alarms", HONEST), ("misses", OTHER)):
        for kind in kinds:
            figures = " | ".join(f"{one[kind]:.1f}" for one in found.values())
            lines.append(f"| {title}: {kind} | {figures} |")
    return "\n".join(lines)


# Runs: each maker tells for one run after the other whether anything signals ----------------------

Maker = Callable[[Random, Thresholds], Iterator[bool]]
Round = Callable[[Random, Doc, Run | None], Run]  # the next run of somebody, after their last


def _days(rounds: Callable[[Random], Round], dwell: bool) -> Maker:
    """People who do one card of the library, day after day, in one way."""

    def made(random: Random, limit: Thresholds) -> Iterator[bool]:
        while True:
            doc, next_run = _card(random, dwell), rounds(random)
            runs = []
            for _ in range(DAYS + 1):
                runs.append(next_run(random, doc, runs[-1] if runs else None))
            for last, run in pairwise(runs):
                yield bool(fast(run, limit) or same_rhythm(run, last, limit))

    return made


def _card(random: Random, dwell: bool) -> Doc:
    """A checklist of the library, with the stay of its steps or (a plant's choice) without."""
    doc: Doc = library.job(random.choice(library.CODES))["checklist"]
    for step in doc["steps"]:
        step["dwell_ms"] = step["dwell_ms"] if dwell else 0
    return doc


def _careful(random: Random) -> Round:
    """Somebody who points, calls and looks; who is quicker than the stay waits for the line."""
    pace_s = _lognormal(random, PACE_S, PACE_SIGMA)

    def next_run(random: Random, doc: Doc, last: Run | None) -> Run:
        today_s = _lognormal(random, pace_s, DAY_SIGMA)
        values = _values(random, doc, last)
        return [
            _step(one, _stay(random, one, today_s), values.get(one["n"])) for one in doc["steps"]
        ]

    return next_run


def _stay(random: Random, step: Doc, pace_s: float) -> float:
    factor = READING_FACTOR if step["ev"] == "R" else 1.0
    own_s = _lognormal(random, pace_s * factor, STEP_SIGMA)
    dwell_s = step["dwell_ms"] / 1000
    return own_s if own_s >= dwell_s else dwell_s + _lognormal(random, REACT_S, REACT_SIGMA)


def _hasty(random: Random) -> Round:
    """Somebody who presses on as quickly as the buttons come."""

    def next_run(random: Random, doc: Doc, last: Run | None) -> Run:
        values = _values(random, doc, last)
        return [
            _step(one, _lognormal(random, HASTE_S, HASTE_SIGMA), values.get(one["n"]))
            for one in doc["steps"]
        ]

    return next_run


def _tapper(random: Random) -> Round:
    """Somebody who waits for the line, presses, and types the figures of yesterday."""

    def next_run(random: Random, doc: Doc, last: Run | None) -> Run:
        values = _copied(last) or _values(random, doc, None)
        return [
            _step(
                one,
                one["dwell_ms"] / 1000 + _lognormal(random, TAP_S, TAP_SIGMA),
                values.get(one["n"]),
            )
            for one in doc["steps"]
        ]

    return next_run


def _script(jitter_s: float, *, fresh: bool = False) -> Callable[[Random], Round]:
    """A program that repeats a careful run, its times shaken; `fresh`: with new figures."""

    def rounds(random: Random) -> Round:
        recorded = _careful(random)

        def next_run(random: Random, doc: Doc, last: Run | None) -> Run:
            if last is None:
                return recorded(random, doc, None)
            values = _values(random, doc, last) if fresh else _copied(last)
            took = {one.n: one.took_ms or 0 for one in last}
            return [
                _step(
                    one,
                    max(0.2, took[one["n"]] / 1000 + random.gauss(0, jitter_s)),
                    values.get(one["n"]),
                )
                for one in doc["steps"]
            ]

        return next_run

    return rounds


def _step(step: Doc, took_s: float, value: str | None) -> Step:
    took_ms = None if step["ev"] == "T" else round(took_s * 1000)
    return Step(step["n"], took_ms, reading_ms(step), value, ok=True)


def _values(random: Random, doc: Doc, last: Run | None) -> dict[int, str]:
    """What the readings show today: even ones are counts that often stay, odd ones gauges."""
    before, found = _copied(last), {}
    for one in doc["steps"]:
        if one["ev"] != "R":
            continue
        if one["n"] % 2 == 0 and one["n"] in before and random.random() < SAME_COUNT:
            found[one["n"]] = before[one["n"]]
        elif one["n"] % 2 == 0:
            found[one["n"]] = str(random.randrange(6))
        else:
            found[one["n"]] = str(round(random.gauss(60, GAUGE_SD)))
    return found


def _copied(last: Run | None) -> dict[int, str]:
    return {one.n: one.value for one in last or [] if one.value is not None}


def _lognormal(random: Random, median: float, sigma: float) -> float:
    return random.lognormvariate(math.log(median), sigma)


# One tablet: each maker tells for one record after the other -------------------------------------


def _tablet(median_s: float, sigma: float, least_s: float, people: int) -> Maker:
    """Commitments of several people, sealed one after the other on one device."""

    def made(random: Random, limit: Thresholds) -> Iterator[bool]:
        while True:
            at_ms, sealed = 0, []
            for number in range(people):
                at_ms += round(max(least_s, _lognormal(random, median_s, sigma)) * 1000)
                sealed.append(Sealing(str(number), str(number), at_ms))
            found = bursts(sealed, limit)
            yield from (one.record in found for one in sealed)

    return made


HONEST: dict[str, Maker] = {
    "careful, cards with a stay": _days(_careful, dwell=True),
    "careful, cards without": _days(_careful, dwell=False),
    "a crew at one tablet": _tablet(COMMIT_S, COMMIT_SIGMA, LEAST_S, CREW),
    "a brisk crew at one tablet": _tablet(BRISK_S, COMMIT_SIGMA, LEAST_S, CREW),
}
OTHER: dict[str, Maker] = {
    "hasty, cards without a stay": _days(_hasty, dwell=False),
    "hasty, a program that does not hold the stay": _days(_hasty, dwell=True),
    "taps when the line is full, figures of yesterday": _days(_tapper, dwell=True),
    "a script, times shaken by 0.05 s": _days(_script(0.05), dwell=True),
    "a script, times shaken by 0.2 s": _days(_script(0.2), dwell=True),
    "a script, times shaken by 1 s": _days(_script(1.0), dwell=True),
    "a script with new figures": _days(_script(0.05, fresh=True), dwell=True),
    "one person for five": _tablet(FORGED_S, FORGED_SIGMA, 3.0, 5),
}

if __name__ == "__main__":
    sys.exit(main())
