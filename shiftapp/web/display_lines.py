"""The announcement in a few lines of plain text, for controllers of LED signs.

Such a controller shows so many signs a line, a full-width one counted twice, and knows nothing of
wrapping: every line given here is whole and fits.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from flask_babel import gettext

from shiftapp.model.announcements import Doc
from shiftapp.web.dates import moment
from shiftapp.web.display_figures import Panel, facts, panels
from shiftapp.web.language import language, named

CLOSING = ("Po", "Pe", "Pf")  # kinds of marks that no line begins with


def holding(doc: Doc, kind: str) -> list[str]:
    """An announcement that holds: the company first, last until when."""
    english = language() == "en"
    said = [one["en" if english else "zh"] for one in (doc["text"], *doc["named"])]
    signatory = doc["signatory"]
    title = named(signatory, "title") or gettext("签发人")
    return [
        named(doc["enterprise"]),
        kind,
        *(_line(panel) for panel in panels(doc)),
        *facts(doc),
        *said,
        gettext("%(title)s：%(name)s", title=title, name=named(signatory)),
        gettext("有效到 %(until)s", until=moment(doc["valid_until_ms"])),
    ]


def over(doc: Doc) -> list[str]:
    """Instead of an announcement that has expired: nothing of it that could still be believed."""
    return [named(doc["enterprise"]), gettext("公告已过期，现在没有有效的安全承诺公告。")]


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most so many half-width signs.

    Latin words stay whole where they can, and no line begins with a closing mark.
    """
    found, line = [], ""
    for piece in _pieces(text):
        if line and wide(line + piece.rstrip()) > width:
            found.append(line.rstrip())
            line = ""
            piece = piece.lstrip()
        while wide(piece.rstrip()) > width:  # a word longer than the sign: cut it
            head = _head(piece, width)
            found.append(head)
            piece = piece[len(head) :]
        line += piece
    return [*found, line.rstrip()] if line.strip() else found


def wide(text: str) -> int:
    """Half-width signs that a text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def _line(panel: Panel) -> str:
    """A panel in words: heading, figures, what stands below."""
    if panel.several:
        shown = " ".join(f"{figure.unit} {figure.value}" for figure in panel.figures)
    else:
        shown = " ".join(filter(None, panel.figures[0]))
    return gettext(
        "%(head)s：%(shown)s", head=panel.head, shown=gettext("，").join((shown, *panel.sub))
    )


def _pieces(text: str) -> Iterator[str]:
    """What is not parted: a Latin word with its space; a wide sign with the closing mark after."""
    piece = ""
    for sign in text:
        if piece and _parts(piece, sign):
            yield piece
            piece = ""
        piece += sign
    if piece:
        yield piece


def _parts(piece: str, sign: str) -> bool:
    """Whether a line may break between what is held and the next sign."""
    if sign == " " or unicodedata.category(sign) in CLOSING:
        return False
    return piece[-1] == " " or wide(piece[-1]) == 2 or wide(sign) == 2


def _head(piece: str, width: int) -> str:
    head = ""
    for sign in piece:
        if wide(head + sign) > width:
            break
        head += sign
    return head
