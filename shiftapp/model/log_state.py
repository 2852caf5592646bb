"""How the log stands: what is sealed, what waits, and which witnesses saw the newest checkpoint.

Whether a figure rests on the company's word alone is decided here for every page: by the policy in
force, which the sequencer keeps in the head, and by whose keys its quorum can be made.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import NamedTuple

from shiftapp.ledger import checkpoint, log, policy
from shiftapp.ledger.policy import Policy
from shiftapp.store import Db, Row

FEW, MOST_SIGNS = 5, 40  # names on a page, and letters of each


class Seen(NamedTuple):
    """A witness of the policy; `seen_s`: when it saw the newest checkpoint, None: it did not."""

    name: str  # as the policy names it
    own: bool  # the operator's
    seen_s: int | None


@dataclass(frozen=True)
class Force:
    """What is in force: who saw the newest checkpoint, and whether that shows more than our word.

    `holds` False: its signatures are not those of the policy's keys, or no policy can be read.
    """

    holds: bool
    self_attested: bool
    witnesses: tuple[Seen, ...]
    changed_ms: int = 0  # when the newest checkpoint came to be in force

    @property
    def outside(self) -> list[str]:
        """The witnesses of others that saw the newest checkpoint, by name; a few of them."""
        seen = [one.name for one in self.witnesses if one.seen_s is not None and not one.own]
        return [name[:MOST_SIGNS] for name in seen[:FEW]]


class Answer(NamedTuple):
    """What a witness said last, beside what it saw; `answer` None: it was never asked."""

    seen: Seen
    url: str
    vkey: str
    answer: Row | None


@dataclass(frozen=True)
class Desk:
    """All that the desk looks at."""

    size: int
    newest: Row | None  # checkpoint that a quorum saw
    unseen: Row | None  # a newer one that none has seen yet
    waiting: int
    oldest_ms: int | None  # when the oldest that waits was received
    refused: str
    kept: bool  # a sequencer has run here
    force: Force
    policy: Policy | None
    answers: tuple[Answer, ...]


NOTHING = Force(holds=False, self_attested=True, witnesses=())


def force(db: Db) -> Force:
    """What is in force; `NOTHING` before the first checkpoint."""
    found = log.newest(db)
    if found is None:
        return NOTHING
    stands = _force(log.policy(db), found["signed"])
    return replace(stands, changed_ms=max(found["at_ms"], found["quorum_s"] * 1000))


def desk(db: Db) -> Desk:
    """The log as its keepers look at it."""
    held = db.row("SELECT size, policy, refused FROM head WHERE id = 1")
    newest, last = log.newest(db), _last(db)
    waits = _waiting(db)
    now = _read_policy(held["policy"]) if held else None
    stands = _force(held["policy"] if held else "", newest["signed"] if newest else "")
    return Desk(
        size=held["size"] if held else 0,
        newest=newest,
        unseen=last if last and last["quorum_s"] is None else None,
        waiting=waits["n"],
        oldest_ms=waits["oldest_ms"],
        refused=held["refused"] if held else "",
        kept=held is not None,
        force=stands,
        policy=now,
        answers=_answers(db, now, stands),
    )


def _last(db: Db) -> Row | None:
    return db.row("SELECT size, at_ms, quorum_s FROM checkpoint ORDER BY size DESC LIMIT 1")


def _waiting(db: Db) -> Row:
    found = db.row("SELECT COUNT(*) AS n, MIN(recv_ms) AS oldest_ms FROM entry WHERE idx IS NULL")
    assert found is not None  # an aggregate has a row
    return found


def _answers(db: Db, now: Policy | None, stands: Force) -> tuple[Answer, ...]:
    if now is None:
        return ()
    said = {row["name"]: row for row in db.rows("SELECT * FROM witness_answer ORDER BY name")}
    seen = {one.name: one for one in stands.witnesses}
    return tuple(
        Answer(
            seen.get(one.name) or Seen(one.name, now.is_own(one), None),
            one.url,
            one.verifier.name,
            said.get(one.name),
        )
        for one in now.witnesses
    )


def is_quorate(db: Db, signed: str) -> bool:
    """Whether the policy in force is content with the signatures of a checkpoint."""
    return _force(log.policy(db), signed).holds


@functools.lru_cache(maxsize=8)
def _read_policy(text: str) -> Policy | None:
    """The policy; None where the text is none, or names no log."""
    try:
        found = policy.parse(text)
    except ValueError:
        return None
    return found if found.logs else None


@functools.lru_cache(maxsize=8)
def _force(policy_text: str, signed: str) -> Force:
    now = _read_policy(policy_text)
    if now is None:
        return NOTHING
    try:
        seen_s = checkpoint.open_checkpoint(signed, now.log, now.verifiers).seen_s
    except ValueError:
        seen_s = {}
    seen = [Seen(w.name, now.is_own(w), seen_s.get(w.verifier.name)) for w in now.witnesses]
    return Force(now.quorum_s(seen_s) is not None, now.self_attested, tuple(seen))
