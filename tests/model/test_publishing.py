"""Publishing: what was shown is signed, exactly once; it stays, and anybody can check it."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shiftapp.model import announcements, people
from shiftapp.model.people import Person, Role
from shiftapp.problems import Problem
from tests.announcing import add_crew, at, commit, draft, night_works, order, publish
from tests.plant import MADE_MS, TODAY, Plant

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
    assert (doc["override"], doc["correction"]) == (None, None)
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
    second = Person(str(uuid.uuid4()), "9012", "冯十二", roles=(Role("signatory"),))
    with good_day.store.tx() as db:
        people.save_person(db, second, MADE_MS)
    good_day.ids["second"] = second.id
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


def test_a_further_version_supersedes_and_says_what_changed(good_day: Plant) -> None:
    first = publish(good_day, NINE)
    commit(good_day, "outsider", at("09:10"))  # not on the roster: counts for nobody
    add_crew(good_day, "WU", 5)
    later = at("09:30")
    with pytest.raises(Problem) as caught:
        publish(good_day, later, override="戊班未签")
    assert caught.value.code == "no_correction"
    second = publish(good_day, later, override="戊班未签", correction="漏了一个班")
    assert (second["version"], second["supersedes"]) == (2, first["id"])
    assert second["doc"]["correction"]["reason"] == "漏了一个班"
    assert {"zh": "应到 12 改为 17。", "en": "Expected: 12 is now 17."} in second["doc"][
        "correction"
    ]["changes"]
    newer = announcements.announcement(good_day.store, first["id"])["newer"]
    assert newer is not None
    assert newer["id"] == second["id"]
    current = announcements.current(good_day.store)
    assert current is not None
    assert current["id"] == second["id"]
    assert [v["version"] for v in announcements.versions(good_day.store, 9)] == [2, 1]
    assert [a["version"] for a in announcements.archive(good_day.store, 9)] == [2]


def test_only_a_signatory_signs(good_day: Plant) -> None:
    for who in ("manager", "inspector", "admin", "leader", "worker"):
        assert refused(good_day, by=who).code == "wrong_role"


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


@pytest.mark.parametrize("reason", ["张三还没来", "1001 没签", "x" * 301])
def test_a_reason_names_no_worker_and_is_short(plant: Plant, reason: str) -> None:
    night_works(plant)
    assert refused(plant, override=reason).code in ("name_in_reason", "reason_too_long")


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
    assert lines[2:] == ["2026-11-24 1", str(NINE)]


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
