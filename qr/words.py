"""The words of ours on paper, Chinese and English; a plant's own words come with its data.

The poster speaks of working without a signal where that is true: over https (formats.md).
"""

import datetime
from typing import Literal

Lang = Literal["zh", "en"]

WORDS: dict[Lang, dict[str, str]] = {
    "zh": {
        "step1": "扫码", "step1_how": "相机或微信扫一扫",
        "step1_https": "先联网开过一次\n没信号也行",
        "step2": "指着它", "step2_how": "走到跟前，伸手指",
        "step3": "大声说", "step3_how": "看清、说出，再按",
        "type_it": "扫不出？打开 {host} 输入上面的码",
        "no_phone": "门外扫码，门内\n不用普通手机",
        "card": "岗位安全风险告知卡", "telephone": "应急电话",
        "number": "编号 {0}", "version": "第 {0} 版",
        "damaged": "牌子坏了、被贴盖了，请报班长",
        "A": "重大\n风险", "B": "较大\n风险", "C": "一般\n风险", "D": "低\n风险",
        "enrol": "登记卡", "employee": "工号 {0}", "valid": "{0} 前有效",
        "enrol_how": "用自己的手机扫码，把手机登记到你名下。只能用一次。",
        "enrol_type": "扫不出？打开 {0} 输入这个码",
        "label_how": "扫码，指着它，大声说",
    },
    "en": {
        "step1": "Scan", "step1_how": "with the camera or WeChat",
        "step1_https": "open once online, then works offline",
        "step2": "Point", "step2_how": "walk up, point with your arm",
        "step3": "Call it out", "step3_how": "look, say it, then press",
        "type_it": "Will not scan? Open {host}, type the code above",
        "no_phone": "Scan outside.\nNo ordinary phones inside",
        "card": "Risk notice for this post", "telephone": "Emergency",
        "number": "No. {0}", "version": "Version {0}",
        "damaged": "Damaged or covered? Tell the crew leader",
        "A": "Major\nrisk", "B": "Serious\nrisk", "C": "Moderate\nrisk", "D": "Low\nrisk",
        "enrol": "Enrolment card", "employee": "No. {0}", "valid": "Valid until {0}",
        "enrol_how": "Scan with your own phone to enrol it in your name. Works once.",
        "enrol_type": "Will not scan? Open {0} and type this code",
        "label_how": "Scan, point, call it out",
    },
}  # fmt: skip

EQUIPMENT: dict[str, tuple[str, str]] = {
    "helmet": ("戴安全帽", "Safety helmet"),
    "goggles": ("戴防护眼镜", "Eye protection"),
    "suit": ("穿防静电服", "Antistatic clothing"),
    "detector": ("带检测仪", "Gas detector"),
    "shoes": ("穿防护鞋", "Safety shoes"),
    "gloves": ("戴防护手套", "Gloves"),
    "mask": ("戴防毒面具", "Respirator"),
    "ears": ("戴护耳器", "Ear protection"),
    "harness": ("系安全带", "Safety harness"),
    "vest": ("穿反光背心", "High-visibility vest"),
    "face_shield": ("戴防护面罩", "Face shield"),
    "lamp": ("带矿灯", "Cap lamp"),
}

ROW_LABELS: dict[Lang, dict[str, str]] = {
    "zh": {
        "hazards": "主要危险", "accidents": "事故类型", "consequences": "后果",
        "measures": "怎样防", "operation": "操作要点", "emergency": "出了事", "owner": "责任人",
    },
    "en": {
        "hazards": "Main hazards", "accidents": "Accidents", "consequences": "Consequences",
        "measures": "Prevention", "operation": "Key points", "emergency": "If it happens",
        "owner": "Responsible",
    },
}  # fmt: skip


def format_date(day: datetime.date, lang: Lang) -> str:
    """2026年11月24日, or 24 November 2026."""
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def format_moment(moment: datetime.datetime, lang: Lang) -> str:
    """The date as above with hours and minutes."""
    return f"{format_date(moment.date(), lang)} {moment:%H:%M}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
