"""The group itself: help, versions, refusals in one line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import shiftapp
from shiftapp.cli import main
from tests.terminal import Cli


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", list(commands(main)), ids=" ".join)
def test_every_command_has_help(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*path, "--help"])
    assert result.exit_code == 0
    assert len(result.output.split("\n\n")[1].strip()) > 10


def test_it_tells_its_version() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"shiftapp {shiftapp.__version__}\n"


@pytest.mark.parametrize("args", [["user", "list"], ["backup", "x.tar.gz"], ["serve"], ["doctor"]])
def test_without_an_install_it_says_how_to_make_one(tmp_path: Path, args: list[str]) -> None:
    out = Cli(tmp_path / "none", "").run(*args, code=1).output
    assert "shiftapp init" in out and "Traceback" not in out
    assert not (tmp_path / "none").exists()


def test_an_odd_setting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIFTAPP_THREADS", "many")
    out = Cli(tmp_path / "none", "").run("user", "list", code=1).output
    assert "SHIFTAPP_THREADS" in out and "bad_setting" in out


def test_a_misspelt_setting_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIFTAPP_TREADS", "8")
    assert "SHIFTAPP_TREADS" in Cli(tmp_path / "none", "").run("user", "list", code=1).output


def test_an_empty_database_is_not_an_install(bare: Cli) -> None:
    if not bare.database:
        bare.data.mkdir()
        (bare.data / "shiftapp.db").touch()
    assert "shiftapp init" in bare.run("user", "list", code=1).output
