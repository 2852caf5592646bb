"""The command `shiftapp`: one group, each command in its own file under commands/."""

from __future__ import annotations

import errno
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
    log,
    migrate,
    restore,
    serve,
    shifts,
    user,
    verify,
    witness,
)
from shiftapp.commands.speech import refuse, sentence
from shiftapp.problems import Problem
from shiftapp.store import GONE, CannotOpen

FULL = (errno.ENOSPC, errno.EDQUOT)
# Of a folder or a file that was named; what else goes wrong with files is a fault of ours.
MENDABLE = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.EFBIG, errno.EIO),
    *(errno.ENOENT, errno.EEXIST, errno.ENOTDIR, errno.EISDIR),
    *FULL,
}
SHUT: tuple[type[Exception], ...] = (CannotOpen, *GONE)


class Commands(click.Group):
    """Says a refusal in one line and ends with 1; never a traceback for what a person can mend."""

    def invoke(self, ctx: click.Context) -> Any:  # click's own signature
        try:
            return super().invoke(ctx)
        except Problem as problem:
            raise click.ClickException(f"{sentence(problem)} [{problem.code}]") from problem
        except SHUT as error:
            raise refuse(
                f"数据库打不开：{error}", f"The database cannot be opened: {error}"
            ) from error
        except OSError as error:
            if error.errno not in MENDABLE:
                raise
            raise _files_refuse(error) from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of an operator's first day."""
        return list(self.commands)


def _files_refuse(error: OSError) -> click.ClickException:
    where = "" if error.filename is None else f"{error.filename}: "
    if error.errno in FULL:
        return refuse(
            f"磁盘满了：{where}{error.strerror}。腾出空间再来。",
            f"The disk is full: {where}{error.strerror}. Make room and try again.",
        )
    return refuse(
        f"文件读写不了：{where}{error.strerror}。看看目录、权限和剩余空间。",
        f"A file cannot be read or written: {where}{error.strerror}."
        " Look at folder, permissions and room.",
    )


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
    log.log_group,
    backup.backup,
    restore.restore,
    migrate.migrate,
    doctor.doctor,
    verify.verify,
    witness.witness,
):
    main.add_command(command)
