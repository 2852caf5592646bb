"""Sheets of the days ahead: who works which shift where, and who is on leave."""

from __future__ import annotations

from shiftapp.exchange.columns import Column, Sheet

ROSTER = Sheet(
    "roster", "排班", "Roster",
    "某天某班不按班制排时才写：一行一个人一个工位。写了一个班，这个班就按表里的："
    "没写到的人不在这一班（班长加的人不动）。没写到的班照旧按班制。"
    "最多排到 60 天后；已经开始承诺的班只能在看板上改。",
    "Only for shifts that differ from the pattern: one row a person and station. What is written"
    " for a shift is its roster: who is not named is not in it (people added by the leader stay)."
    " Other shifts follow the pattern. At most 60 days ahead; a shift whose window is open is"
    " changed on the board only.",
    (
        Column("date", "日期", "Date", "date", "班次开始的那天",
               "The day on which the shift starts", need=True, example="2026-11-25", width=14),
        Column("crew", "班组", "Crew", "code", "班组代码", "Code of the crew", need=True, to="crew",
               example="示例JIA"),
        Column("shift", "班次", "Shift", "code", "班制里的字母，如 D",
               "The letter of the pattern, e.g. D", need=True, most=8, example="D"),
        Column("no", "工号", "No.", "no", "", "", need=True, most=32, to="person",
               example="示例00123", width=14),
        Column("station", "工位", "Station", "label", "工位简称", "Label of the station",
               need=True, most=32, to="station", example="示例P-201", width=14),
        Column("job", "岗位", "Job", "code", "岗位代码", "Code of the job", need=True, to="job",
               example="示例J02"),
        Column("run", "要手指口述", "Checklist required", "choice", "否：只要班前承诺",
               "No: the commitment alone", choice="yes", default=1, width=14),
    ),
    keys=("date", "crew", "shift", "no", "station", "job"),
    optional=True,
)  # fmt: skip

LEAVE = Sheet(
    "leave", "请假", "Leave",
    "一行一段假：这些天开始的班都不算应到。要销假在页面上办。",
    "One row a leave: shifts that start on these days do not expect the person. Taking leave back"
    " is done on the pages.",
    (
        Column("no", "工号", "No.", "no", "", "", need=True, most=32, to="person",
               example="示例00123", width=14),
        Column("first", "从", "From", "date", "第一天", "The first day", need=True,
               example="2026-11-25", width=14),
        Column("last", "到", "To", "date", "最后一天，含当天", "The last day, included", need=True,
               example="2026-11-27", width=14),
    ),
    keys=("no", "first", "last"),
    optional=True,
)  # fmt: skip
