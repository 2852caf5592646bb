"""The keeper of an install's log: its keys, its policy, its own witness, its guard."""

from __future__ import annotations

from pathlib import Path

import click

from shiftapp.commands.speech import refuse
from shiftapp.config import Config
from shiftapp.ledger import note, policy
from shiftapp.ledger.entries import Role
from shiftapp.ledger.guard import Guard
from shiftapp.ledger.keys import NOTE_KEYS, Keys
from shiftapp.ledger.witness import FolderMemory, Witness
from shiftapp.model import settings
from shiftapp.model.log_keeper import Keeper
from shiftapp.web import witness_http
from shiftapp.web.context import Context

ROLES: tuple[Role, ...] = ("log", "receipt", "announcement")


def keeper_of(context: Context) -> Keeper:
    """The keeper of a running install.

    :raises click.ClickException: a key is missing, or the operator's policy cannot be used.
    """
    facts = settings.get(context.store)
    key = context.keys.log
    if key is None or context.keys.witness is None:
        raise refuse(
            "写公开账本要 keys/log.key 和 keys/witness.key：从密钥备份里取回来。",
            "Keeping the log needs keys/log.key and keys/witness.key: put them back.",
        )
    origin = facts.origin
    rule = policy_of(context.config, origin, facts.url, context.keys)
    memory = FolderMemory(context.config.witness)
    own = Witness(f"{origin}/witness", context.keys.witness, [rule.log], memory)
    return Keeper(
        origin=origin,
        sign=lambda text: note.sign_note(text, origin, key),
        policy=rule,
        own=own,
        send=witness_http.send,
        guard=Guard(context.config.published, rule.log),
        keys=tuple((role, vkey_of(context.keys, origin, role)) for role in ROLES),
    )


def vkey_of(keys: Keys, origin: str, role: str) -> str:
    """The text form of the public half of one of the install's keys."""
    kind = note.COSIGNATURE if role == "witness" else note.ED25519
    return note.vkey(origin + NOTE_KEYS[role], note.public_bytes(getattr(keys, role)), kind)


def policy_of(config: Config, origin: str, url: str, keys: Keys) -> policy.Policy:
    """The operator's own policy where there is one, else that of the install's own witness.

    :raises click.ClickException: it cannot be read, or is of another log.
    """
    own = vkey_of(keys, origin, "log")
    try:
        if not config.policy.exists():
            text = policy.default(own, f"{url}/log", vkey_of(keys, origin, "witness"))
            return policy.parse(text)
        found = policy.parse(config.policy.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _bad_policy(config.policy, str(error)) from error
    if not found.logs or found.log != note.parse_vkey(own):
        raise refuse(
            f"见证规则 {config.policy} 是另一本账的。它要有这一行：log {own}",
            f"The policy {config.policy} is of another log. It needs the line: log {own}",
        )
    return found


def _bad_policy(path: Path, why: str) -> click.ClickException:
    return refuse(f"见证规则 {path} 不能用：{why}", f"The policy {path} cannot be used: {why}")
