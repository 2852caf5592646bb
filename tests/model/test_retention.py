"""What is kept ends by kind: oldest first, a few a minute, and never what must stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from shiftapp.ledger import encoding
from shiftapp.model import clockwork, findings, records, retention, settings
from shiftapp.model.traces import Traces
from shiftapp.store import files
from tests.announcing import DAY
from tests.erased import DAY_MS, photo, record, seal, traces_in
from tests.ledger_walk import check_ledger
from tests.model.test_erasing import close_hazards
from tests.plant import NOW_MS, Plant
from tests.sealing import commit_body, deliver, hazard_body, make_ready, run_body


@pytest.fixture
def where(tmp_path: Path) -> Traces:
    return traces_in(tmp_path)


def end(plant: Plant, days: int, where: Traces | None = None, more_ms: int = 1) -> int:
    facts = settings.get(plant.store)
    return retention.end(plant.store, facts, NOW_MS + days * DAY_MS + more_ms, where)


def left(plant: Plant, kind: str = "") -> int:
    return int(
        plant.store.value(
            "SELECT COUNT(*) FROM record WHERE erased_ms IS NULL AND (:kind = '' OR kind = :kind)",
            kind=kind,
        )
    )


def short(plant: Plant, **days: int) -> None:
    with plant.store.tx() as db:
        settings.put(db, **{f"keep_{kind}_days": n for kind, n in days.items()})


def test_each_kind_ends_after_its_own_time(plant: Plant) -> None:
    make_ready(plant, "worker")
    body = hazard_body(plant, "mate", "地面有油")
    deliver(plant, body)
    close_hazards(plant, body["id"])
    seal(plant)
    short(plant, commit=400, run=500, hazard=800)
    assert end(plant, 400, more_ms=0) == 0
    assert (end(plant, 400), left(plant, "commit")) == (1, 0)
    assert (end(plant, 500), left(plant, "run")) == (1, 0)
    assert (end(plant, 800), left(plant)) == (1, 0)
    check_ledger(plant.store)


def test_nought_keeps_for_ever(plant: Plant) -> None:
    make_ready(plant, "worker")
    seal(plant)
    short(plant, commit=0, run=0)
    assert (end(plant, 9000), left(plant)) == (0, 2)


def test_it_goes_oldest_first_and_a_few_a_minute(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "MOST", 3)
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for number, part in enumerate(DAY[:5]):
        at_ms = NOW_MS - number * 1000
        deliver(plant, commit_body(plant, part, at_ms), at_ms=at_ms)
    seal(plant)
    newest = plant.store.rows("SELECT id FROM record ORDER BY recv_ms DESC LIMIT 2")
    assert end(plant, 1095) == 3
    held = plant.store.rows("SELECT id FROM record WHERE erased_ms IS NULL ORDER BY recv_ms DESC")
    assert held == newest
    assert (end(plant, 1095), end(plant, 1095)) == (2, 0)


def test_the_batches_leave_the_writer_to_others(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for part in DAY[:5]:
        deliver(plant, commit_body(plant, part))
    seal(plant)
    sizes: list[int] = []
    each = retention._each

    def counted(db, rows, act):  # type: ignore[no-untyped-def]
        sizes.append(len(rows))
        return each(db, rows, act)

    monkeypatch.setattr(retention, "_each", counted)
    assert end(plant, 1095) == 5
    assert sizes == [2, 2, 1]


def test_what_waits_for_its_place_does_not_stand_in_the_way(plant: Plant) -> None:
    deliver(plant, commit_body(plant, "worker"))
    seal(plant)
    deliver(plant, commit_body(plant, "mate"))
    assert (end(plant, 1095), left(plant)) == (1, 1)
    seal(plant)
    assert (end(plant, 1095), left(plant)) == (1, 0)


def test_an_open_hazard_keeps_its_record_and_a_closed_one_as_long_again(plant: Plant) -> None:
    body = run_body(plant, "worker", bad=1)
    deliver(plant, body)
    seal(plant)
    assert end(plant, 1200) == 0
    (found,) = findings.of_record(plant.store, body["id"])
    closed_ms = NOW_MS + 1200 * DAY_MS
    with plant.store.tx() as db:
        findings.answer(db, found["id"], "fixed", by=plant.id("leader"), now_ms=closed_ms)
        findings.accept(db, found["id"], by=plant.id("leader"), now_ms=closed_ms)
    assert end(plant, 1200 + 1094) == 0
    assert end(plant, 1200 + 1095) == 1


def test_not_today_goes_after_thirty_days_with_its_slot_and_files(
    plant: Plant, where: Traces
) -> None:
    sha = photo(plant, where, b"\xff\xd8\xffnote")
    body = commit_body(plant, "worker", bad="fit", blobs=[encoding.b64u(sha)])
    deliver(plant, body)
    assert end(plant, 30, where, more_ms=0) == 0
    assert end(plant, 30, where) == 1
    row = record(plant.store, body["id"])
    assert (row["body"], row["person"], row["result"], row["station"]) == (None, None, "none", None)
    assert plant.store.value("SELECT person FROM slot WHERE u = :u", u=row["slot_u"]) is None
    assert not files.path_of(where.blobs, sha).exists()
    check_ledger(plant.store)


def test_photos_may_go_before_the_words_beside_them(plant: Plant, where: Traces) -> None:
    short(plant, photo=100)
    old, new = photo(plant, where, b"\xff\xd8\xffold"), photo(plant, where, b"\xff\xd8\xffnew")
    nobodys = photo(plant, where, b"\xff\xd8\xffnobodys")
    body = commit_body(plant, "worker", blobs=[encoding.b64u(old)])
    deliver(plant, body)
    later = commit_body(plant, "mate", blobs=[encoding.b64u(new)])
    deliver(plant, later, at_ms=NOW_MS + 1000)
    assert end(plant, 100, where) == 2
    assert records.body(plant.store, body["id"]) is not None
    here = {sha: files.path_of(where.blobs, sha).exists() for sha in (old, new, nobodys)}
    assert here == {old: False, new: True, nobodys: False}
    assert plant.store.value("SELECT COUNT(*) FROM record_blob") == 1


def test_the_photo_of_an_open_hazard_stays(plant: Plant, where: Traces) -> None:
    short(plant, photo=100)
    sha = photo(plant, where, b"\xff\xd8\xfffault")
    body = hazard_body(plant, "worker", "漏油", blobs=[encoding.b64u(sha)])
    deliver(plant, body)
    assert end(plant, 150, where) == 0
    close_hazards(plant, body["id"])
    assert end(plant, 150, where) == 1


def test_what_was_kept_unread_is_emptied(plant: Plant) -> None:
    deliver(plant, {**commit_body(plant, "worker"), "app": None})
    assert end(plant, 365, more_ms=0) == 0
    assert (end(plant, 365), end(plant, 366)) == (1, 0)
    assert plant.store.value("SELECT length(body) FROM quarantine") == 0


def test_the_clock_does_it_and_one_line_says_how_many(plant: Plant, where: Traces) -> None:
    make_ready(plant, "worker")
    seal(plant)
    clockwork.plan(plant.store, NOW_MS + 1096 * DAY_MS, plant.random, where)
    rows = plant.store.rows(
        "SELECT person, about, detail FROM audit WHERE what = 'record.expire' ORDER BY seq"
    )
    assert rows == [{"person": None, "about": "records", "detail": "commit 1, run 1"}]
    assert left(plant) == 0


def test_a_minute_in_which_nothing_is_due_writes_nothing(plant: Plant) -> None:
    assert end(plant, 3) == 0
    assert plant.store.value("SELECT COUNT(*) FROM audit WHERE what = 'record.expire'") == 0


def test_looking_for_what_is_due_reads_an_index(plant: Plant) -> None:
    """Of years of records, erased and kept, only what is due is looked at."""
    sql = (
        " SELECT id FROM record WHERE kind = 'run' AND erased_ms IS NULL AND recv_ms < 5"
        " ORDER BY recv_ms, seq LIMIT 200"
    )
    with plant.store.tx() as db:
        if plant.store.engine == "sqlite":
            how = "EXPLAIN QUERY PLAN"
        else:
            how = "EXPLAIN"
            db.run("SET LOCAL enable_seqscan = off")
        assert "record_kept" in str(db.rows(how + sql))
