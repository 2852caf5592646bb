from __future__ import annotations

import logging
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shiftapp.web import access_log


@pytest.fixture
def client(caplog: pytest.LogCaptureFixture) -> FlaskClient:
    app = Flask("shiftapp")
    access_log.install(app)
    app.add_url_rule("/W/<station>/<mac>", "station", lambda station, mac: "工位")
    app.add_url_rule("/people/<id>/code", "code", lambda id: "码")
    caplog.set_level(logging.INFO, "shiftapp.access")
    return app.test_client()


def test_a_request_is_one_line(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/W/7K2M41QX/0123456789ABCDEF")
    (line,) = caplog.messages
    assert re.fullmatch(r"GET /W/<station>/<mac> 200 6 \d+ms", line)


def test_no_personal_data_is_in_it(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/people/张三/code?pin=123456", headers={"User-Agent": "Phone", "Cookie": "sid=x"})
    client.get("/nowhere/张三?no=A001")
    client.open("/nowhere", method="B\rAD")
    text = " ".join(caplog.messages)
    for private in ("张三", "123456", "A001", "Phone", "sid", "127.0.0.1", "nowhere", "AD"):
        assert private not in text
    assert re.fullmatch(r"GET - 404 \d+ \d+ms", caplog.messages[1])
