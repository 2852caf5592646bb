"""Slots and the public entries about them: `open` when a window opens, `chg` after that.

A slot belongs to one person in one series, however many roster rows; 16 random bytes, never
reused, also not when the same person comes back (formats.md §6). Fewer than five slots when the
window opens: the series is `small` and nothing of it is ever public.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from shiftapp.ledger import entries, log
from shiftapp.ledger.entries import MIN_SLOTS
from shiftapp.model import counters
from shiftapp.store import Db

Random = Callable[[int], bytes]


def open_due(db: Db, now_ms: int, grace_s: int) -> int:
    """Write the `open` entry of every series whose window has opened; gives how many."""
    due = db.rows(
        "SELECT DISTINCT series.s FROM series JOIN instance ON instance.s = series.s"
        " WHERE series.state = 'waiting' AND instance.opens_ms <= :now"
        " AND instance.closed_ms > :now ORDER BY series.s",
        now=now_ms,
    )
    for row in due:
        open_series(db, row["s"], now_ms, grace_s)
    return len(due)


def open_series(db: Db, s: bytes, now_ms: int, grace_s: int) -> str:
    """Open a series that waits: its `open` entry, or (under five slots) none; gives its state."""
    series = db.row(
        "SELECT series.*, reporting_group.name AS group_name, site.name AS site_name,"
        " instance.name AS shift_name, instance.closed_ms FROM series"
        " JOIN reporting_group ON reporting_group.code = series.grp"
        " JOIN site ON site.code = reporting_group.site"
        " JOIN instance ON instance.s = series.s WHERE series.s = :s"
        " ORDER BY instance.id LIMIT 1",
        s=s,
    )
    assert series is not None  # series and instance are made together
    if series["state"] != "waiting" or _lock(db, s) != "waiting":
        return state(db, s)
    slots = live_slots(db, s)
    opened = "open" if len(slots) >= MIN_SLOTS else "small"
    db.run(
        "UPDATE series SET state = :state, roster = :roster WHERE s = :s",
        state=opened,
        roster=b"".join(slots) if opened == "open" else None,
        s=s,
    )
    counters.touch(db)
    if opened == "open":
        data = entries.open_entry(
            s=s,
            date=series["date"],
            grace_s=grace_s,
            group=series["group_name"],
            shift=series["shift_name"],
            site=series["site_name"],
            t0=series["starts_ms"] // 1000,
            t1=series["closed_ms"] // 1000,
            slots=slots,
        )
        log.append(db, "open", s, data, now_ms)
    return opened


def state(db: Db, s: bytes) -> str:
    """`waiting`, `open`, or `small`: never public."""
    return str(db.value("SELECT state FROM series WHERE s = :s", s=s))


def live_slots(db: Db, s: bytes) -> list[bytes]:
    """The slots that count now, in no order."""
    found = db.rows("SELECT u FROM slot WHERE s = :s AND ended_ms IS NULL ORDER BY u", s=s)
    return [bytes(row["u"]) for row in found]


def slot_of(db: Db, s: bytes, person: str) -> bytes | None:
    """The live slot of a person in a series."""
    u = db.value(
        "SELECT u FROM slot WHERE s = :s AND person = :p AND ended_ms IS NULL", s=s, p=person
    )
    return None if u is None else bytes(u)


def public_slot(db: Db, s: bytes, person: str) -> bytes | None:
    """The live slot of a person, where the series is public."""
    u = db.value(
        "SELECT slot.u FROM slot JOIN series ON series.s = slot.s WHERE slot.s = :s"
        " AND slot.person = :p AND slot.ended_ms IS NULL AND series.state = 'open'",
        s=s,
        p=person,
    )
    return None if u is None else bytes(u)


def series_of(db: Db, instance: int) -> bytes:
    """The series of an instance."""
    return bytes(db.value("SELECT s FROM instance WHERE id = :i", i=instance))


def give(db: Db, instance: int, person: str, now_ms: int, random: Random) -> bytes | None:
    """A new slot for a person who has none in the series; None when there is one."""
    s = series_of(db, instance)
    _lock(db, s)
    if slot_of(db, s, person) is not None:
        return None
    u = random(16)
    db.run(
        "INSERT INTO slot (u, s, person, added_ms) VALUES (:u, :s, :p, :now)",
        u=u,
        s=s,
        p=person,
        now=now_ms,
    )
    return u


def give_many(db: Db, wanted: Iterable[tuple[int, str]], now_ms: int, random: Random) -> None:
    """New slots for (instance, person) pairs where there is none, in few statements."""
    by_series: dict[bytes, dict[str, None]] = {}  # people in the order given
    series: dict[int, bytes] = {}
    for instance, person in wanted:
        if instance not in series:
            series[instance] = series_of(db, instance)
        by_series.setdefault(series[instance], {})[person] = None
    for s, people in by_series.items():
        _lock(db, s)
        have = db.rows(
            "SELECT person FROM slot WHERE s = :s AND ended_ms IS NULL ORDER BY person", s=s
        )
        present = {row["person"] for row in have}
        db.run_many(
            "INSERT INTO slot (u, s, person, added_ms) VALUES (:u, :s, :p, :now)",
            [
                {"u": random(16), "s": s, "p": person, "now": now_ms}
                for person in people
                if person not in present
            ],
        )


def drop(db: Db, instance: int, person: str, now_ms: int) -> bytes | None:
    """End a person's slot when no live row of the whole series needs it; gives the slot ended."""
    s = series_of(db, instance)
    _lock(db, s)
    still = db.value(
        "SELECT COUNT(*) FROM roster JOIN instance ON instance.id = roster.instance"
        " WHERE instance.s = :s AND roster.person = :p AND roster.ended_ms IS NULL",
        s=s,
        p=person,
    )
    u = slot_of(db, s, person)
    if still or u is None:
        return None
    db.run("UPDATE slot SET ended_ms = :now WHERE u = :u", now=now_ms, u=u)
    return u


def let_go(db: Db, s: bytes, person: str) -> None:
    """A person's slots in a series name nobody any more; they count as before."""
    db.run("UPDATE slot SET person = NULL WHERE s = :s AND person = :p", s=s, p=person)


def write_change(
    db: Db, instance: int, added: list[bytes], dropped: list[bytes], now_ms: int
) -> None:
    """The `chg` entry of a change after the series opened; before that nothing is public."""
    s = series_of(db, instance)
    if (added or dropped) and state(db, s) == "open":
        log.append(db, "chg", s, entries.chg_entry(s=s, add=added, delete=dropped), now_ms)


def _lock(db: Db, s: bytes) -> str:
    """Take turns with other nodes over one series until the transaction ends; gives its state.

    Else a slot given while another node opens the series is neither in `open` nor in a `chg`.
    """
    found = db.rows("UPDATE series SET state = state WHERE s = :s RETURNING state", s=s)
    return str(found[0]["state"])
