"""Proof files after C2SP tlog-proof: written, read, and checked without a network."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.ledger import checkpoint, note, proof, tree
from shiftapp.ledger.checkpoint import Checkpoint
from shiftapp.ledger.proof import LogProof

KEY = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
UNION = Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)
ORIGIN, WITNESS = "test.example/log", "union.example/w"
LOG = note.parse_vkey(note.vkey(ORIGIN, note.public_bytes(KEY)))
SEES = note.parse_vkey(
    note.vkey(WITNESS, note.public_bytes(UNION), note.COSIGNATURE), note.COSIGNATURE
)
LEAVES = [tree.leaf_hash(bytes([number])) for number in range(200)]
TILES = tree.grown(0, LEAVES, lambda level, number: b"")


def hash_of(level: int, place: int) -> bytes:
    return TILES[level, 0][32 * place : 32 * (place + 1)]


def made(index: int, size: int, extra: bytes = b"") -> LogProof:
    text = Checkpoint(ORIGIN, size, tree.root(size, hash_of)).text
    signed = note.sign_note(text, ORIGIN, KEY) + checkpoint.cosign(text, WITNESS, UNION, 1_795)
    return LogProof(index, tree.inclusion(index, size, hash_of), signed, extra)


@given(st.data(), st.integers(1, 200), st.binary(max_size=40))
def test_a_file_reads_as_it_was_written_and_proves_its_leaf(
    data: st.DataObject, size: int, extra: bytes
) -> None:
    index = data.draw(st.integers(0, size - 1))
    found = proof.parse(made(index, size, extra).text)
    assert found == made(index, size, extra)
    opened = proof.check(found, LEAVES[index], LOG, [SEES])
    assert opened.checkpoint.size == size
    assert opened.seen_s == {WITNESS: 1_795}


def test_a_file_is_laid_out_as_the_standard_says() -> None:
    found = made(5, 7, b"more")
    hashes = [base64.b64encode(one).decode() for one in found.path]
    assert found.text.split("\n\n")[0].split("\n") == [
        "c2sp.org/tlog-proof@v1",
        "extra bW9yZQ==",
        "index 5",
        *hashes,
    ]
    assert found.text.endswith("\n\n" + found.checkpoint)
    assert "extra" not in made(5, 7).text


def test_a_log_of_one_leaf_has_a_proof_without_a_hash() -> None:
    found = proof.parse(made(0, 1).text)
    assert found.path == ()
    proof.check(found, LEAVES[0], LOG)


@pytest.mark.parametrize("index", [4, 6])
def test_no_other_leaf_and_no_other_place_passes(index: int) -> None:
    with pytest.raises(tree.BadProof):
        proof.check(made(5, 7), LEAVES[index], LOG)
    with pytest.raises(tree.BadProof):
        proof.check(replace(made(5, 7), index=index), LEAVES[5], LOG)


def test_the_checkpoint_of_another_tree_does_not_pass() -> None:
    with pytest.raises(tree.BadProof):
        proof.check(replace(made(5, 7), checkpoint=made(5, 8).checkpoint), LEAVES[5], LOG)


def test_a_checkpoint_that_nobody_signed_does_not_open() -> None:
    text = Checkpoint(ORIGIN, 7, tree.root(7, hash_of)).text
    forged = note.sign_note(text, ORIGIN, UNION)
    with pytest.raises(ValueError, match="no signature"):
        proof.check(replace(made(5, 7), checkpoint=forged), LEAVES[5], LOG)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@v1", "@v2"), ("index 5", "index 05"), ("index 5", "index -5"), ("index 5", "index"),
        ("index 5", "Index 5"), ("index 5\n", ""), ("extra bW9yZQ==", "extra bW9yZQ"),
        ("extra bW9yZQ==", "extra bW9yZR=="), ("extra bW9yZQ==", "extra "),
        ("extra bW9yZQ==", "extra bW9yZQ==\nextra bW9yZQ=="), ("\n\n", "\nAAAA\n\n"),
        ("\n\n", "\n" + f"{'A' * 43}=\n" * 64 + "\n"), ("index 5\n", "index 5\n!\n"),
    ],
)  # fmt: skip
def test_another_form_is_refused(before: str, after: str) -> None:
    text = made(5, 7, b"more").text
    assert before in text
    with pytest.raises(ValueError, match="not a proof"):
        proof.parse(text.replace(before, after, 1))


@pytest.mark.parametrize("text", ["", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\n\n"])
def test_what_is_cut_short_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a proof"):
        proof.parse(text)
