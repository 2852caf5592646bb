"""How the command line speaks: Chinese on a Chinese terminal, else English; refusals in one line.

Help texts are English; the guide (docs/operate.md) has every command.
"""

from __future__ import annotations

import gettext
import json
import os
from collections.abc import Sequence
from pathlib import Path

import click

from shiftapp.problems import Problem, Twin

TRANSLATIONS = Path(__file__).parent.parent / "translations"


def chinese() -> bool:
    """Whether the terminal's locale is Chinese."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[n] for n in names if os.environ.get(n)), "").lower().startswith("zh")


def pick(zh: str, en: str) -> str:
    """The sentence of the terminal's language."""
    return zh if chinese() else en


def say(zh: str, en: str) -> None:
    """Print a sentence in the terminal's language."""
    click.echo(pick(zh, en))


def refuse(zh: str, en: str) -> click.ClickException:
    """A refusal to raise: one line on standard error, exit code 1."""
    return click.ClickException(pick(zh, en))


def sentence(problem: Problem) -> str:
    """The sentence of a refusal in the terminal's language; Chinese where no English is known."""
    if chinese():
        return problem.detail
    english = gettext.translation("messages", TRANSLATIONS, ["en"], fallback=True)
    template = english.gettext(problem.template)
    params = {
        name: value.en if isinstance(value, Twin) else value
        for name, value in problem.params.items()
    }
    return template % params if params else template


def print_json(value: object) -> None:
    """Print what a program reads."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print columns for people, wide characters counted as two."""
    lines = [list(heads), *([str(cell) for cell in row] for row in rows)]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(heads))]
    for line in lines:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        )
        click.echo("  ".join(cells).rstrip())


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)
