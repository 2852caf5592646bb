"""The words of a shift's report on paper and in sheets, Chinese and English side by side."""

from __future__ import annotations

from qr.words import Lang

# key: Chinese, English.
WORDS: dict[str, tuple[str, str]] = {
    "title": ("班次报告", "Shift report"),
    "shift": ("班次", "Shift"),
    "time": ("时间", "Time"),
    "data": ("数据", "Data"),
    "over": ("本班已结束，数据到 {t}", "The shift is over; data of {t}"),
    "not_over": ("还没结束，数据到 {t}", "Not over yet; data of {t}"),
    "page": ("第 {n} / {of} 页", "Page {n} of {of}"),
    "nothing": ("没有", "None"),
    # Figures
    "expected": ("应到", "Expected"),
    "left_out": ("请假、换下、不在名单", "On leave, swapped out, not on the roster"),
    "by_time": ("承诺：{word}", "Commitment: {word}"),
    "no_commitment": ("还没承诺", "none yet"),
    "proxy_people": ("班长代录的人", "Entered by the leader"),
    "paper_people": ("纸质补录的人", "Copied from paper"),
    "unverified_people": ("身份没核实的人", "Identity not verified"),
    "photos": ("照片", "Photos"),
    "missing": ("说有、还没传到的文件", "Files named and not here yet"),
    "readings": ("读数", "Readings"),
    "outside": ("其中超限", "of them outside the limits"),
    # States and marks
    "state.ready": ("就绪", "Ready"),
    "state.running": ("进行中", "Under way"),
    "state.expected": ("没开始", "Not started"),
    "state.missed": ("没做", "Missed"),
    "state.abnormal": ("异常", "Abnormal"),
    "state.stopped": ("否决", "Stopped"),
    "state.cannot": ("今天不能上岗", "Not fit today"),
    "state.arrived": ("不在名单，有记录", "Not on the roster, has recorded"),
    "state.excused": ("不在本班", "Not in this shift"),
    "mark.on_time": ("准时", "On time"),
    "mark.offline": ("离线做的", "Made offline before the start"),
    "mark.late": ("接班后做的", "After the start"),
    "mark.time_unverified": ("时间没核实", "Time not verified"),
    "mark.overdue": ("超时", "Overdue"),
    "mark.proxy": ("班长代录", "By the leader"),
    "mark.unverified": ("身份没核实", "Identity not verified"),
    # How somebody came, and why they went
    "how.pattern": ("排班", "By the pattern"),
    "how.workbook": ("排班表", "By the workbook"),
    "how.added": ("班长加的", "Added"),
    "how.standin": ("替 {name}", "Stands in for {name}"),
    "how.swap": ("和 {name} 换班", "Swapped with {name}"),
    "how.overtime": ("加班", "Overtime"),
    "how.guest": ("外来人员", "Guest"),
    "ended.leave": ("请假", "Leave"),
    "ended.swapped": ("换人", "Replaced"),
    "ended.replaced": ("换人", "Replaced"),
    "ended.mistake": ("名单写错了", "Put there by mistake"),
    "why.on_the_way": ("在路上", "On the way"),
    "why.no_phone": ("没带手机", "no phone"),
    "why.paper": ("纸质补录", "paper"),
    "why.other": ("其他", "other"),
    "only_commitment": ("只要承诺", "commitment alone"),
    "came_at": ("（{t} 收到）", " (received {t})"),
    "commit.cannot": ("今天不能上岗", "not fit today"),
    "commit.none": ("没答完", "not finished"),
    "run.stopped": ("停住", "stopped"),
    "not_counted": ("不计入", "not counted"),
    # Findings
    "veto": ("否决项", "Veto"),
    "major": ("重大", "Major"),
    "talk": ("要当面说，详情只给班长", "To be talked about; details for the leader only"),
    "nameless": ("没留名", "No name given"),
    "erased": ("内容已按期删除", "Content erased when due"),
    "outcome.assigned": ("派人处理", "Assigned"),
    "outcome.fixed": ("处理好了", "Fixed"),
    "outcome.replaced": ("换人", "Replaced"),
    "outcome.mistake": ("点错了", "A mistake"),
    "outcome.briefed": ("讲过了", "Talked about"),
    "open": ("没答复", "No answer yet"),
    "accepted": ("{name} {t} 验收", "Accepted by {name} {t}"),
    "fixed": ("{t} 处理好", "Fixed {t}"),
    # Changes, handover, signatures
    "added": ("名单加人", "Added to the roster"),
    "ended": ("名单去人", "Taken off the roster"),
    "found": ("又报异常", "Something was found"),
    "left": ("交给下一班", "Left to the next shift"),
    "taken": ("接上一班", "Taken over from the last shift"),
    "not_taken": ("还没有人接", "Nobody took it over yet"),
    "signed": ("签字：{ready} / {n} 就绪", "Signed: {ready} of {n} ready"),
    "reason": ("写的原因", "Reason written"),
    "after": ("签后：{what}", "Afterwards: {what}"),
    "holds": ("有效", "holds"),
    "reopened": ("要重签", "to be signed again"),
    "superseded": ("后面又签了", "signed again later"),
}  # fmt: skip


def word(key: str, lang: Lang, **values: object) -> str:
    """A word in a language; `values` fill its places."""
    return WORDS[key][lang == "en"].format(**values)


def known(key: str, lang: Lang) -> str:
    """A word in a language, '' where there is none."""
    return word(key, lang) if key in WORDS else ""
