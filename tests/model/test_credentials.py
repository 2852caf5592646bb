"""Hashing PINs and passwords: how many wait for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from shiftapp.model import credentials
from shiftapp.problems import Problem

PEPPER = b"p" * 32


def _tried(number: int) -> str:
    try:
        return str(credentials.check_secret(None, f"guess {number}", PEPPER))
    except Problem as problem:
        return problem.code


def test_a_flood_is_sent_away_and_the_next_one_is_served() -> None:
    with ThreadPoolExecutor(40) as threads:
        answers = list(threads.map(_tried, range(40)))
    assert set(answers) == {"False", "busy"} and answers.count("False") >= 12
    hashed = credentials.hash_secret("gate seven opens north", PEPPER)
    assert credentials.check_secret(hashed, "gate seven opens north", PEPPER)
