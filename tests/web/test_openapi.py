"""The description of the API is true: its routes, its answers, its codes and flags."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from shiftapp.model import judging
from tests.openapi import DOCUMENT, FILE, faults, resolve
from tests.outbox import Outbox
from tests.plant import Plant
from tests.sealing import commit_body, hazard_body, run_body, wire

SHIFTAPP = Path(judging.__file__).parent.parent
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def operations() -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (path, method.upper()): operation
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
    }


def answer_schema(path: str, method: str, status: int) -> dict[str, Any]:
    content = operations()[path, method]["responses"][str(status)]["content"]
    return dict(next(iter(content.values()))["schema"])


def test_the_document_names_every_route_and_no_other(standing_app: Flask) -> None:
    routes = {
        (re.sub("<(.+?)>", "{\\1}", rule.rule), method)
        for rule in standing_app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) & METHODS
    }
    assert set(operations()) == routes


def test_operations_are_named_after_their_views(standing_app: Flask) -> None:
    views = {f"api.{operation['operationId']}" for operation in operations().values()}
    assert views <= set(standing_app.view_functions)


def test_the_document_is_served_to_anybody(standing_app: Flask) -> None:
    answer = standing_app.test_client().get("/api/v1/openapi.json")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.get_json() == DOCUMENT
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_every_reference_leads_somewhere() -> None:
    for pointer in re.findall(r'"(#/[^"]+)"', FILE.read_text("utf-8")):
        assert resolve({"$ref": pointer})


def test_flags_are_those_that_judging_and_acceptance_give() -> None:
    rooms = ("judging", "belief", "contents", "records", "record_rows", "verdicts")
    source = "".join((SHIFTAPP / f"model/{name}.py").read_text("utf-8") for name in rooms)
    told = DOCUMENT["components"]["schemas"]["SyncResult"]["properties"]["flags"]["items"]["enum"]
    assert told == sorted(told)
    assert [flag for flag in told if f'"{flag}"' not in source] == []
    assert set(told) >= judging.COUNTLESS


def test_codes_are_codes_of_ours() -> None:
    source = "".join(
        path.read_text("utf-8")
        for name in ("web", "model", "store")
        for path in (SHIFTAPP / name).rglob("*.py")
    )
    told = set(
        re.findall(r"`([a-z_]+)`", json.dumps([one["responses"] for one in operations().values()]))
    )
    assert [code for code in sorted(told) if f'"{code}"' not in source] == []


def test_answers_are_what_the_document_says(app: Flask, plant: Plant) -> None:
    outbox = Outbox(app, plant)
    bodies = [
        commit_body(plant, "worker"),
        run_body(plant, "worker", bad=1, note="漏"),
        hazard_body(plant, "worker", "滴油"),
        {**commit_body(plant, "worker"), "v": 2},
    ]
    sync = outbox.send(*[wire(body) for body in bodies], client_ms=7)
    assert faults(sync.get_json(), answer_schema("/api/v1/sync", "POST", 200)) == []
    pack = outbox.client.get("/api/v1/pack")
    assert pack.get_json()["history"] and pack.get_json()["shifts"]
    assert faults(pack.get_json(), answer_schema("/api/v1/pack", "GET", 200)) == []


def test_requests_are_what_the_document_says(standing_plant: Plant) -> None:
    sent = {"records": [wire(commit_body(standing_plant, "worker"))], "client_ms": 1}
    schema = operations()["/api/v1/sync", "POST"]["requestBody"]["content"]["application/json"]
    assert faults(sent, schema["schema"]) == []


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_refusals_are_what_the_document_says(
    standing_app: Flask, standing_plant: Plant, status: int
) -> None:
    outbox = Outbox(standing_app, standing_plant)
    answer = {
        400: lambda: outbox.post("{"),
        401: lambda: Outbox(standing_app, standing_plant, None).post("{"),
        403: lambda: outbox.post("{", Sec_Fetch_Site="cross-site"),
        413: lambda: outbox.post("x" * 600_000),
    }[status]()
    assert answer.status_code == status
    told = operations()["/api/v1/sync", "POST"]["responses"][str(status)]
    both = told["content"]["application/problem+json"]["schema"]["allOf"]
    assert faults(answer.get_json(), both[0]) == []
    assert answer.get_json()["code"] in both[1]["properties"]["code"]["enum"]


def test_the_reader_of_the_document_notices() -> None:
    schema = answer_schema("/api/v1/sync", "POST", 200)
    assert faults({"server_ms": "1", "results": []}, schema)
    assert faults({"server_ms": 1}, schema)
    assert faults({"server_ms": 1, "results": [], "more": 1}, schema)
    assert faults({"server_ms": 1, "results": [{"id": "x"}]}, schema)
