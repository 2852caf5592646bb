"""Phones, codes, PINs and sessions in a leader's hands; the lost phone from end to end."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from shiftapp.model import credentials, devices, sessions
from shiftapp.problems import Problem
from tests.page import Html, Page
from tests.plant import NOW_MS, Clock, Plant

PageOf = Callable[..., Page]
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
POSTS = ("code", "pin", "sessions/end")
PIN = {"pin": "481516", "again": "481516"}


def of(plant: Plant, part: str = "worker") -> str:
    return f"/board/people/{plant.id(part)}"


def code_on(html: Html) -> str:
    return html.one("p", class_="o-code").text.replace("-", "")


def enrol(plant: Plant, code: str, at_ms: int = NOW_MS, device: str = "e" * 8) -> str:
    device = f"{device}-0000-4000-8000-000000000001"
    with plant.store.tx() as db:
        devices.enrol(db, code, device=device, secret=device, pubkey=None, held=None, now_ms=at_ms)
    return device


def pin_of(plant: Plant, part: str) -> str | None:
    found = plant.store.value("SELECT pin_hash FROM person WHERE id = :p", p=plant.id(part))
    return None if found is None else str(found)


def test_a_pin_is_set_with_what_tells_a_typo_on_a_shared_phone(page: PageOf, plant: Plant) -> None:
    salts = set()
    for part in ("worker", "mate"):
        page("leader").post(f"{of(plant, part)}/pin", PIN)
        row = plant.store.row("SELECT * FROM person WHERE id = :p", p=plant.id(part))
        assert row is not None
        assert credentials.tag_of(PIN["pin"], bytes(row["pin_salt"])).t == row["pin_tag"]
        salts.add(bytes(row["pin_salt"]))
    assert len(salts) == 2


@pytest.mark.parametrize("part", ["leader", "manager", "admin"])
def test_phones_and_state_of_somebody(page: PageOf, plant: Plant, part: str) -> None:
    plant.device("worker")
    html = page(part).get(of(plant))
    assert html.one("h1").text == "张三" and "登记于 2026-11-23" in html.text
    assert "本班：没开始" in html.text


@pytest.mark.parametrize("part", ["worker", "outsider", "inspector", "signatory", "other_leader"])
def test_who_may_not(page: PageOf, plant: Plant, part: str) -> None:
    page(part).get(of(plant), 403)
    for post in POSTS:
        page(part).post(f"{of(plant)}/{post}", PIN, status=403)
    assert plant.store.value("SELECT COUNT(*) FROM enrol_code WHERE kind = 'leader'") == 0
    assert pin_of(plant, "worker") is None


def test_nobody_and_wrong_method(page: PageOf, plant: Plant) -> None:
    page("leader").get("/board/people/nobody", 404)
    for post in POSTS:
        page("leader").post(f"/board/people/nobody/{post}", PIN, status=404)
        page("leader").get(f"{of(plant)}/{post}", 405)


def test_somebody_in_no_crew_is_for_who_answers_for_all(page: PageOf, plant: Plant) -> None:
    page("leader").get(of(plant, "signatory"), 403)
    page("admin").get(of(plant, "signatory"))


def test_nobody_hands_out_access_above_their_own(page: PageOf, plant: Plant) -> None:
    for part, whom, status in (
        ("leader", "worker", 200),
        ("leader", "leader", 200),
        ("manager", "leader", 200),
        ("manager", "inspector", 200),
        ("manager", "signatory", 403),
        ("manager", "admin", 403),
        ("admin", "signatory", 200),
        ("admin", "admin", 200),
    ):
        page(part).post(f"{of(plant, whom)}/code", status=status)


def test_a_manager_who_works_in_a_crew_is_above_its_leader(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE person SET crew = 'JIA' WHERE id = :p", p=plant.id("manager"))
    html = page("leader").get(of(plant, "manager"))
    assert "权限比你大" in html.text and not html.all("input", id="pin")
    page("leader").post(f"{of(plant, 'manager')}/code", status=403)
    page("leader").post(f"{of(plant, 'manager')}/pin", PIN, status=403)


def test_a_manager_of_another_crew_is_a_leader_like_others_here(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        for part, role, crew in (
            ("other_leader", "manager", "YI"),
            ("other_leader", "leader", "JIA"),
        ):
            db.run(
                "INSERT INTO role (person, role, scope_kind, scope)"
                " VALUES (:p, :role, 'crew', :crew)",
                p=plant.id(part),
                role=role,
                crew=crew,
            )
    page("other_leader").post(f"{of(plant)}/code")
    page("other_leader").post(f"{of(plant, 'leader')}/code", status=403)
    page("other_leader").post(f"{of(plant, 'leader')}/pin", PIN, status=403)


def test_a_code_is_shown_once_large_and_as_qr(page: PageOf, plant: Plant) -> None:
    html = page("leader").post(f"{of(plant)}/code")
    assert CODE.fullmatch(html.one("p", class_="o-code").text)
    assert f"https://aq.example.cn/enrol/{code_on(html)}" in html.text
    assert "07:43 前有效" in html.text and html.all("svg", role="img")
    assert not CODE.search(page("leader").get(of(plant)).text)
    stored = plant.store.value("SELECT hash FROM enrol_code WHERE kind = 'leader'")
    assert bytes(stored) == devices.digest(code_on(html))


def test_a_code_works_once_and_five_minutes(page: PageOf, plant: Plant) -> None:
    code = code_on(page("leader").post(f"{of(plant)}/code"))
    with pytest.raises(Problem, match="code_expired"):
        enrol(plant, code, NOW_MS + 5 * 60_000)
    enrol(plant, code, NOW_MS + 5 * 60_000 - 1)
    with pytest.raises(Problem, match="code_used"):
        enrol(plant, code)


def test_a_lost_phone(page: PageOf, plant: Plant, clock: Clock) -> None:
    device, secret = plant.device("worker")
    session, _ = plant.session("worker", device)
    leader = page("leader")
    html = leader.post(f"{of(plant)}/phones/{device}/revoke")
    assert "2026-11-24 停用了" in html.text
    with pytest.raises(Problem, match="device_revoked"):
        devices.by_secret(plant.store, secret, NOW_MS)
    assert sessions.find(plant.store, session, NOW_MS) is None
    new = enrol(plant, code_on(leader.post(f"{of(plant)}/code")))
    assert devices.by_secret(plant.store, new, NOW_MS)["person"] == plant.id("worker")
    what = [r["what"] for r in plant.store.rows("SELECT what FROM audit ORDER BY seq")]
    assert what == ["device.revoke", "device.code"]


def test_a_phone_of_somebody_else_is_not_stopped_by_this_page(page: PageOf, plant: Plant) -> None:
    device, _ = plant.device("night1")
    page("leader").post(f"{of(plant)}/phones/{device}/revoke", status=404)
    assert devices.device_row(plant.store, device)["revoked_ms"] is None


def test_a_pin_is_typed_twice_and_hashed(page: PageOf, plant: Plant) -> None:
    page("leader").post(f"{of(plant)}/pin", PIN)
    stored = pin_of(plant, "worker")
    assert stored is not None and "481516" not in stored
    assert credentials.check_secret(stored, "481516", plant.keys.pin_pepper)


def test_a_weak_or_doubtful_pin_is_refused(page: PageOf, plant: Plant) -> None:
    browser = page("leader")
    for pin, again, words in (
        ("123456", "123456", "太好猜"),
        ("111111", "111111", "太好猜"),
        ("4815", "4815", "6 位数字"),
        ("48151６", "48151６", "6 位数字"),
        ("481516", "481517", "两次不一样"),
        ("", "", "6 位数字"),
    ):
        html = browser.post(f"{of(plant)}/pin", {"pin": pin, "again": again}, status=422)
        assert words in html.text and pin_of(plant, "worker") is None
        assert html.one("input", id="pin").attrs.get("value", "") == ""  # typed anew


def test_a_new_pin_ends_the_sessions_of_the_old_one(page: PageOf, plant: Plant) -> None:
    session, _ = plant.session("worker")
    page("leader").post(f"{of(plant)}/pin", PIN)
    assert sessions.find(plant.store, session, NOW_MS) is not None  # it had none before
    page("leader").post(f"{of(plant)}/pin", {"pin": "271828", "again": "271828"})
    assert sessions.find(plant.store, session, NOW_MS) is None


def test_all_sessions_of_somebody_end(page: PageOf, plant: Plant) -> None:
    session, _ = plant.session("worker")
    page("leader").post(f"{of(plant)}/sessions/end")
    assert sessions.find(plant.store, session, NOW_MS) is None


def test_the_phones_of_my_crews_longest_silent_first(page: PageOf, plant: Plant) -> None:
    plant.device("worker")
    plant.device("night1")
    html = page("leader").get("/board/phones")
    assert of(plant) in html.links and of(plant, "night1") not in html.links
    assert of(plant, "night1") in page("manager").get("/board/phones").links
    page("inspector").get("/board/phones", 403)
    assert "还没有登记的手机" in page("other_leader").get("/board/phones").text


def test_a_gate_tablet_is_enrolled_and_stopped(page: PageOf, plant: Plant) -> None:
    leader = page("leader")
    device = enrol(plant, code_on(leader.post("/board/phones/shared-code")))
    row = devices.device_row(plant.store, device)
    assert (row["kind"], row["person"]) == ("shared", None)
    html = leader.post(f"/board/phones/{device}/revoke")
    assert devices.device_row(plant.store, device)["revoked_ms"] == NOW_MS
    assert "还没有公用平板" in html.text


def test_a_personal_phone_is_not_stopped_as_a_tablet(page: PageOf, plant: Plant) -> None:
    device, _ = plant.device("night1")
    page("leader").post(f"/board/phones/{device}/revoke", status=404)
    page("leader").post("/board/phones/none/revoke", status=404)
    page("inspector").post("/board/phones/shared-code", status=403)
    page("leader").get("/board/phones/shared-code", 405)
