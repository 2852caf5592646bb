from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from shiftapp.model import crews, places
from tests.terminal import Cli

KEYS = ["site", "crew", "shift_date", "code", "opens_ms", "starts_ms", "ends_ms", "expected"]


def plant(cli: Cli) -> None:
    store = cli.store()
    with store.tx() as db:
        places.save_site(db, places.Site(code="S1", name="一厂", zone="Asia/Shanghai"))
        crews.save_reporting_group(db, crews.Group(code="G1", site="S1", name="一组"))
        crews.save_pattern(
            db,
            crews.Pattern(
                code="P",
                name="长白班",
                cycle="D",
                anchor="2026-01-01",
                shifts=(crews.Shift(code="D", name="白班", start="08:00", minutes=480),),
            ),
        )
        crews.save_crew(db, crews.Crew(code="C1", site="S1", grp="G1", name="一班", pattern="P"))
    store.close()


def test_without_a_plant_there_are_none(cli: Cli) -> None:
    assert cli.json("shifts", "--days", "3") == []


def test_it_lists_what_other_programs_build_on(cli: Cli) -> None:
    plant(cli)
    today = datetime.datetime.now(ZoneInfo("Asia/Shanghai")).date()
    found = cli.json("shifts", "--from", today.isoformat(), "--days", "2")
    assert [row["shift_date"] for row in found] == [
        today.isoformat(),
        (today + datetime.timedelta(days=1)).isoformat(),
    ]
    first = found[0]
    assert list(first) == KEYS
    assert (first["site"], first["crew"], first["code"], first["expected"]) == ("S1", "C1", "D", 0)
    assert first["ends_ms"] - first["starts_ms"] == 480 * 60_000
    assert first["starts_ms"] - first["opens_ms"] == 45 * 60_000


def test_people_read_a_table(cli: Cli) -> None:
    plant(cli)
    assert "08:00" in cli.run("shifts").output


def test_a_bad_date_is_a_usage_error(cli: Cli) -> None:
    cli.run("shifts", "--from", "24.11.2026", code=2)
