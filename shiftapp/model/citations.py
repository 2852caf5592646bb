"""What an announcement cites of the log: its `ann` entry, written with the row it speaks of.

A shift is cited once the newest tree that a quorum has seen holds everything known of it, and one
that was seen before it started holds its roster: then anybody counts the same figures from public
data. What is not cited is said all the same, and is the enterprise's own word. The document itself
does not change with the log.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence
from typing import NamedTuple

from shiftapp.ledger import checkpoint, encoding, entries, log, policy
from shiftapp.model import log_marks
from shiftapp.model.announcements import Draft
from shiftapp.model.counts import Part
from shiftapp.model.disclosure import Published
from shiftapp.store import Db, Row

LATELY_MS = 120_000  # what the log has not sealed after that is not about to be sealed


class Cited(NamedTuple):
    """The parts of the cited shifts in the document's order, and the tree they are counted from."""

    tree: int
    parts: list[entries.Part]


def cited(db: Db, draft: Draft) -> Cited:
    """What the `ann` entry of a draft cites; of a period, and of a log never kept, nothing."""
    found = _citable(db, draft)
    trees = {part.cite.tree for part in found if part.cite is not None}
    if not trees:
        return Cited(log_marks.newest_known(db, draft.figures.now_ms), [])
    (tree,) = trees  # a draft reads it once, before it counts
    return Cited(tree, [_part(part) for part in found])


def write(db: Db, doc: bytes, found: Cited, supersedes: str | None, now_ms: int) -> int:
    """Append the `ann` entry of a document (its exact bytes); gives its `seq`.

    `supersedes`: the announcement (id) whose hash it names, as the log has it.
    """
    entry = entries.ann_entry(
        doc=hashlib.sha256(doc).digest(),
        b=found.tree,
        parts=found.parts,
        sup=None if supersedes is None else _doc_of(db, supersedes),
    )
    return log.append(db, "ann", None, entry, now_ms)


def listed(parts: Sequence[entries.Part]) -> str:
    """The parts as they are kept beside the document: canonical JSON."""
    return encoding.canonical(entries.part_list(parts)).decode()


def uncited(db: Db, draft: Draft) -> list[Part]:
    """The public shifts that an announcement signed now would not cite; none without a log."""
    found = _citable(db, draft)
    waiting = [part for part in _public(draft) if part not in found]
    return waiting if waiting and log.is_kept(db) else []


def is_awaited(db: Db, now_ms: int) -> bool:
    """Whether entries of shifts known at an instant wait to be sealed, and soon will be."""
    row = db.row(
        "SELECT MIN(entry.recv_ms) AS since, MAX(head.refused) AS refused FROM entry, head"
        " WHERE (entry.idx IS NULL OR entry.idx >= COALESCE("
        "  (SELECT MAX(size) FROM checkpoint WHERE quorum_s IS NOT NULL), 0))"
        " AND entry.s IS NOT NULL AND entry.recv_ms <= :now",
        now=now_ms,
    )
    assert row is not None  # an aggregate has one row
    if row["since"] is None or row["refused"]:
        return False
    return bool(row["since"] > now_ms - LATELY_MS)


def _citable(db: Db, draft: Draft) -> list[Part]:
    """The public shifts that anybody can count again with the policy that is in force now.

    After a witness was added, what was seen without it can no longer be shown in this way.
    """
    waiting = [part for part in _public(draft) if part.cite is not None]
    text = log.policy(db) if waiting else ""
    if not text:
        return []
    rule = policy.parse(text)

    @functools.cache
    def holds(size: int) -> bool:
        return _still_holds(log.checkpoint(db, size), rule)

    @functools.cache
    def shows(index: int) -> bool:
        return _still_holds(log.covering(db, index), rule)

    return [
        part
        for part in waiting
        if (cite := part.cite) is not None
        and holds(cite.tree)
        and (cite.cut == 0 or holds(cite.cut))
        and shows(cite.open)
    ]


def _still_holds(row: Row | None, rule: policy.Policy) -> bool:
    """Whether a checkpoint has the quorum of a policy, no later than that which was counted by."""
    if row is None or row["quorum_s"] is None:
        return False
    try:
        seen = checkpoint.open_checkpoint(row["signed"], rule.log, rule.verifiers).seen_s
    except ValueError:
        return False
    quorum_s = rule.quorum_s(seen)
    return quorum_s is not None and quorum_s <= row["quorum_s"]


def _public(draft: Draft) -> list[Part]:
    """The shifts that the document of a day names by their series."""
    published = draft.figures.published
    return [p for p in published.shown if p.in_log] if isinstance(published, Published) else []


def _part(part: Part) -> entries.Part:
    assert part.cite is not None  # it is cited
    count, cite = part.count, part.cite
    return entries.Part(
        s=bytes(part.about["s"]),
        open=cite.open,
        cut=cite.cut,
        n=count.n,
        on=count.on,
        off=count.off,
        late=count.late,
    )


def _doc_of(db: Db, id: str) -> bytes:
    """The hash of a document as its entry has it, whatever became of the row."""
    data = db.value(
        "SELECT entry.data FROM announcement JOIN entry ON entry.seq = announcement.entry_seq"
        " WHERE announcement.id = :id",
        id=id,
    )
    return encoding.b64u_decode(json.loads(bytes(data))["doc"], 32)
