"""The folder of a demo: made once, gone on with, made anew, and never anybody else's."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path

import pytest

from shiftapp.demo.build import Wanted
from shiftapp.demo.folder import PASSWORD, PIN, prepare
from shiftapp.model import credentials, people, settings
from shiftapp.problems import Problem
from tests.demo.conftest import DAY, Running
from tests.demo.test_build import contents
from tests.plant import NOW_MS, Clock
from tests.terminal import Cli

HOUR_MS = 3_600_000


def now_of(demo: Running) -> int:
    return demo.clock() + settings.get(demo.store).clock_offset_ms


def test_it_begins_at_0738_whatever_the_wall_clock_says(tmp_path: Path) -> None:
    clock = Clock(NOW_MS + 1234 * HOUR_MS)
    folder, made = prepare(tmp_path / "demo", Wanted(day=DAY), clock)
    store = folder.store()
    try:
        assert made
        assert clock() + settings.get(store).clock_offset_ms == NOW_MS
    finally:
        store.close()


def test_files_are_for_their_owner_alone(demo: Running) -> None:
    keys = list(demo.folder.config.keys.iterdir())
    assert keys and {os.stat(key).st_mode & 0o777 for key in keys} == {0o600}


def test_started_again_it_goes_on(demo: Running) -> None:
    demo.clock.ms += HOUR_MS
    _, made = prepare(demo.folder.path, demo.wanted, demo.clock)
    assert not made
    assert now_of(demo) == NOW_MS + HOUR_MS


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(day=DAY + datetime.timedelta(days=1)),
        Wanted(day=DAY, lang="en"),
        Wanted(day=DAY, seed="2"),
    ],
)
def test_another_day_language_or_seed_is_another_plant(demo: Running, wanted: Wanted) -> None:
    demo.store.close()
    folder, made = prepare(demo.folder.path, wanted, demo.clock)
    assert made
    said = json.loads((folder.path / "demo.json").read_text())
    assert (said["lang"], said["seed"]) == (wanted.lang, wanted.seed)


def test_when_its_day_is_over_it_begins_anew(demo: Running) -> None:
    demo.store.close()
    demo.clock.ms += 25 * HOUR_MS
    assert prepare(demo.folder.path, demo.wanted, demo.clock)[1]


def test_a_folder_left_half_made_is_made_anew(demo: Running) -> None:
    demo.store.close()
    (demo.folder.path / "demo.json").unlink()
    assert prepare(demo.folder.path, demo.wanted, demo.clock)[1]


def test_it_never_touches_a_real_install(sqlite_install: Cli) -> None:
    before = (sqlite_install.data / "shiftapp.db").read_bytes()
    with pytest.raises(Problem) as refused:
        prepare(sqlite_install.data, Wanted(day=DAY), Clock())
    assert refused.value.code == "not_a_demo"
    assert (sqlite_install.data / "shiftapp.db").read_bytes() == before


def test_it_never_touches_somebody_elses_database(tmp_path: Path) -> None:
    (tmp_path / "other.db").write_bytes(b"mine")
    with pytest.raises(Problem) as refused:
        prepare(tmp_path, Wanted(day=DAY), Clock())
    assert refused.value.code == "not_a_demo"


def test_pin_and_password_are_those_that_are_printed(demo: Running) -> None:
    pepper = demo.folder.keys().pin_pepper
    person = people.by_no(demo.store, "1001")
    assert person is not None
    assert credentials.check_secret(person["pin_hash"], PIN, pepper)
    assert credentials.check_secret(person["password_hash"], PASSWORD, pepper)
    assert credentials.tag_of(PIN, bytes(person["pin_salt"])).t == person["pin_tag"]
    credentials.check_pin_form(PIN)
    credentials.check_password_form(PASSWORD)


def test_two_folders_of_one_seed_hold_the_same(tmp_path: Path, demo: Running) -> None:
    other, _ = prepare(tmp_path / "other", demo.wanted, Clock())
    store = other.store()
    try:
        assert contents(store) == contents(demo.store)
    finally:
        store.close()
    for name in (one.name for one in other.config.keys.iterdir()):
        assert (other.config.keys / name).read_bytes() == (
            demo.folder.config.keys / name
        ).read_bytes()
