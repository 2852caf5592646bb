"""What was shown to be in the log when a shift started: the plain rule, asked of the tables."""

from __future__ import annotations

from shiftapp.store import Db


def cut_size(db: Db, due_ms: int, grace_s: int) -> int | None:
    """Size of the largest tree that is shown to have been there when a shift started.

    The cut, where a quorum had seen it within `grace_s`, which only absorbs the witnesses' clocks;
    else what a quorum had seen by then. Our own clock shows nothing. None: nothing was there.
    """
    found = db.value(
        "SELECT MAX(size) FROM checkpoint WHERE quorum_s <= :due OR (quorum_s <= :late"
        " AND size = (SELECT size FROM cut WHERE due_ms = :due_ms))",
        due=due_ms // 1000,
        late=due_ms // 1000 + grace_s,
        due_ms=due_ms,
    )
    return None if found is None else int(found)
