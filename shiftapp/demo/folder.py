"""The folder of a demo: made once, opened again, put back to 07:38.

Nothing that is not a demo is ever touched. `demo.json` says what the plant was made from and is
written last, so that a folder left half made is made anew. The plant as it was at 07:38 stays
beside it as `morning.db`: a reset copies it back and takes no time.
"""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shiftapp.config import Config
from shiftapp.demo import delivery
from shiftapp.demo.build import Secret, Wanted, build
from shiftapp.demo.seed import Seed
from shiftapp.ledger.keys import Keys, load_keyset, write_keyset
from shiftapp.model import credentials, settings
from shiftapp.problems import Problem
from shiftapp.store import open_store
from shiftapp.store.sqlite import SqliteStore

ORIGIN = "demo.example/log"
PIN, PASSWORD = "135246", "demo-2026-shift"
OURS = ("shiftapp.db", "shiftapp.db-wal", "shiftapp.db-shm", "morning.db", "later.json")
DAY_MS = 24 * 3_600_000


@dataclass(frozen=True)
class Folder:
    """A demo on disk. Always SQLite: an operator's SHIFTAPP_DATABASE is never a demo."""

    path: Path

    @property
    def config(self) -> Config:
        return Config(data=self.path, sequence=False)  # a reset takes the log back

    @property
    def morning(self) -> Path:
        """The plant as it was at 07:38."""
        return self.path / "morning.db"

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
    _clear(folder)
    _make(folder, wanted)
    start(folder, wanted, wall_ms)
    return folder, True


def start(folder: Folder, wanted: Wanted, wall_ms: Callable[[], int]) -> None:
    """Let the plant's clock show 07:38 now."""
    store = folder.store()
    try:
        with store.tx() as db:
            settings.put(db, clock_offset_ms=wanted.start_ms - wall_ms())
    finally:
        store.close()


def _make(folder: Folder, wanted: Wanted) -> None:
    folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = write_keyset(folder.config.keys, ORIGIN, Seed(f"shiftapp keys {wanted.seed}").bytes)
    store = folder.store()
    try:
        store.migrate()
        later = build(store, keys, wanted, "http://127.0.0.1:8000", ORIGIN, secret(keys, wanted))
        store.copy_to(folder.morning)
    finally:
        store.close()
    delivery.keep(folder.path / "later.json", later)
    said = {"lang": wanted.lang, "day": wanted.day.isoformat(), "seed": wanted.seed}
    (folder.path / "demo.json").write_text(json.dumps(said), "utf-8")


def secret(keys: Keys, wanted: Wanted) -> Secret:
    """The demo's one PIN and one password, hashed with a salt that the seed gives."""
    salts = Seed(f"shiftapp salts {wanted.seed}")
    return Secret(
        pin_hash=credentials.hash_secret(PIN, keys.pin_pepper, salts.bytes(16)),
        password_hash=credentials.hash_secret(PASSWORD, keys.pin_pepper, salts.bytes(16)),
        pin_tag=credentials.tag_of(PIN, salts.bytes(16)),
    )


def _must_be_ours(folder: Folder) -> None:
    database = folder.path / "shiftapp.db"
    others = [database, folder.config.keys, *folder.path.glob("*.db")]
    if (folder.path / "demo.json").is_file() or not any(one.exists() for one in others):
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
        said = json.loads((folder.path / "demo.json").read_text("utf-8"))
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


def _clear(folder: Folder) -> None:
    (folder.path / "demo.json").unlink(missing_ok=True)
    for name in OURS:
        (folder.path / name).unlink(missing_ok=True)
    if folder.config.keys.is_dir():
        shutil.rmtree(folder.config.keys)
