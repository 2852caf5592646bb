"""Witnesses are asked for what is published: a quorum, one that is away, one that is wrong."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from shiftapp.ledger import checkpoint, log, policy, tree
from shiftapp.ledger.witness import Answer, request
from shiftapp.model import log_keeping
from shiftapp.model.log_keeper import Task
from shiftapp.store import Row, Store
from tests.cutting import cut_size
from tests.keeping import LOG, NOW_MS, Watched, check_log, fill, series

MINUTE_MS = 60_000
DUE_MS = NOW_MS + 10 * MINUTE_MS


@pytest.fixture
def watched(store: Store, tmp_path: Path) -> Watched:
    """A log that needs its own witness, the union's and the insurer's."""
    found = Watched(store, tmp_path, quorum="all", names=("union", "insurer"))
    found.watchers["union"].skew_ms = 7000
    return found


def go(watched: Watched, at_ms: int, *words: str) -> None:
    watched.now_ms = at_ms
    fill(watched.store, list(words), at_ms)
    log_keeping.round(watched.store, watched.keeper, at_ms)


def newest(store: Store) -> int:
    row = log.newest(store)
    return 0 if row is None else int(row["size"])


def answers(store: Store) -> dict[str, tuple[int | None, str]]:
    rows = store.rows("SELECT name, size, trouble FROM witness_answer ORDER BY name")
    return {row["name"]: (row["size"], row["trouble"]) for row in rows}


def row_of(store: Store, size: int) -> Row:
    row = log.checkpoint(store, size)
    assert row is not None
    return row


def test_a_quorum_is_when_the_last_of_them_has_seen_it(watched: Watched) -> None:
    go(watched, NOW_MS)
    row = row_of(watched.store, 2)
    assert row["quorum_s"] == NOW_MS // 1000 + 7
    verifiers = watched.keeper.policy.verifiers
    seen = checkpoint.open_checkpoint(row["signed"], LOG, verifiers).seen_s
    assert sorted(seen.values()) == [NOW_MS // 1000, NOW_MS // 1000, NOW_MS // 1000 + 7]
    assert answers(watched.store) == {"self": (2, ""), "union": (2, ""), "insurer": (2, "")}


def test_one_that_is_away_holds_up_no_other_and_is_asked_again(watched: Watched) -> None:
    store, union = watched.store, watched.watchers["union"]
    union.down = True
    go(watched, NOW_MS)
    assert answers(store) == {"self": (2, ""), "union": (None, "unreachable"), "insurer": (2, "")}
    assert newest(store) == 0
    asked = union.asked
    go(watched, NOW_MS + 1000)
    go(watched, NOW_MS + 19_000)
    assert union.asked == asked  # left alone for a while
    union.down = False
    go(watched, NOW_MS + 20_000)
    assert newest(store) == 2
    assert row_of(store, 2)["quorum_s"] == NOW_MS // 1000 + 20 + 7
    assert answers(store)["union"] == (2, "")
    check_log(store)


def test_one_that_is_away_does_not_stop_checkpoints_and_then_signs_the_newest(
    watched: Watched,
) -> None:
    store, union = watched.store, watched.watchers["union"]
    union.down = True
    for minute in range(4):
        go(watched, NOW_MS + minute * MINUTE_MS, f"at {minute}")
    union.down = False
    go(watched, NOW_MS + 5 * MINUTE_MS, "back")
    assert newest(store) == 7
    assert [row["size"] for row in store.rows("SELECT size FROM checkpoint ORDER BY size")] == [
        3, 4, 5, 6, 7,
    ]  # fmt: skip
    check_log(store)


def test_one_that_the_quorum_does_without_is_asked_again_by_the_hour(
    store: Store, tmp_path: Path
) -> None:
    watched = Watched(store, tmp_path, names=("union",))
    union = watched.watchers["union"]
    union.down = True
    go(watched, NOW_MS)
    asked = union.asked
    for minute in range(1, 60):
        go(watched, NOW_MS + minute * MINUTE_MS)
    assert (newest(store), union.asked) == (2, asked)
    union.down = False
    go(watched, NOW_MS + 61 * MINUTE_MS)
    assert answers(store)["union"] == (2, "")
    assert row_of(store, 2)["quorum_s"] == NOW_MS // 1000  # the first time stays


def test_quiet_hours_ask_nobody_who_has_signed(watched: Watched) -> None:
    go(watched, NOW_MS)
    asked = [one.asked for one in watched.watchers.values()]
    for hour in range(1, 5):
        go(watched, NOW_MS + hour * 60 * MINUTE_MS)
    assert [one.asked for one in watched.watchers.values()] == asked


def test_a_start_asks_again_and_keeps_the_first_time(watched: Watched) -> None:
    go(watched, NOW_MS)
    before = row_of(watched.store, 2)
    watched.new_keeper()
    go(watched, NOW_MS + 1000)
    assert row_of(watched.store, 2) == before
    assert watched.watchers["union"].asked == 2


def test_a_cut_is_shown_before_what_is_newer(watched: Watched) -> None:
    store = watched.store
    with store.tx() as db:
        series(db, 1, DUE_MS)
    go(watched, DUE_MS - 1000, "before")
    watched.watchers["insurer"].down = True
    fill(store, ["just before"], DUE_MS - 1)
    go(watched, DUE_MS + 3000, "after")
    go(watched, DUE_MS + 65_000, "and on")
    watched.watchers["insurer"].down = False
    go(watched, DUE_MS + 110_000)
    size = store.value("SELECT size FROM cut")
    assert row_of(store, size)["quorum_s"] == DUE_MS // 1000 + 110
    assert cut_size(store, DUE_MS, 120) == size == 4
    assert newest(store) == 6


def test_a_cut_of_long_ago_is_not_shown_any_more(watched: Watched) -> None:
    store = watched.store
    with store.tx() as db:
        series(db, 1, DUE_MS)
    go(watched, NOW_MS)
    watched.watchers["insurer"].down = True
    fill(store, ["before"], NOW_MS)
    go(watched, DUE_MS + 3000, "after")
    go(watched, DUE_MS + 64_000, "later")
    watched.watchers["insurer"].down = False
    go(watched, DUE_MS + 20 * MINUTE_MS)
    assert row_of(store, store.value("SELECT size FROM cut"))["quorum_s"] is None
    assert newest(store) == 5


@pytest.mark.parametrize(
    ("instead", "trouble"),
    [
        (Answer(404, "", ""), "unknown_log"),
        (Answer(403, "", ""), "not_trusted"),
        (Answer(500, "", ""), "failed"),
        (Answer(200, "", ""), "bad_answer"),
        (Answer(200, "— union.example/w AAAA\n", ""), "bad_answer"),
        (Answer(409, "many\n", ""), "bad_answer"),
    ],
)
def test_one_that_answers_otherwise_is_told_of_and_stops_nothing(
    watched: Watched, instead: Answer, trouble: str
) -> None:
    watched.watchers["union"].instead = instead
    go(watched, NOW_MS)
    go(watched, NOW_MS + MINUTE_MS, "more")
    assert answers(watched.store)["union"] == (None, trouble)
    assert log.head(watched.store).size == 3
    assert row_of(watched.store, 3)["cosignatures"].count("\n") == 2


def test_a_witness_without_an_address_is_not_asked(store: Store, tmp_path: Path) -> None:
    watched = Watched(store, tmp_path, names=("union",))
    text = watched.keeper.policy.text.replace(" http://union", "")
    watched.keeper.policy = policy.parse(text)
    go(watched, NOW_MS)
    assert watched.watchers["union"].asked == 0
    assert list(answers(store)) == ["self"]


def test_all_are_asked_at_the_same_time_where_the_keeper_can(watched: Watched) -> None:
    """What they sign together is one line each, whoever is first."""
    gate = threading.Barrier(3)

    def together(tasks: Sequence[Task]) -> None:
        def run(task: Task) -> None:
            gate.wait(10)
            task()

        threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    watched.keeper.together = together
    for minute in range(3):
        go(watched, NOW_MS + minute * MINUTE_MS, f"at {minute}")
    assert newest(watched.store) == 5
    assert {row["cosignatures"].count("\n") for row in _rows(watched.store)} == {3}


def _rows(store: Store) -> list[Row]:
    return store.rows("SELECT * FROM checkpoint ORDER BY size")


def test_one_that_saw_a_newer_one_through_another_node_is_asked_for_that(watched: Watched) -> None:
    store, union = watched.store, watched.watchers["union"]
    with store.tx() as db:
        series(db, 1, DUE_MS)
    go(watched, NOW_MS)
    union.down = True
    fill(store, ["before"], NOW_MS)
    go(watched, DUE_MS + 3000)
    go(watched, DUE_MS + 64_000, "after")
    signed = row_of(store, 4)["note"]  # the other node dies before it has kept the answer
    proof = tree.consistency(2, 4, log.hashes(store))
    assert union.witness.answer(request(2, proof, signed), 5).status == 200
    union.down = False
    go(watched, DUE_MS + 100_000)
    assert answers(store)["union"] == (4, "")
    assert (newest(store), row_of(store, 3)["quorum_s"]) == (4, None)
    check_log(store)


def test_what_one_does_is_said_once(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    watched.watchers["union"].down = True
    for minute in range(5):
        go(watched, NOW_MS + minute * MINUTE_MS, f"at {minute}")
    assert caplog.text.count("the witness union did not sign: unreachable") == 1
