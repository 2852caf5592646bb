"""Where the files of a log are read: over HTTP from its public address, or from an install here."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from shiftapp.commands.speech import refuse
from shiftapp.commands.verify_fetch import fetch
from shiftapp.ledger import policy
from shiftapp.ledger.policy import Policy
from shiftapp.ledger.verify_files import Get, Missing, limit
from shiftapp.model import log_files
from shiftapp.store import Db


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
        try:
            return fetch(f"{prefix}/{path}", limit(path))
        except click.ClickException as error:
            raise Unreachable(error.message) from error

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
            "这里没有公开账本（看看网址），或者账本没有公布见证规则（用 --policy 给一份）。",
            "There is no log here (look at the address), or it publishes no policy (give one with"
            " --policy).",
        ) from error
    except ValueError as error:
        raise refuse(f"见证规则不能用：{error}", f"The policy cannot be used: {error}") from error
    if not found.logs:
        raise refuse("见证规则里没有这本账的公钥。", "The policy names no log.")
    return found
