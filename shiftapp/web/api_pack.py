"""What a phone is told when it asks for its pack: the plant, who is on it, who may come to it."""

from __future__ import annotations

from typing import Any

from shiftapp import __version__
from shiftapp.ledger import sealed_pin
from shiftapp.model import chain_end, device_sites, pack, pack_people, tokens
from shiftapp.store import Row
from shiftapp.web import auth
from shiftapp.web.context import keys, now_ms, settings, store
from shiftapp.web.sealing import secrets


def content(device: Row, have: str | None) -> dict[str, Any]:
    """The pack of a device; `have` is the fingerprint of the plant that it holds already."""
    account = auth.signed_in()
    sid = account.sid if account and account.device == device["id"] else None
    person = account.id if account and sid else None
    pin_key = sealed_pin.point(keys().pin_key.public_key())
    plant = pack.plant(store(), settings(), secrets().mac, pin_key)
    known = pack.fingerprint(plant)
    site = device_sites.site_of(store(), person, device["site"])
    return {
        "v": 1,
        "server_ms": now_ms(),
        "time_token": tokens.make(secrets().token, device["id"], now_ms()),
        "app": __version__,
        "device": {"id": device["id"], "kind": device["kind"]},
        "person": pack.person(store(), person, sid) if person and sid else None,
        "plant": known,
        **({} if have == known else plant),
        **pack.mine(store(), person, now_ms(), site),
        "people": _people(device, site),
        "chain": chain_end.chain_end(store(), device["id"]),
        "checkpoint": pack.newest_checkpoint(store()),
    }


def _people(device: Row, site: Row | None) -> list[dict[str, Any]]:
    """Who may come to a shared device: nobody else may to a personal one."""
    if device["kind"] != "shared":
        return []
    return pack_people.people(store(), site["code"] if site else None, now_ms())
