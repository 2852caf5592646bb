"""Permits of special work as another system of the plant sends them: all of a request, or nothing.

The sender shows a key and nothing else: no cookie counts here, so no page can send in its place.
Refusals come in this order: key 401, size 413, shape 400, then the first permit that cannot be.
"""

from __future__ import annotations

import json
from typing import Any

from flask import request

from shiftapp.model import api_keys, special_work_entry
from shiftapp.model.fields import array, fields, integer, or_null, text
from shiftapp.model.special_work_checks import Author, Entry, no_key
from shiftapp.problems import Problem
from shiftapp.store import Db
from shiftapp.web.api_sync import read_bytes, shape
from shiftapp.web.context import now_ms, store

MAX_BYTES = 524_288
MAX_WORKS = 200
MAX_TESTS = 100
MAX_PEOPLE = 50


def _flag(value: object, path: str) -> tuple[str, ...]:
    return () if isinstance(value, bool) else (path,)


_TEST = fields({"tested_ms": integer(), "passed": _flag}, {"result": text()})
_WORK = fields(
    {"no": text(), "kind": text(), "place": text(), "starts_ms": integer(), "ends_ms": integer()},
    {
        "level": text(),
        "site": text(),
        "area": or_null(text()),
        "facility": or_null(text()),
        "what": text(),
        "contractor": text(),
        "changed": _flag,
        "gas_every_min": or_null(integer()),
        "guardians": array(text(), MAX_PEOPLE),
        "workers": array(text(), MAX_PEOPLE),
        "gas": array(_TEST, MAX_TESTS),
        "closed": _flag,
        "cancelled": or_null(text()),
    },
)


def take() -> dict[str, Any]:
    """Read the request and enter what it says; gives the answer.

    :raises Problem: 401 `key_missing`, `key_unknown`, `key_revoked`; 413 `request_too_big`,
        `too_many_works`; 400 `shape`; 422 `permit_twice`; what the model refuses. `at` says which.
    """
    secret = _secret()
    api_keys.find(store(), secret)
    works = _works(read_bytes(MAX_BYTES, "一次传得太多，分几次传。"))
    now = now_ms()

    def write(db: Db) -> list[dict[str, Any]]:
        author = Author("api", None, api_keys.use(db, secret, now)["name"])
        return [_enter(db, one, at, author, now) for at, one in enumerate(works)]

    return {"server_ms": now, "results": store().write(write)}


def _secret() -> str:
    """What stands behind `Bearer` (RFC 6750).

    :raises Problem: 401 `key_missing`.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Problem(401, "key_missing", "要带接口密钥：Authorization: Bearer。")
    return secret.strip()


def _works(raw: bytes) -> list[dict[str, Any]]:
    try:
        works = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise shape("不是 JSON。") from error
    if not isinstance(works, list):
        raise shape("要一个作业票的列表。")
    if len(works) > MAX_WORKS:
        raise Problem(413, "too_many_works", "一次最多 200 张作业票，分几次传。")
    seen: set[str] = set()
    for at, one in enumerate(works):
        _check(one, at)
        key = no_key(one["no"])
        if key in seen:
            said = {"no": one["no"]}
            raise Problem(422, "permit_twice", "这一次里有两张 %(no)s。", params=said, at=at)
        seen.add(key)
    return works


def _check(one: object, at: int) -> None:
    wrong = next(iter(_WORK(one, "")), None)
    if wrong is not None:
        text = "第 %(n)s 张作业票的 %(field)s 不对。"
        raise Problem(400, "shape", text, params={"n": at + 1, "field": wrong or "{}"}, at=at)
    assert isinstance(one, dict)  # `fields` says so
    if one.get("closed") and one.get("cancelled") is not None:
        raise Problem(400, "shape", "一张作业票不能又关闭又取消。", at=at)


def _enter(db: Db, one: dict[str, Any], at: int, author: Author, now: int) -> dict[str, Any]:
    """One permit with its gas tests and its end; a refusal says which of the request it was."""
    try:
        id, done = special_work_entry.upsert(db, _entry(one), author, now)
        changes = [done, *_further(db, id, one, author, now)]
    except Problem as problem:
        raise Problem(
            problem.status, problem.code, problem.template, params=problem.params, at=at
        ) from problem
    other = next((word for word in ("new", "changed") if word in changes), "unchanged")
    return {"no": one["no"], "id": id, "status": other}


def _further(db: Db, id: int, one: dict[str, Any], author: Author, now: int) -> list[str]:
    """Its gas tests, oldest first, and then its end."""
    tests = sorted(one.get("gas", []), key=lambda test: int(test["tested_ms"]))
    done: list[str] = [
        special_work_entry.test_gas(
            db,
            id,
            passed=test["passed"],
            result=test.get("result", ""),
            tested_ms=test["tested_ms"],
            author=author,
            now_ms=now,
        )
        for test in tests
    ]
    if one.get("closed"):
        done.append(special_work_entry.close(db, id, author, now))
    if one.get("cancelled") is not None:
        done.append(special_work_entry.cancel(db, id, one["cancelled"], author, now))
    return done


def _entry(one: dict[str, Any]) -> Entry:
    return Entry(
        no=one["no"],
        kind=one["kind"],
        level=one.get("level", ""),
        place=one["place"],
        what=one.get("what", ""),
        site=one.get("site", ""),
        area=one.get("area"),
        facility=one.get("facility"),
        starts_ms=one["starts_ms"],
        ends_ms=one["ends_ms"],
        contractor=one.get("contractor", ""),
        changed=int(one.get("changed", False)),
        gas_every_min=one.get("gas_every_min"),
        guardians=tuple(one.get("guardians", ())),
        workers=tuple(one.get("workers", ())),
    )
