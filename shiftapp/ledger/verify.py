"""The verifier: whether a published announcement is what the public log shows (ledger brief §6).

Pure, and it trusts nobody: `get` gives the files of the log's prefix, wherever they come from, and
nothing in them is believed before a root that a quorum of witnesses saw has been computed over it.
What the log's own clock says is never used. The browser has the same procedure
(static/js/verify); both give the same report.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from shiftapp.ledger import policy as policies
from shiftapp.ledger import (
    tree,
    verify_document,
    verify_entries,
    verify_others,
    verify_parts,
    verify_trees,
    verify_uncited,
)
from shiftapp.ledger.checkpoint import Checkpoint
from shiftapp.ledger.encoding import b64u
from shiftapp.ledger.entries import parts_hash
from shiftapp.ledger.entry_forms import Entry, read, read_parts
from shiftapp.ledger.policy import Policy
from shiftapp.ledger.tree import BadProof
from shiftapp.ledger.verify_entries import Gathered
from shiftapp.ledger.verify_files import Files, Get, Missing
from shiftapp.ledger.verify_parts import Shown
from shiftapp.ledger.verify_report import Fatal, Report, told
from shiftapp.ledger.verify_rules import Rules

AHEAD = 40 * tree.WIDTH  # how far after the announcement another one is sought

Known = Mapping[str, Any]  # {"size": …, "root": base64}: a checkpoint that the reader saw before


def announcement(
    get: Get, policy_text: str, index: int, known: Known | None = None, *, earlier: bool = True
) -> Report:
    """What the log shows of the announcement at a place.

    `get(path)` gives the bytes of a file below the log's prefix and raises `Missing`. `earlier`:
    also what the log says of its earlier policies is believed (verify_rules.py); not where the
    policy is the reader's own.

    :raises ValueError: the policy cannot be read, or names no log.
    """
    policy = read_policy(policy_text)
    log, witnesses = told(policy, None)
    about = {"index": index, **dict.fromkeys(("doc", "kind", "date", "version", "b", "b_s"))}
    report = Report(log, witnesses, policy.self_attested, about)
    try:
        _check(report, Rules(get, policy, earlier=earlier), get, index, known)
    except Fatal as end:
        report.findings.append(end.finding)
    return report


def read_policy(text: str) -> Policy:
    """A policy that names its log.

    :raises ValueError: it cannot be read, or names none.
    """
    policy = policies.parse(text)
    if not policy.logs:
        raise ValueError("the policy names no log")
    return policy


def _check(report: Report, rules: Rules, get: Get, index: int, known: Known | None) -> None:
    policy = rules.policy
    files = Files(get, verify_trees.newest(report, get, policy))
    if known is not None:
        root = base64.b64decode(known["root"])
        verify_trees.check_known(files, Checkpoint(policy.log.name, known["size"], root))
    entry = _entry(files, index)
    report.announcement |= {"doc": entry["doc"], "b": entry["b"]}
    doc = verify_document.read(_document(files, index, entry))
    if doc is not None:
        report.announcement |= {key: doc[key] for key in ("kind", "date", "version")}
    parts = _parts(files, index, entry)
    a, b = entry["a"], entry["b"]
    _check_trees(index, a, b, parts)
    seen_s = _cited(files, rules, a, b, parts)
    report.announcement["b_s"] = seen_s.get(b)
    start = min((part["open"] for part in parts), default=index)
    end = min(files.newest.size, index + 1 + AHEAD)
    since_s = verify_others.first_s(doc)
    wanted = {part["s"] for part in parts} | verify_uncited.named(doc)
    found = verify_entries.gather(files, start, end, wanted, since_s)
    verify_parts.look(report, Shown(files, rules, found, a, b, seen_s), parts)
    verify_document.compare(report, doc, parts)
    verify_uncited.look(report, files, found, doc, parts)
    verify_others.look(report, doc, found, b)
    _look_ahead(report, found, index, end)
    if end < files.newest.size:
        report.add("not_looked", to=end)
    if rules.sizes:
        report.add("earlier_policy", count=len(rules.sizes))
    report.self_attested = rules.self_attested
    if report.self_attested:
        report.add("self_attested")


def _entry(files: Files, index: int) -> Entry:
    """Step 3: the announcement's entry, shown to stand at its place."""
    size, root = files.newest.size, files.newest.root
    if not 0 <= index < size:
        raise Fatal("not_in_log")
    try:
        data = files.bundle(index // tree.WIDTH)[index % tree.WIDTH]
    except Missing as error:
        raise Fatal("no_entry") from error
    try:
        path = tree.inclusion(index, size, files.hash)
        tree.check_inclusion(index, size, tree.leaf_hash(data), path, root)
    except (Missing, BadProof) as error:
        raise Fatal("not_in_log") from error
    try:
        entry = read(data)
    except ValueError as error:
        raise Fatal("not_canonical") from error
    if entry["k"] != "ann":
        raise Fatal("not_announcement")
    return entry


def _document(files: Files, index: int, entry: Entry) -> bytes:
    """Step 4: the text, as it was sealed."""
    try:
        data = files.get(f"announcement/{index}")
    except Missing as error:
        raise Fatal("no_document") from error
    if b64u(hashlib.sha256(data).digest()) != entry["doc"]:
        raise Fatal("doc_differs")
    return data


def _parts(files: Files, index: int, entry: Entry) -> list[Entry]:
    """Step 5: the parts, from the entry or from the list that its hash names."""
    if not isinstance(entry["of"], str):
        listed: list[Entry] = entry["of"]
        return listed
    try:
        found = read_parts(files.get(f"announcement/{index}/parts"))
    except (Missing, ValueError) as error:
        raise Fatal("parts_differ") from error
    if not found or b64u(parts_hash(found)) != entry["of"]:
        raise Fatal("parts_differ")
    return found


def _check_trees(index: int, a: int, b: int, parts: list[Entry]) -> None:
    """Step 6: the places that it refers to follow each other."""
    if b > index or a > b:
        raise Fatal("bad_trees")
    for place, part in enumerate(parts):
        if part.get("a", a) > b or part["open"] >= b:
            raise Fatal("bad_trees", place)


def _cited(files: Files, rules: Rules, a: int, b: int, parts: list[Entry]) -> dict[int, int]:
    """Step 6: when a quorum saw each tree that the parts are counted by."""
    sizes = [b, *(part.get("a", a) for part in parts)] if parts else []
    return {size: verify_trees.cited(files, rules, size) for size in dict.fromkeys(sizes) if size}


def _look_ahead(report: Report, found: Gathered, index: int, end: int) -> None:
    """Step 10: whether a later announcement says that it takes the place of this one."""
    for at, entry in found.announcements:
        if index < at < end and entry["sup"] == report.announcement["doc"]:
            report.add("superseded", index=at)
            return


__all__ = ["Get", "Missing", "announcement", "read_policy"]
