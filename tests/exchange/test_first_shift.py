"""A plant out of a workbook (not the demo) works its first shift: card, phone, records, board."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from shiftapp.exchange import cards
from shiftapp.model import board, clockwork, people, roster, settings, shifts
from shiftapp.store import Store
from tests.exchange.books import bring_in, file, opened, planned, saved, small, with_row
from tests.plant import (
    HOUR_MS,
    NOW_MS,
    TODAY,
    Clock,
    Plant,
    client_of,
    fixed_bytes,
    make_app,
    make_keys,
)
from tests.sealing import chained, commit_body, run_body, wire

SAME = {"Sec-Fetch-Site": "same-origin"}
OUTBOX = {**SAME, "X-Requested-With": "outbox"}


@pytest.fixture
def imported(store: Store, tmp_path: Path) -> Plant:
    """The small plant, brought in at 07:38, and its windows opened."""
    with store.tx() as db:
        settings.put(db, url="https://aq.example.cn", origin="aq.example.cn/log")
    bring_in(store, file())
    clockwork.tick(store, NOW_MS)
    return Plant(store, make_keys(tmp_path / "keys"), fixed_bytes("small"))


def test_the_same_job_is_done_from_card_to_board(imported: Plant, tmp_path: Path) -> None:
    app = make_app(imported, tmp_path, Clock())
    store = imported.store
    with store.tx() as db:
        issued = cards.issue_cards(
            db, settings.get(db), NOW_MS, fixed_bytes("cards"), by=None, crew="JIA"
        )
    card = next(one for one in issued.cards if one.number == "00102")
    phone = client_of(app, imported, None)
    assert phone.get(card.url.removeprefix("https://aq.example.cn")).status_code == 200
    told = phone.post("/api/v1/enrol", json={"code": card.code}, headers=SAME).get_json()
    assert told["person"]["no"] == "00102"
    assert phone.get("/api/v1/pack").get_json()["shifts"][0]["crew"] == "JIA"

    imported.ids["worker"] = told["person"]["id"]
    imported.devices["worker"] = (told["device"]["id"], "")
    who = {
        "person": told["person"]["id"],
        "ev": {"k": "session", "sid": told["person"]["sid"]},
    }
    made = (commit_body(imported, "worker", who=who), run_body(imported, "worker", who=who))
    bodies = chained(*made)
    answer = phone.post(
        "/api/v1/sync", json={"records": [wire(body) for body in bodies]}, headers=OUTBOX
    ).get_json()
    assert [(one["status"], one["flags"]) for one in answer["results"]] == [("stored", [])] * 2

    shown = board.board(store, imported.instance(), NOW_MS)
    assert (shown.counts.expected, shown.counts.ready) == (6, 1)
    assert store.value("SELECT COUNT(*) FROM entry WHERE kind = 'rec'") == 2


def test_the_shift_that_runs_at_the_import_is_on_the_board_at_once(imported: Plant) -> None:
    shown = board.board(imported.store, imported.instance(), NOW_MS)
    assert (shown.counts.expected, shown.counts.not_started) == (6, 6)
    assert imported.store.value("SELECT COUNT(*) FROM entry WHERE kind = 'open'") == 1


def test_an_anchor_left_empty_is_the_day_of_the_import(store: Store) -> None:
    bring_in(store, file(small(pattern=[{"code": "4C2S-4"}])))
    assert shifts.instance(store, "JIA", TODAY, "D") is not None
    later = bring_in(store, file(small(pattern=[{"code": "4C2S-4"}])), NOW_MS + 48 * HOUR_MS)
    assert later.total == 0  # and stays, whenever the workbook is imported again


def test_a_weekly_pattern_begins_on_a_monday(store: Store) -> None:
    crew = {"code": "JIA", "name": "甲班", "group": "G1", "pattern": "DAY-5"}
    bring_in(store, file(small(pattern=[{"code": "DAY-5"}], crew=[crew], person=[], role=[],
                               post=[])))  # fmt: skip
    anchor = datetime.date.fromisoformat(store.value("SELECT anchor FROM pattern"))
    assert anchor.weekday() == 0 and anchor <= datetime.date(2026, 11, 24)


def dates(store: Store, crew: str = "JIA") -> list[tuple[str, str]]:
    rows = store.rows(
        "SELECT date, code FROM instance WHERE crew = :crew AND opens_ms > :now ORDER BY date",
        crew=crew,
        now=NOW_MS,
    )
    return [(row["date"], row["code"]) for row in rows]


def test_a_corrected_anchor_plans_the_shifts_ahead_anew(store: Store) -> None:
    bring_in(store, file())
    assert dates(store)[0] == ("2026-11-25", "N")
    bring_in(store, file(with_row("pattern", 0, anchor="2026-11-25")), seed="again")
    assert dates(store)[:3] == [("2026-11-25", "D"), ("2026-11-26", "N"), ("2026-11-29", "D")]
    assert len({day for day, _ in dates(store)}) == len(dates(store))
    orphans = "SELECT COUNT(*) FROM slot WHERE s NOT IN (SELECT s FROM instance)"
    assert store.value(orphans) == 0


def test_a_shift_that_a_leader_has_touched_stays(store: Store) -> None:
    bring_in(store, file())
    worker = people.by_no(store, "00101")
    night = shifts.instance(store, "JIA", "2026-11-25", "N")
    assert worker and night
    with store.tx() as db:
        roster.end(db, night["id"], worker["id"], "leave", by=worker["id"], now_ms=NOW_MS)
    bring_in(store, file(with_row("pattern", 0, anchor="2026-11-25")), seed="again")
    assert shifts.by_id(store, night["id"]) is not None


def test_a_disbanded_crew_has_no_shifts_ahead(store: Store) -> None:
    bring_in(store, file())
    bring_in(store, file(with_row("crew", 1, active="停用")), seed="again")
    assert dates(store, "YI") == []


def test_who_moves_to_another_crew_moves_on_the_rosters_ahead(store: Store) -> None:
    bring_in(store, file())
    bring_in(store, file(with_row("person", 1, crew="YI")), seed="again")
    moved = people.by_no(store, "00102")
    tonight = shifts.instance(store, "YI", TODAY, "N")
    tomorrow = shifts.instance(store, "JIA", "2026-11-25", "N")
    assert moved and tonight and tomorrow
    assert roster.posts(store, tonight["id"], moved["id"]) != []
    assert roster.posts(store, tomorrow["id"], moved["id"]) == []


def test_nothing_is_imported_when_one_cell_is_wrong(store: Store) -> None:
    book = opened(with_row("person", 7, crew="DING"))
    found = planned(store, saved(book))
    assert len(found.faults) == 1
    for table in ("site", "area", "job", "station", "crew", "person", "commitment", "audit"):
        assert store.value(f"SELECT COUNT(*) FROM {table}") == 0
