"""The worker app's ES modules and its styles, joined into the scripts and the sheet a phone loads.

Why joined: a module may have 250 lines and a first visit eight requests (design.md §6); twenty
modules would be twenty requests, half of them one after the other. Why not a bundler: nothing is
rewritten but the lines that say import and export. Each module becomes one function that gives
what it exports, in the order of their imports; of the texts only those of the page's language
stay, which saves a tenth of all; then rjsmin takes comments and blanks. That is sound
because the modules keep four rules, which tests check: named imports from beside them only, none
renamed; only functions and constants are exported; no text goes over a line's end; a line of
`texts.js` is a key with its Chinese and its English. Each module also works as it is under
`/static/js/worker/`, which is how tests import them.

There are two scripts: what a first visit needs (`main.js`), and what is loaded when something asks
for it (`more.js`). The second takes the modules they share from the first, by its very address, so
that each of them is there once.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import rcssmin
import rjsmin

from shiftapp.web.assets import STATIC

FOLDER = STATIC / "js" / "worker"
IMPORT = re.compile(r"^import (\{[^}]*\}) from '\./(\w+)\.js';\n", re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?function|const) (\w+)", re.MULTILINE)
PAIR = re.compile(r"^  (\w+): \[('[^']*'), ('[^']*')\],$", re.MULTILINE)
STYLES = tuple(STATIC / "css" / f"{name}.css" for name in ("tokens", "components", "worker"))


def script(language: str) -> tuple[str, str]:
    """The joined script of the worker app in 'zh' or 'en', and the hash that names it."""
    return _joined(language, _changed())


def more(language: str, first: str) -> tuple[str, str]:
    """The script that is loaded when asked for, and its hash; `first` is the other's address."""
    return _joined_more(language, first, _changed())


def style() -> tuple[str, str]:
    """The joined style sheet of the worker app, and the hash that names it."""
    return _style(tuple(path.stat().st_mtime_ns for path in STYLES))


def order(entry: str = "main") -> list[str]:
    """The modules an entry needs, each after those it imports."""
    done: dict[str, None] = {}
    _visit(entry, done, ())
    return list(done)


def _visit(name: str, done: dict[str, None], above: tuple[str, ...]) -> None:
    if name in done:
        return
    if name in above:
        raise ValueError(f"modules import each other: {' → '.join((*above, name))}")
    for other in _imports(FOLDER / f"{name}.js"):
        _visit(other, done, (*above, name))
    done[name] = None


def _imports(path: Path) -> Iterator[str]:
    yield from (name for _, name in IMPORT.findall(path.read_text("utf-8")))


def _changed() -> tuple[int, ...]:
    return tuple(path.stat().st_mtime_ns for path in sorted(FOLDER.glob("*.js")))


@functools.lru_cache(maxsize=4)
def _joined(language: str, changed: tuple[int, ...]) -> tuple[str, str]:
    given = ", ".join(f"in_{name}" for name in _shared())
    functions = "".join(_function(name, language) for name in order())
    text = rjsmin.jsmin(f"{functions}export {{ {given} }};\n")
    return text, _hash(text)


@functools.lru_cache(maxsize=4)
def _joined_more(language: str, first: str, changed: tuple[int, ...]) -> tuple[str, str]:
    taken = ", ".join(f"in_{name}" for name in _shared())
    own = [name for name in order("more") if name not in order()]
    functions = "".join(_function(name, language) for name in own)
    text = f"import {{ {taken} }} from '{first}';\n{functions}export const {{ rest }} = in_more;\n"
    return (text := rjsmin.jsmin(text)), _hash(text)


def _shared() -> list[str]:
    """The modules of the first script that the second one uses."""
    first = order()
    return [name for name in order("more") if name in first]


@functools.lru_cache(maxsize=2)
def _style(changed: tuple[int, ...]) -> tuple[str, str]:
    text = rcssmin.cssmin("".join(path.read_text("utf-8") for path in STYLES))
    return text, _hash(text)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _function(name: str, language: str) -> str:
    """A module as a constant: the function that is its scope, called once."""
    source = (FOLDER / f"{name}.js").read_text("utf-8")
    if name.startswith("texts"):
        source = PAIR.sub(r"\1: [\3]," if language == "en" else r"\1: [\2],", source)
    exported = ", ".join(word for _, word in EXPORT.findall(source))
    body = EXPORT.sub(r"\1 \2", IMPORT.sub(r"const \1 = in_\2;\n", source))
    return f"const in_{name} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"
