"""The thresholds of integrity signals as fields on a site's page, with limits and defaults."""

from __future__ import annotations

from dataclasses import asdict

from shiftapp.exchange.columns import Column
from shiftapp.model.signal_rules import LIMITS, Thresholds, read_thresholds, write_thresholds
from shiftapp.web.manage_fields import Content, Form

_USUAL = asdict(Thresholds())
_WORDS = {
    "fast_factor": ("太快：用时不到读完的（%）", "Too quick: below this share of reading time (%)"),
    "fast_share": ("太快：占几成步骤（%）", "Too quick: share of the steps (%)"),
    "rhythm_ms": ("同节奏：平均差不到（毫秒）", "Same rhythm: mean difference below (ms)"),
    "burst_people": ("接连：几个人起", "In a row: from how many people"),
    "burst_s": ("接连：多少秒里", "In a row: within how many seconds"),
}


def _column(key: str) -> Column:
    low, high = LIMITS[key]
    usual, (zh, en) = _USUAL[key], _WORDS[key]
    off, off_en = ("；0＝不看这一项", "; 0: not looked at") if low == 0 else ("", "")
    about = f"默认 {usual}，{low} 到 {high}{off}"
    about_en = f"Default {usual}, {low} to {high}{off_en}"
    return Column(key, zh, en, "int", about, about_en, default=usual)


COLUMNS = tuple(_column(key) for key in LIMITS)


def content(text: str) -> Content:
    """What a site has stored, as values of the fields."""
    return asdict(read_thresholds(text))


def check(form: Form) -> None:
    """Every threshold within its limits."""
    for key, (low, high) in LIMITS.items():
        value = form.values.get(key)
        if isinstance(value, int) and not low <= value <= high:
            form.fail(
                key, f"写 {low} 到 {high} 的整数。", f"Write a whole number, {low} to {high}."
            )


def stored(form: Form) -> str:
    """What is to be stored of a form without faults."""
    return write_thresholds(Thresholds(**{key: int(str(form.values[key])) for key in LIMITS}))
