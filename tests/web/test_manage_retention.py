"""How long things are kept: set at the desk, told in public."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shiftapp.model import settings
from tests.managing import audited, change, faulty
from tests.page import Page
from tests.plant import Plant

PageOf = Callable[..., Page]
PATH = "/manage/retention"


def test_an_admin_changes_how_long(page: PageOf, plant: Plant) -> None:
    html = change(page("admin"), PATH, keep_commit_days="1460", keep_photo_days="0")
    now = settings.get(plant.store)
    assert (now.keep_commit_days, now.keep_photo_days) == (1460, 0)
    assert html.form(PATH)["keep_commit_days"] == "1460"
    line = audited(plant)[-1]
    assert (line["what"], line["detail"]) == (
        "retention.save",
        "keep_commit_days 1095→1460 keep_photo_days 1095→0",
    )


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("keep_commit_days", "364"),
        ("keep_commit_days", "36501"),
        ("keep_commit_days", "-1"),
        ("keep_run_days", "30"),
        ("keep_hazard_days", "729"),
        ("keep_photo_days", "179"),
        ("keep_unread_days", "29"),
        ("keep_cannot_days", "0"),
        ("keep_cannot_days", "91"),
        ("keep_cannot_days", "6"),
        ("keep_run_days", ""),
        ("keep_run_days", "三年"),
        ("keep_run_days", "1095.5"),
        ("keep_run_days", "9" * 40),
    ],
)
def test_what_is_too_short_too_long_or_no_number_is_refused(
    page: PageOf, plant: Plant, key: str, typed: str
) -> None:
    html = change(page("admin"), PATH, 422, **{key: typed})
    assert list(faulty(html)) == [f"f-{key}"] or key in str(faulty(html))
    assert getattr(settings.get(plant.store), key) == getattr(settings.Settings(), key)


def test_two_at_once_see_each_others_values(page: PageOf, plant: Plant) -> None:
    fields = page("admin").get(PATH).form(PATH)
    with plant.store.tx() as db:
        settings.put(db, keep_run_days=2000)
    html = page("admin").post(PATH, {**fields, "keep_run_days": "3000"}, 409)
    assert "2000" in html.text
    assert settings.get(plant.store).keep_run_days == 2000


def test_others_read_and_do_not_change(page: PageOf) -> None:
    for part in ("manager", "inspector"):
        assert not page(part).get(PATH).all("form", method="post")
        page(part).post(PATH, {}, 403)
    page("worker").get(PATH, 403)


def test_the_settings_lead_there(page: PageOf) -> None:
    assert PATH in page("admin").get("/manage/settings").links
    assert "/manage/erasure" in page("manager").get(PATH).links
    assert "/manage/erasure" not in page("inspector").get(PATH).links


def test_the_public_page_names_the_periods_in_force(page: PageOf, plant: Plant) -> None:
    text = page(None).get("/privacy").text
    assert "班前承诺 3 年，手指口述 3 年，隐患报告 5 年" in text and "30 天后删除" in text
    with plant.store.tx() as db:
        settings.put(
            db, keep_commit_days=400, keep_run_days=0, keep_cannot_days=14, privacy_zh="自己的话。"
        )
    text = page(None).get("/privacy").text
    assert "自己的话。" in text  # the plant's own text, and still our periods
    assert "班前承诺 400 天，手指口述 一直留" in text and "“今天不能上岗” 14 天" in text


def test_who_is_concerned_reads_the_same(page: PageOf, plant: Plant) -> None:
    with plant.store.tx() as db:
        settings.put(db, keep_cannot_days=14)
    text = page("worker", True).get("/W/mine").text
    assert "14 天" in text and "30 天" not in text
