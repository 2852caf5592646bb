"""Checkpoints and cosignatures after C2SP: made, opened, and what must not open."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.ledger import checkpoint, note, tree
from shiftapp.ledger.checkpoint import Checkpoint

KEY = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
UNION = Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)
INSURER = Ed25519PrivateKey.from_private_bytes(b"\x03" * 32)
ORIGIN = "test.example/log"
LOG = note.parse_vkey(note.vkey(ORIGIN, note.public_bytes(KEY)))
SEVEN = Checkpoint(ORIGIN, 7, tree.EMPTY)


def witness(name: str, key: Ed25519PrivateKey) -> note.Verifier:
    public = note.public_bytes(key)
    return note.parse_vkey(note.vkey(name, public, note.COSIGNATURE), note.COSIGNATURE)


WITNESSES = [witness("union.example/w", UNION), witness("insurer.example/w", INSURER)]


def signed(of: Checkpoint = SEVEN) -> str:
    return note.sign_note(of.text, ORIGIN, KEY)


def cosigned(now_s: int = 1_795_478_460) -> str:
    return signed() + checkpoint.cosign(SEVEN.text, "union.example/w", UNION, now_s)


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_reads_as_it_was_written(size: int, root: bytes) -> None:
    wanted = Checkpoint(ORIGIN, size, root)
    assert checkpoint.parse(wanted.text) == wanted
    assert checkpoint.open_checkpoint(signed(wanted), LOG) == (wanted, {})


def test_its_text_is_three_lines() -> None:
    root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    assert SEVEN.text == f"test.example/log\n7\n{root}\n"


@pytest.mark.parametrize(
    "text",
    [
        "", "\n7\nAA==\n", f"{ORIGIN}\n07\n{'A' * 43}=\n", f"{ORIGIN}\n-1\n{'A' * 43}=\n",
        f"{ORIGIN}\n+7\n{'A' * 43}=\n",
        f"{ORIGIN}\n７\n{'A' * 43}=\n", f"{ORIGIN}\n7\n{'A' * 43}\n",
        f"{ORIGIN}\n7\n{'A' * 42}B=\n", f"{ORIGIN}\n7\nAAAA\n", f"{ORIGIN}\n7\n{'A' * 43}=",
        f"{ORIGIN}\n7\n{'A' * 43}=\nmore\n", f"{ORIGIN}\n{2**63}\n{'A' * 43}=\n",
        f"{ORIGIN}\n7\n{'-' * 43}=\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a checkpoint"):
        checkpoint.parse(text)


def test_a_witness_says_when_it_saw_the_log() -> None:
    both = cosigned() + checkpoint.cosign(SEVEN.text, "insurer.example/w", INSURER, 1_795_478_461)
    opened = checkpoint.open_checkpoint(both, LOG, WITNESSES)
    assert opened.checkpoint == SEVEN
    assert opened.seen_s == {
        "union.example/w": 1_795_478_460,
        "insurer.example/w": 1_795_478_461,
    }


def test_the_line_of_a_witness_is_key_id_time_and_signature() -> None:
    line = checkpoint.cosign(SEVEN.text, "union.example/w", UNION, 1_795_478_460)
    name, encoded = line.removeprefix("— ").rstrip("\n").split(" ")
    raw = base64.b64decode(encoded)
    assert (name, len(raw)) == ("union.example/w", 4 + 8 + 64)
    assert raw[:4] == WITNESSES[0].id
    assert raw[4:12] == (1_795_478_460).to_bytes(8, "big")
    said = f"cosignature/v1\ntime 1795478460\n{SEVEN.text}".encode()
    UNION.public_key().verify(raw[12:], said)


def test_a_witness_nobody_knows_is_passed_over() -> None:
    assert checkpoint.open_checkpoint(cosigned(), LOG, WITNESSES[1:]).seen_s == {}


def test_a_key_of_a_witness_is_none_of_a_log() -> None:
    text = note.vkey("union.example/w", note.public_bytes(UNION), note.COSIGNATURE)
    with pytest.raises(ValueError, match="of this kind"):
        note.parse_vkey(text)
    with pytest.raises(ValueError, match="of this kind"):
        note.parse_vkey(note.vkey(ORIGIN, note.public_bytes(KEY)), note.COSIGNATURE)


@given(st.integers(0, 10_000))
def test_any_changed_sign_is_noticed_or_takes_the_signature_away(at: int) -> None:
    whole = cosigned()
    at %= len(whole)
    changed = whole[:at] + chr(ord(whole[at]) ^ 1) + whole[at + 1 :]
    try:
        opened = checkpoint.open_checkpoint(changed, LOG, WITNESSES)
    except ValueError:
        return
    assert opened.checkpoint == SEVEN  # a changed name or id is a signature of nobody known
    assert opened.seen_s in ({}, {"union.example/w": 1_795_478_460})


def test_a_later_time_than_was_signed_is_refused() -> None:
    line = checkpoint.cosign(SEVEN.text, "union.example/w", UNION, 1)
    raw = bytearray(base64.b64decode(line.split(" ")[2]))
    raw[11] += 1
    forged = f"— union.example/w {base64.b64encode(raw).decode()}\n"
    with pytest.raises(ValueError, match="union"):
        checkpoint.open_checkpoint(signed() + forged, LOG, WITNESSES)


def test_the_checkpoint_of_another_log_is_refused() -> None:
    other = Checkpoint("other.example/log", 7, tree.EMPTY)
    with pytest.raises(ValueError, match="another log"):
        checkpoint.open_checkpoint(note.sign_note(other.text, ORIGIN, KEY), LOG)


def test_a_witness_alone_is_no_log() -> None:
    alone = SEVEN.text + "\n" + checkpoint.cosign(SEVEN.text, "union.example/w", UNION, 1)
    with pytest.raises(ValueError, match="no signature"):
        checkpoint.open_checkpoint(alone, LOG, WITNESSES)
