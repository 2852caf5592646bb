"""The group itself: help, versions, refusals in one line."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import shiftapp
from shiftapp.cli import main
from shiftapp.commands import archive
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


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("SHIFTAPP_THREADS", "3", "要填 4 到 256 的整数", "a whole number, 4 to 256"),
        ("SHIFTAPP_SEQUENCE", "no", "要填 on 或者 off", "on or off"),
        ("SHIFTAPP_SMTP", "mail", "要像 smtp://主机", "as in smtp://host"),
        ("SHIFTAPP_X", "1", "没有这个设置", "there is no such setting"),
    ],
)
def test_an_odd_setting_is_told_in_the_terminal_s_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, zh: str, en: str
) -> None:
    monkeypatch.setenv(name, value)
    cli = Cli(tmp_path / "none", "")
    told = cli.run("doctor", code=1, lang="en_US.UTF-8").output
    assert f"Setting {name}: {en}" in told and told.isascii()
    assert f"设置 {name}：{zh}" in cli.run("doctor", code=1, lang="zh_CN.UTF-8").output


def test_a_misspelt_setting_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIFTAPP_TREADS", "8")
    assert "SHIFTAPP_TREADS" in Cli(tmp_path / "none", "").run("user", "list", code=1).output


def test_an_empty_database_is_not_an_install(bare: Cli) -> None:
    if not bare.database:
        bare.data.mkdir()
        (bare.data / "shiftapp.db").touch()
    assert "shiftapp init" in bare.run("user", "list", code=1).output


def test_a_folder_that_cannot_be_made_is_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    under = tmp_path / "file" / "folder"
    out = Cli(under, "").run("init", "--url", "https://aq.example.cn", code=1).output
    assert str(under.parent) in out and "permissions" in out
    out = (
        Cli(under, "")
        .run(
            *("witness", "init", "--name", "w.example/1", "--data", str(under)),
            code=1,
            lang="zh_CN.UTF-8",
        )
        .output
    )
    assert str(under.parent) in out and "权限" in out


def test_another_fault_with_a_file_is_ours_and_is_not_hidden(
    sqlite_cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "again")

    monkeypatch.setattr(archive, "write", fail)
    with pytest.raises(BlockingIOError):
        sqlite_cli.run("backup", str(tmp_path / "b.tar.gz"))


def test_a_full_disk_is_said_in_a_line(
    sqlite_cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive, "write", fail)
    out = sqlite_cli.run("backup", str(tmp_path / "b.tar.gz"), code=1).output
    assert "No space left on device" in out and "Traceback" not in out


def test_a_file_that_is_no_database_is_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "shiftapp.db").write_text("hello, this is no database at all")
    out = Cli(tmp_path, "").run("doctor", code=1).output
    assert "The database cannot be opened: file is not a database" in out


def test_a_database_server_that_does_not_answer_is_said_in_a_line(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    nobody = "postgresql://x@127.0.0.1:1/none"
    out = Cli(tmp_path, nobody).run("user", "list", code=1, lang="zh_CN.UTF-8").output
    assert "数据库打不开：" in out and "Connection refused" in out
