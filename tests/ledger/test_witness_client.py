"""Asking a witness: a real log that grows, on both engines, and a real witness."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.ledger import checkpoint, log, note, policy, tree
from shiftapp.ledger.witness import Answer, FolderMemory, Refused, Witness, ask
from shiftapp.store import Row, Store, open_store
from tests.ledger import growing

KEY = Ed25519PrivateKey.from_private_bytes(b"\x32" * 32)
NAME = "witness.example/w1"
VKEY = note.vkey(NAME, note.public_bytes(KEY), note.COSIGNATURE)
KNOWN = policy.Witness("union", note.parse_vkey(VKEY, note.COSIGNATURE), "")
NOW_S = 1_795_392_000


class Office:
    """A witness at work, and what it was sent."""

    def __init__(self, folder: Path) -> None:
        self.memory = FolderMemory(folder)
        self.witness = Witness(NAME, KEY, [growing.VERIFIER], self.memory)
        self.answers: list[Answer] = []

    def send(self, body: bytes) -> Answer:
        self.answers.append(self.witness.answer(body, NOW_S + len(self.answers)))
        return self.answers[-1]

    @property
    def statuses(self) -> list[int]:
        return [one.status for one in self.answers]


@pytest.fixture
def kept(store: Store) -> Store:
    growing.begin(store)
    return store


@pytest.fixture
def other_store(tmp_path: Path) -> Iterator[Store]:
    """The database as it would be after an older backup was put back."""
    made = open_store(tmp_path / "other.db")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "witness")


def refused(
    send: Callable[[bytes], Answer], store: Store, row: Row, last_size: int
) -> tuple[str, int | None]:
    with pytest.raises(Refused) as caught:
        ask(send, store, row, KNOWN, last_size)
    return caught.value.code, caught.value.size


def test_a_witness_signs_a_log_as_it_grows(kept: Store, office: Office) -> None:
    last = 0
    for step, size in enumerate((1, 2, 255, 256, 257, 700)):
        row = growing.grow(kept, size)
        lines = ask(office.send, kept, row, KNOWN, last)
        opened = checkpoint.open_checkpoint(row["note"] + lines, growing.VERIFIER, [KNOWN.verifier])
        assert opened.seen_s == {NAME: NOW_S + step}
        last = size
    assert office.statuses == [200] * 6


def test_an_older_checkpoint_is_proven_from_a_log_that_has_grown_since(
    kept: Store, office: Office
) -> None:
    rows = [growing.grow(kept, size) for size in (3, 300, 600)]
    for row, last in zip(rows, (0, 3, 300), strict=True):
        ask(office.send, kept, row, KNOWN, last)
    assert office.statuses == [200] * 3


@pytest.mark.parametrize("believed", [0, 3, 6, 7, 99])
def test_a_stale_belief_is_mended_by_what_the_witness_says(
    kept: Store, office: Office, believed: int
) -> None:
    ask(office.send, kept, growing.grow(kept, 5), KNOWN, 0)
    assert ask(office.send, kept, growing.grow(kept, 7), KNOWN, believed)
    assert office.statuses == [200, 409, 200]


def test_the_same_checkpoint_may_be_asked_again(kept: Store, office: Office) -> None:
    row = growing.grow(kept, 5)
    assert ask(office.send, kept, row, KNOWN, 0) != ask(office.send, kept, row, KNOWN, 0)
    assert office.statuses == [200, 409, 200]


def test_a_witness_that_knows_more_than_the_log_says_so(kept: Store, office: Office) -> None:
    elsewhere = tree.of_leaves([tree.leaf_hash(b"%d" % n) for n in range(9)])
    text = checkpoint.Checkpoint(growing.ORIGIN, 9, elsewhere).text
    office.send(f"old 0\n\n{growing.sign(text)}".encode())
    row = growing.grow(kept, 5)
    assert refused(office.send, kept, row, 5) == ("ahead", 9)
    assert refused(office.send, kept, row, 0) == ("ahead", 9)


def test_a_newer_checkpoint_of_the_same_log_is_not_ahead_of_it(kept: Store, office: Office) -> None:
    older, newer = growing.grow(kept, 5), growing.grow(kept, 8)
    ask(office.send, kept, newer, KNOWN, 0)
    assert refused(office.send, kept, older, 0) == ("stale", 8)


def test_a_restored_log_that_goes_on_is_refused_for_ever(
    kept: Store, other_store: Store, office: Office
) -> None:
    growing.begin(other_store)
    ask(office.send, kept, growing.grow(kept, 7), KNOWN, 0)
    growing.grow(other_store, 5)
    same = growing.grow(other_store, 7, "other")
    assert refused(office.send, other_store, same, 5) == ("fork", 7)
    assert refused(office.send, other_store, same, 7) == ("fork", 7)
    larger = growing.grow(other_store, 9, "other")
    assert refused(office.send, other_store, larger, 7) == ("inconsistent", None)
    assert [(one.forks, one.doubts) for one in office.memory.seen()] == [(2, 0)]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "bad_request"),
        (403, "not_trusted"),
        (404, "unknown_log"),
        (422, "inconsistent"),
        (500, "failed"),
        (503, "failed"),
        (302, "failed"),
    ],
)
def test_every_refusal_has_its_code(kept: Store, status: int, code: str) -> None:
    row = growing.grow(kept, 5)
    assert refused(lambda _: Answer(status, "words\n", "text/plain"), kept, row, 0)[0] == code


@pytest.mark.parametrize("body", ["", "five\n", "-1\n", "05\n", "1e3\n", "4\n4\n", "9" * 30])
def test_a_size_that_is_none_is_a_bad_answer(kept: Store, body: str) -> None:
    row = growing.grow(kept, 5)
    assert refused(lambda _: Answer(409, body, "text/x.tlog.size"), kept, row, 0) == (
        "bad_answer",
        None,
    )


def test_a_witness_that_cannot_make_up_its_mind_is_asked_twice_only(kept: Store) -> None:
    row = growing.grow(kept, 5)
    send = [Answer(409, f"{size}\n", "text/x.tlog.size") for size in (3, 4)]
    assert refused(lambda _: send.pop(0), kept, row, 0)[0] == "stale"
    assert send == []


def test_a_witness_that_repeats_the_size_it_was_asked_from_is_wrong(kept: Store) -> None:
    row = growing.grow(kept, 5)
    send = Answer(409, "3\n", "text/x.tlog.size")
    assert refused(lambda _: send, kept, row, 3) == ("bad_answer", 3)


def test_nobody_there_is_unreachable(kept: Store) -> None:
    def nobody(body: bytes) -> Answer:
        raise ConnectionRefusedError

    assert refused(nobody, kept, growing.grow(kept, 5), 0) == ("unreachable", None)


def _line(text: str, *, name: str = NAME, at_s: int = NOW_S) -> str:
    return checkpoint.cosign(text, name, KEY, at_s)


@pytest.mark.parametrize("case", ["", "words\n", "— w1 AAAA\n", "other", "unsigned", "late"])
def test_an_answer_without_a_signature_that_holds_is_a_bad_one(kept: Store, case: str) -> None:
    row = growing.grow(kept, 5)
    text = note.split(row["note"])[0]
    body = {
        "other": _line(text.replace("5", "6", 1)),
        "unsigned": _line(text, name="witness.example/w2"),
        "late": _line(text, at_s=1 << 63),
    }.get(case, case)
    assert refused(lambda _: Answer(200, body, "text/plain"), kept, row, 0)[0] == "bad_answer"


def test_of_an_answer_only_the_lines_of_this_witness_are_kept(kept: Store) -> None:
    row = growing.grow(kept, 5)
    text = note.split(row["note"])[0]
    mine = _line(text)
    body = _line(text, name="witness.example/w2") + mine
    assert ask(lambda _: Answer(200, body, "text/plain"), kept, row, KNOWN, 0) == mine


def test_the_lines_stand_under_the_checkpoint_and_make_the_quorum(
    kept: Store, office: Office
) -> None:
    row = growing.grow(kept, 5)
    read = policy.parse(f"log {growing.VKEY}\nwitness union {VKEY}\nquorum union\n")
    lines = ask(office.send, kept, row, read.witnesses[0], 0)
    kept.write(lambda db: log.cosigned(db, 5, lines, NOW_S))
    newest = log.newest(kept)
    assert newest is not None
    opened = checkpoint.open_checkpoint(newest["signed"], read.log, read.verifiers)
    assert read.quorum_s(opened.seen_s) == NOW_S
