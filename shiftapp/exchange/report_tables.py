"""A shift's report as five tables of texts, for the sheets of a workbook and for paper.

What stands there was decided in model/report.py; here it only gets words and an order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from qr.words import Lang
from shiftapp.exchange import report_clock, wording
from shiftapp.exchange.report_columns import (
    CHANGES,
    FINDINGS,
    OVERVIEW,
    PEOPLE,
    SIGNATURES,
    Cells,
    Table,
)
from shiftapp.exchange.report_words import known, word
from shiftapp.model.report import Change, Line, Report, Signed
from shiftapp.store import Row

STATE_ORDER = ("ready", "running", "expected", "missed", "abnormal", "stopped", "cannot")


def tables(report: Report, lang: Lang) -> tuple[Table, ...]:
    """Overview, people, findings, changes (with what was handed over), signatures."""
    said = _Said(report, lang)
    return (
        Table("概况", "Overview", OVERVIEW, tuple(said.overview())),
        Table("人员", "People", PEOPLE, tuple(said.people())),
        Table("异常", "Findings", FINDINGS, tuple(said.finding(one) for one in report.findings)),
        Table("变更", "Changes", CHANGES, tuple(said.changes())),
        Table("签字", "Signatures", SIGNATURES, tuple(said.signatures())),
    )


def shift_name(report: Report, lang: Lang) -> str:
    """The crew, day and shift that a report is about."""
    row = report.instance
    parts = (wording.name(row, "crew_name", lang), row["date"], wording.name(row, "name", lang))
    return " ".join(part for part in parts if part)


def data_until(report: Report, lang: Lang) -> str:
    """Whether the shift is over, and until when the data goes."""
    at = report_clock.of(report.instance)(report.at_ms)
    return word("over" if report.over else "not_over", lang, t=at)


class _Said:
    """A report's texts in one language; instants are those of its site."""

    def __init__(self, report: Report, lang: Lang) -> None:
        self.report = report
        self.lang = lang
        self.clock = report_clock.of(report.instance)

    def name(self, row: Row, key: str = "name") -> str:
        return wording.name(row, key, self.lang)

    def word(self, key: str, **values: object) -> str:
        return word(key, self.lang, **values)

    def lines(self, texts: Iterable[str]) -> str:
        """Several texts in one cell, each once."""
        return "\n".join(dict.fromkeys(text for text in texts if text))

    # Overview -------------------------------------------------------------------------------------

    def overview(self) -> Iterator[Cells]:
        row, figures, shown = self.report.instance, self.report.figures, self.report.evidence
        times = f"{self.clock(row['starts_ms'])}–{self.clock(row['ends_ms'])}"
        yield self.word("shift"), shift_name(self.report, self.lang)
        yield self.word("time"), times
        yield self.word("data"), data_until(self.report, self.lang)
        yield self.word("expected"), str(figures.expected)
        for state in STATE_ORDER:
            n = figures.states[state]
            if n or state != "cannot":  # a word that most readers never see
                yield self.word(f"state.{state}"), str(n)
        yield self.word("left_out"), str(figures.excused)
        for key in ("on_time", "offline", "late"):
            text = self.word("by_time", word=self.word(f"mark.{key}"))
            yield text, str(getattr(figures, key))
        yield self.word("by_time", word=self.word("no_commitment")), str(figures.none)
        for key in ("proxy", "paper", "unverified"):
            yield self.word(f"{key}_people"), str(getattr(figures, key))
        for key in ("photos", "missing", "readings", "outside"):
            yield self.word(key), str(getattr(shown, key))

    # People ---------------------------------------------------------------------------------------

    def people(self) -> Iterator[Cells]:
        yield from (self.person(one) for one in self.report.people)
        for row in self.report.arrivals:
            came = self.word("state.arrived"), self.clock(row["recv_ms"])
            yield row["no"], self.name(row), "", came[0], "", "", "", came[1], "", ""

    def person(self, line: Line) -> Cells:
        who = line.who
        state = self.word(f"state.{line.state}")
        if line.state == "excused":
            state = self.word(f"ended.{line.rows[-1]['ended_why']}")
        return (
            who["no"],
            self.name(who),
            who["employer"],
            state,
            self.lines(self.word(f"mark.{mark}") for mark in line.marks),
            self.lines(self._post(row) for row in line.rows if who["id"]) or self.word("erased"),
            self.lines(self.how(row) for row in line.rows),
            self.lines(self._record(r) for r in line.records if r["kind"] == "commit"),
            self.lines(self._record(r) for r in line.records if r["kind"] == "run"),
            self._absence(line.absence),
        )

    def _post(self, row: Row) -> str:
        post = f"{self.name(row, 'station_name')} {self.name(row, 'job_name')}"
        alone = self.word("only_commitment")
        return post if row["run_required"] else f"{post} ({alone})"

    def how(self, row: Row) -> str:
        """How a roster row came to be."""
        return self.word(f"how.{row['how']}", name=self.name(row, "for_name")).strip()

    def _record(self, record: Row) -> str:
        made, came = record["made_ms"], self.clock(record["recv_ms"])
        at = came
        if made is not None and self.clock(made) != came:
            at = self.clock(made) + self.word("came_at", t=came)
        said = [known(f"{record['kind']}.{record['result']}", self.lang)]
        said.append("" if record["counts"] else self.word("not_counted"))
        said.append("" if record["erased_ms"] is None else self.word("erased"))
        said.append(known(f"why.{record['why']}", self.lang) if record["proxy"] else "")
        return " ".join(part for part in (at, *said) if part)

    def _absence(self, row: Row | None) -> str:
        if row is None:
            return ""
        text = row["note"] or known(f"why.{row['why']}", self.lang)
        return f"{self.clock(row['at_ms'])} {text} ({self.name(row, 'by_name')})"

    # Findings -------------------------------------------------------------------------------------

    def finding(self, row: Row) -> Cells:
        return (
            self.clock(row["found_ms"]),
            self.what(row),
            self.lines(self.word(key) for key in ("veto", "major") if _is(row, key)),
            self.name(row, "reporter_name") or self._unnamed(row),
            self.name(row, "station_name"),
            self._answer(row),
            f"{self.name(row, 'answerer_name')} {self.clock(row['answered_ms'])}".strip(),
            self.name(row, "assignee_name"),
            self.clock(row["due_ms"]),
            self._closed(row),
        )

    def _unnamed(self, row: Row) -> str:
        return self.word("nameless" if row["erased_ms"] is None else "erased")

    def what(self, row: Row) -> str:
        """What was found, as far as the reader may know it."""
        if row["private"]:
            return self.word("talk")
        return " ".join(part for part in (row["what"], row["note"]) if part)

    def _answer(self, row: Row) -> str:
        if row["answered_ms"] is None:
            return self.word("open")
        outcome = known(f"outcome.{row['outcome']}", self.lang)
        return " ".join(part for part in (outcome, row["answer"]) if part)

    def _closed(self, row: Row) -> str:
        if row["accepted_ms"] is not None:
            name = self.name(row, "acceptor_name")
            return self.word("accepted", name=name, t=self.clock(row["accepted_ms"]))
        if row["fixed_ms"] is not None and not row["private"]:
            return self.word("fixed", t=self.clock(row["fixed_ms"]))
        return ""

    # Changes and signatures -----------------------------------------------------------------------

    def changes(self) -> Iterator[Cells]:
        for one in self.report.changes:
            yield self.clock(one.at_ms), self.word(one.what), *self._changed(one)
        for key, at_key, rows in (
            ("left", "at_ms", self.report.left),
            ("taken", "taken_ms", self.report.taken),
        ):
            for row in rows:
                yield self._handed(key, at_key, row)

    def _changed(self, one: Change) -> Cells:
        row = one.row
        why = self.how(row) if one.what == "added" else self.word(f"ended.{row['ended_why']}")
        by = self.name(row, f"{one.what}_name")
        return self.name(row, "person_name"), self.name(row, "station_name"), why, by

    def _handed(self, key: str, at_key: str, row: Row) -> Cells:
        note = row["taken_note"]
        if row["taken_ms"] is None:
            note = self.word("not_taken")
        by = self.name(row, "by_name" if key == "left" else "taken_name")
        station = self.name(row, "station_name")
        return self.clock(row[at_key]), self.word(key), row["what"], station, note, by

    def signatures(self) -> Iterator[Cells]:
        for one in self.report.signatures:
            yield from self._signature(one)

    def _signature(self, one: Signed) -> Iterator[Cells]:
        row, no = one.row, str(one.row["no"])
        last = one is self.report.signatures[-1]
        held = "holds" if one.holds else "reopened" if last else "superseded"
        what = self.word("signed", ready=row["ready"], n=row["expected"])
        signer = self.name(row, "signer_name")
        yield no, self.clock(row["at_ms"]), signer, what, self.word(held)
        for line in one.reasons:
            yield no, self.clock(row["at_ms"]), self.name(line), self.word("reason"), line["reason"]
        for change in one.after:
            about = change.row
            found = change.what == "found"
            who = self.name(about, "reporter_name" if found else "person_name")
            text = self.what(about) if found else self.name(about, "station_name")
            what = self.word("after", what=self.word(change.what))
            yield no, self.clock(change.at_ms), who or self.word("nameless"), what, text


_IS: dict[str, Callable[[Row], Any]] = {
    "veto": lambda row: row["veto"],
    "major": lambda row: row["level"] == "major",
}


def _is(row: Row, key: str) -> bool:
    return bool(_IS[key](row))
