"""The worked example, byte for byte: bodies, commitments, entries, leaves, receipts, codes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

import qr.code
from shiftapp.ledger import device, encoding, entries, note, receipts, tree
from shiftapp.model.shapes import check_shape
from tests.ledger.vectors import RECORDS, SERIES, SLOT, SLOTS, VECTORS

KINDS = sorted(RECORDS)
WITH_ENTRY = [kind for kind in KINDS if RECORDS[kind]["entry"]]
RECEIPT_KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS["receipt_key"]["seed"]))
DEVICE_KEY = ec.derive_private_key(int(VECTORS["device_key"]["private"], 16), ec.SECP256R1())


@pytest.fixture(params=KINDS)
def record(request: pytest.FixtureRequest) -> dict[str, Any]:
    return RECORDS[request.param]


def test_the_receipt_key_has_its_name_and_id() -> None:
    wanted = VECTORS["receipt_key"]
    name = receipts.signer(VECTORS["origin"])
    public = note.public_bytes(RECEIPT_KEY)
    assert public.hex() == wanted["public"]
    assert note.key_id(name, public).hex() == wanted["key_id"]
    assert note.vkey(name, public) == wanted["vkey"]


def test_the_device_key_is_an_uncompressed_point() -> None:
    numbers = DEVICE_KEY.public_key().public_numbers()
    point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    assert encoding.b64u(point) == VECTORS["device_key"]["public_b64u"]
    assert device.is_public_key(point)


def test_the_station_code_has_its_check_symbol_and_mac() -> None:
    station = VECTORS["station"]
    assert qr.code.parse_code(station["code"]) == station["code"]
    assert qr.code.mac(bytes.fromhex(station["secret"]), station["code"]) == station["mac"]


def test_version_documents_have_their_hash() -> None:
    for version in VECTORS["versions"]:
        digest = hashlib.sha256(version["doc"].encode()).digest()
        assert encoding.b64u(digest) == version["sha_b64u"]


def test_the_roster_hash_sorts_slots_by_raw_bytes() -> None:
    assert entries.roster_hash(reversed(SLOTS)).hex() == VECTORS["roster_hash"]


def test_the_open_entry() -> None:
    wanted = VECTORS["open"]
    data = entries.open_entry(
        s=SERIES,
        date=wanted["date"],
        grace_s=wanted["grace"],
        group=wanted["group"],
        shift=wanted["shift"],
        site=wanted["site"],
        t0=wanted["t0"],
        t1=wanted["t1"],
        slots=SLOTS[::-1],
    )
    assert data.decode() == wanted["entry"]
    assert len(data) == 228
    assert tree.leaf_hash(data).hex() == wanted["leaf"]


def test_the_change_entry() -> None:
    wanted = VECTORS["chg"]
    added = [bytes.fromhex(u) for u in wanted["add"]]
    dropped = [bytes.fromhex(u) for u in wanted["del"]]
    data = entries.chg_entry(s=SERIES, add=added, delete=dropped)
    assert data.decode() == wanted["entry"]
    assert tree.leaf_hash(data).hex() == wanted["leaf"]


def test_a_body_is_canonical_plain_and_of_good_shape(record: dict[str, Any]) -> None:
    body = encoding.parse_object(record["body"])
    assert encoding.canonical(body).decode() == record["body"]
    assert check_shape(body) == []


def test_a_body_has_its_hash_and_commitment(record: dict[str, Any]) -> None:
    raw = record["body"].encode()
    assert hashlib.sha256(raw).hexdigest() == record["body_sha256"]
    salt = encoding.b64u_decode(record["salt"], 32)
    assert encoding.commitment(salt, raw).hex() == record["c"]


def test_bodies_are_a_chain() -> None:
    before = None
    for seq, kind in enumerate(("commit", "run", "hazard"), 1):
        body = json.loads(RECORDS[kind]["body"])
        assert (body["seq"], body["prev"]) == (seq, before)
        before = encoding.b64u(bytes.fromhex(RECORDS[kind]["body_sha256"]))


@pytest.mark.parametrize("kind", WITH_ENTRY)
def test_a_signature_of_the_device_holds(kind: str) -> None:
    record = RECORDS[kind]
    pubkey = encoding.b64u_decode(VECTORS["device_key"]["public_b64u"], 65)
    sig = encoding.b64u_decode(record["sig"], 64)
    assert device.verify(pubkey, bytes.fromhex(record["c"]), sig)


@pytest.mark.parametrize("kind", WITH_ENTRY)
def test_a_signature_of_the_device_is_that_of_rfc_6979(kind: str) -> None:
    record = RECORDS[kind]
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    r, s = decode_dss_signature(DEVICE_KEY.sign(bytes.fromhex(record["c"]), algorithm))
    assert encoding.b64u(r.to_bytes(32, "big") + s.to_bytes(32, "big")) == record["sig"]


@pytest.mark.parametrize("kind", WITH_ENTRY)
def test_the_entry_of_a_record(kind: str) -> None:
    record = RECORDS[kind]
    data = entries.rec_entry(
        c=bytes.fromhex(record["c"]), s=SERIES, slot=SLOT, kind=kind, offline=False
    )
    assert data.decode() == record["entry"]
    assert tree.leaf_hash(data).hex() == record["leaf"]


def test_the_receipt_of_a_record(record: dict[str, Any]) -> None:
    leaf = bytes.fromhex(record["leaf"]) if record["leaf"] else None
    given = receipts.receipt(
        RECEIPT_KEY,
        VECTORS["origin"],
        c=bytes.fromhex(record["c"]),
        leaf=leaf,
        recv_ms=record["recv_ms"],
    )
    assert given == record["receipt"]
    verifier = note.parse_vkey(VECTORS["receipt_key"]["vkey"])
    text, names = note.open_note(given, [verifier])
    assert names == [verifier.name]
    assert given.startswith(text)


def test_the_receipt_code_is_shown_in_two_halves(record: dict[str, Any]) -> None:
    digest = bytes.fromhex(record["leaf"] or record["c"])
    code = record["receipt_code"]
    assert receipts.receipt_code(digest) == f"{code[:4]}-{code[4:]}"
    assert receipts.receipt_code(digest) == qr.code.receipt_code(digest)


def test_the_sync_request_carries_the_hazard_and_its_answer_the_receipt() -> None:
    sync, hazard = VECTORS["sync"], RECORDS["hazard"]
    raw = sync["request"].encode()
    assert len(raw) == sync["request_bytes"]
    assert hashlib.sha256(raw).hexdigest() == sync["request_sha256"]
    (sent,) = json.loads(raw)["records"]
    assert (sent["body"], sent["salt"], sent["sig"]) == (hazard["body"], hazard["salt"], None)
    (result,) = json.loads(sync["answer"])["results"]
    assert result["receipt"] == hazard["receipt"]
