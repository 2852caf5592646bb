"""The log of the demo: kept while the plant is made, while its clock jumps, and after a reset."""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shiftapp.commands.demo_log import keeping, second_witness
from shiftapp.commands.witness_folder import open_folder
from shiftapp.demo import ledger
from shiftapp.demo.build import Wanted
from shiftapp.demo.folder import prepare
from shiftapp.ledger import entries, log, policy, verify
from shiftapp.model import log_files, settings
from shiftapp.store import Store
from shiftapp.web import witness_http
from tests.cutting import cut_size
from tests.demo.conftest import DAY, Running
from tests.plant import Clock

GRACE_S = 120


def get_from(store: Store) -> Callable[[str], bytes]:
    def get(path: str) -> bytes:
        found = log_files.read(store, path)
        if found is None:
            raise verify.Missing(path)
        return found.data

    return get


def checked(store: Store) -> dict[str, verify.Report]:
    """Every announcement as an outsider checks it, by date; of a day the newest version."""
    rows = store.rows(
        "SELECT announcement.date, entry.idx FROM announcement"
        " JOIN entry ON entry.seq = announcement.entry_seq ORDER BY date, version"
    )
    text = store.value("SELECT policy FROM head")
    return {row["date"]: verify.announcement(get_from(store), text, row["idx"]) for row in rows}


def origin(store: Store) -> str:
    """What a reader remembers a log by."""
    return policy.parse(store.value("SELECT policy FROM head")).log.name


def seen_s(store: Store, due_ms: int) -> int:
    """When both witnesses had seen what was there when a shift started."""
    size = cut_size(store, due_ms, GRACE_S)
    assert size is not None
    found = log.checkpoint(store, size)
    assert found is not None
    return int(found["quorum_s"])


def test_every_announcement_of_the_week_is_proven_by_two_witnesses(demo: Running) -> None:
    found = checked(demo.store)
    assert len(found) == 7
    for report in found.values():
        assert (report.holds, report.self_attested, list(report.findings)) == (True, False, [])
        assert [part["n"] for part in report.parts] == [13, 13]


def test_every_start_of_the_week_was_seen_within_seconds(demo: Running) -> None:
    starts = demo.store.rows(
        "SELECT DISTINCT starts_ms FROM series WHERE state = 'open' AND starts_ms < :now"
        " ORDER BY starts_ms",
        now=demo.wanted.start_ms,
    )
    assert len(starts) >= 14
    for row in starts:
        late_s = seen_s(demo.store, row["starts_ms"]) - row["starts_ms"] // 1000
        assert 0 <= late_s <= ledger.SEEN_MS // 1000


def test_at_0738_nothing_waits_and_the_policy_asks_for_both(demo: Running) -> None:
    assert demo.store.value("SELECT COUNT(*) FROM entry WHERE idx IS NULL") == 0
    found = policy.parse(demo.store.value("SELECT policy FROM head"))
    assert [witness.name for witness in found.witnesses] == ["self", "示例见证"]
    assert not found.satisfied({"self"})
    assert not found.satisfied({"示例见证"})


def test_a_jump_of_the_clock_lets_the_shift_be_seen_at_its_start(demo: Running) -> None:
    tour = demo.app.extensions["shiftapp.demo"]
    tour.move(demo.wanted.at(0, "19:20"), demo.app.extensions["shiftapp"].token_bytes)
    due_ms = demo.wanted.at(0, "08:00")
    assert seen_s(demo.store, due_ms) - due_ms // 1000 == ledger.SEEN_MS // 1000
    tour.move(demo.wanted.at(0, "20:30"), demo.app.extensions["shiftapp"].token_bytes)
    night_ms = demo.wanted.at(0, "20:00")
    assert seen_s(demo.store, night_ms) - night_ms // 1000 == ledger.SEEN_MS // 1000


def test_after_a_reset_another_log_goes_on_from_the_morning(demo: Running) -> None:
    tour = demo.app.extensions["shiftapp.demo"]
    size = log.head(demo.store).size
    random = demo.app.extensions["shiftapp"].token_bytes
    seen = {origin(demo.store)}
    for _ in range(2):
        tour.move(demo.wanted.at(0, "09:30"), random)
        assert log.head(demo.store).size > size
        demo.clock.ms += 1
        tour.reset("http://127.0.0.1:8000")
        assert log.head(demo.store).size == size
        tour.keep()
        tour.move(demo.wanted.at(0, "08:20"), random)
        assert demo.store.value("SELECT refused FROM head") == ""
        assert origin(demo.store) not in seen
        seen.add(origin(demo.store))
        assert all(report.holds for report in checked(demo.store).values())


def test_a_reset_leaves_the_printed_codes_and_where_the_second_witness_listens(
    demo: Running,
) -> None:
    keys, folder = demo.folder.keys(), demo.folder
    ledger.write_policy(folder.config, keys, origin(demo.store), "http://127.0.0.1:7")
    demo.clock.ms += 1
    demo.app.extensions["shiftapp.demo"].reset("http://127.0.0.1:8000")
    assert folder.keys().station_secret == keys.station_secret
    assert ledger.second_url(folder.config) == "http://127.0.0.1:7"
    assert not (folder.path / "anew").exists()
    assert prepare(folder.path, demo.wanted, demo.clock) == (folder, False)  # it is whole


def test_what_was_erased_in_a_demo_is_there_again_in_the_next_one(demo: Running) -> None:
    listed = demo.folder.config.erased
    listed.write_text("x\n")
    demo.app.extensions["shiftapp.demo"].reset("http://127.0.0.1:8000")
    assert not listed.exists()
    listed.write_text("x\n")
    demo.store.close()
    prepare(demo.folder.path, Wanted(day=DAY.replace(day=25)), demo.clock)
    assert not listed.exists()


def test_a_demo_made_anew_in_its_folder_deceives_nobody(tmp_path: Path) -> None:
    clock, seen = Clock(), set()
    for day in (DAY, DAY.replace(day=25)):
        for _ in range(2):
            clock.ms += 1
            folder, _ = prepare(tmp_path / "demo", Wanted(day=day), clock)
            store = folder.store()
            assert store.value("SELECT refused FROM head") == ""
            assert log.newest(store) is not None
            seen.add(origin(store))
            store.close()
    assert len(seen) == 2  # started again on its day, it is the same log


@pytest.fixture
def kept(demo: Running) -> Iterator[Running]:
    """The demo with its second witness on a port and its keeper at work, as the command runs it."""
    tour = demo.app.extensions["shiftapp.demo"]
    tour.log.send = witness_http.send
    keys = demo.app.extensions["shiftapp"].keys
    with second_witness(demo.folder.config, keys, tour.log), keeping(tour):
        yield demo


def test_the_second_witness_answers_on_a_port_of_its_own(kept: Running) -> None:
    until(lambda: "127.0.0.1" in kept.store.value("SELECT policy FROM head"))
    until(lambda: ":8100" not in kept.store.value("SELECT policy FROM head"))
    found = policy.parse(kept.store.value("SELECT policy FROM head"))
    with urllib.request.urlopen(f"{found.witnesses[1].url}/healthz", timeout=5) as answer:
        assert answer.status == 200
    before = log.newest(kept.store)
    assert before is not None
    tour = kept.app.extensions["shiftapp.demo"]
    tour.move(kept.wanted.at(0, "08:20"), kept.app.extensions["shiftapp"].token_bytes)
    newest = log.newest(kept.store)
    assert newest is not None
    assert newest["size"] > before["size"]
    (seen,) = open_folder(kept.folder.path / ledger.FOLDER).memory.seen()
    assert (seen.checkpoint.size, seen.forks, seen.doubts) == (newest["size"], 0, 0)


def test_who_waits_for_the_log_gets_it_at_once(kept: Running) -> None:
    store, now_ms = kept.store, kept.clock() + settings.get(kept.store).clock_offset_ms
    until(lambda: store.value("SELECT COUNT(*) FROM entry WHERE idx IS NULL") == 0)
    with store.tx() as db:
        entry = entries.key_entry(role="device", vk="x" * 43, from_s=now_ms // 1000)
        seq = log.append(db, "key", None, entry, now_ms)
    store.write(lambda db: log.want(db, now_ms + 1))
    kept.clock.ms += 2
    until(lambda: _sealed(store, seq))


def test_a_keeper_ends_with_its_block(demo: Running) -> None:
    with keeping(demo.app.extensions["shiftapp.demo"]):
        assert "sequencer" in {thread.name for thread in threading.enumerate()}
    assert "sequencer" not in {thread.name for thread in threading.enumerate()}


def _sealed(store: Store, seq: int) -> bool:
    index = store.value("SELECT idx FROM entry WHERE seq = :seq", seq=seq)
    return index is not None and log.covering(store, index) is not None


def until(what: Callable[[], bool]) -> None:
    for _ in range(200):
        if what():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")
