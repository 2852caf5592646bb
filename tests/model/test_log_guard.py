"""The log is not signed over an older state, nor over another one; everything else goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from shiftapp.ledger import checkpoint, guard, log, tree
from shiftapp.ledger.checkpoint import Checkpoint
from shiftapp.ledger.witness import Answer, FolderMemory
from shiftapp.model import log_keeping
from shiftapp.problems import Problem
from shiftapp.store import Store
from tests.keeping import NOW_MS, ORIGIN, Watched, another, check_log, fill, sign

MINUTE_MS = 60_000


@pytest.fixture
def watched(store: Store, tmp_path: Path) -> Watched:
    """A log of some entries, published, seen by its own witness and by a union's."""
    found = Watched(store, tmp_path, quorum="all", names=("union",))
    fill(store, [f"entry {n}" for n in range(6)], NOW_MS)
    log_keeping.round(store, found.keeper, NOW_MS)
    return found


def published(watched: Watched) -> Path:
    return watched.folder / "log" / "published"


def refused(watched: Watched, at_ms: int = NOW_MS + MINUTE_MS) -> str:
    """The code of why a round signs nothing; the log is left as it was."""
    store, before = watched.store, log.head(watched.store)
    fill(store, [f"waits {at_ms}"], at_ms)
    with pytest.raises(Problem) as raised:
        log_keeping.round(store, watched.keeper, at_ms)
    assert log.head(store) == before
    assert guard.refused(store) == raised.value.code
    assert "停止签署" in raised.value.detail
    check_log(store)
    return raised.value.code


def goes_on(watched: Watched, at_ms: int) -> None:
    size = log.head(watched.store).size
    fill(watched.store, [f"goes on {at_ms}"], at_ms)
    log_keeping.round(watched.store, watched.keeper, at_ms)
    assert log.head(watched.store).size > size
    assert guard.refused(watched.store) == ""
    newest = log.newest(watched.store)
    assert newest is not None and newest["size"] == check_log(watched.store)


def test_an_older_database_than_what_was_published_is_not_signed(watched: Watched) -> None:
    published(watched).write_text(another(9)[1], "utf-8")
    watched.new_keeper()
    assert refused(watched) == "rolled_back"
    assert refused(watched, NOW_MS + 2 * MINUTE_MS) == "rolled_back"
    watched.new_keeper()
    assert refused(watched, NOW_MS + 3 * MINUTE_MS) == "rolled_back"  # a start changes nothing


@pytest.mark.parametrize("size", [1, 5, 8])
def test_another_tree_than_what_was_published_is_not_signed(watched: Watched, size: int) -> None:
    published(watched).write_text(another(size)[1], "utf-8")
    watched.new_keeper()
    assert refused(watched) == "forked"


def test_what_goes_on_from_what_was_published_is_signed(watched: Watched) -> None:
    old = published(watched).read_bytes()
    goes_on(watched, NOW_MS + MINUTE_MS)
    published(watched).write_bytes(old)  # of another node of the same database
    watched.new_keeper()
    goes_on(watched, NOW_MS + 2 * MINUTE_MS)


def test_a_newer_database_lifts_the_refusal_at_the_next_start(watched: Watched) -> None:
    store, at_ms = watched.store, NOW_MS + MINUTE_MS
    published(watched).write_text(with_one_more(watched, f"waits {at_ms}"), "utf-8")
    watched.new_keeper()
    assert refused(watched, at_ms) == "rolled_back"
    with store.tx() as db:  # what another database had made of it
        log.sequence(db, ORIGIN, sign, before_ms=log.EVER_MS)
    watched.new_keeper()
    goes_on(watched, NOW_MS + 3 * MINUTE_MS)
    assert store.value("SELECT known FROM head") == ""


def with_one_more(watched: Watched, word: str) -> str:
    """The note of this log with one more entry."""
    rows = watched.store.rows("SELECT leaf FROM entry WHERE idx IS NOT NULL ORDER BY idx")
    leaves = [bytes(row["leaf"]) for row in rows] + [tree.leaf_hash(word.encode())]
    return sign(Checkpoint(ORIGIN, len(leaves), tree.of_leaves(leaves)).text)


@pytest.mark.parametrize("size", [9, 3])
def test_a_node_that_knows_less_does_not_lift_what_another_refused(
    watched: Watched, size: int
) -> None:
    known = published(watched).read_bytes()
    published(watched).write_text(another(size)[1], "utf-8")
    watched.new_keeper()
    code = refused(watched)
    published(watched).write_bytes(known)  # of another node, which was off for some time
    watched.new_keeper()
    assert refused(watched, NOW_MS + 2 * MINUTE_MS) == code
    published(watched).unlink()  # nor does a file that somebody takes away
    watched.new_keeper()
    assert refused(watched, NOW_MS + 3 * MINUTE_MS) == code


def test_of_what_two_nodes_know_the_newer_stays(watched: Watched) -> None:
    for size in (9, 12, 10):
        published(watched).write_text(another(size)[1], "utf-8")
        watched.new_keeper()
        assert refused(watched, NOW_MS + size * MINUTE_MS) == "rolled_back"
    assert watched.store.value("SELECT known FROM head").split("\n")[1] == "12"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"not a note",
        sign("other.example/log\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n").encode(),
        another(8)[1].replace("8\n", "7\n", 1).encode(),
    ],
)
def test_a_guard_that_cannot_be_read_stops_the_log_too(watched: Watched, content: bytes) -> None:
    published(watched).write_bytes(content)
    watched.new_keeper()
    assert refused(watched) == "bad_guard"


def test_a_standby_that_lagged_behind_is_noticed_while_the_keeper_runs(watched: Watched) -> None:
    assert watched.keeper.guard is not None
    watched.keeper.guard.newest = Checkpoint(ORIGIN, 9, b"\x01" * 32)  # published by this keeper
    assert refused(watched) == "rolled_back"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tile SET hashes = :bad",
        "UPDATE head SET root = :root",
        "UPDATE head SET size = 7",
        "UPDATE head SET note = 'x'",
        "DELETE FROM tile WHERE hashes <> :bad AND length(:root) > 0",
    ],
)
def test_a_head_that_does_not_fit_its_tiles_is_not_signed(watched: Watched, statement: str) -> None:
    values = {"bad": bytes(8 * 32), "root": bytes(32)}
    with watched.store.tx() as db:
        db.run(statement, **{name: value for name, value in values.items() if name in statement})
    watched.new_keeper()
    fill(watched.store, ["waits"], NOW_MS)
    with pytest.raises(Problem) as raised:
        log_keeping.round(watched.store, watched.keeper, NOW_MS + MINUTE_MS)
    assert raised.value.code == "log_damaged"
    assert watched.store.value("SELECT COUNT(*) FROM entry WHERE idx IS NULL") == 1


def remember(watched: Watched, name: str, size: int, word: str = "lost") -> None:
    """A witness has signed a tree of ours that this database does not have."""
    memory = FolderMemory(watched.folder / ("witness" if name == "self" else name))
    signed = another(size, word)[1]
    shown = checkpoint.parse(signed.partition("\n\n")[0] + "\n")
    assert memory.advance(memory.newest(ORIGIN), shown, signed)


@pytest.mark.parametrize("name", ["self", "union"])
@pytest.mark.parametrize(("size", "code"), [(20, "rolled_back"), (8, "forked"), (5, "forked")])
def test_without_the_guard_a_witness_stops_a_restored_database(
    watched: Watched, name: str, size: int, code: str
) -> None:
    published(watched).unlink()
    remember(watched, name, size)
    watched.new_keeper()
    assert refused(watched) == code
    if name == "union":  # it holds on to it while it is away, and until it signs again
        watched.watchers["union"].down = True
        watched.new_keeper()
        assert refused(watched, NOW_MS + 2 * MINUTE_MS) == code


@pytest.mark.parametrize(
    "instead", [Answer(503, "busy\n", ""), Answer(404, "", ""), Answer(200, "— nonsense\n", "")]
)
def test_what_a_witness_holds_against_us_outlives_nonsense(
    watched: Watched, instead: Answer
) -> None:
    published(watched).unlink()
    remember(watched, "union", 20)
    watched.new_keeper()
    assert refused(watched) == "rolled_back"
    watched.watchers["union"].instead = instead
    watched.new_keeper()
    assert refused(watched, NOW_MS + 2 * MINUTE_MS) == "rolled_back"


def test_a_fork_leaves_evidence_with_the_witness(watched: Watched) -> None:
    published(watched).unlink()
    remember(watched, "union", 8)
    watched.new_keeper()
    assert refused(watched) == "forked"
    (kept,) = (watched.folder / "union" / "evidence").iterdir()
    assert watched.store.value("SELECT note FROM head") in kept.read_text("utf-8")


def test_a_witness_that_learns_more_while_the_keeper_runs_stops_it(watched: Watched) -> None:
    remember(watched, "union", 200)
    fill(watched.store, ["one more"], NOW_MS)
    with pytest.raises(Problem) as raised:
        log_keeping.round(watched.store, watched.keeper, NOW_MS + MINUTE_MS)
    assert raised.value.code == "rolled_back"
    assert refused(watched, NOW_MS + 2 * MINUTE_MS) == "rolled_back"


def test_a_witness_that_is_taken_out_of_the_policy_stops_nothing(watched: Watched) -> None:
    remember(watched, "union", 200)
    watched.new_keeper()
    assert refused(watched) == "rolled_back"
    alone = Watched(watched.store, watched.folder)
    goes_on(alone, NOW_MS + 2 * MINUTE_MS)


def test_records_are_taken_as_before(watched: Watched) -> None:
    published(watched).write_text(another(9)[1], "utf-8")
    watched.new_keeper()
    assert refused(watched) == "rolled_back"
    fill(watched.store, ["taken all the same"], NOW_MS)
    assert watched.store.value("SELECT COUNT(*) FROM entry WHERE idx IS NULL") == 2
