"""The lint of commitment texts: what shifts liability is refused with a reason, rights are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiftapp import library
from shiftapp.library.lint import lint_document, lint_text

BURDEN_ZH = [
    "后果自负",
    "违反规定，一切后果自负。",
    "一切责任由本人自负",
    "风险自担",
    "责任自负，与公司无关",
    "出了事故自己负责",
    "出事自负",
    "本人自愿承担一切后果",
    "因违章造成的一切责任由本人承担",
    "由此造成的损失由违章者自己负责",
    "本人愿意承担由此引起的全部责任",
    "我愿承担一切责任",
    "如发生事故，全部责任由个人承担",
    "咎由自取",
    "我签下这份生死状",
    "后 果 自 负",
    "后果，自负",
    "後果自負",
    "后果自负！！",
    "一切後果由本人負責",
]
COMPANY_ZH = [
    "发生事故与公司无关",
    "出了问题和单位没有任何关系",
    "公司概不负责",
    "公司不承担任何责任",
    "企业不负任何责任",
    "因个人违章受伤，公司不予赔偿",
    "免除公司的一切责任",
    "公司免责",
]
CLAIMS_ZH = [
    "本人放弃索赔",
    "本人放弃一切赔偿要求",
    "绝不向公司索赔",
    "不追究公司任何责任",
    "违章受伤不算工伤",
]
EN = [
    "I work at my own risk.",
    "At your own risk",
    "I accept full responsibility for any accident.",
    "I assume all risks of the job.",
    "I bear all the consequences.",
    "I accept the consequences.",
    "I am solely responsible for my safety.",
    "Accidents are the worker's own fault.",
    "The company is not liable for injuries.",
    "The company shall not be responsible.",
    "The company accepts no liability.",
    "The company bears no responsibility whatsoever.",
    "An accident has nothing to do with the company.",
    "I hold harmless the plant and its owners.",
    "I release the company from all liability.",
    "I will not sue the company.",
    "I waive all claims.",
    "I waive my right to compensation.",
    "I give up any claim for damages.",
    "No claims against the company.",
]
GOOD_ZH = [
    "违章指挥，可以拒绝；有危险，可以先撤。承诺不减轻公司责任。",
    "承诺不免除也不减轻公司的责任。",
    "签了也不放弃索赔的权利。",
    "我已到岗检查，知道本岗主要风险，防护齐全。今天按规程操作；有异常，我先停、先报。",
    "不违章、不冒险，发现险情先停先报；有权拒绝违章指挥。",
    "公司负责提供合格的劳保用品。",
    "安全生产，人人有责。",
    "我负责本岗位的巡检和记录。",
    "监护人承担监护职责，全程不离开。",
    "我自愿承担夜间值班任务。",
    "设备责任人：张三。",
    "主要负责人对安全生产全面负责。",
    "泄漏的后果：中毒、着火。",
    "不做的后果，写在卡上。",
    "事故损失由公司承担。",
    "受了伤，公司依法赔偿。",
    "公司不追究报告异常的人。",
    "说今天不能上岗，不扣分，不追问。",
]
GOOD_EN = [
    "You may refuse an unsafe order and leave when in danger.",
    "This commitment takes no duty off the company.",
    "This commitment does not release the company from its liability.",
    "I do not waive any right by signing.",
    "Nothing here limits the employer's liability.",
    "The company bears full responsibility for safe equipment.",
    "The company is responsible for protective equipment.",
    "I take responsibility seriously.",
    "I know the main risks of my post.",
    "If something is wrong, I stop first and report first.",
    "The leader is responsible for the handover.",
    "The risk of fire is high today.",
    "No work without a permit.",
]


@pytest.mark.parametrize("text", BURDEN_ZH)
def test_it_refuses_to_put_the_consequences_on_the_worker(text: str) -> None:
    found = lint_text(text)
    assert found and "第 52 条" in found[0].reason_zh and "art. 52" in found[0].reason_en


@pytest.mark.parametrize("text", COMPANY_ZH)
def test_it_refuses_to_take_liability_off_the_company(text: str) -> None:
    assert any("公司" in one.reason_zh or "单位" in one.reason_zh for one in lint_text(text))


@pytest.mark.parametrize("text", CLAIMS_ZH)
def test_it_refuses_to_give_up_claims(text: str) -> None:
    assert any("索赔" in one.reason_zh or "责任" in one.reason_zh for one in lint_text(text))


@pytest.mark.parametrize("text", EN)
def test_it_refuses_the_same_in_english(text: str) -> None:
    assert lint_text(text, "en")


@pytest.mark.parametrize("text", EN)
def test_capitals_do_not_hide_it(text: str) -> None:
    assert lint_text(text.upper(), "en")


@pytest.mark.parametrize("text", GOOD_ZH)
def test_it_accepts_rights_and_ordinary_chinese(text: str) -> None:
    assert lint_text(text) == []


@pytest.mark.parametrize("text", GOOD_EN)
def test_it_accepts_rights_and_ordinary_english(text: str) -> None:
    assert lint_text(text) == []


def test_it_shows_the_words_and_where_they_stand() -> None:
    text = "按规程操作，违章后 果 自 负。"
    [found] = lint_text(text)
    assert text[found.start :].startswith(found.words)
    assert found.words == "后 果 自 负"


def test_it_looks_into_every_text_of_a_document() -> None:
    doc = library.commitment()
    doc["items"][2]["options"][0]["t_en"] = "At my own risk"
    doc["oath"] = "违章后果自负"
    assert [(one.at, one.words) for one in lint_document(doc)] == [
        ("oath", "后果自负"),
        ("items[2].options[0].t_en", "At my own risk"),
    ]


@given(st.text(max_size=60), st.sampled_from(["后果自负", "公司概不负责", "at my own risk"]))
def test_a_place_found_is_a_place_of_the_text(around: str, words: str) -> None:
    text = around + words
    for found in lint_text(text):
        assert text[found.start : found.start + len(found.words)] == found.words


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_it_takes_any_text(text: str) -> None:
    lint_text(text)
