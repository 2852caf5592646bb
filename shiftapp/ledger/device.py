"""The signature of a device over a commitment: ECDSA P-256 with SHA-256 as WebCrypto makes it."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

POINT_BYTES = 65
SIGNATURE_BYTES = 64


def is_point(pubkey: bytes) -> bool:
    """Whether these are the 65 bytes of an uncompressed point on P-256."""
    try:
        _public(pubkey)
    except ValueError:
        return False
    return True


def verify(pubkey: bytes, c: bytes, sig: bytes) -> bool:
    """Whether `sig` (raw r‖s, 64 bytes) is this key's over the 32 bytes of `c` as the message."""
    if len(sig) != SIGNATURE_BYTES:
        return False
    r, s = int.from_bytes(sig[:32], "big"), int.from_bytes(sig[32:], "big")
    try:
        _public(pubkey).verify(utils.encode_dss_signature(r, s), c, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _public(pubkey: bytes) -> ec.EllipticCurvePublicKey:
    if len(pubkey) != POINT_BYTES:
        raise ValueError("an uncompressed point has 65 bytes")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), pubkey)
