"""What is said of a witness policy, in both languages: why it is not taken, what it leaves open."""

from __future__ import annotations

from shiftapp.ledger.policy import Malformed
from shiftapp.ledger.policy_check import Finding

Words = tuple[str, str]  # Chinese, English

MALFORMED = {
    "text": "有不能用的字符，或者太长（200 行以内）",
    "no_quorum": "没有 quorum 行",
    "second_quorum": "quorum 只能有一行",
    "word": "不认得 {about}，每行以 log、witness、group 或 quorum 开头",
    "words": "这一行的词多了或者少了",
    "group": "group 要有名字、几个算数（all、any 或数字）和成员",
    "least": "{about} 不行：要写 all、any，或者 1 到成员数的整数",
    "unknown": "前面没有 {about}，先写 witness 或 group 再用它",
    "taken": "名字 {about} 已经用了",
    "member": "{about} 已经是一个组的成员，只能用一次",
    "log_key": "不是公开账本的公钥：{about}",
    "witness_key": "不是见证的公钥：{about}",
    "same_key": "同一把公钥写了两次：{about}",
    "second_key": "{about} 有两把公钥，只留现在的一把",
}

OLDER: Words = (
    "已封存的，新规则里的见证没有都看过：以前的公告按当时的规则核对，账本公布每一份规则。"
    "自己带规则来核对的人，核对旧公告要用旧规则：把它也交给他们。",
    "The witnesses of this policy have not all seen what is sealed: older announcements are held"
    " against the policy of their time, which the log publishes. Whoever brings a policy of their"
    " own needs the old one for them: hand it on too.",
)


def malformed(error: ValueError) -> Words:
    """Why a text is no policy."""
    if not isinstance(error, Malformed):
        return "不是 UTF-8 文字", "not a text in UTF-8"
    where = f"第 {error.line} 行：" if error.line else ""
    return where + MALFORMED[error.code].format(about=error.about), str(error)


def refusal(finding: Finding, log: str, witness: str) -> Words:
    """Why a file is not taken, and what to change in it."""
    names = " ".join(finding.names)
    return {
        "other_log": (
            f"规则要写明这本公开账本，只写这一本：\nlog {log}",
            f"The policy has to name this log and no other:\nlog {log}",
        ),
        "no_quorum": (
            "quorum none 谁也不问，什么也证明不了。至少写 quorum 和一个见证的名字。",
            "`quorum none` asks nobody and shows nothing. Name a witness or a group.",
        ),
        "bad_url": (
            f"网址要以 https:// 或 http:// 开头：{names}",
            f"A URL begins with https:// or http://: {names}",
        ),
        "wrong_key": (
            f"{names} 用了本厂见证的名字，公钥却不对。应为：{witness}",
            f"{names} has the name of this install's own witness and another key. It is: {witness}",
        ),
        "unasked": (
            f"没有网址就没法请它们见证，quorum 凑不齐：{names}",
            f"Without a URL nobody can ask them, and the quorum is never made: {names}",
        ),
    }[finding.code]


def warning(finding: Finding) -> Words:
    """What a policy leaves open, and what to do."""
    names = " ".join(finding.names)
    return {
        "self_attested": (
            "自证：只凭本厂自己的见证就够数，外人没有看过。请工会、保险公司或者兄弟厂作见证。",
            "Self-attested (自证): our own witness is enough, nobody else has seen it."
            " Ask a union, an insurer or a sister plant.",
        ),
        "single": (
            f"缺一不可：{names}。其中一个不应答时，开班前的记录就证明不了是按时的。",
            f"Each of these is needed: {names}. While one does not answer, records made before a"
            " shift cannot be shown to be on time.",
        ),
    }[finding.code]
