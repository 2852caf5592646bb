"""Proof files checked without a network: a worker's own entry, or that of an announcement."""

from __future__ import annotations

from shiftapp.ledger import proof as proofs
from shiftapp.ledger import tree
from shiftapp.ledger.checkpoint import open_checkpoint
from shiftapp.ledger.encoding import b64u, commitment
from shiftapp.ledger.entry_forms import Entry, read
from shiftapp.ledger.policy import Policy
from shiftapp.ledger.proof import LogProof
from shiftapp.ledger.tree import BadProof
from shiftapp.ledger.verify import read_policy
from shiftapp.ledger.verify_report import Fatal, ProofReport, told

SALT_BYTES = 32


def proof(text: str, policy_text: str) -> ProofReport:
    """What a proof file shows: `extra` is an entry after its length, then salt and body or nothing.

    :raises ValueError: the policy cannot be read, or names no log.
    """
    policy = read_policy(policy_text)
    log, witnesses = told(policy, None)
    report = ProofReport(log, witnesses, policy.self_attested)
    try:
        _check(report, text, policy)
    except Fatal as end:
        report.findings.append(end.finding)
    return report


def _check(report: ProofReport, text: str, policy: Policy) -> None:
    try:
        found = proofs.parse(text)
        data, rest = _extra(found.extra)
    except ValueError as error:
        raise Fatal("bad_proof") from error
    report.index = found.index
    _check_place(report, found, data, policy)
    try:
        report.entry = read(data)
    except ValueError as error:
        raise Fatal("not_canonical") from error
    if rest:
        report.body = _body(report.entry, rest)


def _extra(extra: bytes) -> tuple[bytes, bytes]:
    """The entry, and salt and body where they are there."""
    length = int.from_bytes(extra[:2])
    data, rest = extra[2 : 2 + length], extra[2 + length :]
    if len(extra) < 2 or len(data) != length or 0 < len(rest) <= SALT_BYTES:
        raise ValueError("cut off")
    return data, rest


def _check_place(report: ProofReport, found: LogProof, data: bytes, policy: Policy) -> None:
    try:
        opened = open_checkpoint(found.checkpoint, policy.log, policy.verifiers)
    except ValueError as error:
        raise Fatal("bad_checkpoint") from error
    report.saw(policy, opened)
    if report.log["quorum_s"] is None:
        raise Fatal("no_quorum")
    signed = opened.checkpoint
    try:
        leaf = tree.leaf_hash(data)
        tree.check_inclusion(found.index, signed.size, leaf, found.path, signed.root)
    except BadProof as error:
        raise Fatal("bad_proof") from error


def _body(entry: Entry, rest: bytes) -> str:
    """The record, when it is the one that was sealed."""
    salt, body = rest[:SALT_BYTES], rest[SALT_BYTES:]
    if entry["k"] != "rec" or b64u(commitment(salt, body)) != entry["c"]:
        raise Fatal("c_differs")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Fatal("c_differs") from error
