"""Databases to copy from: one migrated, one with the plant, on each engine, made once a process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from shiftapp.ledger.keys import load_keyset
from shiftapp.store import Store, open_store
from tests.engines import Postgres
from tests.plant import FixedBytes, Plant, make_keys, make_plant


class Stock:
    """What is copied; made when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: Plant | None = None  # the same on both engines, but for its store

    def sqlite(self, folder: Path, planted: bool) -> Iterator[Store]:
        """A store on a copied file, closed at the end."""
        source = self.folder / ("planted.db" if planted else "empty.db")
        if not source.exists():
            first = open_store(source)
            first.migrate()
            if planted:
                self._make(first)
            first.close()  # the last connection: nothing stays in the log beside the file
        shutil.copyfile(source, folder / "shiftapp.db")
        store = open_store(folder / "shiftapp.db")
        yield store
        store.close()

    def postgres(self, server: Postgres, planted: bool) -> Iterator[Store]:
        """A store on a copied database, dropped at the end."""
        if planted and not server.has_plant:
            first = open_store(server.address(server.plant_template()))
            self._make(first)
            first.close()
            server.has_plant = True
        address = server.new(planted=planted)
        store = open_store(address)
        yield store
        store.close()
        server.drop(address)

    def plant(self, store: Store, keys: Path) -> Plant:
        """The plant that stands in a copied store."""
        shutil.copytree(self.folder / "keys", keys, dirs_exist_ok=True)
        made = self.made
        assert made is not None  # the store was planted
        random = FixedBytes(made.random.seed, self.count)
        return Plant(store, load_keyset(keys), random, dict(made.ids), {})

    def _make(self, store: Store) -> None:
        keys = self.folder / "keys"
        found = load_keyset(keys) if keys.exists() else make_keys(keys)
        self.made = make_plant(store, found)
        self.count = self.made.random.count
