"""PIN and badge of a record made on a shared phone, byte for byte, and all that must not open.

`shared_phone.json` is for the tests of the phone's own code too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.ledger import badge, encoding, sealed_pin

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "shared_phone.json").read_text("utf-8")
)
PIN, BADGE = VECTORS["pin"], VECTORS["badge"]
KEY = ec.derive_private_key(int(PIN["key"]["private"], 16), ec.SECP256R1())
EPHEMERAL = ec.derive_private_key(int(PIN["ephemeral"]["private"], 16), ec.SECP256R1())
OTHER = ec.derive_private_key(99, ec.SECP256R1())
POINT = sealed_pin.point(KEY.public_key())
KID, ENC, RECORD = PIN["key"]["kid"], PIN["enc"], PIN["record"]
OTHER_RECORD = "c0000000-0000-4000-8000-000000000002"


def seal(pin: str, record: str = RECORD) -> str:
    return sealed_pin.seal_pin(POINT, pin, record, ephemeral=EPHEMERAL, iv=b"\x09" * 12)


# The PIN ------------------------------------------------------------------------------------------


def test_a_key_has_its_point_and_its_short_name() -> None:
    assert encoding.b64u(POINT) == PIN["key"]["public"]
    assert sealed_pin.kid(POINT) == KID
    assert len(POINT) == 65 and len(KID) == 8


def test_sealing_gives_the_bytes_of_the_example() -> None:
    iv = bytes.fromhex(PIN["iv"])
    assert EPHEMERAL.exchange(ec.ECDH(), KEY.public_key()).hex() == PIN["shared"]
    made = sealed_pin.seal_pin(POINT, PIN["pin"], RECORD, ephemeral=EPHEMERAL, iv=iv)
    assert made == ENC
    assert len(encoding.b64u_decode(ENC, 99)) == 65 + 12 + 6 + 16


def test_the_sealed_pin_opens_for_its_key_and_its_record() -> None:
    assert sealed_pin.open_pin(KEY, KID, ENC, RECORD) == PIN["pin"]


def test_it_opens_for_no_other_record_and_no_other_key() -> None:
    theirs = sealed_pin.kid(sealed_pin.point(OTHER.public_key()))
    for key, named, record in (
        (KEY, KID, OTHER_RECORD),
        (OTHER, theirs, RECORD),
        (OTHER, KID, RECORD),
        (KEY, theirs, RECORD),
        (KEY, KID.upper(), RECORD),
        (KEY, "", RECORD),
    ):
        with pytest.raises(ValueError, match="sealed for another"):
            sealed_pin.open_pin(key, named, ENC, record)


@pytest.mark.parametrize("at", [0, 1, 64, 65, 76, 77, 82, 83, 98])
def test_a_byte_changed_anywhere_opens_nothing(at: int) -> None:
    data = bytearray(encoding.b64u_decode(ENC, 99))
    data[at] ^= 1
    with pytest.raises(ValueError):
        sealed_pin.open_pin(KEY, KID, encoding.b64u(bytes(data)), RECORD)


@pytest.mark.parametrize("enc", ["", "AA", "A" * 132, ENC[:-2], ENC + "AA", ENC + "=", "中" * 132])
def test_what_is_no_sealed_pin_opens_nothing(enc: str) -> None:
    with pytest.raises(ValueError):
        sealed_pin.open_pin(KEY, KID, enc, RECORD)


def test_a_text_as_long_as_a_record_is_not_even_tried() -> None:
    with pytest.raises(ValueError, match="length"):
        sealed_pin.open_pin(KEY, KID, seal("1" * 65), RECORD)


@given(st.text(max_size=16))
def test_whatever_was_sealed_comes_out(pin: str) -> None:
    try:
        pin.encode()
    except UnicodeEncodeError:
        return
    assert sealed_pin.open_pin(KEY, KID, seal(pin), RECORD) == pin


# The badge ----------------------------------------------------------------------------------------


def test_a_badge_has_its_key_and_its_code() -> None:
    key = badge.key_of(BADGE["secret"])
    assert key.hex() == BADGE["key"]
    assert encoding.b64u(badge.known_by(key)) == BADGE["known_by"]
    assert badge.code_of(key, BADGE["record"]) == BADGE["code"]
    assert len(BADGE["code"]) == 22


def test_a_code_holds_for_its_record_and_its_badge_only() -> None:
    key, other = badge.key_of(BADGE["secret"]), badge.key_of("0" * 16)
    code = badge.code_of(key, RECORD)
    assert badge.proves(key, RECORD, code)
    assert not badge.proves(key, OTHER_RECORD, code)
    assert not badge.proves(other, RECORD, code)
    assert not badge.proves(None, RECORD, code)


@pytest.mark.parametrize("code", ["", "x", "A" * 22, "A" * 5000, "中" * 22, "\ud800"])
def test_any_other_text_proves_nothing(code: str) -> None:
    assert not badge.proves(badge.key_of(BADGE["secret"]), RECORD, code)
