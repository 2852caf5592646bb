"""What can be wrong with a version document: a stable code, a place, a sentence in two languages.

Only the words; check.py finds the faults.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One fault or hint; `at` is a path such as `steps[2].lo`, '' for the whole document."""

    code: str
    at: str
    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh


# code: Chinese, English. {where} is the step or item as people call it, the rest as passed.
SENTENCES: dict[str, tuple[str, str]] = {
    # Any document
    "not_a_document": ("内容不是一份完整的文件。", "This is not a document."),
    "no_text": ("{where}缺“{field}”。", "{where_en}“{field_en}” is missing."),
    "text_too_long": (
        "{where}“{field}”太长，最多 {most} 个字。",
        "{where_en}“{field_en}” is too long: at most {most} characters.",
    ),
    "bad_character": (
        "有个字符不能保存，请重打这一处。",
        "A character cannot be stored: type this text again.",
    ),
    "bad_figure": (
        '带小数的数要写成文字，如 "0.55"。',
        'A figure with decimals is written as text, such as "0.55".',
    ),
    # Checklists
    "no_steps": ("一步也没有。", "There is no step."),
    "too_many_steps": ("步骤太多，最多 60 步。", "Too many steps: at most 60."),
    "bad_step": ("{where}写法不对。", "{where_en}this is not a step."),
    "bad_number": (
        "{where}步号应该是 {n}：从 1 起，一步一个号。",
        "{where_en}the number should be {n}: from 1 on, without gaps.",
    ),
    "no_criteria": (
        "{where}写 1 到 3 条“怎样算正常”。",
        "{where_en}write 1 to 3 criteria for “normal”.",
    ),
    "bad_criteria_en": (
        "{where}英文的“怎样算正常”条数和中文不一样。",
        "{where_en}as many English criteria as Chinese ones, please.",
    ),
    "bad_evidence": (
        "{where}凭据只能是 R 读数、S 扫码、P 照片、C 确认、D 第二人、T 计时。",
        "{where_en}evidence: R reading, S scan, P photo, C choice, D second person, T timed.",
    ),
    "bad_also": (
        "{where}另加的凭据写法不对，或和主凭据重复。",
        "{where_en}the further evidence is unknown or repeats the main one.",
    ),
    "no_second": (
        "{where}要第二人确认，请标明“second”。",
        "{where_en}asks for a second person: set “second”.",
    ),
    "no_reading": ("{where}读数步要写读什么。", "{where_en}a reading needs a label."),
    "no_unit": (
        "{where}读数要写单位；没有单位就留空字符串。",
        "{where_en}a reading needs a unit, or an empty one.",
    ),
    "bad_limit": (
        "{where}上下限写成数字，如 0.55，小数最多 6 位。",
        "{where_en}a limit is a plain number such as 0.55, at most 6 decimals.",
    ),
    "limits_swapped": (
        "{where}下限比上限大。",
        "{where_en}the lower limit is above the upper one.",
    ),
    "stray_limit": (
        "{where}不是读数步，不能有上下限。",
        "{where_en}only a reading step has limits.",
    ),
    "bad_timer": (
        "{where}计时步要写停留多久：1 秒到 2 小时。",
        "{where_en}a timed step says how long: 1 second to 2 hours.",
    ),
    "bad_veto": ("{where}“关键步”只能是是或否。", "{where_en}“veto” is yes or no."),
    "bad_fail": (
        "{where}不正常怎么办，只能是停、报、修；关键步必须停。",
        "{where_en}on failure: stop, report or fix; a veto step stops.",
    ),
    "bad_dwell": (
        "{where}最少停留在 0 到 60 秒之间。",
        "{where_en}the least stay is between 0 and 60 seconds.",
    ),
    # Commitment texts
    "no_items": ("一个问题也没有。", "There is no question."),
    "too_many_items": ("问题太多，最多 30 个。", "Too many questions: at most 30."),
    "bad_item": ("{where}写法不对。", "{where_en}this is not a question."),
    "bad_id": (
        "{where}编号用小写字母、数字、横线，32 个以内。",
        "{where_en}an id has lower-case letters, digits, hyphens, at most 32.",
    ),
    "same_id": ("{where}编号重复。", "{where_en}this id is used twice."),
    "bad_type": (
        "{where}题型只能是 fit、ppe、choice、pick、ack。",
        "{where_en}a type is one of fit, ppe, choice, pick, ack.",
    ),
    "bad_neg": (
        "{where}答“不行”以后：todo 班长办、hazard 报隐患；replace 换人只用在能否上岗。",
        "{where_en}a negative answer leads to todo or hazard; replace is for fitness alone.",
    ),
    "no_fit": (
        "要有且只有一个“能不能上岗”的问题，答不能就换人。",
        "There is exactly one question about fitness, and “not today” means: replace.",
    ),
    "no_options": ("{where}没有可选的答案。", "{where_en}there is nothing to choose."),
    "bad_option": (
        "{where}有个答案的编号、文字或 r（ok、bad、unfit）不对。",
        "{where_en}an option has a wrong id, text or r (ok, bad, unfit).",
    ),
    "no_equal_way": (
        "{where}“行”和“不行”都要能答。",
        "{where_en}both a good and a negative answer must be possible.",
    ),
    # Hints
    "long_call": (
        "{where}一句话 {n} 个字，现场不好喊，14 个字以内最好。",
        "{where_en}a call of {n} signs is hard to shout: 14 at most is best.",
    ),
    "many_steps": ("共 {n} 步，5–9 步最好。", "{n} steps; 5 to 9 are best."),
    "no_veto": ("没有一步是关键步。", "No step is a veto step."),
}


def fault(code: str, at: str, **values: object) -> Fault:
    """The fault with this code at a place; `where` names its step or item in both languages."""
    zh, en = SENTENCES[code]
    shown = {"where": "", "where_en": "", **values}
    return Fault(code, at, zh.format(**shown), _capital(en.format(**shown)))


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
