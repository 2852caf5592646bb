"""Promises about the repository itself."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
TOP = {  # design.md §2
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "bench",
    "constraints.txt",
    "docs",
    "pyproject.toml",
    "qr",
    "shiftapp",
    "tests",
}


def tracked() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    files = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [file for file in files if file.is_file()]


def test_the_top_level_is_the_one_of_the_design() -> None:
    assert {file.relative_to(ROOT).parts[0] for file in tracked()} <= TOP


def test_constraints_pin_versions_and_name_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert [
        line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)
    ] == []


def test_every_dependency_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {_plain(line.split("==")[0]) for line in lines}
    extras = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *extras["postgres"], *extras["test"]]
    names = {_plain(re.split(r"[\[<>=;\s]", one)[0]) for one in wanted}
    assert names - pinned - {"shiftapp"} == set()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_version_stands_in_one_form() -> None:
    import shiftapp

    assert PROJECT["version"] == shiftapp.__version__
    assert f"## {shiftapp.__version__} " in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_licence_is_apache() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text()[:200]
    assert PROJECT["license"] == {"text": "Apache-2.0"}


@pytest.mark.parametrize("name", ["run", "venv", "chromium", "scratch"])
def test_ci_scripts_run_and_are_plain_shell(name: str) -> None:
    script = ROOT / ".ci" / name
    assert os.access(script, os.X_OK)
    subprocess.run(["sh", "-n", str(script)], check=True)
    assert script.read_text().startswith("#!/bin/sh\n")


def test_a_merge_runs_the_whole_suite() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text()
    make = (ROOT / "Makefile").read_text()
    assert re.search(r"^test: test-fast test-more test-browser test-faults ", make, re.MULTILINE)


def test_make_without_a_target_prints_help() -> None:
    done = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"demo", "test", "test-fast"} <= {line.split()[0] for line in done.stdout.splitlines()}


def test_no_file_is_huge() -> None:
    limit = 5 * 1024 * 1024
    assert [str(file) for file in tracked() if file.stat().st_size > limit] == []


def test_nothing_names_a_home_folder_or_a_secret() -> None:
    pattern = re.compile(
        rb"/(?:root|home)/[a-z]+/|BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY|ghp_[A-Za-z0-9]{20}"
    )
    found = [file for file in tracked() if pattern.search(file.read_bytes())]
    assert [str(file) for file in found if file != Path(__file__)] == []


def test_vendored_files_are_the_ones_of_their_list() -> None:
    """static/vendor/vendor.json: file → name, version, licence, sha256 (as released)."""
    folder = ROOT / "shiftapp/static/vendor"
    files = {path.name: path for path in folder.glob("**/*") if path.is_file()}
    listed = json.loads(files.pop("vendor.json").read_text("utf-8"))
    assert set(listed) == set(files)
    for name, about in listed.items():
        assert {"name", "version", "licence", "sha256"} <= set(about), name
        assert about["sha256"] == hashlib.sha256(files[name].read_bytes()).hexdigest(), name
