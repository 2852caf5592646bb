"""Compression on a bare application: the room knows nothing of our pages."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from shiftapp.web import assets, compression

LONG = "班前安全承诺 " * 200


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("shiftapp", static_folder=str(assets.STATIC))
    compression.install(app)
    answers = {
        "/long": lambda: LONG,
        "/short": lambda: "短",
        "/picture": lambda: Response(bytes(5000), content_type="image/png"),
        "/stream": lambda: Response((LONG for _ in range(3)), content_type="text/plain"),
        "/tagged": _tagged,
    }
    for path, answer in answers.items():
        app.add_url_rule(path, path[1:], answer, methods=["GET", "POST"])
    return app.test_client()


def _tagged() -> Response:
    response = Response(LONG)
    response.set_etag("abc")
    return response


GZIP = {"Accept-Encoding": "gzip, br"}


def test_a_long_text_is_compressed_for_who_takes_it(client: FlaskClient) -> None:
    response = client.get("/long", headers=GZIP)
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.data).decode() == LONG
    assert response.content_length == len(response.data) < len(LONG.encode()) / 5
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize(
    "headers", [{}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip;q=0"}]
)
def test_others_get_it_plain_and_caches_know(client: FlaskClient, headers: dict[str, str]) -> None:
    response = client.get("/long", headers=headers)
    assert response.text == LONG
    assert "Content-Encoding" not in response.headers
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize("path", ["/short", "/picture", "/stream"])
def test_what_does_not_pay_stays_as_it_is(client: FlaskClient, path: str) -> None:
    assert "Content-Encoding" not in client.get(path, headers=GZIP).headers


def test_the_answer_of_a_post_stays_as_it_is(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.post("/long", headers=GZIP).headers


def test_the_compressed_answer_has_a_weak_tag(client: FlaskClient) -> None:
    assert client.get("/tagged").headers["ETag"] == '"abc"'
    assert client.get("/tagged", headers=GZIP).headers["ETag"] == 'W/"abc"'


def script() -> str:
    """The name of a script of ours that is worth compressing."""
    found = [f for f in sorted(assets.STATIC.glob("**/*.js")) if f.stat().st_size > 2000]
    return found[0].relative_to(assets.STATIC).as_posix()


def test_static_files_are_compressed_and_still_answered_304(client: FlaskClient) -> None:
    url = f"/static/{script()}"
    first = client.get(url, headers=GZIP)
    assert first.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(first.data) == (assets.STATIC / script()).read_bytes()
    with client.get(url, headers={**GZIP, "If-None-Match": first.headers["ETag"]}) as again:
        assert again.status_code == 304 and again.data == b""


def test_a_missing_static_file_is_404(client: FlaskClient) -> None:
    assert client.get("/static/none.js", headers=GZIP).status_code == 404
