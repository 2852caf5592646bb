"""No figure of fewer than five people can be read, nor worked out from the others."""

from __future__ import annotations

import dataclasses
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from shiftapp.model.counts import Count, Part
from shiftapp.model.disclosure import MIN_PEOPLE, Published, by_group, split
from shiftapp.model.period_counts import Share


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


# --- Over a period --------------------------------------------------------------------------------


def share(group: str, people: str, *, in_log: bool = True) -> Share:
    """A shift of a group in which these people (a letter each) were expected, the first late."""
    n = len(people)
    count = Count(n, max(n - 1, 0), 0, min(n, 1), 0)
    nobody = frozenset[str]()
    return Share({"grp": group}, in_log, count, count, frozenset(people), n, nobody, nobody)


def test_a_group_has_one_figure_for_all_its_shifts() -> None:
    found = by_group([share("a", "abcdef"), share("b", "uvwxyz"), share("a", "abcdef")])
    assert [(g.about["grp"], len(g.shares), g.count.n) for g in found.shown] == [
        ("a", 2, 12),
        ("b", 1, 6),
    ]
    assert found.total == Count(18, 15, 0, 3, 0)
    assert not found.left_out


def test_a_small_crew_has_a_figure_over_the_period_when_five_different_people_worked() -> None:
    """Design: below five no figure of the day, but that of the period."""
    month = [share("a", "ab", in_log=False), share("a", "cd", in_log=False), share("a", "eb")]
    assert by_group(month[:2]).left_out
    found = by_group([*month[:2], share("a", "ea", in_log=False)])
    assert [g.count.n for g in found.shown] == [6]


def test_the_same_three_people_all_month_have_none() -> None:
    found = by_group([share("a", "abc", in_log=False)] * 30)
    assert (found.shown, found.total, found.left_out) == ((), None, True)


def test_what_the_log_does_not_hold_of_a_group_is_five_people_or_not_counted_in_it() -> None:
    """Whoever counts the shifts of the log subtracts them from the group's figure."""
    public = [share("a", "abcdef")] * 20
    found = by_group([*public, share("a", "gh", in_log=False)])
    assert [g.count.n for g in found.shown] == [120]
    assert found.left_out and found.total == found.shown[0].count
    found = by_group([*public, share("a", "gh", in_log=False), share("a", "ijk", in_log=False)])
    assert [g.count.n for g in found.shown] == [125]


def test_what_is_left_over_of_several_groups_is_one_figure_of_five_people() -> None:
    shares = [
        *(share("a", "abcdef"), share("b", "uvwxyz")),
        *(share("a", "gh", in_log=False), share("b", "ijk", in_log=False)),
    ]
    found = by_group(shares)
    assert [g.count.n for g in found.shown] == [6, 6]
    assert found.rest == Count(5, 3, 0, 2, 0)
    assert found.total == Count(17, 13, 0, 4, 0)
    assert by_group([*shares[:3], share("b", "gi", in_log=False)]).left_out  # three people


SHARES = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.frozensets(st.sampled_from("abcdefghij"), max_size=9),
        st.booleans(),
    ),
    max_size=9,
)


@given(SHARES)
def test_over_a_period_the_outsider_gets_five_people_or_nobody(
    drawn: list[tuple[str, frozenset[str], bool]],
) -> None:
    """He subtracts every shift of the log from every figure on the page, and figures from others.

    Each figure is a sum over its own shifts and the total the sum of all figures, so what is not
    of the log in each of them is all that he can isolate.
    """
    shares = [
        share(group, "".join(sorted(people)), in_log=log and len(people) >= MIN_PEOPLE)
        for group, people, log in drawn
    ]
    found = by_group(shares)
    figures = [group.shares for group in found.shown]
    figures += [found.small] if found.counted else []
    for figure in figures:
        secret = [one for one in figure if not one.in_log]
        assert not secret or len(frozenset[str]().union(*(one.people for one in secret))) >= 5
        assert len(frozenset[str]().union(*(one.people for one in figure))) >= 5
    counted = sum((one.count for figure in figures for one in figure), Count())
    assert found.total == (counted if figures else None)
    staffed = [id(one) for one in shares if one.count.n]
    told = [id(one) for group in found.shown for one in group.shares] + [*map(id, found.small)]
    assert sorted(told) == sorted(staffed)  # nobody is lost, nobody is there twice


@given(SHARES)
def test_a_day_of_the_period_would_give_no_more(
    drawn: list[tuple[str, frozenset[str], bool]],
) -> None:
    """An install announces days or periods; a period never tells of fewer people than its days.

    Where each shift alone is small and outside the log, the period shows a group only by five
    different people, and never one of its shifts.
    """
    small = [share(group, "".join(sorted(who))[:4], in_log=False) for group, who, _ in drawn]
    for group in by_group(small).shown:
        assert len(group.shares) > 1
        assert len(frozenset[str]().union(*(one.people for one in group.shares))) >= MIN_PEOPLE


def test_a_group_whose_people_changed_after_the_first_version_keeps_what_the_log_holds() -> None:
    """The figure of before, less that of now, is that of all its shifts outside the log."""

    def of(s: bytes, people: str, *, in_log: bool) -> Share:
        one = share("a", people, in_log=in_log)
        return dataclasses.replace(one, about={"grp": "a", "s": s})

    month = [of(b"1", "abcde", in_log=True), of(b"2", "fghij", in_log=False)]
    assert [g.count.n for g in by_group(month).shown] == [10]
    changed = by_group(month, {b"2"})
    assert [g.count.n for g in changed.shown] == [5]
    assert changed.left_out
