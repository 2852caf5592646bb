"""What every command needs of an install: its folder, its checked database, its keys, its clock."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

import shiftapp
from shiftapp.commands import locking
from shiftapp.commands.speech import refuse
from shiftapp.config import Config, read_config
from shiftapp.ledger.keys import Keys, load_keyset
from shiftapp.model import settings as model_settings
from shiftapp.model.settings import Settings
from shiftapp.store import Store, open_store
from shiftapp.store.migrations import names

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Data folder: database, blobs, keys. Else SHIFTAPP_DATA, else ./data.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program.")


@dataclass(frozen=True)
class Install:
    """An install that is open: its database has the schema of this version."""

    config: Config
    store: Store
    settings: Settings

    def now_ms(self) -> int:
        """The plant's clock, ms."""
        return shiftapp.wall_ms() + self.settings.clock_offset_ms

    def keys(self, *, sequence: bool = False) -> Keys:
        """The keys, read from their files; with `sequence` also those of who keeps the log.

        A web server may be without these (SHIFTAPP_SEQUENCE=off), and every other command works.
        """
        return load_keyset(self.config.keys, sequence=sequence)


def config(data: Path | None) -> Config:
    """The operator's settings; `--data` wins over the environment."""
    return read_config(os.environ, data)


def exists(found: Config) -> bool:
    """Whether there is a database at all; a PostgreSQL address counts as one."""
    return bool(found.database) or (found.data / "shiftapp.db").is_file()


@contextlib.contextmanager
def store_of(found: Config) -> Iterator[Store]:
    """The store of an install of whatever schema, closed at the end."""
    if not exists(found):
        raise refuse(
            f"{found.data} 里没有数据库。新建：shiftapp init --url https://…",
            f"There is no database in {found.data}. Make one: shiftapp init --url https://…",
        )
    store = open_store(found.address)
    try:
        yield store
    finally:
        store.close()


@contextlib.contextmanager
def opened(data: Path | None) -> Iterator[Install]:
    """The install in a folder, refused unless its schema is this version's."""
    found = config(data)
    with store_of(found) as store:
        check_schema(store)
        yield Install(found, store, model_settings.get(store))


def check_schema(store: Store) -> None:
    """Refuse a database of another schema than this version's."""
    have, known = store.migrated(), names()
    if not have:
        raise refuse(
            "这个数据库是空的。先运行：shiftapp init --url https://…",
            "This database is empty. First run: shiftapp init --url https://…",
        )
    refuse_newer(store)
    if missing := [name for name in known if name not in have]:
        raise refuse(
            f"数据库是旧版的（缺 {missing[0]}）。先运行：shiftapp migrate",
            f"The database is of an older version (no {missing[0]}). First run: shiftapp migrate",
        )


def refuse_newer(store: Store) -> None:
    """Refuse a database that a newer shiftapp has changed."""
    if newer := [name for name in store.migrated() if name not in names()]:
        raise refuse(
            f"数据库是更新的版本写的（{newer[-1]}）。请升级 shiftapp。",
            f"The database was written by a newer version ({newer[-1]}). Upgrade shiftapp.",
        )


def alone(found: Config) -> contextlib.AbstractContextManager[None]:
    """SQLite is one process (design.md §4): a second server on a folder is refused."""
    if found.database:
        return contextlib.nullcontext()
    refusal = refuse(
        f"{found.data} 上有一个 serve 在运行，先停掉它。",
        f"A `serve` is running on {found.data}: stop it first.",
    )
    return locking.alone(found.data / "serve.lock", os.O_RDWR | os.O_CREAT, refusal)
