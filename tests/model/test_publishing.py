"""Publishing: what was shown is signed, exactly once; it stays, and anybody can check it."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shiftapp.model import announcement_text, announcements, people, publishing, settings
from shiftapp.model.people import Person, Role
from shiftapp.problems import Problem
from shiftapp.store import open_store
from tests.announcing import add_crew, at, commit, draft, night_works, order, publish
from tests.engines import Postgres
from tests.plant import MADE_MS, TODAY, Plant
from tests.stock import Stock

NINE = at("09:05")


def refused(plant: Plant, when: int = NINE, **more: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        publish(plant, when, **more)
    assert announcements.current(plant.store) is None
    return caught.value


def test_the_first_version_of_a_day(good_day: Plant) -> None:
    found = publish(good_day, NINE)
    doc = found["doc"]
    assert (found["version"], found["date"], found["supersedes"]) == (1, TODAY, None)
    assert doc["signatory"]["name"] == "周九"
    assert doc["published_ms"] == found["published_ms"] == NINE
    assert doc["valid_until_ms"] == at("10:00", "2026-11-25")
    assert (doc["override"], doc["change"], doc["delegate_of"]) == (None, None, None)
    assert {k: doc[k] for k in draft(good_day, NINE).content} == draft(good_day, NINE).content
    assert (
        good_day.store.value("SELECT COUNT(*) FROM audit WHERE what = 'announcement.publish'") == 1
    )


def test_a_replay_and_a_double_click_give_the_same_announcement(good_day: Plant) -> None:
    asked = order(good_day, NINE)
    first = publish(good_day, NINE, asked)
    commit(good_day, "worker", at("09:10"))
    assert publish(good_day, NINE + 600_000, asked) == first
    assert good_day.store.value("SELECT COUNT(*) FROM announcement") == 1


def test_eight_equal_orders_at_once_are_one_announcement(good_day: Plant) -> None:
    asked = order(good_day, NINE)
    gate = threading.Barrier(8)

    def press(_: int) -> str:
        gate.wait()
        return str(publish(good_day, NINE, asked)["note"])

    with ThreadPoolExecutor(8) as pool:
        notes = set(pool.map(press, range(8)))
    assert len(notes) == 1
    assert good_day.store.value("SELECT COUNT(*) FROM announcement") == 1


def test_of_two_signatories_at_once_one_is_told_of_the_other(good_day: Plant) -> None:
    _second_signatory(good_day)
    asked = {who: order(good_day, NINE) for who in ("signatory", "second")}
    gate = threading.Barrier(2)

    def press(who: str) -> str:
        gate.wait()
        try:
            publish(good_day, NINE, asked[who], by=who)
        except Problem as problem:
            return problem.code
        return "published"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, asked)) == ["already_published", "published"]


def _second_signatory(plant: Plant) -> None:
    second = Person(str(uuid.uuid4()), "9012", "冯十二", roles=(Role("signatory"),))
    with plant.store.tx() as db:
        people.save_person(db, second, MADE_MS)
    plant.ids["second"] = second.id


def test_figures_that_changed_after_they_were_shown_are_not_signed(good_day: Plant) -> None:
    asked = order(good_day, NINE)
    with good_day.store.tx() as db:
        db.run(
            "UPDATE slot SET ended_ms = :n WHERE person = :p",
            n=at("09:01"),
            p=good_day.id("worker"),
        )
    assert refused(good_day, wanted=asked).code == "draft_changed"


def test_open_gaps_close_the_button(plant: Plant) -> None:
    night_works(plant)
    problem = refused(plant)
    assert (problem.status, problem.code) == (409, "open_gaps")


def test_an_override_is_named_and_published_with_its_reason(plant: Plant) -> None:
    night_works(plant)
    found = publish(plant, NINE, override="  甲班班长在处置漏点，\n签字在后 ")
    assert found["doc"]["override"] == {
        "reason": "甲班班长在处置漏点， 签字在后",
        "gaps": [
            {
                "code": "unsigned",
                "n": 1,
                "zh": "1 个班组没有签字。",
                "en": "1 crew has not signed.",
            }
        ],
    }
    assert found["doc"]["text"]["state"] == "named"  # over a gap nothing is all under control


def test_an_override_of_nothing_is_none(good_day: Plant) -> None:
    assert publish(good_day, NINE, override="没有缺口")["doc"]["override"] is None


def test_before_a_shift_has_started_nothing_can_be_signed(good_day: Plant) -> None:
    assert refused(good_day, at("07:59"), override="急").code == "too_early"
    assert publish(good_day, at("08:06"))["version"] == 1


def test_a_shift_that_nobody_is_on_yet_is_waited_for_as_well(plant: Plant) -> None:
    """Else last night would be signed for the whole day before its roster is filled."""
    night_works(plant)
    today = plant.instance()
    with plant.store.tx() as db:
        db.run("DELETE FROM roster WHERE instance = :i", i=today["id"])
        db.run("DELETE FROM slot WHERE s = :s", s=today["s"])
    early = draft(plant, at("07:59"))
    assert (early.figures.gaps, early.content["total"]["n"]) == ((), 6)
    assert refused(plant, at("07:59")).code == "too_early"
    assert publish(plant, at("08:00"))["version"] == 1


def test_a_further_version_supersedes_and_says_what_changed(good_day: Plant) -> None:
    first = publish(good_day, NINE)
    commit(good_day, "outsider", at("09:10"))  # not on the roster: counts for nobody
    add_crew(good_day, "WU", 5)
    later = at("09:30")
    second = publish(good_day, later, override="戊班未签", change="correction", reason="漏了一个班")
    assert (second["version"], second["supersedes"]) == (2, first["id"])
    assert (second["kind"], second["why"]) == ("daily", "correction")
    change = second["doc"]["change"]
    assert (change["how"], change["reason"]) == ("correction", "漏了一个班")
    assert (change["version"], change["published_ms"]) == (1, NINE)
    assert {"zh": "应到 12 改为 17。", "en": "Expected: 12 is now 17."} in change["changes"]
    newer = announcements.announcement(good_day.store, first["id"])["newer"]
    assert newer is not None
    assert newer["id"] == second["id"]
    current = announcements.current(good_day.store)
    assert current is not None
    assert current["id"] == second["id"]
    assert [v["version"] for v in announcements.versions(good_day.store, 9)] == [2, 1]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "no_change"),
        ({"change": "update"}, "no_reason"),
        ({"change": "correction", "reason": "  "}, "no_reason"),
        ({"change": "other", "reason": "天气"}, "no_change"),
    ],
)
def test_a_further_version_says_what_it_is_and_why(
    good_day: Plant, asked: dict[str, str], code: str
) -> None:
    publish(good_day, NINE)
    with pytest.raises(Problem) as caught:
        publish(good_day, at("09:30"), **asked)
    assert caught.value.code == code
    assert good_day.store.value("SELECT COUNT(*) FROM announcement") == 1


@pytest.mark.parametrize("change", ["update", "correction"])
def test_a_first_version_updates_and_corrects_nothing(good_day: Plant, change: str) -> None:
    assert refused(good_day, change=change, reason="情况变了").code == "no_first"


def test_an_update_within_the_day_is_told_from_a_correction(good_day: Plant) -> None:
    publish(good_day, NINE)
    found = publish(good_day, at("15:00"), change="update", reason="新增特级动火")
    assert (found["why"], found["doc"]["change"]["how"]) == ("update", "update")
    assert "本版更新第 1 版（2026-11-24 09:05 签发）。理由：新增特级动火" in found["note"]


def test_only_a_signatory_signs(good_day: Plant) -> None:
    for who in ("manager", "inspector", "admin", "leader", "worker"):
        problem = refused(good_day, by=who)
        assert (problem.status, problem.code) == (403, "no_right")
        assert "书面授权" in problem.template


def test_a_signature_cannot_be_dated_back(good_day: Plant) -> None:
    """The instant is the server's: in the row, in the document and in the note alike."""
    found = publish(good_day, at("11:11"))
    assert found["published_ms"] == found["doc"]["published_ms"] == at("11:11")
    assert found["note"].split("\n")[3] == str(at("11:11"))


def test_a_clock_that_went_back_signs_no_further_version(good_day: Plant) -> None:
    """Else a correction could be dated before what it corrects."""
    publish(good_day, at("09:30"))
    with pytest.raises(Problem) as caught:
        publish(good_day, at("09:29"), change="correction", reason="钟慢了")
    assert caught.value.code == "clock_back"
    assert good_day.store.value("SELECT COUNT(*) FROM announcement") == 1


def test_nothing_is_half_published(good_day: Plant) -> None:
    """Whatever breaks between deriving and storing: no row, and no line of the audit."""

    def breaks(text: str) -> str:
        raise OSError("the key file is gone")

    asked, now, by = (
        order(good_day, NINE),
        settings.get(good_day.store),
        good_day.id("signatory"),
    )
    with pytest.raises(OSError, match="gone"):
        good_day.store.write(
            lambda db: publishing.publish(db, now, asked, breaks, by=by, now_ms=NINE)
        )
    _nothing_of_it(good_day)
    assert publish(good_day, NINE, asked)["version"] == 1


KILLED = """
import os, sys
from pathlib import Path
from shiftapp.model import publishing, settings
from shiftapp.model.publishing import Order
from shiftapp.store import open_store

address, by, now_ms, *asked = sys.argv[1:]
store = open_store(Path(address) if "://" not in address else address)
order = Order(id=asked[0], date=asked[1], expect=asked[2], base=0)
store.write(
    lambda db: publishing.publish(
        db, settings.get(db), order, lambda text: os._exit(9), by=by, now_ms=int(now_ms)
    )
)
"""


def test_a_server_killed_between_deriving_and_storing_leaves_nothing(good_day: Plant) -> None:
    asked, by = order(good_day, NINE), good_day.id("signatory")
    words = (good_day.store.address, by, NINE, asked.id, asked.date, asked.expect)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *map(str, words)], timeout=60, check=False
    )
    assert killed.returncode == 9
    _nothing_of_it(good_day)
    assert publish(good_day, NINE, asked)["version"] == 1


def _nothing_of_it(plant: Plant) -> None:
    counted = "SELECT COUNT(*) FROM audit WHERE what = 'announcement.publish'"
    assert announcements.current(plant.store) is None
    assert plant.store.value(counted) == 0


@pytest.fixture
def two_nodes(postgres: Postgres, stock: Stock, tmp_path: Path) -> Iterator[list[Plant]]:
    """Two servers on one database, and a second signatory."""
    for store in stock.postgres(postgres, "good_day"):
        plant = stock.plant(store, tmp_path / "keys", "good_day")
        _second_signatory(plant)
        other = open_store(store.address)
        yield [plant, dataclasses.replace(plant, store=other)]
        other.close()


def test_of_two_servers_on_one_database_one_publishes(two_nodes: list[Plant]) -> None:
    asked = [order(node, NINE) for node in two_nodes]
    gate = threading.Barrier(2)

    def press(n: int) -> str:
        gate.wait()
        try:
            publish(two_nodes[n], NINE, asked[n], by=("signatory", "second")[n])
        except Problem as problem:
            return problem.code
        return "published"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == ["already_published", "published"]
    assert two_nodes[0].store.value("SELECT COUNT(*) FROM announcement") == 1


def test_a_double_press_at_two_servers_is_one_announcement(two_nodes: list[Plant]) -> None:
    asked = order(two_nodes[0], NINE)
    gate = threading.Barrier(2)

    def press(n: int) -> str:
        gate.wait()
        return str(publish(two_nodes[n], NINE, asked)["note"])

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(press, range(2)))) == 1
    assert two_nodes[0].store.value("SELECT COUNT(*) FROM announcement") == 1


def test_what_was_shown_is_what_is_signed(good_day: Plant) -> None:
    asked, now = order(good_day, NINE), settings.get(good_day.store)
    by = good_day.id("signatory")
    seen = publishing.preview(good_day.store, now, asked, by=by, now_ms=NINE)
    asked = dataclasses.replace(asked, shown=publishing.shown(seen))
    found = publish(good_day, NINE + 60_000, asked)
    assert found["note"].partition("\n\n")[0].split("\n")[4:] == announcement_text.lines(seen)


def test_another_name_than_was_shown_is_not_signed(good_day: Plant) -> None:
    asked, now = order(good_day, NINE), settings.get(good_day.store)
    by = good_day.id("signatory")
    seen = publishing.preview(good_day.store, now, asked, by=by, now_ms=NINE)
    with good_day.store.tx() as db:
        db.run("UPDATE person SET title = '董事长' WHERE id = :id", id=by)
    wanted = dataclasses.replace(asked, shown=publishing.shown(seen))
    assert refused(good_day, wanted=wanted).code == "draft_changed"


@pytest.mark.parametrize(
    ("date", "code"),
    [
        ("2026-11-25", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("gestern", "no_such_day"),
        ("2026-11-22", "day_over"),
    ],
)
def test_other_days_cannot_be_signed(good_day: Plant, date: str, code: str) -> None:
    asked = dataclasses.replace(order(good_day, NINE), date=date)
    assert refused(good_day, wanted=asked).code == code


def test_a_day_can_be_signed_until_its_time_is_over(good_day: Plant) -> None:
    """Yesterday's holds until 10:00, so it can be corrected until then."""
    assert publish(good_day, at("09:30"), date="2026-11-23", override="补")["version"] == 1


@pytest.mark.parametrize(
    "reason",
    [
        *(
            "张三还没来",
            "张 三还没来",
            "张\u200b三还没来",
            "1001 没签",
            "１００１ 没签",
            "10\u200d01 没签",
        ),
        *("zhang san is late", "ＺＨＡＮＧ  ＳＡＮ is late", "x" * 301),
    ],
)
def test_a_reason_names_no_worker_and_is_short(plant: Plant, reason: str) -> None:
    night_works(plant)
    latin(plant)
    assert refused(plant, override=reason).code in ("name_in_reason", "reason_too_long")


def latin(plant: Plant) -> None:
    """张三 has a name in Latin letters as well."""
    with plant.store.tx() as db:
        db.run("UPDATE person SET name_en = 'Zhang San' WHERE id = :id", id=plant.id("worker"))


def test_a_name_within_another_word_is_none(plant: Plant) -> None:
    night_works(plant)
    latin(plant)
    assert publish(plant, NINE, override="编号 21001 的阀，Zhang Sanders 公司在修")["version"] == 1


@pytest.mark.parametrize("reason", ["换\x00阀门", "换\u202e阀\ud800门", "换\u200b阀门\x07"])
def test_a_reason_keeps_no_sign_that_nobody_sees(plant: Plant, reason: str) -> None:
    night_works(plant)
    kept = publish(plant, NINE, override=reason)["doc"]["override"]["reason"]
    assert kept.replace(" ", "") == "换阀门"


@pytest.mark.parametrize("reason", ["\u200b", " \x07 "])
def test_a_reason_of_signs_that_nobody_sees_is_none(plant: Plant, reason: str) -> None:
    night_works(plant)
    assert refused(plant, override=reason).code == "open_gaps"


def test_a_number_inside_another_word_is_no_name(plant: Plant) -> None:
    night_works(plant)
    assert publish(plant, NINE, override="P-10012 泵停")["version"] == 1


@pytest.mark.parametrize("sql", ["UPDATE announcement SET doc = '{}'", "DELETE FROM announcement"])
def test_what_is_published_cannot_be_changed(good_day: Plant, sql: str) -> None:
    publish(good_day, NINE)
    with pytest.raises(Exception, match="immutable|append-only"), good_day.store.tx() as db:
        db.run(sql)


def public_key(plant: Plant) -> tuple[bytes, Ed25519PublicKey]:
    raw = plant.keys.announcement.public_key().public_bytes_raw()
    name = b"aq.example.cn/log/announcement"
    return hashlib.sha256(name + b"\n\x01" + raw).digest()[:4], Ed25519PublicKey.from_public_bytes(
        raw
    )


def verify(note: str, doc: bytes, key: tuple[bytes, Ed25519PublicKey]) -> list[str]:
    """What the public page tells anybody to do, with `cryptography` alone."""
    text, _, line = note.partition("\n\n")
    raw = base64.b64decode(line.split(" ")[2])
    assert raw[:4] == key[0]
    key[1].verify(raw[4:], text.encode() + b"\n")
    lines = text.split("\n")
    assert base64.b64decode(lines[1]) == hashlib.sha256(doc).digest()
    return lines


def test_anybody_can_verify_with_cryptography_alone(good_day: Plant) -> None:
    found = publish(good_day, NINE)
    lines = verify(found["note"], found["bytes"], public_key(good_day))
    assert lines[0] == "aq.example.cn/log/announcement"
    assert lines[2:4] == ["2026-11-24 1", str(NINE)]
    assert lines[4:] == announcement_text.lines(found["doc"])
    assert "签发人：周九" in lines


@pytest.mark.parametrize("place", range(0, 2000, 83))
def test_any_changed_bit_is_noticed(good_day: Plant, place: int) -> None:
    found = publish(good_day, NINE)
    doc = bytearray(found["bytes"])
    doc[place % len(doc)] ^= 1
    with pytest.raises(AssertionError):
        verify(found["note"], bytes(doc), public_key(good_day))
    note = found["note"]
    at_line = place % note.index("\n\n")
    changed = note[:at_line] + chr(ord(note[at_line]) ^ 1) + note[at_line + 1 :]
    with pytest.raises((AssertionError, InvalidSignature, ValueError, IndexError)):
        verify(changed, found["bytes"], public_key(good_day))


def test_the_document_is_canonical_json(good_day: Plant) -> None:
    found = publish(good_day, NINE)
    again = json.dumps(found["doc"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert again.encode() == found["bytes"]


def held(plant: Plant) -> Ed25519PublicKey:
    """The public half of the announcement key."""
    return public_key(plant)[1]


def test_a_stored_announcement_holds_under_its_key_alone(good_day: Plant) -> None:
    found = publish(good_day, NINE)
    assert publishing.holds(found, held(good_day))
    assert not publishing.holds(found, good_day.keys.log.public_key())


@pytest.mark.parametrize(
    ("column", "lie"),
    [
        ("published_ms", at("08:10")),
        ("date", "2026-11-23"),
        ("version", 2),
        ("kind", "weekly"),
        ("id", "00000000-0000-4000-8000-000000000000"),
    ],
)
def test_a_row_that_says_other_than_its_document_does_not_hold(
    good_day: Plant, column: str, lie: object
) -> None:
    assert not publishing.holds({**publish(good_day, NINE), column: lie}, held(good_day))


@pytest.mark.parametrize(
    ("true", "lie"),
    [('"none":0', '"none":1'), ("周九", "周十"), (str(NINE), str(NINE - 60_000)), ("{", "")],
)
def test_an_edited_document_does_not_hold(good_day: Plant, true: str, lie: str) -> None:
    """Whoever edits the database is found out: the note was made of other bytes."""
    found = publish(good_day, NINE)
    edited = found["bytes"].decode().replace(true, lie)
    assert edited.encode() != found["bytes"]
    assert not publishing.holds({**found, "bytes": edited.encode()}, held(good_day))


def test_an_edited_note_does_not_hold(good_day: Plant) -> None:
    found = publish(good_day, NINE)
    for lie in (found["note"].replace("周九", "吴十"), found["note"][:-3], "", "no note"):
        assert not publishing.holds({**found, "note": lie}, held(good_day))


SUNDAY, MONDAY = "2026-11-22", at("09:05", "2026-11-23")


def test_a_period_is_signed_once_it_is_over(good_day: Plant) -> None:
    found = publish(good_day, MONDAY, date=SUNDAY, kind="weekly", override="上周没有班")
    assert (found["kind"], found["date"], found["version"]) == ("weekly", SUNDAY, 1)
    assert (found["doc"]["first"], found["doc"]["last"]) == ("2026-11-16", SUNDAY)
    assert found["note"].split("\n")[2] == f"weekly {SUNDAY} 1"
    assert publishing.holds(found, held(good_day))
    detail = good_day.store.value("SELECT detail FROM audit WHERE what = 'announcement.publish'")
    assert detail.startswith(f"weekly {SUNDAY} v1")


def test_a_day_and_a_period_of_one_date_stand_beside_each_other(good_day: Plant) -> None:
    now = at("09:05", "2026-11-30")
    weekly = publish(good_day, now, date="2026-11-29", kind="weekly", override="补")
    daily = publish(good_day, now, date="2026-11-29", override="补")
    assert weekly["version"] == daily["version"] == 1
    assert daily["doc"]["change"] is None


def test_a_period_is_updated_and_corrected_like_a_day(good_day: Plant) -> None:
    week = {"date": SUNDAY, "kind": "weekly", "override": "上周没有班"}
    first = publish(good_day, MONDAY, **week)
    with pytest.raises(Problem) as caught:
        publish(good_day, MONDAY, **week)
    assert caught.value.code == "no_change"
    found = publish(good_day, MONDAY, **week, change="correction", reason="少算一班")
    assert (found["version"], found["supersedes"]) == (2, first["id"])


@pytest.mark.parametrize(
    ("date", "kind", "code"),
    [
        ("2026-11-29", "weekly", "no_such_day"),  # not over
        (TODAY, "weekly", "no_such_day"),  # no week ends on it
        ("2026-11-01", "weekly", "day_over"),  # the next one was due
        (TODAY, "hourly", "no_such_day"),
    ],
)
def test_other_periods_cannot_be_signed(good_day: Plant, date: str, kind: Any, code: str) -> None:
    asked = dataclasses.replace(order(good_day, NINE), date=date, kind=kind)
    assert refused(good_day, wanted=asked).code == code
