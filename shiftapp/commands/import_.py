"""`shiftapp import`: a filled-in workbook becomes the plant, all of it or nothing."""

from __future__ import annotations

import contextlib
import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from shiftapp.commands.install import Install, data_option, json_option, opened
from shiftapp.commands.speech import chinese, pick, print_json, print_table, say
from shiftapp.exchange import telling
from shiftapp.exchange.applying import apply
from shiftapp.exchange.changes import Changes, changes
from shiftapp.exchange.faults import Fault
from shiftapp.exchange.reading import read_workbook

MARKS = {"added": "+", "changed": "~", "deactivated": "-"}


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@data_option
@json_option
def import_(file: Path, dry_run: bool, data: Path | None, as_json: bool) -> None:
    """Bring the plant in from a workbook FILE; nothing is imported unless all of it is good.

    Import it again after a change: what differs is updated, what is not in it stays.
    """
    with opened(data) as install:
        found = _bring_in(install, file, dry_run)
    written = not found.faults and not dry_run
    if as_json:
        print_json({"imported": written, "dry_run": dry_run, **telling.as_dict(found)})
    elif found.faults:
        _say_faults(found.faults)
    else:
        _say_changes(found, dry_run)
    if found.faults:
        sys.exit(1)


def _bring_in(install: Install, file: Path, dry_run: bool) -> Changes:
    with _bar(pick("读", "Reading")) as tell, file.open("rb") as stream:
        plan = read_workbook(stream, tell)
    now_ms = install.now_ms()
    if dry_run:
        return changes(install.store, plan, now_ms)
    # Compared and written in one transaction: nobody changes anything in between.
    with install.store.tx() as db:
        found = changes(db, plan, now_ms)
        if found.faults:
            return found
        total = max(found.total, 1)
        with _bar(pick("写", "Writing")) as tell:
            apply(
                db,
                found,
                now_ms,
                secrets.token_bytes,
                by=None,
                name=file.name,
                progress=lambda done: tell(done, total),
            )
    return found


@contextlib.contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error; its length comes with the first call."""
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield tell
        bar.update((bar.length or 1) - bar.pos)


def _say_faults(faults: list[Fault]) -> None:
    for one in faults:
        place, said = (one.where, one.zh) if chinese() else (one.where_en, one.en)
        click.echo(f"{place or pick('文件', 'file')}: {said} [{one.code}]", err=True)
    click.echo(
        pick(
            f"{len(faults)} 处要改，什么也没有导入。",
            f"{len(faults)} to mend; nothing was imported.",
        ),
        err=True,
    )


def _say_changes(found: Changes, dry_run: bool) -> None:
    heads = [
        pick(*pair)
        for pair in (
            ("", ""),
            ("新增", "new"),
            ("改动", "changed"),
            ("停用", "ended"),
            ("不变", "same"),
        )
    ]
    lines = telling.summaries(found)
    if lines:
        print_table(
            heads,
            [
                (pick(one.zh, one.en), one.added, one.changed, one.deactivated, one.unchanged)
                for one in lines
            ],
        )
    for one in lines:
        for kind, examples in one.examples.items():
            for example in examples if kind != "added" or dry_run else ():
                click.echo(f"  {MARKS[kind]} {pick(one.zh, one.en)} {example.line(chinese())}")
    for note in found.notes:
        click.echo(pick(f"注意：{note.where} {note.zh}", f"Note: {note.where_en}: {note.en}"))
    _say_next(found, dry_run)


def _say_next(found: Changes, dry_run: bool) -> None:
    if dry_run:
        say("只是试一下，什么也没有写。", "A dry run: nothing was written.")
    elif not found.total:
        say("和现有的一样，什么也没有改。", "Nothing differs: nothing was changed.")
    else:
        say(
            f"导入了 {found.total} 条。下一步：shiftapp export --posters posters.pdf 打印海报，"
            "shiftapp export --cards cards.pdf 打印登记卡（7 天内有效），shiftapp serve 开始用。",
            f"Imported {found.total} records. Next: shiftapp export --posters posters.pdf,"
            " shiftapp export --cards cards.pdf (good for 7 days), then shiftapp serve.",
        )
