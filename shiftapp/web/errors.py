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

from shiftapp.problems import Problem, Twin
from shiftapp.web.language import language

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
    app.add_template_global(sentence)
    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_crash)


def answer(problem: Problem) -> BaseResponse:
    """The answer of a refusal."""
    if problem.code == "not_signed_in" and request.headers.get("HX-Request"):
        # A login page must not land inside a fragment: load the whole page anew, it will ask.
        return Response(status=401, headers={"HX-Refresh": "true"})
    if problem.code == "not_signed_in" and not _wants_json():
        return redirect(url_for("home.login", next=request.full_path.rstrip("?")), code=303)
    response = _json(problem) if _wants_json() else _page(problem)
    if problem.retry_after_s is not None:
        response.headers["Retry-After"] = str(problem.retry_after_s)
    return response


def sentence(problem: Problem) -> str:
    """The sentence of a refusal in the language of the page."""
    english = language() == "en"
    params = {
        name: value.en if english and isinstance(value, Twin) else value
        for name, value in problem.params.items()
    }
    return gettext(problem.template, **params)


def _wants_json() -> bool:
    return request.path.startswith(("/api/", "/healthz")) or request.path.endswith(".json")


def _json(problem: Problem) -> Response:
    body: dict[str, object] = {
        "status": problem.status,
        "code": problem.code,
        "detail": sentence(problem),
    }
    if problem.at is not None:
        body["at"] = problem.at
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, problem.status, content_type="application/problem+json")


def _page(problem: Problem) -> Response:
    html = render_template("problem.html", problem=problem)
    return Response(html, problem.status)


def _answer_http(error: HTTPException) -> BaseResponse:
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()
    code, text = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    answered = answer(Problem(status, code, text))
    if allowed := getattr(error, "valid_methods", None):
        answered.headers["Allow"] = ", ".join(sorted(allowed))
    return answered


def _answer_crash(error: Exception) -> BaseResponse:
    log.exception("unhandled error in %s", request.endpoint)
    code, text = SENTENCES[500]
    try:
        return answer(Problem(500, code, text))
    except Exception:  # whatever broke the page may break its error page, such as a lost database
        log.exception("no page for the error either")
        return Response(text, 500, content_type="text/plain; charset=utf-8")
