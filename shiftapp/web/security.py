"""Headers and the same-origin rule.

CSRF by `Sec-Fetch-Site`, else `Origin` = the configured address; no tokens, because a cached page
cannot carry a fresh one (pwa brief §9, after datasette's csrf.py and OWASP's Fetch Metadata rule).
"""

from __future__ import annotations

from flask import Flask, Response, g, request

from shiftapp.model.settings import Settings
from shiftapp.problems import Problem
from shiftapp.web.context import settings

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
ASK_LATER = {"api.sync", "api.put_blob"}
BY_KEY = {"api.put_special_work"}  # another system's: it shows a key, and no cookie counts
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors {ancestors}; frame-src 'self'"
)
WORKER_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
    " connect-src 'self'; worker-src 'self'; manifest-src 'self'; media-src 'self' blob:;"
    " base-uri 'none'; form-action 'self'; frame-ancestors {ancestors};"
    " require-trusted-types-for 'script'; trusted-types app"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
}


def install(app: Flask) -> None:
    """Check every unsafe request and dress every response."""
    app.before_request(refuse_unstorable)
    app.before_request(refuse_foreign)
    app.after_request(dress)


def refuse_unstorable() -> None:
    """No keyboard types U+0000, and PostgreSQL stores it in no text: ask for nothing with it.

    :raises Problem: 400 `bad_request`.
    """
    texts = [request.path, *request.args.values()]
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        texts += [text for values in request.form.listvalues() for text in values]
    if any("\0" in text for text in texts):
        raise Problem(400, "bad_request", "看不懂这个请求。回上一页再试。")


def refuse_foreign() -> None:
    """Let only our own pages change anything.

    What an outbox sends asks later, in its own order (401 before 403, design.md §4).

    :raises Problem: 403 `foreign_origin`.
    """
    if request.method not in SAFE_METHODS and request.endpoint not in ASK_LATER | BY_KEY:
        must_be_own()


def must_be_own() -> None:
    """The request comes from a page of ours.

    :raises Problem: 403 `foreign_origin`.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site == "same-origin":
        return
    origin = request.headers.get("Origin")
    if site is None and origin in _own_origins():
        return
    if site is None and origin is None:
        raise Problem(
            403,
            "foreign_origin",
            "浏览器太旧，没说这一页从哪来，所以没有收。换一个浏览器，或者找班长替你记。",
        )
    raise Problem(403, "foreign_origin", "这个请求不是从本站页面发出的，没有处理。")


def _own_origins() -> set[str]:
    own = {settings().url}
    if settings().demo:  # a demo is opened by whatever name the laptop has
        own.add(f"{request.scheme}://{request.host}")
    return own - {""}


def let_scan() -> None:
    """Let the page of this request read codes in a worker; the others have none."""
    g.scans = True


def dress(response: Response) -> Response:
    """Put our headers on; a view that set one of them has its reason."""
    worker = request.path.startswith(("/W/", "/enrol"))
    now = _settings()
    ancestors = "'self'" if now.demo else "'none'"
    policy = (WORKER_CSP if worker else CSP).format(ancestors=ancestors)
    if "scans" in g:
        policy += "; worker-src 'self'"
    response.headers.setdefault("Content-Security-Policy", policy)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if now.https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        # On plain http browsers ignore this one and complain.
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _settings() -> Settings:
    """The settings; without a database the strictest, so that its error page is dressed too."""
    try:
        return settings()
    except Exception:
        return Settings()
