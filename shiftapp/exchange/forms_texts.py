"""Sheets of the texts: the steps of checklists and the commitment."""

from __future__ import annotations

from shiftapp.exchange.columns import Column, Sheet
from shiftapp.exchange.forms_plant import english

STEPS = Sheet(
    "step", "步骤", "Steps",
    "一行一步。只写自己的、或要改的手指口述卡；没写的岗位用库里的（已有的不变）。"
    "“步骤库”表里有 17 个岗位的全部步骤，可以整段复制过来改。内容改了就发布新版本。",
    "One row a step. Only for your own or changed checklists; a job without rows takes the"
    " library's (one that is there stays). “Library steps” has all steps of the 17 jobs to copy."
    " Changed content is published as a new version.",
    (
        Column("job", "岗位", "Job", "code", "岗位代码", "Code of the job", need=True, to="job",
               example="示例J02"),
        Column("n", "步号", "Step", "int", "从 1 起，一步一个号", "From 1, without gaps", need=True,
               example=1, width=8),
        Column("phase", "阶段", "Phase", most=200, example="接班前", width=14),
        english("phase_en", "阶段", 200),
        Column("target", "指什么", "Point at", "text", "一个实物", "One real thing", need=True,
               most=200, example="出口压力表", width=24),
        english("target_en", "指什么", 200),
        Column("call", "说什么", "Call", "text", "喊得出口，14 个字以内最好",
               "Short enough to shout", need=True, most=200, example="压力零点六，正常", width=28),
        english("call_en", "说什么", 200),
        Column("criteria", "怎样算正常", "Criteria", "lines", "1–3 条，一条一行（Alt+Enter）",
               "1 to 3, one a line (Alt+Enter)", need=True, most=200,
               example="指针在绿区\n不抖动", width=32),
        Column("criteria_en", "怎样算正常（英文）", "Criteria in English", "lines",
               "条数和中文一样", "As many as in Chinese", most=200, width=24),
        Column("ev", "凭据", "Evidence", "choice", "主要凭据；空＝C 确认",
               "Main evidence; empty: choice", choice="evidence", default="C", example="R",
               width=18),
        Column("also", "另加凭据", "Also", "codes", "字母，如 D、S", "Letters, e.g. D, S"),
        Column("label", "读数名称", "Reading", "text", "读数步要写", "For a reading", most=200,
               example="出口压力", width=16),
        english("label_en", "读数名称", 200),
        Column("unit", "单位", "Unit", "text", "", "", most=20, example="MPa"),
        english("unit_en", "单位", 20, width=10),
        Column("lo", "下限", "Low", "decimal", "含；空＝不限", "Inclusive; empty: none",
               example="0.55"),
        Column("hi", "上限", "High", "decimal", "含；空＝不限", "Inclusive; empty: none",
               example="0.70"),
        Column("timer_s", "计时秒数", "Timer, s", "decimal", "计时步要写", "For a timed step"),
        Column("veto", "关键步", "Veto", "choice", "是：不正常就停，不能继续",
               "Yes: not normal means stop", choice="yes", default=0, example="1"),
        Column("risk", "不做的后果", "Risk if not done", most=200, example="憋压跳泵", width=24),
        english("risk_en", "不做的后果", 200),
        Column("fail", "不正常怎么办", "On failure", "choice", "关键步必须停",
               "A veto step stops", choice="fail", default="stop", example="stop", width=16),
        Column("dwell_s", "最少停留秒数", "Least stay, s", "decimal", "0–60", "0 to 60",
               default="0", example="4"),
    ),
    keys=("job", "n"),
)  # fmt: skip

COMMITMENT = Sheet(
    "item", "承诺", "Commitment",
    "班前承诺的全部文字，已填好默认内容，可以改。改了就发布新版本；空表＝不变（新装用默认）。"
    "不能写“后果自负”一类的话：承诺不减轻企业的责任（安全生产法第 52 条）。"
    "答案行的编号＝问题编号.答案编号。",
    "All words of the commitment, filled in with the default. Changed content is published as a new"
    " version; an empty sheet changes nothing (new: the default). Words that shift liability to the"
    " worker are refused. An answer's id is question.answer.",
    (
        Column("id", "编号", "Id", "code", "title、oath、rights，或问题编号，或 问题.答案",
               "title, oath, rights, or a question, or question.answer", need=True, most=65,
               example="示例fit", width=18),
        Column("type", "类型", "Type", "choice", "", "", need=True, choice="item", example="fit",
               width=18),
        Column("text", "文字", "Text", "text", "", "", most=200,
               example="身体和精神，今天能上岗？", width=44),
        english("text_en", "文字", 200, "Fit for work today?", 44),
        Column("help", "说明", "Help", most=200, width=32),
        english("help_en", "说明", 200, width=32),
        Column("neg", "答不行以后", "If negative", "choice", "问题行要写", "For a question",
               choice="neg", example="replace", width=16),
        Column("source", "内容来自", "Source", "choice", "", "", choice="source", width=18),
        Column("r", "答案算", "Means", "choice", "答案行要写", "For an answer", choice="answer",
               width=18),
    ),
    keys=("id",),
)  # fmt: skip
