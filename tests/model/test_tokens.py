"""Time tokens: what shows that an offline record was made before its shift began."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.model import tokens
from shiftapp.model.tokens import Times, jumped, make, read, times

SECRET, DEVICE, T = b"s" * 32, "d0000000-0000-4000-8000-000000000001", 1_795_470_000_000
MINUTE = 60_000
MS = st.integers(0, 2**45)


def clock(
    sealed_ms: int, token_wall_ms: int | None = T, mono_ms: int | None = None
) -> dict[str, Any]:
    return {"sealed_ms": sealed_ms, "token_wall_ms": token_wall_ms, "mono_ms": mono_ms}


@given(MS, st.binary(min_size=1, max_size=40), st.text(max_size=40))
def test_a_token_reads_back_for_its_own_device_only(ms: int, secret: bytes, device: str) -> None:
    token = make(secret, device, ms)
    assert len(token) <= 200
    assert read(secret, device, token) == ms
    assert read(secret, device + "x", token) is None
    assert read(secret + b"x", device, token) is None


@given(st.integers(0, 40), st.characters())
def test_a_changed_token_is_none(at: int, new: str) -> None:
    token = make(SECRET, DEVICE, T)
    at %= len(token)
    changed = token[:at] + new + token[at + 1 :]
    assert changed == token or read(SECRET, DEVICE, changed) is None


@given(st.text(max_size=60))
def test_any_text_is_no_token(text: str) -> None:
    assert read(SECRET, DEVICE, text) is None


def test_without_a_token_nothing_is_known() -> None:
    assert times(clock(T, None), None, T + 1, T) == Times(None, None, False)


def test_a_token_of_later_than_the_delivery_tells_nothing() -> None:
    assert times(clock(T), T + 2, T + 1, T) == Times(None, None, False)


@pytest.mark.parametrize(
    ("name", "sealed_ms", "mono_ms", "client_off_ms", "wanted"),
    [
        ("a steady clock", T + 20 * MINUTE, None, 0, (T, T + 20 * MINUTE, True)),
        (
            "with its page alive",
            T + 20 * MINUTE,
            20 * MINUTE,
            0,
            (T + 20 * MINUTE, T + 20 * MINUTE, True),
        ),
        (
            "asleep in between",
            T + 20 * MINUTE,
            3 * MINUTE,
            0,
            (T + 3 * MINUTE, T + 20 * MINUTE, True),
        ),
        ("moved by two minutes", T + 20 * MINUTE, None, 2 * MINUTE, (T, T + 20 * MINUTE, True)),
        ("moved by more", T + 20 * MINUTE, None, 2 * MINUTE + 1, (T, T + 20 * MINUTE, False)),
        ("set back", T - MINUTE, None, 0, (T, T - MINUTE, False)),
        (
            "less than its page has counted",
            T + 5 * MINUTE,
            9 * MINUTE,
            0,
            (T + 9 * MINUTE, T + 5 * MINUTE, False),
        ),
        ("later than the delivery", T + 90 * MINUTE, None, 0, (T, T + 90 * MINUTE, False)),
    ],
)
def test_bounds_and_estimate(
    name: str,
    sealed_ms: int,
    mono_ms: int | None,
    client_off_ms: int,
    wanted: tuple[int, int, bool],
) -> None:
    recv_ms = T + 60 * MINUTE
    found = times(clock(sealed_ms, T, mono_ms), T, recv_ms, recv_ms + client_off_ms)
    assert found == Times(*wanted), name


def test_a_clock_that_is_always_wrong_by_the_same_is_believed() -> None:
    off = 7 * 24 * 60 * MINUTE
    found = times(clock(T + off + MINUTE, T + off), T, T + 5 * MINUTE, T + off + 5 * MINUTE)
    assert found == Times(T, T + MINUTE, True)


def test_without_the_devices_clock_at_sending_the_estimate_is_not_verified() -> None:
    assert times(clock(T + MINUTE), T, T + 5 * MINUTE, None) == Times(T, T + MINUTE, False)


@given(MS, MS, MS, st.none() | MS, st.none() | MS)
def test_the_lower_bound_never_passes_the_receipt(
    token: int, recv: int, sealed: int, mono: int | None, client: int | None
) -> None:
    found = times(clock(sealed, token, mono), token, recv, client)
    assert found.lower_ms is None or token <= found.lower_ms <= recv
    assert not found.estimate_ok or found.estimate_ms <= recv + tokens.STEADY_MS  # type: ignore[operator]


@pytest.mark.parametrize(
    ("sealed_ms", "mono_ms", "told"),
    [
        (T, None, False),
        (T - MINUTE, None, False),
        (T - MINUTE - 1, None, True),
        (T + 3 * MINUTE, 4 * MINUTE, False),
        (T + 3 * MINUTE - 1, 4 * MINUTE, True),
        (T + 600 * MINUTE, MINUTE, False),  # in a pocket, asleep
    ],
)
def test_only_a_clock_surely_set_back_is_a_jump(
    sealed_ms: int, mono_ms: int | None, told: bool
) -> None:
    assert jumped(clock(sealed_ms, T, mono_ms)) == told
    assert not jumped(clock(sealed_ms, None, None))
