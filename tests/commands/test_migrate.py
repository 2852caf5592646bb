"""Upgrading, tried with a migration that this version does not have."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shiftapp.store import migrations, open_store
from tests.terminal import Cli

SHIPPED = Path(migrations.__file__).parent
NEXT = "9001_next"


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of migrations with one more than shipped, used from now on."""
    folder = tmp_path / "migrations"
    shutil.copytree(SHIPPED, folder)
    (folder / f"{NEXT}.sql").write_text(
        "ALTER TABLE site ADD COLUMN note TEXT NOT NULL DEFAULT '';\n"
    )
    monkeypatch.setattr(migrations, "FOLDER", folder)
    return folder


def test_an_older_database_is_upgraded_after_a_copy(cli: Cli, newer: Path) -> None:
    older = cli.run("user", "list", code=1)
    assert "shiftapp migrate" in older.output
    if cli.database:
        assert "--yes" in cli.run("migrate", code=1).output
        cli.run("migrate", "--yes")
    else:
        assert "Copied" in cli.run("migrate").output
    assert [one["no"] for one in cli.json("user", "list")] == ["admin"]
    store = cli.store()
    assert store.migrated()[-1] == NEXT
    store.close()


def test_the_copy_holds_the_old_database(sqlite_cli: Cli, newer: Path) -> None:
    sqlite_cli.run("migrate")
    (copy,) = sqlite_cli.data.glob("before-migrate-*.db")
    store = open_store(copy)
    assert NEXT not in store.migrated()
    assert store.value("SELECT COUNT(*) AS n FROM person") == 1
    store.close()


def test_a_newer_database_is_refused(
    cli: Cli, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.run("migrate", "--yes")
    monkeypatch.setattr(migrations, "FOLDER", SHIPPED)
    for args in (["migrate"], ["serve"], ["user", "list"], ["backup", "x.tar.gz"]):
        assert "newer version" in cli.run(*args, code=1).output
    assert cli.json("doctor", "--offline", code=1)[0]["verdict"] == "fail"


def test_migrating_twice_changes_nothing(cli: Cli) -> None:
    assert "Up to date" in cli.run("migrate").output
    assert list(cli.data.glob("before-migrate-*")) == []


def test_a_broken_migration_leaves_the_database_as_it_was(sqlite_cli: Cli, newer: Path) -> None:
    text = (newer / f"{NEXT}.sql").read_text()
    (newer / f"{NEXT}.sql").write_text(text + "INSERT INTO nowhere VALUES (1);\n")
    with pytest.raises(Exception, match="nowhere"):
        sqlite_cli.run("migrate")
    store = sqlite_cli.store()
    assert NEXT not in store.migrated()
    columns = [row["name"] for row in store.rows("SELECT name FROM pragma_table_info('site')")]
    assert "note" not in columns
    store.close()
