"""Open a page as a browser would and check what every page of ours must have.

`Page(client).get("/board")` gives a `Html` to ask; it fails the test when the page breaks a rule
that holds for all of them: HTML, title, language, one h1, labels, unique ids, form actions, no
inline script or style, the policy header, and no caching of what is not public.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = set("area base br col embed hr img input link meta source track wbr".split())
LABELLED = {"input", "select", "textarea"}
NEEDS_NO_LABEL = {"hidden", "submit", "button", "image"}
PUBLIC_PATHS = (
    "/announcements",
    "/en/",
    "/privacy",
    "/trust",
    "/signals",
    "/years",
    "/risk",
    "/verify",
)


@dataclass
class Element:
    """One element with its attributes, the text inside it and its parents."""

    tag: str
    attrs: dict[str, str]
    parent: Element | None
    texts: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text inside, spaces folded."""
        return " ".join(" ".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        yield from self.texts
        for child in self.children:
            yield from child._texts()

    def inside(self, tag: str) -> bool:
        """Whether an element of this tag is around it."""
        above = self.parent
        while above is not None and above.tag != tag:
            above = above.parent
        return above is not None


class Html(HTMLParser):
    """A parsed page: `all("form")`, `one("h1").text`, `text`, `links`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.mistakes: list[str] = []
        self.root = Element("#root", {}, None)
        self._here = self.root
        self.feed(text)
        self.close()
        if self._here is not self.root:
            self.mistakes.append(f"<{self._here.tag}> is never closed")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.mistakes.append(f"<{tag}> has an attribute twice: {names}")
        element = Element(tag, {name: value or "" for name, value in attrs}, self._here)
        self._here.children.append(element)
        self.elements.append(element)
        if tag not in VOID:
            self._here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:  # <path/> in an inline SVG
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != self._here.tag:
            self.mistakes.append(f"</{tag}> closes <{self._here.tag}>")
            return
        assert self._here.parent is not None
        self._here = self._here.parent

    def handle_data(self, data: str) -> None:
        self._here.texts.append(data)

    @property
    def text(self) -> str:
        """The words of the whole page."""
        return self.root.text

    def all(self, tag: str, **attrs: str) -> list[Element]:
        """Elements of a tag with these attribute values (`class_` for class: one of them)."""
        return [e for e in self.elements if e.tag == tag and _fits(e, attrs)]

    def one(self, tag: str, **attrs: str) -> Element:
        """The only element that fits."""
        found = self.all(tag, **attrs)
        assert len(found) == 1, f"{len(found)} of <{tag} {attrs}>"
        return found[0]

    @property
    def links(self) -> list[str]:
        """Where the page's links go."""
        return [e.attrs["href"] for e in self.all("a") if "href" in e.attrs]

    def form(self, action: str) -> dict[str, Any]:
        """The fields of the form with this action, as a browser would send them now."""
        form = self.one("form", action=action)
        fields: dict[str, Any] = {}
        for element in self.elements:
            if element.attrs.get("name") and _within(element, form):
                _fill(fields, element)
        return fields


def _fill(fields: dict[str, Any], element: Element) -> None:
    """Put a control's value in as a browser sends it; a name that is there twice gets a list."""
    kind, name = element.attrs.get("type", "text"), element.attrs["name"]
    if element.tag == "textarea":
        value = "".join(element._texts())
    elif element.tag == "select":
        options = [child for child in element.children if child.tag == "option"]
        chosen = [one for one in options if "selected" in one.attrs] or options[:1]
        value = chosen[0].attrs.get("value", chosen[0].text) if chosen else ""
    elif element.tag == "input" and (
        kind not in ("radio", "checkbox", "submit", "button", "image") or "checked" in element.attrs
    ):
        value = element.attrs.get("value", "on" if kind in ("radio", "checkbox") else "")
    else:
        return
    if name in fields:
        had = fields[name]
        fields[name] = [*had, value] if isinstance(had, list) else [had, value]
    else:
        fields[name] = value


def _fits(element: Element, attrs: dict[str, str]) -> bool:
    for name, value in attrs.items():
        have = element.attrs.get(name.rstrip("_").replace("_", "-"))
        if have is None or value not in ([have] if name != "class_" else have.split()):
            return False
    return True


def _within(element: Element | None, outer: Element) -> bool:
    while element is not None and element is not outer:
        element = element.parent
    return element is outer


class Page:
    """A test client whose every answer is checked."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.response: TestResponse | None = None

    def get(self, url: str, status: int = 200, **kwargs: Any) -> Html:
        """Open a page."""
        return self._checked(self.client.get(url, **kwargs), url, status)

    def post(
        self,
        url: str,
        data: dict[str, Any] | bytes | None = None,
        status: int = 200,
        **kwargs: Any,
    ) -> Html:
        """Send a form from a page of ours, follow the 303 after it, and check where it leads."""
        headers = {"Sec-Fetch-Site": "same-origin", **kwargs.pop("headers", {})}
        response = self.client.post(url, data=data or {}, headers=headers, **kwargs)
        if 300 <= response.status_code < 400:
            assert response.status_code == 303, "after a POST: 303"
            return self.get(response.headers["Location"], status)
        return self._checked(response, url, status)

    def upload(self, url: str, content: bytes, name: str, status: int = 200) -> Html:
        """Send a form with one file, as a browser streams it.

        The test client's own way leaves a temporary file open for a large one.
        """
        said = f'Content-Disposition: form-data; name="file"; filename="{name}"'
        body = f"--x\r\n{said}\r\n\r\n".encode() + content + b"\r\n--x--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        return self.post(url, body, status, headers=kind)

    def _checked(self, response: TestResponse, url: str, status: int) -> Html:
        self.response = response
        if 300 <= response.status_code < 400 and status == 200:
            return self.get(response.headers["Location"])
        assert response.status_code == status, f"{url}: {response.status} {response.text[:500]}"
        html = Html(response.text)
        mistakes = check_headers(response, url) + check_html(html)
        assert mistakes == [], f"{url}: {mistakes}"
        return html


def check_headers(response: TestResponse, url: str) -> list[str]:
    """What is wrong with the headers of a page."""
    headers = response.headers
    mistakes = []
    if response.mimetype != "text/html" or "utf-8" not in headers["Content-Type"]:
        mistakes.append(f"content type {headers['Content-Type']}")
    policy = headers.get("Content-Security-Policy", "")
    if "script-src 'self'" not in policy and "script-src 'none'" not in policy:
        mistakes.append(f"content security policy {policy!r}")
    if "unsafe-inline" in policy or "unsafe-eval" in policy:
        mistakes.append("the policy allows inline code")
    if headers.get("X-Content-Type-Options") != "nosniff":
        mistakes.append("no nosniff")
    cache = headers.get("Cache-Control", "")
    public = url in ("/", "/en") or url.startswith(PUBLIC_PATHS)
    if not public and "no-store" not in cache and "no-cache" not in cache:
        mistakes.append(f"may be kept by a cache: {cache!r}")
    if public and "Cookie" in headers.get("Vary", ""):
        mistakes.append("a public page varies by cookie")
    return mistakes


def check_html(html: Html) -> list[str]:
    """What is wrong with the HTML of a page."""
    return [
        *html.mistakes,
        *_head_mistakes(html),
        *_id_mistakes(html),
        *_label_mistakes(html),
        *_form_mistakes(html),
        *_inline_mistakes(html),
    ]


def _head_mistakes(html: Html) -> Iterator[str]:
    titles = [e for e in html.all("title") if not e.inside("svg")]
    if len(titles) != 1 or not titles[0].text:
        yield "no title"
    if html.one("html").attrs.get("lang") not in ("zh-CN", "zh-Hans-CN", "zh-Hans", "zh", "en"):
        yield f"language {html.one('html').attrs.get('lang')!r}"
    headings = [e for e in html.all("h1") if not e.inside("template") and not e.inside("dialog")]
    if len(headings) != 1:
        yield f"{len(headings)} h1"
    if not html.all("meta", name="viewport"):
        yield "no viewport"
    for image in html.all("img"):
        if "alt" not in image.attrs:
            yield f"image without alt: {image.attrs.get('src')}"


def _id_mistakes(html: Html) -> Iterator[str]:
    ids = [e.attrs["id"] for e in html.elements if "id" in e.attrs]
    yield from (f"id {name!r} is there twice" for name in {i for i in ids if ids.count(i) > 1})
    for element in html.elements:
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            for target in element.attrs.get(name, "").split():
                if target not in ids:
                    yield f"{name}={target!r} points nowhere"


def _label_mistakes(html: Html) -> Iterator[str]:
    labelled = {e.attrs.get("for") for e in html.all("label")}
    for element in html.elements:
        if element.tag not in LABELLED or element.attrs.get("type") in NEEDS_NO_LABEL:
            continue
        named = {"aria-label", "aria-labelledby"} & element.attrs.keys()
        if not (named or element.inside("label") or element.attrs.get("id") in labelled):
            yield f"no label: <{element.tag} name={element.attrs.get('name')!r}>"
    for button in html.all("button"):
        if not (button.text or {"aria-label", "aria-labelledby"} & button.attrs.keys()):
            yield "a button without words"


def _form_mistakes(html: Html) -> Iterator[str]:
    for form in html.all("form"):
        action = form.attrs.get("action", "")
        if not action.startswith("/") or action.startswith("//"):
            yield f"form action {action!r}"
        if form.attrs.get("method", "get").lower() not in ("get", "post", "dialog"):
            yield f"form method {form.attrs['method']!r}"
    for link in html.links:
        if link.startswith(("http:", "javascript:", "//")) or link in ("", "#"):
            yield f"link {link!r}"


def _inline_mistakes(html: Html) -> Iterator[str]:
    for element in html.elements:
        if element.tag == "script" and not _loaded_or_data(element):
            yield "an inline script"
        if element.tag == "style" or "style" in element.attrs:
            yield f"inline style on <{element.tag}>"
        for name in element.attrs:
            if name.startswith(("on", "hx-on")):
                yield f"{name} on <{element.tag}>"
        yield from _foreign_mistakes(element)


def _loaded_or_data(script: Element) -> bool:
    return "src" in script.attrs or script.attrs.get("type", "").endswith("json")


def _foreign_mistakes(element: Element) -> Iterator[str]:
    for name in ("src", "href", "hx-get", "hx-post"):
        value = element.attrs.get(name, "/")
        if element.tag != "a" and value.startswith(("http:", "https:", "//")):
            yield f"<{element.tag} {name}={value!r}> is loaded from elsewhere"
