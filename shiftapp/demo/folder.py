"""The folder of a demo: made once, opened again, made anew at 07:38.

Nothing that is not a demo is ever touched. `demo.json` says what the plant was made from and is
written last, so that a folder left half made is made anew. Whatever was published of a plant that
is gone stays published: each plant that is made, by a reset too, has a log of its own.
"""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shiftapp.config import Config
from shiftapp.demo import delivery, ledger
from shiftapp.demo.build import Secret, Wanted, build
from shiftapp.demo.seed import Seed
from shiftapp.ledger.keys import Keys, load_keyset, write_keyset
from shiftapp.model import credentials, settings
from shiftapp.problems import Problem
from shiftapp.store import open_store
from shiftapp.store.sqlite import SqliteStore

ORIGIN = "demo.example/log"  # what the origin of every demo's log begins with
PIN, PASSWORD = "135246", "demo-2026-shift"
URL = "http://127.0.0.1:8000"  # until the demo has said where it listens
DATABASE, ABOUT, ANEW = "shiftapp.db", "demo.json", "anew"
DATABASES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")
DAY_MS = 24 * 3_600_000


@dataclass(frozen=True)
class Folder:
    """A demo on disk. Always SQLite: an operator's SHIFTAPP_DATABASE is never a demo."""

    path: Path

    @property
    def config(self) -> Config:
        return Config(data=self.path, sequence=False)  # the demo keeps its log itself (tour.py)

    def keys(self) -> Keys:
        return load_keyset(self.config.keys)

    def waiting(self) -> list[delivery.Later]:
        """What arrives after 07:38."""
        return delivery.read(self.path / "later.json")

    def store(self) -> SqliteStore:
        """The open database."""
        store = open_store(self.config.address)
        assert isinstance(store, SqliteStore)
        return store


def prepare(path: Path, wanted: Wanted, wall_ms: Callable[[], int]) -> tuple[Folder, bool]:
    """The demo in a folder, made if it is not there as wanted; gives whether it was made now.

    A plant goes on where it was left on the same day of its clock, else it begins at 07:38.

    :raises Problem: 409 `not_a_demo` when the folder holds something else.
    """
    folder = Folder(path)
    _must_be_ours(folder)
    if _made_from(folder) == wanted and _same_day(folder, wanted, wall_ms()):
        return folder, False
    _clear_beside(folder)
    _clear_database(folder)
    _make(folder, wanted, wall_ms, URL, ledger.URL)
    return folder, True


def make_anew(
    folder: Folder, store: SqliteStore, wanted: Wanted, wall_ms: Callable[[], int], url: str
) -> None:
    """Put a plant at 07:38, with a log of its own, in place of the one that is open in `store`."""
    fresh = Folder(folder.path / ANEW)
    shutil.rmtree(fresh.path, ignore_errors=True)
    _make(fresh, wanted, wall_ms, url, ledger.second_url(folder.config))
    _clear_beside(folder)
    store.copy_from(fresh.path / DATABASE)
    _clear_database(fresh)
    for one in sorted(fresh.path.iterdir(), key=lambda one: one.name == ABOUT):  # that one last
        one.rename(folder.path / one.name)
    fresh.path.rmdir()


def _make(
    folder: Folder, wanted: Wanted, wall_ms: Callable[[], int], url: str, second_url: str
) -> None:
    """The plant in an empty folder, its clock at 07:38 now."""
    folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    origin = f"{ORIGIN}/{wanted.day.isoformat()}/{wall_ms()}"
    keys = write_keyset(folder.config.keys, origin, Seed(f"shiftapp keys {wanted.seed}").bytes)
    witness = Seed(f"shiftapp witness {wanted.seed}").bytes
    store = folder.store()
    try:
        store.migrate()
        ledger.make(folder.config, keys, origin, witness, second_url)
        later = build(store, keys, wanted, url, origin, secret(keys, wanted), folder.config)
        with store.tx() as db:
            settings.put(db, clock_offset_ms=wanted.start_ms - wall_ms())
    finally:
        store.close()
    delivery.keep(folder.path / "later.json", later)
    made_from = {"lang": wanted.lang, "day": wanted.day.isoformat(), "seed": wanted.seed}
    (folder.path / ABOUT).write_text(json.dumps(made_from), "utf-8")


def secret(keys: Keys, wanted: Wanted) -> Secret:
    """The demo's one PIN and one password, hashed with a salt that the seed gives."""
    salts = Seed(f"shiftapp salts {wanted.seed}")
    return Secret(
        pin_hash=credentials.hash_secret(PIN, keys.pin_pepper, salts.bytes(16)),
        password_hash=credentials.hash_secret(PASSWORD, keys.pin_pepper, salts.bytes(16)),
        pin_tag=credentials.tag_of(PIN, salts.bytes(16)),
    )


def _must_be_ours(folder: Folder) -> None:
    database = folder.path / DATABASE
    others = [database, folder.config.keys, *folder.path.glob("*.db")]
    if (folder.path / ABOUT).is_file() or not any(one.exists() for one in others):
        return
    if database.exists() and _is_demo(folder):
        return  # left half made, or its description is gone
    raise Problem(
        409,
        "not_a_demo",
        "%(path)s 里不是演示数据，没有动它。用 --data 换一个目录。",
        params={"path": folder.path},
    )


def _is_demo(folder: Folder) -> bool:
    store = folder.store()
    try:
        return bool(store.migrated()) and settings.get(store).demo
    finally:
        store.close()


def _made_from(folder: Folder) -> Wanted | None:
    try:
        said = json.loads((folder.path / ABOUT).read_text("utf-8"))
        day = datetime.date.fromisoformat(said["day"])
        return Wanted(lang=said["lang"], day=day, seed=said["seed"])
    except (OSError, ValueError, KeyError):
        return None


def _same_day(folder: Folder, wanted: Wanted, wall_ms: int) -> bool:
    store = folder.store()
    try:
        now_ms = wall_ms + settings.get(store).clock_offset_ms
    finally:
        store.close()
    return wanted.start_ms <= now_ms < wanted.start_ms + DAY_MS


def _clear_database(folder: Folder) -> None:
    for name in DATABASES:
        (folder.path / name).unlink(missing_ok=True)


def _clear_beside(folder: Folder) -> None:
    """Take away what belongs to a plant beside its database; first the word that it is whole."""
    for name in (ABOUT, "later.json", "erased"):
        (folder.path / name).unlink(missing_ok=True)
    if folder.config.keys.is_dir():
        shutil.rmtree(folder.config.keys)
    ledger.clear(folder.config)
