"""What a phone keeps to start without a signal: script, style, shell, service worker, manifest.

The shell is the worker app's page without a person and without a place, from the very templates of
the online pages; the script fills it from the pack that the phone holds. The service worker keeps
one version of all of it, whole or not at all (pwa brief §1.4).
"""

from __future__ import annotations

import functools
import hashlib
import json

import rjsmin
from flask import Blueprint, Response, g, render_template, request, url_for
from flask_babel import gettext, refresh

from shiftapp import __version__
from shiftapp.problems import Problem
from shiftapp.web import assets, joined
from shiftapp.web.context import context, settings
from shiftapp.web.language import language

bp = Blueprint("shell", __name__, url_prefix="/W")

FOREVER = "public, max-age=31536000, immutable"
ASK = "no-cache"
WORKER, WORKER_OFF, SCANNER = (
    assets.STATIC / "js" / name for name in ("sw.js", "sw_off.js", "scan.js")
)
READER = ("vendor/zxing_reader.js", "vendor/zxing_reader.wasm")
SCAN_CSP = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
ICONS = ((192, "any"), (512, "any"), (512, "maskable"))

# A station and a job without content: the templates draw every part, the script fills it.
NO_STATION = {"code": "", "name": "", "risk": "D", "place": "-", "area_name": ""}
NO_RISK = {"level": "D", "hazard": "", "defence": ""}
NO_CARD = {"risks": [NO_RISK], "consequence": "", "measures": "", "emergency": ""}
NO_JOB = {"code": "", "name": "", "card": NO_CARD, "checklist": None}


@bp.get("/app.<any(zh, en):lang>.js")
def app_script(lang: str) -> Response:
    """The worker app: its modules joined, under an address that changes with them."""
    text, version = joined.script(lang)
    return _lasting(text, version, "text/javascript")


@bp.get("/more.<any(zh, en):lang>.js")
def more_script(lang: str) -> Response:
    """What is loaded when something asks for it; of another version than the page's it is not here.

    It takes its modules from the first script by that one's address: another version of it would
    start a second app in the page.
    """
    text, version = joined.more(lang, script_url(lang))
    if request.args.get("v") != version:
        raise Problem(404, "not_found", "换上新版本再用。")
    return _lasting(text, version, "text/javascript")


@bp.get("/scan.js")
def scan_worker() -> Response:
    """The worker that reads QR codes, under a policy of its own: it alone may compile (pwa §3)."""
    response = _lasting(*_scanner(), "text/javascript")
    response.headers["Content-Security-Policy"] = SCAN_CSP
    return response


@bp.get("/app.css")
def app_style() -> Response:
    """Its styles, in the same way."""
    text, version = joined.style()
    return _lasting(text, version, "text/css")


@bp.get("/shell.<any(zh, en):lang>")
def show_shell(lang: str) -> Response:
    """The page that the phone fills from what it keeps."""
    return _asked_for(_shell(lang, *_addresses(lang).values()), "text/html")


@bp.get("/sw.<any(zh, en):lang>.js")
def service_worker(lang: str) -> Response:
    """The service worker with the list of what it keeps; switched off: one that takes itself away.

    Its version is a hash of all it keeps: another script, style or shell is another version.
    """
    if not context().config.service_worker:
        return _asked_for(WORKER_OFF.read_text("utf-8"), "text/javascript")
    now = _addresses(lang)
    kept = [f"/W/shell.{lang}", now["script"], now["style"], assets.static("icons/icon.svg")]
    rest = [now["more"], now["scan"], now["qr"], *map(assets.static, READER)]
    whole = "\n".join([*kept, *rest, _shell(lang, *now.values())])
    version = hashlib.sha256(whole.encode()).hexdigest()[:10]
    names = "".join(
        f"const {name} = {json.dumps(value)};\n"
        for name, value in (("VERSION", version), ("KEPT", kept), ("REST", rest))
    )
    return _asked_for(names + rjsmin.jsmin(WORKER.read_text("utf-8")), "text/javascript")


@bp.get("/app.<any(zh, en):lang>.webmanifest")
def manifest(lang: str) -> Response:
    """What an installed app is called and looks like; a browser tab stays the main case."""
    _speak(lang)
    now = settings()
    name = now.name_en if lang == "en" and now.name_en else now.name
    icons = [
        {
            "src": assets.static(f"icons/app-{purpose}-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in ICONS
    ]
    content = {
        "id": "/W/",
        "start_url": "/W/",
        "scope": "/W/",
        "display": "standalone",
        "lang": "en" if lang == "en" else "zh-CN",
        "name": f"{gettext('班前安全承诺')} · {name}" if name else gettext("班前安全承诺"),
        "short_name": gettext("班前承诺"),
        "background_color": "#ffffff",
        "theme_color": "#14171a",
        "icons": icons,
    }
    text = json.dumps(content, ensure_ascii=False)
    response = Response(text, content_type="application/manifest+json")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def script_url(lang: str) -> str:
    """The address of the script in a language."""
    return url_for("shell.app_script", lang=lang, v=joined.script(lang)[1])


def style_url() -> str:
    """The address of the style sheet."""
    return url_for("shell.app_style", v=joined.style()[1])


def addresses() -> dict[str, str]:
    """What a page of the worker app names, in its language."""
    lang = language()
    manifest = url_for("shell.manifest", lang=lang)
    return {**_addresses(lang), "manifest": manifest, "version": __version__}


def scan_url() -> str:
    """The address of the worker that reads QR codes."""
    return url_for("shell.scan_worker", v=_scanner()[1])


def _addresses(lang: str) -> dict[str, str]:
    """What changes its address with its content: `script`, `style`, and what is loaded when needed:
    `more`, the worker `scan`, and `qr`, which draws codes.
    """
    first = script_url(lang)
    return {
        "script": first,
        "style": style_url(),
        "more": url_for("shell.more_script", lang=lang, v=joined.more(lang, first)[1]),
        "scan": scan_url(),
        "qr": assets.static("vendor/lean-qr.mjs"),
    }


def _scanner() -> tuple[str, str]:
    """The text of the scanner's worker, and the hash that names it."""
    reader, wasm = (json.dumps(assets.static(path)) for path in READER)
    text = f"const READER = {reader};\nconst WASM = {wasm};\n" + SCANNER.read_text("utf-8")
    return text, hashlib.sha256(text.encode()).hexdigest()[:10]


@functools.lru_cache(maxsize=8)
def _shell(lang: str, *names: str) -> str:
    """The shell of a version, drawn once: every phone asks for its service worker with every page.

    `names` are the addresses that it names; nothing else in it changes.
    """
    _speak(lang)
    return render_template(
        "worker/shell.html",
        view="shell",
        station=NO_STATION,
        mac=None,
        jobs=[NO_JOB, NO_JOB],
        job=NO_JOB,
        phone="-",
        account=None,
        **addresses(),
    )


def _speak(lang: str) -> None:
    """The language is the address's here, not the visitor's: everybody's phone keeps the same."""
    if language() != lang:
        g.language = lang
        refresh()  # type: ignore[no-untyped-call]  # flask-babel is untyped


def _asked_for(text: str, kind: str) -> Response:
    """Something that is asked for every time, whether it is still the same."""
    response = Response(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Cache-Control"] = ASK
    return response


def _lasting(text: str, version: str, kind: str) -> Response:
    response = Response(text, content_type=f"{kind}; charset=utf-8")
    if request.args.get("v") == version:
        response.headers["Cache-Control"] = FOREVER
    return response
