"""Signed notes after C2SP: signing, opening, and what must not open."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.ledger import note

KEY = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)
NAME = "test.example/log/receipt"
VERIFIER = note.parse_vkey(note.vkey(NAME, note.public_bytes(KEY)))
OTHERS = note.parse_vkey(note.vkey("other.example", note.public_bytes(OTHER)))
LINE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)


# The worked example of the specification (c2sp.org/signed-note, Go's sumdb/note tests).
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_NOTE = GO_TEXT + (
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngo"
    "tpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_of_gos_own_tests_opens() -> None:
    assert note.open_note(GO_NOTE, [note.parse_vkey(GO_VKEY)]) == (GO_TEXT, ["PeterNeumann"])


@given(st.lists(LINE, min_size=1, max_size=5))
def test_a_note_opens_to_its_text(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    signed = note.sign_note(text, NAME, KEY)
    assert note.open_note(signed, [VERIFIER]) == (text, [NAME])
    assert note.sign_note(text, NAME, KEY) == signed


@given(st.integers(0, 10_000))
def test_any_changed_character_is_noticed(at: int) -> None:
    signed = note.sign_note("origin\n7\nroot\n", NAME, KEY)
    at %= len(signed)
    changed = signed[:at] + chr(ord(signed[at]) ^ 1) + signed[at + 1 :]
    with pytest.raises(ValueError):
        note.open_note(changed, [VERIFIER])


def test_signatures_of_unknown_keys_are_passed_over() -> None:
    signed = note.sign_note("text\n", NAME, KEY)
    both = signed + note.sign_note("text\n", "other.example", OTHER).rpartition("\n\n")[2]
    assert note.open_note(both, [VERIFIER])[1] == [NAME]
    assert note.open_note(both, [OTHERS])[1] == ["other.example"]
    assert note.open_note(both, [OTHERS, VERIFIER])[1] == [NAME, "other.example"]


def test_a_note_without_a_known_signature_does_not_open() -> None:
    with pytest.raises(ValueError, match="known key"):
        note.open_note(note.sign_note("text\n", NAME, KEY), [OTHERS])


def test_a_wrong_signature_of_a_known_key_never_opens_whatever_stands_beside() -> None:
    good = note.sign_note("text\n", "other.example", OTHER)
    forged = note.sign_note("other\n", NAME, KEY).rpartition("\n\n")[2]
    with pytest.raises(ValueError, match="is wrong"):
        note.open_note(good + forged, [VERIFIER, OTHERS])


@pytest.mark.parametrize("text", ["", "no newline", "tab\there\n", "nul\0\n", "cr\r\n"])
def test_a_text_with_control_characters_is_not_signed(text: str) -> None:
    with pytest.raises(ValueError):
        note.sign_note(text, NAME, KEY)


@pytest.mark.parametrize("name", ["", "two words", "plus+plus", "new\nline"])
def test_a_name_that_breaks_the_line_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        note.sign_note("text\n", name, KEY)


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n— name\n",
        "text\n\n- name AAAAAAA=\n",
        "text\n\n— name !!!!\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name AAAAAAA=",
    ],
)
def test_what_is_no_note_does_not_open(broken: str) -> None:
    with pytest.raises(ValueError):
        note.open_note(broken, [VERIFIER])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        "name+00000000+" + base64.b64encode(b"\x01" + bytes(32)).decode(),  # another id
        "name+00000000+" + base64.b64encode(b"\x02" + bytes(32)).decode(),
        "name+00000000+AAAA",
        "name+00000000+!",
        "+" + note.vkey(NAME, note.public_bytes(KEY)).split("+", 1)[1],
    ],
)
def test_what_is_no_vkey_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        note.parse_vkey(text)
