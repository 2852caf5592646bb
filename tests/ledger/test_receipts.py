"""Receipts: the same text for ever, over the leaf where there is one."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.ledger import note, receipts

KEY = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
ORIGIN = "aq.example.cn/log"
DIGEST = st.binary(min_size=32, max_size=32)


@given(DIGEST, st.none() | DIGEST, st.integers(0, 2**45))
def test_a_receipt_repeats_itself_and_verifies(c: bytes, leaf: bytes | None, recv_ms: int) -> None:
    given_once = receipts.receipt(KEY, ORIGIN, c=c, leaf=leaf, recv_ms=recv_ms)
    assert receipts.receipt(KEY, ORIGIN, c=c, leaf=leaf, recv_ms=recv_ms) == given_once
    verifier = note.parse_vkey(note.vkey(receipts.signer(ORIGIN), note.public_bytes(KEY)))
    text, _ = note.open_note(given_once, [verifier])
    lines = text.splitlines()
    assert lines[0] == (f"{ORIGIN}/record" if leaf is None else f"{ORIGIN}/receipt")
    assert int(lines[2]) == recv_ms
    assert len(lines) == (3 if leaf is None else 4)


@pytest.mark.parametrize(
    ("recv_ms", "by"), [(0, 300), (999, 300), (1000, 301), (1_795_477_270_250, 1_795_477_570)]
)
def test_an_entry_is_in_the_tree_within_five_minutes(recv_ms: int, by: int) -> None:
    text = receipts.receipt(KEY, ORIGIN, c=bytes(32), leaf=bytes(32), recv_ms=recv_ms)
    assert text.splitlines()[3] == str(by)


def test_a_record_without_an_entry_promises_no_place_in_the_tree() -> None:
    text = receipts.receipt(KEY, ORIGIN, c=bytes(32), leaf=None, recv_ms=5)
    assert text.splitlines()[:4] == [f"{ORIGIN}/record", "A" * 43 + "=", "5", ""]
