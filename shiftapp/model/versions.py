"""Published texts: checklists of jobs and commitment texts. A published version never changes.

The document is stored as canonical JSON and hashed once, here; records name it by number and
hash (formats.md §2). Publishing what is already the newest gives that version's number again.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from shiftapp.library.check import Fault, check_checklist, check_commitment
from shiftapp.library.lint import lint_document
from shiftapp.model import counters
from shiftapp.problems import Problem, Twin
from shiftapp.store import Db, Row

Doc = dict[str, Any]  # JSON of a version: its shape is checked by library/check.py
MAX_HELD = 500
_documents: dict[bytes, Doc] = {}  # by hash; published documents never change
FAULTS_SAID = 3  # a sentence with more is not read


def canonical(doc: Doc) -> str:
    """The one text of a document: sorted keys, no spaces, UTF-8 unescaped."""
    return json.dumps(doc, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha(doc: Doc) -> bytes:
    """SHA-256 of the canonical text, 32 bytes."""
    return hashlib.sha256(canonical(doc).encode()).digest()


def publish_checklist(db: Db, job: str, doc: Doc, now_ms: int, by: str) -> int:
    """Publish a checklist of a job; gives its number, that of the newest if nothing changed.

    `by` is a person's id, or 'import', 'library'.

    :raises Problem: 422 `bad_checklist` with what is wrong; 404 `no_job`.
    """
    if db.value("SELECT 1 FROM job WHERE code = :job", job=job) is None:
        raise Problem(404, "no_job", "没有这个岗位。")
    if faults := check_checklist(doc):
        raise Problem(
            422, "bad_checklist", "这张卡还不能发布。%(why)s", params={"why": _said(faults)}
        )
    newest = current_checklist(db, job)
    if newest is not None and _same(newest["doc"], doc):
        return int(newest["no"])
    no = int(newest["no"]) + 1 if newest else 1
    doc = _fresh(doc, no, {row["sha"] for row in _checklist_shas(db, job)})
    db.run(
        "INSERT INTO checklist (job, no, sha, doc, published_ms, published_by)"
        " VALUES (:job, :no, :sha, :doc, :now, :by)",
        job=job,
        no=no,
        sha=sha(doc),
        doc=canonical(doc),
        now=now_ms,
        by=by,
    )
    counters.touch(db)
    return no


def current_checklist(db: Db, job: str) -> Row | None:
    """The newest checklist of a job as `{no, sha, doc, published_ms, published_by}`; or None."""
    return _opened(
        db.row(
            "SELECT no, sha, doc, published_ms, published_by FROM checklist"
            " WHERE job = :job ORDER BY no DESC LIMIT 1",
            job=job,
        )
    )


def checklist(db: Db, job: str, no: int, sha: bytes) -> Row | None:
    """The published checklist with this number and hash, shaped as `current_checklist`."""
    row = db.row(
        "SELECT no, sha, published_ms, published_by FROM checklist"
        " WHERE job = :job AND no = :no AND sha = :sha",
        job=job,
        no=no,
        sha=sha,
    )
    return _held(db, row, "SELECT doc FROM checklist WHERE sha = :sha")


def checklists(db: Db, job: str) -> list[Row]:
    """All versions of a job's checklist, newest first, shaped as `current_checklist`."""
    rows = db.rows(
        "SELECT no, sha, doc, published_ms, published_by FROM checklist"
        " WHERE job = :job ORDER BY no DESC",
        job=job,
    )
    return [_open(row) for row in rows]


def publish_commitment(db: Db, doc: Doc, now_ms: int, by: str) -> int:
    """Publish a commitment text; gives its number, that of the newest if nothing changed.

    :raises Problem: 422 `liability` with the reason when the text shifts liability to the
        worker; 422 `bad_commitment` when its shape is wrong.
    """
    if faults := check_commitment(doc):
        raise Problem(
            422, "bad_commitment", "这份承诺书还不能发布。%(why)s", params={"why": _said(faults)}
        )
    if found := lint_document(doc):
        raise Problem(
            422,
            "liability",
            "“%(words)s”不能写进承诺书：%(reason)s",
            params={
                "words": found[0].words,
                "reason": Twin(found[0].reason_zh, found[0].reason_en),
            },
        )
    newest = current_commitment(db)
    if newest is not None and _same(newest["doc"], doc):
        return int(newest["no"])
    no = int(newest["no"]) + 1 if newest else 1
    olds = db.rows("SELECT sha FROM commitment ORDER BY no")
    doc = _fresh(doc, no, {bytes(row["sha"]) for row in olds})
    db.run(
        "INSERT INTO commitment (no, sha, doc, published_ms, published_by)"
        " VALUES (:no, :sha, :doc, :now, :by)",
        no=no,
        sha=sha(doc),
        doc=canonical(doc),
        now=now_ms,
        by=by,
    )
    counters.touch(db)
    return no


def current_commitment(db: Db) -> Row | None:
    """The newest commitment text, shaped as `current_checklist`; None before the first."""
    return _opened(
        db.row(
            "SELECT no, sha, doc, published_ms, published_by FROM commitment"
            " ORDER BY no DESC LIMIT 1"
        )
    )


def commitment(db: Db, no: int, sha: bytes) -> Row | None:
    """The published commitment text with this number and hash."""
    row = db.row(
        "SELECT no, sha, published_ms, published_by FROM commitment WHERE no = :no AND sha = :sha",
        no=no,
        sha=sha,
    )
    return _held(db, row, "SELECT doc FROM commitment WHERE sha = :sha")


def commitments(db: Db) -> list[Row]:
    """All commitment texts, newest first, shaped as `current_checklist`."""
    rows = db.rows(
        "SELECT no, sha, doc, published_ms, published_by FROM commitment ORDER BY no DESC"
    )
    return [_open(row) for row in rows]


def _said(faults: list[Fault]) -> Twin:
    """The first faults in one breath, in both languages."""
    first = faults[:FAULTS_SAID]
    return Twin("".join(fault.zh for fault in first), " ".join(fault.en for fault in first))


def _checklist_shas(db: Db, job: str) -> list[Row]:
    rows = db.rows("SELECT no, sha FROM checklist WHERE job = :job ORDER BY no", job=job)
    return [{"no": row["no"], "sha": bytes(row["sha"])} for row in rows]


def _same(old: Doc, new: Doc) -> bool:
    return canonical({**old, "again": None}) == canonical({**new, "again": None})


def _fresh(doc: Doc, no: int, taken: set[bytes]) -> Doc:
    """The document, told apart from an equal older version when somebody goes back to that.

    A hash names one version, so the text of version 2 published again as version 4 carries
    `"again":4`; readers ignore the field.
    """
    doc = {name: value for name, value in doc.items() if name != "again"}
    return {**doc, "again": no} if sha(doc) in taken else doc


def _opened(row: Row | None) -> Row | None:
    return None if row is None else _open(row)


def _held(db: Db, row: Row | None, document: str) -> Row | None:
    """A published version; its document is read once, for hundreds of records a minute name it.

    The hash says what it is, so no other database can mean another by it. Who gets it must not
    change it.
    """
    if row is None:
        return None
    sha = bytes(row["sha"])
    if sha not in _documents:
        if len(_documents) >= MAX_HELD:
            _documents.clear()
        _documents[sha] = dict(json.loads(db.value(document, sha=sha)))
    return {**row, "sha": sha, "doc": _documents[sha]}


def _open(row: Row) -> Row:
    return {**row, "sha": bytes(row["sha"]), "doc": json.loads(row["doc"])}
