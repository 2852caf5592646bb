"""What the sheets of jobs, steps and the commitment say, as records and documents.

Documents are checked as the library's own are; the lint on liability has the last word.
"""

from __future__ import annotations

from shiftapp import library
from shiftapp.exchange import documents
from shiftapp.exchange.case import Case
from shiftapp.exchange.columns import Record
from shiftapp.exchange.current import Content, checklist_content
from shiftapp.exchange.documents import Doc
from shiftapp.exchange.faults import fault
from shiftapp.exchange.plan import Line
from shiftapp.library.check import check_checklist, check_commitment
from shiftapp.library.lint import lint_document

Records = dict[str, Content]
NOT_OF_THE_CARD = {"code", "title", "title_en", "active"}


def jobs(case: Case) -> Records:
    """Jobs by code; of the library, or as it was, where only the code is given."""
    names, found = _ppe_names(case), {}
    for line in case.good("job"):
        code = str(line.values["code"])
        _read_ppe(case, line, names)
        if not any(line.values[key] for key in line.values if key not in NOT_OF_THE_CARD):
            base = case.old("job", code) or _library_job(code)
            if base is not None:
                found[code] = {**base, "active": line.values["active"]}
                continue
        content = _own_job(case, line)
        if line.good:
            found[code] = content
    return found


def _own_job(case: Case, line: Line) -> Content:
    values = line.values
    if not values["name"]:
        case.wrong("needed_own", line, "name", name="名称", name_en="Name")
    for n in documents.RISKS:
        parts = [bool(values[f"{key}"]) for key in (f"risk{n}_level", f"risk{n}", f"defence{n}")]
        if any(parts) and not all(parts):
            case.wrong("half_risk", line, f"risk{n}")
    head = {key: values[key] for key in ("code", "name", "name_en", "active", "ppe")}
    return {**head, **documents.card_row(documents.card(values))}


def _library_job(code: str) -> Content | None:
    if code not in library.CODES:
        return None
    job = library.job(code)
    head = {"code": code, "name": job["name"], "name_en": job["name_en"], "active": 1}
    return {**head, "ppe": tuple(job["ppe"]), **documents.card_row(job["card"])}


def _ppe_names(case: Case) -> dict[str, str]:
    """The protection that the commitment offers: id → Chinese name."""
    doc = case.current.commitment or library.commitment()
    items = [item for item in doc["items"] if item["type"] == "ppe"]
    options = {one["id"]: one["t"] for item in items for one in item["options"] if one["r"] == "ok"}
    for line in case.lines("item"):
        if line.values.get("type") == "option" and line.values.get("r") == "ok":
            question, _, answer = str(line.values.get("id", "")).partition(".")
            if question in {item["id"] for item in items}:
                options[answer] = str(line.values.get("text", answer))
    return options


def _read_ppe(case: Case, line: Line, names: dict[str, str]) -> None:
    """Ids of protection; the full Chinese names will do as well."""
    ids = line.values["ppe"]
    assert isinstance(ids, tuple)
    by_name = {name: id for id, name in names.items()}
    read = tuple(by_name.get(one, one) for one in ids)
    for one in read:
        if one not in names:
            case.wrong("bad_ppe", line, "ppe", value=one, choices=" ".join(names))
    line.values["ppe"] = read


# Checklists ---------------------------------------------------------------------------------------


def checklists(case: Case) -> dict[str, Doc]:
    """The checklist of every job that has rows of steps, a title, or none yet; by job."""
    steps: dict[str, list[Line]] = {}
    for line in case.lines("step"):
        steps.setdefault(str(line.values.get("job", "")), []).append(line)
    found: dict[str, Doc] = {}
    jobs = {str(line.values.get("code", "")): line for line in case.lines("job")}
    for code in dict.fromkeys([*jobs, *steps]):
        doc = _checklist(case, code, jobs.get(code), steps.get(code, []))
        if doc is not None:
            found[code] = doc
    return found


def _checklist(case: Case, code: str, job: Line | None, lines: list[Line]) -> Doc | None:
    if not code or not all(line.good for line in lines) or (job is not None and not job.good):
        return None
    base = case.current.checklists.get(code)
    if base is None and code in library.CODES:
        base = library.job(code)["checklist"]
    if base is None and not lines:
        if job is not None:
            case.wrong("no_steps", job, "code", value=code)
        return None
    title, title_en = _titles(case, code, job, base)
    if not lines:
        return {**base, "title": title, "title_en": title_en} if base else None
    ordered = sorted(lines, key=lambda line: (int(str(line.values["n"])), line.row))
    doc = documents.checklist(title, title_en, [line.values for line in ordered])
    for wrong in check_checklist(doc):
        _tell(case, wrong.at, ordered, wrong.zh, wrong.en)
    if base and checklist_content(base) == checklist_content(doc):
        return base  # what a workbook does not say (examples of limits) stays
    return doc


def _titles(case: Case, code: str, job: Line | None, base: Doc | None) -> tuple[str, str]:
    said = job.values if job is not None else {}
    if said.get("title"):
        return str(said["title"]), str(said.get("title_en", ""))
    if base is not None:
        return str(base["title"]), str(base.get("title_en", ""))
    name, name_en = str(said.get("name") or code), str(said.get("name_en", ""))
    return f"{name}手指口述", f"Point and call: {name_en}" if name_en else ""


def _tell(case: Case, at: str, lines: list[Line], zh: str, en: str) -> None:
    """Put a fault of a checklist at its row and column: `steps[2].reading.unit`."""
    index, key = documents.step_place(at)
    line = lines[index or 0]
    case.wrong("in_text", line, key if index is not None else "n", said=zh, said_en=en)


# The commitment -----------------------------------------------------------------------------------


def commitment(case: Case) -> Doc | None:
    """The commitment text; without rows the one that is there, else the default."""
    lines = case.lines("item")
    if not lines:
        return case.current.commitment or library.commitment()
    if not all(line.good for line in lines):
        return None
    rows = [line.values for line in lines]
    _check_answers(case, lines)
    if not all(line.good for line in lines):
        return None
    doc = documents.commitment(rows)
    for wrong in check_commitment(doc):
        _tell_item(case, wrong.at, doc, "in_text", said=wrong.zh, said_en=wrong.en)
    for found in lint_document(doc):
        said = {"said": found.reason_zh, "said_en": found.reason_en, "words": found.words}
        _tell_item(case, found.at, doc, "liability", **said)
    old = case.current.commitment
    same = old is not None and documents.commitment_rows(old) == _canonical(rows, doc)
    return old if same else doc


def _canonical(rows: list[Record], doc: Doc) -> list[Record] | None:
    try:
        return documents.commitment_rows(doc)
    except KeyError:  # a faulty document; its faults are told
        return None


def _check_answers(case: Case, lines: list[Line]) -> None:
    kinds = {str(line.values["id"]): line.values["type"] for line in lines}
    for line in lines:
        question, _, answer = str(line.values["id"]).partition(".")
        if line.values["type"] != "option":
            continue
        if not answer or kinds.get(question, "option") in ("option", *documents.WHOLE_TEXTS):
            case.wrong(
                "unknown", line, "id", noun="问题", noun_en="question", value=question,
                guess="", guess_en="",
            )  # fmt: skip


def _tell_item(case: Case, at: str, doc: Doc, code: str, **said: str) -> None:
    """Put a fault of the commitment at its row: `items[2].options[1].t`, `oath`."""
    id, key = documents.item_place(at, doc)
    lines = [line for line in case.lines("item") if line.values["id"] == id]
    if lines:
        case.wrong(code, lines[0], key, **said)
    else:
        case.plan.add(fault(code, **said), "item")
