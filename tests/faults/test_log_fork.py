"""A restored backup that would go on forks the log: it is refused, and who knows keeps the proof.

Ledger brief §13 F.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.ledger import checkpoint, guard, log, note, tree
from shiftapp.ledger.note import COSIGNATURE
from shiftapp.ledger.witness import FolderMemory, Witness, request
from shiftapp.store import Store
from tests.faults.rig import Server, log_of
from tests.keeping import check_log, fill
from tests.terminal import Cli


@pytest.fixture
def again(request: pytest.FixtureRequest, cli: Cli, tmp_path: Path) -> Iterator[Cli]:
    """The same machine with an empty database, the log's own files left as they are."""
    if not cli.database:
        yield Cli(tmp_path / "again", "")
        return
    server = request.getfixturevalue("postgres")
    address = server.empty()
    yield Cli(tmp_path / "again", address)
    server.drop(address)


def sequence(cli: Cli, *words: str, code: int = 0) -> str:
    """Entries come in, a minute passes, and the log is kept."""
    store = cli.store()
    fill(store, list(words), 5)
    store.write(lambda db: log.want(db, _newest_ms(store) + 1))
    store.close()
    return cli.run("log", "sequence", "--once", code=code).output


def _newest_ms(store: Store) -> int:
    return int(store.value("SELECT COALESCE(MAX(at_ms), 0) FROM checkpoint"))


def restore(cli: Cli, again: Cli, folder: Path) -> None:
    """The backup in the place of what was lost; what lies beside the database stays there."""
    (backup,) = [one for one in folder.glob("*.tar.gz") if ".keys" not in one.name]
    again.data.mkdir(exist_ok=True)
    for name in ("log", "witness", "keys"):
        if (cli.data / name).exists():
            shutil.copytree(cli.data / name, again.data / name)
    again.run("restore", str(backup))


def test_a_restored_backup_is_not_signed_over(cli: Cli, again: Cli, tmp_path: Path) -> None:
    sequence(cli, "one", "two")
    (tmp_path / "kept").mkdir()
    cli.run("backup", str(tmp_path / "kept"))
    sequence(cli, "three", "four")
    restore(cli, again, tmp_path / "kept")

    assert "rolled_back" in sequence(again, "another three", code=1)
    store = again.store()
    assert log.head(store).size == 5
    assert guard.refused(store) == "rolled_back"
    store.close()

    (again.data / "log" / "published").unlink()  # then its own witness remembers
    assert "rolled_back" in sequence(again, code=1)
    assert "rolled_back" in sequence(again, code=1)
    server = Server(again)  # everything else goes on
    assert server.stop() == 0
    assert "Traceback" not in server.errors.read_text()
    store = again.store()
    assert check_log(store, log_of(again)) == 5
    store.close()


def restored_older(cli: Cli, again: Cli, tmp_path: Path) -> Path:
    """A backup in a new folder, older than what was published; gives the mark there."""
    sequence(cli, "one", "two")
    (tmp_path / "kept").mkdir()
    cli.run("backup", str(tmp_path / "kept"))
    sequence(cli, "three", "four")
    (backup,) = [one for one in (tmp_path / "kept").glob("*.tar.gz") if ".keys" not in one.name]
    keys = backup.with_name(backup.name.replace(".tar.gz", ".keys.tar.gz"))
    assert "not signed" in again.run("restore", str(backup), "--keys", str(keys)).output
    return again.data / "log" / "published"


def test_a_backup_in_a_new_folder_is_not_signed_before_somebody_says_so(
    cli: Cli, again: Cli, tmp_path: Path
) -> None:
    mark = restored_older(cli, again, tmp_path)
    assert "[restored]" in sequence(again, "another three", code=1)
    store = again.store()
    assert guard.refused(store) == "restored"
    assert log.head(store).size == check_log(store, log_of(again)) == 5
    store.close()

    mark.unlink()  # somebody says that it is the newest
    sequence(again, "another three")
    store = again.store()
    assert guard.refused(store) == ""
    assert check_log(store, log_of(again)) > 5
    store.close()


def test_what_was_found_to_be_older_is_not_signed_whoever_says_so(
    cli: Cli, again: Cli, tmp_path: Path
) -> None:
    mark = restored_older(cli, again, tmp_path)
    held = mark.read_bytes()
    shutil.copy(cli.data / "log" / "published", mark)  # what was published was found
    assert "[rolled_back]" in sequence(again, code=1)
    mark.write_bytes(held)
    assert "[restored]" in sequence(again, code=1)
    mark.unlink()
    assert "[rolled_back]" in sequence(again, "another three", code=1)


def test_who_forgets_everything_is_refused_by_a_witness_elsewhere_that_keeps_the_proof(
    cli: Cli, again: Cli, tmp_path: Path
) -> None:
    union = Union(cli, tmp_path / "union")
    sequence(cli, "one", "two")
    assert union.sees(cli) == 200
    (tmp_path / "kept").mkdir()
    cli.run("backup", str(tmp_path / "kept"))
    sequence(cli, "three", "four")
    assert union.sees(cli) == 200
    restore(cli, again, tmp_path / "kept")
    shutil.rmtree(again.data / "log")
    shutil.rmtree(again.data / "witness")

    sequence(again, "another three")  # a fork: nobody on this machine knows better
    assert union.sees(again) == 409
    sequence(again, "another four")  # as large as what the union knows
    assert union.sees(again) == 409
    sequence(again, "another five")
    assert union.sees(again) == 422
    store = again.store()
    forked = [row["note"] for row in store.rows("SELECT note FROM checkpoint WHERE size > 6")]
    store.close()
    assert len(union.evidence()) == 2
    shown = "".join(union.evidence())
    assert all(one in shown for one in forked)


class Union:
    """A witness that belongs to somebody else, asked as the log asks."""

    def __init__(self, cli: Cli, folder: Path) -> None:
        key = Ed25519PrivateKey.from_private_bytes(b"\x31" * 32)
        self.memory = FolderMemory(folder)
        self.log = log_of(cli)
        self.witness = Witness("union.example/w", key, [self.log], self.memory)
        vkey = note.vkey("union.example/w", note.public_bytes(key), COSIGNATURE)
        self.verifier = note.parse_vkey(vkey, COSIGNATURE)

    def sees(self, cli: Cli) -> int:
        """What it answers to the newest checkpoint, asked from the tree that it knows."""
        store = cli.store()
        row = log.newest(store)
        assert row is not None
        known = self.memory.newest(self.log.name)
        old = min(known.size if known else 0, row["size"])
        proof = tree.consistency(old, row["size"], log.hashes(store))
        answer = self.witness.answer(request(old, proof, row["note"]), 1_795_477_080)
        store.close()
        if answer.status == 200:
            opened = checkpoint.open_checkpoint(
                row["note"] + answer.body, self.log, [self.verifier]
            )
            assert opened.seen_s
        return answer.status

    def evidence(self) -> list[str]:
        folder = self.memory.folder / "evidence"
        return [path.read_text("utf-8") for path in sorted(folder.iterdir())]
