"""`shiftapp migrate`: an older database brought to this version, after a copy of it."""

from __future__ import annotations

import time
from pathlib import Path

import click

from shiftapp.commands.install import alone, config, data_option, refuse_newer, store_of
from shiftapp.commands.speech import refuse, say
from shiftapp.config import Config
from shiftapp.store import Store
from shiftapp.store.migrations import names
from shiftapp.store.sqlite import SqliteStore


@click.command()
@data_option
@click.option("--yes", is_flag=True, help="PostgreSQL: I have taken a dump.")
def migrate(data: Path | None, yes: bool) -> None:
    """Bring the database to the schema of this version.

    A SQLite file is copied first, into the data folder. A newer database is refused. On
    PostgreSQL take a dump first and say so with --yes.
    """
    found = config(data)
    with store_of(found) as store:
        refuse_newer(store)
        have = store.migrated()
        if not have:
            raise refuse("数据库是空的，没有可升级的。", "The database is empty: nothing to do.")
        if have == names():
            say("已经是最新的。", "Up to date already.")
            return
        with alone(found):
            _copy_first(found, store, have[-1], yes)
            done = store.migrate()
    say(f"升级完成：{'、'.join(done)}", f"Done: {', '.join(done)}")


def _copy_first(found: Config, store: Store, last: str, yes: bool) -> None:
    if isinstance(store, SqliteStore):
        stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
        copy = found.data / f"before-migrate-{last[:4]}-{stamp}.db"
        store.copy_to(copy)
        copy.chmod(0o600)
        say(f"先复制了一份：{copy}", f"Copied the old database to {copy}")
    elif not yes:
        raise refuse(
            "先用 pg_dump 备份（或 shiftapp backup），再运行 shiftapp migrate --yes",
            "Take a dump first (pg_dump, or shiftapp backup), then run shiftapp migrate --yes",
        )
