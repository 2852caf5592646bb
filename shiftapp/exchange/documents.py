"""Checklists, risk cards and commitment texts as rows of a sheet, and back.

Pure. A document can hold more than a sheet says (hints for limits, unknown fields); two documents
are the same to a workbook when their rows are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shiftapp.exchange.columns import Record, Value

Doc = dict[str, Any]  # JSON as described in library/__init__.py

TWINS = ("phase", "target", "call", "risk")
RISKS = (1, 2, 3)
CARD_TEXTS = ("consequence", "measures", "emergency", "level")
WHOLE_TEXTS = ("title", "oath", "rights")

# Where library/check.py finds a fault → the column that says it.
STEP_COLUMNS = {
    "second": "also",
    "reading": "label",
    "reading.unit": "unit",
    "timer_ms": "timer_s",
    "dwell_ms": "dwell_s",
}


def steps_of(doc: Doc) -> list[Record]:
    """The steps of a checklist as rows, without their job."""
    return [_step_row(step) for step in doc["steps"]]


def step_place(at: str) -> tuple[int | None, str]:
    """Where `steps[2].reading.unit` is in rows of steps: index of the row and key of the column.

    The index is None for what is of the whole document.
    """
    found = re.match(r"steps\[(\d+)\]\.?([a-z_.]*)", at)
    if found is None:
        return None, at
    return int(found[1]), STEP_COLUMNS.get(found[2], found[2])


def item_place(at: str, doc: Doc) -> tuple[str, str]:
    """Where `items[2].options[1].t` or `oath_en` is in rows of a commitment: id of the row, key."""
    found = re.match(r"items\[(\d+)\](?:\.options\[(\d+)\])?\.?([a-z_]*)", at)
    if found is None:
        return at.removesuffix("_en"), "text_en" if at.endswith("_en") else "text"
    item = doc["items"][int(found[1])]
    if found[2]:
        id = f"{item['id']}.{item['options'][int(found[2])]['id']}"
        return id, {"t": "text", "t_en": "text_en"}.get(found[3], "text")
    key = {"q": "text", "q_en": "text_en", "from": "source", "options": "r"}.get(found[3], found[3])
    return item["id"], key


def checklist(title: str, title_en: str, rows: Sequence[Mapping[str, Value]]) -> Doc:
    """The checklist that rows of steps describe; library/check.py says whether it is good."""
    doc: Doc = {"v": 1, "title": title, "steps": [_step(row) for row in rows]}
    return {**doc, "title_en": title_en} if title_en else doc


def _step_row(step: Mapping[str, Any]) -> Record:
    reading = step.get("reading") or {}
    row: Record = {"n": step["n"], "criteria": tuple(step["criteria"])}
    for key in TWINS:
        row[key], row[f"{key}_en"] = step.get(key, ""), step.get(f"{key}_en", "")
    row["criteria_en"] = tuple(step.get("criteria_en") or ())
    row["ev"], row["also"] = step["ev"], tuple(step.get("also") or ())
    for key in ("label", "unit"):
        row[key], row[f"{key}_en"] = reading.get(key, ""), reading.get(f"{key}_en", "")
    row["lo"], row["hi"] = step.get("lo") or "", step.get("hi") or ""
    row["timer_s"] = _seconds(step.get("timer_ms", 0)) if step.get("timer_ms") else ""
    row["veto"] = int(bool(step.get("veto")))
    row["fail"] = step.get("fail", "stop")
    row["dwell_s"] = _seconds(step.get("dwell_ms", 0))
    return row


def _step(row: Mapping[str, Any]) -> Doc:
    texts = (*TWINS, *(f"{key}_en" for key in TWINS))
    step: Doc = {key: row[key] for key in texts if row[key]}
    lists = ("criteria", "criteria_en", "also")
    step |= {key: list(row[key]) for key in lists if row[key]}
    step |= {"n": row["n"], "ev": row["ev"], "veto": bool(row["veto"]), "fail": row["fail"]}
    step["dwell_ms"] = _ms(row["dwell_s"])
    if "D" in (row["ev"], *row["also"]):
        step["second"] = True
    if row["ev"] == "R":
        names = ("label", "label_en", "unit_en")
        step["reading"] = {key: row[key] for key in names if row[key]} | {"unit": row["unit"]}
    if row["ev"] == "R" or row["lo"] or row["hi"]:
        step["lo"], step["hi"] = row["lo"] or None, row["hi"] or None
    if row["timer_s"]:
        step["timer_ms"] = _ms(row["timer_s"])
    return step


def _seconds(ms: int) -> str:
    return f"{Decimal(ms) / 1000:f}"


def _ms(seconds: str) -> int:
    return round(Decimal(seconds) * 1000)


# Risk cards ---------------------------------------------------------------------------------------


def card_row(card: Mapping[str, Any]) -> Record:
    """A risk card as columns of the sheet of jobs."""
    row: Record = {}
    for number in RISKS:
        risks = card.get("risks") or []
        risk = risks[number - 1] if number <= len(risks) else {}
        row[f"risk{number}_level"] = risk.get("level", "")
        for name, key in (("risk", "hazard"), ("defence", "defence")):
            row[f"{name}{number}"] = risk.get(key, "")
            row[f"{name}{number}_en"] = risk.get(f"{key}_en", "")
    for key in CARD_TEXTS:
        row[key], row[f"{key}_en"] = card.get(key, ""), card.get(f"{key}_en", "")
    return row


def card(row: Mapping[str, Any]) -> Doc:
    """The risk card that columns of the sheet of jobs describe."""
    risks = []
    for number in RISKS:
        said = {
            "level": row[f"risk{number}_level"],
            "hazard": row[f"risk{number}"],
            "hazard_en": row[f"risk{number}_en"],
            "defence": row[f"defence{number}"],
            "defence_en": row[f"defence{number}_en"],
        }
        if said["level"] or said["hazard"]:
            risks.append({key: value for key, value in said.items() if value})
    texts = {f"{key}{twin}": row[f"{key}{twin}"] for key in CARD_TEXTS for twin in ("", "_en")}
    return {"risks": risks, **{key: value for key, value in texts.items() if value}}


# Commitment texts ---------------------------------------------------------------------------------


def commitment_rows(doc: Mapping[str, Any]) -> list[Record]:
    """A commitment text as rows: its three texts, then each question with its answers."""
    rows = [_text_row(key, key, doc, key) for key in WHOLE_TEXTS]
    for item in doc["items"]:
        row = _text_row(item["id"], item["type"], item, "q")
        row["help"], row["help_en"] = item.get("help", ""), item.get("help_en", "")
        row["neg"], row["source"] = item.get("neg", ""), item.get("from", "")
        rows.append(row)
        for option in item.get("options", []):
            answer = _text_row(f"{item['id']}.{option['id']}", "option", option, "t")
            rows.append({**answer, "r": option["r"]})
    return rows


def commitment(rows: Sequence[Mapping[str, Any]]) -> Doc:
    """The commitment text that rows describe; answers go to the question their id names."""
    doc: Doc = {"v": 1, "items": []}
    items: dict[str, Doc] = {}
    for row in rows:
        if row["type"] in WHOLE_TEXTS:
            doc |= _texts(row, row["type"])
        elif row["type"] != "option":
            item: Doc = {"id": row["id"], "type": row["type"], **_texts(row, "q")}
            item |= {key: row[key] for key in ("help", "help_en", "neg") if row[key]}
            item |= {"from": row["source"]} if row["source"] else {}
            items.setdefault(row["id"], item)
            doc["items"].append(item)
    for row in rows:
        question, _, answer = str(row["id"]).partition(".")
        if row["type"] == "option" and question in items:
            option = {"id": answer, **_texts(row, "t"), "r": row["r"]}
            items[question].setdefault("options", []).append(option)
    return doc


def _text_row(id: str, kind: str, owner: Mapping[str, Any], key: str) -> Record:
    texts = {"text": owner.get(key, ""), "text_en": owner.get(f"{key}_en", "")}
    rest = dict.fromkeys(("help", "help_en", "neg", "source", "r"), "")
    return {"id": id, "type": kind, **texts, **rest}


def _texts(row: Mapping[str, Any], key: str) -> Doc:
    both = {key: row["text"], f"{key}_en": row["text_en"]}
    return {name: text for name, text in both.items() if text}
