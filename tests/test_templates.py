"""Promises about the templates, read from their source."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parent.parent / "shiftapp"
TEMPLATES = ROOT / "templates"
FILES = sorted(TEMPLATES.rglob("*.html"))
# Classes that scripts or tests look for and no style names.
NO_STYLE = {"sprite", "t-worker", "t-board"}
# Fragments that a page includes or a script fetches stand under a page that brings the symbols.
ENV = Environment(
    extensions=["jinja2.ext.i18n", "jinja2.ext.do"], trim_blocks=True, autoescape=True
)

every_template = pytest.mark.parametrize(
    "path", FILES, ids=lambda path: path.relative_to(TEMPLATES).as_posix()
)


@functools.cache
def tree(path: Path) -> nodes.Template:
    return ENV.parse(path.read_text("utf-8"))


def calls(path: Path, name: str) -> Iterator[nodes.Call]:
    for call in tree(path).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == name:
            yield call


@every_template
def test_it_parses(path: Path) -> None:
    tree(path)


@every_template
def test_nothing_is_marked_safe(path: Path) -> None:
    filters = {one.name for one in tree(path).find_all(nodes.Filter)}
    assert filters & {"safe", "tojson", "xmlattr", "forceescape"} == set()
    assert not list(tree(path).find_all(nodes.MarkSafe))
    assert "autoescape" not in path.read_text("utf-8")


@every_template
def test_no_handler_and_no_style_stands_in_it(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.findall(r"""[\s"'](?:on[a-z]+|style|hx-on[:\w-]*)=["']""", text) == []
    assert "<style" not in text and "javascript:" not in text
    assert re.findall(r"<script(?![^>]*(?:src=|type=\"[\w/+.-]*json\"))", text) == []


@every_template
def test_every_text_is_a_literal(path: Path) -> None:
    """What is put together cannot be translated."""
    wrong = [
        call.lineno
        for name in ("_", "gettext")
        for call in calls(path, name)
        if not (call.args and isinstance(call.args[0], nodes.Const))
    ]
    assert wrong == [], "a Problem's sentence is said by sentence(problem)"


@every_template
def test_chinese_is_wrapped(path: Path) -> None:
    """No text of ours stands in a template without its English."""
    bare = [
        words
        for data in tree(path).find_all(nodes.TemplateData)
        for words in re.findall(r"[\u4e00-\u9fff]+", data.data)
        if words not in ("中文",)
    ]
    assert bare == []


def whole(path: Path, seen: frozenset[Path] = frozenset()) -> str:
    """A template's source with what it extends and includes, and the macros it imports."""
    text = path.read_text("utf-8")
    for node in tree(path).find_all((nodes.Extends, nodes.Include, nodes.FromImport)):
        other = _other(node)
        if other is None or other in seen | {path}:
            continue
        if isinstance(node, nodes.FromImport):
            names = [name if isinstance(name, str) else name[0] for name in node.names]
            text += "".join(_macro(other, name) for name in names)
        else:
            text += whole(other, seen | {path})
    return text


def _other(node: nodes.Node) -> Path | None:
    name = getattr(node, "template", None)
    path = TEMPLATES / str(name.value) if isinstance(name, nodes.Const) else None
    return path if path and path.exists() else None


def _macro(path: Path, name: str) -> str:
    """The source of one macro; what it calls beside it is not followed."""
    found = re.search(
        rf"{{%-? *macro {name}\(.*?endmacro", path.read_text("utf-8"), flags=re.DOTALL
    )
    return found[0] if found else ""


def is_page(path: Path) -> bool:
    """Not a fragment: those stand in a page that brings its symbols."""
    return not path.name.startswith("_") and "<html" in whole(path)


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if is_page(path)],
    ids=lambda path: path.relative_to(TEMPLATES).as_posix(),
)
def test_a_page_brings_the_symbols_it_uses(path: Path) -> None:
    text = whole(path)
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons/icons.svg").read_text()))
    used = set(re.findall(r'href="#((?:i|m|risk)-[a-z0-9-]+)"', text))
    used |= {name for name in re.findall(r"'((?:i|m|risk)-[a-z0-9-]+)'", text) if name in drawn}
    brought = {
        name
        for call in re.findall(r"sprite\(([^)]*)\)", text)
        for name in re.findall(r"'([^']+)'", call)
    }
    brought |= {f"risk-{level}" for level in "abcd"} if "risk-' ~" in text else set()
    assert brought <= drawn and used - brought == set()


CSS = "\n".join(file.read_text("utf-8") for file in (ROOT / "static/css").glob("*.css"))
STYLED = set(re.findall(r"\.([a-zA-Z_][\w-]*)", re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)))


@every_template
def test_every_class_has_a_style(path: Path) -> None:
    named = set()
    for value in re.findall(r'class="([^"]*)"', path.read_text("utf-8")):
        plain = re.sub(r"\{%.*?%\}", " ", re.sub(r"\{\{.*?\}\}", "\0", value))
        named |= {one for one in plain.split() if "\0" not in one}
    assert sorted(named - STYLED - NO_STYLE) == []


@every_template
def test_no_page_leads_to_another_host(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.findall(r"""(?:href|src|action)=["'](?:https?:)?//""", text) == []
