"""The texts that the demo's phones answer, read once: nothing is published while it is made."""

from __future__ import annotations

from collections.abc import Callable

from shiftapp.model import places, versions
from shiftapp.store import Db, Row


class Texts:
    """Jobs, their checklists and the commitment text, as published."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._read: dict[str, Row] = {}

    def job(self, code: str) -> Row:
        """A job, shaped as places.job."""
        return self._once(f"job {code}", lambda: places.job(self._db, code))

    def checklist(self, job: str) -> Row:
        """The current checklist of a job, shaped as in versions.py."""
        return self._once(f"list {job}", lambda: versions.current_checklist(self._db, job))

    def commitment(self) -> Row:
        """The current commitment text, shaped as in versions.py."""
        return self._once("commitment", lambda: versions.current_commitment(self._db))

    def _once(self, key: str, read: Callable[[], Row | None]) -> Row:
        if key not in self._read:
            found = read()
            assert found is not None, key  # saved before anybody works
            self._read[key] = found
        return self._read[key]
