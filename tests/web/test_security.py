"""Headers on every route, the same-origin rule on every unsafe one, and the cookies."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule

from shiftapp.model import credentials, settings
from tests.page import Page
from tests.plant import Plant, client_of
from tests.web.plain import PIN, give_pin, url

Open = Callable[..., Page]
SAFE = {"GET", "HEAD", "OPTIONS"}
PASSWORD = "gate seven opens north"


@pytest.fixture
def client(app: Flask, plant: Plant) -> FlaskClient:
    return client_of(app, plant, "manager")


def address(rule: Rule) -> str:
    """Some URL of a route: what it names need not exist."""
    values: dict[str, object] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        one_of = sorted(getattr(converter, "items", ()))
        number = isinstance(converter, IntegerConverter)
        values[name] = one_of[0] if one_of else 1 if number else "x" * 16
    built = rule.build(values)
    assert built is not None
    return str(built[1])


def routes(app: Flask, *, unsafe: bool) -> Iterator[tuple[str, str]]:
    """Method and URL of each route."""
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods or ()):
            if (method not in SAFE) == unsafe and method not in ("HEAD", "OPTIONS"):
                yield method, address(rule)


def test_every_answer_carries_our_headers(app: Flask, client: FlaskClient) -> None:
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for method, path in routes(app, unsafe=False):
        response = client.open(path, method=method)
        headers = response.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "script-src 'self'" in policy or "script-src 'none'" in policy, path
        if path == "/W/scan.js":  # the worker that reads codes, and nothing else, compiles
            policy = policy.replace(" 'wasm-unsafe-eval'", "")
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert headers["Strict-Transport-Security"] == "max-age=31536000", path
        assert "geolocation=()" in headers["Permissions-Policy"], path
        assert headers["Cache-Control"], path
        response.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://aq.example.cn"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://aq.example.cn"},
        {"Origin": "null"},
        {"Origin": "https://aq.example.cn.evil.example"},
        {},
    ],
    ids=str,
)
def test_a_foreign_page_is_refused_on_every_unsafe_route(
    app: Flask, client: FlaskClient, headers: dict[str, str]
) -> None:
    tried = list(routes(app, unsafe=True))
    assert len(tried) > 10
    for method, path in tried:
        if path == "/api/v1/sync" or path.startswith("/api/v1/blobs/"):
            continue  # 401 comes first there, see their own tests
        if path == "/api/v1/special-work":
            continue  # asks for a key and takes no cookie: no page can send in anybody's name
        response = client.open(path, method=method, headers=headers)
        assert response.status_code == 403, (method, path)
        assert "foreign_origin" in response.text, (method, path)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "https://aq.example.cn"}]
)
def test_our_own_page_passes(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/logout", headers=headers).status_code == 303


def test_a_get_is_never_foreign(client: FlaskClient) -> None:
    response = client.get("/login", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code in (200, 303)


def cookies_of(client: FlaskClient, path: str, data: dict[str, str]) -> list[str]:
    origin = (
        "https://aq.example.cn" if client.environ_base.get("wsgi.url_scheme") == "https" else ""
    )
    headers = {"Origin": origin} if origin else {"Origin": "http://shiftapp.test:8000"}
    response = client.post(path, data=data, headers=headers)
    assert response.status_code == 303, response.text
    return response.headers.getlist("Set-Cookie")


def test_a_session_on_https_is_bound_to_the_host(app: Flask, plant: Plant) -> None:
    give_pin(plant, "worker")
    client = client_of(app, plant, None)
    [cookie] = cookies_of(client, url(plant), {"no": "1001", "pin": PIN})
    assert cookie.startswith("__Host-sid=")
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
    assert not any(part.startswith("Domain") for part in parts)


def test_on_plain_http_the_names_are_plain_and_hsts_is_off(app: Flask, plant: Plant) -> None:
    give_pin(plant, "worker")
    with plant.store.tx() as db:
        settings.put(db, url="http://shiftapp.test:8000")
    client = app.test_client()
    [cookie] = cookies_of(client, url(plant), {"no": "1001", "pin": PIN})
    assert cookie.startswith("sid=") and "Secure" not in cookie and "HttpOnly" in cookie
    response = client.get(url(plant))
    assert "张三" in response.text
    assert "Strict-Transport-Security" not in response.headers


def test_a_session_secret_is_not_in_the_database(app: Flask, plant: Plant) -> None:
    hashed = credentials.hash_secret(PASSWORD, plant.keys.pin_pepper)
    with plant.store.tx() as db:
        credentials.set_password(db, plant.id("manager"), hashed)
    client = client_of(app, plant, None)
    [cookie] = cookies_of(client, "/login", {"no": "9001", "password": PASSWORD})
    secret = cookie.split("=")[1].split(";")[0]
    assert len(secret) == 43
    kept = plant.store.rows("SELECT * FROM session ORDER BY sid")
    assert secret not in repr(kept) and secret.encode() not in b"".join(
        bytes(row["secret"]) if isinstance(row["secret"], bytes) else row["secret"].encode()
        for row in kept
    )


@pytest.mark.parametrize("path", ["/", "/en/", "/healthz"])
def test_public_pages_set_no_cookie_and_look_at_none(app: Flask, plant: Plant, path: str) -> None:
    stranger = app.test_client().get(path)
    signed_in = client_of(app, plant, "manager").get(path)
    for response in (stranger, signed_in):
        assert response.headers.getlist("Set-Cookie") == []
        assert "Cookie" not in response.headers.get("Vary", "")
    assert stranger.data == signed_in.data


def test_pages_about_people_are_kept_by_nobody(page: Open, plant: Plant) -> None:
    browser = page("worker")
    browser.get(url(plant))
    assert browser.response is not None
    assert browser.response.headers["Cache-Control"] == "no-store"


def test_a_demo_may_be_framed_by_itself_alone(app: Flask, plant: Plant) -> None:
    with plant.store.tx() as db:
        settings.put(db, demo=True)
    policy = app.test_client().get("/login").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy


def test_a_null_character_is_refused_before_any_database(page: Open) -> None:
    browser = page("manager")
    for path in ("/manage/people?q=%00", "/manage/areas/%00", "/hazards?crew=a%00"):
        browser.get(path, 400)
    browser.post("/login", {"no": "\0", "password": "x"}, status=400)
    browser.post("/login", {"no": "\0"}, status=400, content_type="multipart/form-data")


def test_a_number_that_no_row_can_have_leads_nowhere(page: Open) -> None:
    for path in ("/hazards", "/board/todos"):
        page("leader").get(f"{path}/{'9' * 20}", 404)
