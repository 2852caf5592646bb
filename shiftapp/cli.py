"""The command `shiftapp`: one group, each command in its own file under commands/."""

from __future__ import annotations

from typing import Any

import click

import shiftapp
from shiftapp.commands import (
    announce,
    backup,
    demo,
    devices,
    doctor,
    export,
    import_,
    init,
    migrate,
    serve,
    shifts,
    user,
    verify,
)
from shiftapp.commands.speech import sentence
from shiftapp.problems import Problem


class Commands(click.Group):
    """Says a refusal in one line and ends with 1; never a traceback for what a person can mend."""

    def invoke(self, ctx: click.Context) -> Any:  # click's own signature
        try:
            return super().invoke(ctx)
        except Problem as problem:
            raise click.ClickException(f"{sentence(problem)} [{problem.code}]") from problem

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of an operator's first day."""
        return list(self.commands)


@click.group("shiftapp", cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(shiftapp.__version__, "-V", "--version", message="%(prog)s %(version)s")
def main() -> None:
    """Pre-shift safety commitments and pointing-and-calling (班前安全承诺与手指口述)."""


for command in (
    demo.demo,
    init.init,
    export.export,
    import_.import_,
    serve.serve,
    shifts.shifts,
    user.user,
    devices.devices,
    announce.announce,
    backup.backup,
    backup.restore,
    migrate.migrate,
    doctor.doctor,
    verify.verify,
):
    main.add_command(command)
