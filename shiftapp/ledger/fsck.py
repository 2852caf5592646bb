"""A whole log built anew from what it publishes, and every stored hash compared with it. Pure.

After the `fsck` of transparency-dev/tessera: whoever audits reads all entries, makes the tree of
them, and believes no tile. `get` gives a published file by its path behind the log's prefix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from shiftapp.ledger import tree
from shiftapp.ledger.checkpoint import Checkpoint, Opened, open_checkpoint
from shiftapp.ledger.fsck_entries import Fault, Walk
from shiftapp.ledger.policy import Policy
from shiftapp.ledger.verify_files import Get, Missing, entries_of
from shiftapp.ledger.verify_rules import Rules

ALARM = {"fork", "rolled_back"}  # the log is no longer one log

Tell = Callable[[int, int], object]  # so many files of so many


class Known(NamedTuple):
    """A checkpoint that was seen before; `signed` is its note."""

    checkpoint: Checkpoint
    signed: str


@dataclass
class Report:
    """What was found; `signed` is the newest checkpoint, `other` a note that contradicts it."""

    opened: Opened | None = None
    signed: str = ""
    quorum_s: int | None = None
    kinds: dict[str, int] = field(default_factory=dict)  # how many entries of each
    faults: list[Fault] = field(default_factory=list)
    other: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def alarm(self) -> bool:
        """Whether somebody was shown another log."""
        return any(fault.code in ALARM for fault in self.faults)


def check(
    get: Get, policy: Policy, known: Known | None, tell: Tell, *, earlier: bool = True
) -> Report:
    """Read the whole log and say what is wrong with it; `earlier` as for `verify.announcement`."""
    report = Report()
    _take_checkpoint(report, get, policy)
    if report.opened is None:
        return report
    size, root = report.opened.checkpoint.size, report.opened.checkpoint.root
    done = _Counter(tell, _files(size))
    walk = Walk(get, Rules(get, policy, earlier=earlier))
    leaves = _read_leaves(report, get, size, walk, done)
    signed = None
    if leaves is not None:
        made = Made(_levels(leaves), size)
        stored = _compare_tiles(report, get, made, done)
        if made.root(size) != root:
            report.faults.append(Fault("root_differs", {"size": size}))
        signed = next((one for one in (made, stored) if one and one.root(size) == root), None)
    _compare_known(report, known, signed)
    walk.finish(None if signed is None else signed.root)
    report.kinds, report.other = walk.kinds, report.other or walk.other
    report.faults += walk.faults
    return report


class Made:
    """A tree by the hashes of its tiles: as made of the entries, or as stored."""

    def __init__(self, levels: list[list[bytes]], size: int) -> None:
        self.levels, self.size = levels, size

    def root(self, size: int) -> bytes:
        """The root of its first so many leaves."""
        return tree.root(size, lambda level, place: self.levels[level][place])


class _Counter:
    def __init__(self, tell: Tell, total: int) -> None:
        self.tell, self.total, self.done = tell, total, 0

    def one(self) -> None:
        self.done += 1
        self.tell(min(self.done, self.total), self.total)


def _take_checkpoint(report: Report, get: Get, policy: Policy) -> None:
    try:
        report.signed = get("checkpoint").decode()
        report.opened = open_checkpoint(report.signed, policy.log, policy.verifiers)
    except Missing:
        report.faults.append(Fault("no_checkpoint"))
        return
    except ValueError:
        report.faults.append(Fault("bad_checkpoint"))
        return
    report.quorum_s = policy.quorum_s(report.opened.seen_s)
    if report.quorum_s is None:
        report.faults.append(Fault("no_quorum"))


def _files(size: int) -> int:
    """How many files are read at least: bundles, and tiles of every level."""
    total, count = -(-size // tree.WIDTH), size
    while count:
        total += -(-count // tree.WIDTH)
        count //= tree.WIDTH
    return total


def _read_leaves(
    report: Report, get: Get, size: int, walk: Walk, done: _Counter
) -> list[bytes] | None:
    """The leaf hash of every entry, which is looked at too; where a bundle is missing the hashes of
    the tile, so that the rest can be looked at. None: of some there is neither."""
    leaves: list[bytes] = []
    for number in range(-(-size // tree.WIDTH)):
        width = min(tree.WIDTH, size - number * tree.WIDTH)
        path = tree.bundle_path(number, width)
        try:
            for at, data in enumerate(entries_of(get(path), width), number * tree.WIDTH):
                leaves.append(tree.leaf_hash(data))
                walk.take(at, data)
        except Missing:
            report.faults.append(Fault("no_bundle", {"path": path}))
            walk.whole = False
            stored = _tile(get, tree.tile_path(0, number, width))
            if stored is None or len(stored) != width * tree.HASH_BYTES:
                report.faults.append(Fault("no_entries", {"path": path}))
                return None
            leaves += _split(stored)
        done.one()
    return leaves


def _levels(leaves: list[bytes]) -> list[list[bytes]]:
    """The hashes of every level of tiles: each of a full tile of the level below."""
    levels = [leaves]
    while len(levels[-1]) >= tree.WIDTH:
        below = levels[-1]
        full = len(below) // tree.WIDTH
        levels.append(
            [tree.of_leaves(below[n * tree.WIDTH : (n + 1) * tree.WIDTH]) for n in range(full)]
        )
    return levels


def _compare_tiles(report: Report, get: Get, made: Made, done: _Counter) -> Made | None:
    """Compare every tile with what was made; gives the tree as stored, None where a part lacks."""
    levels: list[list[bytes]] = [[] for _ in made.levels]
    for level, hashes in enumerate(made.levels):
        for start in range(0, len(hashes), tree.WIDTH):
            own = hashes[start : start + tree.WIDTH]
            path = tree.tile_path(level, start // tree.WIDTH, len(own))
            found = _tile(get, path)
            if found is None:
                report.faults.append(Fault("no_tile", {"path": path}))
            elif found != b"".join(own):
                at = next((n for n, one in enumerate(_split(found)) if own[n : n + 1] != [one]), 0)
                report.faults.append(Fault("tile_differs", {"path": path, "place": start + at}))
            levels[level] += _split(found or b"")
            done.one()
    whole = all(len(a) == len(b) for a, b in zip(levels, made.levels, strict=True))
    return Made(levels, made.size) if whole else None


def _compare_known(report: Report, known: Known | None, signed: Made | None) -> None:
    """What was seen before must be the beginning of what is signed now.

    `signed` None: no tree with the signed root can be had, so only sizes can be compared.
    """
    assert report.opened is not None  # else nothing is compared
    now = report.opened.checkpoint
    if known is None:
        return
    old = known.checkpoint
    if old.size > now.size:
        report.faults.append(Fault("rolled_back", {"size": now.size, "known": old.size}))
        report.other = known.signed
    elif not _begins(now, old, signed):
        report.faults.append(Fault("fork", {"size": old.size}))
        report.other = known.signed


def _begins(now: Checkpoint, old: Checkpoint, signed: Made | None) -> bool:
    """Whether a tree begins with an older one, as far as that can be known."""
    if old.size == now.size:
        return old.root == now.root
    return signed is None or signed.root(old.size) == old.root


def _tile(get: Get, path: str) -> bytes | None:
    try:
        return get(path)
    except Missing:
        return None


def _split(content: bytes) -> list[bytes]:
    return [content[at : at + tree.HASH_BYTES] for at in range(0, len(content), tree.HASH_BYTES)]
