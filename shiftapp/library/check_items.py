"""Checks of a commitment text, an item a question.

`title`, `oath`, `rights`, `items`; an item has `id`, `type`, `q`, `help`, `options` of `id`, `t`,
`r`; `neg`, what a negative answer leads to; and `from`, where its facts come from.

- `fit`: one tap. `r` is `ok` or `unfit`; nobody asks why, so it leads to `replace` alone.
- `ppe`: many taps, all of what the job's `ppe` names; options with `r` bad are always offered.
- `choice`, `ack`: one tap; there is an `ok` and a `bad`. `from` `handover`: the question shows the
  leftovers of the last shift.
- `pick`: one tap, every answer may be `ok`. `from` `card`: offered first are the hazards of the
  job's card, with ids `risk1`, `risk2`, … and `r` ok, then the item's own options.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shiftapp.library.faults import Fault, fault
from shiftapp.library.texts import id_codes, storable_faults, text_faults

TYPES = ("fit", "ppe", "choice", "pick", "ack")
MAX_ITEMS = 30


def check_commitment(doc: object) -> list[Fault]:
    """Everything that keeps a commitment text from being published; [] = good.

    What it says about liability is for lint.py.
    """
    return list(_commitment(doc))


def _commitment(doc: object) -> Iterator[Fault]:
    if not isinstance(doc, Mapping):
        yield fault("not_a_document", "")
        return
    yield from storable_faults(doc)
    for field in ("title", "oath", "rights"):
        yield from text_faults(doc, field, "", {})
    items = doc.get("items")
    if not isinstance(items, list) or not items:
        yield fault("no_items", "items")
        return
    if len(items) > MAX_ITEMS:
        yield fault("too_many_items", "items")
    if [_type(item) for item in items].count("fit") != 1:
        yield fault("no_fit", "items")
    seen: set[str] = set()
    for number, item in enumerate(items, 1):
        yield from _item(item, number, seen)


def _item(item: object, number: int, seen: set[str]) -> Iterator[Fault]:
    at = f"items[{number - 1}]"
    here = {"where": f"第 {number} 题：", "where_en": f"Question {number}: "}
    if not isinstance(item, Mapping):
        yield fault("bad_item", at, **here)
        return
    yield from (fault(code, f"{at}.id", **here) for code in id_codes(item.get("id"), seen))
    kind, neg = _type(item), item.get("neg")
    if kind not in TYPES:
        yield fault("bad_type", f"{at}.type", **here)
    if neg not in (("replace",) if kind == "fit" else ("todo", "hazard")):
        yield fault("bad_neg", f"{at}.neg", **here)
    yield from text_faults(item, "q", at, here)
    yield from text_faults(item, "help", at, here, required=False)
    yield from _options(item, kind, at, here)


def _options(
    item: Mapping[str, object], kind: object, at: str, here: dict[str, str]
) -> Iterator[Fault]:
    options = item.get("options", [])
    from_card = kind == "pick" and item.get("from") == "card"
    if not isinstance(options, list) or not (options or from_card):
        yield fault("no_options", f"{at}.options", **here)
        return
    seen: set[str] = set()
    for number, option in enumerate(options):
        if not _good_option(option, kind, seen):
            yield fault("bad_option", f"{at}.options[{number}]", **here)
            return
    answers = {option["r"] for option in options}
    negative = {"fit": "unfit", "pick": "ok"}.get(str(kind), "bad")
    if not from_card and not {"ok", negative} <= answers:
        yield fault("no_equal_way", f"{at}.options", **here)


def _good_option(option: object, kind: object, seen: set[str]) -> bool:
    if not isinstance(option, Mapping) or any(id_codes(option.get("id"), seen)):
        return False
    if any(text_faults({"q": option.get("t")}, "q", "", {})):
        return False
    return option.get("r") in (("ok", "unfit") if kind == "fit" else ("ok", "bad"))


def _type(item: object) -> object:
    return item.get("type") if isinstance(item, Mapping) else None
