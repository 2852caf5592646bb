"""Keeping the log: places, cuts, cadence; on both engines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shiftapp.ledger import log
from shiftapp.model import log_keeping
from shiftapp.store import Db, Store
from tests.keeping import NOW_MS, ORIGIN, Watched, check_log, fill, series, sign, words

MINUTE_MS = 60_000
DUE_MS = NOW_MS + 10 * MINUTE_MS


@pytest.fixture
def watched(store: Store, tmp_path: Path) -> Watched:
    """A log with its own witness alone, kept from the first second on."""
    found = Watched(store, tmp_path)
    go(found, NOW_MS)
    return found


def go(watched: Watched, at_ms: int, clock_ms: int = 0) -> None:
    """One round at an instant of the world; the server's clock may be wrong."""
    watched.now_ms = at_ms
    log_keeping.round(watched.store, watched.keeper, at_ms + clock_ms)


def published(store: Store) -> list[tuple[int, int]]:
    rows = store.rows("SELECT size, at_ms FROM checkpoint ORDER BY size")
    return [(row["size"], row["at_ms"]) for row in rows]


def plan(store: Store, *starts_ms: int, state: str = "open") -> None:
    with store.tx() as db:
        for starts in starts_ms:
            series(db, starts, starts, state)


def test_the_first_round_names_the_keys_and_is_seen_by_the_own_witness(watched: Watched) -> None:
    store = watched.store
    assert sorted('"role":"log"' in word for word in words(store, 2)) == [False, True]
    newest = log.newest(store)
    assert newest is not None
    assert (newest["size"], newest["quorum_s"]) == (2, NOW_MS // 1000)
    assert store.value("SELECT policy FROM head") == watched.keeper.policy.text
    assert check_log(store) == 2


def test_a_key_is_named_once(watched: Watched) -> None:
    watched.new_keeper()
    go(watched, NOW_MS + 1000)
    assert check_log(watched.store) == 2
    watched.new_keeper().keys = (("log", "log+12+3"),)
    go(watched, NOW_MS + 2000)
    assert check_log(watched.store) == 3


def test_places_are_given_at_once_and_published_by_the_minute(watched: Watched) -> None:
    store = watched.store
    for n, second in enumerate(range(5, 130, 5), 1):
        fill(store, [f"at {second}"], NOW_MS + second * 1000)
        go(watched, NOW_MS + second * 1000)
        assert log.head(store).size == 2 + n
    assert [at for _, at in published(store)] == [NOW_MS, NOW_MS + 60_000, NOW_MS + 120_000]
    assert [size for size, _ in published(store)] == [2, 14, 26]
    check_log(store)


def test_who_waits_gets_a_checkpoint_at_once_and_one_alone(watched: Watched) -> None:
    store = watched.store
    fill(store, ["mine"], NOW_MS + 5000)
    go(watched, NOW_MS + 5000)
    assert len(published(store)) == 1
    store.write(lambda db: log.want(db, NOW_MS + 6000))
    go(watched, NOW_MS + 6500)
    assert published(store)[1:] == [(3, NOW_MS + 6500)]
    fill(store, ["others"], NOW_MS + 7000)
    go(watched, NOW_MS + 7500)
    assert len(published(store)) == 2


def test_a_wish_of_another_nodes_clock_far_ahead_counts_when_its_time_comes(
    watched: Watched,
) -> None:
    store = watched.store
    fill(store, ["mine"], NOW_MS)
    store.write(lambda db: log.want(db, NOW_MS + 3_600_000))
    go(watched, NOW_MS + 5000)
    assert len(published(store)) == 1


def test_quiet_hours_publish_nothing_and_write_nothing(watched: Watched) -> None:
    epoch = watched.store.value("SELECT epoch FROM head")
    for second in range(1, 4000, 161):
        go(watched, NOW_MS + second * 1000)
    assert len(published(watched.store)) == 1
    assert watched.store.value("SELECT epoch FROM head") == epoch


def test_a_start_is_cut_in_a_tree_of_its_own(watched: Watched) -> None:
    store = watched.store
    plan(store, DUE_MS)
    fill(store, ["before"], DUE_MS - 1)
    go(watched, DUE_MS - 1)
    fill(store, ["just before"], DUE_MS - 1)
    fill(store, ["at the start"], DUE_MS)
    for second in (0, 1, 2):  # what came after the start gets no place before the cut
        go(watched, DUE_MS + second * 1000)
        assert "at the start" not in words(store, 99)
    fill(store, ["committed late"], DUE_MS - 500)
    go(watched, DUE_MS + 3000)
    size = store.value("SELECT size FROM cut WHERE due_ms = :due", due=DUE_MS)
    assert words(store, size)[2:] == ["before", "just before", "committed late"]
    assert words(store, 99)[-1] == "at the start"
    assert log.cut_size(store, DUE_MS, 120) == size
    check_log(store)


def test_what_is_committed_after_the_cut_is_late(watched: Watched) -> None:
    store = watched.store
    plan(store, DUE_MS)
    go(watched, DUE_MS + 3000)
    size = store.value("SELECT size FROM cut")
    fill(store, ["in a long transaction"], DUE_MS - 500)
    go(watched, DUE_MS + 4000)
    assert log.cut_size(store, DUE_MS, 120) == size == 2
    assert words(store, 99)[size:] == ["in a long transaction"]


def test_starts_that_were_missed_are_cut_in_their_order(watched: Watched) -> None:
    store = watched.store
    starts = [DUE_MS + n * 30 * MINUTE_MS for n in range(3)]
    plan(store, *reversed(starts))
    for n, starts_ms in enumerate(starts):
        fill(store, [f"before {n}"], starts_ms - 1)
    fill(store, ["after all"], starts[2])
    go(watched, starts[2] + MINUTE_MS)
    rows = store.rows("SELECT due_ms, size FROM cut ORDER BY due_ms")
    assert [(row["due_ms"], row["size"]) for row in rows] == [
        (starts[0], 3),
        (starts[1], 4),
        (starts[2], 5),
    ]
    assert words(store, 9)[2:] == ["before 0", "before 1", "before 2", "after all"]
    assert log.cut_size(store, starts[0], 120) == 2  # seen too late to show more
    assert log.cut_size(store, starts[2], 120) == 5
    check_log(store)


@pytest.mark.parametrize(
    ("state", "ago_ms"), [("waiting", 5000), ("small", 5000), ("open", 24 * 3_600_000)]
)
def test_only_public_shifts_of_the_last_day_are_cut(
    watched: Watched, state: str, ago_ms: int
) -> None:
    plan(watched.store, DUE_MS - ago_ms, state=state)
    go(watched, DUE_MS)
    assert watched.store.value("SELECT COUNT(*) FROM cut") == 0


def test_a_cut_is_made_once(watched: Watched) -> None:
    plan(watched.store, DUE_MS)
    go(watched, DUE_MS + 3000)
    fill(watched.store, ["later"], DUE_MS + 3500)
    go(watched, DUE_MS + 4000)
    go(watched, DUE_MS + 3_600_000)
    assert watched.store.value("SELECT size FROM cut") == 2


def test_two_keepers_make_one_log(watched: Watched, tmp_path: Path) -> None:
    store, other = watched.store, Watched(watched.store, watched.folder)
    plan(store, DUE_MS)
    for second in range(0, 1300, 21):
        now_ms = NOW_MS + second * 1000
        fill(store, [f"at {second}"], now_ms)
        go(watched, now_ms)
        go(other, now_ms + 1000)
    assert check_log(store) == 2 + 62
    sizes = [size for size, _ in published(store)]
    assert len(sizes) == len(set(sizes)) > 15
    assert store.value("SELECT COUNT(*) FROM checkpoint WHERE quorum_s IS NULL") == 0


@pytest.mark.parametrize("clock_ms", [0, -86_400_000, 86_400_000])
def test_the_servers_clock_changes_nothing_that_is_shown(
    store: Store, tmp_path: Path, clock_ms: int
) -> None:
    """G: with a witness elsewhere, on time is what it saw in time, whatever our clock says."""
    found = Watched(store, tmp_path, quorum="union", names=("union",))
    plan(store, DUE_MS)
    seen = []
    for minute in range(0, 20):
        now_ms = NOW_MS + minute * MINUTE_MS + 30_000
        fill(store, [f"at {minute}"], now_ms + clock_ms)
        go(found, now_ms, clock_ms)
        if now_ms < DUE_MS:
            seen.append(f"at {minute}")
    size = log.cut_size(store, DUE_MS, 120)
    assert size is not None
    assert [word for word in words(store, size) if word.startswith("at")] == seen
    check_log(store)


def test_a_clock_that_is_set_back_stops_nothing(watched: Watched) -> None:
    store = watched.store
    plan(store, DUE_MS)
    for minute in range(5):
        fill(store, [f"ahead {minute}"], NOW_MS + minute * MINUTE_MS + 86_400_000)
        go(watched, NOW_MS + minute * MINUTE_MS, 86_400_000)
    for minute in range(5, 15):
        fill(store, [f"right {minute}"], NOW_MS + minute * MINUTE_MS)
        go(watched, NOW_MS + minute * MINUTE_MS + 3000)
        assert store.value("SELECT COUNT(*) FROM entry WHERE idx IS NULL") == 0
    assert len(published(store)) >= 14
    assert store.value("SELECT COUNT(*) FROM checkpoint WHERE quorum_s IS NULL") == 0
    assert store.value("SELECT COUNT(*) FROM cut WHERE due_ms = :due", due=DUE_MS) == 1
    check_log(store)


class Counting:
    """A connection that counts what it is told."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.said = 0

    def __getattr__(self, name: str) -> Callable[..., object]:
        def told(*args: object, **values: object) -> object:
            self.said += 1
            return getattr(self.db, name)(*args, **values)

        return told


def test_a_turn_says_as_much_for_a_thousand_entries_as_for_ten(watched: Watched) -> None:
    """4,000 entries in under a second: no statement for each of them; what grows is the tiles."""

    def turn(db: Db) -> int:
        counting = Counting(db)
        log.sequence(counting, ORIGIN, sign)  # type: ignore[arg-type]
        return counting.said

    fill(watched.store, [f"few {n}" for n in range(10)], NOW_MS)
    few = watched.store.write(turn)
    fill(watched.store, [f"many {n}" for n in range(1000)], NOW_MS)
    many = watched.store.write(turn)
    assert many <= few + 8
    assert many < 25


def test_what_is_published_is_on_the_disk_before(watched: Watched) -> None:
    path = watched.folder / "log" / "published"
    assert path.read_text("utf-8") == watched.store.value("SELECT note FROM checkpoint")
    assert path.stat().st_mode & 0o077 == 0
    before = path.read_bytes()
    fill(watched.store, ["more"], NOW_MS)
    path.parent.joinpath(".published.part").mkdir()  # the file cannot be written
    with pytest.raises(OSError, match="published"):
        go(watched, NOW_MS + MINUTE_MS)
    assert len(published(watched.store)) == 1
    assert path.read_bytes() == before
    path.parent.joinpath(".published.part").rmdir()
    go(watched, NOW_MS + MINUTE_MS + 1000)
    assert len(published(watched.store)) == 2


def test_two_processes_of_a_folder_keep_the_newest(watched: Watched) -> None:
    other = Watched(watched.store, watched.folder)
    fill(watched.store, ["more"], NOW_MS)
    go(other, NOW_MS + MINUTE_MS)
    newest = watched.store.value("SELECT note FROM checkpoint WHERE size = 3")
    old = watched.store.value("SELECT note FROM checkpoint WHERE size = 2")
    assert watched.keeper.guard is not None
    watched.keeper.guard.put(old)
    assert watched.keeper.guard.path.read_text("utf-8") == newest
