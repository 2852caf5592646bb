"""What `verify` remembers between its runs: the newest checkpoint of every log it has seen.

So a log that takes something back, or tells two people two things, is found out by the next one
who looks. Then both signed notes are kept: they are the evidence.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from shiftapp.commands.speech import refuse
from shiftapp.ledger import checkpoint, note
from shiftapp.ledger.checkpoint import Checkpoint
from shiftapp.ledger.policy import Policy
from shiftapp.ledger.verify_report import Report

EVIDENCE = ("fork", "rolled_back")


def default_folder() -> Path:
    """The user's own folder for what programs remember."""
    state = os.environ.get("XDG_STATE_HOME")
    return Path(state) / "shiftapp/verify" if state else Path(click.get_app_dir("shiftapp/verify"))


class Memory:
    """A folder of signed notes, one for each log; None: nothing is remembered."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def known(self, origin: str) -> dict[str, Any] | None:
        """The checkpoint of a log that was seen last, as the verifier takes it."""
        found = _checkpoint(self._note(origin))
        if found is None:
            return None
        return {"size": found.size, "root": base64.b64encode(found.root).decode()}

    def check_key(self, policy: Policy) -> None:
        """Pass unless a log that was seen before signed with another key then.

        :raises ClickException: it did, so the policy that it gives of itself says nothing.
        """
        signed = self._note(policy.log.name)
        if _checkpoint(signed) is None:
            return
        try:
            checkpoint.open_checkpoint(signed, policy.log)
        except ValueError as error:
            raise refuse(
                f"{policy.log.name} 的密钥和上次看到的不一样。和厂门口印的对照，"
                "对得上就用 --policy 给出策略文件。",
                f"The key of {policy.log.name} is another than when you last saw it. Compare it"
                " with the one printed at the gate; if that is right, give the policy by --policy.",
            ) from error

    def learn(self, report: Report, signed: str) -> None:
        """Remember the newest checkpoint, when the log is shown to go on from what was known.

        :raises ClickException: it cannot be written.
        """
        codes = {finding.code for finding in report.findings}
        doubtful = codes & {*EVIDENCE, "tiles_differ"} or report.log["quorum_s"] is None
        found = _checkpoint(signed)
        if self.folder is None or doubtful or found is None:
            return
        old = _checkpoint(self._note(found.origin))
        if old is None or old.size <= found.size:
            self._write(self._path(found.origin), signed)

    def keep_evidence(self, origin: str, notes: Iterable[str]) -> list[str]:
        """Keep signed notes that contradict each other; gives where they are."""
        kept: list[str] = []
        for signed in dict.fromkeys([self._note(origin), *notes]):
            found = _checkpoint(signed)
            if self.folder is None or found is None:
                continue
            name = f"{_hash(origin)}-{found.size}-{found.root.hex()[:16]}.note"
            self._write(self.folder / "evidence" / name, signed)
            kept.append(str(self.folder / "evidence" / name))
        return kept

    def _path(self, origin: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{_hash(origin)}.note"

    def _note(self, origin: str) -> str:
        if self.folder is None:
            return ""
        with contextlib.suppress(OSError, ValueError):
            return self._path(origin).read_text("utf-8")
        return ""

    def _write(self, path: Path, text: str) -> None:
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(text, "utf-8", newline="\n")
            beside.replace(path)
        except OSError as error:
            raise refuse(
                f"写不了 {path}：{error}。换一个 --state，或者用 --no-state。",
                f"{path} cannot be written: {error}. Give another --state, or --no-state.",
            ) from error


def _checkpoint(signed: str) -> Checkpoint | None:
    """What a note says; it was checked before it was kept."""
    try:
        return checkpoint.parse(note.split(signed)[0])
    except ValueError:
        return None


def _hash(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()[:32]
