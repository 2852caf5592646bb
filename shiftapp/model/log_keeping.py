"""Keeping the log: places each second, a checkpoint each minute, a cut at every shift's start.

Whoever keeps it calls `round` about once a second; any number of keepers may share a database.
Nothing is remembered between rounds but that the start was made: what is due is asked of the
database, so a keeper that was away does what it missed, in its order. Our own clock decides when
something is tried, never what it shows: that is the witnesses' times.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from shiftapp.ledger import encoding, entries, guard, log
from shiftapp.model import log_asking
from shiftapp.model.log_keeper import Keeper, refusal, refuse
from shiftapp.store import Db, Store

__all__ = ["Keeper", "give", "look", "round", "start"]

said = logging.getLogger("shiftapp")

EVERY_MS = 60_000  # a checkpoint is published that often, when something was added
SETTLED_MS = 3_000  # what was received before a start has been committed by then
AHEAD_MS = 10_000  # a start so near holds back what comes after it
OLDEST_MS = 24 * 3_600_000  # a start that long ago is cut no more
CLOCKS_MS = 60_000  # that far two nodes' clocks may be apart


def round(store: Store, keeper: Keeper, now_ms: int) -> None:
    """One round: start where that is to be done, give places, publish, ask the witnesses.

    :raises Problem: the log is not what was published; nothing is signed any more.
    """
    if not keeper.started:
        start(store, keeper, now_ms)
    give(store, keeper, now_ms)
    look(store, keeper, now_ms)


def start(store: Store, keeper: Keeper, now_ms: int) -> None:
    """Before the first signature: is this the log that was published, and not an older state?

    :raises Problem: it is not.
    """
    store.write(lambda db: log.begin(db, keeper.policy.text))
    code, known = _trouble(store, keeper)
    code = (
        code
        or log_asking.show(store, keeper, now_ms, again=True)
        or log_asking.accused(store, keeper)
    )
    if code:
        said.error("the log is not signed: %s", code)
        raise refuse(store, code, known)
    store.write(guard.allow)
    store.write(lambda db: _name_keys(db, keeper, now_ms))
    keeper.started = True


def give(store: Store, keeper: Keeper, now_ms: int) -> None:
    """Places for what waits, cuts of the shifts that have started, a checkpoint when it is due.

    :raises Problem: the log is not what was published.
    """
    _check_signing(store)
    _follow(store, keeper)
    wanted = _is_wanted(store, now_ms)
    starts = _starts(store, now_ms)
    for due_ms in starts:
        if due_ms <= now_ms - SETTLED_MS:
            _cut(store, keeper, due_ms, now_ms)
    waiting = next((due_ms for due_ms in starts if due_ms > now_ms - SETTLED_MS), None)
    _turns(store, keeper, log.EVER_MS if waiting is None else waiting)
    if _is_due(store, now_ms, wanted=wanted and waiting is None):
        _publish(store, keeper, now_ms)


def look(store: Store, keeper: Keeper, now_ms: int) -> None:
    """Show what is published to the witnesses.

    :raises Problem: one of them knows more of this log than we do, or another one.
    """
    if code := log_asking.show(store, keeper, now_ms):
        said.error("the log is not signed any more: %s", code)
        raise refuse(store, code)


def _trouble(store: Store, keeper: Keeper) -> tuple[str, str]:
    """Why the log must not be signed on, and the note that it does not go on from, where it is ours
    to tell."""
    if code := guard.damage(store, keeper.policy.log):
        return code, ""
    before = guard.known_trouble(store, keeper.policy.log)
    if keeper.guard is None or before == guard.FORKED:
        return before, ""
    code = keeper.guard.trouble(store)
    if code in (guard.ROLLED_BACK, guard.FORKED):
        return code, keeper.guard.signed
    return code or before, ""


def _check_signing(store: Store) -> None:
    if code := guard.refused(store):
        raise refusal(code)


def _name_keys(db: Db, keeper: Keeper, now_ms: int) -> None:
    """An entry for each key of the install that the log does not name yet."""
    rows = db.rows("SELECT data FROM entry WHERE s IS NULL AND kind = 'key' ORDER BY seq")
    named = [encoding.parse_object(bytes(row["data"]).decode()) for row in rows]
    known = {(one["role"], one["vk"]) for one in named}
    for role, vkey in keeper.keys:
        if (role, vkey) not in known:
            entry = entries.key_entry(role=role, vk=vkey, from_s=now_ms // 1000)
            log.append(db, "key", None, entry, now_ms)


def _starts(store: Store, now_ms: int) -> list[int]:
    """Starts of public shifts that have no cut yet, in their order, up to those that are near."""
    rows = store.rows(
        "SELECT DISTINCT starts_ms FROM series WHERE state = 'open'"
        " AND starts_ms > :oldest AND starts_ms <= :newest"
        " AND NOT EXISTS (SELECT 1 FROM cut WHERE cut.due_ms = series.starts_ms)"
        " ORDER BY starts_ms",
        oldest=now_ms - OLDEST_MS,
        newest=now_ms + AHEAD_MS,
    )
    return [row["starts_ms"] for row in rows]


def _cut(store: Store, keeper: Keeper, due_ms: int, now_ms: int) -> None:
    """Everything that was received before a start, and nothing later, in a tree of its own."""
    _turns(store, keeper, due_ms)
    _publish(store, keeper, now_ms, lambda db: log.cut(db, due_ms))


def _turns(store: Store, keeper: Keeper, before_ms: int) -> None:
    """Turns until nothing waits that was received before an instant; a look first costs nothing."""
    while _waits(store, before_ms) and _turn(store, keeper, before_ms) == log.MOST:
        pass


def _waits(store: Store, before_ms: int) -> bool:
    found = store.value(
        "SELECT 1 FROM entry WHERE idx IS NULL AND recv_ms < :before LIMIT 1", before=before_ms
    )
    return found is not None


def _turn(store: Store, keeper: Keeper, before_ms: int) -> int:
    newest = None if keeper.guard is None else keeper.guard.newest
    signed = "" if keeper.guard is None else keeper.guard.signed

    def turn(db: Db) -> int | str:
        # The database may have been changed for an older one under our feet: a standby took over.
        if code := guard.trouble(db, newest):
            guard.refuse(db, code, signed)
            return code
        return log.sequence(db, keeper.origin, keeper.sign, before_ms=before_ms)

    given = store.write(turn)
    if isinstance(given, str):
        said.error("the log is not signed any more: %s", given)
        raise refusal(given)
    return given


def _is_wanted(store: Store, now_ms: int) -> bool:
    """Whether somebody waits for a checkpoint since the last one was published."""
    found = store.value(
        "SELECT wanted_ms FROM head WHERE id = 1 AND wanted_ms <= :now AND wanted_ms >"
        " COALESCE((SELECT at_ms FROM checkpoint ORDER BY size DESC LIMIT 1), -1)",
        now=now_ms + CLOCKS_MS,
    )
    return found is not None


def _is_due(store: Store, now_ms: int, *, wanted: bool) -> bool:
    """Whether the head moved, and somebody waits or its minute is over (or the clock was set)."""
    newest = store.row("SELECT size, at_ms FROM checkpoint ORDER BY size DESC LIMIT 1")
    size = log.head(store).size
    if newest is None:
        return size > 0
    return size > newest["size"] and (wanted or not 0 <= now_ms - newest["at_ms"] < EVERY_MS)


def _publish(
    store: Store, keeper: Keeper, now_ms: int, also: Callable[[Db], None] = lambda db: None
) -> None:
    """Publish the head that is remembered; one that another node moved meanwhile waits a round."""
    size = _remember(store, keeper)

    def publish(db: Db) -> None:
        if log.hold(db, size):
            also(db)
            log.publish(db, now_ms)

    store.write(publish)


def _remember(store: Store, keeper: Keeper) -> int:
    """The head's note on the disk, outside the database, before anybody can be told of it; gives
    its size."""
    row = store.row("SELECT size, note FROM head WHERE id = 1")
    if keeper.guard is not None and row is not None and row["note"]:
        keeper.guard.put(row["note"])
    return 0 if row is None else int(row["size"])


def _follow(store: Store, keeper: Keeper) -> None:
    """Remember also what another node has published: this one must know it when that is gone.

    :raises Problem: it does not go on from what this one knew.
    """
    found = store.row("SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1")
    if keeper.guard is None or found is None or not keeper.guard.is_news(found["size"]):
        return
    if code := guard.trouble(store, keeper.guard.newest):
        raise refuse(store, code, keeper.guard.signed)
    keeper.guard.put(found["note"])
