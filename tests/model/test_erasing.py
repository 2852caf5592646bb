"""A manager erases records: what is refused, what is noted, what a restored backup undoes not."""

from __future__ import annotations

from pathlib import Path

import pytest

from shiftapp.ledger import encoding
from shiftapp.model import erasing, findings, records, settings
from shiftapp.model.traces import Traces, noted
from shiftapp.problems import Problem
from shiftapp.store import files
from tests.announcing import at, commit
from tests.erased import DAY_MS, LATER_MS, WHY, erase, order, photo, record, seal, traces_in
from tests.plant import NOW_MS, Plant
from tests.sealing import commit_body, deliver, hazard_body, make_ready, run_body


@pytest.fixture
def where(tmp_path: Path) -> Traces:
    return traces_in(tmp_path)


def one(plant: Plant) -> str:
    """A sealed commitment of 张三 for this morning's shift."""
    body = commit_body(plant, "worker")
    deliver(plant, body)
    seal(plant)
    return str(body["id"])


def code_of(plant: Plant, where: Traces, record_id: str, now_ms: int, *, early: bool = True) -> str:
    done = order(plant, where, record_id, now_ms=now_ms, early=early)
    return done.refused[record_id].code if record_id in done.refused else ""


def lines(plant: Plant) -> list[tuple[str, str, str]]:
    rows = plant.store.rows(
        "SELECT person, about, detail FROM audit WHERE what = 'record.erase' ORDER BY seq"
    )
    return [(row["person"], row["about"], row["detail"]) for row in rows]


def test_it_is_noted_who_erased_which_record_and_why(plant: Plant, where: Traces) -> None:
    record_id = one(plant)
    order(plant, where, record_id)
    assert lines(plant) == [(plant.id("manager"), f"record:{record_id}", WHY)]
    assert noted(where) == [record_id]


def test_a_second_time_nothing_is_done_and_nothing_noted(plant: Plant, where: Traces) -> None:
    record_id = one(plant)
    order(plant, where, record_id)
    again = order(plant, where, record_id, now_ms=LATER_MS + 1)
    assert again.erased == (record_id,) and again.refused == {}
    assert len(lines(plant)) == 1
    assert record(plant.store, record_id)["erased_ms"] == LATER_MS


@pytest.mark.parametrize(
    ("when", "day", "code"),
    [
        ("19:59", "2026-11-24", "too_soon"),  # the shift still runs
        ("09:00", "2026-11-25", "too_soon"),  # it is announced today
        ("23:59", "2026-11-24", "too_soon"),
        ("00:00", "2026-11-25", ""),
    ],
)
def test_a_shift_and_its_announcements_day_must_be_over(
    plant: Plant, where: Traces, when: str, day: str, code: str
) -> None:
    """甲班's shift starts at 08:00, before the cut-off of that same day at 09:00."""
    record_id = one(plant)
    expected = "" if day == "2026-11-25" else code
    assert code_of(plant, where, record_id, at(when, day)) == expected


def test_a_shift_after_the_cut_off_is_the_next_days(plant: Plant, where: Traces) -> None:
    body = commit_body(
        plant, "night1", at("19:50", "2026-11-23"),
        shift={"date": "2026-11-23", "code": "N", "crew": "BING"},
    )  # fmt: skip
    deliver(plant, body, at_ms=at("19:50", "2026-11-23"))
    seal(plant)
    assert code_of(plant, where, body["id"], at("23:59")) == "too_soon"
    assert code_of(plant, where, body["id"], at("00:00", "2026-11-25")) == ""


def test_a_report_of_no_shift_waits_a_day(plant: Plant, where: Traces) -> None:
    body = hazard_body(plant, "worker", "地面有油", shift=None)
    deliver(plant, body)
    close_hazards(plant, body["id"])
    assert code_of(plant, where, body["id"], NOW_MS + DAY_MS - 1) == "too_soon"
    assert code_of(plant, where, body["id"], NOW_MS + DAY_MS) == ""


def close_hazards(plant: Plant, record_id: str) -> None:
    for found in findings.of_record(plant.store, record_id):
        with plant.store.tx() as db:
            findings.answer(db, found["id"], "fixed", by=plant.id("leader"), now_ms=NOW_MS)
            findings.accept(db, found["id"], by=plant.id("leader"), now_ms=NOW_MS)


def test_a_record_whose_hazard_is_open_stays(plant: Plant, where: Traces) -> None:
    body = run_body(plant, "worker", bad=1)
    deliver(plant, body)
    seal(plant)
    assert code_of(plant, where, body["id"], LATER_MS) == "hazard_open"
    assert records.body(plant.store, body["id"]) is not None
    close_hazards(plant, body["id"])
    assert code_of(plant, where, body["id"], LATER_MS) == ""


def test_what_must_be_kept_goes_only_for_a_reason_in_law(plant: Plant, where: Traces) -> None:
    record_id = one(plant)
    assert code_of(plant, where, record_id, LATER_MS, early=False) == "still_kept"
    kept_ms = NOW_MS + 1095 * DAY_MS
    assert code_of(plant, where, record_id, kept_ms, early=False) == "still_kept"
    assert code_of(plant, where, record_id, kept_ms + 1, early=False) == ""


def test_what_is_kept_for_ever_is_never_over(plant: Plant, where: Traces) -> None:
    record_id = one(plant)
    with plant.store.tx() as db:
        settings.put(db, keep_commit_days=0)
    assert code_of(plant, where, record_id, NOW_MS + 9000 * DAY_MS, early=False) == "still_kept"


def test_what_has_no_place_in_the_log_waits(plant: Plant, where: Traces) -> None:
    commit(plant, "worker", NOW_MS)
    (row,) = plant.store.rows("SELECT id FROM record ORDER BY seq")
    assert code_of(plant, where, row["id"], LATER_MS) == "not_sealed_yet"
    assert lines(plant) == [] and noted(where) == []


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "no_reason"),
        (" \u200b\n", "no_reason"),
        ("长" * 201, "reason_too_long"),
        ("张 三离职", "name_in_reason"),
        ("工号1001离职", "name_in_reason"),
        ("孙八说的", "name_in_reason"),  # also whoever orders it
    ],
)
def test_a_reason_is_asked_short_and_without_names(
    plant: Plant, where: Traces, reason: str, code: str
) -> None:
    record_id = one(plant)
    with pytest.raises(Problem) as refused:
        order(plant, where, record_id, reason=reason)
    assert (refused.value.status, refused.value.code) == (422, code)
    assert records.body(plant.store, record_id) is not None


def test_what_stays_keeps_nothing_else_from_going(plant: Plant, where: Traces) -> None:
    good = one(plant)
    bad = run_body(plant, "mate", bad=1)
    deliver(plant, bad)
    seal(plant)
    done = order(plant, where, bad["id"], "0" * 36, good)
    assert done.erased == (good,)
    assert {key: told.code for key, told in done.refused.items()} == {
        bad["id"]: "hazard_open",
        "0" * 36: "no_record",
    }


def test_no_more_than_so_many_go_by_one_press(
    plant: Plant, where: Traces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "MOST", 3)
    monkeypatch.setattr(erasing, "AT_ONCE", 2)
    for part in ("worker", "mate", "chen"):
        make_ready(plant, part)
    seal(plant)
    ids = [row["id"] for row in plant.store.rows("SELECT id FROM record ORDER BY seq")]
    assert order(plant, where, *ids).erased == tuple(ids[:3])


def test_what_went_before_the_disk_refused_is_cleared(
    plant: Plant, where: Traces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "AT_ONCE", 1)
    sha = photo(plant, where, b"\xff\xd8\xfffirst")
    first = commit_body(plant, "worker", blobs=[encoding.b64u(sha)])
    second = commit_body(plant, "mate")
    deliver(plant, first)
    deliver(plant, second)
    seal(plant)
    write, calls = plant.store.write, []

    def refusing(fn):  # type: ignore[no-untyped-def]
        calls.append(fn)
        if len(calls) == 2:
            raise Problem(503, "busy", "服务器现在存不下来，稍等再传。记录还在手机上。")
        return write(fn)

    monkeypatch.setattr(plant.store, "write", refusing)
    with pytest.raises(Problem):
        order(plant, where, first["id"], second["id"])
    assert not files.path_of(where.blobs, sha).exists()
    assert noted(where) == [first["id"]]
    assert records.body(plant.store, second["id"]) is not None


# After a restored backup --------------------------------------------------------------------------


def test_what_the_list_names_is_erased_again(plant: Plant, where: Traces) -> None:
    record_id, body = one(plant), commit_body(plant, "mate")
    deliver(plant, body)
    where.listed.write_text(f"{record_id} 1\n{body['id']} 2\nhalf a li")
    ids = noted(where)
    left = erasing.again(plant.store, ids, LATER_MS, where)
    assert left == [body["id"]]  # no place in the log yet
    assert records.body(plant.store, record_id) is None
    seal(plant)
    assert erasing.again(plant.store, left, LATER_MS, where) == []
    assert erasing.again(plant.store, ids, LATER_MS + 1, where) == []
    assert record(plant.store, record_id)["erased_ms"] == LATER_MS


def test_a_record_that_is_not_here_is_looked_for_later(plant: Plant, where: Traces) -> None:
    assert erasing.again(plant.store, ["0" * 36], LATER_MS, where) == ["0" * 36]


def test_a_list_that_is_not_there_names_nothing(where: Traces) -> None:
    assert noted(where) == []


def test_the_clock_is_no_part_of_the_list(plant: Plant, where: Traces) -> None:
    record_id = one(plant)
    erase(plant, record_id)
    assert noted(where) == []
