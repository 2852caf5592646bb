"""Proxy entries: their share, and the mark that a "not mine" puts beside the state."""

from __future__ import annotations

from typing import Any

import pytest

from shiftapp.model import counters, history, proxies, states
from shiftapp.problems import Problem
from tests.plant import DUE_MS, NOW_MS, Plant
from tests.sealing import Body, b64u, commit_body, deliver, run_body


def entered(plant: Plant, part: str, why: str = "no_phone", **changes: Any) -> Body:
    """A commitment that the leader's tablet sealed for somebody."""
    device, _ = plant.device("leader")
    _, sid = plant.session("leader", device)
    said = {"k": "leader", "person": plant.id("leader"), "sid": b64u(sid), "why": why}
    who = {"person": plant.id(part), "ev": said}
    return {**commit_body(plant, part), "dev": device, "who": who, **changes}


def share(plant: Plant, now_ms: int = NOW_MS) -> proxies.Share:
    return proxies.share(plant.store, plant.instance()["id"], now_ms)


# The share ----------------------------------------------------------------------------------------


def test_a_shift_without_commitments_has_no_share(plant: Plant) -> None:
    assert share(plant) == proxies.Share() and share(plant).percent == 0


def test_the_share_counts_people_and_their_reasons(plant: Plant) -> None:
    deliver(plant, entered(plant, "worker"))
    deliver(plant, entered(plant, "mate", "paper"))
    deliver(plant, entered(plant, "lin", "other"))
    for part in ("chen", "huang"):
        deliver(plant, commit_body(plant, part))
    found = share(plant)
    assert (found.commitments, found.proxies, found.percent) == (5, 3, 60)
    assert found.why == {"no_phone": 1, "paper": 1, "other": 1}
    assert (found.paper, found.spoken) == (1, 2)


def test_somebody_counts_once_whatever_was_entered(plant: Plant) -> None:
    deliver(plant, entered(plant, "worker"))
    deliver(plant, entered(plant, "worker", "paper", seq=2))
    deliver(plant, commit_body(plant, "worker"))
    found = share(plant)
    assert (found.commitments, found.proxies, found.why) == (1, 1, {"no_phone": 1})


def test_a_run_entered_for_somebody_is_no_commitment(plant: Plant) -> None:
    who = entered(plant, "worker")["who"]
    device, _ = plant.device("leader")
    deliver(plant, run_body(plant, "worker", dev=device, who=who))
    assert share(plant) == proxies.Share()


def test_what_came_later_was_not_known_before(plant: Plant) -> None:
    deliver(plant, entered(plant, "worker"), at_ms=NOW_MS + 1000)
    assert share(plant).commitments == 0 and share(plant, NOW_MS + 1000).commitments == 1


def test_the_shares_of_a_span_are_by_crew(plant: Plant) -> None:
    deliver(plant, entered(plant, "worker"))
    opens_ms = plant.instance()["opens_ms"]
    assert list(proxies.shares(plant.store, opens_ms, NOW_MS)) == ["JIA"]
    assert proxies.shares(plant.store, opens_ms, NOW_MS)["JIA"].proxies == 1
    assert proxies.shares(plant.store, opens_ms + 1, NOW_MS) == {}


@pytest.mark.parametrize(
    ("part", "of", "percent"), [(1, 3, 33), (2, 3, 67), (1, 8, 13), (1, 200, 1), (0, 9, 0)]
)
def test_a_share_is_rounded_to_whole_per_cent(part: int, of: int, percent: int) -> None:
    assert proxies.Share(of, part).percent == percent


# The answer ---------------------------------------------------------------------------------------


def answered(plant: Plant, mine: bool, at_ms: int = NOW_MS + 1000) -> str:
    record = entered(plant, "worker")
    deliver(plant, record)
    with plant.store.tx() as db:
        proxies.answer(db, record["id"], plant.id("worker"), mine=mine, now_ms=at_ms)
    return str(record["id"])


def marks(plant: Plant, now_ms: int) -> set[str]:
    people = history.people_states(plant.store, plant.instance(), now_ms)
    return set(next(p.state.marks for p in people if p.person == plant.id("worker")))


def test_not_mine_is_known_from_its_instant_on(plant: Plant) -> None:
    answered(plant, False)
    assert marks(plant, NOW_MS + 999) == {"on_time", "proxy"}
    assert marks(plant, NOW_MS + 1000) == {"on_time", "proxy", "unverified"}
    assert "unverified" in marks(plant, DUE_MS + 1)


def test_mine_takes_no_mark_away_and_puts_none(plant: Plant) -> None:
    answered(plant, True)
    assert marks(plant, NOW_MS + 1000) == {"on_time", "proxy"}


def test_a_confirmed_proxy_whose_evidence_did_not_hold_stays_unverified(plant: Plant) -> None:
    record = entered(plant, "worker")
    record["who"]["ev"]["sid"] = b64u(bytes(16))
    deliver(plant, record)
    assert marks(plant, NOW_MS) == {"on_time", "proxy", "unverified"}
    with plant.store.tx() as db:
        proxies.answer(db, record["id"], plant.id("worker"), mine=True, now_ms=NOW_MS)
    assert marks(plant, NOW_MS) == {"on_time", "proxy", "unverified"}


def test_an_answer_shows_on_the_board(plant: Plant) -> None:
    record = entered(plant, "worker")
    deliver(plant, record)
    before = counters.board(plant.store)
    with plant.store.tx() as db:
        assert proxies.answer(db, record["id"], plant.id("worker"), mine=False, now_ms=NOW_MS)
    assert counters.board(plant.store) != before
    with plant.store.tx() as db:
        again = proxies.answer(db, record["id"], plant.id("worker"), mine=False, now_ms=NOW_MS + 5)
    assert not again


@pytest.mark.parametrize("part", ["leader", "mate"])
def test_nobody_answers_for_somebody_else(plant: Plant, part: str) -> None:
    record = entered(plant, "worker")
    deliver(plant, record)
    with plant.store.tx() as db, pytest.raises(Problem) as refused:
        proxies.answer(db, record["id"], plant.id(part), mine=True, now_ms=NOW_MS)
    assert refused.value.code == "no_proxy"


def test_an_answer_is_not_changed(plant: Plant) -> None:
    record = answered(plant, False)
    with plant.store.tx() as db, pytest.raises(Problem) as refused:
        proxies.answer(db, record, plant.id("worker"), mine=True, now_ms=NOW_MS + 2000)
    assert (refused.value.status, refused.value.code) == (409, "answered")


def test_only_a_not_mine_is_looked_at_and_only_once(plant: Plant) -> None:
    record, boss = answered(plant, False), plant.id("manager")
    with plant.store.tx() as db:
        looked = [proxies.look(db, record, by=boss, now_ms=NOW_MS + n) for n in (1, 2)]
    assert looked == [True, False]
    assert plant.store.value("SELECT looked_ms FROM proxy_answer") == NOW_MS + 1


def test_a_record_from_elsewhere_with_an_odd_note_is_told(plant: Plant) -> None:
    record = entered(plant, "worker", "other")
    record["who"]["ev"]["note"] = {"not": "a text"}
    deliver(plant, record)
    (told,) = proxies.of_person(plant.store, plant.id("worker"), NOW_MS)
    assert (told["note"], told["why"], told["by_name"]) == ("", "other", "王五")


def test_a_long_note_is_cut(plant: Plant) -> None:
    record = entered(plant, "worker", "other")
    record["who"]["ev"]["note"] = "长" * 900
    deliver(plant, record)
    (told,) = proxies.of_crews(plant.store, ["JIA"], NOW_MS)
    assert len(told["note"]) == 200


def test_other_crews_entries_are_not_told(plant: Plant) -> None:
    deliver(plant, entered(plant, "worker"))
    assert proxies.of_crews(plant.store, ["YI", "BING"], NOW_MS) == []


# The state function -------------------------------------------------------------------------------

WINDOW = states.Window(opens_ms=100, due_ms=1000, closed_ms=2000)
ROW = states.Row(station="S", job="J", run_required=True, added_ms=0)


def counted(kind: Any, result: Any, **more: Any) -> states.Counted:
    return states.Counted(
        id=kind, kind=kind, result=result, station="S", job="J",
        recv_ms=200, claim_ms=200, **more,
    )  # fmt: skip


def test_case_41_a_leaders_entry_is_ready_on_time_and_a_proxy() -> None:
    """formats.md States 41; denied later it is unverified from then on, as in case 42."""
    entry = counted("commit", "committed", proxy=True, denied_ms=500)
    records = [entry, counted("run", "done")]
    early = states.state([ROW], records, 499, window=WINDOW)
    late = states.state([ROW], records, 500, window=WINDOW)
    assert (early.state, early.marks) == ("ready", {"on_time", "proxy"})
    assert (late.state, late.marks) == ("ready", {"on_time", "proxy", "unverified"})
