"""`check_ledger(store)`: walk all the ledger holds and derive it again from what it stands on.

Call it after each step that writes. It is written from the formats, not from the code.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from typing import Any

from shiftapp.ledger import encoding, entries
from shiftapp.model import settings, states
from shiftapp.store import Db, Row

PUBLIC = ("committed", "done")


def check_ledger(db: Db) -> None:
    """Every entry derives again, every record agrees with its entry, slot and receipt leaf."""
    series = {bytes(row["s"]): row for row in db.rows("SELECT * FROM series ORDER BY s")}
    found = db.rows("SELECT * FROM entry ORDER BY seq")
    records = db.rows("SELECT * FROM record ORDER BY seq")
    for row in found:
        _check_bytes(row)
    for s, row in series.items():
        _check_series(
            db, row, [one for one in found if one["s"] is not None and bytes(one["s"]) == s]
        )
    by_entry = {record["entry_seq"]: record for record in records if record["entry_seq"]}
    assert len(by_entry) == sum(record["entry_seq"] is not None for record in records)
    for row in found:
        if row["kind"] == "rec":
            _check_rec(db, row, by_entry.get(row["seq"]) or _entered_again(db, row, records))
    entry_of = {row["seq"]: row for row in found}
    for record in records:
        _check_record(db, record, entry_of.get(record["entry_seq"]), series)
    for kept in db.rows("SELECT * FROM quarantine ORDER BY seq"):
        _check_sealed(kept)


def _check_bytes(row: Row) -> None:
    data = bytes(row["data"])
    told = encoding.parse_object(data.decode())
    assert encoding.canonical(told) == data
    assert bytes(row["leaf"]) == hashlib.sha256(b"\0" + data).digest()
    assert len(data) <= 4096
    assert (told["k"], told["v"]) == (row["kind"], 1)
    if row["s"] is None:
        assert row["kind"] in ("key", "ann")
    else:
        assert encoding.b64u_decode(told["s"], 16) == bytes(row["s"])


def _check_series(db: Db, series: Row, found: list[Row]) -> None:
    """A public series begins with its `open`; replaying `chg` over it ends at the live slots."""
    s = bytes(series["s"])
    if series["state"] != "open":
        assert found == []
        return
    assert [row["kind"] for row in found].count("open") == 1
    assert found[0]["kind"] == "open"
    slots = db.rows("SELECT * FROM slot WHERE s = :s ORDER BY u", s=s)
    owners = {bytes(row["u"]): row for row in slots}
    live = {u for u, row in owners.items() if row["ended_ms"] is None}
    changes = [_told(row) for row in found if row["kind"] == "chg"]
    added = [u for told in changes for u in _ids(told["add"])]
    gone = [u for told in changes for u in _ids(told["del"])]
    assert len(set(added)) == len(added) and len(set(gone)) == len(gone)
    assert set(added) | set(gone) <= owners.keys()
    first = (live - set(added)) | (set(gone) - set(added))
    assert bytes(found[0]["data"]) == _open_bytes(db, series, first)
    known = set(first)
    for row in found[1:]:
        told = _told(row)
        if row["kind"] == "chg":
            assert known.isdisjoint(_ids(told["add"])) and set(_ids(told["del"])) <= known
            known = (known | set(_ids(told["add"]))) - set(_ids(told["del"]))
        elif row["kind"] == "amend":
            _check_amend(told, found)
        else:
            assert encoding.b64u_decode(told["u"], 16) in known
    assert known == live


def _check_amend(told: dict[str, Any], found: list[Row]) -> None:
    """It names an entry of a record before it, of the same slot."""
    (of,) = [one for one in found if one["idx"] == told["of"]]
    assert of["kind"] == "rec" and _told(of)["u"] == told["u"]


def _open_bytes(db: Db, series: Row, slots: set[bytes]) -> bytes:
    names = db.row(
        "SELECT reporting_group.name AS grp, site.name AS site, instance.name AS shift,"
        " instance.closed_ms FROM instance JOIN crew ON crew.code = instance.crew"
        " JOIN reporting_group ON reporting_group.code = crew.grp"
        " JOIN site ON site.code = reporting_group.site WHERE instance.s = :s"
        " ORDER BY instance.id LIMIT 1",
        s=series["s"],
    )
    assert names is not None
    assert len(slots) >= 5
    return encoding.canonical(
        {
            "date": series["date"],
            "grace": settings.get(db).grace_s,
            "group": names["grp"],
            "k": "open",
            "n": len(slots),
            "roster": encoding.b64u(entries.roster_hash(slots)),
            "s": encoding.b64u(bytes(series["s"])),
            "shift": names["shift"],
            "site": names["site"],
            "t0": series["starts_ms"] // 1000,
            "t1": names["closed_ms"] // 1000,
            "v": 1,
        }
    )


def _entered_again(db: Db, row: Row, records: list[Row]) -> Row:
    """The record of an entry whose slot has ended: its person came back, with another slot."""
    told = _told(row)
    ended = "SELECT ended_ms FROM slot WHERE u = :u"
    assert db.value(ended, u=encoding.b64u_decode(told["u"], 16)) is not None
    (record,) = [one for one in records if encoding.b64u(bytes(one["c"])) == told["c"]]
    assert record["entry_seq"] > row["seq"]
    return {**record, "slot_u": encoding.b64u_decode(told["u"], 16)}


def _check_rec(db: Db, row: Row, record: Row) -> None:
    told = _told(row)
    slot = encoding.b64u_decode(told["u"], 16)
    owner = db.row("SELECT * FROM slot WHERE u = :u", u=slot)
    assert owner is not None
    assert bytes(owner["s"]) == bytes(row["s"])
    assert record["erased_ms"] or owner["person"] == record["person"]
    assert bytes(record["slot_u"]) == slot
    wanted = {
        "c": encoding.b64u(bytes(record["c"])),
        "k": "rec",
        "s": told["s"],
        "u": told["u"],
        "v": 1,
        "w": record["kind"],
    }
    if _is_offline(db, record):
        wanted["o"] = 1
    assert told == wanted


def _is_offline(db: Db, record: Row) -> bool:
    instance = db.row("SELECT * FROM instance WHERE id = :i", i=record["instance"])
    assert instance is not None
    when = states.Timed(
        recv_ms=record["recv_ms"],
        claim_ms=record["sealed_ms"],
        lower_ms=record["lower_ms"],
        estimate_ms=record["estimate_ms"],
        estimate_verified=bool(record["estimate_ok"]),
    )
    marked = states.time_mark(states.window_of(instance), when) == "offline"
    return record["result"] == "committed" and marked


def _check_record(db: Db, record: Row, entry: Row | None, series: dict[bytes, Row]) -> None:
    _check_sealed(record)
    if record["erased_ms"] is not None:
        assert (record["person"], record["device"], record["sig"]) == (None, None, None)
    if entry is not None:
        assert (record["counts"], entry["kind"]) == (1, "rec")
        assert record["result"] in PUBLIC
        assert _has_its_slot(db, record), "a person who came back has no entry"
    if record["receipt_leaf"] is not None:
        assert entry is not None
        first = db.row("SELECT kind, data FROM entry WHERE leaf = :l", l=record["receipt_leaf"])
        assert first is not None and _told(first)["c"] == encoding.b64u(bytes(record["c"]))
    if entry is None and record["counts"] and record["result"] in PUBLIC:
        s = bytes(db.value("SELECT s FROM instance WHERE id = :i", i=record["instance"]))
        slot = db.value(
            "SELECT COUNT(*) FROM slot WHERE s = :s AND person = :p AND ended_ms IS NULL",
            s=s,
            p=record["person"],
        )
        assert series[s]["state"] == "small" or not slot, "a record that counts has no entry"


def _has_its_slot(db: Db, record: Row) -> bool:
    """Whether the slot of a record is the one its person has now, where there is one."""
    live = db.value(
        "SELECT live.u FROM slot AS own JOIN slot AS live ON live.s = own.s"
        " AND live.person = own.person WHERE own.u = :u AND live.ended_ms IS NULL",
        u=record["slot_u"],
    )
    return live is None or bytes(live) == bytes(record["slot_u"])


def _check_sealed(row: Row) -> None:
    flags = json.loads(row["flags"])
    assert flags == sorted(set(flags))
    if row["body"] is None:
        assert row["salt"] is None
        return
    body = bytes(row["body"])
    if not body:  # kept unread, and erased
        assert bytes(row["salt"]) == b""
        return
    digest = hashlib.sha256(b"shiftapp/rec/v1\n" + bytes(row["salt"]) + body).digest()
    assert bytes(row["c"]) == digest
    assert json.loads(body)["id"] == row["id"]


def _told(row: Row) -> dict[str, Any]:
    return encoding.parse_object(bytes(row["data"]).decode())


def _ids(texts: list[str]) -> list[bytes]:
    return [encoding.b64u_decode(text, 16) for text in texts]


def entries_of(db: Db) -> list[dict[str, Any]]:
    """All entries as they read, in their order."""
    return [_told(row) for row in db.rows("SELECT * FROM entry ORDER BY seq")]


def by_kind(db: Db) -> dict[str, list[dict[str, Any]]]:
    """All entries as they read, by their kind."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for told in entries_of(db):
        found[told["k"]].append(told)
    return found
