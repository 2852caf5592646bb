"""`shiftapp devices`: the enrolled phones and tablets, and stopping a lost one."""

from __future__ import annotations

import time
from pathlib import Path

import click

from shiftapp.commands.install import data_option, json_option, opened
from shiftapp.commands.speech import pick, print_json, print_table, say
from shiftapp.model import audit
from shiftapp.model import devices as model_devices
from shiftapp.store import Row

COLUMNS = (
    "id",
    "kind",
    "owner_no",
    "owner",
    "label",
    "enrolled_ms",
    "seen_ms",
    "unsent",
    "revoked_ms",
)


@click.group()
def devices() -> None:
    """Enrolled phones and tablets."""


@devices.command("list")
@click.option("--no", default="", help="Only those of this employee number.")
@data_option
@json_option
def list_devices(no: str, data: Path | None, as_json: bool) -> None:
    """List devices, last seen first."""
    with opened(data) as install:
        found = model_devices.listing(install.store, no)
    if as_json:
        print_json([{key: row[key] for key in COLUMNS} for row in found])
        return
    heads = ["id", pick("类型", "kind"), pick("工号", "number"), pick("姓名", "name")]
    heads += [pick("最近使用 UTC", "last seen UTC"), pick("状态", "state")]
    print_table(heads, [_line(row) for row in found])


@devices.command("revoke")
@click.argument("device")
@data_option
def revoke_device(device: str, data: Path | None) -> None:
    """Stop DEVICE (its id) and end the sessions on it.

    What it has sealed stays on it and is delivered after it is enrolled again.
    """
    with opened(data) as install, install.store.tx() as db:
        model_devices.device_row(db, device)
        model_devices.revoke(db, device, "cli", install.now_ms())
        audit.note(db, install.now_ms(), None, "device.revoke", device)
    say(f"已停用 {device}", f"Revoked {device}")


def _line(row: Row) -> list[str]:
    seen = time.strftime("%Y-%m-%d %H:%M", time.gmtime(row["seen_ms"] / 1000))
    state = pick("在用", "active") if row["revoked_ms"] is None else pick("已停用", "revoked")
    return [row["id"], row["kind"], row["owner_no"] or "-", row["owner"] or "-", seen, state]
