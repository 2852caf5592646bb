"""`shiftapp restore`: an install from the two files of `shiftapp backup`, or nothing at all."""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from shiftapp.commands import archive
from shiftapp.commands.install import config, data_option
from shiftapp.commands.speech import pick, refuse, say
from shiftapp.config import Config
from shiftapp.ledger import guard
from shiftapp.ledger.keys import signers
from shiftapp.model import traces
from shiftapp.model.traces import Traces
from shiftapp.store import open_store, pgcopy


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
    with _folder_for(found) as folder:
        manifest = _unpack(source, folder)
        if keys_file:
            _unpack(keys_file, folder)
        _must_hold(folder, source, keys_file)
        _must_fit(manifest, folder / "keys" if keys_file else found.keys, keys_file or found.keys)
        _must_take(found, manifest)
        marked = _mark(found)
        _put_database(found, folder, manifest)
        for name in ("blobs", "keys", "policy"):
            part = folder / name
            if part.exists():
                part.chmod(0o700 if part.is_dir() else 0o600)
                part.rename(found.data / name)
    made = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(manifest["made_ms"] / 1000))
    say(f"已恢复到 {made} 的状态：{found.data}", f"Restored the state of {made}: {found.data}")
    say(
        "那以后收到的记录不在里面；手机已删掉的也不会再传。",
        "Records received after that are not in it, and phones do not send them again.",
    )
    _say_log(found, marked)
    _say_erased(found)
    if not keys_file:
        say("密钥没有恢复：加 --keys，或者把 keys 目录放回去。", "No keys: put the folder back.")


@contextlib.contextmanager
def _folder_for(found: Config) -> Iterator[Path]:
    """A folder to unpack in, inside the data folder; who refuses leaves none that was not there."""
    data = found.data
    made = [one for one in (found.published.parent, data, *data.parents) if not one.exists()]
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        data.chmod(0o700)
        with tempfile.TemporaryDirectory(dir=data, prefix=".restore-") as folder:
            yield Path(folder)
    except BaseException:
        for one in made:
            with contextlib.suppress(OSError):  # not made yet, or something is in it
                one.rmdir()
        raise


def _mark(found: Config) -> bool:
    """What was published since a backup is unknown: its log is not signed on just so. That is on
    the disk before the database is; gives whether nothing else was there that knows."""
    if found.published.exists():
        return False
    try:
        guard.mark_restored(found.published)
    except OSError:
        found.published.unlink(missing_ok=True)
        raise
    return True


def _say_log(found: Config, marked: bool) -> None:
    """Say what the log needs; one that was never published needs no mark."""
    if not marked:
        return
    store = open_store(found.address)
    try:
        published = store.value("SELECT 1 FROM checkpoint LIMIT 1") is not None
    finally:
        store.close()
    if not published:
        found.published.unlink()
        with contextlib.suppress(OSError):  # the operator has put something there
            found.published.parent.rmdir()
        return
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


def _must_fit(manifest: dict[str, Any], keys: Path, where: Path) -> None:
    """Keys of another install would sign in its name what is of this one."""
    wanted, found = manifest.get("signers", {}), signers(keys)
    for name in sorted(wanted.keys() & found.keys()):
        if wanted[name] != found[name]:
            ours, other = _short(wanted[name]), _short(found[name])
            raise refuse(
                f"{where} 是另一处安装的密钥：{name} 是 {other} 的，备份要 {ours} 的。"
                "用和备份一起生成的那份。",
                f"{where} holds the keys of another install: {name} is of {other}, and the backup"
                f" is of {ours}. Take the keys that were saved with it.",
            )


def _short(vkey: str) -> str:
    """Name and id of a key, as the two stand in its text form."""
    return "+".join(vkey.split("+")[:2])


def _must_take(found: Config, manifest: dict[str, Any]) -> None:
    engine = manifest["engine"]
    wanted = "postgres" if found.database else "sqlite"
    if engine != wanted:
        raise refuse(
            f"备份是 {engine} 的，这里设置的是 {wanted}。检查 SHIFTAPP_DATABASE。",
            f"The backup is of {engine}, this install is set to {wanted}: see SHIFTAPP_DATABASE.",
        )
    if not found.database:
        return
    with contextlib.closing(open_store(found.address)) as store:
        if store.migrated():
            raise refuse(
                "这个 PostgreSQL 数据库里已经有安装，没有覆盖。",
                "This PostgreSQL database already holds an install; nothing was overwritten.",
            )


def _put_database(found: Config, folder: Path, manifest: dict[str, Any]) -> None:
    if not found.database:
        (folder / "shiftapp.db").rename(found.data / "shiftapp.db")
        return
    with contextlib.closing(open_store(found.address)) as store:
        store.migrate(int(manifest["schema"][-1][:4]))
        pgcopy.load(found.database, folder / "tables", manifest["columns"])
