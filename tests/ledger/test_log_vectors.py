"""The golden file of the log, frozen for ever: Python reads what the verifier in the browser reads.

`log_vectors.json` holds RFC 6962 roots and proofs over the leaves that implementations of
Certificate Transparency test with, the note of the C2SP text, tile paths, a checkpoint with
cosignatures under a policy, entries, and what is no entry. tests/browser/test_verify_js.py reads
the same file.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from shiftapp.ledger import checkpoint, encoding, entries, note, policy, proof, tree

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "log_vectors.json").read_text("utf-8")
)
HASHES = [tree.leaf_hash(bytes.fromhex(one)) for one in VECTORS["leaves"]]
ROOTS = [tree.EMPTY, *(bytes.fromhex(one) for one in VECTORS["roots"])]


def path(one: dict[str, Any]) -> tree.Proof:
    return tuple(bytes.fromhex(h) for h in one["path"])


def test_sha256_of_every_length_around_a_block() -> None:
    for data, digest in VECTORS["sha256"]:
        assert hashlib.sha256(bytes.fromhex(data)).hexdigest() == digest


def test_roots_and_proofs() -> None:
    for size, root in enumerate(ROOTS):
        assert tree.of_leaves(HASHES[:size]) == root
    for one in VECTORS["inclusion"]:
        index, size = one["index"], one["size"]
        tree.check_inclusion(index, size, HASHES[index], path(one), ROOTS[size])
    for one in VECTORS["consistency"]:
        old, size = one["old"], one["size"]
        tree.check_consistency(old, size, ROOTS[old], path(one), ROOTS[size])


def test_paths_of_tiles_and_bundles() -> None:
    for level, number, width, wanted in VECTORS["tile_paths"]:
        assert tree.tile_path(level, number, width) == wanted
    for number, width, wanted in VECTORS["bundle_paths"]:
        assert tree.bundle_path(number, width) == wanted


def test_the_note_of_the_specification() -> None:
    one = VECTORS["note"]
    assert note.open_note(one["note"], [note.parse_vkey(one["vkey"])])[0] == one["text"]


def test_the_checkpoint_and_who_had_seen_it_when() -> None:
    known, one = policy.parse(VECTORS["policy"]), VECTORS["checkpoint"]
    opened = checkpoint.open_checkpoint(one["signed"], known.log, known.verifiers)
    assert opened.checkpoint.root.hex() == one["root"] and opened.checkpoint.size == one["size"]
    assert opened.seen_s == one["seen"]
    names = list(one["seen"])
    for chosen, quorum_s in one["quorum"]:
        seen_s = {names[n]: one["seen"][names[n]] for n in chosen}
        assert known.quorum_s(seen_s) == quorum_s


def test_entries_and_their_leaves() -> None:
    for one in VECTORS["entries"]:
        data = one["entry"].encode()
        assert tree.leaf_hash(data).hex() == one["leaf"]
        assert encoding.canonical(encoding.parse_object(one["entry"])) == data
    assert entries.parts_hash(VECTORS["parts"]["listed"]).hex() == VECTORS["parts"]["hash"]


@pytest.mark.parametrize("name", VECTORS["refused"])
def test_what_is_no_entry(name: str) -> None:
    data = bytes.fromhex(VECTORS["refused"][name])
    with pytest.raises(ValueError):
        if encoding.canonical(encoding.parse_object(data.decode())) != data:
            raise ValueError("not canonical")


def test_the_proof_of_a_worker() -> None:
    known, one = policy.parse(VECTORS["policy"]), proof.parse(VECTORS["proof"])
    length = int.from_bytes(one.extra[:2])
    entry, salt, body = one.extra[2 : 2 + length], *_split(one.extra[2 + length :])
    opened = proof.check(one, tree.leaf_hash(entry), known.log, known.verifiers)
    assert known.quorum_s(opened.seen_s) is not None
    fields = encoding.parse_object(entry.decode())
    assert encoding.b64u(encoding.commitment(salt, body)) == fields["c"]


def _split(rest: bytes) -> tuple[bytes, bytes]:
    return rest[:32], rest[32:]
