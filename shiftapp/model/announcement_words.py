"""The sentences that name what stands open, in both languages side by side.

They are part of the signed document, so they do not go through the catalogue: what was signed must
not change with it. The sentence of the announcement itself is promise.py.
"""

from __future__ import annotations

# code: Chinese, English for one, English for more. Worst first: that is the order on the page.
_SENTENCES: dict[str, tuple[str, str, str]] = {
    "veto_unanswered": (
        "%(n)s 处否决项还没有人答复。",
        "%(n)s failed veto step has no answer yet.",
        "%(n)s failed veto steps have no answer yet.",
    ),
    "major_unsafe": (
        "%(n)s 处重大危险源不在安全状态。",
        "%(n)s major-hazard facility is not in a safe state.",
        "%(n)s major-hazard facilities are not in a safe state.",
    ),
    "facility_contradicts": (
        "%(n)s 处装置设施登记为运行或安全，所在区域报了否决项或重大隐患以后没人再看过。",
        "%(n)s facility is recorded as running or safe, and nobody has looked since a veto step or"
        " major hazard came up in its area.",
        "%(n)s facilities are recorded as running or safe, and nobody has looked since a veto step"
        " or major hazard came up in their area.",
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
    "storage_unsafe": (
        "%(n)s 处罐区或仓库不在安全状态。",
        "%(n)s tank farm or warehouse is not in a safe state.",
        "%(n)s tank farms or warehouses are not in a safe state.",
    ),
    "gas_over": (
        "%(n)s 处作业的气体检测过了时间，或者不合格。",
        "In %(n)s work the gas test is overdue or failed.",
        "In %(n)s works the gas test is overdue or failed.",
    ),
    "work_over": (
        "%(n)s 张作业票过了时间，还没有关闭。",
        "%(n)s work permit is past its end and not closed.",
        "%(n)s work permits are past their end and not closed.",
    ),
    "work_unguarded": (
        "%(n)s 处作业正在进行，登记的作业票上没有监护人。",
        "%(n)s work under way has no guardian on its permit.",
        "%(n)s works under way have no guardian on their permits.",
    ),
    "work_bare": (
        "%(n)s 处作业正在进行，票上的人没有都做班前承诺。",
        "In %(n)s work under way not everybody on the permit has made the commitment.",
        "In %(n)s works under way not everybody on the permit has made the commitment.",
    ),
    "research_no": (
        "%(n)s 项风险研判答了“否”。",
        "%(n)s item of the risk assessment was answered with no.",
        "%(n)s items of the risk assessment were answered with no.",
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
    "unsealed": (
        "%(n)s 人的承诺按时收到，但公开账本没能在接班前封存。",
        "%(n)s commitment came in time, but the public log was not sealed before the shift.",
        "%(n)s commitments came in time, but the public log was not sealed before the shift.",
    ),
    "level_unsigned": (
        "班组以上有 %(n)s 个单位没有签字。",
        "%(n)s unit above the crews has not signed.",
        "%(n)s units above the crews have not signed.",
    ),
    "unsigned": (
        "%(n)s 个班组没有签字。",
        "%(n)s crew has not signed.",
        "%(n)s crews have not signed.",
    ),
    "states_stale": (
        "%(n)s 处装置设施的状态，24 小时内没有人登记或查看。",
        "The state of %(n)s facility was not entered or looked at within 24 hours.",
        "The states of %(n)s facilities were not entered or looked at within 24 hours.",
    ),
    "differs": (
        "%(n)s 个班的数，两种算法不一样。",
        "In %(n)s shift two ways of counting disagree.",
        "In %(n)s shifts two ways of counting disagree.",
    ),
    "figures_differ": (
        "装置和作业有 %(n)s 个数，两种算法不一样。",
        "In %(n)s figure of plant and work two ways of counting disagree.",
        "In %(n)s figures of plant and work two ways of counting disagree.",
    ),
}
CODES = tuple(_SENTENCES)

# What is said otherwise of a period: it counts shifts and days, and somebody more than once.
_OF_PERIOD: dict[str, tuple[str, str, str]] = {
    "missed": (
        "%(n)s 人次到下班也没做班前承诺。",
        "%(n)s commitment was not made by the end of the shift.",
        "%(n)s commitments were not made by the end of the shift.",
    ),
    "unsealed": (
        "%(n)s 人次的承诺按时收到，但公开账本没能在接班前封存。",
        "%(n)s commitment came in time, but the public log was not sealed before its shift.",
        "%(n)s commitments came in time, but the public log was not sealed before their shifts.",
    ),
    "level_unsigned": (
        "班组以上有 %(n)s 次没有签字。",
        "%(n)s daily signature above the crews is missing.",
        "%(n)s daily signatures above the crews are missing.",
    ),
    "unsigned": (
        "%(n)s 个班次没有签字。",
        "%(n)s shift was not signed by its crew.",
        "%(n)s shifts were not signed by their crews.",
    ),
}


def sentence(code: str, n: int, *, period: bool = False) -> dict[str, object]:
    """One open thing, `n` of them: `{"code", "n", "zh", "en"}`."""
    words = _OF_PERIOD.get(code, _SENTENCES[code]) if period else _SENTENCES[code]
    zh, one, more = words
    return {"code": code, "n": n, "zh": zh % {"n": n}, "en": (one if n == 1 else more) % {"n": n}}
