"""`shiftapp log sequence`, and what `serve` does without it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from shiftapp.config import read_config
from shiftapp.ledger import checkpoint, guard, log, note
from shiftapp.ledger.keys import load_keyset
from shiftapp.problems import Problem
from tests.faults.rig import Server
from tests.terminal import Cli


def head(cli: Cli) -> int:
    store = cli.store()
    try:
        return log.head(store).size
    finally:
        store.close()


def test_once_makes_a_round_and_ends(cli: Cli) -> None:
    cli.run("log", "sequence", "--once")
    store = cli.store()
    newest = log.newest(store)
    store.close()
    assert newest is not None and newest["size"] == 3  # keys of log, receipts, announcements
    assert (cli.data / "log" / "published").read_text("utf-8") == newest["note"]
    assert len(list((cli.data / "witness").glob("*.log"))) == 1
    cli.run("log", "sequence", "--once")
    assert head(cli) == 3


def test_as_a_process_it_keeps_the_log_until_it_is_told_to_end(cli: Cli) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "shiftapp", "log", "sequence"],
        env={**os.environ, **cli.env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        assert "Keeping the log" in process.stdout.readline()
        until = time.monotonic() + 20
        while head(cli) < 3 and time.monotonic() < until:
            time.sleep(0.1)
        assert head(cli) == 3
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert "Traceback" not in process.stderr.read()


def test_on_sqlite_it_says_that_serve_keeps_the_log(sqlite_cli: Cli) -> None:
    server = Server(sqlite_cli)
    out = sqlite_cli.run("log", "sequence", "--once", code=1).output
    assert "it keeps the log itself" in out
    assert server.stop() == 0
    assert head(sqlite_cli) == 3


def test_a_log_that_must_not_be_signed_is_told_with_what_to_do(cli: Cli) -> None:
    cli.run("log", "sequence", "--once")
    key = load_keyset(cli.data / "keys").log
    assert key is not None
    lost = checkpoint.Checkpoint("aq.example.cn/log", 9, b"\x01" * 32).text
    signed = note.sign_note(lost, "aq.example.cn/log", key)
    (cli.data / "log" / "published").write_text(signed, "utf-8")
    out = cli.run("log", "sequence", "--once", code=1, lang="zh_CN.UTF-8").output
    assert "停止签署" in out and "rolled_back" in out
    server = Server(cli)  # everything else goes on
    assert server.stop() == 0
    errors = server.errors.read_text()
    assert errors.count("[rolled_back]") >= 1 and "Traceback" not in errors
    assert head(cli) == 3
    store = cli.store()
    assert guard.refused(store) == "rolled_back"
    store.close()


def test_a_policy_of_another_log_is_refused(sqlite_cli: Cli) -> None:
    policy = sqlite_cli.data / "policy"
    policy.write_text("quorum none\n")
    assert "log aq.example.cn/log+" in sqlite_cli.run("log", "sequence", "--once", code=1).output
    policy.write_text("log nothing\n")
    assert "line 1 of the policy" in sqlite_cli.run("log", "sequence", "--once", code=1).output


def test_a_server_that_does_not_keep_the_log_needs_none_of_its_keys(cli: Cli) -> None:
    keys = cli.data / "keys"
    kept = {name: (keys / name).read_bytes() for name in ("log.key", "witness.key")}
    for name in kept:
        (keys / name).unlink()
    cli.env["SHIFTAPP_SEQUENCE"] = "off"
    server = Server(cli)
    assert server.stop() == 0
    assert head(cli) == 0
    cli.run("user", "reset-password", "admin")
    cli.run("announce", "export", str(cli.data / "site"))
    assert all(one["verdict"] != "fail" for one in cli.json("doctor", "--offline"))
    assert "keys/log.key" in cli.run("log", "sequence", "--once", code=1).output
    assert "keys/log.key" in cli.run("log", "policy", code=1).output
    for name, content in kept.items():
        (keys / name).write_bytes(content)
    cli.run("log", "sequence", "--once")
    assert head(cli) == 3


def test_a_server_that_does_not_keep_the_log_does_not_read_its_keys(cli: Cli) -> None:
    found = load_keyset(cli.data / "keys", sequence=False)
    assert (found.log, found.witness) == (None, None)


@pytest.mark.parametrize("value", ["", "no", "ON"])
def test_the_setting_is_on_or_off(value: str) -> None:
    assert read_config({}).sequence
    assert not read_config({"SHIFTAPP_SEQUENCE": "off"}).sequence
    with pytest.raises(Problem, match="SHIFTAPP_SEQUENCE"):
        read_config({"SHIFTAPP_SEQUENCE": value})
