from __future__ import annotations

import errno
import gzip
import os
import resource
import shutil
import stat
import tarfile
from pathlib import Path

import pytest

from shiftapp.model import settings
from tests.terminal import Cli

BLOB = "ab/cd/" + "0" * 64


def made(cli: Cli, tmp_path: Path) -> tuple[Path, Path]:
    blob = cli.data / "blobs" / BLOB
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"picture")
    cli.run("backup", str(tmp_path / "b.tar.gz"))
    return tmp_path / "b.tar.gz", tmp_path / "b.keys.tar.gz"


def other(cli: Cli, request: pytest.FixtureRequest, tmp_path: Path) -> Cli:
    address = request.getfixturevalue("postgres").empty() if cli.database else ""
    return Cli(tmp_path / "other", address)


def test_a_restored_install_is_the_same(
    cli: Cli, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    backup, keys = made(cli, tmp_path)
    new = other(cli, request, tmp_path)
    new.run("restore", str(backup), "--keys", str(keys))
    assert new.json("user", "list") == cli.json("user", "list")
    assert (new.data / "blobs" / BLOB).read_bytes() == b"picture"
    for key in (cli.data / "keys").iterdir():
        assert (new.data / "keys" / key.name).read_bytes() == key.read_bytes()
    new.run("user", "reset-password", "admin")  # it also writes, numbers going on
    store = new.store()
    assert settings.get(store).url == "https://aq.example.cn"
    store.close()
    assert all(one["verdict"] != "fail" for one in new.json("doctor", "--offline"))


def test_the_witnesses_of_the_log_come_back_with_it(
    cli: Cli, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    text = "# agreed\n" + cli.json("log", "policy")["policy"]
    (tmp_path / "agreed").write_text(text, "utf-8")
    cli.run("log", "policy", str(tmp_path / "agreed"))
    backup, keys = made(cli, tmp_path)
    new = other(cli, request, tmp_path)
    new.run("restore", str(backup), "--keys", str(keys))
    assert new.json("log", "policy")["policy"] == text
    assert stat.S_IMODE((new.data / "policy").stat().st_mode) == 0o600


def test_a_policy_that_is_there_is_not_overwritten(sqlite_cli: Cli, tmp_path: Path) -> None:
    backup, _ = made(sqlite_cli, tmp_path)
    new = Cli(tmp_path / "other", "")
    new.data.mkdir()
    (new.data / "policy").write_text("words", "utf-8")
    assert "policy" in new.run("restore", str(backup), code=1).output
    assert (new.data / "policy").read_text("utf-8") == "words"


def test_keys_lie_apart_and_both_files_are_private(sqlite_cli: Cli, tmp_path: Path) -> None:
    backup, keys = made(sqlite_cli, tmp_path)
    with tarfile.open(backup) as tar:
        assert sorted(tar.getnames()) == [f"blobs/{BLOB}", "manifest.json", "shiftapp.db"]
    for path in (backup, keys):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_gets_a_dated_file(sqlite_cli: Cli, tmp_path: Path) -> None:
    told = sqlite_cli.json("backup", str(tmp_path))
    assert Path(told["file"]).parent == tmp_path
    assert Path(told["file"]).stat().st_size == told["bytes"]
    assert Path(told["keys"]).is_file()


def test_nothing_is_left_beside_a_backup(sqlite_cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    sqlite_cli.run("backup", str(tmp_path / "to"))
    assert sorted(one.suffixes[-3:] for one in (tmp_path / "to").iterdir())
    assert len(list((tmp_path / "to").iterdir())) == 2


def test_a_backup_is_never_overwritten(sqlite_cli: Cli, tmp_path: Path) -> None:
    backup, _ = made(sqlite_cli, tmp_path)
    before = backup.read_bytes()
    assert "left alone" in sqlite_cli.run("backup", str(backup), code=1).output
    assert backup.read_bytes() == before


def test_a_restore_overwrites_nothing(sqlite_cli: Cli, tmp_path: Path) -> None:
    backup, keys = made(sqlite_cli, tmp_path)
    before = (sqlite_cli.data / "shiftapp.db").read_bytes()
    out = sqlite_cli.run("restore", str(backup), "--keys", str(keys), code=1).output
    assert "nothing was overwritten" in out
    assert (sqlite_cli.data / "shiftapp.db").read_bytes() == before


@pytest.mark.parametrize("at", [0.01, 0.5, 0.99])
def test_a_changed_backup_is_refused_and_leaves_nothing(
    sqlite_cli: Cli, tmp_path: Path, at: float
) -> None:
    backup, _ = made(sqlite_cli, tmp_path)
    plain = bytearray(gzip.decompress(backup.read_bytes()))
    size = (sqlite_cli.data / "shiftapp.db").stat().st_size
    plain[512 + int(size * at)] ^= 1  # inside the database, the first member
    backup.write_bytes(gzip.compress(plain))
    new = Cli(tmp_path / "other", "")
    assert "bad_backup" in new.run("restore", str(backup), code=1).output
    assert not new.data.exists()


def test_a_cut_off_backup_is_refused(sqlite_cli: Cli, tmp_path: Path) -> None:
    backup, _ = made(sqlite_cli, tmp_path)
    backup.write_bytes(backup.read_bytes()[:-200])
    new = Cli(tmp_path / "other", "")
    assert "bad_backup" in new.run("restore", str(backup), code=1).output


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "blobs/../../evil", "keys/../evil"])
def test_a_stranger_s_archive_writes_nowhere(tmp_path: Path, name: str) -> None:
    evil = tmp_path / "evil.tar.gz"
    with tarfile.open(evil, "w:gz") as tar:
        (tmp_path / "x").write_text("x")
        tar.add(tmp_path / "x", arcname=name)
    new = Cli(tmp_path / "other", "")
    assert "bad_backup" in new.run("restore", str(evil), code=1).output
    assert not (tmp_path / "evil").exists() and not new.data.exists()


def test_something_else_is_not_a_backup(tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz").write_text("hello")
    new = Cli(tmp_path / "far" / "other", "")
    assert "bad_backup" in new.run("restore", str(tmp_path / "x.tar.gz"), code=1).output
    assert not (tmp_path / "far").exists()


def test_a_refused_restore_leaves_a_folder_that_was_there(tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz").write_text("hello")
    new = Cli(tmp_path / "other", "")
    new.data.mkdir()
    new.run("restore", str(tmp_path / "x.tar.gz"), code=1)
    assert list(new.data.iterdir()) == []


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_backup_that_was_damaged_on_the_way_is_refused(
    sqlite_cli: Cli, tmp_path: Path, at: float
) -> None:
    backup, _ = made(sqlite_cli, tmp_path)
    packed = bytearray(backup.read_bytes())
    where = int(len(packed) * at)
    packed[where : where + 8] = bytes(8)
    backup.write_bytes(packed)
    new = Cli(tmp_path / "other", "")
    assert "bad_backup" in new.run("restore", str(backup), code=1).output
    assert not new.data.exists()


@pytest.mark.parametrize(
    ("why", "en", "zh"),
    [
        (errno.ENOSPC, "The disk is full: No space left on device", "磁盘满了"),
        (errno.EDQUOT, "The disk is full: Disk quota exceeded", "磁盘满了"),
        (errno.EIO, "Input/output error", "文件读写不了"),
    ],
)
def test_a_disk_that_does_not_take_it_is_no_fault_of_the_backup(
    sqlite_cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: int, en: str, zh: str
) -> None:
    def full(handle: int) -> None:
        raise OSError(why, os.strerror(why))

    backup, _ = made(sqlite_cli, tmp_path)
    monkeypatch.setattr("shiftapp.commands.archive.os.fsync", full)
    new = Cli(tmp_path / "other", "")
    for lang, says in (("C.UTF-8", en), ("zh_CN.UTF-8", zh)):
        told = new.run("restore", str(backup), code=1, lang=lang).output
        assert says in told and "bad_backup" not in told
        assert not new.data.exists()


def test_a_log_that_may_be_older_than_what_was_published_is_marked_before_it_is_there(
    cli: Cli, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        path.parent.mkdir()
        path.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    backup, keys = made(cli, tmp_path)
    new = other(cli, request, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("shiftapp.commands.restore.guard.mark_restored", full)
        told = new.run("restore", str(backup), "--keys", str(keys), code=1).output
    assert "The disk is full" in told and not new.data.exists()
    new.run("restore", str(backup), "--keys", str(keys))
    assert not (new.data / "log").exists()  # nothing was published yet


@pytest.mark.parametrize("room", [-40, 200])  # KB: the database does not fit, the archive does not
def test_a_backup_that_the_disk_does_not_take_leaves_nothing(
    sqlite_cli: Cli, tmp_path: Path, room: int
) -> None:
    (tmp_path / "to").mkdir()
    if room > 0:
        blob = sqlite_cli.data / "blobs" / BLOB
        blob.parent.mkdir(parents=True)
        blob.write_bytes(os.urandom(1 << 20))
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = (sqlite_cli.data / "shiftapp.db").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + room * 1024, most[1]))
    try:
        told = sqlite_cli.run("backup", str(tmp_path / "to"), code=1).output
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert "cannot be read or written" in told
    assert list((tmp_path / "to").iterdir()) == []


@pytest.mark.parametrize("url", ["https://other.example", "https://aq.example.cn"])
def test_the_keys_of_another_install_are_refused(
    cli: Cli, tmp_path: Path, request: pytest.FixtureRequest, url: str
) -> None:
    backup, keys = made(cli, tmp_path)
    stranger = Cli(tmp_path / "stranger", "")
    stranger.init("--url", url)
    stranger.run("backup", str(tmp_path / "s.tar.gz"))
    new = other(cli, request, tmp_path)
    args = ("restore", str(backup), "--keys", str(tmp_path / "s.keys.tar.gz"))
    told = new.run(*args, code=1).output
    assert "holds the keys of another install" in told and "is of aq.example.cn/" in told
    assert "另一处安装的密钥" in new.run(*args, code=1, lang="zh_CN.UTF-8").output
    assert not new.data.exists()
    new.run("restore", str(backup), "--keys", str(keys))  # nothing is in the way of the right ones


def test_the_keys_of_another_install_put_there_by_hand_are_refused(
    sqlite_cli: Cli, tmp_path: Path
) -> None:
    backup, _ = made(sqlite_cli, tmp_path)
    new = Cli(tmp_path / "other", "")
    new.init()
    (new.data / "shiftapp.db").unlink()
    assert "another install" in new.run("restore", str(backup), code=1).output
    shutil.rmtree(new.data / "keys")
    shutil.copytree(sqlite_cli.data / "keys", new.data / "keys")
    new.run("restore", str(backup))


def test_a_key_that_cannot_be_read_keeps_nobody_from_a_backup(
    sqlite_cli: Cli, tmp_path: Path
) -> None:
    (sqlite_cli.data / "keys/log.key").write_text("words")
    backup, keys = made(sqlite_cli, tmp_path)
    Cli(tmp_path / "other", "").run("restore", str(backup), "--keys", str(keys))


def test_a_sqlite_backup_does_not_go_into_postgres(
    sqlite_cli: Cli, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    backup, _ = made(sqlite_cli, tmp_path)
    server = request.getfixturevalue("postgres")
    new = Cli(tmp_path / "other", server.empty())
    assert "SHIFTAPP_DATABASE" in new.run("restore", str(backup), code=1).output


def test_the_two_files_the_wrong_way_round_are_told_apart(
    cli: Cli, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    backup, keys = made(cli, tmp_path)
    new = other(cli, request, tmp_path)
    out = new.run("restore", str(keys), code=1).output
    assert "is it the file of the keys?" in out and "--keys" in out
    assert not new.data.exists()
    new.run("restore", str(backup), "--keys", str(keys))


def test_why_a_file_is_no_backup_is_said_in_the_terminal_s_language(tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz").write_text("hello")
    new = Cli(tmp_path / "other", "")
    assert "is no whole backup" in new.run("restore", str(tmp_path / "x.tar.gz"), code=1).output
    said = new.run("restore", str(tmp_path / "x.tar.gz"), code=1, lang="zh_CN.UTF-8").output
    assert "不是完整的备份" in said
