"""What an announcement cites still counts the same, for us and for anybody, after erasures."""

from __future__ import annotations

from tests.erased import LATER_MS, erase
from tests.model.test_citations import checked, part, published, sealed_day
from tests.plant import Plant
from tests.recounting import ann_of, faults, recount
from tests.sealing_log import seal


def test_no_figure_by_place_changes_with_any_erasure(plant: Plant) -> None:
    sealed_day(plant)
    before = part(plant)
    for row in plant.store.rows("SELECT id FROM record ORDER BY body_sha"):
        erase(plant, row["id"])
        now = part(plant)
        assert (now.count, now.check) == (before.count, before.check)
        assert (now.unsealed, now.cite) == (before.unsealed, before.cite)
    assert (before.count.on, before.count.off, before.count.late) == (2, 1, 1)


def test_an_old_announcement_still_holds_for_anybody(plant: Plant) -> None:
    sealed_day(plant)
    found = published(plant)
    checked(plant, found)
    index, _ = ann_of(plant.store, found["id"])
    assert index is not None
    before = recount(plant.store, index), faults(plant.store, index)
    rows = plant.store.rows("SELECT id FROM record ORDER BY body_sha")
    for row in rows:
        erase(plant, row["id"])
    size = seal(plant.store, plant.keys, LATER_MS)
    amends = plant.store.value(
        "SELECT COUNT(*) FROM entry WHERE kind = 'amend' AND idx IS NOT NULL"
    )
    assert amends == len(rows) == 4 and size > index + len(rows)
    assert (recount(plant.store, index), faults(plant.store, index)) == before
