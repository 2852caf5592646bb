"""Chinese and English are complete: no text of ours lacks its English twin."""

from __future__ import annotations

import re

import pytest

from tests.catalogue import PO, compiled, modules, pieced, read, texts

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
HAN = re.compile(r"[\u4e00-\u9fff]")
# Names of languages and of law texts stay as they are in English.
MAY_KEEP_CHINESE = {"中文"}
# Here a sentence with a value in it stands beside its English twin.
BESIDE_ITS_TWIN = ("manage_crews", "manage_patterns", "manage_posts", "manage_settings")


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return {str(message.id): str(message.string) for message in read() if message.id}


def test_every_text_has_english(english: dict[str, str]) -> None:
    missing = [(text, places[0]) for text, places in texts().items() if not english.get(text)]
    assert missing == [], "run: python -m tests.catalogue, then translate"


def test_the_catalogue_holds_no_text_that_is_gone(english: dict[str, str]) -> None:
    assert sorted(set(english) - set(texts())) == [], "run: python -m tests.catalogue"


def test_placeholders_are_the_same_in_both_languages(english: dict[str, str]) -> None:
    wrong = [
        text
        for text, twin in english.items()
        if twin and set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(twin))
    ]
    assert wrong == []


def test_english_is_not_chinese(english: dict[str, str]) -> None:
    kept = {text for text, twin in english.items() if HAN.search(twin)}
    assert sorted(kept - MAY_KEEP_CHINESE) == []


def test_no_sentence_is_built_from_pieces() -> None:
    alone = [path for path in modules() if path.stem not in BESIDE_ITS_TWIN]
    assert [place for path in alone for place in pieced(path)] == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    assert PO.with_suffix(".mo").read_bytes() == compiled(read())
