"""Encodings: what reads one way only is taken, everything else told apart."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.ledger import encoding
from shiftapp.ledger.encoding import b64u, b64u_decode, canonical, commitment, parse_object

CLEAN = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
INTEGERS = st.integers(-encoding.MAX_INTEGER, encoding.MAX_INTEGER)
KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
PLAIN = st.recursive(
    st.none() | st.booleans() | INTEGERS | CLEAN,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(KEYS, inside, max_size=4),
    max_leaves=20,
)


@given(st.binary(max_size=80))
def test_base64url_goes_there_and_back(data: bytes) -> None:
    assert b64u_decode(b64u(data), len(data)) == data


@pytest.mark.parametrize(("length", "symbols"), [(16, 22), (32, 43), (64, 86), (65, 87)])
def test_lengths_are_those_of_the_formats(length: int, symbols: int) -> None:
    assert len(b64u(bytes(length))) == symbols


@pytest.mark.parametrize(
    "text",
    [
        "A" * 42 + "B",  # unused bits set
        "A" * 43 + "=",  # padded
        "A" * 42,
        "A" * 44,
        "A" * 42 + "+",
        "A" * 42 + "/",
        "A" * 42 + "\n",
        " " + "A" * 42,
        "Ａ" + "A" * 42,
        "",
    ],
)
def test_anything_but_canonical_base64url_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        b64u_decode(text, 32)


@pytest.mark.parametrize("value", [None, 7, ["A" * 43], b"A" * 43])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        b64u_decode(value, 32)  # type: ignore[arg-type]


@given(st.text("ABCabc-_0129=+/", min_size=40, max_size=46))
def test_two_texts_never_give_the_same_bytes(text: str) -> None:
    try:
        data = b64u_decode(text, 32)
    except ValueError:
        return
    assert b64u(data) == text


@given(st.dictionaries(KEYS, PLAIN, max_size=5))
def test_canonical_json_is_that_of_rfc_8785(value: dict[str, object]) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(st.dictionaries(KEYS, PLAIN, max_size=5))
def test_canonical_json_reads_back(value: dict[str, object]) -> None:
    assert parse_object(canonical(value).decode()) == value


@pytest.mark.parametrize(
    "value", [{"a": 1.5}, {"a": "\0"}, {"a": "\ud800"}, {"a": 2**53}, {"\0": 1}]
)
def test_nothing_else_has_a_canonical_form(value: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        canonical(value)


UNPLAIN = [
    '{"a":1.0}',
    '{"a":1e3}',
    '{"a":-0.0}',
    '{"a":[{"b":1E2}]}',
    '{"a":"\\u0000"}',
    '{"\\u0000":1}',
    '{"a":"\\ud800"}',
    '{"a":"\\udc00\\ud800"}',
    '{"a":9007199254740992}',
    '{"a":' + "9" * 5000 + "}",
]
NO_OBJECT = [
    "",
    "{",
    "[]",
    "1",
    "null",
    '"a"',
    "{'a':1}",
    '{"a":1,}',
    '{"a":NaN}',
    '{"a":Infinity}',
    '{"a":-Infinity}',
    '{"a":1,"a":1}',
    '{"a":{"b":1,"b":2}}',
    '{"a":1,"\\u0061":2}',
    '{"a":1} x',
    "\ufeff{}",
    '{"a":01}',
    '{"a":"\n"}',
]


@pytest.mark.parametrize("text", UNPLAIN)
def test_an_object_that_is_not_plain_is_read_but_told(text: str) -> None:
    assert not encoding.is_plain(encoding.read_object(text))
    with pytest.raises(ValueError):
        parse_object(text)


@pytest.mark.parametrize("text", NO_OBJECT, ids=range(len(NO_OBJECT)))
def test_what_is_no_object_is_not_read(text: str) -> None:
    for read in (encoding.read_object, parse_object):
        with pytest.raises(ValueError):
            read(text)


def test_deep_nesting_is_refused_and_breaks_nothing() -> None:
    deep = '{"a":' + "[" * 100_000 + "]" * 100_000 + "}"
    with pytest.raises(ValueError):
        parse_object(deep)
    assert parse_object('{"a":' + "[" * 300 + "]" * 300 + "}")


def test_a_surrogate_pair_is_one_clean_character() -> None:
    assert parse_object('{"a":"\\ud83d\\ude00"}') == {"a": "😀"}


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse_object(text)
    except ValueError:
        return
    assert isinstance(json.loads(text), dict)
    assert encoding.is_plain(found)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.data())
def test_any_changed_bit_changes_the_commitment(
    salt: bytes, body: bytes, data: st.DataObject
) -> None:
    whole = bytearray(salt + body)
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    assert commitment(bytes(whole[:32]), bytes(whole[32:])) != commitment(salt, body)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_salt_has_thirty_two_bytes(length: int) -> None:
    with pytest.raises(ValueError):
        commitment(bytes(length), b"{}")
