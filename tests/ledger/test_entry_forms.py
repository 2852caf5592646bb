"""Entries read from bytes that nobody vouches for: one spelling of each is right."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.ledger import entries
from shiftapp.ledger.encoding import canonical
from shiftapp.ledger.entry_forms import RECORD, read, read_parts

ID, HASH = b"\x07" * 16, b"\x08" * 32
PART = entries.Part(ID, 3, 7, 5, 4, 0, 1)
WRITTEN = {
    "open": entries.open_entry(
        s=ID,
        date="2026-11-23",
        grace_s=120,
        group="仪表组",
        shift="白班",
        site="一厂",
        t0=10,
        t1=20,
        slots=[ID],
    ),
    "rec": entries.rec_entry(c=HASH, s=ID, slot=ID, kind="commit", offline=False),
    "offline": entries.rec_entry(c=HASH, s=ID, slot=ID, kind="run", offline=True),
    "chg": entries.chg_entry(s=ID, add=[ID], delete=[b"\x09" * 16]),
    "amend": entries.amend_entry(of=3, why="erased", s=ID, slot=ID),
    "key": entries.key_entry(role="log", vk="log.example.com/log+0011aabb+AQ==", from_s=7),
    "ann": entries.ann_entry(doc=HASH, b=9, parts=[PART, PART._replace(cut=6)], sup=HASH),
    "many parts": entries.ann_entry(doc=HASH, b=9, parts=[PART] * 31, sup=None),
    "no parts": entries.ann_entry(doc=HASH, b=9, parts=[], sup=None),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_is_read(name: str) -> None:
    assert read(WRITTEN[name]) == json.loads(WRITTEN[name])


@pytest.mark.parametrize("name", WRITTEN)
def test_a_key_more_or_less_is_another_form(name: str) -> None:
    fields = json.loads(WRITTEN[name])
    for key in fields.keys() - {"o"}:
        with pytest.raises(ValueError):
            read(canonical({k: v for k, v in fields.items() if k != key}))
    with pytest.raises(ValueError):
        read(canonical({**fields, "x": 1}))


@pytest.mark.parametrize("name", WRITTEN)
def test_only_one_spelling_is_right(name: str) -> None:
    data = WRITTEN[name]
    for other in (
        data + b"\n",
        b" " + data,
        data.replace(b":", b": ", 1),
        data.replace(b'"v":1', b'"v":1,"v":1'),
        data.replace(b'"v":1', b'"v":1.0'),
        data.replace(b'"v":1', b'"v":true'),
        data.replace(b'"v":1', b'"v":2'),
        data.replace(b'"k":', b'"\\u006b":'),
        json.dumps(dict(reversed(json.loads(data).items())), separators=(",", ":")).encode(),
    ):
        with pytest.raises(ValueError):
            read(other)


WRONG: dict[str, tuple[str, dict[str, object]]] = {
    "a slot of 15 bytes": ("rec", {"u": "AAAAAAAAAAAAAAAAAAAA"}),
    "a slot in another spelling": ("rec", {"u": "BwcHBwcHBwcHBwcHBwcHBx"}),
    "neither commit nor run": ("rec", {"w": "hazard"}),
    "offline as a word": ("rec", {"o": True}),
    "offline not": ("rec", {"o": 0}),
    "a grace of a week": ("open", {"grace": 604_800}),
    "a grace below nothing": ("open", {"grace": -1}),
    "a number as a flag": ("open", {"n": True}),
    "a name that is a number": ("open", {"site": 3}),
    "a change of no list": ("chg", {"add": "BwcHBwcHBwcHBwcHBwcHBw"}),
    "a change of numbers": ("chg", {"del": [1]}),
    "an amendment of a word": ("amend", {"of": "3"}),
    "another reason": ("amend", {"r": "changed"}),
    "another role": ("key", {"role": "root"}),
    "a list of kinds": ("key", {"k": ["key"]}),
    "an unknown kind": ("key", {"k": "sum"}),
    "a part without its series": ("ann", {"of": [{"late": 1, "n": 1, "off": 1, "on": 1}]}),
    "a part that is a number": ("ann", {"of": [3]}),
    "31 parts in the entry": ("ann", {"of": json.loads(WRITTEN["ann"])["of"] * 16}),
    "parts by a short hash": ("ann", {"of": "AAAA"}),
    "no list and no hash": ("ann", {"of": None}),
    "superseding a number": ("ann", {"sup": 4}),
}


@pytest.mark.parametrize("name", WRONG)
def test_it_refuses(name: str) -> None:
    base, fields = WRONG[name]
    with pytest.raises(ValueError):
        read(canonical({**json.loads(WRITTEN[base]), **fields}))


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"{}", b"[]", b"3", b'{"k":', b"[" * 4000, b'{"a":' * 800, b"x" * 70_000]
)
def test_it_refuses_what_is_no_entry_at_all(data: bytes) -> None:
    with pytest.raises(ValueError):
        read(data)
    with pytest.raises(ValueError):
        read_parts(data + b"1")


def test_an_entry_has_at_most_4096_bytes() -> None:
    fields = json.loads(WRITTEN["key"])
    room = 4096 - len(canonical({**fields, "vk": ""}))
    assert len(read(canonical({**fields, "vk": "x" * room}))["vk"]) == room
    with pytest.raises(ValueError):
        read(canonical({**fields, "vk": "x" * (room + 1)}))


def test_a_list_of_parts_is_read_as_it_was_written() -> None:
    listed = entries.part_list([PART, PART._replace(cut=6)])
    assert read_parts(canonical(listed)) == listed
    assert read_parts(b"[]") == []
    for other in (
        json.dumps(listed).encode(),
        b"{}",
        b'"x"',
        b"[1]",
        canonical(listed) + b',"x":1',
    ):
        with pytest.raises(ValueError):
            read_parts(other)


def _reads(form: Callable[[bytes], object], data: bytes) -> bool:
    try:
        return bool(form(data))
    except ValueError:
        return False


@given(st.binary(min_size=1, max_size=2), st.integers(0, 200), st.booleans())
def test_the_short_way_to_read_a_record_and_the_long_one_agree(
    put: bytes, at: int, offline: bool
) -> None:
    data = WRITTEN["offline" if offline else "rec"]
    changed = data[:at] + put + data[at + len(put) :]
    long = _reads(read, changed) and json.loads(changed)["k"] == "rec"
    assert (RECORD.fullmatch(changed) is not None) == long


def test_every_ending_of_base64url_is_told_right_by_the_short_way() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for sign in alphabet:
        for key, length in (("c", 43), ("s", 22), ("u", 22)):
            fields = {**json.loads(WRITTEN["rec"]), key: "A" * (length - 1) + sign}
            data = canonical(fields)
            assert (RECORD.fullmatch(data) is not None) == _reads(read, data)
