"""`shiftapp log`: the public log, kept and checked by hand; each command in its own file."""

from __future__ import annotations

import click

from shiftapp.commands import log_sequence


@click.group("log")
def log_group() -> None:
    """The public log: keep it, check it."""


for command in (log_sequence.sequence,):
    log_group.add_command(command)
