"""The check of `doctor` that looks at the public log."""

from __future__ import annotations

import time

import shiftapp
from shiftapp.commands.checkup import Check
from shiftapp.commands.speech import pick, sentence
from shiftapp.config import Config
from shiftapp.ledger import guard
from shiftapp.model import log_audit, log_keeper, log_state
from shiftapp.model.settings import Settings
from shiftapp.store import Store

LONG_MS = 3_600_000  # without a quorum


def log(store: Store, settings: Settings, config: Config) -> Check:
    """Whether the log is kept, signed and witnessed in time."""
    now_ms = shiftapp.wall_ms() + settings.clock_offset_ms
    desk = log_state.desk(store)
    if refused := desk.refused or _refused_next(store, desk, config):
        known = refused in log_keeper.SENTENCES
        says = sentence(log_keeper.refusal(refused)) if known else refused
        return Check("log", "fail", f"{says} [{refused}]")
    if not desk.kept:
        says = pick(
            "还没记过：运行 serve，或者 log sequence", "never kept: run serve or log sequence"
        )
        return Check("log", "warn", says)
    if late := log_audit.overdue(store, now_ms):
        says = pick(
            f"{late} 条过了 5 分钟还没入账，serve 或 log sequence 在运行吗",
            f"{late} entries wait for longer than 5 minutes; does serve or log sequence run?",
        )
        return Check("log", "fail", says)
    if desk.unseen is not None and now_ms - desk.unseen["at_ms"] > LONG_MS:
        says = pick(
            "一小时了见证还不够数，看 /manage/log", "no quorum for an hour: see /manage/log"
        )
        return Check("log", "warn", says)
    return Check("log", "ok", _stands(desk))


def _refused_next(store: Store, desk: log_state.Desk, config: Config) -> str:
    """Why the next start will sign nothing, in a folder that was restored and not started yet."""
    if desk.policy is None:
        return ""
    return guard.Guard(config.published, desk.policy.log).trouble(store)


def _stands(desk: log_state.Desk) -> str:
    if desk.newest is None:
        return pick("还没有检查点", "no checkpoint yet")
    at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(desk.newest["quorum_s"]))
    size = desk.newest["size"]
    if desk.force.self_attested:
        return pick(f"{size} 条，{at}，自证", f"{size} entries, {at}, self-attested")
    names = ", ".join(desk.force.outside)
    return pick(f"{size} 条，{at}，见证：{names}", f"{size} entries, {at}, witnessed by {names}")
