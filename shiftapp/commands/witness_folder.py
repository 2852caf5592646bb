"""The folder of a witness: its key, the logs that it trusts, and what it remembers of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.commands.speech import refuse
from shiftapp.ledger import note
from shiftapp.ledger.keys import read_key
from shiftapp.ledger.note import Verifier
from shiftapp.ledger.witness import FolderMemory, Witness
from shiftapp.store import files

KEY, LOGS, MEMORY = "witness.key", "logs", "memory"


@dataclass(frozen=True)
class Folder:
    """A witness that was made; its list of logs is read each time it is asked for."""

    path: Path
    name: str
    key: Ed25519PrivateKey

    @property
    def memory(self) -> FolderMemory:
        """What it has seen."""
        return FolderMemory(self.path / MEMORY)

    @property
    def witness(self) -> Witness:
        """The witness for the logs that it trusts now."""
        return Witness(self.name, self.key, self.logs(), self.memory)

    def logs(self) -> list[Verifier]:
        """The logs it trusts, in the order in which they were entered.

        :raises click.ClickException: a line of the list is none.
        """
        try:
            text = (self.path / LOGS).read_text("utf-8")
            lines = [line.strip() for line in text.split("\n")]
            return [note.parse_vkey(line) for line in lines if line and not line.startswith("#")]
        except FileNotFoundError:
            return []
        except ValueError as error:
            listed = self.path / LOGS
            raise refuse(
                f"{listed} 读不出来：{error}。一行一个 vkey。",
                f"{listed} cannot be read: {error}. It has one vkey a line.",
            ) from None

    def trust(self, vkey: str) -> None:
        """Add a log to the list, durably."""
        path = self.path / LOGS
        before = path.read_text("utf-8") if path.exists() else ""
        gap = "\n" if before and not before.endswith("\n") else ""
        files.replace(path, f"{before}{gap}{vkey}\n".encode())


def open_folder(path: Path) -> Folder:
    """The witness of a folder.

    :raises click.ClickException: there is none.
    :raises Problem: its key cannot be read.
    """
    if not (path / KEY).exists():
        raise refuse(
            f"{path} 里没有见证。新建：shiftapp witness init --data {path} --name …",
            f"There is no witness in {path}. Make one: shiftapp witness init --data {path}"
            " --name …",
        )
    return Folder(path, *read_key(path / KEY))
