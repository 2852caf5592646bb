"""A guest at the plain form: who they are, twelve hours, the sheets and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from shiftapp.model import history, throttle
from shiftapp.store import Row
from shiftapp.web.form_guest import GUESTS_AN_HOUR
from tests.page import Page
from tests.plant import HOUR_MS, NOW_MS, PUMPS, Clock, Plant
from tests.web.plain import committed, only, ran, sheet, stored, url

Open = Callable[..., Page]
SHIFT = "2026-11-24|D|JIA"
SAID = {"name": "李外", "employer": "东方检修", "tail": "0831", "shift": SHIFT}


def guests_of(plant: Plant) -> list[Row]:
    return plant.store.rows("SELECT * FROM person WHERE guest = 1 ORDER BY no")


def come(page: Open, plant: Plant, **changes: str) -> Page:
    """A browser of somebody who has just said who they are."""
    browser = page(None)
    browser.post(url(plant, "/guest", ""), {**SAID, **changes})
    return browser


def commit(browser: Page, plant: Plant) -> None:
    address = url(plant, "/commit")
    browser.post(address, {**sheet(browser, address), **committed()})


def test_the_station_page_leads_there_and_back(page: Open, plant: Plant) -> None:
    browser = page(None)
    assert f"{url(plant)}/guest" in browser.get(url(plant)).links
    html = browser.get(f"{url(plant)}/guest")
    assert html.one("h1").text == "我是外来人员" and url(plant) in html.links
    assert browser.get(f"/F/{PUMPS}").links.count(f"/F/{PUMPS}/guest") == 1
    assert browser.get(f"/F/{PUMPS}/guest").one("form").attrs["action"] == f"/F/{PUMPS}/guest"
    assert f"{url(plant)}/guest" not in page("worker").get(url(plant)).links


def test_every_running_shift_of_the_site_is_offered(page: Open, plant: Plant) -> None:
    html = page(None).get(f"{url(plant)}/guest")
    offered = {one.attrs["value"] for one in html.all("input", name="shift")}
    assert offered == {SHIFT, "2026-11-23|N|BING"}


def test_who_says_who_they_are_is_signed_in_and_chooses_their_job(page: Open, plant: Plant) -> None:
    browser = page(None)
    html = browser.post(f"{url(plant)}/guest", SAID)
    assert "李外" in html.one("form", id="leave").text
    assert SHIFT in [one.attrs["value"] for one in html.all("input", name="shift")]
    (guest,) = guests_of(plant)
    assert (guest["crew"], guest["vouched_ms"], guest["phone"]) == ("JIA", None, "0831")
    session = plant.store.row("SELECT * FROM session WHERE how = 'guest'")
    assert session and session["device"] is None
    assert session["expires_ms"] == NOW_MS + 12 * HOUR_MS


@pytest.mark.parametrize("shift", [SHIFT, "2026-11-23|N|BING"])
def test_the_shift_they_said_last_is_the_one_chosen_at_the_station(
    page: Open, plant: Plant, shift: str
) -> None:
    come(page, plant)  # with the day shift; the same person comes once more
    html = page(None).post(f"{url(plant)}/guest", {**SAID, "shift": shift})
    offered = html.all("input", name="shift")
    assert len(offered) == 2 and len(guests_of(plant)) == 1
    assert [one.attrs["value"] for one in offered if "checked" in one.attrs] == [shift]


def test_the_ordinary_sheets_work_and_the_record_is_not_verified(page: Open, plant: Plant) -> None:
    browser = come(page, plant)
    commit(browser, plant)
    row = only(plant)
    assert json.loads(row["flags"]) == ["not_on_roster", "who_unverified"]
    assert row["body"]["who"]["person"] == guests_of(plant)[0]["id"]
    assert row["body"]["who"]["ev"]["k"] == "session" and row["counts"] == 1
    address = url(plant, "/run")
    browser.post(address, {**sheet(browser, address), **ran()})
    assert [one["kind"] for one in stored(plant)] == ["commit", "run"]
    (arrived,) = history.arrivals(plant.store, plant.instance())
    assert (arrived["name"], arrived["unvouched"]) == ("李外", 1)


def test_coming_twice_or_from_another_browser_is_one_person(page: Open, plant: Plant) -> None:
    first = come(page, plant)
    come(page, plant, name=" 李外 ", tail="０８３１")
    first.post(f"{url(plant)}/guest", SAID)
    assert len(guests_of(plant)) == 1
    come(page, plant, tail="0832")
    assert len(guests_of(plant)) == 2


def test_a_guest_s_session_opens_the_plain_form_and_nothing_else(page: Open, plant: Plant) -> None:
    browser = come(page, plant)
    secret = plant.store.value("SELECT secret FROM session WHERE how = 'guest'")
    assert secret is not None
    for address in ("/mine", "/board", "/hazards", "/manage", "/board/JIA/2026-11-24/D"):
        answer = browser.client.get(address)
        assert answer.status_code in (302, 303, 401, 404), address
        assert "李外" not in answer.text
    assert "李外" not in browser.client.get(f"/W/{PUMPS}/{plant.mac}").text
    asked = browser.client.get("/api/v1/pack", headers={"X-Requested-With": "outbox"})
    assert asked.status_code == 401
    assert browser.get(url(plant)).all("form", id="leave")


def test_a_guest_s_session_ends_after_twelve_hours_however_busy(
    page: Open, plant: Plant, clock: Clock
) -> None:
    browser = come(page, plant)
    for hours in range(1, 12):
        clock.ms = NOW_MS + hours * HOUR_MS
        assert browser.get(url(plant)).all("form", id="leave")
    clock.ms = NOW_MS + 12 * HOUR_MS + 1
    assert browser.get(url(plant)).all("form", id="leave") == []


def test_who_was_signed_in_there_is_signed_out(page: Open, plant: Plant) -> None:
    browser = page("worker")
    browser.post(f"{url(plant)}/guest", SAID)
    ended = plant.store.value(
        "SELECT COUNT(*) FROM session WHERE person = :p AND revoked_ms = :now",
        p=plant.id("worker"),
        now=NOW_MS,
    )
    assert ended == 1
    assert "李外" in browser.get(url(plant)).one("form", id="leave").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "写上姓名"),
        ({"employer": " "}, "写上单位"),
        ({"tail": "12345"}, "最后 4 位数字"),
        ({"shift": ""}, "选一个班次"),
        ({"shift": "2026-11-24|N|YI"}, "选一个班次"),
        ({"shift": "nonsense"}, "选一个班次"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    page: Open, plant: Plant, changes: dict[str, str], words: str
) -> None:
    said = {**SAID, **changes}
    html = page(None).post(f"{url(plant)}/guest", said, status=422)
    assert words in html.one("p", id="bad").text
    for name in ("name", "employer", "tail"):
        assert html.one("input", id=name).attrs["value"] == said[name]
    assert guests_of(plant) == []


def test_a_wrong_station_or_a_forged_sign_is_404(page: Open, plant: Plant) -> None:
    page(None).get("/F/7K2M41QG/guest", 404)
    page(None).get(f"/F/{PUMPS}/0000000000000000/guest", 404)
    page(None).post(f"/F/{PUMPS}/0000000000000000/guest", SAID, status=404)


def test_when_no_shift_runs_there_is_nothing_to_send(
    page: Open, plant: Plant, clock: Clock
) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE instance SET closed_ms = starts_ms + 1 WHERE starts_ms < :now", now=NOW_MS)
        db.run("UPDATE instance SET opens_ms = starts_ms")
    html = page(None).get(f"{url(plant)}/guest")
    assert "现在没有开着的班" in html.text and html.all("button", class_="btn-must") == []


def test_one_address_does_not_flood_the_leaders(page: Open, plant: Plant, clock: Clock) -> None:
    browser, hour = page(None), NOW_MS // HOUR_MS
    with plant.store.tx() as db:
        for _ in range(GUESTS_AN_HOUR - 1):
            key = f"guest:127.0.0.1:{hour}"
            throttle.failed_today(db, key, NOW_MS, (hour + 1) * HOUR_MS, GUESTS_AN_HOUR)
    browser.post(f"{url(plant)}/guest", SAID)
    html = browser.post(f"{url(plant)}/guest", {**SAID, "tail": "9999"}, status=429)
    assert "等" in html.one("p", id="bad").text and len(guests_of(plant)) == 1
    clock.ms = NOW_MS + HOUR_MS
    browser.post(f"{url(plant)}/guest", {**SAID, "tail": "9999"})
    assert len(guests_of(plant)) == 2


def test_a_form_from_elsewhere_makes_nobody(page: Open, plant: Plant) -> None:
    answer = page(None).client.post(
        f"{url(plant)}/guest", data=SAID, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403 and guests_of(plant) == []


def test_what_a_guest_recorded_counts_by_its_own_time_once_they_are_confirmed(
    page: Open, plant: Plant, clock: Clock
) -> None:
    browser = come(page, plant)
    commit(browser, plant)
    address = url(plant, "/run")
    browser.post(address, {**sheet(browser, address), **ran()})
    clock.at("08:20")
    person = guests_of(plant)[0]["id"]
    page("leader").post(f"/board/JIA/2026-11-24/D/people/{person}/join")
    states = history.people_states(plant.store, plant.instance(), clock.ms)
    mine = next(one for one in states if one.person == person)
    assert mine.name == "ready" and mine.state.marks == {"on_time"}
