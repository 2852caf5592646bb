"""What can be wrong with a workbook: a stable code, a place, a sentence in two languages.

Only the words; reading.py and changes.py find the faults. A note is a fault that stops nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from openpyxl.utils import get_column_letter

from shiftapp.exchange import shift_faults, work_faults


@dataclass(frozen=True)
class Fault:
    """One fault or note; `row` 0: the whole sheet, `sheet` '': the whole file."""

    code: str
    zh: str
    en: str
    sheet: str = ""
    row: int = 0
    index: int = 0  # column, from 1; 0: the whole row
    column: str = ""  # its heading in Chinese
    column_en: str = ""

    @property
    def cell(self) -> str:
        """The address of the cell, '' where it is not one cell."""
        return f"{get_column_letter(self.index)}{self.row}" if self.index and self.row else ""

    @property
    def where(self) -> str:
        """The place in Chinese: sheet, row, column."""
        row = f"第 {self.row} 行" if self.row else ""
        letter = f" {get_column_letter(self.index)} 列" if self.index else ""
        named = f"“{self.column}”" if self.column else ""
        return f"{self.sheet} {row}{letter}{named}".strip()

    @property
    def where_en(self) -> str:
        """The place in English."""
        row = f"row {self.row}" if self.row else ""
        letter = f"column {get_column_letter(self.index)}" if self.index else ""
        named = f"“{self.column_en}”" if self.column_en else ""
        return " ".join(part for part in (self.sheet, row, letter, named) if part)

    def as_dict(self) -> dict[str, str | int]:
        """What a program reads."""
        said = asdict(self)
        del said["index"]
        return {**said, "cell": self.cell}


# code: Chinese, English.
SENTENCES: dict[str, tuple[str, str]] = {
    # The file
    "not_xlsx": (
        "这不是 xlsx 工作簿。在表格软件里另存为“Excel 工作簿 (.xlsx)”。",
        "This is not an xlsx workbook. Save it as “Excel workbook (.xlsx)”.",
    ),
    "old_xls": (
        "这是旧版 xls 或设了打开密码的文件。去掉密码，另存为 xlsx。",
        "This is an old xls file or has a password. Remove it and save as xlsx.",
    ),
    "damaged": (
        "文件打不开，可能没有传完整。在表格软件里重新另存一次。",
        "The file cannot be read: it may be incomplete. Save it again.",
    ),
    "too_big": ("文件太大，最多 {most} MB。", "The file is too big: at most {most} MB."),
    "too_big_unpacked": (
        "文件解开后超过 {most} MB，没有读。删掉多余的表、图片和空白行。",
        "Unpacked the file is over {most} MB and was not read. Remove what is not needed.",
    ),
    "macros": (
        "文件带宏，没有读。另存为不带宏的 .xlsx。",
        "The file has macros and was not read. Save it as .xlsx without macros.",
    ),
    "external_links": (
        "文件链接着别的文件，没有读。在“数据 → 编辑链接”里断开链接再存。",
        "The file links to other files and was not read. Break the links (Data → Edit links).",
    ),
    "too_many_rows": (
        "超过 {most} 行。分几个文件导入，或删掉下面的空行。",
        "More than {most} rows. Import in several files, or delete the empty rows below.",
    ),
    # Sheets and headings
    "no_sheet": (
        "缺工作表“{name}”。没有内容也留着这张表，或从新的模板里复制一张。",
        "The sheet “{name_en}” is missing. Keep it even if it is empty.",
    ),
    "same_sheet": ("有两张工作表“{name}”。删掉一张。", "Two sheets “{name_en}”: delete one."),
    "no_headings": (
        "第 1 行不是标题行。标题要和模板一样，放在第 1 行。",
        "Row 1 has no headings. They stand in row 1, as in the template.",
    ),
    "no_column": (
        "缺列“{name}”。{guess}列名要和模板一样。",
        "The column “{name_en}” is missing. {guess_en}Headings are those of the template.",
    ),
    "same_column": ("列“{name}”有两个。删掉一个。", "Two columns “{name_en}”: delete one."),
    "merged": (
        "合并的单元格 {ref}。取消合并，每格各填各的。",
        "Merged cells {ref}: unmerge them and fill each cell.",
    ),
    # Cells
    "formula": (
        "格里是公式。复制后“只粘贴值”。",
        "This is a formula. Copy it and paste values only.",
    ),
    "cell_error": ("格里是错误值 {value}。", "This is the error value {value}."),
    "needed": ("不能空。", "This cell may not be empty."),
    "too_long": ("太长，最多 {most} 个字。", "Too long: at most {most} characters."),
    "bad_character": ("有个字符不能保存，请重打。", "A character cannot be stored: type it again."),
    "date_for_text": (
        "表格软件把它变成了日期（{value}）。把格式设成“文本”再重打。",
        "It was turned into a date ({value}). Set the cell to “Text” and type it again.",
    ),
    "true_for_text": (
        "表格软件把它变成了真假值。把格式设成“文本”再重打。",
        "It was turned into a truth value. Set the cell to “Text” and type it again.",
    ),
    "bad_code": (
        "“{value}”不能当代码：用字母、数字、汉字、横线、下划线、点，不要空格。",
        "“{value}” is no code: letters, digits, - _ and . only, no blanks.",
    ),
    "one_only": (
        "这里只能写一个，“{value}”不止一个。留一个。",
        "Only one can stand here, “{value}” is more. Leave one.",
    ),
    "bad_staff": ("每班人数写 0 到 {most}。", "People a shift: 0 to {most}."),
    "bad_integer": ("“{value}”不是整数。", "“{value}” is not a whole number."),
    "bad_decimal": (
        "“{value}”不是数，如 0.55；小数最多 6 位。",
        "“{value}” is not a number such as 0.55, at most 6 decimals.",
    ),
    "bad_date": (
        "“{value}”不是日期，写成 2026-11-24。",
        "“{value}” is not a date: write 2026-11-24.",
    ),
    "bad_time": ("“{value}”不是时刻，写成 08:00。", "“{value}” is not a time: write 08:00."),
    "bad_choice": (
        "“{value}”不在选项里：{choices}。",
        "“{value}” is not one of: {choices_en}.",
    ),
    "zeros_lost": (
        "工号 {value} 是数字格，前面的 0 可能丢了（已有 {other}）。设成文本格式重打。",
        "The number {value} may have lost leading zeros ({other} exists). Retype it as text.",
    ),
    # Rows
    "two_crews": (
        "{value} 在第 {first} 行是班组 {crew} 的人。一个人只在一个班组：留一行。替班在名单上排。",
        "In row {first}, {value} is of crew {crew}. A person has one crew: leave one row; other"
        " shifts are a matter of their rosters.",
    ),
    "duplicate": ("和第 {first} 行重复：{value}。", "The same as row {first}: {value}."),
    "several_rows": ("只能有一行。", "Only one row is possible."),
    "unknown": ("没有{noun}“{value}”。{guess}", "There is no {noun_en} “{value}”. {guess_en}"),
    "example_used": (
        "“{value}”是示例行，不会导入。先写自己的{noun}。",
        "“{value}” is an example and is not imported. Write a {noun_en} of your own first.",
    ),
    "which_site": ("有几个厂区，要写是哪一个。", "There are several sites: say which one."),
    "bad_zone": ("没有时区“{value}”，如 Asia/Shanghai。", "There is no time zone “{value}”."),
    "needed_own": (
        "自己的岗位要写{name}（库里的岗位是 J01–J17）。",
        "A job of your own needs “{name_en}” (the library has J01 to J17).",
    ),
    "no_steps": (
        "岗位“{value}”没有步骤，写在“步骤”表。",
        "The job “{value}” has no steps: write them in “Steps”.",
    ),
    "bad_ppe": (
        "没有劳保代号“{value}”：{choices}。",
        "There is no protection “{value}”: {choices}.",
    ),
    "half_risk": (
        "等级、主要危险、怎样防要一起写。",
        "Level, hazard and defence belong together.",
    ),
    "job_not_there": (
        "工位“{station}”没有岗位“{job}”，先在“工位”表的岗位列里加上。",
        "“{job}” is not done at “{station}”: add it in the sheet “Stations”.",
    ),
    "not_listed": (
        "工号 {value} 不在“人员”表里，先在那里写一行。",
        "{value} is not in the sheet “People”: write a row there first.",
    ),
    "post_in_half": ("工位和岗位要一起写。", "Station and job belong together."),
    "no_cycle": (
        "班制库里没有“{value}”，自己的班制要写名称和循环。",
        "“{value}” is not in the library: a pattern of your own needs a name and a cycle.",
    ),
    "bad_cycle": (
        "循环“{value}”：一天一个大写字母，R＝休，至少一天上班。",
        "Cycle “{value}”: one capital letter a day, R = rest, at least one working day.",
    ),
    "no_shift": (
        "循环里的“{letters}”没有写时间，写在“班次”表。",
        "“{letters}” of the cycle has no times: write them in “Shifts”.",
    ),
    "stray_shift": (
        "班制“{value}”的循环里没有字母“{letter}”。",
        "The cycle of “{value}” has no letter “{letter}”.",
    ),
    "short_shift": ("一个班 1 到 24 小时。", "A shift lasts between 1 and 24 hours."),
    "other_site": (
        "统计组在厂区“{site}”，区域不在那里。",
        "The group belongs to the site “{site}”, the area does not.",
    ),
    "area_elsewhere": (
        "区域不在厂区“{site}”。选这个厂区的区域，或留空。",
        "The area is not in the site “{site}”: choose one of its areas, or leave it empty.",
    ),
    "not_a_unit": (
        "只有装置才有重点监管的工艺。改成“否”。",
        "Only a process unit has a supervised process: write “no”.",
    ),
    "has_history": (
        "“{value}”有状态记录，种类和厂区不能改。停用它，用新代码另加一行。",
        "States of “{value}” were entered: its kind and site stay. Close it and add a row with"
        " another code.",
    ),
    "still_unsafe": (
        "“{value}”现在不安全，不能停用。先处理，在页面上填新的状态。",
        "“{value}” is unsafe now and cannot be closed: deal with it and enter its new state first.",
    ),
    "no_scope": ("要写区域或班组的代码。", "Give the code of the area or crew."),
    "stray_scope": ("范围是全厂时，代码留空。", "With scope “all” leave the code empty."),
    **shift_faults.SENTENCES,
    **work_faults.SENTENCES,
    "in_text": ("{said}", "{said_en}"),  # from library/check.py
    "own_overlap": ("{said}", "{said_en}"),  # from cover_words.py
    "liability": ("“{words}”：{said}", "“{words}”: {said_en}"),
    # Notes
    "number_cell": (
        "{n} 个工号是数字格。如果工号前面有 0，表格软件已经去掉了：设成文本格式重打。",
        "{n} employee numbers are number cells: leading zeros, if any, were lost by the program.",
    ),
    "no_leader": ("班组“{value}”还没有班长（“角色”表）。", "The crew “{value}” has no leader yet."),
    "no_signatory": (
        "还没有承诺签发人（“角色”表），公告没人能发。",
        "There is no signatory yet: nobody can publish.",
    ),
    "small_group": (
        "统计组“{value}”只有 {n} 人，不足 5 人不单列。",
        "The group “{value}” has {n} people: below 5 it is not shown alone.",
    ),
    "cover": ("{said}", "{said_en}"),  # from cover_words.py
    "post_without_crew": (
        "有工位但没有班组，不会进排班名单。",
        "A station but no crew: not on any roster.",
    ),
    "null_limits": (
        "岗位“{value}”有 {n} 个读数步没有上下限，请按本厂规程填。",
        "The job “{value}” has {n} readings without limits: set those of your plant.",
    ),
}


def fault(code: str, **values: object) -> Fault:
    """The fault with this code; place it with `dataclasses.replace` or Plan.add."""
    zh, en = SENTENCES[code]
    english = en.format(**values).strip()
    return Fault(code, zh.format(**values).strip(), english[:1].upper() + english[1:])
