"""Signed notes after C2SP `signed-note` (Ed25519, type 0x01): signing, keys' names, checking."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from shiftapp.ledger.encoding import b64

ED25519 = b"\x01"


@dataclass(frozen=True)
class Signer:
    """An Ed25519 key with the name it signs under; the seed has 32 bytes."""

    name: str
    seed: bytes

    @property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    @property
    def vkey(self) -> str:
        """What others verify with: name, key id in hex, type and public key."""
        return vkey(self.name, self.public)


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes that tell keys of one name apart."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def vkey(name: str, public: bytes) -> str:
    """`<name>+<key id>+<base64 of type and key>`."""
    return f"{name}+{key_id(name, public).hex()}+{b64(ED25519 + public)}"


def sign(signer: Signer, text: str) -> str:
    """The note: `text` (its lines, each with a newline), a blank line, one signature line.

    :raises ValueError: the text does not end in a newline, or holds control characters.
    """
    if not text.endswith("\n") or any(ord(sign) < 0x20 and sign != "\n" for sign in text):
        raise ValueError("a note's text is lines, each ended by a newline")
    signature = signer.private.sign(text.encode())
    line = b64(key_id(signer.name, signer.public) + signature)
    return f"{text}\n— {signer.name} {line}\n"


def text_of(note: str, key: str) -> str:
    """The signed text of a note, once a signature of this vkey holds; others are ignored.

    :raises ValueError: not a note, no signature by this key, or a wrong one.
    """
    name, public = read_vkey(key)
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise ValueError("not a signed note")
    text += "\n"
    held = False
    for line in lines.removesuffix("\n").split("\n"):
        if _by(line, name, public):
            _verify(line, text, public)
            held = True
    if not held:
        raise ValueError("no signature by this key")
    return text


def read_vkey(key: str) -> tuple[str, bytes]:
    """Name and public key (32 bytes) of a vkey.

    :raises ValueError: it is none, or its key id does not fit.
    """
    name, _, rest = key.partition("+")
    hexed, _, encoded = rest.partition("+")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError("not a vkey") from error
    if len(raw) != 33 or raw[:1] != ED25519 or key_id(name, raw[1:]).hex() != hexed:
        raise ValueError("not a vkey")
    return name, raw[1:]


def _by(line: str, name: str, public: bytes) -> bool:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—":
        raise ValueError("not a signature line")
    return parts[1] == name and _decoded(parts[2])[:4] == key_id(name, public)


def _verify(line: str, text: str, public: bytes) -> None:
    signature = _decoded(line.split(" ")[2])[4:]
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except InvalidSignature as error:
        raise ValueError("a wrong signature under a known key") from error


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not a signature line") from error
