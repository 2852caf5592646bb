from __future__ import annotations

import pytest

from shiftapp.model import devices
from shiftapp.problems import Problem
from tests.terminal import Cli

DEVICE = "6f1f9a52-0000-4000-8000-000000000001"


@pytest.fixture
def phone(cli: Cli) -> str:
    store = cli.store()
    with store.tx() as db:
        devices.make_code(db, "ABCDEFGH", "shared", None, "admin", 1_000)
        devices.enrol(
            db, "ABCDEFGH", device=DEVICE, secret="s", pubkey=None, held=None, now_ms=2_000
        )
    store.close()
    return DEVICE


def test_it_lists_devices(cli: Cli, phone: str) -> None:
    assert cli.json("devices", "list") == [
        {
            "id": phone,
            "kind": "shared",
            "owner_no": None,
            "owner": None,
            "label": "",
            "enrolled_ms": 2_000,
            "seen_ms": 2_000,
            "unsent": None,
            "revoked_ms": None,
        }
    ]
    assert "active" in cli.run("devices", "list").output
    assert cli.json("devices", "list", "--no", "99") == []


def test_a_revoked_device_may_not_deliver(cli: Cli, phone: str) -> None:
    cli.run("devices", "revoke", phone)
    assert "revoked" in cli.run("devices", "list").output
    store = cli.store()
    with pytest.raises(Problem) as caught:
        devices.by_secret(store, "s", 3_000)
    assert caught.value.code == "device_revoked"
    assert store.value("SELECT what FROM audit ORDER BY seq DESC") == "device.revoke"
    store.close()


def test_an_unknown_device_is_refused(cli: Cli) -> None:
    assert "no_device" in cli.run("devices", "revoke", DEVICE, code=1).output
