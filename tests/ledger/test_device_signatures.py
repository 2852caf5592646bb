"""Signatures of devices: what WebCrypto makes holds, nothing else does."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shiftapp.ledger import device

KEY = ec.derive_private_key(7, ec.SECP256R1())
POINT = KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
C = b"\x09" * 32


def sign(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def test_a_signature_over_the_commitment_holds() -> None:
    assert device.verify(POINT, C, sign(KEY, C))


def test_another_message_another_key_or_a_changed_bit_does_not() -> None:
    sig = sign(KEY, C)
    assert not device.verify(POINT, b"\x08" * 32, sig)
    assert not device.verify(POINT, C, sign(ec.derive_private_key(8, ec.SECP256R1()), C))
    for at in (0, 31, 32, 63):
        changed = bytearray(sig)
        changed[at] ^= 1
        assert not device.verify(POINT, C, bytes(changed))


@pytest.mark.parametrize("sig", [b"", bytes(63), bytes(64), bytes(65), b"\xff" * 64])
def test_what_is_no_signature_does_not_hold(sig: bytes) -> None:
    assert not device.verify(POINT, C, sig)


@pytest.mark.parametrize(
    "point",
    [
        b"",
        POINT[1:],
        b"\x02" + POINT[1:33],  # compressed
        b"\x04" + bytes(64),  # not on the curve
        b"\x05" + POINT[1:],
        POINT + b"\0",
    ],
)
def test_what_is_no_point_on_the_curve_is_no_key(point: bytes) -> None:
    assert not device.is_public_key(point)
    assert not device.verify(point, C, sign(KEY, C))


def test_the_point_itself_is_a_key() -> None:
    assert device.is_public_key(POINT)
