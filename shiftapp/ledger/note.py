"""Signed notes of C2SP (https://c2sp.org/signed-note): a text and the Ed25519 names under it."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

ED25519, COSIGNATURE = b"\x01", b"\x04"  # of what a key signs: notes; checkpoints with a time
_B64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
DASH = "— "  # em dash U+2014 and a space begin a signature line


class Verifier(NamedTuple):
    """A public key with the name it signs under."""

    name: str
    id: bytes  # 4 bytes
    public: Ed25519PublicKey


def key_id(name: str, public: bytes, kind: bytes = ED25519) -> bytes:
    """The four bytes that tell keys of one name apart."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def vkey(name: str, public: bytes, kind: bytes = ED25519) -> str:
    """The text form of a public key: what a verifier is given."""
    encoded = base64.b64encode(kind + public).decode()
    return f"{name}+{key_id(name, public, kind).hex()}+{encoded}"


def parse_vkey(text: str, kind: bytes = ED25519) -> Verifier:
    """A public key from its text form, of notes or (`COSIGNATURE`) of a witness.

    :raises ValueError: another form or type, or an id that is not the key's.
    """
    parts = text.split("+", 2)
    if len(parts) != 3 or not _is_name(parts[0]):
        raise ValueError("not a vkey")
    name, hexed, encoded = parts
    raw = _decoded(encoded)
    if raw[:1] != kind or len(raw) != 33 or key_id(name, raw[1:], kind).hex() != hexed:
        raise ValueError("not a vkey of an Ed25519 key of this kind")
    return Verifier(name, key_id(name, raw[1:], kind), Ed25519PublicKey.from_public_bytes(raw[1:]))


def sign_note(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The note: `text`, a blank line and one signature; the same text every time.

    :raises ValueError: a text that does not end in a newline or holds control characters.
    """
    _check_text(text)
    if not _is_name(name):
        raise ValueError("a signer's name has no spaces and no plus")
    signature = base64.b64encode(_own_id(key, name) + key.sign(text.encode())).decode()
    return f"{text}\n{DASH}{name} {signature}\n"


def open_note(note: str, known: Iterable[Verifier]) -> tuple[str, list[str]]:
    """The text of a note and the names whose signatures hold; others are passed over.

    :raises ValueError: not a note; a signature of a known key that is wrong; none of a known key.
    """
    text, lines = split(note)
    keys = {(one.name, one.id): one for one in known}
    names = []
    for name, raw in lines:
        signer = keys.get((name, raw[:4]))
        if signer is not None:
            _verify(signer, raw[4:], text)
            names.append(name)
    if not names:
        raise ValueError("no signature of a known key")
    return text, names


def split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note, and its signatures unchecked: name, and key id with what follows.

    :raises ValueError: not a note.
    """
    text, blank, block = note.rpartition("\n\n")
    text += "\n"
    if not blank or not block.endswith("\n"):
        raise ValueError("not a signed note")
    _check_text(text)
    return text, [_signature(line) for line in block[:-1].split("\n")]


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of a key's public half."""
    return key.public_key().public_bytes_raw()


@functools.lru_cache(maxsize=64)
def _own_id(key: Ed25519PrivateKey, name: str) -> bytes:
    return key_id(name, public_bytes(key))


def _signature(line: str) -> tuple[str, bytes]:
    name, space, encoded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not space or not _is_name(name):
        raise ValueError("not a signature line")
    if len(raw := _decoded(encoded)) < 5:
        raise ValueError("not a signature line")
    return name, raw


def _decoded(text: str) -> bytes:
    """Standard base64; Python's own takes padding after a whole text as well, others do not."""
    if not _B64.fullmatch(text):
        raise ValueError("not base64")
    return base64.b64decode(text)


def _verify(signer: Verifier, signature: bytes, text: str) -> None:
    try:
        signer.public.verify(signature, text.encode())
    except InvalidSignature as error:
        raise ValueError(f"the signature of {signer.name} is wrong") from error


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(sign < " " and sign != "\n" for sign in text):
        raise ValueError("a note's text is lines of printable characters")


def _is_name(name: str) -> bool:
    return bool(name) and not any(sign.isspace() or sign == "+" for sign in name)
