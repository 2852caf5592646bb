"""What was erased stays erased: after a crash, and after an older backup is restored."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

import shiftapp
from shiftapp.commands.remains import Remains
from shiftapp.config import Config
from shiftapp.ledger import encoding
from shiftapp.model import erasing, records, settings, traces
from shiftapp.model.erasing import Order
from shiftapp.model.judging import Arrival, Sealed, Secrets
from shiftapp.store import Store, files
from tests.faults.rig import Phone
from tests.terminal import Cli

ABSENT = "00000000-0000-4000-8000-000000000000"
WALL_MS = shiftapp.wall_ms()
LATER_MS = WALL_MS + 3 * 24 * 3_600_000


def delivered(cli: Cli, store: Store, seed: int) -> str:
    """A report of nobody, without a hazard that is open; gives its id."""
    phone = Phone(cli, seed)
    sealed = phone.seal()
    body = json.loads(sealed["body"])
    salt = base64.urlsafe_b64decode(sealed["salt"] + "=")
    one = Sealed(
        sealed["body"], body, salt, None, encoding.commitment(salt, sealed["body"].encode())
    )
    records.accept(
        store, [one], Arrival(WALL_MS, phone.device, None), Secrets(lambda code: "", b"k" * 32), 120
    )
    with store.tx() as db:
        db.run("UPDATE finding SET state = 'accepted', accepted_ms = 1")
    return str(body["id"])


def erase(cli: Cli, store: Store, record_id: str) -> None:
    where = Remains(store, Config(data=cli.data)).where
    order = Order(store.value("SELECT id FROM person ORDER BY no"), "本人要求", early=True)
    done = erasing.erase(store, [record_id], order, settings.get(store), LATER_MS, where)
    assert done.erased == (record_id,)


def other(cli: Cli, request: pytest.FixtureRequest, tmp_path: Path) -> Cli:
    address = request.getfixturevalue("postgres").empty() if cli.database else ""
    return Cli(tmp_path / "other", address)


def test_an_older_backup_brings_nothing_erased_back(
    cli: Cli, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    store = cli.store()
    record_id = delivered(cli, store, 1)
    cli.run("backup", str(tmp_path / "b.tar.gz"))
    erase(cli, store, record_id)
    store.close()
    new = other(cli, request, tmp_path)
    out = new.run("restore", str(tmp_path / "b.tar.gz")).output
    assert "erased since the backup are in it again" in out and str(new.data / "erased") in out
    (new.data / "erased").write_bytes((cli.data / "erased").read_bytes())
    store = new.store()
    assert records.body(store, record_id) is not None
    remains = Remains(store, Config(data=new.data))
    remains.clear(LATER_MS, LATER_MS)
    assert records.body(store, record_id) is None
    remains.clear(LATER_MS + 60_000, LATER_MS + 60_000)
    store.close()


def test_what_a_crash_or_another_server_left_out_of_the_list_is_put_there(cli: Cli) -> None:
    store = cli.store()
    first, second = delivered(cli, store, 1), delivered(cli, store, 2)
    for one in (first, second):
        erase(cli, store, one)
    listed = cli.data / "erased"
    listed.write_bytes(listed.read_bytes().splitlines(keepends=True)[0])
    remains = Remains(store, Config(data=cli.data))
    remains.clear(LATER_MS, LATER_MS)
    assert traces.noted(remains.where) == [first, second]
    before = listed.read_bytes()
    Remains(store, Config(data=cli.data)).clear(LATER_MS, LATER_MS)
    assert listed.read_bytes() == before
    store.close()


def test_a_list_that_is_there_already_is_told_of(sqlite_cli: Cli, tmp_path: Path) -> None:
    store = sqlite_cli.store()
    record_id = delivered(sqlite_cli, store, 1)
    store.close()
    sqlite_cli.run("backup", str(tmp_path / "b.tar.gz"))
    new = Cli(tmp_path / "other", "")
    new.data.mkdir()
    (new.data / "erased").write_text(f"{record_id} 1\n")
    out = new.run("restore", str(tmp_path / "b.tar.gz")).output
    assert "lists 1 erased records" in out


def test_what_came_back_without_a_place_is_erased_once_it_has_one(sqlite_cli: Cli) -> None:
    store = sqlite_cli.store()
    record_id = delivered(sqlite_cli, store, 1)
    traces.note(Remains(store, Config(data=sqlite_cli.data)).where, [ABSENT, record_id], 1)
    remains = Remains(store, Config(data=sqlite_cli.data))
    remains.clear(LATER_MS, LATER_MS)
    assert records.body(store, record_id) is None
    assert remains._left == [ABSENT]  # it may still come: a phone sends it again
    store.close()


def test_files_that_a_crash_left_are_swept_at_the_next_start(sqlite_cli: Cli) -> None:
    store = sqlite_cli.store()
    folder = sqlite_cli.data / "blobs"
    folder.mkdir(exist_ok=True)
    files.put(folder, b"\x01" * 32, b"erased", "t")
    os.utime(files.path_of(folder, b"\x01" * 32), (1, 1))
    files.put(folder, b"\x02" * 32, b"just coming", "t")
    Remains(store, Config(data=sqlite_cli.data)).clear(WALL_MS, WALL_MS)
    assert not files.path_of(folder, b"\x01" * 32).exists()
    assert files.path_of(folder, b"\x02" * 32).exists()
    store.close()


def test_files_of_another_database_are_left_alone(
    sqlite_cli: Cli, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(files, "MOST_LOST", 1)
    store = sqlite_cli.store()
    folder = sqlite_cli.data / "blobs"
    folder.mkdir(exist_ok=True)
    for number in (1, 2):
        files.put(folder, bytes([number]) * 32, b"photo", "t")
        os.utime(files.path_of(folder, bytes([number]) * 32), (1, 1))
    Remains(store, Config(data=sqlite_cli.data)).clear(WALL_MS, WALL_MS)
    assert files.path_of(folder, b"\x01" * 32).exists()
    assert "is this the right database" in caplog.text
    store.close()
