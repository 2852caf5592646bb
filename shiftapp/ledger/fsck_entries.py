"""What the entries of a log say, held against each other and against the files beside them. Pure.

Each entry of a known form in its one spelling; rosters and documents as their entries commit to
them; changes of a roster that can have happened; cited checkpoints that are beginnings of the log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import NamedTuple

from shiftapp.ledger import entries, entry_forms, verify_files
from shiftapp.ledger.encoding import b64u, b64u_decode
from shiftapp.ledger.entry_forms import Entry
from shiftapp.ledger.verify_files import Get, Missing
from shiftapp.ledger.verify_rules import Rules


class Fault(NamedTuple):
    """Something wrong: a stable code, and what its sentence names."""

    code: str
    params: dict[str, int | str] = {}  # never changed


Root = Callable[[int], bytes]  # of the first so many entries


class Walk:
    """One way through the entries, from the first to the last; then `finish`."""

    def __init__(self, get: Get, rules: Rules) -> None:
        self.get, self.rules = get, rules
        self.kinds: dict[str, int] = {}  # how many of each
        self.faults: list[Fault] = []
        self.other = ""  # a signed note that contradicts this log
        self.whole = True  # False: what an entry speaks of may have stood where nothing is read
        self.opened: set[str] = set()
        self.fixed: set[str] = set()  # of these the roster that was committed to is there
        self.changes: dict[str, list[tuple[int, Entry]]] = {}  # of each series that has some
        self.cited: dict[int, list[int]] = {}  # size of a checkpoint → who rests on it

    def take(self, index: int, data: bytes) -> None:
        """Look at the next entry."""
        try:
            entry = entry_forms.read(data)
        except ValueError:
            self.fault("bad_entry", index=index)
            self.whole = False
            return
        kind = entry["k"]
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if self.whole and kind in ("rec", "chg", "amend") and entry["s"] not in self.opened:
            self.fault("not_opened", index=index)
        if kind == "open":
            self._open(index, entry)
        elif kind == "chg":
            self.changes.setdefault(entry["s"], []).append((index, entry))
        elif kind == "ann":
            self._announcement(index, entry)

    def finish(self, root: Root | None) -> None:
        """What only shows at the end; `root` None: no tree with the signed root can be had."""
        for s, changes in self.changes.items():
            if self.whole and s in self.fixed:
                self._replay(s, changes)
        for size, indexes in sorted(self.cited.items()):
            if code := self._look(size, root):
                for index in indexes:
                    self.fault(code, index=index, size=size)

    def _replay(self, s: str, changes: list[tuple[int, Entry]]) -> None:
        """A series' changes after its roster: who is added was never there, who goes was."""
        live = {b64u(u) for u in verify_files.roster(self.get(f"roster/{s}"))}
        ever = set(live)
        for index, entry in changes:
            added, gone = set(entry["add"]), set(entry["del"])
            twice = len(added) + len(gone) != len(entry["add"]) + len(entry["del"])
            if twice or added & ever or not gone <= live or not (added or gone):
                self.fault("bad_change", index=index)
            live, ever = (live | added) - gone, ever | added

    def fault(self, code: str, **params: int | str) -> None:
        self.faults.append(Fault(code, params))

    def _open(self, index: int, entry: Entry) -> None:
        if entry["s"] in self.opened:
            self.fault("opened_twice", index=index)
        self.opened.add(entry["s"])
        try:
            data = self.get(f"roster/{entry['s']}")
        except Missing:
            self.fault("no_roster", index=index, s=entry["s"])
            return
        try:
            slots = verify_files.roster(data)
        except ValueError:
            self.fault("bad_roster", index=index, s=entry["s"])
            return
        if len(slots) != entry["n"] or b64u(entries.roster_hash(slots)) != entry["roster"]:
            self.fault("roster_differs", index=index, s=entry["s"])
            return
        self.fixed.add(entry["s"])

    def _announcement(self, index: int, entry: Entry) -> None:
        document = self._beside(index, f"announcement/{index}", "no_document")
        if document is not None and hashlib.sha256(document).digest() != _hash(entry["doc"]):
            self.fault("doc_differs", index=index)
        parts = entry["of"]
        if isinstance(parts, str):
            parts = self._listed(index, parts)
        sizes = {entry["b"], entry["a"], *(part.get("a", 0) for part in parts)} if parts else set()
        late = any(size > entry["b"] for size in sizes)
        if entry["b"] > index or late or any(part["open"] >= entry["b"] for part in parts):
            self.fault("bad_trees", index=index)
            return
        for size in sizes - {0}:
            self.cited.setdefault(size, []).append(index)

    def _listed(self, index: int, wanted: str) -> list[Entry]:
        """The parts that are published beside the document."""
        data = self._beside(index, f"announcement/{index}/parts", "no_parts")
        if data is None:
            return []
        try:
            parts = entry_forms.read_parts(data)
        except ValueError:
            parts = []
        if not parts or b64u(entries.parts_hash(parts)) != wanted:
            self.fault("parts_differ", index=index)
            return []
        return parts

    def _beside(self, index: int, path: str, code: str) -> bytes | None:
        try:
            return self.get(path)
        except Missing:
            self.fault(code, index=index)
            return None

    def _look(self, size: int, root: Root | None) -> str:
        """What is wrong with a checkpoint that announcements rest on, '' nothing: it is kept, seen
        by a quorum, and of this log."""
        try:
            signed, quorum_s = self.rules.opened(f"checkpoint/{size}")
        except Missing:
            return "no_cited"
        except ValueError:
            return "bad_cited"
        if signed.size != size or quorum_s is None:
            return "bad_cited"
        if root is not None and signed.root != root(size):
            self.other = self.other or self.get(f"checkpoint/{size}").decode()
            return "fork"
        return ""


def _hash(text: str) -> bytes:
    return b64u_decode(text, 32)
