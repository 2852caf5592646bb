"""Who keeps a log: what signs, who is asked to see it, and what must not be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shiftapp.ledger import guard, log
from shiftapp.ledger import policy as policies
from shiftapp.ledger.entries import Role
from shiftapp.ledger.witness import Answer, Witness
from shiftapp.problems import Problem
from shiftapp.store import Store

Task = Callable[[], None]

# Why nothing is signed any more → what to do.
SENTENCES = {
    guard.ROLLED_BACK: "公开账本比已经公布的旧，停止签署；记录和回执照常。"
    "恢复最新的备份或者备机，再重新启动。"
    "都找不回来，这本账就到此为止：见 docs/log.md “账本丢了怎么办”。",
    guard.FORKED: "公开账本和已经公布的不一样，停止签署；记录和回执照常。"
    "恢复最新的备份或者备机，再重新启动。"
    "都找不回来，这本账就到此为止：见 docs/log.md “账本丢了怎么办”。",
    guard.DAMAGED: "公开账本的数据坏了，停止签署；记录和回执照常。"
    "恢复最新的备份或者备机，再重新启动。",
    guard.UNREADABLE: "数据目录里的 log/published 读不出来，停止签署；记录和回执照常。"
    "从备份放回，或者确认数据库是最新的以后删掉它，再重新启动。",
    guard.RESTORED: "数据库是从备份恢复的，可能比已经公布的旧，停止签署；记录和回执照常。"
    "把原来数据目录里的 log 和 witness 放回来，再重新启动。"
    "找不到了，又能确认备份以后什么也没公布过，就删掉 log/published 再重新启动。",
}


def _in_order(tasks: Sequence[Task]) -> None:
    for task in tasks:
        task()


@dataclass
class Keeper:
    """The keeper of one log.

    `sign` makes the note of a checkpoint with the log key; `send` asks a witness of the policy at
    its URL (OSError where there is no answer); `own` is the install's own witness, asked in this
    process; `keys` are the install's keys that the log has to name. `together` runs the questions
    to the witnesses, which may be at the same time.
    """

    origin: str
    sign: log.Sign
    policy: policies.Policy
    own: Witness | None
    send: Callable[[policies.Witness, bytes], Answer]
    guard: guard.Guard | None = None
    keys: tuple[tuple[Role, str], ...] = ()
    together: Callable[[Sequence[Task]], None] = field(default=_in_order)
    started: bool = False  # looked at what was published, before the first signature


def refuse(store: Store, code: str, known: str = "") -> Problem:
    """Note why nothing is signed any more (`guard.refuse`); gives the refusal to raise."""
    store.write(lambda db: guard.refuse(db, code, known))
    return refusal(code)


def refusal(code: str) -> Problem:
    """Why nothing is signed any more and what to do, as a sentence."""
    return Problem(500, code, SENTENCES[code])
