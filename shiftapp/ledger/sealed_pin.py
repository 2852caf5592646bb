"""A PIN sealed on a phone without a signal, for the server alone (formats.md "Bytes" §3).

A shared phone must hold nothing by which six digits could be tried out. So what was typed is
encrypted to the install's P-256 key: ephemeral ECDH, HKDF-SHA-256, AES-256-GCM bound to the id of
its record. It opens here and nowhere else, and under no other record. Pure: the ephemeral key and
the iv are arguments.
"""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shiftapp.ledger.encoding import b64u, b64u_decode

INFO = b"shiftapp/pin/v1\n"
POINT_BYTES = 65
IV_BYTES = 12
TAG_BYTES = 16
MAX_PIN_BYTES = 64


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """The uncompressed point of a public key, 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def kid(public: bytes) -> str:
    """The short name of a public key (its 65 bytes): eight hex digits."""
    return hashlib.sha256(public).hexdigest()[:8]


def seal_pin(
    public: bytes, pin: str, record_id: str, *, ephemeral: ec.EllipticCurvePrivateKey, iv: bytes
) -> str:
    """`enc` of a PIN for the key `public`; `ephemeral` and `iv` (12 bytes) are used once."""
    other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    key = _key(ephemeral, other, kid(public))
    sealed = AESGCM(key).encrypt(iv, pin.encode(), record_id.encode())
    return b64u(point(ephemeral.public_key()) + iv + sealed)


def open_pin(key: ec.EllipticCurvePrivateKey, named: str, enc: str, record_id: str) -> str:
    """The PIN that was sealed for this key (`named` is its `kid`) and this record.

    :raises ValueError: for another key or another record, changed on its way, or of another form.
    """
    own = kid(point(key.public_key()))
    if named != own:
        raise ValueError("sealed for another key")
    spare = len(enc) * 3 // 4 - POINT_BYTES - IV_BYTES - TAG_BYTES
    if not 0 <= spare <= MAX_PIN_BYTES:
        raise ValueError("no sealed PIN has this length")
    data = b64u_decode(enc, len(enc) * 3 // 4)
    there, iv, sealed = _parts(data)
    other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), there)
    try:
        plain = AESGCM(_key(key, other, own)).decrypt(iv, sealed, record_id.encode())
    except InvalidTag as error:
        raise ValueError("sealed for another record, or changed") from error
    return plain.decode()


def _parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Ephemeral point, iv, and what is encrypted with its tag."""
    iv_at, sealed_at = POINT_BYTES, POINT_BYTES + IV_BYTES
    return data[:iv_at], data[iv_at:sealed_at], data[sealed_at:]


def _key(own: ec.EllipticCurvePrivateKey, other: ec.EllipticCurvePublicKey, named: str) -> bytes:
    shared = own.exchange(ec.ECDH(), other)
    info = INFO + named.encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(shared)
