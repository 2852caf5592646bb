"""What can be wrong with the sheets of rosters and leave: code, Chinese, English."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "not_planned": (
        "班组“{crew}”{date} 按班制{says}，没有“{letter}”班。改日期或班次，或先改班制。",
        "By its pattern the crew “{crew}” {says_en} on {date}: there is no shift “{letter}”. Change"
        " the row, or the pattern first.",
    ),
    "too_far": (
        "最多排到 {most} 天后（{last}）。",
        "Rosters go at most {most} days ahead (to {last}).",
    ),
    "window_open": (
        "“{crew}”的这个 {letter} 班已经开始承诺，名单只能在看板上改。"
        "删掉这一班的行，或改得和现在一样。",
        "The window of this shift {letter} of “{crew}” is open: its roster is changed on the board"
        " only. Delete its rows, or make them as the roster is.",
    ),
    "has_left": (
        "工号 {value} 已经离职。",
        "{value} has left.",
    ),
    "on_leave": (
        "这个人 {first} 到 {last} 请假。先销假，或换人。",
        "On leave from {first} to {last}: take the leave back, or name somebody else.",
    ),
    "two_shifts": (
        "第 {row} 行已经把这个人排在同一时间的“{crew}”{date} {letter} 班。去掉一行。",
        "Row {row} has this person in “{crew}” {date} {letter} at the same time: delete one.",
    ),
    "busy": (
        "工号 {value} 这段时间在“{crew}”{date} {letter} 班。把那一班不带这个人也写进表里，或换人。",
        "{value} works in “{crew}” {date} {letter} at that time. Write that shift without them as"
        " well, or name somebody else.",
    ),
    "bad_span": (
        "最后一天在第一天（{first}）之前。",
        "The last day is before the first ({first}).",
    ),
    "long_leave": ("一次最多请 {most} 天。分几行写。", "At most {most} days: use several rows."),
    "leave_past": ("请假最早从昨天写起。", "Leave starts yesterday at the earliest."),
    "leave_overlaps": (
        "和 {first} 到 {last} 的请假重叠。改日期，或先销掉那一段。",
        "It overlaps the leave from {first} to {last}: change the days, or take that one back.",
    ),
}
