"""The words of an announcement, in both languages side by side: chosen by state, never typed.

They are part of the signed document, so they do not go through the catalogue: what was signed must
not change with it. A word of comfort stands only where the figures carry it; over anything open the
sentence says so, and each open thing is named in a sentence of its own.
"""

from __future__ import annotations

from typing import Literal

Said = dict[str, str]  # {"zh": …, "en": …}
State = Literal["clear", "named", "no_shift", "no_shift_named"]
People = Literal["all", "listed", "none"]  # whom the figures cover

_COMMITTED: dict[People, Said] = {
    "all": {
        "zh": "应到的人都做了班前承诺，",
        "en": "Everybody expected made the pre-shift commitment,",
    },
    "listed": {
        "zh": "下面列出的各班，应到的人都做了班前承诺，",
        "en": "In the shifts listed below everybody expected made the pre-shift commitment,",
    },
    "none": {
        "zh": "各班人数都少，不公布人数；",
        "en": "Every shift is too small for a figure to be published;",
    },
}
_CLEAR: Said = {
    "zh": "报上来的异常都有人答复，没有未消除的重大隐患，风险防控措施已落实。",
    "en": "what was reported has been answered, there is no open major hazard, and the risk"
    " controls are in place.",
}
_RESEARCHED: Said = {
    "zh": "我公司今天已做班前安全风险研判。",
    "en": "Our company has assessed today's risks before the shift.",
}
_NAMED: Said = {
    "zh": "除下面写明的以外，风险防控措施已落实。",
    "en": "The risk controls are in place except for what is named below.",
}
_NO_SHIFT: Said = {
    "zh": "这 24 小时没有人排班，没有应做的班前承诺。",
    "en": "Nobody was on the roster in these 24 hours, so no pre-shift commitment was due.",
}
_NO_SHIFT_CLEAR: Said = {
    "zh": "报上来的异常都有人答复，没有未消除的重大隐患。",
    "en": "What was reported has been answered, and there is no open major hazard.",
}
_NO_SHIFT_NAMED: Said = {
    "zh": "还有下面写明的事没有处理完。",
    "en": "What is named below is still open.",
}

# code: Chinese, English for one, English for more. Worst first: that is the order on the page.
_SENTENCES: dict[str, tuple[str, str, str]] = {
    "veto_unanswered": (
        "%(n)s 处否决项还没有人答复。",
        "%(n)s failed veto step has no answer yet.",
        "%(n)s failed veto steps have no answer yet.",
    ),
    "veto_open": (
        "%(n)s 处否决项正在处理。",
        "%(n)s failed veto step is being dealt with.",
        "%(n)s failed veto steps are being dealt with.",
    ),
    "major": (
        "%(n)s 处重大隐患还没有消除。",
        "%(n)s major hazard is still open.",
        "%(n)s major hazards are still open.",
    ),
    "unanswered": (
        "%(n)s 条异常还没有人答复。",
        "%(n)s report has no answer yet.",
        "%(n)s reports have no answer yet.",
    ),
    "missing": (
        "%(n)s 人在班，还没做班前承诺。",
        "%(n)s person on shift has not made the commitment yet.",
        "%(n)s people on shift have not made the commitment yet.",
    ),
    "missed": (
        "%(n)s 人到下班也没做班前承诺。",
        "%(n)s person made no commitment by the end of the shift.",
        "%(n)s people made no commitment by the end of the shift.",
    ),
    "unsigned": (
        "%(n)s 个班组没有签字。",
        "%(n)s crew has not signed.",
        "%(n)s crews have not signed.",
    ),
    "differs": (
        "%(n)s 个班的数，两种算法不一样。",
        "In %(n)s shift two ways of counting disagree.",
        "In %(n)s shifts two ways of counting disagree.",
    ),
}
CODES = tuple(_SENTENCES)

_CHANGES: dict[str, Said] = {
    "n": {"zh": "应到 %(a)s 改为 %(b)s。", "en": "Expected: %(a)s is now %(b)s."},
    "on": {"zh": "按时 %(a)s 改为 %(b)s。", "en": "On time: %(a)s is now %(b)s."},
    "off": {"zh": "没信号先封存 %(a)s 改为 %(b)s。", "en": "Offline: %(a)s is now %(b)s."},
    "late": {"zh": "补做 %(a)s 改为 %(b)s。", "en": "Late: %(a)s is now %(b)s."},
    "none": {"zh": "没做 %(a)s 改为 %(b)s。", "en": "None yet: %(a)s is now %(b)s."},
    "major": {"zh": "重大隐患 %(a)s 改为 %(b)s。", "en": "Major hazards: %(a)s is now %(b)s."},
    "general": {"zh": "一般隐患 %(a)s 改为 %(b)s。", "en": "General hazards: %(a)s is now %(b)s."},
    "signed": {"zh": "班组签字 %(a)s 改为 %(b)s。", "en": "Crews signed: %(a)s is now %(b)s."},
    "text": {"zh": "承诺的话改了。", "en": "The words have changed."},
}


def text(*, shifts: bool, people: People, named: bool) -> dict[str, str]:
    """The sentence of the announcement with its `state`: `{"state", "zh", "en"}`.

    `named`: something is open and stands below. It decides, whatever the rest.
    """
    if not shifts:
        state: State = "no_shift_named" if named else "no_shift"
        return {"state": state, **_joined(_NO_SHIFT, _NO_SHIFT_NAMED if named else _NO_SHIFT_CLEAR)}
    if named:
        return {"state": "named", **_joined(_RESEARCHED, _NAMED)}
    return {"state": "clear", **_joined(_RESEARCHED, _COMMITTED[people], _CLEAR)}


def sentence(code: str, n: int) -> dict[str, object]:
    """One open thing, `n` of them: `{"code", "n", "zh", "en"}`."""
    zh, one, more = _SENTENCES[code]
    return {"code": code, "n": n, "zh": zh % {"n": n}, "en": (one if n == 1 else more) % {"n": n}}


def change(code: str, before: object, after: object) -> Said:
    """What a version changed, in both languages."""
    return {lang: words % {"a": before, "b": after} for lang, words in _CHANGES[code].items()}


def _joined(*parts: Said) -> Said:
    """Whole sentences one after another: Chinese without a space between them."""
    return {"zh": "".join(p["zh"] for p in parts), "en": " ".join(p["en"] for p in parts)}
