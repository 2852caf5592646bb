"""Cards, posters and labels say what the install knows, and are read back with other programs."""

from __future__ import annotations

import json
from functools import partial

import pytest

import qr.code
from qr.poster import poster_pdf
from shiftapp.exchange import cards, printed
from shiftapp.exchange.cards import Issued
from shiftapp.model import devices, places, settings
from shiftapp.problems import Problem
from tests.plant import HOUR_MS, NOW_MS, PUMPS, TANKS, Plant, fixed_bytes
from tests.qr.printed import page_texts, picture, read_codes

ZONE = "Asia/Shanghai"


def issue(plant: Plant, seed: str = "cards", **wanted: object) -> Issued:
    facts = settings.get(plant.store)
    with plant.store.tx() as db:
        return cards.issue_cards(db, facts, NOW_MS, fixed_bytes(seed), by=None, **wanted)  # type: ignore[arg-type]


def numbers(issued: Issued) -> list[str]:
    return [card.number for card in issued.cards]


def test_everybody_without_a_phone_gets_a_card_that_works_once(plant: Plant) -> None:
    plant.device("mate")
    issued = issue(plant, crew="JIA")
    assert numbers(issued) == ["1001", "1003", "1004", "1005", "1010"]
    code = qr.code.parse_code(issued.cards[0].code)
    assert devices.code(plant.store, code, NOW_MS)["person"] == plant.id("worker")
    assert issued.cards[0].url == f"https://aq.example.cn/enrol/{code}"
    assert issued.expires_ms == NOW_MS + 7 * 24 * HOUR_MS
    with pytest.raises(Problem, match="code_expired"):
        devices.code(plant.store, code, issued.expires_ms)


def test_all_means_also_those_with_a_phone(plant: Plant) -> None:
    plant.device("mate")
    assert "1002" in numbers(issue(plant, crew="JIA", everybody_too=True))
    assert len(issue(plant, "again", everybody_too=True).cards) == 18


def test_a_new_print_ends_the_older_cards_of_the_same_people_only(plant: Plant) -> None:
    first = issue(plant, crew="JIA")
    other = issue(plant, "other", crew="YI")
    issue(plant, "again", crew="JIA")
    with pytest.raises(Problem, match="code_expired"):
        devices.code(plant.store, qr.code.parse_code(first.cards[0].code), NOW_MS)
    assert devices.code(plant.store, qr.code.parse_code(other.cards[0].code), NOW_MS)


def test_cards_are_read_back_from_the_paper(plant: Plant) -> None:
    issued = issue(plant, crew="JIA")
    facts = settings.get(plant.store)
    pdf = cards.print_cards(issued, facts, ZONE, NOW_MS)
    assert sorted(read_codes(picture(pdf, scale=4))) == sorted(card.url for card in issued.cards)
    (text,) = page_texts(pdf)
    for said in ("张三", "工号 1001", "甲班", "2026年12月1日 07:38 前有效", "aq.example.cn/enrol"):
        assert said in text


def posters(plant: Plant, lang: str = "zh") -> dict[str, printed.Poster]:
    facts = settings.get(plant.store)
    mac = partial(qr.code.mac, plant.keys.station_secret)
    stations = printed.chosen_stations(plant.store)
    found = printed.station_posters(plant.store, stations, facts, mac, NOW_MS, lang=lang)  # type: ignore[arg-type]
    return {poster.code: poster for poster in found}


def test_a_poster_has_the_card_of_the_job_that_most_do_there(plant: Plant) -> None:
    poster = posters(plant)[PUMPS]
    assert (poster.job, poster.number, poster.version) == ("外操巡检", "P-201", "1")
    assert poster.rows[0].label == "主要危险" and poster.rows[0].strong == "机封泄漏着火"
    assert [row.label for row in poster.rows] == ["主要危险", "后果", "怎样防", "出了事", "责任人"]
    assert [sign.kind for sign in poster.signs] == [
        "helmet",
        "suit",
        "goggles",
        "shoes",
        "detector",
    ]
    (text,) = page_texts(poster_pdf(poster))
    assert "生产一部一层北侧" in text and "0393-000 0119" in text
    assert read_codes(picture(poster_pdf(poster))) == [
        qr.code.station_url("https://aq.example.cn", PUMPS, plant.mac)
    ]


def test_a_poster_in_english(plant: Plant) -> None:
    poster = posters(plant, "en")[PUMPS]
    assert (poster.name, poster.job) == ("P-201 pumps", "Field operator patrol")
    (text,) = page_texts(poster_pdf(poster))
    assert "Puyang Example Chemicals" in text and "Main hazards" in text


def test_protection_without_a_picture_of_ours_has_its_own_words(plant: Plant) -> None:
    with plant.store.tx() as db:
        row = places.job(db, "J09")
        assert row
        ppe = ("insgloves", "selfrescuer", "helmet")
        places.save_job(db, places.Job("J09", row["name"], ppe=ppe, card=json.loads(row["card"])))
    signs = posters(plant)[TANKS].signs
    assert [(sign.kind, sign.words) for sign in signs] == [
        ("gloves", "绝缘手套"),
        ("selfrescuer", "自救器"),
        ("helmet", ""),
    ]


def test_a_station_without_a_job_still_has_a_poster(plant: Plant) -> None:
    with plant.store.tx() as db:
        places.save_station(db, places.Station(TANKS, "V-305", "A2", "碳四罐区"))
    poster = posters(plant)[TANKS]
    assert (poster.job, poster.rows, poster.signs) == ("", (), ())
    assert printed.unprintable(poster) == ([], [])


def test_what_cannot_be_printed_is_named(plant: Plant) -> None:
    with plant.store.tx() as db:
        places.save_station(db, places.Station(TANKS, "V-305", "A2", "罐区\U0002a6a5"))
        places.save_station(
            db, places.Station("00000004", "K-1", "A2", "长" * 300, place="远" * 300)
        )
    found = posters(plant)
    assert printed.unprintable(found[TANKS]) == ([], ["\U0002a6a5"])
    cut, missing = printed.unprintable(found["00000004"])
    assert len(cut) == 2 and missing == [] and all(text.endswith("…") for text in cut)


def test_labels_are_read_back_from_the_paper(plant: Plant) -> None:
    stations = printed.chosen_stations(plant.store)
    mac = partial(qr.code.mac, plant.keys.station_secret)
    pdf = printed.station_labels(stations, settings.get(plant.store), mac, NOW_MS)
    codes = {url.split("/")[-2] for url in read_codes(picture(pdf, scale=3))}
    assert codes == {PUMPS, TANKS}


def test_stations_are_chosen_by_label_and_only_those_in_use(plant: Plant) -> None:
    assert [row["label"] for row in printed.chosen_stations(plant.store, ["V-305"])] == ["V-305"]
    with plant.store.tx() as db:
        places.save_station(db, places.Station(TANKS, "V-305", "A2", "碳四罐区", active=0))
    assert [row["label"] for row in printed.chosen_stations(plant.store)] == ["P-201"]
