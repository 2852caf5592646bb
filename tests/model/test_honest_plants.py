"""Whatever honest plants do, the verifier finds nothing wrong with an announcement they sign.

The seed is in the name of the test. `SEEDS=100 pytest tests/model/test_honest_plants.py` runs the
seeds 0 to 99; the same with `-k sqlite-seed-17` repeats one.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from shiftapp.ledger.verify_report import VERDICTS
from shiftapp.store import Store
from tests.honest_days import HonestDay
from tests.recounting import ann_of, said

SEEDS = int(os.environ.get("SEEDS", "8"))
BUSY = 4  # a seed of all that there is
WRONG = {code for code, verdict in VERDICTS.items() if verdict["kind"] == "fail"}


def worked(store: Store, folder: Path, seed: int) -> HonestDay:
    """A day and a half of a plant, until all that was signed is in the log."""
    day = HonestDay(store, folder, seed)
    day.work()
    assert day.announced
    return day


def objections(day: HonestDay) -> list[tuple[int, str, str]]:
    """What the verifier says against each version, but that a later one replaces it.

    A day counts the shifts of each site by its own clock, and tells the hours of the first one:
    by them the log may have more.
    """
    one_zone = len(set(day.plant.zones.values())) == 1
    against = WRONG - {"superseded"} | ({"not_named"} if one_zone else set())
    found = []
    for version, id in enumerate(day.announced, 1):
        index, _ = ann_of(day.store, id)
        assert index is not None
        found += [(version, code, s) for code, s in said(day.store, index) if code in against]
    return found


@pytest.mark.parametrize(
    ("store", "seed"),
    [pytest.param("sqlite", seed, marks=[pytest.mark.slow] * (seed > 2)) for seed in range(SEEDS)]
    + [("postgres", seed) for seed in range(3)],
    indirect=["store"],
    ids=lambda one: f"seed-{one}" if isinstance(one, int) else one,
)
def test_no_announcement_of_an_honest_plant_fails(store: Store, tmp_path: Path, seed: int) -> None:
    assert objections(worked(store, tmp_path, seed)) == []


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_busy_plant_does_all_there_is_and_its_figures_are_shown(
    store: Store, tmp_path: Path
) -> None:
    """Each thing was done at least once and not only refused."""
    day = worked(store, tmp_path, BUSY)
    figures: Counter[str] = Counter()
    for row in store.rows("SELECT parts FROM announcement ORDER BY version"):
        for part in json.loads(row["parts"]):
            came = {name: part[name] for name in ("on", "off", "late")}
            figures.update(came, none=part["n"] - sum(came.values()))
    assert set(day.plant.done) == set(day.plant.presses)
    assert len(day.announced) == 3
    assert all(figures[name] > 0 for name in ("on", "off", "late", "none"))
