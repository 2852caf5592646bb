"""Kill −9 in the middle of a witness's answer: what it may have said, it remembers."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.ledger import note, policy
from shiftapp.ledger.witness import Answer, FolderMemory, Refused, Witness, ask
from shiftapp.store import open_store
from tests.ledger import growing

NAME = "witness.example/w1"
KEY = Ed25519PrivateKey.from_private_bytes(b"\x51" * 32)
KNOWN = policy.Witness(
    "union",
    note.parse_vkey(note.vkey(NAME, note.public_bytes(KEY), note.COSIGNATURE), note.COSIGNATURE),
    "",
)
NOW_S = 1_795_392_000

# A witness in a process of its own that ends itself at a step of remembering.
DOOMED = """
import os, pathlib, signal, sys
from shiftapp.ledger.witness import FolderMemory, Witness
from shiftapp.store import files
from tests.faults.test_witness_kill import KEY, NAME, NOW_S
from tests.ledger import growing

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

class Remembers(FolderMemory):
    def advance(self, *what):
        super().advance(*what)
        die()

step, folder = sys.argv[1:]
memory = FolderMemory(pathlib.Path(folder))
if step == "before it is in place":
    pathlib.Path.replace = die
elif step == "before the folder is durable":
    files._sync_folder = die
else:
    memory = Remembers(memory.folder)
Witness(NAME, KEY, [growing.VERIFIER], memory).answer(sys.stdin.buffer.read(), NOW_S)
"""


class Office:
    """A witness here, and one in a process that dies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, body: bytes) -> Answer:
        memory = FolderMemory(self.folder)
        return Witness(NAME, KEY, [growing.VERIFIER], memory).answer(body, NOW_S)

    def dies(self, step: str, body: bytes) -> None:
        args = [sys.executable, "-c", DOOMED, step, str(self.folder)]
        done = subprocess.run(args, input=body, timeout=30, check=False)
        assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("step", "size"),
    [
        ("before it is in place", 5),
        ("before the folder is durable", 9),
        ("before it is answered", 9),
    ],
)
def test_killed_at_a_step_it_never_signs_two_histories(
    tmp_path: Path, step: str, size: int
) -> None:
    office = Office(tmp_path / "witness")
    stores = [open_store(tmp_path / f"{name}.db") for name in ("true", "false")]
    for store in stores:
        store.migrate()
        growing.begin(store)
    true, false = stores
    ask(office.send, true, growing.grow(true, 5), KNOWN, 0)
    growing.grow(false, 5)
    row, other = growing.grow(true, 9), growing.grow(false, 9, "other")

    def die(body: bytes) -> Answer:
        office.dies(step, body)
        raise ConnectionResetError

    with pytest.raises(Refused) as caught:
        ask(die, true, row, KNOWN, 5)
    assert caught.value.code == "unreachable"
    found = FolderMemory(office.folder).newest(growing.ORIGIN)
    assert found is not None and found.size == size
    if size == 9:  # it may have signed: another history of that size is refused for ever
        with pytest.raises(Refused) as caught:
            ask(office.send, false, other, KNOWN, 5)
        assert caught.value.code == "fork"
    assert ask(office.send, true, row, KNOWN, 5)
    assert ask(office.send, true, growing.grow(true, 12), KNOWN, 9)
    for store in stores:
        store.close()
