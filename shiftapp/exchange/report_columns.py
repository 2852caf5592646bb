"""The tables of a shift's report: their names and columns, with widths as Excel counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shiftapp.exchange.columns import Column

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table: name and headings in both languages, texts in one."""

    zh: str
    en: str
    columns: tuple[Column, ...]
    rows: tuple[Cells, ...]

    def filled(self) -> Table:
        """The table without the columns in which nothing stands; all of them without rows."""
        numbers = range(len(self.columns))
        kept = [n for n in numbers if any(row[n].strip() for row in self.rows)] or list(numbers)
        columns = tuple(self.columns[n] for n in kept)
        return replace(self, columns=columns, rows=tuple(_pick(row, kept) for row in self.rows))


def _pick(row: Cells, kept: Sequence[int]) -> Cells:
    return tuple(row[n] for n in kept)


OVERVIEW = (Column("what", "项目", "Item", width=34), Column("figure", "数", "Figure", width=44))
PEOPLE = (
    Column("no", "工号", "No.", width=12),
    Column("name", "姓名", "Name", width=14),
    Column("employer", "单位", "Employer", width=16),
    Column("state", "状态", "State", width=12),
    Column("marks", "标记", "Marks", width=14),
    Column("station", "工位、岗位", "Station, job", width=26),
    Column("how", "怎么来的", "How they came", width=16),
    Column("commit", "承诺", "Commitment", width=14),
    Column("run", "手指口述", "Checklist", width=14),
    Column("reason", "没开始的原因", "Why not started", width=18),
)
FINDINGS = (
    Column("at", "时间", "Time", width=10),
    Column("what", "什么", "What", width=34),
    Column("kind", "级别", "Level", width=10),
    Column("by", "谁报的", "Reported by", width=12),
    Column("where", "哪里", "Where", width=16),
    Column("answer", "答复", "Answer", width=28),
    Column("answered", "谁答复", "Answered by", width=16),
    Column("owner", "谁处理", "Owner", width=12),
    Column("due", "几点前", "Due", width=10),
    Column("closed", "关闭", "Closed", width=18),
)
CHANGES = (
    Column("at", "时间", "Time", width=10),
    Column("what", "什么", "What", width=18),
    Column("who", "谁、内容", "Who or what", width=34),
    Column("where", "工位", "Station", width=18),
    Column("why", "怎么来的、原因", "How or why", width=24),
    Column("by", "谁改的", "By", width=14),
)
SIGNATURES = (
    Column("no", "次", "No.", width=6),
    Column("at", "时间", "Time", width=10),
    Column("who", "谁", "Who", width=16),
    Column("what", "什么", "What", width=30),
    Column("text", "内容", "Text", width=44),
)
