"""The log in the database: places, tiles, signed heads; on both engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shiftapp.ledger import checkpoint, log, note, tree
from shiftapp.store import Db, Store
from tests.cutting import cut_size

ORIGIN = "test.example/log"
KEY = Ed25519PrivateKey.from_private_bytes(b"\x11" * 32)
VERIFIER = note.parse_vkey(note.vkey(ORIGIN, note.public_bytes(KEY)))


def sign(text: str) -> str:
    return note.sign_note(text, ORIGIN, KEY)


@pytest.fixture
def kept(store: Store) -> Store:
    with store.tx() as db:
        log.begin(db, "the policy\n")
    return store


def fill(store: Store, first: int, count: int, recv_ms: int = 5, kind: str = "key") -> None:
    with store.tx() as db:
        for n in range(first, first + count):
            log.append(db, kind, None, f"entry {n}".encode(), recv_ms)


def turn(store: Store, **how: int) -> int:
    return store.write(lambda db: log.sequence(db, ORIGIN, sign, **how))


def leaves(store: Store) -> list[bytes]:
    rows = store.rows("SELECT leaf FROM entry WHERE idx IS NOT NULL ORDER BY idx")
    return [bytes(row["leaf"]) for row in rows]


def test_what_waits_gets_places_without_a_gap_and_a_signed_head(kept: Store) -> None:
    fill(kept, 0, 300)
    assert turn(kept) == 300
    fill(kept, 300, 5)
    assert (turn(kept), turn(kept)) == (5, 0)
    rows = kept.rows("SELECT idx FROM entry ORDER BY idx")
    assert [row["idx"] for row in rows] == list(range(305))
    signed = kept.value("SELECT note FROM head")
    opened = checkpoint.open_checkpoint(signed, VERIFIER).checkpoint
    assert opened == (ORIGIN, 305, tree.of_leaves(leaves(kept)))
    assert log.head(kept) == (305, opened.root)


@pytest.mark.parametrize("sizes", [(1, 1, 1), (255, 1, 1), (256, 256), (700, 3)])
def test_the_stored_tiles_prove_every_leaf(kept: Store, sizes: tuple[int, ...]) -> None:
    for place, count in enumerate(sizes):
        fill(kept, 1000 * place, count)
        turn(kept)
    size, root = log.head(kept)
    hashes = log.hashes(kept)
    for index in {0, size // 2, size - 1}:
        proof = tree.inclusion(index, size, hashes)
        tree.check_inclusion(index, size, leaves(kept)[index], proof, root)
    old = sizes[0]
    proof = tree.consistency(old, size, hashes)
    tree.check_consistency(old, size, tree.of_leaves(leaves(kept)[:old]), proof, root)


def test_the_same_bytes_are_there_once(kept: Store) -> None:
    fill(kept, 0, 2)
    fill(kept, 0, 2)
    assert turn(kept) == 2


def test_in_a_turn_entries_stand_by_kind_and_records_by_their_hash(kept: Store) -> None:
    s = b"s" * 16
    with kept.tx() as db:
        _series(db, s)
        log.append(db, "ann", None, b"ann", 5)
        for n in range(20):
            log.append(db, "rec", s, f"rec {n}".encode(), 5)
        for n in range(3):
            log.append(db, "chg", s, f"chg {n}".encode(), 5)
        log.append(db, "open", s, b"open", 5)
        log.append(db, "key", None, b"key", 5)
    turn(kept)
    rows = kept.rows("SELECT kind, data, leaf FROM entry ORDER BY idx")
    kinds = [row["kind"] for row in rows]
    assert kinds == ["key", "open", *["chg"] * 3, *["rec"] * 20, "ann"]
    assert [bytes(row["data"]) for row in rows[2:5]] == [b"chg 0", b"chg 1", b"chg 2"]
    records = [bytes(row["leaf"]) for row in rows if row["kind"] == "rec"]
    assert records == sorted(records)


def test_a_cut_takes_only_what_was_received_before_it(kept: Store) -> None:
    fill(kept, 0, 3, recv_ms=9_999)
    fill(kept, 3, 2, recv_ms=10_000)
    assert turn(kept, before_ms=10_000) == 3
    kept.write(lambda db: log.cut(db, 10_000))
    turn(kept)
    kept.write(lambda db: log.cut(db, 10_000))  # the first one counts
    assert kept.value("SELECT size FROM cut WHERE due_ms = 10000") == 3


def test_a_backlog_is_taken_in_turns_the_oldest_first(kept: Store) -> None:
    fill(kept, 0, 10)
    assert [turn(kept, most=4) for _ in range(4)] == [4, 4, 2, 0]
    first = kept.rows("SELECT seq FROM entry WHERE idx < 4")
    assert {row["seq"] for row in first} == {1, 2, 3, 4}


def test_a_turn_that_fails_to_sign_leaves_everything_waiting(kept: Store) -> None:
    fill(kept, 0, 3)

    def broken(text: str) -> str:
        raise OSError("no key")

    with pytest.raises(OSError, match="no key"):
        kept.write(lambda db: log.sequence(db, ORIGIN, broken))
    assert kept.value("SELECT COUNT(*) FROM entry WHERE idx IS NOT NULL") == 0
    assert log.head(kept).size == 0
    assert turn(kept) == 3


def test_a_head_that_moved_during_a_turn_stops_it(kept: Store) -> None:
    fill(kept, 0, 3)

    def moving(db: Db) -> int:
        def moved(text: str) -> str:
            db.run("UPDATE head SET size = 7 WHERE id = 1")
            return sign(text)

        return log.sequence(db, ORIGIN, moved)

    with pytest.raises(RuntimeError, match="moved"):
        kept.write(moving)
    assert log.head(kept).size == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET idx = 7 WHERE idx = 0",
        "UPDATE entry SET idx = NULL WHERE idx = 0",
        "UPDATE entry SET kind = 'ann' WHERE idx = 0",
        "DELETE FROM entry WHERE idx = 0",
        "DELETE FROM checkpoint",
        "UPDATE checkpoint SET note = 'other'",
        "UPDATE checkpoint SET quorum_s = 3",
        "UPDATE cut SET size = 0",
    ],
)
def test_what_was_published_cannot_be_changed(kept: Store, statement: str) -> None:
    fill(kept, 0, 1)
    turn(kept)

    def publish(db: Db) -> None:
        log.publish(db, 9)
        log.cosigned(db, 1, "— w x\n", 8)
        log.cut(db, 5)

    kept.write(publish)
    with pytest.raises(Exception, match="append-only|stays"), kept.tx() as db:
        db.run(statement)


def test_a_head_is_published_once_and_its_witnesses_are_kept(kept: Store) -> None:
    assert kept.write(lambda db: log.publish(db, 1)) is None  # nothing there yet
    fill(kept, 0, 4)
    turn(kept)
    for at_ms in (10, 20):
        found = kept.write(lambda db, at_ms=at_ms: log.publish(db, at_ms))
        assert found is not None
        assert (found["size"], found["at_ms"]) == (4, 10)
    assert log.newest(kept) is None  # nobody has seen it
    kept.write(lambda db: log.cosigned(db, 4, "first\n", None))
    kept.write(lambda db: log.cosigned(db, 4, "second\n", 77))
    kept.write(lambda db: log.cosigned(db, 4, "third\n", 99))
    newest = log.newest(kept)
    assert newest is not None
    assert newest["quorum_s"] == 77
    assert newest["signed"] == kept.value("SELECT note FROM head") + "first\nsecond\nthird\n"


Seen = Callable[[int, int, int | None], None]


@pytest.fixture
def seen(kept: Store) -> Seen:
    """Publish a tree of so many entries, seen by a quorum at some second."""

    def one(count: int, at_ms: int, quorum_s: int | None) -> None:
        fill(kept, log.head(kept).size, count - log.head(kept).size)
        turn(kept)

        def publish(db: Db) -> None:
            log.publish(db, at_ms)
            log.cosigned(db, count, "", quorum_s)

        kept.write(publish)

    return one


def test_on_time_is_what_a_quorum_had_seen_at_the_start_or_the_cut_within_grace(
    kept: Store, seen: Seen
) -> None:
    due_ms = 1_000_000
    assert cut_size(kept, due_ms, 120) is None
    seen(3, due_ms - 60_000, 940)
    assert cut_size(kept, due_ms, 120) == 3
    seen(5, due_ms + 3000, 1003)
    assert cut_size(kept, due_ms, 120) == 3  # not the cut of this start: it shows nothing
    kept.write(lambda db: log.cut(db, due_ms))
    assert cut_size(kept, due_ms, 120) == 5
    assert cut_size(kept, due_ms, 2) == 3  # seen too late
    seen(9, due_ms + 60_000, 1060)
    assert cut_size(kept, due_ms, 120) == 5


@pytest.mark.parametrize("quorum_s", [None, 1121, 90_000])
def test_a_cut_that_no_quorum_saw_in_time_shows_nothing(
    kept: Store, seen: Seen, quorum_s: int | None
) -> None:
    seen(2, 900_000, 900)
    seen(4, 1_003_000, quorum_s)
    kept.write(lambda db: log.cut(db, 1_000_000))
    assert cut_size(kept, 1_000_000, 120) == 2


def test_the_first_checkpoint_that_holds_an_entry(kept: Store, seen: Seen) -> None:
    seen(3, 1000, 1)
    seen(5, 2000, None)
    seen(6, 3000, 3)
    sizes = [found["size"] if (found := log.covering(kept, i)) else None for i in (0, 2, 3, 5, 6)]
    assert sizes == [3, 3, 6, 6, None]


def _series(db: Db, s: bytes) -> None:
    db.run("INSERT INTO site (code, name, zone) VALUES ('S', 'S', 'UTC')")
    db.run("INSERT INTO reporting_group (code, site, name) VALUES ('G', 'S', 'G')")
    db.run(
        "INSERT INTO series (s, grp, date, code, starts_ms, ends_ms, state)"
        " VALUES (:s, 'G', '2026-11-24', 'D', 1, 2, 'waiting')",
        s=s,
    )


def test_every_policy_is_kept_with_the_tree_after_which_it_came(kept: Store) -> None:
    for policy, count in (("first\n", 3), ("second\n", 2), ("second\n", 4), ("third\n", 0)):
        with kept.tx() as db:
            log.begin(db, policy)
        fill(kept, log.head(kept).size, count)
        turn(kept)
    rows = kept.rows("SELECT size, text FROM policy ORDER BY size")
    assert [(row["size"], row["text"]) for row in rows] == [
        (0, "first\n"),  # that of the fixture had signed nothing
        (3, "second\n"),
        (9, "third\n"),
    ]
    assert [log.policy_at(kept, size) for size in (0, 1, 3, 4, 9, 10)] == [
        None,
        "first\n",
        "first\n",
        "second\n",
        "second\n",
        "third\n",
    ]
