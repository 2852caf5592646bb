"""`shiftapp doctor`: is this install fit for work? Each finding is a sentence that says what to do.

Looks, changes nothing. Exit code 1 when something is wrong, 0 with warnings alone.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from shiftapp.commands import checkup, log_checkup
from shiftapp.commands.install import config, data_option, json_option, store_of
from shiftapp.commands.speech import print_json
from shiftapp.model import settings as model_settings

MARKS = {"ok": "✓", "warn": "!", "fail": "✗"}


@click.command()
@data_option
@json_option
@click.option("--offline", is_flag=True, help="Do not try the public address.")
def doctor(data: Path | None, as_json: bool, offline: bool) -> None:
    """Check address, https, clock, database, disk, photos, messages, log, fonts, permissions."""
    found = config(data)
    with store_of(found) as store:
        checks = [checkup.schema(store), checkup.disk(found), checkup.permissions(found)]
        checks += [checkup.engine(store), *checkup.private_ca(found)]
        if checks[0].verdict == "ok":
            settings = model_settings.get(store)
            checks += [
                checkup.address(settings),
                checkup.clock(store, settings),
                checkup.fonts(store),
            ]
            checks += [checkup.blobs(store, found), checkup.messages(store)]
            checks.append(log_checkup.log(store, settings, found))
            if not offline:
                checks.append(checkup.reach(settings, found))
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        for check in checks:
            click.echo(f"{MARKS[check.verdict]} {check.name}: {check.says}")
    sys.exit(1 if any(check.verdict == "fail" for check in checks) else 0)
