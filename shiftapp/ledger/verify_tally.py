"""Places of a roster by their mark, and the mistakes by which another number comes out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from shiftapp.ledger.verify_entries import Rec


@dataclass(frozen=True)
class Tally:
    """The counts of a part, and the wrong ones that are worth a word of their own."""

    n: int
    on: int
    off: int
    late: int
    foreign: int  # places that were never on the roster and have records
    leaves: int  # records on time instead of people
    with_withdrawn: int  # people on time, and those who took theirs back
    with_foreign: int  # people on time, and those of no roster

    @property
    def none(self) -> int:
        """Who has no mark."""
        return self.n - self.on - self.off - self.late

    def figures(self) -> dict[str, int]:
        """The counts as a report has them."""
        return {
            "n": self.n,
            "on": self.on,
            "off": self.off,
            "late": self.late,
            "none": self.none,
        }

    def mistaken(self, announced: int) -> str:
        """The code for another number on time than was counted."""
        if announced == self.leaves:
            return "leaves_counted"
        if announced == self.with_withdrawn:
            return "withdrawn_counted"
        if announced == self.with_foreign:
            return "foreign_counted"
        return "on_inflated" if announced > self.on else "on_deflated"


def tally(
    recs: Iterable[Rec],
    live: Collection[bytes],
    ever: Collection[bytes],
    gone: Collection[int],
    a: int,
) -> Tally:
    """Count what lies between the opening and the tree that was counted from.

    `live` and `ever`: places on the roster now, and at any time; `gone`: records taken back; `a`:
    size of the tree that shows what was there when the shift started.
    """
    foreign: set[bytes] = set()
    before: set[bytes] = set()  # on time, taken back or not
    strange: set[bytes] = set()  # on time, of no roster
    on: set[bytes] = set()
    off: set[bytes] = set()
    late: set[bytes] = set()
    leaves = 0
    for rec in recs:
        is_foreign = rec.u not in ever
        if is_foreign:
            foreign.add(rec.u)
        if not rec.commit or not (is_foreign or rec.u in live):
            continue
        in_time = rec.at < a
        if in_time and not is_foreign:
            before.add(rec.u)
        if rec.at in gone:
            continue
        if is_foreign:
            strange |= {rec.u} if in_time else set()
        elif in_time:
            on.add(rec.u)
            leaves += 1
        else:
            (off if rec.offline else late).add(rec.u)
    off -= on
    late -= on | off
    return Tally(
        n=len(live),
        on=len(on),
        off=len(off),
        late=len(late),
        foreign=len(foreign),
        leaves=leaves,
        with_withdrawn=len(before),
        with_foreign=len(on) + len(strange),
    )
