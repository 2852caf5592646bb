"""Showing published checkpoints to the witnesses, and keeping what they sign.

Each witness is a question of its own: one that does not answer holds up no other. What was taken at
a shift's start is shown before what is newer, because a witness signs nothing older than it knows.
No question is asked inside a transaction.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable

from shiftapp.ledger import checkpoint, guard, log, policy
from shiftapp.ledger.witness import Answer, Refused, ask
from shiftapp.model.log_keeper import Keeper
from shiftapp.store import Db, Row, Store

said = logging.getLogger("shiftapp")

RETRY_MS = 20_000  # while a quorum is missing: often enough for a cut that has its grace
HEARTBEAT_MS = 3_600_000  # of a witness that the quorum does without
CUTS_MS = 15 * 60_000  # a cut that no quorum has seen by then shows nothing any more

# What a witness that we trust says of our log → why it is not signed on.
FATAL = {"ahead": guard.ROLLED_BACK, "fork": guard.FORKED, "inconsistent": guard.FORKED}


Send = Callable[[bytes], Answer]


def show(store: Store, keeper: Keeper, now_ms: int, *, again: bool = False) -> str:
    """Ask every witness that has not signed the newest checkpoint; gives why not to sign on, or ''.

    `again`: ask also who has signed it, as a start does: one that knows more says so.
    """
    rows = _shown(store, now_ms)
    if not rows:
        return ""
    answers = {row["name"]: row for row in store.rows("SELECT * FROM witness_answer ORDER BY name")}
    troubles: list[str] = []

    def question(witness: policy.Witness, answered: Row | None, send: Send) -> None:
        size = (answered and answered["size"]) or 0
        todo = rows[-1:] if again else [row for row in rows if row["size"] > size]
        trouble = _ask(store, keeper, witness, send, todo, size, now_ms)
        if trouble and (answered is None or answered["trouble"] != trouble):  # said once
            said.warning("the witness %s did not sign: %s", witness.name, trouble)
        troubles.append(FATAL.get(trouble, ""))

    keeper.together(
        [
            functools.partial(question, witness, answers.get(witness.name), send)
            for witness in keeper.policy.witnesses
            if (send := _way(keeper, witness, now_ms)) is not None
            and (again or _is_due(answers.get(witness.name), rows[-1], now_ms))
        ]
    )
    return next((code for code in troubles if code), "")


def accused(store: Store, keeper: Keeper) -> str:
    """What a witness has held against our log and not taken back by signing; '' for nothing."""
    rows = store.rows("SELECT name, trouble FROM witness_answer ORDER BY name")
    names = {witness.name for witness in keeper.policy.witnesses}
    found = (FATAL.get(row["trouble"], "") for row in rows if row["name"] in names)
    return next((code for code in found if code), "")


def _way(keeper: Keeper, witness: policy.Witness, now_ms: int) -> Send | None:
    """How to ask a witness; None: it asks us for checkpoints by itself, or not at all."""
    own = keeper.own
    if own is not None and own.name == witness.verifier.name:
        return lambda request: own.answer(request, now_ms // 1000)
    return functools.partial(keeper.send, witness) if witness.url else None


def _shown(store: Store, now_ms: int) -> list[Row]:
    """The newest checkpoint, and before it the cuts that a quorum has yet to see in time."""
    return store.rows(
        "SELECT size, note, at_ms, quorum_s FROM checkpoint"
        " WHERE size = (SELECT MAX(size) FROM checkpoint) OR (quorum_s IS NULL"
        " AND size IN (SELECT size FROM cut WHERE due_ms > :since)) ORDER BY size",
        since=now_ms - CUTS_MS,
    )


def _is_due(answered: Row | None, newest: Row, now_ms: int) -> bool:
    """Whether there is something new to ask; one that failed is left alone for a while."""
    if answered is None:
        return True
    if (answered["size"] or 0) >= newest["size"]:
        return False
    if not answered["trouble"] or answered["asked_ms"] < newest["at_ms"]:
        return True
    wait_ms = RETRY_MS if newest["quorum_s"] is None else HEARTBEAT_MS
    return not 0 <= now_ms - answered["asked_ms"] < wait_ms


def _ask(
    store: Store,
    keeper: Keeper,
    witness: policy.Witness,
    send: Send,
    rows: list[Row],
    last_size: int,
    now_ms: int,
) -> str:
    """One witness, one checkpoint after the other until it fails; why it failed, or ''."""
    for row in rows:
        try:
            lines = ask(send, store, row, witness, last_size)
        except Refused as refused:
            if refused.code == "stale":  # it has a newer one of ours from another node
                continue
            _note(store, witness.name, now_ms, refused.code)
            return refused.code
        _keep(store, keeper, witness, row["size"], lines, now_ms)
        last_size = row["size"]
    return ""


def _keep(
    store: Store, keeper: Keeper, witness: policy.Witness, size: int, lines: str, now_ms: int
) -> None:
    def keep(db: Db) -> None:
        _add(db, keeper.policy, witness, size, lines)
        _signed(db, witness.name, size, now_ms)

    store.write(keep)


def _add(db: Db, rule: policy.Policy, witness: policy.Witness, size: int, lines: str) -> None:
    """Keep a witness's first signature: a later one says less, and would be read in its place."""
    row = log.checkpoint(db, size)
    assert row is not None  # it was read from there
    seen = checkpoint.open_checkpoint(row["signed"], rule.log, rule.verifiers).seen_s
    if witness.verifier.name in seen:
        return
    first = lines.partition("\n")[0] + "\n"
    seen = checkpoint.open_checkpoint(row["signed"] + first, rule.log, rule.verifiers).seen_s
    log.cosigned(db, size, first, rule.quorum_s(seen))


def _signed(db: Db, name: str, size: int, now_ms: int) -> None:
    db.run(
        "INSERT INTO witness_answer (name, asked_ms, size, signed_ms)"
        " VALUES (:name, :now, :size, :now) ON CONFLICT (name) DO UPDATE SET"
        " asked_ms = excluded.asked_ms, signed_ms = excluded.signed_ms, trouble = '',"
        " size = CASE WHEN witness_answer.size > excluded.size THEN witness_answer.size"
        " ELSE excluded.size END",
        name=name,
        size=size,
        now=now_ms,
    )


def _note(store: Store, name: str, now_ms: int, trouble: str) -> None:
    """Keep why a witness did not sign; what it holds against us stays until it signs again."""
    store.write(
        lambda db: db.run(
            "INSERT INTO witness_answer (name, asked_ms, trouble) VALUES (:name, :now, :trouble)"
            " ON CONFLICT (name) DO UPDATE SET asked_ms = excluded.asked_ms, trouble ="
            " CASE WHEN witness_answer.trouble IN ('ahead', 'fork', 'inconsistent')"
            " AND excluded.trouble NOT IN ('ahead', 'fork', 'inconsistent')"
            " THEN witness_answer.trouble"
            " ELSE excluded.trouble END",
            name=name,
            now=now_ms,
            trouble=trouble,
        )
    )
