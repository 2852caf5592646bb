from __future__ import annotations

import stat
from pathlib import Path

import pytest

from shiftapp.ledger.keys import load_keyset
from shiftapp.model import credentials, people, settings
from shiftapp.store.migrations import names
from tests.terminal import PASSWORD, Cli


def test_it_makes_an_install_with_an_administrator(bare: Cli) -> None:
    bare.init("--name", "示例化工", "--admin-no", "A1")
    store = bare.store()
    try:
        assert store.migrated() == names()
        facts = settings.get(store)
        assert (facts.url, facts.origin, facts.name) == (
            "https://aq.example.cn",
            "aq.example.cn/log",
            "示例化工",
        )
        admin = people.by_no(store, "A1")
        assert admin is not None
        assert people.roles(store, admin["id"]) == [people.Role("admin")]
        pepper = load_keyset(bare.data / "keys").pin_pepper
        assert credentials.check_secret(admin["password_hash"], PASSWORD, pepper)
    finally:
        store.close()


def test_keys_and_database_are_for_their_owner_alone(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "data", "")
    cli.init()
    for path in (cli.data, *cli.data.rglob("*")):
        if path.name.endswith(("-wal", "-shm")):
            continue
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_it_prints_the_password_once_and_what_comes_next(tmp_path: Path) -> None:
    out = Cli(tmp_path / "data", "").run("init", "--url", "https://aq.example.cn").output
    assert "shown once" in out and "shiftapp import" in out


def test_it_speaks_chinese_on_a_chinese_terminal(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "data", "")
    out = cli.run("init", "--url", "https://aq.example.cn", lang="zh_CN.UTF-8").output
    assert "只显示这一次" in out


def test_it_leaves_an_install_alone(cli: Cli) -> None:
    before = {path: path.read_bytes() for path in (cli.data / "keys").iterdir()}
    again = cli.run("init", "--url", "https://other.example.cn", code=1)
    assert "left alone" in again.output
    assert {path: path.read_bytes() for path in (cli.data / "keys").iterdir()} == before


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://AQ.example.cn/", "https://aq.example.cn"),
        ("https://aq.example.cn:443", "https://aq.example.cn"),
        ("http://10.1.2.3:8000", "http://10.1.2.3:8000"),
    ],
)
def test_the_address_is_kept_in_one_form(tmp_path: Path, typed: str, kept: str) -> None:
    cli = Cli(tmp_path / "data", "")
    cli.run("init", "--url", typed)
    store = cli.store()
    assert settings.get(store).url == kept
    store.close()


@pytest.mark.parametrize(
    "url",
    [
        "aq.example.cn",
        "ftp://aq.example.cn",
        "https://aq.example.cn/path",
        "https://用户.example.cn",
        "https://me@aq.example.cn",
        "https://aq.example.cn:99999",
        "https://" + "a" * 80 + ".cn",
        "https://",
    ],
)
def test_it_refuses_an_address_no_poster_can_carry(tmp_path: Path, url: str) -> None:
    cli = Cli(tmp_path / "data", "")
    assert "cannot be used" in cli.run("init", "--url", url, code=1).output
    assert not cli.data.exists()


def test_it_says_what_plain_http_lacks(tmp_path: Path) -> None:
    out = Cli(tmp_path / "data", "").run("init", "--url", "http://10.1.2.3").output
    assert "no offline use" in out


def test_it_refuses_a_short_password(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "data", "")
    result = cli.run(
        "init", "--url", "https://a.cn", "--admin-password-stdin", typed="short\n", code=1
    )
    assert "weak_password" in result.output
    assert not cli.data.exists()
