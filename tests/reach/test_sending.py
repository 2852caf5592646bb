"""Sending to a real receiver on loopback: taken, refused, slow, gone; tried again; given up."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shiftapp.commands import messenger
from shiftapp.config import Config
from shiftapp.model import channels, deliveries, findings, roster, settings
from shiftapp.store import Row, open_store
from shiftapp.web import reach, reach_http
from shiftapp.web.context import Context
from tests.crew import answer, crew_ready, veto_step
from tests.engines import Postgres, postgres_store
from tests.model.test_signoffs import sign
from tests.plant import Clock, Plant, make_keys, make_plant
from tests.reach.capture import Answer, Capture, http_capture
from tests.reach.conftest import queued
from tests.sealing import deliver, make_ready, run_body

Add = Callable[..., int]
Tick = Callable[[], None]
MINUTE_MS = 60_000


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach_http, "TIMEOUT_S", 0.4)
    monkeypatch.setattr(reach_http, "LONGEST_S", 0.6)


@pytest.fixture
def missing(plant: Plant, clock: Clock, tick: Tick, channel: Add) -> Row:
    """It is 07:50, nobody has started, and one message waits for one channel."""
    channel(events=("missing",))
    clock.at("07:50")
    tick()
    (row,) = queued(plant.store)
    return row


def only(plant: Plant) -> Row:
    (row,) = queued(plant.store)
    return row


def test_a_message_that_is_due_is_posted_once(
    plant: Plant, install: Context, capture: Capture, missing: Row, clock: Clock
) -> None:
    assert reach.work(install) == 1
    (request,) = capture.requests
    assert request.path == "/cgi-bin/webhook/send?key=693a91f6-7abc-4bc4"
    assert request.headers["Content-Type"] == "application/json; charset=utf-8"
    text = request.json["text"]["content"]
    assert "甲班：还有 6 人没开始" in text
    assert text.endswith("https://aq.example.cn/board/JIA/2026-11-24/D")
    row = only(plant)
    assert (row["sent_ms"], row["next_ms"], row["tries"]) == (clock.ms, None, 1)
    assert row["answer"].startswith("HTTP 200 {")
    assert reach.work(install) == 0 and len(capture.requests) == 1


@pytest.mark.parametrize(
    ("says", "said"),
    [
        ("errcode", 'HTTP 200 {"errcode": 93000'),
        ("500", "HTTP 500 out of order"),
        ("html", "HTTP 200 <html>"),
        ("redirect", "HTTP 302"),
        ("drip", "HTTP 200"),
        ("close", "closed connection without response"),
        ("hang", "timed out"),
    ],
)
def test_what_is_not_taken_is_logged_and_tried_again(
    plant: Plant,
    install: Context,
    capture: Capture,
    missing: Row,
    clock: Clock,
    says: Answer,
    said: str,
) -> None:
    capture.answers = [says, "ok"]
    reach.work(install)
    row = only(plant)
    assert said in row["answer"]
    assert (row["sent_ms"], row["next_ms"], row["tries"]) == (None, clock.ms + MINUTE_MS, 1)
    assert [one.path for one in capture.requests if "elsewhere" in one.path] == []
    clock.ms += MINUTE_MS - 1
    assert reach.work(install) == 0
    clock.ms += 1
    assert reach.work(install) == 1
    row = only(plant)
    assert (row["sent_ms"], row["tries"]) == (clock.ms, 2)


def test_a_receiver_that_is_not_there(
    plant: Plant, install: Context, clock: Clock, tick: Tick, channel: Add
) -> None:
    with http_capture() as gone:
        url = gone.url
    channel(events=("missing",), target=url)
    clock.at("07:50")
    tick()
    reach.work(install)
    assert "refused" in only(plant)["answer"] and only(plant)["next_ms"]


def test_after_eight_tries_it_is_given_up_and_can_be_sent_again(
    plant: Plant, install: Context, capture: Capture, clock: Clock, tick: Tick, channel: Add
) -> None:
    capture.answers = ["500"]
    channel(events=("stopped",))
    deliver(plant, run_body(plant, "worker", bad=veto_step(plant)))
    tick()
    waits = []
    while (row := only(plant))["next_ms"] is not None:
        waits.append((row["next_ms"] - clock.ms) // MINUTE_MS)
        clock.ms = row["next_ms"]
        assert reach.work(install) == 1
    assert waits == [0, 1, 2, 4, 8, 16, 32, 64]
    assert (row["tries"], row["sent_ms"], len(capture.requests)) == (8, None, 8)
    assert deliveries.given_up(plant.store) == 1 and reach.work(install) == 0
    capture.answers = ["ok"]
    assert plant.store.write(lambda db: deliveries.again(db, row["id"], clock.ms))
    assert not plant.store.write(lambda db: deliveries.again(db, row["id"], clock.ms))
    assert reach.work(install) == 1 and only(plant)["sent_ms"] == clock.ms
    assert not plant.store.write(lambda db: deliveries.again(db, row["id"], clock.ms))
    assert deliveries.given_up(plant.store) == 0


def test_one_bad_channel_holds_up_no_other(
    plant: Plant, install: Context, capture: Capture, clock: Clock, tick: Tick, channel: Add
) -> None:
    with http_capture() as bad:
        bad.answers = ["hang"]
        channel(name="慢", target=bad.url)
        channel(name="好")
        deliver(plant, run_body(plant, "worker", bad=veto_step(plant)))
        clock.at("08:15")
        tick()
        reach.work(install)
        assert len(bad.requests) == 1  # the others of it wait for the next round
        assert len(capture.requests) >= 4
    slow = [row for row in queued(plant.store) if row["channel"] == 1]
    assert sum(row["tries"] for row in slow) == 1 and len(slow) >= 4


def test_who_drips_its_headers_for_ever_holds_up_nobody(
    plant: Plant,
    install: Context,
    capture: Capture,
    missing: Row,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reach, "LONGEST_S", 0.8)
    capture.answers = ["drip_head", "ok"]
    begun = time.monotonic()
    assert reach.work(install) == 1 and time.monotonic() - begun < 5
    row = only(plant)
    assert (row["answer"], row["sent_ms"], row["tries"]) == ("timed out", None, 1)
    assert row["next_ms"] is not None


def test_quiet_hours_hold_back_all_but_what_is_urgent(
    plant: Plant, install: Context, capture: Capture, clock: Clock, tick: Tick, channel: Add
) -> None:
    channel(quiet_from="07:00", quiet_to="08:20", events=("missing", "alarm", "stopped"))
    deliver(plant, run_body(plant, "worker", bad=veto_step(plant)))
    for text in ("07:50", "08:15"):
        clock.at(text)
        tick()
        reach.work(install)
    (told,) = capture.requests
    assert "否决项" in told.json["text"]["content"]
    alarm = next(row for row in queued(plant.store) if row["event"] == "alarm")
    assert (alarm["next_ms"], alarm["tries"]) == (clock.at("08:20"), 0)
    make_ready(plant, "mate", clock.ms)
    reach.work(install)
    told = capture.requests[-1]
    assert "4 人没开始" in told.json["text"]["content"]  # the figure of now, not that of 08:15
    missing = next(row for row in queued(plant.store) if row["event"] == "missing")
    assert (missing["sent_ms"], missing["answer"]) == (None, deliveries.OUTDATED)
    assert len(capture.requests) == 2 and reach.work(install) == 0


def test_quiet_hours_hold_a_second_try_back_as_well(
    plant: Plant, install: Context, capture: Capture, clock: Clock, tick: Tick, channel: Add
) -> None:
    channel(quiet_from="08:16", quiet_to="08:30", events=("alarm",))
    capture.answers = ["500", "ok"]
    clock.at("08:15")
    tick()
    reach.work(install)
    clock.at("08:16")
    assert reach.work(install) == 0 and only(plant)["next_ms"] == clock.at("08:30")
    assert reach.work(install) == 1 and only(plant)["sent_ms"] == clock.ms


@pytest.mark.parametrize("event", ["missing", "alarm", "unsigned", "stopped"])
def test_a_reminder_that_is_no_longer_true_is_not_sent(
    plant: Plant, install: Context, capture: Capture, clock: Clock, tick: Tick, channel: Add,
    event: str,
) -> None:  # fmt: skip
    channel(events=(event,))
    capture.answers = ["500", "ok"]
    if event == "stopped":
        deliver(plant, run_body(plant, "worker", bad=veto_step(plant)))
    clock.at("07:50" if event in ("missing", "stopped") else "08:15")
    tick()
    reach.work(install)
    if event == "stopped":
        answer(plant, "fixed", at_ms=clock.ms)
    else:
        crew_ready(plant)
        sign(plant, at_ms=clock.ms)
    clock.ms += MINUTE_MS
    assert reach.work(install) == 0 and len(capture.requests) == 1
    row = only(plant)
    assert (row["next_ms"], row["sent_ms"]) == (None, None)
    assert row["answer"] == deliveries.OUTDATED and deliveries.given_up(plant.store) == 0


def test_a_channel_that_was_stopped_sends_nothing_more(
    plant: Plant, install: Context, capture: Capture, missing: Row
) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE channel SET active = 0")
    reach.work(install)
    assert capture.requests == [] and only(plant)["answer"] == deliveries.STOPPED


def test_a_demo_sends_nothing_to_anybody(
    plant: Plant, install: Context, capture: Capture, missing: Row
) -> None:
    with plant.store.tx() as db:
        settings.put(db, demo=True)
    reach.work(install)
    result = reach.send_test(install, channels.channel(plant.store, missing["channel"]))
    assert capture.requests == [] and not result.taken
    assert {row["answer"] for row in queued(plant.store)} == {deliveries.DEMO}
    assert {row["next_ms"] for row in queued(plant.store)} == {None}


def test_what_was_claimed_by_a_server_that_died_is_sent_later(
    plant: Plant, install: Context, capture: Capture, missing: Row, clock: Clock
) -> None:
    claimed = plant.store.write(lambda db: deliveries.claim(db, missing, {}, clock.ms))
    assert claimed and reach.work(install) == 0
    clock.ms += deliveries.CLAIM_MS
    assert reach.work(install) == 1 and only(plant)["tries"] == 2


def test_a_late_failure_does_not_undo_what_another_server_sent(
    plant: Plant, install: Context, capture: Capture, missing: Row, clock: Clock
) -> None:
    plant.store.write(lambda db: deliveries.claim(db, missing, {}, clock.ms))
    clock.ms += deliveries.CLAIM_MS
    reach.work(install)
    late = deliveries.Result(False, "timed out")
    with plant.store.tx() as db:
        for tries in (1, 2):
            deliveries.settle(db, missing["id"], tries, late, clock.ms)
    assert only(plant)["next_ms"] is None and only(plant)["answer"].startswith("HTTP 200")


def test_two_senders_at_once_send_once(
    plant: Plant, install: Context, capture: Capture, missing: Row
) -> None:
    assert sum(at_once(lambda: reach.work(install), 6)) == 1
    assert len(capture.requests) == 1 and only(plant)["tries"] == 1


@pytest.fixture
def nodes(postgres: Postgres, tmp_path: Path, clock: Clock) -> Iterator[list[Context]]:
    for store in postgres_store(postgres):
        plant = make_plant(store, make_keys(tmp_path / "keys"))
        other = open_store(store.address)
        yield [
            Context(Config(data=tmp_path), one, plant.keys, clock, plant.random)
            for one in (store, other)
        ]
        other.close()


def test_two_servers_on_one_database_send_once(
    nodes: list[Context], capture: Capture, clock: Clock
) -> None:
    first = nodes[0].store
    kinds = ("missing", "alarm", "unsigned")
    one = channels.Channel("群", "webhook", capture.url, "plain", kinds)
    with first.tx() as db:
        number = channels.add(db, one)
        roster.fill_ahead(db, clock.ms, nodes[0].token_bytes)
        instances = db.rows(
            "SELECT DISTINCT instance.id FROM instance JOIN roster ON roster.instance = instance.id"
            " WHERE instance.starts_ms > :now ORDER BY instance.id",
            now=clock.ms,
        )
        wanted = [
            deliveries.Message(number, event, str(row["id"]), {})
            for row in instances
            for event in kinds
        ]
        assert deliveries.put(db, wanted, clock.ms) == len(wanted) > 5
    tried = at_once(lambda node: reach.work(node), 2, nodes)
    assert sum(tried) == len(capture.requests) == len(wanted)
    told = {(one.json["url"], one.json["event"]) for one in capture.requests}
    assert len(told) == len(wanted)


def at_once(work: Callable[..., int], count: int, nodes: list[Context] | None = None) -> list[int]:
    barrier, found = threading.Barrier(count), [0] * count

    def run(number: int) -> None:
        barrier.wait()
        found[number] = work(nodes[number]) if nodes else work()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_robots_are_signed_by_the_wall_clock(
    plant: Plant, install: Context, capture: Capture, clock: Clock, channel: Add
) -> None:
    wall_ms = clock.ms
    with plant.store.tx() as db:
        settings.put(db, clock_offset_ms=-3 * 3_600_000)
    for template in ("dingtalk", "feishu"):
        number = channel(template=template, secret="SEC0123456789abcdef")
        assert reach.send_test(install, channels.channel(plant.store, number)).taken
    dingtalk, feishu = capture.requests
    assert f"&timestamp={wall_ms}&sign=" in dingtalk.path
    assert feishu.json["timestamp"] == str(wall_ms // 1000) and len(feishu.json["sign"]) == 44


def test_a_test_message_goes_out_in_quiet_hours_and_only_once(
    plant: Plant, install: Context, capture: Capture, channel: Add
) -> None:
    number = channel(quiet_from="00:00", quiet_to="23:59", events=())
    row = channels.channel(plant.store, number)
    assert reach.send_test(install, row).taken
    assert "“甲班群”就能用" in capture.requests[0].json["text"]["content"]
    capture.answers = ["500"]
    assert not reach.send_test(install, row).taken
    assert [one["next_ms"] for one in queued(plant.store)] == [None, None]
    assert deliveries.given_up(plant.store) == 0 and reach.work(install) == 0


def test_neither_address_nor_secret_comes_back_in_log_or_answer(
    plant: Plant,
    install: Context,
    capture: Capture,
    channel: Add,
    caplog: pytest.LogCaptureFixture,
) -> None:
    capture.answers = ["echo"]
    secret = "SEC0123456789abcdef"
    row = channels.channel(plant.store, channel(template="dingtalk", secret=secret))
    result = reach.send_test(install, row)
    assert result.answer.startswith("HTTP 200 /cgi-bin/webhook/send?key=…&timestamp=")
    for text in (result.answer, caplog.text, str(queued(plant.store)), repr(result)):
        assert "693a91f6" not in text and secret not in text
    assert f"message {queued(plant.store)[0]['id']} to channel {row['id']}" in caplog.text


def test_an_answer_is_kept_in_one_line_of_300_characters(
    plant: Plant, install: Context, capture: Capture, missing: Row
) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE channel SET target = :t", t=capture.url + "&a=" + "b%0A" * 400)
    capture.answers = ["echo"]
    reach.work(install)
    answer = only(plant)["answer"]
    assert len(answer) <= 300 and "\n" not in answer


def test_a_template_that_went_away_is_said_and_tried_again(
    plant: Plant, install: Context, capture: Capture, missing: Row
) -> None:
    with plant.store.tx() as db:
        db.run("UPDATE channel SET template = 'gone'")
    reach.work(install)
    assert only(plant)["answer"] == reach.BAD_TEMPLATE and only(plant)["next_ms"]
    assert capture.requests == []


def test_a_channel_whose_rows_are_broken_stops_no_other(
    plant: Plant, install: Context, capture: Capture, missing: Row, channel: Add,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    other = channel(name="坏")
    with plant.store.tx() as db:
        message = deliveries.Message(other, "missing", "not a number", {})
        deliveries.put(db, [message], missing["made_ms"] - 1)
    assert reach.work(install) == 1
    assert f"sending to channel {other} failed" in caplog.text and len(capture.requests) == 1


def test_no_name_of_a_person_goes_out(
    plant: Plant, install: Context, capture: Capture, clock: Clock, tick: Tick, channel: Add
) -> None:
    """Every event, template and language: nobody of the database is in what was posted."""
    with plant.store.tx() as db:
        db.run("UPDATE person SET name_en = 'Person ' || no")
        db.run("UPDATE finding SET what = 'x'")
    for template in ("wecom", "plain"):
        for lang in ("zh", "en"):
            channel(template=template, lang=lang)
    clock.at("07:40")
    crew_ready(plant, "mate", "lin")
    deliver(plant, run_body(plant, "mate", bad=veto_step(plant, "J09"), note="张三让我不做"))
    tick()
    (found,) = findings.of_instance(plant.store, plant.instance()["id"])
    reach.work(install)
    answer(plant, "assigned", at_ms=clock.ms, assignee=plant.id("worker"), due_ms=clock.ms)
    for text in ("07:50", "08:15", "09:30"):
        clock.at(text)
        tick()
        reach.work(install)
    sign(plant, {f"p{plant.id(part)}": "等王五回来" for part in ("mate", "lin")}, clock.ms)
    deliver(plant, run_body(plant, "lin", clock.ms + 1, bad=1, note="x"), at_ms=clock.ms + 1)
    for text in ("09:31", "20:00"):
        clock.at(text)
        tick()
        reach.work(install)
    sent = {row["event"] for row in queued(plant.store) if row["sent_ms"]}
    assert sent == {
        "missing", "alarm", "unsigned", "stopped", "reopened", "shift_done", "announcement_due",
        "no_announcement",
    }  # fmt: skip
    posted = "\n".join(json.dumps(request.json, ensure_ascii=False) for request in capture.requests)
    stored = "\n".join(row["facts"] for row in queued(plant.store))
    for person in plant.store.rows("SELECT id, name, name_en FROM person ORDER BY id"):
        for told in (posted, stored):
            assert person["name"] not in told and person["name_en"] not in told
            assert person["id"] not in told
    assert found["station_name"] not in posted and "不能" not in posted


def test_the_thread_of_serve_sends_and_ends(
    plant: Plant, install: Context, capture: Capture, missing: Row
) -> None:
    with messenger.sending(install, every_s=0.05):
        until = time.monotonic() + 20
        while only(plant)["sent_ms"] is None and time.monotonic() < until:
            time.sleep(0.05)
    assert only(plant)["sent_ms"] is not None and len(capture.requests) == 1
    assert not [one for one in threading.enumerate() if one.name == "messenger"]


def test_the_thread_goes_on_after_a_fault(
    install: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rounds: list[Any] = []

    def broken(*args: Any) -> int:
        rounds.append(args)
        raise OSError("the database is away")

    monkeypatch.setattr(reach, "work", broken)
    with messenger.sending(install, every_s=0.02):
        until = time.monotonic() + 20
        while len(rounds) < 2 and time.monotonic() < until:
            time.sleep(0.02)
    assert len(rounds) >= 2 and "sending messages failed" in caplog.text
