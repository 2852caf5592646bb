"""Where the files of a log are read: over HTTP from its public address, or from an install here."""

from __future__ import annotations

import gzip
import io
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from shiftapp.commands.speech import refuse
from shiftapp.ledger import policy
from shiftapp.ledger.policy import Policy
from shiftapp.ledger.verify_files import Get, Missing, limit
from shiftapp.model import log_files
from shiftapp.store import Db

TIMEOUT_S = 30.0
GONE = (404, 410)


class Unreachable(Exception):
    """The log cannot be read now: nothing is shown about it."""


def prefix_of(url: str) -> str:
    """Where a log is published, from its address or that of the site.

    :raises click.ClickException: not an address.
    """
    parts = urlsplit(url.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise refuse(f"这不是网址：{url}", f"This is no address: {url}")
    return url.rstrip("/") + ("" if parts.path else "/log")


def over_http(prefix: str) -> Get:
    """Files by GET, each no longer than it can be."""

    def get(path: str) -> bytes:
        request = urllib.request.Request(
            f"{prefix}/{path}", headers={"Accept-Encoding": "gzip", "User-Agent": "shiftapp"}
        )
        most = limit(path)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                data = answer.read(most + 1)
                packed = answer.headers.get("Content-Encoding") == "gzip"
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in GONE:
                raise Missing from error
            raise Unreachable(f"{path}: {error.code}") from error
        except (OSError, ValueError) as error:
            raise Unreachable(f"{path}: {error}") from error
        return _unpacked(data, most) if packed else _bounded(data, most)

    return get


def from_store(db: Db) -> Get:
    """The same files from a database."""

    def get(path: str) -> bytes:
        found = log_files.read(db, path)
        if found is None:
            raise Missing
        return found.data

    return get


def policy_from(get: Get, given: str | None) -> Policy:
    """The policy that was given, else the one the log publishes.

    :raises click.ClickException: there is none, or it cannot be used.
    """
    try:
        found = policy.parse(get("policy").decode() if given is None else given)
    except Missing as error:
        raise refuse(
            "这本账没有公布见证规则：用 --policy 给一份。",
            "This log publishes no policy: give one with --policy.",
        ) from error
    except ValueError as error:
        raise refuse(f"见证规则不能用：{error}", f"The policy cannot be used: {error}") from error
    if not found.logs:
        raise refuse("见证规则里没有这本账的公钥。", "The policy names no log.")
    return found


def _unpacked(data: bytes, most: int) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            return _bounded(stream.read(most + 1), most)
    except (OSError, EOFError) as error:
        raise Missing from error


def _bounded(data: bytes, most: int) -> bytes:
    """What is longer than it can be is not that file."""
    if len(data) > most:
        raise Missing
    return data
