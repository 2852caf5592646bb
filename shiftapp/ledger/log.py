"""The log as the database holds it: what waits for a place, the tree, and what was signed of it.

Whoever writes an entry only appends it. One turn of the sequencer gives places to what waits, grows
the tiles and signs the new head, all in one transaction with three fences: the first statement
takes the head's row, the last one moves it only from the size that was read, and a place can be
given once (ledger brief §4). So any number of sequencers may take turns, and none can fork the log.
What is signed leaves the house by `publish`, after that transaction is durable.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from shiftapp.ledger import tree
from shiftapp.ledger.checkpoint import Checkpoint
from shiftapp.store import Db, Row

MOST = 1000  # entries in a turn: some 40 ms, which nobody's record notices
EVER_MS = 1 << 62

# In a turn an entry stands after what it speaks of; those of records by their hash, so that their
# places tell nothing of the order in which they came. One statement for all of them: with one for
# each, a busy server's threads take turns with the interpreter at every entry.
_PLACES = """
UPDATE entry SET idx = :size + turn.place
FROM (
  SELECT seq, ROW_NUMBER() OVER (
    ORDER BY
      CASE kind
        WHEN 'key' THEN 0 WHEN 'open' THEN 1 WHEN 'chg' THEN 2
        WHEN 'rec' THEN 3 WHEN 'amend' THEN 4 ELSE 5
      END,
      CASE kind WHEN 'rec' THEN leaf END,
      seq
  ) - 1 AS place
  FROM entry
  WHERE idx IS NULL AND recv_ms < :before AND seq <= :last
) AS turn
WHERE entry.seq = turn.seq
"""

Sign = Callable[[str], str]  # the text of a checkpoint → the note


class Head(NamedTuple):
    """The tree that was signed last."""

    size: int
    root: bytes


def append(db: Db, kind: str, s: bytes | None, data: bytes, now_ms: int) -> int:
    """Append public bytes, to be given a place; gives their `seq`. The same bytes are there once.

    `s`: the series that they speak of, None for keys and announcements.
    """
    leaf = tree.leaf_hash(data)
    made = db.value(
        "INSERT INTO entry (leaf, data, kind, s, recv_ms) VALUES (:leaf, :data, :kind, :s, :now)"
        " ON CONFLICT (leaf) DO NOTHING RETURNING seq",
        leaf=leaf,
        data=data,
        kind=kind,
        s=s,
        now=now_ms,
    )
    if made is None:
        made = db.value("SELECT seq FROM entry WHERE leaf = :leaf", leaf=leaf)
    return int(made)


def begin(db: Db, policy: str) -> None:
    """An empty head where there is none, and the policy that holds from now on."""
    db.run(
        "INSERT INTO head (id, epoch, size, root, note, policy)"
        " VALUES (1, 0, 0, :root, '', :policy)"
        " ON CONFLICT (id) DO UPDATE SET policy = excluded.policy",
        root=tree.EMPTY,
        policy=policy,
    )
    if db.value("SELECT text FROM policy ORDER BY size DESC LIMIT 1") != policy:
        db.run(
            "INSERT INTO policy (size, text) SELECT size, :text FROM head WHERE id = 1"
            " ON CONFLICT (size) DO UPDATE SET text = excluded.text",
            text=policy,
        )


def policy(db: Db) -> str:
    """The policy in force; '' before a sequencer has said one."""
    return str(db.value("SELECT policy FROM head WHERE id = 1") or "")


def policy_at(db: Db, size: int) -> str | None:
    """The policy that was in force when the tree of a size was signed; None: there was none."""
    found = db.value(
        "SELECT text FROM policy WHERE size < :size ORDER BY size DESC LIMIT 1", size=size
    )
    return None if found is None else str(found)


def is_kept(db: Db) -> bool:
    """Whether a sequencer has ever kept this log: without one there is no tree to ask."""
    return db.value("SELECT 1 FROM head WHERE id = 1") is not None


def head(db: Db) -> Head:
    """The tree that was signed last; an empty one before the first."""
    found = db.row("SELECT size, root FROM head WHERE id = 1")
    return Head(found["size"], bytes(found["root"])) if found else Head(0, tree.EMPTY)


def sequence(db: Db, origin: str, sign: Sign, *, before_ms: int = EVER_MS, most: int = MOST) -> int:
    """One turn: places for what waits and was received before an instant; gives how many.

    Inside `store.write` or `tx`. `sign` makes the note of a checkpoint's text with the log key.

    :raises RuntimeError: another took the turn between; nothing is written.
    """
    db.run("UPDATE head SET epoch = epoch + 1 WHERE id = 1")
    old = head(db)
    last = db.value(
        "SELECT MAX(seq) FROM (SELECT seq FROM entry WHERE idx IS NULL AND recv_ms < :before"
        " ORDER BY seq LIMIT :most) AS waiting",
        before=before_ms,
        most=most,
    )
    if last is None:
        return 0
    given = db.run(_PLACES, size=old.size, before=before_ms, last=last)
    rows = db.rows("SELECT leaf FROM entry WHERE idx >= :size ORDER BY idx", size=old.size)
    _grow(db, old.size, [bytes(row["leaf"]) for row in rows])
    _move(db, old, Checkpoint(origin, size := old.size + given, tree.root(size, hashes(db))), sign)
    return given


def hold(db: Db, size: int) -> bool:
    """Take the head's row until the transaction ends; gives whether it still has that size."""
    return db.run("UPDATE head SET epoch = epoch + 1 WHERE id = 1 AND size = :size", size=size) == 1


def publish(db: Db, now_ms: int) -> Row | None:
    """The head as a published checkpoint, kept for ever; None while the log is empty."""
    db.run(
        "INSERT INTO checkpoint (size, note, at_ms)"
        " SELECT size, note, :now FROM head WHERE id = 1 AND size > 0 ON CONFLICT DO NOTHING",
        now=now_ms,
    )
    return db.row("SELECT * FROM checkpoint ORDER BY size DESC LIMIT 1")


def cut(db: Db, due_ms: int) -> None:
    """Note that the head holds what was received before a shift's start; the first time counts."""
    db.run(
        "INSERT INTO cut (due_ms, size) SELECT :due, size FROM head WHERE id = 1"
        " ON CONFLICT DO NOTHING",
        due=due_ms,
    )


def cosigned(db: Db, size: int, lines: str, quorum_s: int | None) -> None:
    """Keep what witnesses signed under a published checkpoint, in the order in which it came."""
    db.run(
        "UPDATE checkpoint SET cosignatures = cosignatures || :lines,"
        " quorum_s = COALESCE(quorum_s, :quorum) WHERE size = :size",
        lines=lines,
        quorum=quorum_s,
        size=size,
    )


def newest(db: Db) -> Row | None:
    """The newest checkpoint that a quorum has seen; `signed` is its note with all signatures."""
    return _signed(
        db.row("SELECT * FROM checkpoint WHERE quorum_s IS NOT NULL ORDER BY size DESC LIMIT 1")
    )


def checkpoint(db: Db, size: int) -> Row | None:
    """A published checkpoint of that size, as `newest`."""
    return _signed(db.row("SELECT * FROM checkpoint WHERE size = :size", size=size))


def covering(db: Db, index: int) -> Row | None:
    """The first published checkpoint that a quorum has seen and that holds an entry."""
    return _signed(
        db.row(
            "SELECT * FROM checkpoint WHERE size > :index AND quorum_s IS NOT NULL"
            " ORDER BY size LIMIT 1",
            index=index,
        )
    )


def want(db: Db, now_ms: int) -> None:
    """Ask the sequencer for a checkpoint now, not when its minute is over."""
    db.run("UPDATE head SET wanted_ms = :now WHERE id = 1 AND wanted_ms < :now", now=now_ms)


def hashes(db: Db) -> tree.Tiles:
    """The stored hashes, for proofs and roots; each tile is read once."""
    read: dict[tuple[int, int], bytes] = {}

    def one(level: int, place: int) -> bytes:
        number, at = divmod(place, tree.WIDTH)
        if (level, number) not in read:
            read[level, number] = tile(db, level, number)
        return read[level, number][at * tree.HASH_BYTES : (at + 1) * tree.HASH_BYTES]

    return one


def tile(db: Db, level: int, number: int) -> bytes:
    """What a tile has so far; b'' for none."""
    found = db.value(
        "SELECT hashes FROM tile WHERE level = :level AND number = :number",
        level=level,
        number=number,
    )
    return b"" if found is None else bytes(found)


def _grow(db: Db, size: int, leaves: list[bytes]) -> None:
    grown = tree.grown(size, leaves, lambda level, number: tile(db, level, number))
    db.run_many(
        "INSERT INTO tile (level, number, hashes) VALUES (:level, :number, :hashes)"
        " ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes",
        [{"level": level, "number": number, "hashes": h} for (level, number), h in grown.items()],
    )


def _move(db: Db, old: Head, new: Checkpoint, sign: Sign) -> None:
    # --- point of no return: what is signed here is stored here, or nothing is ---
    moved = db.run(
        "UPDATE head SET size = :size, root = :root, note = :note WHERE id = 1 AND size = :old",
        size=new.size,
        root=new.root,
        note=sign(new.text),
        old=old.size,
    )
    if moved != 1:
        raise RuntimeError("the head of the log moved during a turn")


def _signed(found: Row | None) -> Row | None:
    return None if found is None else {**found, "signed": found["note"] + found["cosignatures"]}
