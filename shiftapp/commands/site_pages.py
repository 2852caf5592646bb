"""The public site as files: every page as the web application shows it to a stranger.

What belongs to it is asked of the application's own routes (the blueprint `public`), and of the
links on its pages. A page becomes a folder with `index.html`; links are made relative, so that the
copy works in any folder of any host, or from a stick; what needs the server leads there by its full
address, and forms are left out.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from shiftapp.problems import Problem
from shiftapp.web.copied import COPIED

PAGE = "index.html"
OURS = ("public.", "static")
# How a phone comes to trust this server, of no use on another one; and what asks for its log.
NOT_COPIED = ("/trust", "/en/trust", "/verify", "/en/verify")
WHEN_LINKED = (".tlog-proof",)  # what is not there for every announcement
TAG = re.compile(r"<[a-zA-Z][^>]*>")
LINK = re.compile(r'(\s(?:href|src)=")([^"]*)"')
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)


class File(NamedTuple):
    """A file of the copy; `for_ever`: it never changes once it is there."""

    name: str
    data: bytes
    for_ever: bool


Tell = Callable[[int, int], object]  # so many done, so many known
Kept = Callable[[str], bytes | None]


def files(app: Flask, url: str, ids: list[str], kept: Kept, tell: Tell) -> Iterator[File]:
    """Every file of the copy. `url`: the server's public address; `kept`: what need not be made.

    :raises Problem: 500 `page_fails` when a page cannot be shown.
    """
    site = _Site(app, url)
    for path in roots(app, ids):
        site.want(path)
    while site.waiting:
        yield site.next(kept)
        tell(site.done, len(site.wanted))


def roots(app: Flask, ids: list[str]) -> list[str]:
    """The addresses of public pages that need no link: those without a variable, and by id."""
    found = []
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("public.") or rule.rule.startswith(NOT_COPIED):
            continue
        if not rule.arguments:
            found.append(rule.rule)
        elif rule.arguments == {"id"} and not rule.rule.endswith(WHEN_LINKED):
            found += [rule.rule.replace("<id>", id) for id in ids]
    return sorted(found)


def name_of(path: str, query: str = "") -> str:
    """Where an address lies in the copy: a file under its own name, a page as a folder."""
    bare = path.strip("/")
    if "." in posixpath.basename(bare):
        return bare
    part = re.sub(r"[^A-Za-z0-9.]+", "-", query).strip("-")
    return posixpath.join(bare, part, PAGE)


class _Site:
    """The pages still to be asked for, and those that were."""

    def __init__(self, app: Flask, url: str) -> None:
        self.client: FlaskClient = app.test_client()
        self.routes = app.url_map.bind("localhost")
        self.url = url
        self.wanted: dict[str, str] = {}  # name → address
        self.waiting: deque[str] = deque()

    @property
    def done(self) -> int:
        return len(self.wanted) - len(self.waiting)

    def want(self, address: str) -> str:
        """Have an address in the copy; gives its name there."""
        parts = urlsplit(address)
        name = name_of(parts.path, parts.query)
        if name not in self.wanted:
            self.wanted[name] = address
            self.waiting.append(name)
        return name

    def next(self, kept: Kept) -> File:
        name = self.waiting.popleft()
        if (data := kept(name)) is not None:
            return File(name, data, True)
        answer = self.client.get(
            self.wanted[name], base_url=self.url, environ_overrides={COPIED: True}
        )
        is_page = answer.mimetype == "text/html"
        if answer.status_code != 200 or is_page != name.endswith(PAGE):
            raise Problem(
                500,
                "page_fails",
                "网页 %(path)s 出不来（%(status)s），没有导出。",
                params={"path": self.wanted[name], "status": answer.status_code},
            )
        data = self._moved(answer.text, name).encode() if is_page else answer.data
        answer.close()
        return File(name, data, bool(answer.cache_control.immutable) and not is_page)

    def _moved(self, text: str, name: str) -> str:
        """A page without forms, its links leading from where it lies."""
        here = urlsplit(self.wanted[name]).path

        def link(found: re.Match[str]) -> str:
            return f'{found[1]}{html.escape(self._to(html.unescape(found[2]), here, name))}"'

        return TAG.sub(lambda tag: LINK.sub(link, tag[0]), FORM.sub("", text))

    def _to(self, link: str, here: str, name: str) -> str:
        """Where a link of a page leads in the copy."""
        if link.startswith(f"{self.url}/"):
            link = link.removeprefix(self.url)
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not (parts.path or parts.query):
            return link
        address = urljoin(here, link)
        parts = urlsplit(address)
        if not self._is_ours(parts.path) or self._asks_file(parts.path, parts.query):
            return self.url + address
        is_static = parts.path.startswith("/static/")
        target = self.want(parts.path if is_static else address.partition("#")[0])
        way = posixpath.relpath(target, posixpath.dirname(name) or ".")
        tail = f"?{parts.query}" if is_static and parts.query else ""  # the hash of its content
        return way + tail + (f"#{parts.fragment}" if parts.fragment else "")

    def _is_ours(self, path: str) -> bool:
        if path.startswith(NOT_COPIED):
            return False
        try:
            endpoint, _ = self.routes.match(path, method="GET")
        except HTTPException:
            return False
        return str(endpoint).startswith(OURS)

    def _asks_file(self, path: str, query: str) -> bool:
        """A file whose content depends on a query: no name says which."""
        return bool(query) and not path.startswith("/static/") and not name_of(path).endswith(PAGE)
