"""Kill −9 between the transaction of an erasure and what follows on the disk: the next start
clears what was left, and no row speaks of a file that is gone."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from shiftapp.ledger import encoding
from shiftapp.model import blobs, records
from shiftapp.model.judging import Arrival, Sealed, Secrets
from shiftapp.store import Store, files
from tests.faults.rig import WALL_MS, Phone, Server
from tests.terminal import Cli

PHOTO = b"\xff\xd8\xff" + b"a photo that goes " * 100
SALT = b"salt of the record to be erased!"
# Erases as the desk does, in a process that dies at a step: `note` is the list, `clear` the files.
ERASE = """
import os, signal, sys
from pathlib import Path
from shiftapp.model import erasing, settings, traces
from shiftapp.model.erasing import Order
from shiftapp.model.traces import Traces
from shiftapp.store import open_store
address, data, step, record = sys.argv[1:]
setattr(traces, step, lambda *args: os.kill(os.getpid(), signal.SIGKILL))
store = open_store(address)
order = Order(store.value("SELECT id FROM person ORDER BY no"), "retention", early=True)
where = Traces(Path(data) / "blobs", Path(data) / "erased")
later_ms = {later_ms}
erasing.erase(store, [record], order, settings.get(store), later_ms, where)
"""


def delivered(cli: Cli, store: Store) -> str:
    """A report with a photo, its hazard closed; gives its id. The photo came long ago."""
    phone, folder = Phone(cli, 1), cli.data / "blobs"
    folder.mkdir(exist_ok=True)
    sha = hashlib.sha256(PHOTO).digest()
    files.put(folder, sha, PHOTO, "t")
    os.utime(files.path_of(folder, sha), (1, 1))
    body = json.loads(phone.seal()["body"])
    body["blobs"] = [encoding.b64u(sha)]
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    one = Sealed(text, body, SALT, None, encoding.commitment(SALT, text.encode()))
    arrival, secrets = Arrival(WALL_MS, phone.device, None), Secrets(lambda code: "", b"k" * 32)
    with store.tx() as db:
        blobs.keep(db, sha, "image/jpeg", len(PHOTO), phone.device, WALL_MS)
    records.accept(store, [one], arrival, secrets, 120)
    with store.tx() as db:
        db.run("UPDATE finding SET state = 'accepted', accepted_ms = 1")
    return str(body["id"])


def killed_at(cli: Cli, step: str, record_id: str) -> int:
    """Erase in a process that dies there; gives how it ended."""
    script = ERASE.replace("{later_ms}", str(WALL_MS + 3 * 24 * 3_600_000))
    address = cli.database or str(cli.data / "shiftapp.db")
    return subprocess.run(
        [sys.executable, "-c", script, address, str(cli.data), step, record_id], timeout=60
    ).returncode


@pytest.mark.parametrize("step", ["note", "clear"])
def test_what_a_crash_left_is_gone_after_the_next_start(cli: Cli, step: str) -> None:
    store = cli.store()
    record_id = delivered(cli, store)
    path = files.path_of(cli.data / "blobs", hashlib.sha256(PHOTO).digest())
    assert killed_at(cli, step, record_id) == -signal.SIGKILL
    assert records.body(store, record_id) is None
    assert store.value("SELECT COUNT(*) FROM blob") == 0
    assert path.exists()
    server = Server(cli)
    until = time.monotonic() + 30
    while path.exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert server.stop() == 0
    assert not path.exists()
    assert [one for one in (cli.data / "blobs").rglob("*") if one.is_file()] == []
    store.close()
    if not cli.database:  # the last connection closes: nothing stays in the log beside the file
        assert SALT not in (cli.data / "shiftapp.db").read_bytes()
        assert not (cli.data / "shiftapp.db-wal").exists()


def test_before_the_transaction_is_durable_nothing_is_gone(cli: Cli) -> None:
    """A file is never removed before its row is."""
    store = cli.store()
    record_id = delivered(cli, store)
    assert killed_at(cli, "note", "0" * 36) in (0, -signal.SIGKILL)
    assert records.body(store, record_id) is not None
    for row in store.rows("SELECT sha, bytes FROM blob ORDER BY sha"):
        assert files.is_here(cli.data / "blobs", bytes(row["sha"]), row["bytes"])
    store.close()
