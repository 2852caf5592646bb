"""What we publish, read by a reader that knows the C2SP texts alone (c2sp_only)."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.ledger import log, note, policy, tree
from shiftapp.ledger.proof import LogProof
from shiftapp.ledger.witness import FolderMemory, Witness, ask
from shiftapp.model import log_files, log_keeping, log_proofs
from shiftapp.store import Row, Store, open_store
from tests.keeping import ORIGIN, Watched
from tests.ledger import c2sp_only, growing
from tests.plant import Plant

NOW_S = 1_795_392_000
NAMES = ("plant.example/log/witness", "union.example/w")
WITNESSES = [Ed25519PrivateKey.from_private_bytes(bytes([0x71 + n]) * 32) for n in range(2)]
VKEYS = [
    note.vkey(name, note.public_bytes(key), note.COSIGNATURE)
    for name, key in zip(NAMES, WITNESSES, strict=True)
]
POLICY = (
    f"# our policy\nlog {growing.VKEY} https://plant.example/log\nwitness self {VKEYS[0]}\n"
    f"witness 工会 {VKEYS[1]} https://union.example\ngroup both all self 工会\nquorum both\n"
)


def publish(store: Store, folder: Path, size: int) -> None:
    """Let the log grow and have both witnesses sign it."""
    row = growing.grow(store, size)
    lines = ""
    rule = policy.parse(POLICY)
    for n, one in enumerate(rule.witnesses):
        memory = FolderMemory(folder / str(n))
        witness = Witness(NAMES[n], WITNESSES[n], [growing.VERIFIER], memory)
        lines += ask(lambda body, w=witness: w.answer(body, NOW_S), store, row, one, 0)
    store.write(lambda db: log.cosigned(db, size, lines, NOW_S))


def reader(store: Store) -> Callable[[str], bytes | None]:
    def get(path: str) -> bytes | None:
        found = log_files.read(store, path)
        return None if found is None else found.data

    return get


def entry(n: int) -> bytes:
    return f"entry {n}".encode()


@pytest.fixture
def kept(store: Store) -> Store:
    growing.begin(store, POLICY)
    return store


def the_policy(store: Store) -> c2sp_only.Policy:
    return c2sp_only.Policy.read(c2sp_only.fetch(reader(store), "policy"))


def test_it_imports_nothing_of_ours() -> None:
    parsed = ast.parse(Path(c2sp_only.__file__).read_text("utf-8"))
    names = [n.module or "" for n in ast.walk(parsed) if isinstance(n, ast.ImportFrom)]
    names += [a.name for n in ast.walk(parsed) if isinstance(n, ast.Import) for a in n.names]
    assert not [one for one in names if one.split(".")[0] in ("shiftapp", "tests", "qr")]


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 700])
def test_a_stranger_reads_the_whole_log(kept: Store, tmp_path: Path, size: int) -> None:
    publish(kept, tmp_path, size)
    seen, entries = c2sp_only.check_log(reader(kept), the_policy(kept))
    assert (seen.origin, seen.size) == (growing.ORIGIN, size)
    assert seen.extensions == []
    assert sorted(seen.seen.values()) == [NOW_S, NOW_S]
    assert entries == [entry(n) for n in range(size)]


def test_every_size_that_was_signed_stays_readable(kept: Store, tmp_path: Path) -> None:
    sizes = (1, 2, 3, 100, 255, 256, 257, 511, 512, 600)
    for size in sizes:
        publish(kept, tmp_path, size)
    get, rule = reader(kept), the_policy(kept)
    for size in sizes:
        raw = c2sp_only.fetch(get, f"checkpoint/{size}")
        seen = c2sp_only.open_checkpoint(raw, rule.logs[0], list(rule.witnesses.values()))
        assert rule.valid(seen)
        assert len(c2sp_only.audit(get, seen)) == seen.size == size


def test_every_width_of_a_partial_tile_is_there_and_nothing_beyond(
    kept: Store, tmp_path: Path
) -> None:
    publish(kept, tmp_path, 600)
    get = reader(kept)
    hashes = [c2sp_only.leaf(entry(n)) for n in range(600)]
    for width in range(1, 256):
        assert c2sp_only.read_tile(get, 0, 1, width) == hashes[256 : 256 + width]
        assert c2sp_only.read_bundle(get, 1, width) == [entry(256 + n) for n in range(width)]
        beyond = width > 600 - 512
        for path in (f"tile/0/002.p/{width}", f"tile/entries/002.p/{width}"):
            assert (get(path) is None) == beyond
    for path in ("tile/0/002", "tile/0/003", "tile/1/000", "tile/1/000.p/3", "tile/2/000.p/1"):
        assert get(path) is None
    for path in (
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/0",
        "tile/00/000",
        "tile/0/x000/000",
    ):
        assert get(path) is None  # another spelling of a tile
    assert c2sp_only.read_tile(get, 1, 0, 2) == [
        c2sp_only.mth(hashes[at:][:256]) for at in (0, 256)
    ]


def test_what_no_checkpoint_holds_yet_is_not_given_away(kept: Store, tmp_path: Path) -> None:
    publish(kept, tmp_path, 5)
    with kept.tx() as db:
        log.append(db, "key", None, b"entry 5", 5)
    kept.write(lambda db: log.sequence(db, growing.ORIGIN, growing.sign))
    assert log.head(kept).size == 6
    assert reader(kept)("tile/0/000.p/6") is None
    assert len(c2sp_only.check_log(reader(kept), the_policy(kept))[1]) == 5


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 700])
def test_a_stranger_checks_a_proof_offline(kept: Store, tmp_path: Path, size: int) -> None:
    publish(kept, tmp_path, size)
    signed = log.newest(kept)
    assert signed is not None
    for index in sorted({0, 1, size // 2, size - 1} & set(range(size))):
        path = tree.inclusion(index, size, log.hashes(kept))
        proof = LogProof(index, path, signed["signed"], b"extra").text.encode()
        assert c2sp_only.Proof.read(proof).extra == b"extra"
        assert c2sp_only.check_proof(proof, entry(index), the_policy(kept)).size == size
        with pytest.raises(c2sp_only.Rejected):
            c2sp_only.check_proof(proof, entry(index + 1), the_policy(kept))


def test_a_stranger_notices_what_was_changed(kept: Store, tmp_path: Path) -> None:
    publish(kept, tmp_path, 300)
    get, rule = reader(kept), the_policy(kept)
    paths = [c2sp_only.path_of(str(level), n, w) for level, n, w in c2sp_only.tiles(300)]
    paths += ["tile/entries/000", "tile/entries/001.p/44", "checkpoint"]
    for path in paths:
        for at in (5, -5):
            raw = bytearray(c2sp_only.fetch(get, path))
            raw[at] ^= 1
            changed = {path: bytes(raw)}
            with pytest.raises((c2sp_only.Rejected, ValueError)):
                c2sp_only.check_log(lambda one, c=changed: c.get(one) or get(one), rule)


def test_a_stranger_misses_a_witness(kept: Store, tmp_path: Path) -> None:
    publish(kept, tmp_path, 3)
    raw = c2sp_only.fetch(reader(kept), "checkpoint")
    without = b"".join(
        line for line in raw.splitlines(keepends=True) if b"union.example" not in line
    )
    with pytest.raises(c2sp_only.Rejected, match="no quorum"):
        c2sp_only.check_log(lambda path: without, the_policy(kept))


@pytest.mark.slow
def test_a_large_log_has_three_levels_of_tiles(tmp_path: Path) -> None:
    size = 65_537
    store = open_store(tmp_path / "large.db")
    store.migrate()
    growing.begin(store, POLICY)
    rows = [{"leaf": tree.leaf_hash(entry(n)), "data": entry(n)} for n in range(size)]
    with store.tx() as db:
        db.run_many(
            "INSERT INTO entry (leaf, data, kind, recv_ms) VALUES (:leaf, :data, 'key', 5)", rows
        )
        log.sequence(db, growing.ORIGIN, growing.sign, most=size)
    publish(store, tmp_path, size)
    seen, entries = c2sp_only.check_log(reader(store), the_policy(store))
    assert (seen.size, len(entries)) == (size, size)
    assert [width for level, _, width in c2sp_only.tiles(size) if level > 0] == [256, 1]
    assert c2sp_only.read_tile(reader(store), 2, 0, 1)[0] == c2sp_only.mth(
        [tree.leaf_hash(one) for one in entries[:65_536]]
    )
    store.close()


def test_a_stranger_reads_the_log_of_a_plant_and_the_proof_of_an_announcement(
    plant: Plant, published: Row, tmp_path: Path
) -> None:
    """The whole way of an install: records, an announcement, the keeper, the public files."""
    watched = Watched(plant.store, tmp_path, "all", ("union",))
    log_keeping.round(plant.store, watched.keeper, watched.now_ms)
    get, rule = reader(plant.store), the_policy(plant.store)
    seen, entries = c2sp_only.check_log(get, rule)
    assert (seen.origin, seen.extensions, len(seen.seen)) == (ORIGIN, [], 2)
    kinds = {json.loads(one)["k"] for one in entries}
    assert {"key", "open", "rec", "ann"} <= kinds
    raw = log_proofs.of_announcement(plant.store, published["id"]).encode()
    proof = c2sp_only.Proof.read(raw)
    assert proof.extra[:2] == len(proof.extra[2:]).to_bytes(2, "big")
    assert c2sp_only.check_proof(raw, proof.extra[2:], rule).size == seen.size
    assert entries[proof.index] == proof.extra[2:]
    document = c2sp_only.fetch(get, f"announcement/{proof.index}")
    told = base64.urlsafe_b64decode(json.loads(proof.extra[2:])["doc"] + "=")
    assert told == hashlib.sha256(document).digest()


# The stranger itself, against what the texts say.


def test_places_are_written_as_the_text_has_them() -> None:
    assert c2sp_only.place(1234067) == "x001/x234/067"
    assert [c2sp_only.place(n) for n in (0, 999, 1000)] == ["000", "999", "x001/000"]
    found = list(c2sp_only.tiles(70_000))
    assert [sum(one[0] == level for one in found) for level in range(3)] == [274, 2, 1]
    assert [one for one in found if one[2] < 256] == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert list(c2sp_only.tiles(256)) == [(0, 0, 256), (1, 0, 1)]


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=80), st.data())
def test_both_agree_on_trees_and_paths(entries: list[bytes], data: st.DataObject) -> None:
    hashes = [tree.leaf_hash(one) for one in entries]
    root = c2sp_only.mth(hashes)
    assert root == tree.of_leaves(hashes)
    index = data.draw(st.integers(0, len(entries) - 1))
    path = list(tree.inclusion(index, len(entries), lambda level, at: hashes[at]))
    c2sp_only.check_inclusion(index, len(entries), entries[index], path, root)
    for wrong in (path[:-1], [*path, bytes(32)], path[::-1]):
        if wrong != path:
            with pytest.raises(c2sp_only.Rejected):
                c2sp_only.check_inclusion(index, len(entries), entries[index], wrong, root)
