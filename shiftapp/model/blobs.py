"""Photos and signatures by hash: which are here, which records name them, what is missing.

The bytes lie in files (store/files.py) and are durable before the row here. What a record names
is kept beside it, so that "3 of 4 arrived" is one question and the flags of its first answer stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from shiftapp.ledger import encoding
from shiftapp.model import counters, hazards, people
from shiftapp.store import Db, Row


def keep(db: Db, sha: bytes, kind: str, size: int, device: str, recv_ms: int) -> None:
    """The row of a file that is durable; a second time nothing changes."""
    added = db.run(
        "INSERT INTO blob (sha, kind, bytes, recv_ms, device)"
        " VALUES (:sha, :kind, :bytes, :recv_ms, :device) ON CONFLICT (sha) DO NOTHING",
        sha=sha,
        kind=kind,
        bytes=size,
        recv_ms=recv_ms,
        device=device,
    )
    if added:
        counters.touch(db)


def blob(db: Db, sha: bytes) -> Row | None:
    """`sha`, `kind`, `bytes`, `recv_ms` and `device` of a file that is here, or None."""
    return db.row("SELECT * FROM blob WHERE sha = :sha", sha=sha)


def is_erased(db: Db, sha: bytes) -> bool:
    """Whether only records name a file that were erased before it came."""
    row = db.row(
        "SELECT COUNT(*) AS named, COUNT(record.erased_ms) AS erased FROM record_blob"
        " JOIN record ON record.id = record_blob.record WHERE record_blob.sha = :sha",
        sha=sha,
    )
    return row is not None and row["named"] > 0 and row["named"] == row["erased"]


def known(db: Db, hashes: Sequence[bytes]) -> set[bytes]:
    """Which of some hashes have a row."""
    names = {f"h{number}": sha for number, sha in enumerate(hashes)}
    if not names:
        return set()
    held = ", ".join(f":{name}" for name in names)
    rows = db.rows(f"SELECT sha FROM blob WHERE sha IN ({held}) ORDER BY sha", **names)
    return {bytes(row["sha"]) for row in rows}


def is_any_missing(db: Db, hashes: Iterable[str]) -> bool:
    """Whether one of the hashes a body names (b64u) is not here yet."""
    return any(blob(db, encoding.b64u_decode(one, 32)) is None for one in hashes)


def name(db: Db, record: str, hashes: Iterable[str]) -> None:
    """Keep which files a new record names."""
    rows = [{"record": record, "sha": encoding.b64u_decode(one, 32)} for one in sorted(set(hashes))]
    if rows:
        db.run_many("INSERT INTO record_blob (record, sha) VALUES (:record, :sha)", rows)


def missing(db: Db, record: str) -> list[str]:
    """The hashes (b64u, sorted) that a record names and that are not here yet."""
    found = db.rows(
        f"{_FILES} WHERE record_blob.record = :record AND blob.sha IS NULL"
        " ORDER BY record_blob.sha",
        record=record,
    )
    return sorted(encoding.b64u(bytes(row["sha"])) for row in found)


def of_instance(db: Db, instance: int) -> dict[str, list[Row]]:
    """By record of a shift instance: its files, `sha` (b64u) and `here` (0 or 1)."""
    found = db.rows(
        f"{_FILES} WHERE record.instance = :instance ORDER BY record_blob.record, record_blob.sha",
        instance=instance,
    )
    by_record: dict[str, list[Row]] = {}
    for row in found:
        by_record.setdefault(row["record"], []).append(_shown(row))
    return by_record


def of_finding(db: Db, finding: Row) -> list[Row]:
    """The files that belong to a finding, as `of_instance` gives them.

    Of a report all that it names, of a failed step the photo of that step.
    """
    found = [
        _shown(row)
        for row in db.rows(
            f"{_FILES} WHERE record_blob.record = :record"
            " ORDER BY record_blob.record, record_blob.sha",
            record=finding["record_id"],
        )
    ]
    if finding["part"] == "self" or not found:
        return found
    body = db.value("SELECT body FROM record WHERE id = :id", id=finding["record_id"])
    said = {} if body is None else json.loads(bytes(body))
    steps = said["steps"] if said.get("kind") == "run" else []  # elsewhere it may be anything
    own = {one.get("blob") for one in steps if str(one["n"]) == finding["part"]}
    return [one for one in found if one["sha"] in own]


def may_see(db: Db, person: str, sha: bytes, roles: Sequence[str]) -> bool:
    """Whether somebody may see a file: their own record names it, or one of a crew in their scope,
    or a hazard that they may open.
    """
    naming = db.rows(
        "SELECT record.id, record.person, record.result, instance.crew FROM record_blob"
        " JOIN record ON record.id = record_blob.record"
        " LEFT JOIN instance ON instance.id = record.instance"
        " WHERE record_blob.sha = :sha ORDER BY record.seq",
        sha=sha,
    )
    for record in naming:
        # "Not today" is between its person and who leads the crew.
        wanted = ("leader",) if record["result"] == "cannot" else roles
        crew = record["crew"]
        if record["person"] == person or (crew and people.may(db, person, wanted, crew=crew)):
            return True
    return any(_sees_hazard(db, person, record["id"], sha) for record in naming)


def _sees_hazard(db: Db, person: str, record: str, sha: bytes) -> bool:
    seen, text = hazards.sight(db, person), encoding.b64u(sha)
    return any(
        seen.sees(one) and text in {file["sha"] for file in of_finding(db, one)}
        for one in hazards.of_record(db, record)
    )


_FILES = (
    "SELECT record_blob.record, record_blob.sha,"
    " CASE WHEN blob.sha IS NULL THEN 0 ELSE 1 END AS here"
    " FROM record_blob JOIN record ON record.id = record_blob.record AND record.erased_ms IS NULL"
    " LEFT JOIN blob ON blob.sha = record_blob.sha"
)


def _shown(row: Row) -> Row:
    return {**row, "sha": encoding.b64u(bytes(row["sha"]))}
