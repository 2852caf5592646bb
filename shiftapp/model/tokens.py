"""The server's time token: what lets an offline record show when it was surely not made before.

`<server ms>.<16 hex digits of an HMAC over device and time>`; opaque to the device (pwa brief §9).
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, NamedTuple

STEADY_MS = 120_000  # how far a device's clock may have moved against ours to be believed
JUMP_MS = 60_000  # pwa brief §9


class Times(NamedTuple):
    """What is known of when a record was made, ms; None: nothing."""

    lower_ms: int | None
    estimate_ms: int | None
    estimate_ok: bool


def make(secret: bytes, device: str, server_ms: int) -> str:
    """A token for a device at an instant of the server."""
    return f"{server_ms}.{_mac(secret, device, server_ms)}"


def read(secret: bytes, device: str, token: str) -> int | None:
    """The instant of a token of ours for that device; None when it is not."""
    head, _, mac = token.partition(".")
    if not (head.isascii() and head.isdigit() and len(head) <= 16):
        return None
    server_ms = int(head)
    wanted = _mac(secret, device, server_ms).encode()
    # As bytes: a token may be any text, and comparing texts refuses what is not ASCII.
    return server_ms if hmac.compare_digest(mac.encode("utf-8", "replace"), wanted) else None


def times(time: dict[str, Any], token_ms: int | None, recv_ms: int, client_ms: int | None) -> Times:
    """Bounds and estimate of a body's `time` (formats.md §4; verified by the rule of pwa §9).

    `token_ms`: what `read` gave for its token. `client_ms`: the device's clock when it sent.
    """
    if token_ms is None or token_ms > recv_ms:
        return Times(None, None, False)
    lower_ms = min(token_ms + (time["mono_ms"] or 0), recv_ms)
    passed_ms = time["sealed_ms"] - time["token_wall_ms"]
    offset_ms = time["token_wall_ms"] - token_ms
    steady = client_ms is not None and abs(client_ms - recv_ms - offset_ms) <= STEADY_MS
    forward = passed_ms >= max(0, time["mono_ms"] or 0)
    estimate_ms = token_ms + passed_ms
    return Times(lower_ms, estimate_ms, steady and forward and estimate_ms <= recv_ms + STEADY_MS)


def after(found: Times, seen_s: int | None, recv_ms: int) -> Times:
    """Times of a record that names a tree of the log: it was made after a quorum had seen that.

    `seen_s`: when, Unix s; None: it names none, or one that is not ours, which shows nothing.
    """
    if seen_s is None:
        return found
    lower_ms = min(seen_s * 1000, recv_ms)
    return found._replace(lower_ms=max(found.lower_ms or lower_ms, lower_ms))


def jumped(time: dict[str, Any]) -> bool:
    """Whether the device's clock was surely set back between token and sealing (`clock_jump`).

    A monotonic clock can only count too little (it stops in sleep), so a wall clock far ahead of
    it may be an honest phone in a pocket; one far behind it was changed.
    """
    if time["token_wall_ms"] is None:
        return False
    passed_ms = time["sealed_ms"] - time["token_wall_ms"]
    return bool(passed_ms < (time["mono_ms"] or 0) - JUMP_MS)


def _mac(secret: bytes, device: str, server_ms: int) -> str:
    text = f"shiftapp/time/v1\n{device}\n{server_ms}"
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:16]
