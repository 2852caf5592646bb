"""The log of the demo: kept by the plant's clock, and seen by a second witness beside its own.

The second witness stands for a union or an insurer: a folder like that of any witness
(`shiftapp witness status --data demo-data/witness-2`) and, while the demo runs, a server of its own
on the loopback. Its clock is the plant's, which jumps: so that nothing is seen later than it was,
a jump is made from one shift's start to the next.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from shiftapp.commands.keeper import keeper_of, vkey_of
from shiftapp.commands.witness_folder import KEY, open_folder
from shiftapp.config import Config
from shiftapp.ledger import policy as policies
from shiftapp.ledger.keys import Keys, Random, write_key
from shiftapp.ledger.witness import Answer
from shiftapp.model import log_keeping
from shiftapp.model.log_keeper import Keeper
from shiftapp.store import files
from shiftapp.web.context import Context

NAME = "witness.example/demo"  # under which the second witness signs
SHOWN = "示例见证"  # and as the policy names it
FOLDER, KEPT = "witness-2", "morning-log"
URL = "http://127.0.0.1:8100"  # until the demo has said where it listens
SEEN_MS = 5_000  # after an instant: what was received before it has been sealed by then

Send = Callable[[policies.Witness, bytes], Answer]


def make(config: Config, keys: Keys, origin: str, random: Random) -> None:
    """The second witness, which trusts this log, and the policy that asks for both."""
    folder = config.data / FOLDER
    folder.mkdir(mode=0o700)
    write_key(folder / KEY, NAME, random)
    open_folder(folder).trust(vkey_of(keys, origin, "log"))
    write_policy(config, keys, origin, URL)


def write_policy(config: Config, keys: Keys, origin: str, url: str) -> None:
    """Both witnesses, and where the second one listens."""
    second = open_folder(config.data / FOLDER).witness.vkey
    lines = [
        f"log {vkey_of(keys, origin, 'log')}",
        f"witness self {vkey_of(keys, origin, 'witness')}",
        f"witness {SHOWN} {second} {url}",
        f"group both all self {SHOWN}",
        "quorum both",
    ]
    files.replace(config.policy, "".join(f"{line}\n" for line in lines).encode())


@dataclass
class Log:
    """Keeps the log of a demo that is made or runs; one at a time (`round` takes turns)."""

    context: Context
    send: Send | None = None  # None: the second witness answers in this process
    _now_ms: int = 0
    _keeper: Keeper | None = field(default=None, repr=False)

    @property
    def now_s(self) -> int:
        """The second witness's clock: that of the round which asks it."""
        return self._now_ms // 1000

    def round(self, now_ms: int) -> None:
        """What a keeper does in its second, at an instant of the plant's clock."""
        if self._keeper is None:
            self._keeper = keeper_of(self.context)
            self._keeper.send = self.send or self._ask
        self._now_ms = now_ms
        log_keeping.round(self.context.store, self._keeper, now_ms)

    def begin_anew(self) -> None:
        """Look at everything again: what was published is another now, or the policy."""
        self._keeper = None

    def _ask(self, witness: policies.Witness, request: bytes) -> Answer:
        return open_folder(self.context.config.data / FOLDER).witness.answer(request, self.now_s)


def keep_morning(config: Config) -> None:
    """Remember what the witnesses have seen at 07:38, for a reset."""
    for path in _memories(config):
        target = config.data / KEPT / path.relative_to(config.data)
        (shutil.copytree if path.is_dir() else _copy)(path, target)


def back_to_morning(config: Config) -> None:
    """Let the witnesses forget what came after 07:38: the plant is put back, nobody is deceived."""
    for path in _memories(config):
        source = config.data / KEPT / path.relative_to(config.data)
        if path.is_dir():
            shutil.rmtree(path)
        (shutil.copytree if source.is_dir() else _copy)(source, path)


def clear(config: Config) -> None:
    """Take all of it away before a plant is made."""
    for path in (*_memories(config), config.data / FOLDER, config.data / KEPT):
        shutil.rmtree(path, ignore_errors=True)
    for path in (config.published, config.policy):
        path.unlink(missing_ok=True)


def _memories(config: Config) -> list[Path]:
    """What lies beside the database so that an older one is noticed."""
    return [config.witness, config.data / FOLDER / "memory", config.published]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
