"""A database of every released schema, kept as SQL text, can still be upgraded.

`schemas/NNNN.sql` is `iterdump` of a small filled database. To add one when a schema is released:
`python -m tests.store.test_schemas`.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from pathlib import Path

import pytest

from shiftapp.store import open_store
from shiftapp.store.migrations import names

FOLDER = Path(__file__).parent / "schemas"
DUMPS = sorted(FOLDER.glob("*.sql"))


def schema(path: Path) -> list[tuple[str, ...]]:
    """Everything the schema says, spaces folded (a dump and a migration indent differently)."""
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    connection.close()
    return [(row[0], row[1], " ".join((row[2] or "").split())) for row in rows]


def loaded(dump: Path, path: Path) -> Path:
    connection = sqlite3.connect(path)
    connection.executescript(dump.read_text("utf-8"))
    connection.close()
    return path


def fresh(path: Path) -> Path:
    store = open_store(path)
    store.migrate()
    store.close()
    return path


def test_every_migration_has_its_dump() -> None:
    assert [dump.stem for dump in DUMPS] == [name[:4] for name in names()]


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_a_released_database_reaches_the_newest_schema(dump: Path, tmp_path: Path) -> None:
    path = loaded(dump, tmp_path / "old.db")
    store = open_store(path)
    store.migrate()
    assert store.migrated() == names()
    assert store.value("SELECT name FROM site") == "示例厂"
    assert store.value("SELECT COUNT(*) AS n FROM person") == 1
    store.close()
    assert schema(path) == schema(fresh(tmp_path / "new.db"))


def make(folder: Path) -> Path:
    """Dump the newest schema with one site and one person in it."""
    path = fresh(folder / "new.db")
    store = open_store(path)
    with store.tx() as db:
        db.run("INSERT INTO site (code, name, zone) VALUES ('S1', '示例厂', 'Asia/Shanghai')")
        db.run(
            "INSERT INTO person (id, no, name, made_ms) VALUES (:id, '1', '张三', 1)",
            id="00000000-0000-4000-8000-000000000001",
        )
    store.close()
    connection = sqlite3.connect(path)
    dump = FOLDER / f"{names()[-1][:4]}.sql"
    dump.write_text("\n".join(connection.iterdump()) + "\n", "utf-8")
    connection.close()
    return dump


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        sys.stdout.write(f"{make(Path(made))}\n")
