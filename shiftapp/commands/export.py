"""`shiftapp export`: the plant as a workbook, or what is printed for it.

One FILE a call: a workbook (or, without an install, the empty form), enrolment cards, posters or
labels. Files that are there stay; cards and workbooks can be read by their owner only.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from shiftapp.commands import cards, posters
from shiftapp.commands.install import Install, data_option, json_option, opened
from shiftapp.commands.speech import pick, print_json, refuse, say
from shiftapp.exchange.writing import write_template, write_workbook

Command = TypeVar("Command", bound=Callable[..., Any])


def _kind(kind: str, help: str) -> Callable[[Command], Command]:
    return click.option(f"--{kind}", "kind", flag_value=kind, help=help)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_kind("template", "The empty form for a new plant; needs no install.")
@_kind("cards", "Enrolment cards to print: makes new single-use codes, good for 7 days.")
@_kind("posters", "A4 posters of the stations to print.")
@_kind("labels", "Small labels of the stations to print.")
@click.option("--crew", default="", help="Cards of one crew (its code).")
@click.option("--all", "everybody_too", is_flag=True, help="Cards also for people with a phone.")
@click.option("--station", "labels", multiple=True, help="Posters of this station (its label).")
@click.option(
    "--png",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also the posters as pictures, into this folder.",
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Of paper."
)
@click.option("--force", is_flag=True, help="Overwrite FILE.")
@data_option
@json_option
def export(
    file: Path,
    kind: str | None,
    crew: str,
    everybody_too: bool,
    labels: tuple[str, ...],
    png: Path | None,
    lang: Any,
    force: bool,
    data: Path | None,
    as_json: bool,
) -> None:
    """Write FILE: a workbook of all the install holds, to keep or to change and import again.

    With an option: the empty form, or what is printed.
    """
    _check(file, kind, force)
    if kind == "template":
        _put(file, write_template())
        _done(as_json, {"file": str(file)}, f"模板：{file}", f"Template: {file}")
        return
    with opened(data) as install:
        if kind is None:
            _put(file, _workbook(install))
            said = {"file": str(file), "bytes": file.stat().st_size}
            _done(as_json, said, f"工作簿：{file}", f"Workbook: {file}")
        elif kind == "cards":
            printed, said = cards.make(install, crew, everybody_too, lang)
            _put(file, printed)
            _done(as_json, {"file": str(file), **said}, *cards.sentences(file, said))
        else:
            printed, said = posters.make(install, kind, labels, png, lang)
            _put(file, printed)
            _done(as_json, {"file": str(file), **said}, *posters.sentences(file, said))


def _check(file: Path, kind: str | None, force: bool) -> None:
    wanted = ".pdf" if kind in ("cards", "posters", "labels") else ".xlsx"
    if file.suffix.lower() != wanted:
        raise refuse(f"文件名要以 {wanted} 结尾：{file}", f"The file ends in {wanted}: {file}")
    if not file.parent.is_dir():
        raise refuse(f"没有文件夹 {file.parent}。", f"There is no folder {file.parent}.")
    if file.exists() and not force:
        raise refuse(
            f"{file} 已经在了，没有覆盖。换个名字，或加 --force。",
            f"{file} is there and was left alone. Choose another name, or add --force.",
        )


def _workbook(install: Install) -> bytes:
    with click.progressbar(length=1, label=pick("写", "Writing"), file=sys.stderr) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        return write_workbook(install.store, install.now_ms(), tell)


def _put(file: Path, content: bytes) -> None:
    """Write the file beside its place and put it there whole; nobody else may read it."""
    beside = file.with_name(f".{file.name}.part")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
    beside.replace(file)


def _done(as_json: bool, said: dict[str, Any], zh: str, en: str) -> None:
    if as_json:
        print_json(said)
    else:
        say(zh, en)
