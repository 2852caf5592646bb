"""A table of lies: whoever changes what was signed is seen on the public page, in red."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.announced import Doc, document, falsify, further, rewrite, shift, store
from tests.page import Page
from tests.plant import Clock, Plant, client_of

Open = Callable[..., Page]
LIES = {
    "inflated count": ('"on":41', '"on":43'),
    "dropped shift": ('"group_name":"乙班"', '"group_name":"甲班"'),
    "hidden permit": ('"fire_special":0,', '"fire_special":0,"gone":1,'),
    "a permit less": ('"fire_2":3', '"fire_2":2'),
    "back-dated": ('"published_ms":', '"published_ms":1'),
    "edited words": ("风险防控措施已落实", "风险防控措施全部落实"),
    "another signatory": ('"name":"周九"', '"name":"吴十"'),
    "no override": ('"override":null', '"override":0'),
    "not even JSON shaped as ours": ('"kind":"daily"', '"sort":"daily"'),
}


@pytest.fixture(autouse=True)
def nine(clock: Clock) -> None:
    clock.at("09:30")


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, None)


@pytest.fixture
def doc(plant: Plant) -> Doc:
    return store(plant, document())


def test_what_holds_has_no_banner(page: Open, doc: Doc) -> None:
    html = page(None).get("/")
    assert html.all("p", class_="a-over") == []
    assert "41 人，应到 43 人" in html.text


@pytest.mark.parametrize("lie", LIES)
def test_a_document_edited_behind_our_back_is_not_shown_as_true(
    page: Open, plant: Plant, doc: Doc, lie: str
) -> None:
    falsify(plant, doc["id"], *LIES[lie])
    for url in ("/", f"/announcements/{doc['id']}", f"/en/announcements/{doc['id']}"):
        html = page(None).get(url)
        assert html.one("p", class_="a-over").text
        assert html.all("dl") == [] and html.all("table") == []
        # The words that were signed still stand in the note, and hold.
        assert "受控状态" in html.text and "按时 41" in html.text


def test_a_note_forged_with_the_document_is_not_ours_either(
    page: Open, plant: Plant, doc: Doc
) -> None:
    note = str(plant.store.value("SELECT note FROM announcement WHERE id = :i", i=doc["id"]))
    rewrite(plant, doc["id"], note=note.replace("按时 41", "按时 43"))
    text = page(None).get("/").text
    assert "公告与签名不符" in text and "签名本身也不对" in text
    assert "按时 43" not in text


def test_a_row_moved_to_another_day_is_seen(page: Open, plant: Plant, doc: Doc) -> None:
    rewrite(plant, doc["id"], date="2026-11-23")
    assert page(None).get("/").one("p", class_="a-over")


def test_a_document_of_another_key_is_seen(page: Open, plant: Plant, doc: Doc) -> None:
    other = store(plant, document(date="2026-11-23"))
    note = str(plant.store.value("SELECT note FROM announcement WHERE id = :i", i=other["id"]))
    rewrite(plant, doc["id"], note=note)
    html = page(None).get("/")
    assert html.one("p", class_="a-over")
    assert "2026-11-23，第 1 版" in html.text  # what was really signed there


def test_a_text_that_is_no_json_is_an_altered_one(page: Open, plant: Plant, doc: Doc) -> None:
    rewrite(plant, doc["id"], doc="{" + "x" * 40)
    assert page(None).get("/").one("p", class_="a-over")
    assert "与签名不符" in page(None).get("/announcements").text


def test_a_first_version_that_is_gone_is_missed(page: Open, plant: Plant, doc: Doc) -> None:
    second = store(plant, further(doc))
    third = store(plant, further(second))
    with plant.store.tx() as db:
        of = " ON announcement" if plant.store.engine == "postgres" else ""
        for name in ("announcement_frozen", "announcement_no_delete"):
            db.run(f"DROP TRIGGER IF EXISTS {name}{of}")
        db.run("UPDATE announcement SET supersedes = :a WHERE id = :c", a=doc["id"], c=third["id"])
        db.run("DELETE FROM announcement WHERE id = :id", id=second["id"])
    html = page(None).get(f"/announcements/{doc['id']}")
    assert "第 2 版不见了。" in html.one("p", class_="a-over").text


def test_no_cache_keeps_what_was_altered_for_long(
    client: FlaskClient, plant: Plant, doc: Doc
) -> None:
    falsify(plant, doc["id"], '"on":41', '"on":43')
    for end in ("", ".json", ".txt", ".png", ".pdf"):
        answer = client.get(f"/announcements/{doc['id']}{end}")
        assert answer.status_code == 200
        assert "immutable" not in answer.headers["Cache-Control"], end
        assert "max-age=60" in answer.headers["Cache-Control"], end


def test_the_evidence_stays_open_to_anybody(client: FlaskClient, plant: Plant, doc: Doc) -> None:
    """Who doubts can take the stored bytes and the note and see that they do not fit."""
    falsify(plant, doc["id"], '"on":41', '"on":43')
    assert json.loads(client.get(f"/announcements/{doc['id']}.json").data)["total"]["on"] == 43
    assert "按时 41" in client.get(f"/announcements/{doc['id']}.txt").text


def test_the_lists_name_it_and_no_sum_holds_it(client: FlaskClient, plant: Plant, doc: Doc) -> None:
    store(plant, document(date="2026-11-23"))
    falsify(plant, doc["id"], '"on":41', '"on":43')
    assert "与签名不符" in client.get("/announcements").text
    year = client.get("/years/2026").text
    assert "41 / 43" in year and "与签名不符，没有算进去：1 份。" in year
    feed = client.get("/announcements.atom").text
    assert "公告与签名不符：2026-11-24" in feed and "43 人中 43 人按时" not in feed


def test_the_list_under_another_day_does_not_show_its_figures(
    client: FlaskClient, plant: Plant, doc: Doc, clock: Clock
) -> None:
    store(plant, document(date="2026-11-25"))
    clock.at("09:30", "2026-11-25")
    falsify(plant, doc["id"], '"on":41', '"on":43')
    text = client.get("/").text
    assert "43 / 43 按时" not in text and "与签名不符" in text


def test_a_long_note_under_the_banner_stays_small(client: FlaskClient, plant: Plant) -> None:
    crews = [shift(f"第{n}班" * 8) for n in range(120)]
    doc = store(plant, document(shifts=crews))
    falsify(plant, doc["id"], '"on":41', '"on":43')
    answer = client.get("/")
    assert len(answer.data) <= 20 * 1024 and "后面的见“签名文件”。" in answer.text


def test_a_true_document_under_a_stolen_id_is_seen(page: Open, plant: Plant, doc: Doc) -> None:
    """The bytes of one announcement cannot stand in for those of another."""
    other = store(plant, document(date="2026-11-23"))
    true = plant.store.row("SELECT * FROM announcement WHERE id = :i", i=other["id"])
    assert true is not None
    rewrite(plant, doc["id"], doc=true["doc"], note=true["note"])
    assert page(None).get(f"/announcements/{doc['id']}").one("p", class_="a-over")
