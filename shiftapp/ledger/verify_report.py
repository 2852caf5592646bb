"""What a verifier found: figures it counted itself, and findings with stable codes.

The sentence and the kind of each code stand in `verdicts.json`, which the browser reads as well.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from shiftapp.ledger.checkpoint import Opened
from shiftapp.ledger.policy import NONE, Policy, is_own

Json = dict[str, Any]  # strings, integers, booleans, null, lists and objects

VERDICTS: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "verdicts.json").read_text("utf-8")
)


class Finding(NamedTuple):
    """A code, the part that it is about (None: the whole) and the numbers of its sentence."""

    code: str
    part: int | None = None
    values: Mapping[str, int] = {}

    @property
    def fails(self) -> bool:
        """Whether what was announced does not hold."""
        return VERDICTS[self.code]["kind"] == "fail"

    def sentence(self, language: str) -> str:
        """What it means, in `zh` or `en`."""
        return VERDICTS[self.code][language].format(**self.values)


class Fatal(Exception):
    """A finding after which nothing more can be looked at."""

    def __init__(self, code: str, part: int | None = None, **values: int) -> None:
        self.finding = Finding(code, part, values)
        super().__init__(code)


def counted_part(s: str, open_: int, a: int, a_s: int | None) -> Json:
    """A part of which nothing is known yet but what was announced of its trees."""
    unknown = ("site", "group", "shift", "date", "t0", "t1", "grace", "n", "on", "off", "late")
    rest = {"open": open_, "open_s": None, "a": a, "a_s": a_s, "added": None, "deleted": None}
    return {"s": s, **dict.fromkeys(unknown), "none": None, **rest}


@dataclass
class Report:
    """Of an announcement; what is not known is None."""

    log: Json
    witnesses: list[Json]
    self_attested: bool
    announcement: Json
    parts: list[Json] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything that was announced was shown."""
        return not any(one.fails for one in self.findings)

    def add(self, code: str, part: int | None = None, **values: int) -> None:
        """One more finding."""
        self.findings.append(Finding(code, part, values))

    def saw(self, policy: Policy, newest: Opened) -> None:
        """Take down the newest checkpoint, and who saw it when."""
        self.log, self.witnesses = told(policy, newest)

    def as_json(self) -> Json:
        """The report as a program reads it."""
        return {
            "holds": self.holds,
            "log": self.log,
            "witnesses": self.witnesses,
            "self_attested": self.self_attested,
            "announcement": self.announcement,
            "parts": self.parts,
            "findings": _listed(self.findings),
        }


@dataclass
class ProofReport:
    """Of a proof file: what its entry says, and the record where the file brings it along."""

    log: Json
    witnesses: list[Json]
    self_attested: bool
    index: int | None = None
    entry: Json | None = None
    body: str | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether the entry is shown to be in the log, and the record to be the one in it."""
        return not self.findings

    def saw(self, policy: Policy, newest: Opened) -> None:
        """Take down the checkpoint of the file, and who saw it when."""
        self.log, self.witnesses = told(policy, newest)

    def as_json(self) -> Json:
        """The report as a program reads it."""
        return {
            "holds": self.holds,
            "log": self.log,
            "witnesses": self.witnesses,
            "self_attested": self.self_attested,
            "index": self.index,
            "entry": self.entry,
            "body": self.body,
            "findings": _listed(self.findings),
        }


def told(policy: Policy, newest: Opened | None) -> tuple[Json, list[Json]]:
    """The log and its witnesses as a checkpoint shows them; None: none was read.

    A quorum of nobody has no clock, so it has seen nothing.
    """
    seen_s = newest.seen_s if newest else {}
    signed = newest.checkpoint if newest else None
    log = {
        "origin": policy.log.name,
        "size": signed.size if signed else None,
        "root": base64.b64encode(signed.root).decode() if signed else None,
        "quorum_s": policy.quorum_s(seen_s) if policy.quorum != NONE else None,
    }
    own = own_witnesses(policy)
    witnesses = [
        {"name": one.name, "own": one.name in own, "seen_s": seen_s.get(one.verifier.name)}
        for one in policy.witnesses
    ]
    return log, witnesses


def own_witnesses(policy: Policy) -> frozenset[str]:
    """The witnesses of the log's operator, as the policy names them."""
    return frozenset(w.name for w in policy.witnesses if is_own(policy, w))


def _listed(findings: list[Finding]) -> list[Json]:
    return [{"code": one.code, "part": one.part, **one.values} for one in findings]
