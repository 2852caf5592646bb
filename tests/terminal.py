"""The command line as an operator types it, with one install's environment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from shiftapp.cli import main
from shiftapp.store import Store, open_store

PASSWORD = "correct horse 9"


class Cli:
    """Runs commands with one install's environment; English unless told."""

    def __init__(self, data: Path, database: str) -> None:
        self.data = data
        self.database = database
        self.env = {
            "SHIFTAPP_DATA": str(data),
            "SHIFTAPP_DATABASE": database,
            "LC_ALL": "C.UTF-8",
        }

    def run(self, *args: str, code: int = 0, typed: str = "", lang: str = "") -> Result:
        """Run a command and check its exit code."""
        env = {**self.env, "LC_ALL": lang} if lang else self.env
        result = CliRunner(env=env).invoke(main, args, input=typed, catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result

    def json(self, *args: str, code: int = 0) -> Any:
        """What a command prints for a program."""
        return json.loads(self.run(*args, "--json", code=code).stdout)

    def init(self, *args: str) -> None:
        """An install as an operator makes it."""
        wanted = ("--url", "https://aq.example.cn", "--admin-password-stdin", *args)
        self.run("init", *wanted, typed=f"{PASSWORD}\n")

    def store(self) -> Store:
        """The install's store; close it."""
        return open_store(self.database or self.data / "shiftapp.db")
