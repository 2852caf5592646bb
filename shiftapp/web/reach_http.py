"""One message to one webhook: posted once, its answer read and judged.

http and https only, no redirects (they would carry the message to where nobody put it), ten
seconds a step. A robot answers 200 also when it refuses: its template says which fields must be 0.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO, Any
from urllib.parse import parse_qsl, urlsplit

from shiftapp.exchange import message_signs, messages
from shiftapp.exchange.messages import Fields, Template
from shiftapp.model.deliveries import MAX_ANSWER, Result
from shiftapp.store import Row

TIMEOUT_S = 10.0
LONGEST_S = 30.0  # an answer that comes in drops
MOST_BYTES = 16 * 1024
LEAST_SECRET = 8  # shorter values of a query are no secrets


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: it is an answer like any other that is not 2xx."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        return None


def post(channel: Row, template: Template, fields: Fields, wall_ms: int) -> Result:
    """Post a message; what comes back, or why nothing did."""
    url, secret = channel["target"], channel["secret"]
    body = messages.payload(template, fields)
    url, body = message_signs.signed(template.sign, url, body, secret, wall_ms)
    request = urllib.request.Request(
        url,
        data=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "shiftapp"},
        method="POST",
    )
    if request.type not in ("http", "https"):
        return Result(False, "not http")
    try:
        result = _ask(request, template)
    except urllib.error.URLError as error:
        result = Result(False, _reason(error.reason))
    except (OSError, HTTPException) as error:
        result = Result(False, _reason(error))
    return Result(result.taken, _without(result.answer, _secrets(channel["target"], secret)))


def _ask(request: urllib.request.Request, template: Template) -> Result:
    opener = urllib.request.build_opener(_Stay())
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            status, said = answer.status, _read(answer)
    except urllib.error.HTTPError as error:
        with error:
            return Result(False, _shown(error.code, _read(error)))
    taken = 200 <= status < 300 and _is_zero(said, template.zero)
    return Result(taken, _shown(status, said))


def _read(answer: HTTPResponse | urllib.error.HTTPError) -> bytes:
    """The beginning of an answer, however slowly it comes; nothing where it breaks off."""
    until, found = time.monotonic() + LONGEST_S, b""
    try:
        while len(found) < MOST_BYTES and time.monotonic() < until:
            part = answer.read1(MOST_BYTES - len(found))
            if not part:
                break
            found += part
    except (OSError, HTTPException):
        pass  # the status line has come: that is what counts
    return found


def _is_zero(said: bytes, names: Iterable[str]) -> bool:
    """Whether the answer says yes: one of the fields is there, and all that are there are 0."""
    wanted = tuple(names)
    if not wanted:
        return True
    try:
        doc: Any = json.loads(said)
    except ValueError:
        return False  # the page of a proxy, say
    if not isinstance(doc, dict):
        return False
    values = [doc[name] for name in wanted if name in doc]
    return bool(values) and all(value == 0 and value is not False for value in values)


def _shown(status: int, said: bytes) -> str:
    text = " ".join(said.decode("utf-8", "replace").split())
    return f"HTTP {status} {text}".strip()[:MAX_ANSWER]


def _reason(error: object) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:MAX_ANSWER]


def _secrets(url: str, secret: str) -> list[str]:
    """What must not come back in an answer: parts of the address that are as good as a password."""
    parts = urlsplit(url)
    values = [value for _, value in parse_qsl(parts.query)]
    found = [url, secret, parts.path.rpartition("/")[2], *values]
    return sorted((one for one in found if len(one) >= LEAST_SECRET), key=len, reverse=True)


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, "…")
    return text
