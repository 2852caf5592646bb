"""Refusals: one JSON shape for programs, a page for people, never a stack trace."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shiftapp.problems import Problem, Twin
from tests.page import Html, Page
from tests.plant import Clock, Plant, client_of, make_app

Open = Callable[..., Page]
OWN = {"Sec-Fetch-Site": "same-origin"}
JSON_TYPE = "application/problem+json"


@pytest.fixture
def app(plant: Plant, tmp_path: Path, clock: Clock) -> Flask:
    """An application of its own: these tests add views that crash."""
    return make_app(plant, tmp_path, clock)


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, "manager")


def crash(app: Flask, rule: str, error: Exception) -> None:
    """Add a view that raises."""

    def view() -> str:
        raise error

    app.add_url_rule(rule, f"crash {rule}", view)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v1/sync", 405, "wrong_method"),
        ("POST", "/api/v1/sync", 401, "device_unknown"),
        ("GET", "/api/v1/pack", 401, "device_unknown"),
        ("POST", "/api/v1/enrol", 400, "shape"),
        ("POST", "/healthz", 405, "wrong_method"),
        ("GET", "/announcements/9999.json", 404, None),
    ],
)
def test_programs_get_one_shape(
    client: FlaskClient, method: str, path: str, status: int, code: str | None
) -> None:
    response = client.open(path, method=method, headers=OWN, data=b"{" * (method == "POST"))
    assert response.status_code == status
    assert response.content_type == JSON_TYPE
    assert response.json is not None and set(response.json) == {"status", "code", "detail"}
    assert response.json["status"] == status
    assert response.json["detail"].endswith("。")
    assert code is None or response.json["code"] == code


@pytest.mark.parametrize("path", ["/nothing", "/board/nothing/x", "/F/receipt/x", "/static/no.js"])
def test_people_get_a_page_for_what_is_not_there(page: Open, path: str) -> None:
    html = page("manager").get(path, status=404)
    assert "Traceback" not in html.text and html.one("h1").text


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    response = client.delete("/login", headers=OWN)
    assert response.status_code == 405
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))
    assert "这个网址不能这样用" in response.text


def test_too_much_is_refused_before_it_is_read(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    response = client.post("/login", data={"no": "x" * 2000}, headers=OWN)
    assert response.status_code == 413 and "发来的东西太大" in response.text


def test_a_crash_is_a_sentence_and_a_line_in_the_log(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    crash(app, "/crash", RuntimeError("the secret of the house"))
    with caplog.at_level(logging.ERROR, "shiftapp"):
        response = client.get("/crash")
    assert response.status_code == 500
    html = Html(response.text)
    assert html.one("h1").text == "服务器出错，已记下。你的记录没有丢。"
    assert "secret" not in response.text and "Traceback" not in response.text
    assert "the secret of the house" in caplog.text
    assert response.headers["Content-Security-Policy"]


def test_a_crash_of_the_api_has_the_same_shape(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    crash(app, "/api/v1/crash", RuntimeError("the secret of the house"))
    response = client.get("/api/v1/crash")
    assert (response.status_code, response.content_type) == (500, JSON_TYPE)
    assert response.json is not None and response.json["code"] == "internal"
    assert "secret" not in response.text and "secret" in caplog.text


def test_a_lost_database_still_answers_in_words(
    app: Flask, client: FlaskClient, plant: Plant, caplog: pytest.LogCaptureFixture
) -> None:
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with plant.store.tx() as db:
        db.run("ALTER TABLE setting RENAME TO lost")
    response = client.get("/home")
    assert response.status_code == 500 and "Traceback" not in response.text
    assert response.text == "服务器出错，已记下。你的记录没有丢。"
    assert "no page for the error either" in caplog.text


def test_a_problem_is_a_page_with_its_sentence_and_its_code(
    app: Flask, client: FlaskClient
) -> None:
    crash(app, "/busy", Problem(503, "busy", "等 %(s)s 秒。", params={"s": 7}, retry_after_s=7))
    response = client.get("/busy")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "7")
    html = Html(response.text)
    assert html.one("h1").text == "等 7 秒。" and "代码 busy" in html.text


def test_a_sentence_with_its_own_english_is_said_in_the_language_of_the_page(
    app: Flask, client: FlaskClient
) -> None:
    said = {"why": Twin("第 3 步不对。", "Step 3 is wrong.")}
    crash(app, "/api/v1/card", Problem(422, "bad_checklist", "%(why)s", params=said, at=3))
    assert client.get("/api/v1/card").json == {
        "status": 422,
        "code": "bad_checklist",
        "detail": "第 3 步不对。",
        "at": 3,
    }
    english = client.get("/api/v1/card?lang=en").json
    assert english is not None and english["detail"] == "Step 3 is wrong."


@pytest.mark.parametrize("part", [None, "worker"])
def test_somebody_without_the_role_is_told_so_or_asked_to_sign_in(
    page: Open, part: str | None
) -> None:
    response = page(part).client.get("/publish")
    if part is None:
        assert response.headers["Location"].startswith("/login?next=/publish")
    else:
        assert response.status_code == 403
        assert "没有这个权限" in response.text
