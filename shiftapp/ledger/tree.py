"""The Merkle tree of the log: hashes of RFC 6962, proofs, and tiles of C2SP tlog-tiles. Pure.

A node at level k covers 2^k leaves. Every eighth level is stored in tiles of at most 256 hashes of
32 bytes; what lies between is computed. `Tiles` reads a stored hash by tile level and place, so the
same code proves from a database, from files, or from what somebody downloaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

HASH_BYTES = 32
HEIGHT, WIDTH = 8, 256  # of a tile: levels of the tree, and hashes
TILE_BYTES = WIDTH * HASH_BYTES
EMPTY = hashlib.sha256(b"").digest()

Tiles = Callable[[int, int], bytes]  # tile level, place in that level → the hash
Proof = tuple[bytes, ...]


class BadProof(ValueError):
    """A proof that shows nothing: too short, too long, or of another tree."""


class Forked(BadProof):
    """A whole proof that a tree begins with another older tree than the one that is known."""


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256 of 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def of_leaves(hashes: Sequence[bytes]) -> bytes:
    """The tree hash over leaf hashes (RFC 6962 §2.1)."""
    return root(len(hashes), lambda _, place: hashes[place], tiled=False)


def root(size: int, tiles: Tiles, *, tiled: bool = True) -> bytes:
    """The root of the first `size` leaves. `tiled` False: `tiles` knows leaves only."""
    return _span(0, size, _reader(tiles, tiled)) if size else EMPTY


def inclusion(index: int, size: int, tiles: Tiles) -> Proof:
    """The audit path of a leaf in a tree, from the leaf up (RFC 6962 §2.1.1).

    :raises ValueError: no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    return tuple(_path(index, 0, size, _reader(tiles, True)))


def consistency(old: int, size: int, tiles: Tiles) -> Proof:
    """The proof that a tree begins with an older one (RFC 6962 §2.1.2); empty where it is trivial.

    :raises ValueError: the older one is the larger.
    """
    if not 0 <= old <= size:
        raise ValueError("the older tree is the larger one")
    if old in (0, size):
        return ()
    return tuple(_sub_proof(old, 0, size, True, _reader(tiles, True)))


def check_inclusion(index: int, size: int, leaf: bytes, proof: Proof, wanted: bytes) -> None:
    """Pass when a leaf hash is at a place of the tree with a root.

    :raises BadProof: it is not, or the proof is of another shape.
    """
    if not 0 <= index < size:
        raise BadProof("no such leaf")
    rest = iter(proof)
    found = _root_of_path(index, size, leaf, rest)
    _check_used(rest)
    if found != wanted:
        raise BadProof("the leaf is not in this tree")


def check_consistency(old: int, size: int, old_root: bytes, proof: Proof, wanted: bytes) -> None:
    """Pass when a tree begins with an older one.

    :raises BadProof: it does not, or the proof is of another shape.
    :raises Forked: the proof is whole, and shows that it begins with another one.
    """
    if not 0 <= old <= size:
        raise BadProof("the older tree is the larger one")
    rest = iter(proof)
    roots = (EMPTY, wanted) if old == 0 else _roots_of_proof(old, size, old_root, rest)
    _check_used(rest)
    if roots[1] == wanted and roots[0] != old_root:
        raise Forked("this tree begins with another older one")
    if roots != (old_root, wanted):
        raise BadProof("this tree does not begin with the older one")


def grown(
    size: int, leaves: Sequence[bytes], tile: Callable[[int, int], bytes]
) -> dict[tuple[int, int], bytes]:
    """The tiles that leaf hashes add to or make, whole, when they come after `size` others.

    `tile` gives the bytes that a tile (level, number) has so far.
    """
    found: dict[tuple[int, int], bytes] = {}
    level, start, added = 0, size, b"".join(leaves)
    while added:
        number, held = divmod(start, WIDTH)
        content = (tile(level, number) if held else b"") + added
        above = b""
        for at in range(0, len(content), TILE_BYTES):
            found[level, number] = content[at : at + TILE_BYTES]
            if len(found[level, number]) == TILE_BYTES:
                above += of_leaves(_split(found[level, number]))
            number += 1
        level, start, added = level + 1, start // WIDTH, above
    return found


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """Where a tile is published: `tile/<L>/<N>[.p/<W>]`, N in groups of three digits (C2SP)."""
    return f"tile/{level}/{_place(number, width)}"


def bundle_path(number: int, width: int = WIDTH) -> str:
    """Where a bundle of entries is published."""
    return f"tile/entries/{_place(number, width)}"


def _place(number: int, width: int) -> str:
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups) + ("" if width == WIDTH else f".p/{width}")


Node = Callable[[int, int], bytes]  # level of the tree, place in it → the hash of a whole subtree


def _reader(tiles: Tiles, tiled: bool) -> Node:
    """Nodes from what is stored: those of a tile's lowest level, or leaves alone."""

    def node(level: int, place: int) -> bytes:
        if level == 0 or (tiled and level % HEIGHT == 0):
            return tiles(level // HEIGHT, place)
        return node_hash(node(level - 1, 2 * place), node(level - 1, 2 * place + 1))

    return node


def _span(start: int, count: int, node: Node) -> bytes:
    """The hash over leaves from `start` on; a power of two of them are a whole subtree."""
    if count & (count - 1) == 0:
        return node(count.bit_length() - 1, start // count)
    left = _largest_power_below(count)
    return node_hash(_span(start, left, node), _span(start + left, count - left, node))


def _path(index: int, start: int, count: int, node: Node) -> list[bytes]:
    if count == 1:
        return []
    left = _largest_power_below(count)
    if index < left:
        return [*_path(index, start, left, node), _span(start + left, count - left, node)]
    below = _path(index - left, start + left, count - left, node)
    return [*below, _span(start, left, node)]


def _sub_proof(old: int, start: int, count: int, known: bool, node: Node) -> list[bytes]:
    if old == count:
        return [] if known else [_span(start, count, node)]
    left = _largest_power_below(count)
    if old <= left:
        below = _sub_proof(old, start, left, known, node)
        return [*below, _span(start + left, count - left, node)]
    below = _sub_proof(old - left, start + left, count - left, False, node)
    return [*below, _span(start, left, node)]


def _root_of_path(index: int, count: int, leaf: bytes, rest: Iterator[bytes]) -> bytes:
    """The root that an audit path leads to: `_path` the other way round."""
    if count == 1:
        return leaf
    left = _largest_power_below(count)
    if index < left:
        return node_hash(_root_of_path(index, left, leaf, rest), _next(rest))
    below = _root_of_path(index - left, count - left, leaf, rest)
    return node_hash(_next(rest), below)


def _roots_of_proof(
    old: int, count: int, known: bytes | None, rest: Iterator[bytes]
) -> tuple[bytes, bytes]:
    """The roots of both trees that a proof leads to: `_sub_proof` the other way round.

    `known`: the older root, as long as the older tree is a whole subtree of its own.
    """
    if old == count:
        found = _next(rest) if known is None else known
        return found, found
    left = _largest_power_below(count)
    if old <= left:
        first, second = _roots_of_proof(old, left, known, rest)
        return first, node_hash(second, _next(rest))
    first, second = _roots_of_proof(old - left, count - left, None, rest)
    shared = _next(rest)
    return node_hash(shared, first), node_hash(shared, second)


def _next(rest: Iterator[bytes]) -> bytes:
    found = next(rest, None)
    if found is None:
        raise BadProof("the proof is too short")
    return found


def _check_used(rest: Iterator[bytes]) -> None:
    if next(rest, None) is not None:
        raise BadProof("the proof is too long")


def _largest_power_below(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def _split(content: bytes) -> list[bytes]:
    return [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]
