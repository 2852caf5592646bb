"""The gate display: the announcement for a screen or an LED wall at the gate, without a script.

The page asks again every minute, and turns to "expired" by itself: its classes spell the seconds
left when it was made, and the stylesheet waits that long (display.css). It is never kept by a
cache, so that it is shown when it is made. A device that slept counts on where it stopped; then
the next asking puts it right. Each answer goes by the clock of the server, none by that of the
screen, which may be wrong.
"""

from __future__ import annotations

from flask import Response, current_app, request
from flask_babel import gettext

import qr.code
from shiftapp.model import announcement_archive, figures
from shiftapp.model.announcements import Doc
from shiftapp.problems import Problem
from shiftapp.web import display_figures, display_fit, display_lines
from shiftapp.web.context import now_ms, settings, store
from shiftapp.web.copied import copied
from shiftapp.web.dates import in_words
from shiftapp.web.language import language, named
from shiftapp.web.plant_time import plant_time
from shiftapp.web.public import CSP, bp
from shiftapp.web.public_caching import kept
from shiftapp.web.public_seal import holds

__all__ = ["bp"]  # the public pages, with these

ASK_S = 60  # the page is asked for again
ENCODINGS = {"utf-8": "utf-8", "gb18030": "gb18030", "gbk": "gb18030"}
NARROWEST, WIDEST = 8, 200  # half-width signs of a line


@bp.get("/display")
@bp.get("/en/display")
def show_display() -> Response:
    """The newest announcement in large letters, that it has expired, or that there is none."""
    doc, why_not = _newest()
    left_s = _left_s(doc) if doc else 0
    html = current_app.jinja_env.get_template("display/display.html").render(
        settings=settings(),
        plant_time=plant_time(),
        doc=doc,
        left_s=left_s,
        ask_s=min(ASK_S, left_s + 1) if left_s else ASK_S,
        **(_shown(doc) if doc else _nothing(why_not)),
    )
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = CSP.format(
        forms="'none'", ancestors="'self'" if settings().demo else "'none'"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/display.txt")
@bp.get("/en/display.txt")
def show_lines() -> Response:
    """The same in plain text for an LED controller; `?width=`, `?encoding=gb18030`."""
    encoding, width = _encoding(), _width()
    doc, why_not = _newest()
    left_s = _left_s(doc) if doc else 0
    said = _lines(doc, left_s) if doc else [_name(), why_not]
    said = [line for line in said if line]
    if width:
        said = [part for line in said for part in display_lines.wrapped(line, width)]
    data = "".join(f"{line}\n" for line in said).encode(encoding)
    response = Response(data, content_type=f"text/plain; charset={encoding}")
    return kept(response, until_ms=doc["valid_until_ms"] if doc and left_s else None)


def _newest() -> tuple[Doc | None, str]:
    """The newest document, or why none is shown: what no longer is what was signed never is."""
    found = announcement_archive.newest(store())
    if found is None:
        return None, gettext("还没有公告。")
    if not holds(found):
        return None, gettext("公告和签名对不上，不能算数。")
    return found["doc"], ""


def _lines(doc: Doc, left_s: int) -> list[str]:
    if not left_s:
        return display_lines.over(doc)
    said = display_lines.holding(doc, f"{gettext('安全承诺公告')} {_when(doc)}")
    if copied():
        said.insert(-1, gettext("过了有效期就不再算数"))
    return said


def _left_s(doc: Doc) -> int:
    """Whole seconds that it still holds, rounded down: rather early than late."""
    return max(0, (int(doc["valid_until_ms"]) - now_ms()) // 1000)


def _shown(doc: Doc) -> dict[str, object]:
    key = "en" if language() == "en" else "zh"
    words, said = doc["text"][key], [one[key] for one in doc["named"]]
    name, kind, when = named(doc["enterprise"]), _kind(), _when(doc)
    long, by = display_fit.name_class(name, f"{kind} {when}"), _by(doc)
    fitted = display_fit.fit(words, said, tall=display_fit.tall(name if long else "", by))
    code, last = _code(), 2 + fitted.shown
    return {
        "name": name,
        "kind": kind,
        "when": when,
        "long": long,
        "sentences": display_fit.sentences(words),
        "said": said[: fitted.shown],
        "more": fitted.left,
        "fitted": fitted.classes,
        "title": _title(doc),
        "beside": by[1:],
        "last": last,
        "turns": last + (2 if code else 1),
        "code": code,
        "panels": display_figures.panels(doc),
        "wait": "" if copied() else _wait(_left_s(doc)),
    }


def _by(doc: Doc) -> list[str]:
    """What stands in the line of the signatory, the signatory first; what fits of the rest."""
    who = f"{_title(doc)} {named(doc['signatory'])}"
    over = [gettext("带着没处理的事签发")] if doc["override"] else []
    more = [] if doc["named"] else display_figures.facts(doc)  # what is open needs the room
    return display_fit.beside([who, *over, *more])


def _title(doc: Doc) -> str:
    return named(doc["signatory"], "title") or gettext("签发人")


def _nothing(why: str) -> dict[str, object]:
    when = figures.times(store(), settings(), figures.today(store(), now_ms()))
    return {
        "name": _name(),
        "kind": _kind(),
        "why": why,
        "due_ms": when.due_ms if settings().rhythm == "daily" else None,
        "code": _code(),
    }


def _name() -> str:
    return named({"name": settings().name, "name_en": settings().name_en})


def _kind() -> str:
    """What this is. The English words are long for a sign at a gate."""
    return gettext("安全承诺") if language() == "en" else gettext("安全承诺公告")


def _when(doc: Doc) -> str:
    """The day, or first and last of a period."""
    day = in_words(doc["last"], "day")
    return day if doc["first"] == doc["last"] else f"{in_words(doc['first'], 'day')}–{day}"


def _wait(left_s: int) -> str:
    """Seconds as classes, a digit each, units first: `t0-9 t1-5` is 59 s (display.css)."""
    digits = reversed(str(left_s))
    return " ".join(f"t{place}-{digit}" for place, digit in enumerate(digits) if digit != "0")


def _code() -> dict[str, object] | None:
    """The QR symbol of the public page; None where the address is too long for one."""
    address = settings().url.upper() + ("/en/" if language() == "en" else "/")
    for level in ("Q", "L"):
        try:
            matrix = qr.code.qr_matrix(address, level=level)
        except qr.code.AddressError:
            continue
        return {"side": len(matrix), "runs": qr.code.qr_runs(matrix)}
    return None


def _encoding() -> str:
    asked = request.args.get("encoding", "utf-8").lower()
    if asked not in ENCODINGS:
        raise Problem(400, "bad_encoding", "不会这种编码。用 utf-8 或者 gb18030。")
    return ENCODINGS[asked]


def _width() -> int:
    """Half-width signs of a line; 0: lines as long as they are."""
    asked = request.args.get("width", "")
    if not asked:
        return 0
    if not (asked.isascii() and asked.isdigit() and len(asked) < 4):
        raise _bad_width()
    if not NARROWEST <= int(asked) <= WIDEST:
        raise _bad_width()
    return int(asked)


def _bad_width() -> Problem:
    return Problem(
        400,
        "bad_width",
        "宽度是 %(least)s 到 %(most)s 之间的数，汉字算两个。",
        params={"least": NARROWEST, "most": WIDEST},
    )
