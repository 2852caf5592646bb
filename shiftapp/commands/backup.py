"""`shiftapp backup`: the whole install in one file, its keys in a second.

A backup runs beside `serve`. The database goes first, blobs after it: a blob is durable before
its row, so whatever the copied database names is there.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import click

import shiftapp
from shiftapp.commands import archive
from shiftapp.commands.install import Install, data_option, json_option, opened
from shiftapp.commands.speech import pick, print_json, refuse, say
from shiftapp.config import Config
from shiftapp.ledger.keys import signers
from shiftapp.store import pgcopy
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
            "signers": signers(install.config.keys),
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
