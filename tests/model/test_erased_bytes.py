"""What was erased is nowhere in the files any more (ledger brief §13 J)."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from shiftapp.ledger import encoding
from shiftapp.model import findings, traces
from shiftapp.model.judging import Arrival, Sealed
from shiftapp.model.records import accept
from shiftapp.model.traces import Traces
from shiftapp.store import Store, files
from shiftapp.store.postgres import ERASED_FROM
from tests.erased import order, photo, raw_files, seal, traces_in
from tests.plant import NOW_MS, Plant
from tests.sealing import run_body, secrets_of, text_of

SALT = b"salt-of-the-marked-record-32-by!"
PHOTO = b"\xff\xd8\xff" + b"marked photo " * 900


@pytest.fixture
def where(tmp_path: Path) -> Traces:
    return traces_in(tmp_path)


def marked(plant: Plant, where: Traces) -> str:
    """A record with words, a salt and a photo that are found nowhere else, all sealed and over."""
    sha = photo(plant, where, PHOTO)
    body = run_body(plant, "worker", bad=1, note="标记" * 50, blobs=[encoding.b64u(sha)])
    body["app"] = "shiftapp-marked"
    text = text_of(body)
    one = Sealed(text, body, SALT, b"\x07" * 64, encoding.commitment(SALT, text.encode()))
    accept(plant.store, [one], Arrival(NOW_MS, body["dev"], None), secrets_of(plant), 120)
    seal(plant)
    (found,) = findings.of_record(plant.store, body["id"])
    with plant.store.tx() as db:
        findings.answer(db, found["id"], "fixed", by=plant.id("leader"), now_ms=NOW_MS)
        findings.accept(db, found["id"], by=plant.id("leader"), now_ms=NOW_MS)
    return str(body["id"])


def holding(store: Store, needle: bytes) -> list[str]:
    """The files of the engine that hold some bytes."""
    return [name for name, content in raw_files(store) if needle in content]


NEEDLES = (SALT, b"shiftapp-marked", b"\x07" * 64)


def test_body_salt_and_signature_are_nowhere_in_the_files(plant: Plant, where: Traces) -> None:
    record_id = marked(plant, where)
    if plant.store.engine == "sqlite":
        assert all(holding(plant.store, needle) for needle in NEEDLES)
    done = order(plant, where, record_id)
    assert done.erased == (record_id,) and done.refused == {}
    if plant.store.engine == "sqlite":
        assert [holding(plant.store, needle) for needle in NEEDLES] == [[], [], []]
        assert Path(plant.store.address + "-wal").stat().st_size == 0


def test_whose_slot_it_was_is_nowhere_in_the_tables(plant: Plant, where: Traces) -> None:
    record_id = marked(plant, where)
    me = plant.id("worker")
    order(plant, where, record_id)
    for sql in (
        "SELECT 1 FROM record WHERE person = :p",
        "SELECT 1 FROM finding WHERE reporter = :p",
        "SELECT 1 FROM signal WHERE person = :p",
        "SELECT 1 FROM slot JOIN record ON record.slot_u = slot.u WHERE slot.person = :p",
    ):
        assert plant.store.rows(sql + " ORDER BY 1", p=me) == []


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_no_old_version_of_a_row_is_left(plant: Plant, where: Traces) -> None:
    """PostgreSQL keeps old versions until VACUUM; then their space is free, and used again."""
    record_id = marked(plant, where)
    order(plant, where, record_id)
    for table in ("record", "finding", "slot", "record_blob", "blob"):
        plant.store.value("SELECT pg_stat_clear_snapshot()")
        dead = plant.store.value(
            "SELECT pg_stat_get_dead_tuples(oid) FROM pg_class WHERE relname = :name", name=table
        )
        assert dead == 0, table


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_once_its_free_space_is_given_back_postgres_holds_nothing_either(
    plant: Plant, where: Traces
) -> None:
    """VACUUM frees the space and does not overwrite it: that comes with use, or by VACUUM FULL."""
    record_id = marked(plant, where)
    on_disk(plant.store, "SELECT 1")
    assert all(holding(plant.store, needle) for needle in NEEDLES)
    order(plant, where, record_id)
    on_disk(plant.store, f"VACUUM FULL {', '.join(ERASED_FROM)}")
    assert [holding(plant.store, needle) for needle in NEEDLES] == [[], [], []]


def on_disk(store: Store, sql: str) -> None:
    """Run a statement, then have every page written to the files."""
    with psycopg.connect(store.address, autocommit=True) as admin:
        admin.execute(sql.encode())
        admin.execute("CHECKPOINT")


def test_the_photo_is_gone_from_the_folder(plant: Plant, where: Traces) -> None:
    record_id = marked(plant, where)
    order(plant, where, record_id)
    assert [one for one in where.blobs.rglob("*") if one.is_file()] == []
    assert plant.store.value("SELECT COUNT(*) FROM blob") == 0


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_what_the_log_could_not_let_go_it_lets_go_later(plant: Plant, where: Traces) -> None:
    """A reader in the middle of an old state keeps it in the log beside the file."""
    record_id = marked(plant, where)
    reader = plant.store._connect()  # type: ignore[attr-defined]
    reader.execute("BEGIN")
    reader.execute("SELECT COUNT(*) FROM record").fetchone()
    plant.store._writing.connection.execute("PRAGMA busy_timeout = 50")  # type: ignore[attr-defined]
    order(plant, where, record_id)
    assert holding(plant.store, SALT)
    reader.execute("COMMIT")
    assert plant.store.scrub(again=True)
    assert holding(plant.store, SALT) == []


def test_a_file_that_is_brought_again_meanwhile_stays(plant: Plant, where: Traces) -> None:
    sha = photo(plant, where, PHOTO)
    assert not files.remove(where.blobs, sha, lambda: True)
    assert files.is_here(where.blobs, sha, len(PHOTO))
    assert files.remove(where.blobs, sha, lambda: False)
    assert not files.remove(where.blobs, sha, lambda: False)
    assert list(where.blobs.rglob("*.part")) == []


def test_a_file_without_a_row_is_swept_once_it_is_old(plant: Plant, where: Traces) -> None:
    kept = photo(plant, where, b"\xff\xd8\xffkept")
    lost = photo(plant, where, b"\xff\xd8\xfflost")
    with plant.store.tx() as db:
        db.run("DELETE FROM blob WHERE sha = :sha", sha=lost)
    (where.blobs / "ab").mkdir(exist_ok=True)
    (where.blobs / "ab" / "note").write_text("by hand")
    changed_s = files.path_of(where.blobs, lost).stat().st_mtime
    assert traces.sweep(plant.store, where, changed_s) == 0
    assert traces.sweep(plant.store, where, changed_s + 60) == 1
    assert files.path_of(where.blobs, kept).exists()
