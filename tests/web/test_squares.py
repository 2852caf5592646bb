"""People as squares: exactly as many as there are, whatever their number."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shiftapp.web.squares import PITCH, squares


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_every_person_is_one_square_and_none_lies_on_another(people: tuple[int, int]) -> None:
    n, on = people
    drawing = squares(n, on)
    cells: dict[tuple[int, int], str] = {}
    for kind, x, y, width, height in drawing.rects:
        for row in range(y // PITCH, (y + height) // PITCH):
            for column in range(x // PITCH, (x + width) // PITCH):
                assert (row, column) not in cells
                cells[row, column] = kind
    kinds = [kind for _, kind in sorted(cells.items())]
    assert kinds == ["y"] * on + ["n"] * (n - on)
    assert len(drawing.rects) <= 6
    assert max(row for row, _ in cells) < drawing.height // PITCH
