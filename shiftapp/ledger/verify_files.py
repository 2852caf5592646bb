"""The published files of a log, as a verifier reads them: checked for their shape, not believed.

What a tile says is worth nothing until a signed root has been computed over it. Every length is
known before a file is asked for, so that whoever fetches can stop reading there (`limit`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shiftapp.ledger import tree
from shiftapp.ledger.checkpoint import Checkpoint
from shiftapp.ledger.tree import BadProof

Get = Callable[[str], bytes]

MAX_BUNDLE = tree.WIDTH * 65_537  # a length of two bytes, and that many
MAX_ROSTER = 16 << 20
MAX_DOCUMENT = 4 << 20
MAX_NOTE = 64 << 10


class Missing(Exception):
    """A file that is not there, or of another shape than the log's size asks for."""


class Fork(Exception):
    """Two trees, both signed, of which neither is the beginning of the other."""


def limit(path: str) -> int:
    """The most bytes that a file of the log may have."""
    if path.startswith("tile/entries/"):
        return MAX_BUNDLE
    if path.startswith("tile/"):
        return tree.TILE_BYTES
    if path.startswith("roster/"):
        return MAX_ROSTER
    return MAX_DOCUMENT if path.startswith("announcement/") else MAX_NOTE


class Files:
    """Tiles and bundles of a log up to a checkpoint; each tile is fetched once."""

    def __init__(self, get: Get, newest: Checkpoint) -> None:
        self.get, self.newest = get, newest
        self._tiles: dict[tuple[int, int], bytes] = {}
        self._bundles: dict[int, list[bytes]] = {}

    def hash(self, level: int, place: int) -> bytes:
        """A stored hash (`tree.Tiles`).

        :raises Missing: the tile is not there, or not as long as it must be.
        """
        number, at = divmod(place, tree.WIDTH)
        if (level, number) not in self._tiles:
            width = min(tree.WIDTH, (self.newest.size >> tree.HEIGHT * level) - number * tree.WIDTH)
            found = self.get(tree.tile_path(level, number, width))
            if len(found) != width * tree.HASH_BYTES:
                raise Missing
            self._tiles[level, number] = found
        return self._tiles[level, number][at * tree.HASH_BYTES : (at + 1) * tree.HASH_BYTES]

    def bundle(self, number: int) -> list[bytes]:
        """The entries of a bundle; the first one that was asked for is kept.

        :raises Missing: it is not there, or not that many entries.
        """
        if number not in self._bundles:
            width = min(tree.WIDTH, self.newest.size - number * tree.WIDTH)
            found = entries_of(self.get(tree.bundle_path(number, width)), width)
            if self._bundles:
                return found
            self._bundles[number] = found
        return self._bundles[number]

    def check_beginning(self, old: Checkpoint) -> None:
        """Pass when the newest tree begins with an older one.

        :raises Fork: what fits the newest tree shows another beginning.
        :raises Missing: the tiles do not fit the newest tree; so nothing is shown.
        """
        size, root = self.newest.size, self.newest.root
        if old.size > size:
            raise Missing
        if old.size == size:
            if old.root != root:
                raise Fork
            return
        proof = tree.consistency(old.size, size, self.hash)
        if not _begins(old.size, size, old.root, proof, root):
            own = tree.root(old.size, self.hash)
            raise Fork if _begins(old.size, size, own, proof, root) else Missing

    def check_leaves(self, start: int, leaves: Sequence[bytes]) -> None:
        """Pass when the newest root follows with these leaf hashes at their places.

        Every stored node above one of them is computed, whatever its level; else a root over a
        stored node would say nothing of what lies below it.

        :raises Missing: it does not.
        """
        made: dict[tuple[int, int], bytes] = {}
        stop = start + len(leaves)

        def one(level: int, place: int) -> bytes:
            first = place << tree.HEIGHT * level
            if first >= stop or first + (1 << tree.HEIGHT * level) <= start:
                return self.hash(level, place)
            if level == 0:
                return leaves[place - start]
            if (level, place) not in made:
                below = range(place * tree.WIDTH, (place + 1) * tree.WIDTH)
                made[level, place] = tree.of_leaves([one(level - 1, at) for at in below])
            return made[level, place]

        if tree.root(self.newest.size, one) != self.newest.root:
            raise Missing


def roster(data: bytes) -> list[bytes]:
    """The slots of a roster file.

    :raises ValueError: not 16 bytes each, in ascending order.
    """
    slots = [data[at : at + 16] for at in range(0, len(data), 16)]
    whole = len(data) % 16 == 0 and len(data) <= MAX_ROSTER
    if not whole or any(a >= b for a, b in zip(slots, slots[1:], strict=False)):
        raise ValueError("not a roster")
    return slots


def _begins(old: int, size: int, old_root: bytes, proof: tree.Proof, root: bytes) -> bool:
    try:
        tree.check_consistency(old, size, old_root, proof, root)
    except BadProof:
        return False
    return True


def entries_of(data: bytes, width: int) -> list[bytes]:
    """The entries of a bundle, each after its length in two bytes (C2SP tlog-tiles).

    :raises Missing: not so many, or something behind them.
    """
    found: list[bytes] = []
    at = 0
    while at < len(data) and len(found) < width:
        length = int.from_bytes(data[at : at + 2])
        found.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    if at != len(data) or len(found) != width:
        raise Missing
    return found
