"""The English catalogue: which texts of ours there are, and whether each has its English.

`python -m tests.catalogue` writes new texts into `shiftapp/translations/en/LC_MESSAGES/messages.po`
(untranslated, with the places they stand at), takes those away that are gone, and compiles the
catalogue. The source language is Chinese: a text is its own message id.
"""

from __future__ import annotations

import ast
import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "shiftapp"
PO = PACKAGE / "translations" / "en" / "LC_MESSAGES" / "messages.po"
CJK = re.compile(r"[\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e]")
# Rooms whose Chinese literals reach people through the catalogue.
ROOMS = ("web", "model", "ledger")
# Rooms and modules that hold both languages side by side: of these only what a refusal says.
BILINGUAL = ("exchange", "demo")
SIDE_BY_SIDE = {
    "model/announcement_changes.py",
    "model/announcement_items.py",
    "model/announcement_text.py",
    "model/announcement_words.py",
    "model/promise.py",
    "web/dates.py",
    "web/manage_retention.py",
    "web/manage_signals.py",
}


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Every Chinese text literal of a module but docstrings, with its line."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in skipped and CJK.search(node.value):
                yield node.lineno, node.value


def pieced(path: Path) -> list[str]:
    """Chinese inside f-strings: a sentence built from pieces cannot be translated."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            texts = [p.value for p in node.values if isinstance(p, ast.Constant)]
            if any(CJK.search(str(text)) for text in texts):
                found.append(f"{path.relative_to(ROOT).as_posix()}:{node.lineno}")
    return found


def modules() -> list[Path]:
    """The modules whose texts are translated by the catalogue."""
    found = [path for room in ROOMS for path in sorted((PACKAGE / room).rglob("*.py"))]
    return [p for p in found if p.relative_to(PACKAGE).as_posix() not in SIDE_BY_SIDE]


def refusals(path: Path) -> Iterator[tuple[int, str]]:
    """The sentences of the refusals that a module raises."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
            said = node.args[2] if len(node.args) > 2 else None
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield said.lineno, said.value


def texts() -> dict[str, list[str]]:
    """Every text that needs English, with the files it stands in."""
    found: dict[str, list[str]] = {}
    for path, text in _texts():
        places = found.setdefault(text, [])
        if (place := path.relative_to(ROOT).as_posix()) not in places:
            places.append(place)
    return found


def _texts() -> Iterator[tuple[Path, str]]:
    for path in modules():
        yield from ((path, text) for _, text in literals(path))
    for room in BILINGUAL:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            yield from ((path, text) for _, text in refusals(path))
    for path in sorted((PACKAGE / "templates").rglob("*.html")):
        for _, message, _, _ in extract_from_file("jinja2.ext:babel_extract", path):
            yield from (
                (path, text) for text in ([message] if isinstance(message, str) else message)
            )


def read() -> Catalog:
    """The catalogue as committed."""
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def compiled(catalogue: Catalog) -> bytes:
    """What `messages.mo` holds."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def _empty() -> Catalog:
    """A catalogue whose header says nothing that changes by itself."""
    day = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
    return Catalog(
        locale="en",
        header_comment="# English texts of shiftapp. The message id is the Chinese text.",
        project="shiftapp",
        version="1",
        copyright_holder="shiftapp",
        msgid_bugs_address="",
        creation_date=day,
        revision_date=day,
        last_translator="shiftapp",
        language_team="en",
        fuzzy=False,
    )


def update() -> int:
    """Bring the catalogue in line with the source; gives how many texts still lack English."""
    old = read() if PO.exists() else Catalog(locale="en")
    new = _empty()
    missing = 0
    for text, places in sorted(texts().items()):
        message = old.get(text)
        english = message.string if message is not None else ""
        missing += not english
        new.add(text, english, locations=[(place, 0) for place in places[:3]])
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, new, width=100, include_lineno=False, omit_header=False)
    PO.with_suffix(".mo").write_bytes(compiled(read()))
    return missing


if __name__ == "__main__":
    print(f"{len(texts())} texts, {update()} without English")  # noqa: T201
