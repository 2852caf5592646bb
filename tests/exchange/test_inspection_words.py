"""The words of the self-check: both languages say the same, and every figure of a count a name."""

from __future__ import annotations

import re
import string

import pytest

from shiftapp.exchange import inspection_words
from shiftapp.model.inspection_items import Failing, Item
from shiftapp.model.inspection_register import COUNTED
from tests.announcing import at

PAIRS = {
    **{f"{code} name": pair for code, (pair, _) in inspection_words.ITEMS.items()},
    **{f"{code} rule": pair for code, (_, pair) in inspection_words.ITEMS.items()},
    **inspection_words.VERDICTS,
    **inspection_words.ROWS,
}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", PAIRS)
def test_both_languages_name_the_same_things(key: str) -> None:
    zh, en = PAIRS[key]
    assert fields(zh) == fields(en)
    assert not re.search("[\u3000-\u9fff\uff00-\uffef]", en), "Chinese signs in English"
    assert re.search("[\u4e00-\u9fff]", zh)


@pytest.mark.parametrize("code", inspection_words.ITEMS)
def test_a_rule_is_whole_sentences_with_its_limits(code: str) -> None:
    item = Item(code, 3, 1, ())
    for lang in ("zh", "en"):
        rule = inspection_words.rule(item, "10:00", lang)  # type: ignore[arg-type]
        assert "{" not in rule and rule.endswith(("。", "."))


@pytest.mark.parametrize("key", COUNTED)
def test_every_count_has_a_name_in_both_languages(key: str) -> None:
    failing = Failing("2026-11-24", "counts", {"differ": [(key, 1, 2)]})
    zh = inspection_words.row(failing, "Asia/Shanghai", "zh")
    en = inspection_words.row(failing, "Asia/Shanghai", "en")
    assert "1 → 2" in zh and "1 → 2" in en
    assert re.search("[\u4e00-\u9fff]{2}", zh.partition("：")[2]), "a name, not a key"
    assert not re.search("[\u4e00-\u9fff]", en)


def test_times_are_those_of_the_site() -> None:
    failing = Failing("2026-11-24", "missing", {"due_ms": at("10:00")})
    assert "11-24 10:00" in inspection_words.row(failing, "Asia/Shanghai", "zh")
    assert "11-24 02:00" in inspection_words.row(failing, "UTC", "zh")


@pytest.mark.parametrize(
    ("of", "failed", "share", "verdict"),
    [
        (0, 0, "", "none"),
        (3, 0, "3 / 3 (100 %)", "good"),
        (3, 1, "2 / 3 (66 %)", "look"),
        (1000, 1, "999 / 1000 (99 %)", "look"),
    ],
)
def test_a_share_is_never_rounded_up_to_all(of: int, failed: int, share: str, verdict: str) -> None:
    item = Item("gas", of, failed, ())
    assert (inspection_words.share(item), item.verdict) == (share, verdict)
