"""Signatures of devices: ECDSA P-256 with SHA-256 over `c`, raw r‖s as WebCrypto gives it."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

PUBLIC_BYTES = 65  # the uncompressed point
ECDSA_SHA256 = ec.ECDSA(hashes.SHA256())


def verify(pubkey: bytes, c: bytes, sig: bytes) -> bool:
    """Whether `sig` (64 bytes) is the device's signature over the commitment of a record."""
    if len(sig) != 64:
        return False
    r, s = int.from_bytes(sig[:32], "big"), int.from_bytes(sig[32:], "big")
    try:
        _point(pubkey).verify(encode_dss_signature(r, s), c, ECDSA_SHA256)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_public_key(pubkey: bytes) -> bool:
    """Whether these bytes are an uncompressed point on P-256."""
    try:
        _point(pubkey)
    except ValueError:
        return False
    return True


def _point(pubkey: bytes) -> ec.EllipticCurvePublicKey:
    if len(pubkey) != PUBLIC_BYTES:
        raise ValueError("an uncompressed point has 65 bytes")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), pubkey)
