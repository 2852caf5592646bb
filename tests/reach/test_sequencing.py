"""The threads that keep the log: a witness that hangs holds up no place, a refusal ends them."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from shiftapp.commands.keeper import vkey_of
from shiftapp.commands.sequencer import now_of, sequencing
from shiftapp.ledger import guard, log, note
from shiftapp.web.context import Context
from tests.keeping import check_log, fill
from tests.reach.capture import Capture

ORIGIN = "aq.example.cn/log"
EVERY_S = 0.05
UNION = note.vkey("union.example/w", b"\x07" * 32, note.COSIGNATURE)


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)


def log_of(install: Context) -> note.Verifier:
    return note.parse_vkey(vkey_of(install.keys, ORIGIN, "log"))


def watch(install: Context, url: str, quorum: str = "self") -> None:
    """The operator's own policy, with a witness at an address."""
    lines = [
        f"log {vkey_of(install.keys, ORIGIN, 'log')}",
        f"witness self {vkey_of(install.keys, ORIGIN, 'witness')}",
        f"witness union {UNION} {url}",
        f"quorum {quorum}",
    ]
    install.config.policy.write_text("\n".join(lines) + "\n")


def test_it_keeps_the_log_of_a_running_server(install: Context) -> None:
    with sequencing(install, EVERY_S) as refused:
        until(lambda: log.newest(install.store) is not None)
        size = log.head(install.store).size
        fill(install.store, ["one more"], now_of(install))
        until(lambda: log.head(install.store).size > size)
    assert check_log(install.store, log_of(install)) == size + 1
    assert refused.is_set()  # it has ended
    assert guard.refused(install.store) == ""


def test_a_witness_that_hangs_holds_up_no_place(install: Context, capture: Capture) -> None:
    capture.answers = ["hang"]
    watch(install, f"http://127.0.0.1:{capture.port}")
    with sequencing(install, EVERY_S):
        until(lambda: bool(capture.requests))
        for number in range(5):
            size = log.head(install.store).size
            fill(install.store, [f"entry {number}"], now_of(install))
            until(lambda size=size: log.head(install.store).size > size)  # type: ignore[misc]
        assert len(capture.requests) == 1  # still the first
        assert log.newest(install.store) is not None  # its own has seen it
        capture.leave.set()
    check_log(install.store, log_of(install))


def test_a_fault_is_told_and_tried_again(
    install: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("shiftapp.commands.sequencer.AGAIN_S", EVERY_S)
    folder = install.config.published.parent
    folder.write_text("in the way")
    with sequencing(install, EVERY_S):
        until(lambda: "is tried again" in caplog.text)
        folder.unlink()
        until(lambda: log.newest(install.store) is not None)


def test_a_refusal_is_said_once_and_ends_it(
    install: Context, caplog: pytest.LogCaptureFixture
) -> None:
    install.config.published.parent.mkdir()
    install.config.published.write_text("not a note")
    with sequencing(install, EVERY_S) as refused:
        until(refused.is_set)
        time.sleep(0.2)
    assert caplog.text.count("[bad_guard]") == 1
    assert "停止签署" in caplog.text
    assert log.head(install.store).size == 0
