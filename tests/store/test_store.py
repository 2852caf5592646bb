"""The adapter: what both engines promise in the same words."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shiftapp.problems import Problem
from shiftapp.store import Db, Store, open_store
from shiftapp.store.migrations import names, statements
from shiftapp.store.writer import Writer


def put(db: Db, key: str, value: str) -> None:
    db.run("INSERT INTO setting (key, value) VALUES (:key, :value)", key=key, value=value)


def count(store: Store) -> int:
    return int(store.value("SELECT COUNT(*) AS n FROM setting"))


def test_it_reads_what_was_written(store: Store) -> None:
    store.write(lambda db: put(db, "a", "甲"))
    assert store.rows("SELECT key, value FROM setting ORDER BY key") == [
        {"key": "a", "value": "甲"}
    ]
    assert store.row("SELECT value FROM setting WHERE key = :key", key="b") is None
    assert store.value("SELECT value FROM setting WHERE key = :key", key="a") == "甲"


def test_a_write_gives_back_what_its_function_gives(store: Store) -> None:
    row = store.write(
        lambda db: db.row(
            "INSERT INTO counter (name, value) VALUES (:name, 7) RETURNING value", name="x"
        )
    )
    assert row == {"value": 7}


def test_run_tells_how_many_rows_changed(store: Store) -> None:
    store.write(lambda db: put(db, "a", "1"))
    changed = store.write(lambda db: db.run("UPDATE setting SET value = :v", v="2"))
    assert changed == 1


def test_bytes_come_back_as_bytes(store: Store) -> None:
    group = "INSERT INTO reporting_group (code, site, name) VALUES ('G', 'S', 'G')"
    with store.tx() as db:
        db.run("INSERT INTO site (code, name, zone) VALUES ('S', 'S', 'UTC')")
        db.run(group)
        db.run(
            "INSERT INTO series (s, grp, date, code, starts_ms, ends_ms, state)"
            " VALUES (:s, 'G', '2026-11-24', 'D', 1, 2, 'waiting')",
            s=bytes(range(16)),
        )
    assert store.value("SELECT s FROM series") == bytes(range(16))


def test_a_store_refuses_to_write_outside_its_write_path(store: Store) -> None:
    with pytest.raises(TypeError):
        store.run("DELETE FROM setting")


def test_one_failing_write_does_not_undo_its_neighbours(store: Store) -> None:
    gate = threading.Event()

    def slow(db: Db) -> None:
        gate.wait(5)
        put(db, "slow", "1")

    def bad(db: Db) -> None:
        put(db, "half", "1")
        raise ValueError("no")

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(store.write, slow)
        others = [pool.submit(store.write, fn) for fn in (bad, lambda db: put(db, "good", "1"))]
        gate.set()
        first.result()
        with pytest.raises(ValueError, match="no"):
            others[0].result()
        others[1].result()
    assert [row["key"] for row in store.rows("SELECT key FROM setting ORDER BY key")] == [
        "good",
        "slow",
    ]


def test_a_broken_constraint_reaches_the_caller_and_leaves_nothing(store: Store) -> None:
    store.write(lambda db: put(db, "a", "1"))
    with pytest.raises(Exception, match="(?i)unique"):
        store.write(lambda db: put(db, "a", "2"))
    store.write(lambda db: put(db, "b", "1"))
    assert count(store) == 2


def test_many_threads_lose_nothing(store: Store) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: store.write(lambda db: put(db, f"k{n}", "1")), range(200)))
    assert count(store) == 200


def test_a_transaction_rolls_back_as_a_whole(store: Store) -> None:
    with pytest.raises(RuntimeError), store.tx() as db:
        put(db, "a", "1")
        raise RuntimeError
    assert count(store) == 0


def test_acknowledged_is_on_disk_for_another_connection(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.db")
    store.migrate()
    store.write(lambda db: put(db, "a", "1"))
    other = open_store(tmp_path / "a.db")
    assert count(other) == 1
    other.close()
    store.close()


def test_migrating_twice_changes_nothing(store: Store) -> None:
    assert store.migrated() == names()
    assert store.migrate() == []


def test_an_empty_database_has_no_migrations(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.db")
    assert store.migrated() == []
    assert store.migrate() == names()
    store.close()


def entry(db: Db) -> None:
    db.run("INSERT INTO site (code, name, zone) VALUES ('S', 'S', 'UTC')")
    db.run("INSERT INTO reporting_group (code, site, name) VALUES ('G', 'S', 'G')")
    db.run(
        "INSERT INTO series (s, grp, date, code, starts_ms, ends_ms, state)"
        " VALUES (:s, 'G', '2026-11-24', 'D', 1, 2, 'waiting')",
        s=bytes(16),
    )
    db.run(
        "INSERT INTO entry (leaf, data, kind, s, recv_ms) VALUES (:leaf, :data, 'rec', :s, 1)",
        leaf=bytes(32),
        data=b"{}",
        s=bytes(16),
    )


@pytest.mark.parametrize(
    "sql", ["DELETE FROM entry", "UPDATE entry SET recv_ms = 2", "UPDATE entry SET data = leaf"]
)
def test_the_entry_table_is_append_only(store: Store, sql: str) -> None:
    store.write(entry)
    with pytest.raises(Exception, match="append-only"):
        store.write(lambda db: db.run(sql))


def test_an_entry_may_get_its_place_once(store: Store) -> None:
    store.write(entry)
    store.write(lambda db: db.run("UPDATE entry SET idx = 0"))
    with pytest.raises(Exception, match="append-only"):
        store.write(lambda db: db.run("UPDATE entry SET idx = 1"))


def test_a_closed_writer_says_busy() -> None:
    writer = Writer(lambda: pytest.fail("not begun"))
    writer.close()
    with pytest.raises(Problem) as caught:
        writer.write(lambda db: None)
    assert caught.value.status == 503 and caught.value.code == "busy"
    assert caught.value.retry_after_s


def test_a_trigger_stays_one_statement() -> None:
    script = "CREATE TABLE a (b);\nCREATE TRIGGER t BEFORE DELETE ON a\nBEGIN SELECT 1; END;\n"
    assert len(statements(script)) == 2
