from __future__ import annotations
from shiftapp.model import special_works
from tests.plant import NOW_MS, HOUR_MS, Plant

def test_smoke(plant: Plant) -> None:
    with plant.store.tx() as db:
        db.run("INSERT INTO special_work (no,no_key,kind,site,place,starts_ms,ends_ms,source,made_ms,gas_every_min) VALUES ('a','A','fire','YC','x',:a,:b,'desk',:a,60)", a=NOW_MS, b=NOW_MS+HOUR_MS)
        id = db.value("SELECT id FROM special_work")
        db.run("INSERT INTO special_work_person (work, person, part) VALUES (:w,:p,'guardian')", w=id, p=plant.id("worker"))
        db.run("INSERT INTO gas_test (work,tested_ms,passed,at_ms) VALUES (:w,:t,1,:t)", w=id, t=NOW_MS)
    found = special_works.of_day(plant.store, NOW_MS, NOW_MS+1, NOW_MS)
    assert len(found) == 1 and found[0].gas_due_ms == NOW_MS+HOUR_MS
    assert special_works.people_of(plant.store, found[0], NOW_MS)[0].committed is False
    assert len(special_works.open_now(plant.store, NOW_MS)) == 1
    assert len(special_works.of_person(plant.store, plant.id("worker"), NOW_MS)) == 1
    assert special_works.gas_tests(plant.store, id, NOW_MS)
    assert special_works.work(plant.store, id, NOW_MS-1) is None
