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
FOLDER = "witness-2"
URL = "http://127.0.0.1:8100"  # until the demo has said where it listens
SEEN_MS = 5_000  # after an instant: what was received before it has been sealed by then

Send = Callable[[policies.Witness, bytes], Answer]


def make(config: Config, keys: Keys, origin: str, random: Random, url: str) -> None:
    """The second witness, which trusts this log, and the policy that asks for both."""
    folder = config.data / FOLDER
    folder.mkdir(mode=0o700)
    write_key(folder / KEY, NAME, random)
    open_folder(folder).trust(vkey_of(keys, origin, "log"))
    write_policy(config, keys, origin, url)


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


def second_url(config: Config) -> str:
    """Where the second witness listens, as the policy says."""
    found = policies.parse(config.policy.read_text("utf-8")).witnesses
    return next(one.url for one in found if one.name == SHOWN)


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


def clear(config: Config) -> None:
    """Take all of it away before a plant is made."""
    for path in (config.witness, config.data / FOLDER, config.published.parent):
        shutil.rmtree(path, ignore_errors=True)
    config.policy.unlink(missing_ok=True)
