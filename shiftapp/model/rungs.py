"""What the ladder of sign-offs is made of: rungs, their gaps, their signatures. Plain values.

`ladder.py` builds them from the store; pages and the signing read them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal, NamedTuple

from shiftapp.model import signoffs
from shiftapp.store import Row

GapKind = Literal[
    "veto", "todo", "handover", "finding", "running", "expected", "unsigned", "research"
]


class Said(NamedTuple):
    """What a level wrote about a gap; `by` has `name` and `name_en` of the crew or unit."""

    by: Row
    text: str


@dataclass(frozen=True)
class Gap:
    """Something open below a unit. `of` is the shift or unit it lies in.

    `about`: the finding, roster row, or handover item; None: `of` itself is not signed, or answered
    no to the item `what` of its research.
    """

    key: str
    kind: GapKind
    of: Row
    about: Row | None
    said: tuple[Said, ...]  # what the levels below wrote about it, from the crew up
    answered: bool  # whether the level below wrote something
    what: str = ""

    @property
    def blocks(self) -> bool:
        """Whether no reason can be written instead."""
        return self.kind in signoffs.BLOCKING or not self.answered


@dataclass(frozen=True)
class Change:
    """Why a unit's signature no longer holds."""

    what: Literal["came", "reopened", "again", "gap"]
    rung: Rung | None  # what is below; None: the gap lies in no shift
    gap: Gap | None = None


@dataclass(frozen=True)
class Signature:
    """The newest signature of a rung; a crew's has no research and changes of its own kind."""

    row: Row  # with signer_name and signer_name_en, `no`, `at_ms`
    reasons: dict[str, str]  # by the key of their gap
    holds: bool
    changes: tuple[Change | signoffs.Change, ...] = ()
    research: dict[str, dict[str, str]] | None = None


@dataclass(frozen=True)
class Rung:
    """A crew's shift, or a unit, on a day."""

    key: str  # 'i' + number of the instance, or 'u' + code of the unit
    row: Row
    below: tuple[Rung, ...]
    asks: tuple[Gap, ...]  # what must be answered here; of a crew, see signoffs.py
    gaps: tuple[Gap, ...]  # what is open here for who stands above
    signature: Signature | None
    expected: int
    ready: int

    @property
    def is_unit(self) -> bool:
        return self.key.startswith("u")

    @property
    def signed(self) -> bool:
        """Whether somebody signed it and nothing came up since."""
        return self.signature is not None and self.signature.holds

    @property
    def blocking(self) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.asks if gap.blocks)

    @property
    def opens_ms(self) -> int | None:
        """When the last shift below opens; None: there is no shift."""
        if not self.is_unit:
            return int(self.row["opens_ms"])
        found = [one.opens_ms for one in self.below]
        return max((ms for ms in found if ms is not None), default=None)

    @property
    def sha(self) -> str:
        """A digest of what somebody sees before signing."""
        seen = [*sorted(gap.key for gap in self.asks), *sorted(map(repr, numbers(self).items()))]
        return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]


def numbers(rung: Rung) -> dict[str, int]:
    """The numbers of the signatures below, 0 = none: what a signature stands on."""
    return {one.key: one.signature.row["no"] if one.signature else 0 for one in rung.below}
