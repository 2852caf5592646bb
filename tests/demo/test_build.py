"""The demo plant: the same bytes every time, nothing in it is a fake row, every state is there."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qr.code
from shiftapp.demo import people as cast
from shiftapp.demo import places
from shiftapp.demo.build import Wanted, plant_ms
from shiftapp.demo.delivery import deliver
from shiftapp.ledger import note
from shiftapp.ledger.keys import Keys
from shiftapp.model import (
    announcements,
    handover,
    history,
    ladder,
    publishing,
    settings,
    shifts,
    slots,
)
from shiftapp.model.judging import Secrets
from shiftapp.store import Row, Store
from shiftapp.store.migrations import text
from tests.demo.conftest import DAY, Made, make
from tests.engines import sqlite_store

TABLES = sorted(re.findall(r"CREATE TABLE (\w+)", text("0001_initial", "sqlite")))
CJK = re.compile("[\u3400-\u9fff\uff01-\uff5e，。]")


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """A second empty database."""
    folder = tmp_path / "other"
    folder.mkdir()
    yield from sqlite_store(folder)


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, bytes as bytes."""
    return {
        table: sorted(
            (tuple(_plain(value) for value in row.values()) for row in store.rows(sql(table))),
            key=repr,
        )
        for table in TABLES
    }


def sql(table: str) -> str:
    return f"SELECT * FROM {table}"


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def current(made: Made, crew: str = "JIA", day: int = 0, code: str = "D") -> Row:
    date = (DAY + datetime.timedelta(days=day)).isoformat()
    found = shifts.instance(made.store, crew, date, code)
    assert found is not None
    return found


def states(made: Made, instance: Row, at_ms: int | None = None) -> Counter[str]:
    people = history.people_states(made.store, instance, at_ms or made.wanted.start_ms)
    return Counter(one.name for one in people)


def week(made: Made) -> list[Row]:
    return shifts.started_between(
        made.store, plant_ms(DAY - datetime.timedelta(days=9), "00:00"), made.wanted.start_ms
    )


def test_the_same_seed_makes_the_same_bytes_on_each_engine(
    made: Made, other: Store, keys: Keys
) -> None:
    again = make(other, keys, Wanted(day=DAY))
    assert contents(made.store) == contents(again.store)
    assert made.later == again.later


def test_another_seed_makes_another_week(made: Made, other: Store, keys: Keys) -> None:
    make(other, keys, Wanted(day=DAY, seed="2"))
    first, second = contents(made.store), contents(other)
    assert first["record"] != second["record"]
    assert first["job"] == second["job"]


def test_it_is_as_large_as_it_says(made: Made) -> None:
    def count(table: str) -> int:
        return int(made.store.value(f"SELECT COUNT(*) AS n FROM {table}"))

    assert count("person") == len(set(cast.numbers().values())) == 60
    assert (count("area"), count("crew"), count("announcement")) == (3, 4, 7)
    assert count("station") >= 12
    assert count("job") == count("checklist") == len(places.JOBS) >= 9
    assert count("device") == 53  # fifty-two phones and the tablet at the gate
    kinds = Counter(row["kind"] for row in made.store.rows("SELECT kind FROM device ORDER BY id"))
    assert kinds == {"personal": 52, "shared": 1}


def test_somebody_has_every_role_and_the_tour_knows_them(made: Made) -> None:
    rows = made.store.rows("SELECT DISTINCT role FROM role ORDER BY role")
    assert {row["role"] for row in rows} == set(cast.PARTS)
    assert settings.get(made.store).demo


def test_every_step_that_the_demo_uses_speaks_both_languages(made: Made) -> None:
    for row in made.store.rows("SELECT doc FROM checklist ORDER BY job"):
        for step in json.loads(row["doc"])["steps"]:
            assert step["call_en"] and step["target_en"] and step["criteria_en"]


def test_nothing_is_a_fake_row(made: Made) -> None:
    store = made.store
    assert store.value("SELECT COUNT(*) AS n FROM quarantine") == 0
    assert {row["flags"] for row in store.rows("SELECT flags FROM record ORDER BY seq")} == {"[]"}
    leaves = {bytes(row["leaf"]) for row in store.rows("SELECT leaf FROM entry ORDER BY seq")}
    named = store.rows(
        "SELECT receipt_leaf FROM record WHERE receipt_leaf IS NOT NULL ORDER BY seq"
    )
    assert len(named) > 400 and {bytes(row["receipt_leaf"]) for row in named} <= leaves
    stored = store.rows("SELECT recv_ms FROM entry ORDER BY seq")
    assert stored == sorted(stored, key=lambda row: row["recv_ms"])


def test_at_0738_everybody_stands_somewhere_else(made: Made) -> None:
    found = states(made, current(made))
    assert found == {
        "ready": 6,
        "running": 2,
        "expected": 2,
        "abnormal": 1,
        "stopped": 1,
        "cannot": 1,
        "excused": 1,
    }
    assert "missed" in {name for one in week(made) for name in states(made, one)}


@pytest.mark.parametrize("day", range(-7, 0))
def test_every_day_of_the_week_was_signed_up_the_ladder(made: Made, day: int) -> None:
    date = DAY + datetime.timedelta(days=day)
    facts = settings.get(made.store)
    (top,) = ladder.tops(made.store, facts, date.isoformat(), plant_ms(date, "08:41"))
    assert top.signed and all(one.signed for one in top.below)
    assert top.expected in (25, 26)  # one of them was on leave one night


def test_the_night_left_something_that_nobody_has_asked_about_yet(made: Made) -> None:
    (item,) = handover.waiting(made.store, current(made), made.wanted.start_ms)
    assert item["crew"] == "BING" and item["station_name"]
    assert made.store.value("SELECT COUNT(*) FROM handover WHERE taken_ms IS NOT NULL") == 1


def test_today_is_not_signed_yet(made: Made) -> None:
    facts = settings.get(made.store)
    (top,) = ladder.tops(made.store, facts, DAY.isoformat(), made.wanted.start_ms)
    assert top.signature is None and top.blocking


def test_the_marks_are_there_too(made: Made) -> None:
    def marks(instance: Row) -> set[str]:
        people = history.people_states(made.store, instance, made.wanted.start_ms)
        return {mark for one in people for mark in one.state.marks}

    assert marks(current(made)) == {"on_time", "proxy"}
    assert {"late", "offline", "overdue"} <= marks(current(made, "BING", -1, "N"))


def test_leave_has_a_standin_who_is_ready(made: Made) -> None:
    rows = made.store.rows(
        "SELECT person, for_person FROM roster WHERE instance = :i AND how = 'standin' ORDER BY id",
        i=current(made)["id"],
    )
    assert len(rows) == 1
    names = {
        one.person: one.name
        for one in history.people_states(made.store, current(made), made.wanted.start_ms)
    }
    assert (names[rows[0]["person"]], names[rows[0]["for_person"]]) == ("ready", "excused")


def test_hazards_are_in_every_state(made: Made) -> None:
    rows = made.store.rows("SELECT * FROM finding WHERE kind = 'hazard' ORDER BY id")
    assert {row["state"] for row in rows} == {"found", "assigned", "fixed", "accepted"}
    assert [row["level"] for row in rows].count("major") == 1
    now = made.wanted.start_ms
    assert [r for r in rows if r["state"] == "assigned" and r["due_ms"] < now], "none is overdue"
    kinds = {row["kind"] for row in made.store.rows("SELECT kind FROM finding ORDER BY id")}
    assert kinds == {"hazard", "brief", "replace"}


def test_the_figures_of_the_seven_announcements_equal_a_recomputation(made: Made) -> None:
    facts = settings.get(made.store)
    rows = made.store.rows("SELECT * FROM announcement ORDER BY date")
    days = [(DAY - datetime.timedelta(days=back)).isoformat() for back in range(7, 0, -1)]
    assert [row["date"] for row in rows] == days
    for row in rows:
        draft = announcements.derive(made.store, facts, row["date"], row["published_ms"])
        doc = json.loads(row["doc"])
        for name in draft.content.keys() - {"hazards", "named", "text"}:
            assert doc[name] == draft.content[name], name
        assert doc["total"]["n"] == 26
        open_then = made.store.value(
            "SELECT COUNT(*) AS n FROM finding WHERE kind = 'hazard' AND found_ms <= :t"
            " AND COALESCE(accepted_ms, :never) > :t",
            t=row["published_ms"],
            never=2**52,
        )
        assert doc["hazards"]["general"] + doc["hazards"]["major"] == open_then
    assert [json.loads(row["doc"])["override"] is not None for row in rows].count(True) == 1


def test_the_announcements_are_signed(made: Made) -> None:
    facts = settings.get(made.store)
    name = publishing.signer_name(facts)
    vkey = note.Verifier(
        name,
        note.key_id(name, note.public_bytes(made.keys.announcement)),
        made.keys.announcement.public_key(),
    )
    for row in made.store.rows("SELECT note FROM announcement ORDER BY date"):
        assert note.open_note(row["note"], [vkey])[1] == [name]


def test_every_past_shift_is_signed_but_the_forgotten_one(made: Made) -> None:
    signed = {
        row["instance"] for row in made.store.rows("SELECT instance FROM signoff ORDER BY id")
    }
    past = [one for one in week(made) if states(made, one) and one["date"] < DAY.isoformat()]
    missing = [(one["date"], one["code"]) for one in past if one["id"] not in signed]
    assert missing == [("2026-11-21", "D")]


def test_what_comes_later_is_taken_once_and_brings_the_shift_in_order(fresh: Made) -> None:
    instance = current(fresh)
    for _ in range(2):  # delivered again, it is a duplicate
        for one in fresh.later:
            if one.recv_ms < instance["starts_ms"]:
                deliver(fresh.store, one, _secrets(fresh), 120)
    found = states(fresh, instance, instance["starts_ms"])
    assert (found["ready"], found["expected"], found["running"]) == (9, 1, 0)
    assert fresh.store.value("SELECT COUNT(*) AS n FROM quarantine") == 0


def test_tonight_is_an_ordinary_shift(fresh: Made) -> None:
    night = current(fresh, "YI", 0, "N")
    fresh.store.write(lambda db: slots.open_due(db, night["opens_ms"], 120))
    for one in fresh.later:
        deliver(fresh.store, one, _secrets(fresh), 120)
    assert states(fresh, night, night["starts_ms"]) == {"ready": 13}


def test_in_english_no_text_of_the_plant_is_chinese(store: Store, keys: Keys) -> None:
    made = make(store, keys, Wanted(lang="en", day=DAY))
    assert states(made, current(made))["ready"] == 6
    wanted = {
        "site": "name name_en",
        "area": "name name_en",
        "station": "label name place",
        "job": "name card",
        "crew": "name",
        "person": "name title",
        "pattern": "name",
        "shift": "name",
        "instance": "name",
        "finding": "what note answer",
        "signoff": "gaps",
        "checklist": "doc",
        "commitment": "doc",
    }
    for table, columns in wanted.items():
        for row in made.store.rows(sql(table)):
            for column in columns.split():
                assert not CJK.search(row[column]), f"{table}.{column}: {row[column]}"
    opened = made.store.rows("SELECT data FROM entry WHERE kind = 'open' ORDER BY seq")
    assert not any(CJK.search(bytes(row["data"]).decode()) for row in opened)


def _secrets(made: Made) -> Secrets:
    keys = made.keys
    return Secrets(lambda code: qr.code.mac(keys.station_secret, code), keys.session_secret)
