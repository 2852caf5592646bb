"""Who is asking: the person by their session, the browser by its device credential.

flask-login holds the current account for views and templates; it is loaded from our own session
table, so that a session can be revoked, and there is no remember-me token. Cookies are `__Host-…`
where the public address is https, plain names on plain http.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, Request, g, request
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response

from shiftapp.model import devices, people, sessions
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web.account import Account as Account
from shiftapp.web.context import now_ms, settings, store, token_bytes

View = TypeVar("View", bound=Callable[..., Any])
PHONE_PAGES = ("worker", "shell", "enrol", "form", "api")  # blueprints, and `worker_…`, `form_…`
PASSWORD_PAGES = ("manage", "publish")  # blueprints of that name, and `manage_…`
PHONE_TOO = ("publish",)  # of these also from an enrolled phone
DEVICE_COOKIE_S = 180 * 24 * 3600


def install(app: Flask) -> None:
    """Let flask-login load accounts from our session table."""
    manager = LoginManager(app)  # type: ignore[no-untyped-call]  # flask-login is untyped
    manager.session_protection = None  # type: ignore[assignment]
    manager.request_loader(load_account)  # type: ignore[no-untyped-call]
    # There is no remember-me token, and the hook that looks for one reads Flask's session: that
    # alone makes every answer `Vary: Cookie`, also the public pages' (design.md §4 Public).
    app.after_request_funcs[None].remove(manager._update_remember_cookie)


def load_account(asking: Request) -> Account | None:
    """The account of a request's session cookie."""
    found = sessions.find(store(), asking.cookies.get(cookie_name("sid")), now_ms())
    if found is None or not _opens(found):
        return None
    if sessions.wants_sliding(found, now_ms()):
        store().write(lambda db: sessions.slide(db, found, now_ms()))
    person = people.person(store(), found["person"])
    assert person is not None  # sessions.find joins the person
    roles, sid = tuple(people.roles(store(), person["id"])), bytes(found["sid"])
    held = found["device"], found["device_kind"], found["how"]
    g.account = Account(person["id"], person, roles, sid, *held)
    return cast(Account, g.account)


def _opens(session: Row) -> bool:
    """Whether a session opens the page asked for.

    Six digits at a browser that nobody has enrolled are enough for one's own commitment, too little
    for a desk. So is a badge, which lies where it was dropped. A guest has the plain form alone.
    """
    if session["how"] == "guest":
        return _room() == "form"
    return not is_weak(session["how"], session["device"]) or _room() in PHONE_PAGES


def is_weak(how: str, device: str | None) -> bool:
    """Whether what opened a session is too little for a desk, and for what lies months back."""
    return how == "badge" or (how == "pin" and device is None)


def account() -> Account:
    """The signed-in account.

    :raises Problem: 401 `not_signed_in`.
    """
    found = signed_in()
    if found is None:
        raise Problem(401, "not_signed_in", "先登录。")
    return found


def signed_in() -> Account | None:
    """The signed-in account, or None."""
    return user if isinstance(user := current_user._get_current_object(), Account) else None


def needs(*roles: str) -> Callable[[View], View]:
    """A view for people with one of these roles (none named: anybody signed in).

    Scope is checked where the thing is fetched. Managing asks for a session that a password opened:
    six digits are too little for everybody's access. Publishing is open on an enrolled phone too:
    the signature asks again.

    :raises Problem: 401 `not_signed_in`, 403 `wrong_role`, `needs_password`.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if roles and not account().has(*roles):
                raise Problem(403, "wrong_role", "你的账号没有这个权限。要用就找管理员。")
            if not opens(request.endpoint):
                raise Problem(403, "needs_password", "这里要用密码登录，手机上的登录不够。")
            return view(*args, **kwargs)

        guarded.needs = roles  # type: ignore[attr-defined]  # a test lists them
        return cast(View, guarded)

    return mark


def opens(endpoint: str | None) -> bool:
    """Whether the signed-in person's session is enough for a page, whatever its roles are."""
    room = (endpoint or "").partition(".")[0].partition("_")[0]
    enough = account().by_password or room not in PASSWORD_PAGES
    return enough or (room in PHONE_TOO and account().by_phone)


def device() -> Row:
    """The enrolled device that is asking.

    :raises Problem: 401 `device_unknown`, `device_revoked`, `device_expired`.
    """
    return devices.by_secret(store(), request.cookies.get(cookie_name("dev")), now_ms())


def known_device() -> Row | None:
    """The enrolled device that is asking, or None."""
    try:
        return device()
    except Problem:
        return None


def cookie_name(name: str) -> str:
    """`__Host-…` needs https; on plain http the plain name.

    In a demo one browser sits at the phone and at the desk at once (the split view): the phone's
    pages and the desk's have a session cookie each.
    """
    seat = g.get("seat", "phone" if _room() in PHONE_PAGES else "desk")
    if name == "sid" and settings().demo and seat == "desk":
        return "desk"
    return f"__Host-{name}" if settings().https else name


def _room() -> str:
    """The kind of page asked for: `worker` of `worker_proxies`."""
    return (request.blueprint or "").partition("_")[0]


def set_cookie(response: Response, name: str, secret: str, lasts_s: int) -> None:
    """Set one of our two cookies."""
    response.set_cookie(
        cookie_name(name),
        secret,
        max_age=lasts_s,
        secure=settings().https,
        httponly=True,
        samesite="Lax",  # not Strict: a scan is a cross-site navigation (pwa brief §9)
        path="/",
    )


def drop_cookie(response: Response, name: str) -> None:
    """Take one of our two cookies away."""
    response.delete_cookie(
        cookie_name(name), path="/", secure=settings().https, httponly=True, samesite="Lax"
    )


def end_session(response: Response) -> None:
    """Close the session of this browser. What waits on the device stays there."""
    if (found := signed_in()) is not None:
        store().write(lambda db: sessions.end(db, found.sid, now_ms()))
    drop_cookie(response, "sid")


def new_secret() -> str:
    """A new credential for a cookie: 32 random bytes as text."""
    return base64.urlsafe_b64encode(token_bytes(32)).rstrip(b"=").decode()


def start_session(
    response: Response, person: str, device_id: str | None, how: sessions.How, lasts_ms: int
) -> bytes:
    """Open a session and put its cookie on a response; gives the session's public id.

    Whoever was signed in on that device no longer is, also where nobody pressed 换人.
    """
    secret, sid, now = new_secret(), token_bytes(16), now_ms()

    def write(db: Db) -> None:
        if device_id is not None:
            sessions.end_others(db, device_id, person, now)
        sessions.start(
            db,
            sid=sid,
            secret=secret,
            person=person,
            device=device_id,
            how=how,
            lasts_ms=lasts_ms,
            now_ms=now,
        )

    store().write(write)
    set_cookie(response, "sid", secret, lasts_ms // 1000)
    return sid
