"""A new record in the database: its public entry, the row that names it, and what it opens.

Runs inside the write function of `records`, after the look for its id. Signs nothing.
"""

from __future__ import annotations

import json

from shiftapp.model import belief, blobs, chain, findings, judging, leaves, slots, states
from shiftapp.model.judging import Arrival, Verdict
from shiftapp.store import Db


def insert(
    db: Db, verdict: Verdict, arrival: Arrival, grace_s: int
) -> tuple[bytes | None, list[str]]:
    """Write a record that is new, by its verdict; gives the leaf of its receipt and its flags."""
    leaf = _leaf(db, verdict, arrival, grace_s) if verdict.counts else None
    flags = sorted(verdict.flags)
    db.run(_INSERT, **_columns(verdict, arrival, leaf, flags))
    blobs.name(db, verdict.sealed.id, verdict.sealed.body["blobs"])
    _open_findings(db, verdict, arrival)
    return leaf.leaf if leaf else None, flags


def _leaf(db: Db, verdict: Verdict, arrival: Arrival, grace_s: int) -> leaves.Leaf | None:
    """The public entry of a record that counts now, its series opened if the clock has not."""
    instance, person, result = verdict.instance, verdict.person.id, verdict.content.result
    assert instance is not None and person is not None  # it counts
    if instance["series_state"] == "waiting":  # as it was judged; it never waits again
        slots.open_series(db, bytes(instance["s"]), arrival.recv_ms, grace_s)
    if not verdict.on_roster or result not in leaves.PUBLIC_RESULTS:
        return None
    when = judging.timed(verdict.sealed.body, verdict.times, arrival)
    return leaves.write_rec(
        db,
        bytes(instance["s"]),
        person,
        kind=verdict.sealed.kind,
        c=verdict.sealed.c,
        offline=states.offline_at_acceptance(states.window_of(instance), result, when),
        now_ms=arrival.recv_ms,
    )


_COLUMNS = (
    "id kind c salt body sig flags recv_ms device chain_dev chain_seq body_sha person instance"
    " station job version_no result counts sealed_ms lower_ms estimate_ms estimate_ok proxy"
    " unverified entry_seq receipt_leaf slot_u"
).split()
_INSERT = (
    f"INSERT INTO record ({', '.join(_COLUMNS)})"
    f" VALUES ({', '.join(':' + name for name in _COLUMNS)})"
)


def _columns(
    verdict: Verdict, arrival: Arrival, leaf: leaves.Leaf | None, flags: list[str]
) -> dict[str, object]:
    sealed, times = verdict.sealed, verdict.times
    station, link = sealed.body["station"], chain.link(sealed.text, sealed.body)
    return {
        "id": sealed.id,
        "kind": sealed.kind,
        "c": sealed.c,
        "salt": sealed.salt,
        "body": sealed.text.encode(),
        "sig": sealed.sig,
        "flags": json.dumps(flags),
        "recv_ms": arrival.recv_ms,
        "device": arrival.device,
        "chain_dev": link.dev,
        "chain_seq": link.seq,
        "body_sha": link.sha,
        "person": verdict.person.id,
        "instance": verdict.instance["id"] if verdict.instance else None,
        "station": station["code"] if station else None,
        "job": sealed.body["job"],
        "version_no": verdict.content.version_no,
        "result": verdict.content.result,
        "counts": int(verdict.counts),
        "sealed_ms": sealed.body["time"]["sealed_ms"],
        "lower_ms": times.lower_ms,
        "estimate_ms": times.estimate_ms,
        "estimate_ok": int(times.estimate_ok),
        "proxy": int(verdict.person.proxy),
        "unverified": int(verdict.unverified),
        "entry_seq": leaf.seq if leaf else None,
        "receipt_leaf": leaf.leaf if leaf else None,
        "slot_u": leaf.slot if leaf else None,
    }


def _open_findings(db: Db, verdict: Verdict, arrival: Arrival) -> None:
    body, instance = verdict.sealed.body, verdict.instance
    if not verdict.content.opened:
        return
    crew = belief.known_crew(db, body["shift"]["crew"] if body["shift"] else None)
    for opened in verdict.content.opened:
        findings.open_finding(
            db,
            opened.kind,
            record_id=verdict.sealed.id,
            part=opened.part,
            what=opened.what,
            note=opened.note,
            veto=opened.veto,
            instance=instance["id"] if instance else None,
            crew=crew,
            station=body["station"]["code"] if body["station"] else None,
            job=body["job"],
            reporter=verdict.person.id,
            now_ms=arrival.recv_ms,
        )
