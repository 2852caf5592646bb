"""The simulator that the thresholds were chosen by (bench/signals.py): counts, not times."""

from __future__ import annotations

from bench import signals

RUNS = 2000
BOUND = 5  # false alarms for each 1,000 honest runs


def test_honest_people_are_below_the_bound_with_the_defaults() -> None:
    found = signals.measure(signals.SETS["default"], 1, RUNS)
    assert set(found) == {*signals.HONEST, *signals.OTHER}
    assert {kind: found[kind] for kind in signals.HONEST if found[kind] >= BOUND} == {}
    # and they are not below it because nothing is ever told
    assert found["hasty, cards without a stay"] < 50
    assert found["a script, times shaken by 0.05 s"] < 50
    assert found["one person for five"] < 50


def test_the_same_seed_gives_the_same_table() -> None:
    limit = signals.SETS["default"]
    assert signals.measure(limit, 3, 200) == signals.measure(limit, 3, 200)
    assert signals.measure(limit, 3, 200) != signals.measure(limit, 4, 200)


def test_stricter_thresholds_trade_misses_for_false_alarms() -> None:
    gentle, strict = (
        signals.measure(signals.SETS[name], 1, 500) for name in ("gentler", "stricter")
    )
    for kind in signals.HONEST:
        assert gentle[kind] <= strict[kind]
    for kind in signals.OTHER:
        assert gentle[kind] >= strict[kind]


def test_the_table_names_every_kind_once() -> None:
    found = {name: signals.measure(limit, 1, 50) for name, limit in signals.SETS.items()}
    text = signals.table(found)
    assert len(text.splitlines()) == 2 + len(signals.HONEST) + len(signals.OTHER)
    assert text.count("false alarms") == len(signals.HONEST)
