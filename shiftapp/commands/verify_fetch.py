"""Where `verify` gets the files of a log from: another machine, by http.

Nobody on the other side is trusted: every answer has a limit, and a redirect stays with the same
host. The environment's proxy and certificates are the reader's own business and are used.
"""

from __future__ import annotations

import re
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage
from typing import IO, NamedTuple

from click import ClickException

from shiftapp.commands.speech import refuse
from shiftapp.ledger import proof as proofs
from shiftapp.ledger.verify_files import MAX_NOTE, Missing, limit

TIMEOUT_S = 20
MOST_PAGE = 2 << 20  # bytes of a page or a proof file
ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_LINK = re.compile(r'href="/announcements/([A-Za-z0-9-]{1,64})\.(?:tlog-proof|json)"')

Seen = Callable[[str, bytes], object]  # path, bytes


class Asked(NamedTuple):
    """What an address asks for: a site, and an announcement by its id or by its place."""

    site: str
    id: str = ""
    place: int | None = None


def asked(url: str) -> Asked:
    """What the address of an announcement, of a front page or of a log's file asks for.

    :raises ClickException: no address of a site.
    """
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
        raise refuse(f"看不懂这个网址：{url}", f"This address is not understood: {url}")
    site, path = f"{parts.scheme}://{parts.netloc}", parts.path
    if found := re.fullmatch(r"(.*)/log/announcement/([0-9]{1,15})(?:/parts)?", path):
        return Asked(site + found[1], place=int(found[2]))
    path = re.sub(r"/en(?=/|$)", "", path)
    id = urllib.parse.parse_qs(parts.query).get("a", [""])[0]
    if (found := re.fullmatch(r"(.*)/verify/?", path)) and ID.fullmatch(id):
        return Asked(site + found[1], id=id)
    if found := re.fullmatch(r"(.*)/announcements/([A-Za-z0-9-]{1,64})(?:\.[a-z-]+)?/?", path):
        return Asked(site + found[1], id=found[2])
    return Asked(site + path.rstrip("/"))


def _split(url: str) -> urllib.parse.SplitResult | None:
    try:
        return urllib.parse.urlsplit(url)
    except ValueError:  # half of an IPv6 address
        return None


def newest(site: str) -> str:
    """The id of the announcement on a front page.

    :raises ClickException: there is none, or no answer.
    """
    try:
        page = fetch(f"{site}/", MOST_PAGE).decode("utf-8", "replace")
    except Missing:
        page = ""
    found = _LINK.search(page)
    if found is None:
        raise refuse(
            f"{site}/ 上没有公告。给出一份公告的网址。",
            f"There is no announcement on {site}/: give the address of one.",
        )
    return found[1]


def index_of(site: str, id: str) -> int:
    """The place of an announcement in the log, as its proof file says.

    :raises ClickException: there is no proof of it, or no answer.
    """
    try:
        text = fetch(f"{site}/announcements/{id}.tlog-proof", MOST_PAGE).decode("utf-8", "replace")
        return proofs.parse(text).index
    except (Missing, ValueError) as error:
        raise refuse(
            f"{site} 没有公告 {id} 的证明：还没有封存，或者没有这份公告。",
            f"{site} has no proof of announcement {id}: it is not sealed yet, or there is none.",
        ) from error


def policy_of(origin: str) -> str:
    """The policy that a log publishes of itself; an origin is an address without its scheme.

    :raises ClickException: there is none, or no answer.
    """
    try:
        return fetch(f"https://{origin}/policy", MAX_NOTE).decode("utf-8", "replace")
    except (Missing, ClickException) as error:
        raise refuse(
            f"读不到 {origin} 的策略。用 --policy 给出文件。",
            f"The policy of {origin} cannot be read: give a file by --policy.",
        ) from error


class Web:
    """The files of a log behind an address; keeps what it fetched, to be saved."""

    def __init__(self, site: str, seen: Seen = lambda *_: None) -> None:
        self.prefix, self.seen = f"{site}/log", seen
        self.files: dict[str, bytes] = {}

    def get(self, path: str) -> bytes:
        """A file of the log.

        :raises Missing: it is not there, or longer than it can be.
        :raises ClickException: no answer.
        """
        if path not in self.files:
            self.files[path] = fetch(f"{self.prefix}/{path}", limit(path))
        self.seen(path, self.files[path])
        return self.files[path]


def fetch(url: str, most: int) -> bytes:
    """What is behind an address.

    :raises Missing: nothing, or more than `most` bytes.
    :raises ClickException: no answer, or none that is one.
    """
    request = urllib.request.Request(url, headers={"User-Agent": "shiftapp verify"})
    try:
        with _opener().open(request, timeout=TIMEOUT_S) as answer:
            data: bytes = answer.read(most + 1)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in (404, 410):
            raise Missing from error
        raise _no_answer(url, f"HTTP {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise _no_answer(url, _why(error)) from error
    if len(data) > most:
        raise Missing
    return data


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_SameOrigin())


class _SameOrigin(urllib.request.HTTPRedirectHandler):
    """A redirect to another host would let that one speak for the log."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        old, new = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        if (old.scheme, old.netloc) != (new.scheme, new.netloc):
            fp.close()
            raise ValueError(f"it leads to another place: {new.scheme}://{new.netloc}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, socket.gaierror):
        return "no such host"
    if isinstance(reason, TimeoutError):
        return "timeout"
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"certificate: {reason.verify_message}"
    return str(reason)


def _no_answer(url: str, why: str) -> ClickException:
    return refuse(f"读不到 {url}：{why}", f"{url} cannot be read: {why}")
