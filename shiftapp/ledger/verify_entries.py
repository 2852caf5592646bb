"""Step 7 of the verifier: the entries from the first roster on, all shown to be in the tree.

Only what the announced series need is kept; a shift of 17,000 stands among three times as many
entries, and most of those are records.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from shiftapp.ledger import tree
from shiftapp.ledger.entry_forms import RECORD, Entry, read
from shiftapp.ledger.verify_files import Files, Missing
from shiftapp.ledger.verify_report import Fatal

BEHIND = 40  # bundles before the oldest roster in which others of its day are sought
MOST = 1 << 22  # entries from the oldest roster to the announcement: a month of the largest plant


class Rec(NamedTuple):
    """A record that has a place."""

    at: int  # index
    u: bytes  # the slot, base64url
    commit: bool
    offline: bool


@dataclass
class Series:
    """What the log has of a series, in its order."""

    recs: list[Rec] = field(default_factory=list)
    chg: list[tuple[int, Entry]] = field(default_factory=list)
    amend: list[tuple[int, Entry]] = field(default_factory=list)
    opens: list[int] = field(default_factory=list)


class Other(NamedTuple):
    """A series that is not wanted."""

    at: int  # index of its roster
    entry: Entry
    changes: list[tuple[int, int]]  # of the roster: index, how many places more

    def places(self, size: int, to: int) -> int:
        """The fewest places that its roster has in the trees from one size to another."""
        n = least = int(self.entry["n"])
        for at, more in self.changes:
            if at < to:
                n += more
                least = n if at < size else min(least, n)
        return least


class Gathered:
    """What was found of the wanted series, the rosters of others, and the announcements."""

    def __init__(self, wanted: Collection[str]) -> None:
        self.series = {s.encode(): Series() for s in wanted}
        self.opens: dict[int, Entry] = {}
        self.others: dict[str, Other] = {}
        self.announcements: list[tuple[int, Entry]] = []
        self.all_read = True

    def of(self, s: str) -> Series:
        """What there is of a wanted series."""
        return self.series[s.encode()]

    def take(self, index: int, data: bytes) -> None:
        """Take an entry down if it matters."""
        record = RECORD.fullmatch(data)
        if record is not None:
            _, offline, s, u, w = record.groups()
            found = self.series.get(s)
            if found is not None:
                found.recs.append(Rec(index, u, w == b"commit", offline is not None))
            return
        try:
            self._take(index, read(data))
        except ValueError:
            self.all_read = False

    def _take(self, index: int, entry: Entry) -> None:
        if entry["k"] == "ann":
            self.announcements.append((index, entry))
        elif entry["k"] != "key" and (found := self.series.get(entry["s"].encode())) is not None:
            if entry["k"] == "open":
                self.opens[index] = entry
                found.opens.append(index)
            else:
                (found.chg if entry["k"] == "chg" else found.amend).append((index, entry))
        elif entry["k"] == "open":
            self.others.setdefault(entry["s"], Other(index, entry, []))
        elif entry["k"] == "chg" and entry["s"] in self.others:
            more = len(entry["add"]) - len(entry["del"])
            self.others[entry["s"]].changes.append((index, more))


def gather(
    files: Files, start: int, stop: int, wanted: Collection[str], since_s: int | None
) -> Gathered:
    """All bundles that hold entries from `start` to before `stop`, and as many before these as may
    hold rosters of shifts that start from `since_s` on.

    :raises Fatal: `no_entry`, `tiles_differ`, `not_canonical`; `bad_trees` where it is too many.
    """
    first, last = start // tree.WIDTH, (stop - 1) // tree.WIDTH
    if stop - start > MOST:
        raise Fatal("bad_trees")
    before = [] if since_s is None else _before(files, first, since_s)
    first -= len(before)
    found = Gathered(wanted)
    leaves: list[bytes] = []
    for number in range(first, last + 1):
        held = before.pop() if before else _bundle(files, number)
        for place, data in enumerate(held):
            leaves.append(tree.leaf_hash(data))
            found.take(number * tree.WIDTH + place, data)
    try:
        files.check_leaves(first * tree.WIDTH, leaves)
    except Missing as error:
        raise Fatal("tiles_differ") from error
    if not found.all_read:
        raise Fatal("not_canonical")
    return found


def _before(files: Files, first: int, since_s: int) -> list[list[bytes]]:
    """The bundles before one, the last first, up to a roster of a shift that started earlier."""
    found: list[list[bytes]] = []
    for number in range(first - 1, max(0, first - BEHIND) - 1, -1):
        found.append(_bundle(files, number))
        if any(_is_earlier(data, since_s) for data in found[-1]):
            break
    return found


def _is_earlier(data: bytes, since_s: int) -> bool:
    if RECORD.fullmatch(data):
        return False
    try:
        entry = read(data)
    except ValueError:
        return False  # it is refused when it is taken down
    return bool(entry["k"] == "open" and entry["t0"] < since_s)


def _bundle(files: Files, number: int) -> list[bytes]:
    try:
        return files.bundle(number)
    except Missing as error:
        raise Fatal("no_entry") from error
