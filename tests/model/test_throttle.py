"""Failed tries: five are free, each further one waits twice as long, all is forgotten in a day."""

from __future__ import annotations

import pytest

from shiftapp.model import throttle
from shiftapp.problems import Problem
from shiftapp.store import Store

NOW, KEY = 1_000_000_000, "pin:1001:phone"


def fail(store: Store, times: int, now_ms: int = NOW, key: str = KEY) -> None:
    for _ in range(times):
        with store.tx() as db:
            throttle.failed(db, key, now_ms)


def wait_s(store: Store, now_ms: int = NOW, key: str = KEY) -> int:
    try:
        throttle.check(store, key, now_ms)
    except Problem as problem:
        assert (problem.status, problem.code) == (429, "throttled")
        assert problem.params["s"] == problem.retry_after_s
        return int(problem.retry_after_s or 0)
    return 0


def test_the_first_tries_are_free(store: Store) -> None:
    fail(store, 4)
    assert wait_s(store) == 0
    fail(store, 1)
    assert wait_s(store) == 30


@pytest.mark.parametrize(
    ("failures", "seconds"), [(5, 30), (6, 60), (7, 120), (10, 960), (11, 1800), (40, 1800)]
)
def test_each_further_try_waits_twice_as_long_up_to_half_an_hour(
    store: Store, failures: int, seconds: int
) -> None:
    fail(store, failures)
    assert wait_s(store) == seconds
    assert wait_s(store, NOW + 1) == seconds  # a started second counts
    assert wait_s(store, NOW + seconds * 1000 - 1) == 1
    assert wait_s(store, NOW + seconds * 1000) == 0


def test_success_forgets_and_other_keys_do_not_wait(store: Store) -> None:
    fail(store, 9)
    assert wait_s(store, key="pin:1002:phone") == 0
    with store.tx() as db:
        throttle.passed(db, KEY)
    assert wait_s(store) == 0
    fail(store, 4)
    assert wait_s(store) == 0


def test_a_day_has_a_limit_and_an_end(store: Store) -> None:
    ends = NOW + 3_600_000
    for _ in range(throttle.DAILY_LIMIT - 1):
        with store.tx() as db:
            throttle.failed_today(db, "day", NOW, ends)
    assert wait_s(store, key="day") == 0
    with store.tx() as db:
        throttle.failed_today(db, "day", NOW, ends)
    assert wait_s(store, key="day") == 3600
    assert wait_s(store, ends, key="day") == 0


def test_keys_are_forgotten_a_day_after_they_waited(store: Store) -> None:
    fail(store, 6)
    until = NOW + 60_000
    with store.tx() as db:
        assert throttle.forget_old(db, until + throttle.FORGET_MS) == 0
        assert throttle.forget_old(db, until + throttle.FORGET_MS + 1) == 1
