"""Policies of C2SP tlog-policy: read, refused, and evaluated as a plain reading of them would."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.ledger import note, policy

KEYS = [Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in range(1, 68)]


def log_key(n: int = 0) -> str:
    return note.vkey("plant.example/log", note.public_bytes(KEYS[n]))


def key(n: int, name: str = "") -> str:
    public = note.public_bytes(KEYS[n])
    return note.vkey(name or f"witness-{n}.example", public, note.COSIGNATURE)


LOG = f"log {log_key()} https://plant.example/log\n"
TWO = f"{LOG}witness a {key(1)}\nwitness b {key(2)}\n"
THREE = f"{TWO}witness c {key(3)}\n"

EXAMPLE = f"""
log {log_key()}

witness X1 {key(1)}
witness X2 {key(2)}
witness X3 {key(3)}
group X-witnesses 2 X1 X2 X3

witness Y1 {key(4)}
witness Y2 {key(5)}
witness Y3 {key(6)}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def test_the_example_of_the_specification() -> None:
    read = policy.parse(EXAMPLE)
    assert [one.name for one in read.witnesses] == ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
    for names in itertools.chain.from_iterable(
        itertools.combinations("X1 X2 X3 Y1 Y2 Y3".split(), n) for n in range(7)
    ):
        xs = sum(name.startswith("X") for name in names)
        assert read.satisfied(names) == (xs >= 2 and len(names) > xs)


def test_a_policy_says_what_is_in_it() -> None:
    text = f"{LOG}witness a {key(1)} https://w.example/\nquorum a\n"
    read = policy.parse(text)
    assert read.text == text
    assert read.log == note.parse_vkey(log_key())
    assert read.logs[0][1] == "https://plant.example/log"
    assert read.verifiers == [note.parse_vkey(key(1), note.COSIGNATURE)]
    assert (read.witnesses[0].name, read.witnesses[0].url) == ("a", "https://w.example/")
    assert read.quorum == "a"


def test_a_log_is_not_needed_to_read_a_quorum() -> None:
    read = policy.parse(f"witness a {key(1)}\nquorum a\n")
    assert read.logs == ()
    assert read.satisfied({"a"})


def test_the_default_policy_asks_the_own_witness() -> None:
    text = policy.default(log_key(), "https://plant.example/log", key(1, "plant.example/log/w"))
    read = policy.parse(text)
    assert text == LOG + f"witness self {key(1, 'plant.example/log/w')}\nquorum self\n"
    assert read.satisfied({"self"}) and not read.satisfied(set())


@pytest.mark.parametrize(
    "text",
    [
        THREE + "group g 2 a b c\nquorum g\n",
        "\n \t\n" + THREE + "  group\tg \t 2 a b c  \n\tquorum g\t\n\n",
        "# a comment\n   # another\n\t#\n" + THREE + "group g 2 a b c\nquorum g\n# end",
        THREE + "group g 2 a b c\nquorum g",
        "#" + "\u00e9\u4e2d" + "\n" + THREE + "group g 2 a b c\nquorum g\n",
    ],
)
def test_space_comments_and_the_last_newline_change_nothing(text: str) -> None:
    read = policy.parse(text)
    assert [read.satisfied(names) for names in ("a", "ab", "bc", "abc")] == [
        False,
        True,
        True,
        True,
    ]


def test_lines_may_stand_in_any_order_as_long_as_names_are_known() -> None:
    text = f"witness a {key(1)}\nquorum a\nwitness b {key(2)}\n{LOG}"
    assert policy.parse(text).satisfied({"a"})


def test_names_are_told_apart_by_their_bytes() -> None:
    kelvin = "\u212a"  # a Kelvin sign, which folds to K
    text = f"witness K {key(1)}\nwitness {kelvin} {key(2)}\nquorum {kelvin}\n"
    read = policy.parse(text)
    assert read.satisfied({kelvin}) and not read.satisfied({"K"})
    decomposed = f"witness \u00e9 {key(1)}\nwitness e\u0301 {key(2)}\nquorum \u00e9\n"
    assert not policy.parse(decomposed).satisfied({"e\u0301"})


def test_a_name_may_hold_any_sign_that_is_no_space() -> None:
    for name in ("w+1", "见证", "a/b", "#a", "log", "quorum", "\u3000", "\u0085", "\u2028"):
        assert policy.parse(f"witness {name} {key(1)}\nquorum {name}\n").satisfied({name})


@pytest.mark.parametrize("sign", [chr(n) for n in range(32) if chr(n) not in "\t\n"] + ["\x7f"])
def test_control_characters_are_refused(sign: str) -> None:
    for text in (f"{TWO}quorum a{sign}\n", f"#{sign}\n{TWO}quorum a\n"):
        with pytest.raises(ValueError, match="not a policy"):
            policy.parse(text)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("", "says no quorum"),
        ("quorum a\nquorum a\n", "line 5.*second quorum"),
        ("quorum none\nquorum a\n", "line 5.*second quorum"),
        ("quorum\n", "line 4.*words"),
        ("quorum a b\n", "line 4.*words"),
        ("quorum c\n", "line 4.*c is not known yet"),
        ("quorum A\n", "not known yet"),
        (f"quorum c\nwitness c {key(3)}\n", "not known yet"),
        ("Quorum a\n", "line 4.*Quorum is no word"),
        ("threshold 1\nquorum a\n", "no word of a policy"),
        ("group g\nquorum a\n", "group has a name"),
        ("group g all\nquorum a\n", "group has a name"),
        ("group g some a\nquorum g\n", "not that many"),
        ("group g 0 a b\nquorum g\n", "not that many"),
        ("group g 3 a b\nquorum g\n", "not that many"),
        ("group g 01 a b\nquorum g\n", "not that many"),
        ("group g +1 a b\nquorum g\n", "not that many"),
        ("group g -1 a b\nquorum g\n", "not that many"),
        ("group g 1.0 a b\nquorum g\n", "not that many"),
        ("group g \u0661 a b\nquorum g\n", "not that many"),
        ("group g any a a\nquorum g\n", "member already"),
        ("group g any a\ngroup h any a b\nquorum h\n", "line 5.*member already"),
        ("group g any a\ngroup h any g\ngroup i any g\nquorum i\n", "member already"),
        ("group g any c\nquorum g\n", "not known yet"),
        ("group g any g\nquorum g\n", "not known yet"),
        ("group g any h\ngroup h any a\nquorum g\n", "line 4.*h is not known yet"),
        ("group g any none\nquorum g\n", "none is not known yet"),
        ("group none any a\nquorum none\n", "none is taken"),
        ("group a any b\nquorum a\n", "name a is taken"),
        ("group g any a\ngroup g any b\nquorum g\n", "g is taken"),
        (f"witness a {key(3)}\nquorum a\n", "name a is taken"),
        (f"witness none {key(3)}\nquorum a\n", "none is taken"),
        (f"group g any a\nwitness g {key(3)}\nquorum g\n", "g is taken"),
        (f"witness c {key(1)}\nquorum a\n", "same key twice"),
        (f"witness c {key(1, 'other.example')}\nquorum a\n", "same key twice"),
        (f"witness c {key(3, 'witness-1.example')}\nquorum a\n", "a second key of witness-1"),
        (f"log {log_key()}\nquorum a\n", "same key twice"),
        (f"log {note.vkey('x.example', note.public_bytes(KEYS[0]))}\nquorum a\n", "same key twice"),
        ("witness c\nquorum a\n", "words"),
        (f"witness c {key(3)} https://w.example more\nquorum a\n", "words"),
        (f"log {log_key(3)} https://p.example more\nquorum a\n", "words"),
        ("log\nquorum a\n", "words"),
        ("log words\nquorum a\n", "not the vkey of a log"),
        (f"log {key(3)}\nquorum a\n", "not the vkey of a log"),
        (f"log {log_key(3)[:-4]}\nquorum a\n", "not the vkey of a log"),
        (f"witness c {log_key(3)}\nquorum a\n", "not the vkey of a witness"),
        (f"witness c {key(3).replace('witness', 'wetness')}\nquorum a\n", "not the vkey"),
        ("witness c words\nquorum a\n", "not the vkey of a witness"),
        ("\n" * 200 + "quorum a\n", "too long"),
    ],
)
def test_what_is_no_policy_is_refused_with_its_line(lines: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        policy.parse(TWO + lines)


def test_so_many_are_read_at_least() -> None:
    logs = [f"log {log_key(n)}" for n in range(32)]
    names = [f"w{n}" for n in range(32)]
    witnesses = [f"witness {name} {key(32 + n)}" for n, name in enumerate(names)]
    chain = ["group g0 all w0", *(f"group g{n} all g{n - 1} w{n}" for n in range(1, 32))]
    text = "\n".join(["# note\n\n", *logs, *witnesses, *chain, "quorum g31"])
    read = policy.parse(text)
    assert (len(read.logs), len(read.witnesses), len(read.groups)) == (32, 32, 32)
    assert read.satisfied(names) and not read.satisfied(names[1:])


def test_all_any_and_a_number() -> None:
    for word, wanted in (("all", 3), ("any", 1), ("1", 1), ("2", 2), ("3", 3)):
        read = policy.parse(f"{THREE}group g {word} a b c\nquorum g\n")
        for n in range(4):
            assert read.satisfied("abc"[:n]) == (n >= wanted)


def test_a_quorum_of_one_witness_is_that_witness() -> None:
    read = policy.parse(f"{TWO}quorum b\n")
    assert read.satisfied({"b"}) and not read.satisfied({"a"})


def test_a_quorum_of_nobody_is_made_and_has_no_clock() -> None:
    read = policy.parse(f"{TWO}quorum none\n")
    assert read.satisfied(set())
    assert read.quorum_s({}) is None
    assert policy.parse("quorum none\n").quorum_s({}) is None


def test_a_quorum_is_there_when_the_last_it_needs_has_signed() -> None:
    read = policy.parse(f"{THREE}group g 2 a b c\nquorum g\n")
    one, two, three = (one.name for one in read.verifiers)
    assert read.quorum_s({}) is None
    assert read.quorum_s({one: 50}) is None
    assert read.quorum_s({one: 50, two: 70}) == 70
    assert read.quorum_s({one: 90, two: 70, three: 60}) == 70
    assert read.quorum_s({one: 70, two: 70}) == 70
    assert read.quorum_s({one: 50, "stranger.example": 40}) is None
    assert read.quorum_s({"a": 50, "b": 60}) is None  # by the keys' names, not the policy's


def test_a_policy_is_self_attested_where_the_operator_can_make_its_quorum() -> None:
    """A witness whose key's name begins with the origin is the operator's own."""
    own = key(9, "plant.example/log/witness")
    lines = f"{THREE}witness self {own}\n"
    for rule, wanted in (
        ("quorum self\n", True),
        ("quorum a\n", False),
        ("group g any self b\nquorum g\n", True),
        ("group g all self b\nquorum g\n", False),
        ("group g 2 self b c\nquorum g\n", False),
        ("quorum none\n", True),
    ):
        assert policy.parse(lines + rule).self_attested == wanted, rule


class Node(NamedTuple):
    """A group as it was thought up: how many of what."""

    least: int
    members: tuple[Node | int, ...]


def has(node: Node | int, signed: set[int]) -> bool:
    """Whether these witnesses make a group, by counting."""
    if isinstance(node, int):
        return node in signed
    made = [has(one, signed) for one in node.members]
    return made.count(True) >= node.least


@st.composite
def nodes(draw: st.DrawFn) -> tuple[Node, int]:
    """A tree of groups over up to eight witnesses, each used at most once."""
    count = draw(st.integers(1, 8))
    left: list[Node | int] = list(draw(st.permutations(range(count))))
    while True:
        take = draw(st.integers(1, len(left)))
        members, left = tuple(left[:take]), left[take:]
        node = Node(draw(st.integers(1, len(members))), members)
        if not left:
            return node, count
        left.insert(draw(st.integers(0, len(left))), node)


def written(top: Node, count: int, words: list[str]) -> str:
    lines = [f"witness w{n} {key(n)}" for n in range(count)]

    def write(node: Node | int) -> str:
        if isinstance(node, int):
            return f"w{node}"
        names = [write(one) for one in node.members]
        name = f"g{len(lines)}"
        least = {1: "any", len(names): "all"}.get(node.least, "") if words else ""
        lines.append(f"group {name} {least or node.least} {' '.join(names)}")
        return name

    lines.append(f"quorum {write(top)}")
    return "\n".join(lines) + "\n"


@given(nodes(), st.data())
def test_groups_mean_what_counting_says(made: tuple[Node, int], data: st.DataObject) -> None:
    top, count = made
    read = policy.parse(written(top, count, data.draw(st.sampled_from([[], ["words"]]))))
    signed = data.draw(st.sets(st.integers(0, count - 1)))
    names = {f"w{n}" for n in signed}
    assert read.satisfied(names) == has(top, signed)
    if read.satisfied(names):  # one more never hurts
        assert read.satisfied(names | {"w0", "stranger"})


@given(nodes(), st.data())
def test_its_time_is_the_first_at_which_counting_says_so(
    made: tuple[Node, int], data: st.DataObject
) -> None:
    top, count = made
    read = policy.parse(written(top, count, []))
    times = data.draw(st.dictionaries(st.integers(0, count - 1), st.integers(1, 9)))
    seen_s = {f"witness-{n}.example": at_s for n, at_s in times.items()}
    wanted = next(
        (t for t in range(10) if has(top, {n for n, at_s in times.items() if at_s <= t})), None
    )
    assert read.quorum_s(seen_s) == wanted


@given(st.text(alphabet="logwitnesgrupqm alny123 \t\n#+=", max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = policy.parse(text)
    except ValueError:
        return
    assert read.text == text


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("plant.example/log/witness", True),
        ("plant.example/union", True),  # named for somebody else, under the plant's own host
        ("Plant.Example/w", True),
        ("plant.example", True),
        ("union.example/plant.example/log/witness", False),
        ("plant.example.union.example/w", False),
    ],
)
def test_a_witness_named_under_the_host_of_the_log_is_the_operators_own(
    name: str, own: bool
) -> None:
    read = policy.parse(f"log {log_key()}\nwitness w {key(1, name)}\nquorum w\n")
    assert read.is_own(read.witnesses[0]) == own
    assert read.self_attested == own


def test_the_logs_own_key_is_no_witness_of_others() -> None:
    read = policy.parse(f"log {log_key(1)}\nwitness w {key(1, 'union.example/w')}\nquorum w\n")
    assert read.is_own(read.witnesses[0])
