"""The proof beside the words: every figure of a draft with its number, source and second count.

Pure: a draft in, rows out. A figure stands in the words as `①` and in the table under the same
number, so that pressing the one marks the other; each row leads to what it counts.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from flask_babel import gettext

from shiftapp.model.announcement_items import PEOPLE
from shiftapp.model.announcements import Draft
from shiftapp.model.counts import Count, Part
from shiftapp.model.disclosure import Group, Grouped, Published
from shiftapp.web import publish_facts
from shiftapp.web.dates import in_words
from shiftapp.web.language import named
from shiftapp.web.publish_marks import Block, row

OTHERS = PEOPLE[2:]  # off, late, none: one row


def proof(draft: Draft) -> list[Block]:
    """Every figure of a draft, numbered in the order of the words."""
    numbers = itertools.count(1)
    blocks = [publish_facts.plant(draft, numbers), publish_facts.works(draft, numbers)]
    blocks += [*_shifts(draft, numbers), *_total(draft, numbers)]
    blocks.append(publish_facts.open_things(draft, numbers))
    return [block for block in blocks if block.rows]


def part_name(part: Part) -> str:
    """Group, day and shift."""
    return gettext(
        "%(group)s %(day)s %(shift)s",
        group=named(part.about, "group_name"),
        day=in_words(part.about["date"], "short"),
        shift=named(part.about),
    )


def _shifts(draft: Draft, numbers: Iterator[int]) -> list[Block]:
    """Each shift of a day; each group of a period."""
    found = draft.figures
    if isinstance(found.published, Grouped):
        return [_group(group, numbers) for group in found.published.shown]
    shown = set(map(id, found.published.shown))
    return [
        _part(part, place, id(part) in shown, numbers) for place, part in enumerate(found.parts)
    ]


def _part(part: Part, place: int, shown: bool, numbers: Iterator[int]) -> Block:
    away = part.rostered - part.check.n
    where = _where(part)
    roster = gettext("排班 %(n)s，请假换班 %(x)s", n=part.rostered, x=away)
    sources = (roster, where, where)
    block = _line(part_name(part), part.count, part.check, sources, f"#part{place}", numbers)
    return block if shown else _hidden(block)


def _where(part: Part) -> str:
    """What its commitments are counted from."""
    if part.cite is not None:
        return gettext("封存的公开条目")
    return gettext("公开条目，没有按时封存") if part.in_log else gettext("班组记录")


def _group(group: Group, numbers: Iterator[int]) -> Block:
    name = named(group.about, "group_name")
    shifts = gettext("%(n)s 个班相加", n=len(group.shares))
    return _line(name, group.count, group.check, (shifts, shifts, shifts), "#groups", numbers)


def _total(draft: Draft, numbers: Iterator[int]) -> list[Block]:
    published: Published | Grouped = draft.figures.published
    total = published.total
    if total is None:
        return []
    check = sum((one.check for one in published.held), Count())
    told = gettext("各班相加")
    return [_line(gettext("合计"), total, check, (told, told, told), "", numbers)]


def _line(
    name: str,
    count: Count,
    check: Count,
    sources: tuple[str, str, str],
    link: str,
    numbers: Iterator[int],
) -> Block:
    rows = tuple(
        row(
            numbers,
            names,
            [getattr(count, code) for code, _, _ in names],
            source,
            link,
            [getattr(check, code) for code, _, _ in names],
        )
        for names, source in zip((PEOPLE[:1], PEOPLE[1:2], OTHERS), sources, strict=True)
    )
    return Block(name, rows)


def _hidden(block: Block) -> Block:
    """A shift too small to be published alone; a difference is told all the same."""
    rows = (
        one if one.verdict == "differs" else one._replace(verdict="hidden") for one in block.rows
    )
    return Block(block.name, tuple(rows))
