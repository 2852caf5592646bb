"""What anybody counts from the public files of the log alone: naive, and slow on purpose."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from shiftapp.ledger import checkpoint, log, note, tree, verify
from shiftapp.ledger.keys import Keys
from shiftapp.ledger.verify_files import Missing
from shiftapp.ledger.verify_report import VERDICTS
from shiftapp.model import log_files
from shiftapp.store import Store
from tests.sealing_log import origin_of, policy_of, sign, witnessed

Entry = dict[str, Any]


def cut(store: Store, keys: Keys, due_ms: int, seen_s: int | None) -> int:
    """The tree of a shift's start, as the sequencer makes it; `seen_s`: when the witness saw it."""
    origin, text = origin_of(store), policy_of(store, keys)

    def turn() -> int:
        return store.write(
            lambda db: log.sequence(
                db, origin, lambda said: sign(said, origin, keys), before_ms=due_ms
            )
        )

    with store.tx() as db:
        log.begin(db, text)
    while turn():
        pass
    store.write(lambda db: log.cut(db, due_ms))
    found = store.write(lambda db: log.publish(db, due_ms + 3000))
    if found is None:
        return 0
    if seen_s is not None and found["quorum_s"] is None:
        store.write(lambda db: witnessed(db, found["size"], origin, keys, seen_s))
    return int(found["size"])


def public_entries(store: Store) -> list[Entry]:
    """Every entry of the newest tree, from its bundles; its root is that of the checkpoint."""
    newest = log.newest(store)
    assert newest is not None
    size, found = int(newest["size"]), list[bytes]()
    while len(found) < size:
        width = min(tree.WIDTH, size - len(found))
        bundle = log_files.read(store, tree.bundle_path(len(found) // tree.WIDTH, width))
        assert bundle is not None
        data = bundle.data
        while data:
            length = int.from_bytes(data[:2])
            found.append(data[2 : 2 + length])
            data = data[2 + length :]
    told = checkpoint.parse(note.split(newest["note"])[0])
    assert told.root == tree.of_leaves([tree.leaf_hash(one) for one in found])
    return [json.loads(one) for one in found]


def recount(store: Store, index: int) -> dict[str, Entry]:
    """The figures of every shift that the `ann` entry at a place cites, by its series."""
    entries = public_entries(store)
    ann = entries[index]
    assert ann["k"] == "ann"
    listed = ann["of"]
    if isinstance(listed, str):
        parts = log_files.read(store, f"announcement/{index}/parts")
        assert parts is not None
        listed = json.loads(parts.data)
    return {
        part["s"]: _part(store, entries, part, part.get("a", ann["a"]), ann["b"]) for part in listed
    }


def _part(store: Store, entries: list[Entry], part: Entry, a: int, b: int) -> Entry:
    opened = entries[part["open"]]
    assert (opened["k"], opened["s"]) == ("open", part["s"])
    roster = log_files.read(store, f"roster/{part['s']}")
    assert roster is not None and len(roster.data) == 16 * opened["n"]
    live = {
        base64.urlsafe_b64encode(roster.data[at : at + 16]).rstrip(b"=").decode()
        for at in range(0, len(roster.data), 16)
    }
    mine = [
        (index, entry)
        for index, entry in enumerate(entries[:b])
        if entry.get("s") == part["s"] and index > part["open"]
    ]
    for _, entry in mine:
        if entry["k"] == "chg":
            live = (live - set(entry["del"])) | set(entry["add"])
    gone = {e["of"] for _, e in mine if e["k"] == "amend" and e["r"] != "erased"}
    made = [
        (index, entry)
        for index, entry in mine
        if entry["k"] == "rec" and entry["w"] == "commit" and entry["u"] in live
    ]
    held = [(index, entry) for index, entry in made if index not in gone]
    on = {entry["u"] for index, entry in held if index < a}
    after = {entry["u"] for _, entry in held} - on
    off = {entry["u"] for _, entry in held if entry.get("o") == 1} - on
    counted = {"n": len(live), "on": len(on), "off": len(off), "late": len(after - off)}
    return {**counted, "none": len(live - on - after)}


def faults(store: Store, index: int) -> list[tuple[str, str]]:
    """What the verifier finds wrong with the announcement at a place: code, and series or ''."""
    return [(code, s) for code, s in said(store, index) if VERDICTS[code]["kind"] == "fail"]


def said(store: Store, index: int) -> list[tuple[str, str]]:
    """All that the verifier says of it: code, and series or ''."""

    def get(path: str) -> bytes:
        found = log_files.read(store, path)
        if found is None:
            raise Missing(path)
        return found.data

    report = verify.announcement(get, get("policy").decode(), index)
    return [
        (one.code, "" if one.part is None else report.parts[one.part]["s"])
        for one in report.findings
    ]


def told(doc: Entry) -> dict[str, Entry]:
    """The figures of a document's shifts that stand in the log, by their series."""
    return {
        shift["s"]: {name: shift[name] for name in ("n", "on", "off", "late", "none")}
        for shift in doc["shifts"]
        if shift["s"]
    }


def ann_of(store: Store, id: str) -> tuple[int | None, Entry]:
    """The entry of an announcement, and its place."""
    row = store.row(
        "SELECT entry.idx, entry.data, announcement.doc, announcement.parts FROM announcement"
        " JOIN entry ON entry.seq = announcement.entry_seq WHERE announcement.id = :id",
        id=id,
    )
    assert row is not None
    entry = json.loads(bytes(row["data"]))
    digest = hashlib.sha256(row["doc"].encode()).digest()
    assert entry["doc"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if isinstance(entry["of"], list):
        assert entry["of"] == json.loads(row["parts"])
    return row["idx"], entry
