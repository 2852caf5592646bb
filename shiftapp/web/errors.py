"""The one place that turns a refusal into an answer: a page for people, JSON for programs.

JSON is `application/problem+json` with `status`, `code`, `detail` and sometimes `at`.
"""

from __future__ import annotations

import json
import logging

from flask import Flask, Response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from shiftapp.problems import Problem

log = logging.getLogger("shiftapp")

SENTENCES = {
    400: ("bad_request", "看不懂这个请求。回上一页再试。"),
    404: ("not_found", "没有这个页面。对一下网址，或者回首页。"),
    405: ("wrong_method", "这个网址不能这样用。回上一页再试。"),
    413: ("request_too_big", "发来的东西太大。"),
    500: ("internal", "服务器出错，已记下。你的记录没有丢。"),
}


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_crash)


def answer(problem: Problem) -> BaseResponse:
    """The answer of a refusal."""
    if problem.code == "not_signed_in" and not _wants_json():
        return redirect(url_for("home.login", next=request.full_path.rstrip("?")), code=303)
    sentence = gettext(problem.template, **problem.params)
    response = _json(problem, sentence) if _wants_json() else _page(problem, sentence)
    if problem.retry_after_s is not None:
        response.headers["Retry-After"] = str(problem.retry_after_s)
    return response


def _wants_json() -> bool:
    return request.path.startswith(("/api/", "/healthz")) or request.path.endswith(".json")


def _json(problem: Problem, sentence: str) -> Response:
    body: dict[str, object] = {
        "status": problem.status,
        "code": problem.code,
        "detail": sentence,
    }
    if problem.at is not None:
        body["at"] = problem.at
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, problem.status, content_type="application/problem+json")


def _page(problem: Problem, sentence: str) -> Response:
    html = render_template("problem.html", problem=problem, sentence=sentence)
    return Response(html, problem.status)


def _answer_http(error: HTTPException) -> BaseResponse:
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()
    code, sentence = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    answered = answer(Problem(status, code, sentence))
    if allowed := getattr(error, "valid_methods", None):
        answered.headers["Allow"] = ", ".join(sorted(allowed))
    return answered


def _answer_crash(error: Exception) -> BaseResponse:
    log.exception("unhandled error in %s", request.endpoint)
    code, sentence = SENTENCES[500]
    return answer(Problem(500, code, sentence))
