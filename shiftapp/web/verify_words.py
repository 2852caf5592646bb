"""What the verifier in the reader's browser says, in the language of the page: a block of data.

The sentences of findings are those of the command line (`ledger/verdicts.json`); the rest is here.
A `%(name)s` is filled in by the script.
"""

from __future__ import annotations

import json

from flask_babel import gettext
from markupsafe import Markup

from shiftapp.ledger.verify_report import VERDICTS
from shiftapp.web.language import language


def words() -> Markup:
    """JSON for a data block of a page: no sign in it ends the block."""
    text = json.dumps({**_words(), "findings": _findings(language())}, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c"))  # our own sentences, nothing of a user's


def _findings(lang: str) -> dict[str, list[str]]:
    """Code → whether it fails the announcement or is a note, and its sentence."""
    return {code: [one["kind"], one[lang]] for code, one in VERDICTS.items()}


def _words() -> dict[str, str]:
    return {**_verdicts(), **_failures(), **_parts(), **_log(), **_proof()}


def _verdicts() -> dict[str, str]:
    return {
        "working": gettext("正在核对"),
        "progress": gettext("取账本的条目：第 %(done)s 包，共 %(of)s 包"),
        "good": gettext("核对通过"),
        "good_why": gettext("公告的数字和公开账本一致。您的浏览器一条一条数过。"),
        "good_self": gettext(
            "公告的数字和公开账本一致。但这是自证：见证方都由公司自己管，时间只由公司自己担保。"
        ),
        "good_partly": gettext(
            "数得出的班，公告的数字和公开账本一致。公告里还有没有逐条证明的数字，下面写明。"
        ),
        "good_partly_self": gettext(
            "数得出的班，公告的数字和公开账本一致。公告里还有没有逐条证明的数字，下面写明。"
            "但这是自证：见证方都由公司自己管。"
        ),
        "text_only": gettext("只核对了文字"),
        "text_only_why": gettext("这份公告的文字没有改过，它的数字没有得到证明。原因写在下面。"),
        "good_text_self": gettext(
            "这份公告的文字没有改过，它没有要逐条核对的数字。但这是自证：见证方都由公司自己管。"
        ),
        "good_text": gettext("这份公告的文字没有改过，它没有要逐条核对的数字。"),
        "good_proof": gettext("这条记录在公开账本里，没有改过。"),
        "good_proof_self": gettext(
            "这条记录在公开账本里，没有改过。但这是自证：见证方都由公司自己管。"
        ),
        "bad": gettext("核对不通过"),
        "bad_why": gettext("有 %(n)s 处不符，下面逐条写明。"),
        "other_document": gettext(
            "服务器给的证明，是另一份公告的，不是您要核对的这一份。这份公告没有得到证明。"
        ),
        "unable": gettext("查不了"),
        "of_part": gettext("%(part)s："),
    }


def _failures() -> dict[str, str]:
    """Why nothing could be checked, and what to do."""
    return {
        "insecure": gettext(
            "这一页不是经 https 打开的，浏览器不给验签名的功能。请用 https 的网址打开，"
            "或者按下面的命令在电脑上核对。"
        ),
        "old": gettext(
            "这个浏览器不会验 Ed25519 签名。请换 Chrome 137、Firefox 129、Safari 17 或更新的版本，"
            "或者按下面的命令在电脑上核对。"
        ),
        "offline": gettext("没有取到公开账本：网络断了，或者服务器没有答。过一会儿再核对。"),
        "not_sealed": gettext("这份公告还没有封存进公开账本，要等一两分钟。过一会儿再核对。"),
        "no_policy": gettext("公开账本没有给出密钥和见证方的名单，没法核对。请告诉公司。"),
        "bad_policy": gettext("密钥和见证方的名单读不通，没法核对。请告诉公司。"),
        "too_large": gettext("这个文件太大，不是证明文件。请选以 .tlog-proof 结尾的文件。"),
        "broken": gettext("核对的程序出了错，什么也没有证明。请按下面的命令在电脑上核对。"),
    }


def _parts() -> dict[str, str]:
    return {
        "people": gettext("人按时，应到 %(n)s 人"),
        "not_counted": gettext("这个班没法数，原因写在上面。"),
        "unknown_shift": gettext("第 %(n)s 个班"),
        "on": gettext("按时"),
        "off": gettext("没信号，后来传到"),
        "late": gettext("接班后补做"),
        "none": gettext("没有做"),
        "n": gettext("应到"),
        "drawn": gettext(
            "应到 %(n)s 人，每格一人：按时 %(on)s，没信号后来传到 %(off)s，接班后补做 %(late)s，"
            "没有做 %(none)s"
        ),
        "fixed": gettext("%(at)s 见证，账本第 %(open)s 号"),
        "cut": gettext("%(at)s 见证，账本前 %(a)s 条"),
        "no_cut": gettext("接班时没有见证过的账本，所以没有人能算按时"),
        "never": gettext("没有见证"),
        "changed": gettext("加了 %(added)s 人，去掉 %(deleted)s 人"),
        "unchanged": gettext("没有变动"),
        "by": gettext("%(who)s 见证"),
        "own": gettext("%(who)s（公司自己的，自证）"),
        "and": gettext("、"),
    }


def _log() -> dict[str, str]:
    return {
        "which": gettext("核对的公告：%(date)s，第 %(version)s 版，账本第 %(index)s 号。"),
        "entries": gettext("账本现在有 %(n)s 条。"),
        "kind_own": gettext("%(key)s，公司自己的（自证）"),
        "kind_other": gettext("%(key)s，别的单位的"),
        "not_seen": gettext("没有签这一份"),
        "new_key": gettext("账本的密钥和您上次看到的不一样。请和印出来的密钥比。"),
        "remembered": gettext("和这个浏览器 %(at)s 记下的检查点（%(n)s 条）比过，是同一本账。"),
        "first_time": gettext(
            "这是这个浏览器第一次核对这本账。检查点已经记下，下次会和它比：账本退回或者分叉，"
            "马上看得出来。"
        ),
        "not_kept": gettext("这个浏览器不让网页记东西，所以下次不能和这次的检查点比。"),
        "fetched": gettext("这一次取了 %(n)s 个文件，共 %(kb)s KB。"),
    }


def _proof() -> dict[str, str]:
    return {
        "commit": gettext("班前承诺"),
        "run": gettext("手指口述"),
        "announcement": gettext("安全承诺公告"),
        "other_entry": gettext("账本的其他条目"),
        "place": gettext("账本第 %(index)s 号"),
        "record": gettext("回执码 %(code)s"),
        "what": gettext("记录"),
        "shift": gettext("班次"),
        "station": gettext("工位"),
        "job": gettext("岗位"),
        "sealed": gettext("在手机上封存（手机的钟）"),
        "who": gettext("人员的内部编号"),
        "steps": gettext("步骤"),
        "steps_said": gettext("共 %(n)s 步，正常 %(ok)s，其他 %(other)s"),
        "answers": gettext("回答"),
        "answers_said": gettext("共 %(n)s 项，正常 %(ok)s，其他 %(other)s"),
        "offline_mark": gettext("手机说是接班前没有信号时做的"),
        "no_body": gettext("这份证明里没有记录的原文，只证明账本里有这一条。"),
    }
