"""The guide names every setting and every command, in words taken from the program itself.

`python -m tests.test_docs` rewrites the generated parts of docs/operate.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from shiftapp.cli import main
from shiftapp.config import SETTINGS

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "operate.md"
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md"))]


def commands(group: click.Group, path: str = "shiftapp") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def settings_table() -> str:
    lines = ["| name | default | meaning | 中文 |", "|---|---|---|---|"]
    for one in SETTINGS:
        default = f"`{one.default}`" if one.default else ""
        lines.append(f"| `{one.name}` | {default} | {one.help} | {one.help_zh} |")
    return "\n".join(lines)


def commands_table() -> str:
    lines = ["| command | what it does |", "|---|---|"]
    for name, command in commands(main):
        arguments = [p.make_metavar(_context(command)) for p in command.params if _is_argument(p)]
        options = [p.opts[0] for p in command.params if not _is_argument(p) and p.name != "data"]
        shown = " ".join([name, *arguments])
        does = command.get_short_help_str(200)
        lines.append(f"| `{shown}` | {does} {' '.join(f'`{o}`' for o in options)} |")
    return "\n".join(lines)


def _context(command: click.Command) -> click.Context:
    return click.Context(command)


def _is_argument(param: click.Parameter) -> bool:
    return isinstance(param, click.Argument)


PARTS = {"settings": settings_table, "commands": commands_table}


def pattern(part: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {part}:[^\n]*-->\n)(.*?)(<!-- /{part} -->)", re.DOTALL)


@pytest.mark.parametrize("part", PARTS)
def test_the_guide_is_up_to_date(part: str) -> None:
    found = pattern(part).search(GUIDE.read_text("utf-8"))
    assert found is not None
    assert found[2].strip() == PARTS[part](), "run: python -m tests.test_docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_local_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_the_docs_exist(page: Path) -> None:
    """Every `shiftapp word` in a code block or span is a command of ours."""
    text = page.read_text("utf-8")
    spans = re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
    words = {w for span in spans for w in re.findall(r"\bshiftapp ([a-z]+)\b", span)}
    assert words - set(main.commands) - {"shiftapp"} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_in_the_docs_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    asked = set(re.findall(r"`make ([a-z-]+)", page.read_text("utf-8")))
    asked |= set(re.findall(r"^make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE))
    assert asked - targets == set()


if __name__ == "__main__":
    guide = GUIDE.read_text("utf-8")
    for name, table in PARTS.items():
        guide = pattern(name).sub(lambda m, t=table: f"{m[1]}{t()}\n{m[3]}", guide)  # type: ignore[misc]
    GUIDE.write_text(guide, "utf-8")
