"""Public entries: canonical, small, sorted by raw bytes, and telling nothing else."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.ledger import entries, tree
from shiftapp.ledger.encoding import b64u, b64u_decode, canonical

IDS = st.binary(min_size=16, max_size=16)
SLOT_LISTS = st.lists(IDS, unique=True, max_size=40)


def opened(slots: list[bytes], **changes: object) -> bytes:
    fields = {
        "s": b"\x44" * 16,
        "date": "2026-11-24",
        "grace_s": 120,
        "group": "生产一部",
        "shift": "白班",
        "site": "一厂",
        "t0": 1,
        "t1": 2,
        **changes,
    }
    return entries.open_entry(slots=slots, **fields)  # type: ignore[arg-type]


def rfc_6962(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962 §2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + rfc_6962(leaves[:k]) + rfc_6962(leaves[k:])).digest()


@given(SLOT_LISTS)
def test_the_roster_hash_is_the_tree_of_rfc_6962(slots: list[bytes]) -> None:
    assert entries.roster_hash(slots) == rfc_6962(sorted(slots))


@given(SLOT_LISTS, st.randoms())
def test_the_order_of_slots_does_not_matter(slots: list[bytes], random: object) -> None:
    shuffled = list(slots)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert opened(slots) == opened(shuffled)


@given(SLOT_LISTS, SLOT_LISTS)
def test_a_change_lists_slots_by_their_raw_bytes(added: list[bytes], gone: list[bytes]) -> None:
    data = entries.chg_entry(s=bytes(16), add=added, delete=gone)
    told = json.loads(data)
    assert [b64u_decode(u, 16) for u in told["add"]] == sorted(added)
    assert [b64u_decode(u, 16) for u in told["del"]] == sorted(gone)
    assert canonical(told) == data


def test_raw_bytes_and_texts_sort_differently() -> None:
    told = json.loads(entries.chg_entry(s=bytes(16), add=[b"\xe0" * 16, b"\x05" * 16], delete=[]))
    assert told["add"] == [b64u(b"\x05" * 16), b64u(b"\xe0" * 16)]
    assert told["add"] != sorted(told["add"])


@given(
    st.binary(min_size=32, max_size=32), IDS, IDS, st.sampled_from(["commit", "run"]), st.booleans()
)
def test_a_record_entry_says_that_much_and_no_more(
    c: bytes, s: bytes, slot: bytes, kind: str, offline: bool
) -> None:
    data = entries.rec_entry(c=c, s=s, slot=slot, kind=kind, offline=offline)
    wanted = {"c": b64u(c), "k": "rec", "s": b64u(s), "u": b64u(slot), "v": 1, "w": kind}
    assert json.loads(data) == ({**wanted, "o": 1} if offline else wanted)
    assert canonical(json.loads(data)) == data
    assert tree.leaf_hash(data) == hashlib.sha256(b"\x00" + data).digest()


@pytest.mark.parametrize("kind", ["hazard", "open", "", "Commit"])
def test_only_commitments_and_runs_have_an_entry(kind: str) -> None:
    with pytest.raises(ValueError):
        entries.rec_entry(c=bytes(32), s=bytes(16), slot=bytes(16), kind=kind, offline=False)


@pytest.mark.parametrize(("c", "s", "slot"), [(31, 16, 16), (32, 15, 16), (32, 16, 17)])
def test_wrong_lengths_are_refused(c: int, s: int, slot: int) -> None:
    with pytest.raises(ValueError):
        entries.rec_entry(c=bytes(c), s=bytes(s), slot=bytes(slot), kind="run", offline=False)


def test_an_entry_has_at_most_4096_bytes() -> None:
    some = [n.to_bytes(16, "big") for n in range(200)]
    assert len(entries.chg_entry(s=bytes(16), add=some[:160], delete=[])) <= 4096
    with pytest.raises(ValueError):
        entries.chg_entry(s=bytes(16), add=some, delete=[])


def test_long_names_are_cut_at_forty_characters() -> None:
    told = json.loads(opened([], group="部" * 60, shift="班" * 40, site="厂" * 41))
    assert (len(told["group"]), len(told["shift"]), len(told["site"])) == (40, 40, 40)


def test_seventeen_thousand_slots_are_still_a_small_entry() -> None:
    slots = [n.to_bytes(16, "big") for n in range(17_000)]
    told = json.loads(opened(slots))
    assert told["n"] == 17_000
    assert len(opened(slots)) < 300
