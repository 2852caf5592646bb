"""The Merkle tree is that of RFC 6962, its tiles are those of C2SP, and no false proof passes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shiftapp.ledger import tree
from shiftapp.ledger.tree import BadProof

# The eight leaves and their roots that implementations of Certificate Transparency test with.
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                 "606162636465666768696a6b6c6d6e6f")
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = st.integers(0, 1_100)


def leaves(count: int) -> list[bytes]:
    return [tree.leaf_hash(number.to_bytes(4)) for number in range(count)]


def defined(hashes: Sequence[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word, over leaf hashes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + defined(hashes[:k]) + defined(hashes[k:])).digest()


class Log:
    """A log that grows in batches and keeps nothing but its tiles."""

    def __init__(self, *batches: int) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.size, self.hashes = 0, leaves(sum(batches))
        for batch in batches:
            added = self.hashes[self.size : self.size + batch]
            self.tiles |= tree.grown(self.size, added, lambda level, n: self.tiles[level, n])
            self.size += batch

    def hash(self, level: int, place: int) -> bytes:
        number, at = divmod(place, tree.WIDTH)
        found = self.tiles[level, number][32 * at : 32 * (at + 1)]
        assert len(found) == 32
        return found


@pytest.fixture(scope="module")
def log() -> Log:
    return Log(300, 1, 255, 700)


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert tree.of_leaves([tree.leaf_hash(one) for one in LEAVES[:size]]).hex() == ROOTS[size - 1]


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    assert tree.of_leaves([]) == hashlib.sha256(b"").digest() == tree.EMPTY


@given(SIZES)
@example(256)
@example(257)
@example(512)
@example(1_100)
def test_a_root_from_tiles_is_the_definition(size: int) -> None:
    log = Log(size)
    assert tree.root(size, log.hash) == defined(log.hashes) == tree.of_leaves(log.hashes)


@given(st.lists(st.integers(0, 400), max_size=5))
def test_batches_make_the_same_tiles_as_one(batches: list[int]) -> None:
    assert Log(*batches).tiles == Log(sum(batches)).tiles


def test_two_levels_of_tiles_hold_65_536_leaves_and_one_more() -> None:
    log = Log(65_537)
    widths = {level: [] for level in range(3)}  # type: dict[int, list[int]]
    for (level, _), content in sorted(log.tiles.items()):
        widths[level].append(len(content) // 32)
    assert widths == {0: [256] * 256 + [1], 1: [256], 2: [1]}
    assert tree.root(65_537, log.hash) == tree.of_leaves(log.hashes)


@given(st.data(), st.integers(1, 1_100))
def test_every_leaf_is_proven_and_at_no_other_place(data: st.DataObject, size: int) -> None:
    log, index = Log(size), data.draw(st.integers(0, size - 1))
    top, proof = tree.root(size, log.hash), tree.inclusion(index, size, log.hash)
    tree.check_inclusion(index, size, log.hashes[index], proof, top)
    other = data.draw(st.integers(0, size - 1).filter(lambda place: place != index or size == 1))
    if other != index:
        refused(tree.check_inclusion, other, size, log.hashes[index], proof, top)
        refused(tree.check_inclusion, index, size, log.hashes[other], proof, top)


@given(st.data(), st.integers(2, 1_100))
def test_a_larger_tree_begins_with_every_smaller_one(data: st.DataObject, size: int) -> None:
    log, old = Log(size), data.draw(st.integers(0, size))
    before, top = tree.of_leaves(log.hashes[:old]), tree.root(size, log.hash)
    proof = tree.consistency(old, size, log.hash)
    tree.check_consistency(old, size, before, proof, top)
    if old:
        forged = tree.of_leaves([*log.hashes[: old - 1], tree.leaf_hash(b"forged")])
        refused(tree.check_consistency, old, size, forged, proof, top)


@given(st.data(), st.integers(3, 600))
def test_a_whole_proof_of_another_beginning_says_that_it_is_one(
    data: st.DataObject, size: int
) -> None:
    """A second history proves itself; only a whole subtree is not named in the proof."""
    log = Log(size)
    old = data.draw(st.integers(2, size - 1))
    mine = tree.of_leaves([*log.hashes[: old - 1], tree.leaf_hash(b"mine")])
    top, proof = tree.root(size, log.hash), tree.consistency(old, size, log.hash)
    with pytest.raises(BadProof) as caught:
        tree.check_consistency(old, size, mine, proof, top)
    assert isinstance(caught.value, tree.Forked) == (old & (old - 1) != 0)
    with pytest.raises(BadProof) as caught:  # a proof of nothing accuses nobody
        tree.check_consistency(old, size, mine, (*proof[:-1], bytes(32)), top)
    assert not isinstance(caught.value, tree.Forked)


@given(st.data(), st.integers(2, 600))
def test_a_changed_proof_shows_nothing(data: st.DataObject, size: int) -> None:
    log = Log(size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    top, before = tree.root(size, log.hash), tree.of_leaves(log.hashes[:old])
    for proof, check in (
        (
            tree.inclusion(index, size, log.hash),
            lambda p: tree.check_inclusion(index, size, log.hashes[index], p, top),
        ),
        (
            tree.consistency(old, size, log.hash),
            lambda p: tree.check_consistency(old, size, before, p, top),
        ),
    ):
        refused(check, (*proof, bytes(32)))
        refused(check, proof[:-1])
        at = data.draw(st.integers(0, len(proof) - 1))
        turned = bytes([proof[at][0] ^ 1]) + proof[at][1:]
        refused(check, (*proof[:at], turned, *proof[at + 1 :]))


def refused(check: Callable[..., None], *given: object) -> None:
    with pytest.raises(BadProof):
        check(*given)


@pytest.mark.parametrize(("old", "size"), [(0, 0), (0, 7), (7, 7)])
def test_the_trivial_proofs_are_empty(old: int, size: int) -> None:
    log = Log(7)
    before, top = tree.of_leaves(log.hashes[:old]), tree.of_leaves(log.hashes[:size])
    assert tree.consistency(old, size, log.hash) == ()
    tree.check_consistency(old, size, before, (), top)
    refused(tree.check_consistency, old, size, before, (bytes(32),), top)
    refused(tree.check_consistency, old, size, bytes(32), (), top)


def test_what_lies_outside_is_refused(log: Log) -> None:
    top = tree.root(log.size, log.hash)
    for index in (-1, log.size):
        with pytest.raises(ValueError, match="no such leaf"):
            tree.inclusion(index, log.size, log.hash)
        refused(tree.check_inclusion, index, log.size, log.hashes[0], (), top)
    with pytest.raises(ValueError, match="larger"):
        tree.consistency(log.size + 1, log.size, log.hash)
    refused(tree.check_consistency, log.size + 1, log.size, top, (), top)


@pytest.mark.parametrize(
    ("number", "width", "path"),
    [
        (0, 256, "tile/0/000"),
        (999, 256, "tile/0/999"),
        (1_000, 256, "tile/0/x001/000"),
        (1_234_067, 256, "tile/0/x001/x234/067"),
        (273, 112, "tile/0/273.p/112"),
    ],
)
def test_tiles_are_published_where_the_standard_says(number: int, width: int, path: str) -> None:
    assert tree.tile_path(0, number, width) == path
    assert tree.bundle_path(number, width) == path.replace("tile/0/", "tile/entries/")
