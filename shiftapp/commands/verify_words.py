"""What `verify` says to people: what is shown, what does not hold, and what nobody can show so.

The limits are said every time, whatever was found (ledger brief §1). Names come from a log that
nobody vouches for, so a sign that a terminal would obey is not printed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shiftapp.commands import verify_limits as said
from shiftapp.commands.verify_limits import Both
from shiftapp.ledger.verify_report import Finding, ProofReport, Report

Part = dict[str, Any]  # of a report
Seen = Mapping[str, int]  # witness, as the policy names it → when it signed, Unix s
UNSHOWN = ("not_shown", "not_public", "small", "period")  # figures that nobody outside can count
NOBODY: Mapping[str, Seen] = {}


@dataclass(frozen=True)
class Voice:
    """Speaks one of both languages."""

    language: str  # zh, en

    def __call__(self, zh: str, en: str) -> str:
        """The sentence of the language."""
        return zh if self.language == "zh" else en

    def sentence(self, finding: Finding) -> str:
        """The sentence of a finding."""
        return finding.sentence(self.language)


def announcement(
    report: Report, voice: Voice, own_policy: bool, seen: Mapping[str, Seen] = NOBODY
) -> Iterator[str]:
    """The lines about an announcement.

    `own_policy`: the reader brought the policy along. `seen`: path of a checkpoint → which witness
    saw it when.
    """
    yield _title(report, voice)
    yield ""
    if report.holds and not report.parts and any(one.code in UNSHOWN for one in report.findings):
        yield voice(
            "! 只有文字成立，数字没有证明。", "! Only the text holds; its figures are not shown."
        )
    else:
        yield from _result(report.holds, report.findings, report.parts, voice)
    if report.parts:
        yield ""
        yield voice("从公开账本数出来的：", "Counted from the public log:")
        for part in report.parts:
            yield from _part(part, voice, seen)
    yield from _shown(report, voice)
    yield from _notes(report, voice)
    yield from _log(report.log, report.witnesses, voice)
    yield from _policy(own_policy, voice)
    limits = (said.MEANT, said.HIMSELF, said.EVERYBODY, said.START)
    yield from _limits(limits, report.self_attested, voice)


def proof(report: ProofReport, voice: Voice, own_policy: bool) -> Iterator[str]:
    """The lines about a proof file."""
    index = "?" if report.index is None else report.index
    yield voice(
        f"账本 {_plain(report.log['origin'])} 第 {index} 条的证明",
        f"Proof of entry {index} of the log {_plain(report.log['origin'])}",
    )
    yield ""
    yield from _result(report.holds, report.findings, [], voice)
    if report.holds and report.entry is not None:
        yield ""
        yield from _entry(report, report.entry, voice)
    yield from _log(report.log, report.witnesses, voice)
    yield from _policy(own_policy, voice)
    yield from _limits((said.MEANT, said.HIMSELF), report.self_attested, voice)


def evidence(voice: Voice, files: Iterable[str] = (), notes: Iterable[str] = ()) -> Iterator[str]:
    """Where the notes are that contradict each other, or the notes."""
    yield voice(
        "互相矛盾的检查点，双方都签了名。这就是证据，请交给监管部门或工会：",
        "Signed checkpoints that contradict each other. They are the evidence: give them to the"
        " authority or the union.",
    )
    yield from files
    yield from (_lines(note) for note in notes)


def moment(at_s: object) -> str:
    """An instant by the reader's clock, with its distance from UTC."""
    if not isinstance(at_s, int):
        return "–"
    try:
        return f"{datetime.datetime.fromtimestamp(at_s).astimezone():%Y-%m-%d %H:%M:%S %z}"
    except (ValueError, OverflowError, OSError):  # a witness may sign any number
        return str(at_s)


def _title(report: Report, voice: Voice) -> str:
    told, origin = report.announcement, _plain(report.log["origin"])
    date = f" {_plain(told['date'])}" if told["date"] else ""
    return voice(
        f"公告{date}，账本 {origin} 第 {told['index']} 条",
        f"Announcement{date}, entry {told['index']} of the log {origin}",
    )


def _shown(report: Report, voice: Voice) -> Iterator[str]:
    """What is proven; nothing where anything does not hold."""
    if not report.holds:
        return
    yield ""
    yield voice("已经证明（见证方可信时）：", "What is shown, given honest witnesses:")
    for one in (*(said.COUNTED if report.parts else ()), said.SEALED):
        yield f"  - {voice(*one)}"


def _result(holds: bool, findings: list[Finding], parts: list[Part], voice: Voice) -> Iterator[str]:
    if holds:
        yield voice("✓ 成立。", "✓ It holds.")
        return
    yield voice("✗ 不成立：", "✗ It does not hold:")
    for finding in findings:
        if finding.fails:
            yield f"  ✗ {_where(finding, parts, voice)}{voice.sentence(finding)}"


def _where(finding: Finding, parts: list[Part], voice: Voice) -> str:
    if finding.part is None:
        return ""
    part = parts[finding.part] if finding.part < len(parts) else {}
    name = _name(part) or voice(f"第 {finding.part + 1} 个班次", f"shift {finding.part + 1}")
    return voice(f"{name}：", f"{name}: ")


def _name(part: Part) -> str:
    return " · ".join(_plain(part[key]) for key in ("site", "group", "shift") if part.get(key))


def _part(part: Part, voice: Voice, seen: Mapping[str, Seen]) -> Iterator[str]:
    name = _name(part) or _plain(part["s"])
    if part["n"] is None:
        yield voice(f"  {name}：数不出来", f"  {name}: cannot be counted")
        return
    yield voice(
        f"  {name}，{_plain(part['date'])}，{moment(part['t0'])} 开班",
        f"  {name}, {_plain(part['date'])}, start {moment(part['t0'])}",
    )
    yield voice(
        f"    应到 {part['n']} 人：按时 {part['on']}，没信号先封存 {part['off']}，"
        f"补做 {part['late']}，没做 {part['none']}",
        f"    {part['n']} expected: {part['on']} on time, {part['off']} offline,"
        f" {part['late']} late, {part['none']} none",
    )
    roster = _when(part["open_s"], seen.get(f"covering/{part['open']}"), voice)
    yield voice(
        f"    花名册：{roster}；后来加 {part['added']} 人，减 {part['deleted']} 人",
        f"    roster: {roster}; then {part['added']} added, {part['deleted']} taken off",
    )
    cut = _when(part["a_s"], seen.get(f"checkpoint/{part['a']}"), voice)
    yield voice(
        f"    开班时的账本：{cut}；开班后最多容许 {part['grace']} 秒",
        f"    log at the start: {cut}; allowed up to {part['grace']} s after the start",
    )


def _when(at_s: object, seen: Seen | None, voice: Voice) -> str:
    """When enough witnesses had seen something, and each of them by itself."""
    if at_s is None:
        return voice("没有足够的见证方看到", "not seen by enough witnesses")
    times = [f"{_plain(name)} {moment(when)[11:19]}" for name, when in (seen or {}).items()]
    each = voice("、", ", ").join(times)
    return voice(
        f"见证方 {moment(at_s)} 已看到" + (f"（{each}）" if each else ""),
        f"seen by enough witnesses at {moment(at_s)}" + (f" ({each})" if each else ""),
    )


def _notes(report: Report, voice: Voice) -> Iterator[str]:
    notes = [finding for finding in report.findings if not finding.fails]
    if notes:
        yield ""
        yield voice("请注意：", "Please note:")
        for finding in notes:
            yield f"  ! {_where(finding, report.parts, voice)}{voice.sentence(finding)}"


def _log(log: Part, witnesses: list[Part], voice: Voice) -> Iterator[str]:
    if log["size"] is None:
        return
    yield ""
    yield voice(
        f"最新的检查点：{log['size']} 条。见证方：",
        f"Newest checkpoint: {log['size']} entries. Witnesses:",
    )
    for one in witnesses:
        whose = voice("（企业自己的）", " (the enterprise's own)") if one["own"] else ""
        seen = voice("没有签名", "has not signed") if one["seen_s"] is None else ""
        yield f"  {_plain(one['name'])}{whose}  {seen or moment(one['seen_s'])}"


def _policy(own: bool, voice: Voice) -> Iterator[str]:
    if not own:
        yield ""
        yield voice(
            "策略取自账本自己：请把密钥和厂门口印的对照。",
            "Policy taken from the log itself; compare the key with the one printed at the gate.",
        )


def _entry(report: ProofReport, entry: Part, voice: Voice) -> Iterator[str]:
    seen = moment(report.log["quorum_s"])
    what = {
        ("rec", "commit"): ("一份班前承诺", "a pre-shift commitment"),
        ("rec", "run"): ("一次手指口述", "a completed round of pointing and calling"),
        ("ann", ""): ("一份公告", "an announcement"),
    }.get((entry["k"], entry.get("w", "")), ("一条公开条目", "a public entry"))
    yield voice(
        f"公开账本里有{what[0]}，不晚于 {seen}；以后没有改过，也没有删过。",
        f"The public log has {what[1]}, since {seen} at the latest; it was neither changed"
        " nor removed.",
    )
    if report.body is not None:
        yield voice("记录原文，一字不差：", "The record, word for word:")
        yield _lines(report.body)


def _limits(limits: Iterable[Both], self_attested: bool, voice: Voice) -> Iterator[str]:
    yield ""
    yield voice("这样证明不了的：", "What cannot be shown this way:")
    for one in (*limits, said.ALONE if self_attested else said.TOGETHER):
        yield f"  - {voice(*one)}"


def _plain(text: object) -> str:
    """Text of strangers without signs that a terminal would obey."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in str(text))


def _lines(text: str) -> str:
    """The same of a text of several lines."""
    return "\n".join(map(_plain, text.split("\n")))
