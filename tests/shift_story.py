"""A day of 甲班 that a report must tell right: for tests of the report in its four forms."""

from __future__ import annotations

from typing import Any

from shiftapp.model import absences, findings, records, roster, shifts
from shiftapp.model.report import Reads, Report, report
from tests.announcing import at, commit, commit_offline, sign
from tests.crew import veto_step
from tests.plant import PUMPS, Plant
from tests.sealing import Body, b64u, chained, commit_body, deliver, make_ready, run_body

END = "20:30"


def everything(reporter: str | None) -> bool:
    """What a reader sees who may see all."""
    return True


def nothing_private(reporter: str | None) -> bool:
    return False


def report_at(plant: Plant, when: str, reads: Reads = everything) -> Report:
    """The report of today's day shift of 甲班 at a time of the day."""
    return report(plant.store, plant.instance(), at(when), reads)


def by_leader(plant: Plant, part: str, when_ms: int, why: str, **more: Any) -> list[Body]:
    """Commitment and run of somebody, as their leader enters them on the leader's phone."""
    device, _ = plant.device("leader")
    _, sid = plant.session("leader", device)
    evidence = {"k": "leader", "person": plant.id("leader"), "sid": b64u(sid), "why": why}
    who = {"person": plant.id(part), "ev": evidence}
    bodies = [
        make(plant, part, when_ms, who=who, dev=device, **more) for make in (commit_body, run_body)
    ]
    return chained(*bodies)


def end_row(plant: Plant, part: str, why: roster.Why, when: str) -> None:
    with plant.store.tx() as db:
        roster.end(
            db, plant.instance()["id"], plant.id(part), why, by=plant.id("leader"), now_ms=at(when)
        )


def full_day(plant: Plant) -> None:
    """On time, offline, late with a veto, replaced as not fit, on paper, missing with a reason.

    The crew signs at 08:20, an outsider joins at 08:30, it signs again at 08:40.
    """
    leader = plant.id("leader")
    make_ready(plant, "worker", at("07:45"))
    commit_offline(plant, "mate", at("07:50"), at("08:10"))
    deliver(plant, run_body(plant, "mate", at("08:12")), at_ms=at("08:12"))
    commit(plant, "chen", at("08:05"))
    bad = run_body(plant, "chen", at("08:06"), bad=veto_step(plant), note="阀关不死")
    deliver(plant, bad, at_ms=at("08:06"))
    commit(plant, "lin", at("07:55"), bad="fit")
    deliver(plant, *by_leader(plant, "huang", at("08:02"), "paper"), at_ms=at("08:02"))
    instance = plant.instance()
    with plant.store.tx() as db:
        asked = findings.of_instance(db, instance["id"])
        (veto,) = [f for f in asked if f["veto"]]
        (unfit,) = [f for f in asked if f["kind"] == "replace"]
        findings.answer(
            db, veto["id"], "assigned", by=leader, now_ms=at("08:08"), text="先停泵",
            assignee=plant.id("mate"), due_ms=at("10:00"),
        )  # fmt: skip
        findings.answer(db, unfit["id"], "replaced", by=leader, now_ms=at("08:09"))
        roster.replace(
            db, instance["id"], plant.id("lin"), plant.id("outsider"), "replaced", by=leader,
            now_ms=at("08:09"), random=plant.random,
        )  # fmt: skip
        absences.write(
            db,
            instance["id"],
            leader,
            "other",
            "在开会",
            by=plant.id("manager"),
            now_ms=at("08:16"),
        )
    sign(plant, "JIA", instance["date"], "D", at("08:20"))
    with plant.store.tx() as db:
        found = shifts.by_id(db, instance["id"])
        assert found is not None
        records.join(
            db, found, plant.id("night1"), [roster.Post(PUMPS, "J02")], by=leader,
            now_ms=at("08:30"), random=plant.random,
        )  # fmt: skip
    sign(plant, "JIA", instance["date"], "D", at("08:40"))
    with plant.store.tx() as db:
        findings.answer(db, veto["id"], "fixed", by=leader, now_ms=at("09:30"), text="换了阀芯")
        findings.accept(db, veto["id"], by=leader, now_ms=at("09:40"))
        db.run(
            "INSERT INTO handover (instance, finding, station, what, by_person, at_ms)"
            " VALUES (:i, :f, :s, '备用泵没试', :by, :at)",
            i=instance["id"], f=None, s=PUMPS, by=leader, at=at("19:30"),
        )  # fmt: skip
        db.run(
            "INSERT INTO handover (instance, finding, station, what, by_person, at_ms,"
            " taken_by_instance, taken_by, taken_ms, taken_note)"
            " VALUES (:i, NULL, :s, '流量计偏大', :by, :at, :to, :taker, :taken, '看过了')",
            i=plant.instance("BING", "2026-11-23", "N")["id"], s=PUMPS, by=plant.id("night1"),
            at=at("07:40"), to=instance["id"], taker=leader, taken=at("08:03"),
        )  # fmt: skip
