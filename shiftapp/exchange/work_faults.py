"""What can be wrong with the sheet of special work: code, Chinese, English.

The codes are those with which model/special_work_checks.py and special_work_entry.py refuse.
"""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "permit_twice": (
        "和第 {row} 行是同一张作业票，大小写、空格、横线不算区别。去掉一行。",
        "This is the permit of row {row}: case, blanks and hyphens make no difference. Delete one.",
    ),
    "bad_text": ("作业票号里要有字母或者数字。", "A permit number needs letters or figures."),
    "no_level": ("{name}要选级别。", "{name_en}: choose its grade."),
    "unknown_level": ("{name}没有这个级别。", "{name_en} has no such grade."),
    "bad_gas": ("写 0 到 {most} 分钟。", "From 0 to {most} minutes."),
    "no_contractor": ("写明是哪家承包商。", "Say which contractor."),
    "ends_before": ("结束要在开始之后。", "The end comes after the start."),
    "valid_too_long": (
        "这种作业票最长 {hours} 小时有效。时间再长要另开一张票。",
        "Such a permit is valid for {hours} hours at most: for longer work there is another one.",
    ),
    "guardian_works": (
        "监护人 {no} 不能同时是作业人。",
        "{no} guards the work and cannot do it at the same time.",
    ),
    "too_many_people": ("一张票最多写 {most} 个人。", "A permit names at most {most} people."),
    "too_old": (
        "开始时间在 30 天以前，不能再补登记。",
        "It started more than 30 days ago and can no longer be registered.",
    ),
    "start_too_far": (
        "开始时间在三个月以后。核对一下年份。",
        "It starts in more than three months: look at the year.",
    ),
    "work_ended": (
        "这张作业票已经关闭或者取消，不能再改。",
        "This permit was closed or cancelled and stays as it is.",
    ),
    "work_started": (
        "作业已经开始，只能延长时间、换监护人、改检测间隔。",
        "It has started: only its end, guardians and gas interval change.",
    ),
    "only_extend": (
        "作业已经开始，结束时间只能往后延。",
        "It has started: its end can only be later.",
    ),
    "gas_longer": (
        "作业已经开始，检测间隔不能改长：最长 {most} 分钟，也不能改成不检测。",
        "It has started: gas is tested every {most} minutes or more often.",
    ),
    "place_elsewhere": (
        "不在厂区“{site}”。选这个厂区的，或留空。",
        "Not in the site “{site}”: choose one of its own, or leave it empty.",
    ),
    "late_permit": (
        "作业票“{value}”开始以后才登记，会标明是补登记。",
        "The permit “{value}” is registered after its start and will be marked as late.",
    ),
}
