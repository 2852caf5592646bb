"""Databases to copy from, on each engine, made once a process: one migrated, and stages of a plant.

A test stands on the furthest stage among its fixtures: `plant` (the cast, nothing done), `good_day`
(last night's and today's shift ready and signed), `published` (and the day announced). To make
such a day anew for every test is slow.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from shiftapp.ledger.keys import Keys, load_keyset
from shiftapp.store import Store, open_store
from tests.announcing import announce_three_crews, day_works, night_works
from tests.engines import Postgres
from tests.plant import FixedBytes, Plant, make_keys, make_plant

EMPTY = "empty"
STAGES = (EMPTY, "plant", "good_day", "published")  # each made from the one before


def stage_of(fixtures: Collection[str]) -> str:
    """The furthest stage a test asks for by the names of its fixtures."""
    return [stage for stage in STAGES if stage == EMPTY or stage in fixtures][-1]


@dataclass(frozen=True)
class Cast:
    """What of a plant is not in its store: the same on both engines."""

    count: int  # of the random source
    seed: str
    ids: dict[str, str]
    devices: dict[str, tuple[str, str]]


class Stock:
    """What is copied; made when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keys = folder / "keys"
        self.casts: dict[str, Cast] = {}

    def sqlite(self, folder: Path, stage: str) -> Iterator[Store]:
        """A store on a copied file, closed at the end."""
        shutil.copyfile(self._file(stage), folder / "shiftapp.db")
        store = open_store(folder / "shiftapp.db")
        yield store
        store.close()

    def postgres(self, server: Postgres, stage: str) -> Iterator[Store]:
        """A store on a copied database, dropped at the end."""
        self._database(server, stage)
        address = server.new(stage)
        store = open_store(address)
        yield store
        store.close()
        server.drop(address)

    def plant(self, store: Store, keys: Path, stage: str) -> Plant:
        """The plant that stands in a store copied from a stage; its keys are copied too."""
        shutil.copytree(self.keys, keys, dirs_exist_ok=True)
        return self._plant(store, load_keyset(keys), stage)

    def _plant(self, store: Store, keys: Keys, stage: str) -> Plant:
        cast = self.casts[stage]
        random = FixedBytes(cast.seed, cast.count)
        return Plant(store, keys, random, dict(cast.ids), dict(cast.devices))

    def _file(self, stage: str) -> Path:
        file = self.folder / f"{stage}.db"
        if not file.exists():
            if stage != EMPTY:
                shutil.copyfile(self._file(_before(stage)), file)
            store = open_store(file)
            self._advance(store, stage)
            store.close()  # the last connection: nothing stays in the log beside the file
        return file

    def _database(self, server: Postgres, stage: str) -> None:
        if stage in server.templates:
            return
        self._database(server, _before(stage))
        store = open_store(server.template(stage, _before(stage)))
        self._advance(store, stage)
        store.close()

    def _advance(self, store: Store, stage: str) -> None:
        """Bring a store from the stage before to this one."""
        if stage == EMPTY:
            store.migrate()
            return
        keys = load_keyset(self.keys) if self.keys.exists() else make_keys(self.keys)
        if stage == "plant":
            plant = make_plant(store, keys)
        else:
            plant = self._plant(store, keys, _before(stage))
        if stage == "good_day":
            night_works(plant)
            day_works(plant)
        if stage == "published":
            announce_three_crews(plant)
        self.casts[stage] = Cast(plant.random.count, plant.random.seed, plant.ids, plant.devices)


def _before(stage: str) -> str:
    return STAGES[STAGES.index(stage) - 1]
