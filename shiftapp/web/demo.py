"""The tour of a demo plant: the whole path on one page, a seat at every step of it, and its clock.

Every page here is 404 unless `shiftapp demo` runs the install. What the demo may do with its plant
is handed in by that command as `Tour`, because this room does not import the demo's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol, cast

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.exceptions import NotFound

import qr.code
from shiftapp.model import cycles, people, places, shifts
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import demo_seats, demo_steps, plant_time
from shiftapp.web.context import keys, now_ms, settings, store, token_bytes
from shiftapp.web.language import language

bp = Blueprint("demo", __name__, url_prefix="/demo")

MINUTE_MS = 60_000


class Tour(Protocol):
    """A running demo: see demo/tour.py."""

    parts: Mapping[str, str]  # role → employee number
    start_ms: int

    def catch_up(self, now_ms: int) -> None:
        """Let everything happen that the plant's clock has reached."""

    def move(self, to_ms: int, token_bytes: Callable[[int], bytes]) -> None:
        """Let the plant's clock show a later instant."""

    def reset(self, url: str) -> None:
        """Put the plant back to its morning."""


class Stop(NamedTuple):
    """An instant that a button moves the plant's clock to."""

    key: str
    at_ms: int
    passed: bool


# Key: clock of the first day; the day shift starts at 08:00, the next one at 20:00.
STOPS = {
    "t10": "07:50",
    "start": "08:00",
    "alarm": "08:15",
    "cutoff": "09:00",
    "night": "19:20",
}
STEPS_MS = {"5": 5 * MINUTE_MS, "60": 60 * MINUTE_MS}


def install(app: Flask) -> None:
    """Let the demo's plant live on with every request; in any other install this does nothing."""
    app.before_request(_live_on)


@bp.before_request
def only_in_a_demo() -> None:
    """There is no such page elsewhere."""
    if _tour() is None or not settings().demo:
        raise NotFound


@bp.get("")
def show_tour() -> str:
    """The picture of the path, what to press at each step, and a door into each."""
    return render_template(
        "demo/tour.html",
        parts=_parts(),
        post=_post_of("operator"),
        steps=_steps(),
        stops=_stops(),
        address=settings().url,
        code=Markup(qr.code.qr_svg(f"{settings().url}/demo", level="M")),  # our own drawing
        lan="127.0.0.1" not in settings().url,
    )


@bp.get("/split")
def show_split() -> str:
    """The worker's phone and the leader's board side by side."""
    ready = all(demo_seats.seats().values())
    station = _station_url(_post_of("operator")["code"])
    return render_template("demo/split.html", ready=ready, station=station)


@bp.get("/controls")
def show_controls() -> str:
    """The plant's clock and its buttons, in a frame of their own: pressing reloads only them."""
    return render_template("demo/controls.html", stops=_stops())


@bp.post("/as/<part>")
def sit_down(part: str) -> Response:
    """Sign in as somebody and go to where their work is; `public` needs no seat."""
    if part == "public":
        return _see(_public())
    person = _person(part)
    if part == "operator":
        response = _see(_station_url(_post_of(part)["code"]))
        demo_seats.take_phone(response, person)
        return response
    response = _see(url_for("home.home"))
    demo_seats.take_desk(response, person)
    return response


@bp.post("/both")
def sit_at_both() -> Response:
    """Operator at the phone and leader at the desk, in one browser."""
    response = _see(url_for("demo.show_split"))
    demo_seats.take_phone(response, _person("operator"))
    demo_seats.take_desk(response, _person("leader"))
    return response


@bp.post("/clock")
def move_clock() -> Response:
    """Move the plant's clock on; it never goes back."""
    tour = _running()
    to_ms = _wanted_ms(request.form.get("to", ""))
    if to_ms <= now_ms():
        raise Problem(409, "clock_passed", "这个时间已经过了。要回到早上，就按“重来”。")
    tour.move(to_ms, token_bytes)
    return _see(_back())


@bp.post("/reset")
def reset() -> Response:
    """Back to 07:38 as if nothing had been pressed; from the split view back to that."""
    _running().reset(settings().url)
    flash(gettext("回到 07:38 了，前面按的都不算。"))
    split = _back() == url_for("demo.show_controls")
    response = _see(url_for("demo.show_split" if split else "demo.show_tour"))
    demo_seats.leave(response)
    # What the phone's pages keep belongs to a plant that is gone.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _tour() -> Tour | None:
    return cast("Tour | None", current_app.extensions.get("shiftapp.demo"))


def _running() -> Tour:
    tour = _tour()
    assert tour is not None  # `only_in_a_demo` has looked
    return tour


def _live_on() -> None:
    tour = _tour()
    if tour is not None and request.endpoint != "static":
        tour.catch_up(now_ms())


def _person(part: str) -> Row:
    found = people.by_no(store(), _running().parts.get(part, ""))
    if found is None:
        raise NotFound
    return found


def _parts() -> dict[str, Row]:
    return {part: _person(part) for part in _running().parts}


def _post_of(part: str) -> Row:
    """The station where somebody of the tour works."""
    post = people.posts(store(), _person(part)["id"])[0]
    found = places.station(store(), post.station)
    assert found is not None  # the demo's posts are at its stations
    return found


def _station_url(station: str) -> str:
    mac = qr.code.mac(keys().station_secret, station)
    return url_for("worker.show_station", code=station, mac=mac)


def _public() -> str:
    return "/en/" if language() == "en" else "/"


def _stops() -> list[Stop]:
    day = shifts.site_day(plant_time.zone(), _running().start_ms)
    at = {
        key: cycles.window(day, clock, 1, plant_time.zone()).starts_ms
        for key, clock in STOPS.items()
    }
    return [Stop(key, at_ms, at_ms <= now_ms()) for key, at_ms in at.items()]


def _steps() -> list[demo_steps.Step]:
    day = shifts.site_day(plant_time.zone(), _running().start_ms)
    cutoff = next(stop for stop in _stops() if stop.key == "cutoff")
    return demo_steps.steps(_person("operator"), day.isoformat(), cutoff.at_ms)


def _wanted_ms(key: str) -> int:
    """The instant a button means.

    :raises Problem: 400 for a button that is not there.
    """
    if key in STEPS_MS:
        return now_ms() + STEPS_MS[key]
    for stop in _stops():
        if stop.key == key:
            return stop.at_ms
    raise Problem(400, "bad_request", "看不懂这个请求。回上一页再试。")


def _see(url: str) -> Response:
    """303 to a page of ours; a plain Flask response, because cookies go on it."""
    return Response(status=303, headers={"Location": url})


def _back() -> str:
    """The page of the tour that asked."""
    wanted = request.form.get("next", "")
    own = url_for("demo.show_controls")
    return own if wanted == own else url_for("demo.show_tour")
