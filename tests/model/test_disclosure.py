"""No figure of fewer than five people can be read, nor worked out from the others."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from shiftapp.model.counts import Count, Part
from shiftapp.model.disclosure import MIN_PEOPLE, Published, split


def part(name: str, n: int, *, in_log: bool = True, people: frozenset[str] | None = None) -> Part:
    """A part of n people with one late; its people are its own unless told."""
    count = Count(n, max(n - 1, 0), 0, min(n, 1), 0)
    who = frozenset(f"{name}{i}" for i in range(n)) if people is None else people
    return Part((), in_log, count, count, who)


def test_large_groups_are_all_shown_and_totalled() -> None:
    found = split([part("a", 20), part("b", 6)])
    assert [p.count.n for p in found.shown] == [20, 6]
    assert found.total == Count(26, 24, 0, 2, 0)
    assert found.rest is None
    assert not found.left_out


def test_exactly_one_small_group_is_not_in_the_total() -> None:
    """Total minus the others would be its figure."""
    found = split([part("a", 20), part("b", 6), part("c", 3, in_log=False)])
    assert found.total == Count(26, 24, 0, 2, 0)
    assert found.left_out


def test_hiding_a_large_group_beside_it_would_not_help_so_it_stays_shown() -> None:
    """The large one is in the public log; whoever counts it there subtracts it."""
    found = split([part("a", 6), part("c", 3, in_log=False)])
    assert [p.count.n for p in found.shown] == [6]
    assert found.total == found.shown[0].count


def test_two_small_groups_of_five_people_together_are_one_figure() -> None:
    found = split([part("a", 20), part("b", 3, in_log=False), part("c", 2, in_log=False)])
    assert found.rest == Count(5, 3, 0, 2, 0)
    assert found.total == Count(25, 22, 0, 3, 0)


def test_two_small_groups_of_four_people_are_left_out() -> None:
    found = split([part("a", 20), part("b", 2, in_log=False), part("c", 2, in_log=False)])
    assert found.total == Count(20, 19, 0, 1, 0)
    assert found.left_out


def test_the_same_people_twice_do_not_become_more() -> None:
    same = frozenset({"x", "y", "z"})
    twice = [part("b", 3, in_log=False, people=same), part("c", 3, in_log=False, people=same)]
    assert split([part("a", 20), *twice]).left_out


def test_a_group_the_log_holds_does_not_cover_for_one_it_does_not() -> None:
    """Four people left of an open shift: anybody can count them in the log and subtract."""
    found = split([part("a", 20), part("b", 4), part("c", 3, in_log=False)])
    assert found.left_out
    assert found.total == Count(20, 19, 0, 1, 0)


def test_only_a_small_group_gives_no_total_at_all() -> None:
    found = split([part("c", 3, in_log=False)])
    assert found.total is None
    assert found.rest is None


def test_nobody_expected_is_nothing_to_publish() -> None:
    assert split([part("a", 0)]) == Published((), (), counted=False)


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=7))
def test_whatever_the_outsider_subtracts_is_five_people_or_nobody(
    groups: list[tuple[int, bool]],
) -> None:
    """He knows the page and every shift of the log, and adds and subtracts as he likes."""
    parts = [part(f"g{i}-", n, in_log=n >= 5 or log) for i, (n, log) in enumerate(groups)]
    found = split(parts)
    held = (*found.shown, *found.small) if found.counted else found.shown
    known = [p for p in held if p in found.shown or p.in_log]
    for size in range(len(known) + 1):
        for subtracted in combinations(known, size):
            left = [p for p in held if p not in subtracted and not p.in_log]
            if len(known) - size == 0 and left:
                people = frozenset[str]().union(*(p.people for p in left))
                assert len(people) >= MIN_PEOPLE
    assert all(p.count.n >= MIN_PEOPLE for p in found.shown)
