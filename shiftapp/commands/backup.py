"""`shiftapp backup` and `shiftapp restore`: the whole install in one file, its keys in a second.

A backup runs beside `serve`. The database goes first, blobs after it: a blob is durable before
its row, so whatever the copied database names is there.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click

import shiftapp
from shiftapp.commands import archive
from shiftapp.commands.install import Install, config, data_option, json_option, opened
from shiftapp.commands.speech import pick, print_json, refuse, say
from shiftapp.config import Config
from shiftapp.ledger import guard
from shiftapp.model import traces
from shiftapp.model.traces import Traces
from shiftapp.store import open_store, pgcopy
from shiftapp.store.sqlite import SqliteStore


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@data_option
@json_option
def backup(target: Path, data: Path | None, as_json: bool) -> None:
    """Copy the running install to TARGET, a new file or a folder for dated files.

    Database (settings included), blobs and the witness policy; the keys go to a second file beside
    it, to be kept elsewhere.
    """
    with opened(data) as install:
        path = _path(target)
        keys = path.with_name(path.name.removesuffix(".tar.gz") + ".keys.tar.gz")
        for one in (path, keys):
            if one.exists():
                raise refuse(f"{one} 已经在了，没有覆盖。", f"{one} is there and was left alone.")
        about = {
            "version": shiftapp.__version__,
            "engine": install.store.engine,
            "schema": install.store.migrated(),
            "made_ms": shiftapp.wall_ms(),
        }
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
            files, columns = _copy_database(install, Path(folder))
            _pack(path, files, install.config, {**about, "columns": columns})
        _pack_keys(keys, install.config, about)
    if as_json:
        print_json({"file": str(path), "bytes": path.stat().st_size, "keys": str(keys)})
        return
    say(f"备份：{path}", f"Backup: {path}")
    say(f"密钥：{keys}（请另外保管）", f"Keys: {keys} (keep them elsewhere)")


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The second file of the backup.",
)
@data_option
def restore(source: Path, keys_file: Path | None, data: Path | None) -> None:
    """Make an install of a backup, in a folder that has none. Nothing is overwritten."""
    found = config(data)
    _must_be_free(found, keys_file)
    found.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    found.data.chmod(0o700)
    with tempfile.TemporaryDirectory(dir=found.data, prefix=".restore-") as folder:
        manifest = _unpack(source, Path(folder))
        if keys_file:
            _unpack(keys_file, Path(folder))
        _must_hold(Path(folder), source, keys_file)
        _put_database(found, Path(folder), manifest)
        for name in ("blobs", "keys", "policy"):
            part = Path(folder) / name
            if part.exists():
                part.chmod(0o700 if part.is_dir() else 0o600)
                part.rename(found.data / name)
    made = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(manifest["made_ms"] / 1000))
    say(f"已恢复到 {made} 的状态：{found.data}", f"Restored the state of {made}: {found.data}")
    say(
        "那以后收到的记录不在里面；手机已删掉的也不会再传。",
        "Records received after that are not in it, and phones do not send them again.",
    )
    _say_log(found)
    _say_erased(found)
    if not keys_file:
        say("密钥没有恢复：加 --keys，或者把 keys 目录放回去。", "No keys: put the folder back.")


def _say_log(found: Config) -> None:
    """What was published since a backup is unknown: its log is not signed on just so."""
    store = open_store(found.address)
    try:
        published = store.value("SELECT 1 FROM checkpoint LIMIT 1") is not None
    finally:
        store.close()
    if not published or found.published.exists():
        return
    guard.mark_restored(found.published)
    say(
        "公开账本不签：恢复的可能比已经公布的旧。先把原来目录里的 log 和 witness 放到"
        f" {found.data}，再启动 serve。没有了，看 docs/log.md “账本丢了怎么办”；"
        f"确认备份以后什么也没公布过，就删掉 {found.published}。",
        "The public log is not signed: this state may be older than what was published. Before"
        f" `serve`, put the folders log and witness of the old folder into {found.data}. If they"
        ' are gone see docs/log.md, "When the log was lost"; if nothing was published since the'
        f" backup, delete {found.published}.",
    )


def _say_erased(found: Config) -> None:
    """What was erased since is in the backup: a list tells `serve` what to erase again."""
    if listed := len(traces.noted(Traces(found.blobs, found.erased))):
        say(
            f"清单 {found.erased} 列着 {listed} 条删除过的记录，serve 启动后再删一遍。",
            f"{found.erased} lists {listed} erased records: `serve` erases them again.",
        )
        return
    say(
        f"备份以后删除过的记录又在里面了。把原来目录里的 erased 清单放到 {found.erased}，"
        "再启动 serve。",
        "Records erased since the backup are in it again. Before `serve`, put the list `erased` of"
        f" the old folder at {found.erased}.",
    )


def _path(target: Path) -> Path:
    if target.is_dir():
        return target / f"shiftapp-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.tar.gz"
    if not target.parent.is_dir():
        raise refuse(f"没有目录 {target.parent}。", f"There is no folder {target.parent}.")
    return target


def _copy_database(
    install: Install, folder: Path
) -> tuple[list[tuple[str, Path]], dict[str, list[str]]]:
    """A consistent copy in a folder: archive members, and on PostgreSQL the tables' columns."""
    if isinstance(install.store, SqliteStore):
        install.store.copy_to(folder / "shiftapp.db")
        return [("shiftapp.db", folder / "shiftapp.db")], {}
    columns = pgcopy.save(install.config.database, folder)
    return [(f"tables/{one.name}", one) for one in sorted(folder.glob("*.copy"))], columns


def _pack(
    path: Path, database: list[tuple[str, Path]], found: Config, about: dict[str, object]
) -> None:
    blobs = sorted(one for one in (found.data / "blobs").rglob("*") if one.is_file())
    members = [(one.relative_to(found.data).as_posix(), one) for one in blobs]
    if found.policy.exists():  # without it a restored log would ask its own witness alone
        members.append((found.policy.name, found.policy))
    # What is half written in the blob folder has another name, and stays out.
    files = database + [(name, one) for name, one in members if archive.MEMBER.fullmatch(name)]
    size = sum(one.stat().st_size for _, one in files)
    with click.progressbar(length=size, label=pick("备份", "Backup"), file=sys.stderr) as bar:
        archive.write(path, files, about, bar.update)


def _pack_keys(path: Path, found: Config, about: dict[str, object]) -> None:
    keys = sorted(one for one in found.keys.rglob("*") if one.is_file())
    files = [(one.relative_to(found.data).as_posix(), one) for one in keys]
    archive.write(path, files, about, lambda n: None)


def _unpack(source: Path, folder: Path) -> dict[str, Any]:  # a manifest is JSON
    label = pick(f"读取 {source.name}", f"Reading {source.name}")
    with click.progressbar(length=source.stat().st_size, label=label, file=sys.stderr) as bar:
        return archive.read(source, folder, bar.update)


def _must_be_free(found: Config, keys_file: Path | None) -> None:
    names = ("shiftapp.db", "blobs", "keys", "policy")
    taken = [name for name in names if (found.data / name).exists()]
    if keys_file is None and "keys" in taken:
        taken.remove("keys")  # put back by hand before
    if taken:
        raise refuse(
            f"{found.data} 里已经有 {'、'.join(taken)}，没有覆盖。换一个空目录。",
            f"{found.data} already holds {', '.join(taken)}; nothing was overwritten.",
        )


def _must_hold(folder: Path, source: Path, keys_file: Path | None) -> None:
    """Two files that look alike are easily given the wrong way round."""
    if not any((folder / name).exists() for name in ("shiftapp.db", "tables")):
        raise refuse(
            f"{source} 里没有数据库，是密钥的那份吧？先写数据的那份，密钥的那份写在 --keys 后面。",
            f"There is no database in {source}: is it the file of the keys? Name the other one"
            " first, and this one by --keys.",
        )
    if keys_file and not (folder / "keys").is_dir():
        raise refuse(f"{keys_file} 里没有密钥。", f"There are no keys in {keys_file}.")


def _put_database(found: Config, folder: Path, manifest: dict[str, Any]) -> None:
    engine = manifest["engine"]
    wanted = "postgres" if found.database else "sqlite"
    if engine != wanted:
        raise refuse(
            f"备份是 {engine} 的，这里设置的是 {wanted}。检查 SHIFTAPP_DATABASE。",
            f"The backup is of {engine}, this install is set to {wanted}: see SHIFTAPP_DATABASE.",
        )
    if not found.database:
        (folder / "shiftapp.db").rename(found.data / "shiftapp.db")
        return
    store = open_store(found.address)
    try:
        if store.migrated():
            raise refuse(
                "这个 PostgreSQL 数据库里已经有安装，没有覆盖。",
                "This PostgreSQL database already holds an install; nothing was overwritten.",
            )
        store.migrate(int(manifest["schema"][-1][:4]))
        pgcopy.load(found.database, folder / "tables", manifest["columns"])
    finally:
        store.close()
