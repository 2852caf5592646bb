"""The figures of a shift's report: how many people in each state, and when they committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shiftapp.model import states
from shiftapp.model.history import PersonState

COUNTED = tuple(name for name in states.STATES if name != "excused")


@dataclass(frozen=True)
class Figures:
    """People, each once: `states` (the seven) sum to `expected`, so do the four times.

    `proxy` are those with an entry by their leader, `paper` those whose entry was copied from
    paper: each person in one of the two at most. Both and `unverified` are of the expected.
    """

    expected: int
    states: dict[str, int]
    excused: int
    on_time: int
    offline: int
    late: int
    none: int
    proxy: int
    paper: int
    unverified: int


def figures(
    people: Sequence[PersonState],
    shown: Sequence[tuple[str, tuple[states.Mark, ...]]],
    whys: Mapping[str, str],
    window: states.Window,
) -> Figures:
    """Count people; `shown` are the states and marks that the reader may see, `whys` by id of a
    proxy record.

    What is shown for *cannot* is one of the seven as well, so they sum to the same.
    """
    expected = [one for one in people if one.name != "excused"]
    names = [name for name, _ in shown]
    marks = [told for one, (_, told) in zip(people, shown, strict=True) if one.name != "excused"]
    on, offline, late = (sum(m in one for one in marks) for m in ("on_time", "offline", "late"))
    proxies = [one for one in expected if "proxy" in one.state.marks]
    paper = sum(_from_paper(one, whys, window) for one in proxies)
    return Figures(
        expected=len(expected),
        states={name: names.count(name) for name in COUNTED},
        excused=names.count("excused"),
        on_time=on,
        offline=offline,
        late=late,
        none=len(expected) - on - offline - late,
        proxy=len(proxies) - paper,
        paper=paper,
        unverified=sum("unverified" in one for one in marks),
    )


def _from_paper(one: PersonState, whys: Mapping[str, str], window: states.Window) -> bool:
    counted = (r for r in one.counted if r.counts and states.in_window(window, r))
    return any(whys.get(r.id) == "paper" for r in counted)
