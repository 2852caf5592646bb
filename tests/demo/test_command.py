"""`shiftapp demo` as somebody types it: what it prints, what answers, how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from shiftapp.demo.folder import PASSWORD, PIN
from tests.terminal import Cli


class Shown:
    """A running `shiftapp demo` and what it has printed until it was ready."""

    def __init__(self, folder: Path, *args: str, lang: str = "C.UTF-8") -> None:
        self.errors = (folder.parent / "errors.log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shiftapp", "demo", "--port", "0", "--data", folder, *args],
            env={**os.environ, "LC_ALL": lang},
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        self.text = "".join(lines)
        found = re.search(r"http://\S+", self.text)
        assert found, self.text + Path(self.errors.name).read_text()
        self.address = found[0]

    def open(self, url: str, form: dict[str, str] | None = None) -> str:
        """A page; a form is sent with its headers."""
        data = None if form is None else b""
        request = urllib.request.Request(url, data, form or {})
        with urllib.request.urlopen(request) as answer:
            return str(answer.read().decode())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(40)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.errors.close()
        return code


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shown") / "demo"


@pytest.fixture(scope="module")
def shown(folder: Path) -> Iterator[Shown]:
    """One that runs, for tests that only look at it."""
    started = Shown(folder, "--now", "2026-11-24")
    yield started
    started.stop()


def test_it_prints_the_address_a_code_and_who_is_who(shown: Shown) -> None:
    assert re.search(r"Open http://127\.0\.0\.1:\d+/demo", shown.text)
    assert "█" in shown.text
    for no, secret in (("1004", PIN), ("1001", PASSWORD), ("9001", PASSWORD), ("9007", PASSWORD)):
        assert re.search(rf"{no} .*{secret}", shown.text)


def test_what_it_prints_can_be_opened_and_codes_carry_that_address(shown: Shown) -> None:
    assert "07:38" in shown.open(shown.address)
    public = shown.open(shown.address.removesuffix("/demo") + "/")
    assert "濮阳示例化工有限公司（示例）" in public
    assert len(public.encode()) <= 20_000


def test_it_ends_in_order_and_goes_on_with_another_port(tmp_path: Path) -> None:
    assert Shown(tmp_path / "demo", "--now", "2026-11-24").stop() == 0
    again = Shown(tmp_path / "demo", "--now", "2026-11-24", lang="zh_CN.UTF-8")
    try:
        assert "建好了" not in again.text and "打开" in again.text
    finally:
        assert again.stop() == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_who_checks_two_days_and_a_reset_on_one_port_is_told_of_no_contradiction(
    tmp_path: Path,
) -> None:
    port, reader = free_port(), Cli(tmp_path / "x", "")

    def check(shown: Shown) -> None:
        site = shown.address.removesuffix("/demo")
        page = re.search(r"/announcements/[0-9a-f-]{36}", shown.open(f"{site}/"))
        assert page
        url, state = site + page[0], str(tmp_path / "state")
        assert reader.json("verify", url, "--state", state)["findings"] == []

    for day in ("2026-11-24", "2026-11-25"):
        shown = Shown(tmp_path / "demo", "--now", day, "--port", str(port))
        try:
            check(shown)
            shown.open(f"{shown.address}/reset", {"Sec-Fetch-Site": "same-origin"})
            check(shown)
        finally:
            assert shown.stop() == 0


def test_in_english_it_is_an_english_plant(tmp_path: Path) -> None:
    english = Shown(tmp_path / "demo", "--now", "2026-11-24", "--lang", "en")
    try:
        assert "Wang Wu" in english.text
        assert json.loads((tmp_path / "demo/demo.json").read_text())["lang"] == "en"
    finally:
        english.stop()


def test_a_second_one_on_the_same_folder_is_refused(
    shown: Shown, folder: Path, tmp_path: Path
) -> None:
    result = Cli(tmp_path / "x", "").run(
        "demo", "--data", str(folder), "--now", "2026-11-25", "--port", "0", code=1
    )
    assert "is running" in result.output
    assert "07:38" in shown.open(shown.address)  # nothing was taken from under the first


def test_a_real_install_is_left_alone(tmp_path: Path) -> None:
    install = Cli(tmp_path / "real", "")
    install.init()
    result = install.run("demo", "--data", str(install.data), "--port", "0", code=1)
    assert "not_a_demo" in result.output


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    Cli(tmp_path, "").run("demo", "--data", str(tmp_path / "d"), "--now", "yesterday", code=2)
