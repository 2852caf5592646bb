"""The words under the signature: complete, in two languages, and fit for a signed note."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shiftapp.ledger.note import sign_note
from shiftapp.model import announcement_note, announcement_text

Doc = dict[str, Any]


def document(**changes: Any) -> Doc:
    """A document with everything in it: no two figures alike."""
    doc: Doc = {
        "v": 1,
        "kind": "daily",
        "date": "2026-11-24",
        "first": "2026-11-24",
        "last": "2026-11-24",
        "zone": "Asia/Shanghai",
        "cutoff": "09:00",
        "from_ms": 1795395600000,
        "to_ms": 1795482000000,
        "due_ms": 1795485600000,
        "valid_until_ms": 1795572000000,
        "enterprise": {"name": "濮阳示例化工有限公司", "name_en": "Puyang Sample Chemical"},
        "demo": False,
        "text": {"state": "named", "zh": "今天已做研判。", "en": "Risks were assessed."},
        "named": [{"code": "major", "n": 141, "zh": "141 处没消除。", "en": "141 are open."}],
        "shifts": [
            {
                "site_name": "北厂",
                "site_name_en": "North works",
                "group_name": "合成",
                "group_name_en": "Synthesis",
                "shift": "白班",
                "shift_en": "Day",
                "date": "2026-11-24",
                "starts_ms": 1795478400000,
                "ends_ms": 1795521600000,
                "s": None,
                **{"n": 101, "on": 102, "off": 103, "late": 104, "none": 105},
            }
        ],
        "groups": [],
        "small": {
            "shifts": 106,
            "counted": True,
            "count": {"n": 107, "on": 108, "off": 109, "late": 110, "none": 111},
        },
        "total": {"n": 112, "on": 113, "off": 114, "late": 115, "none": 116},
        "roster": {"added": 117, "ended": 118},
        "plant": {
            "units": {"total": 119, "running": 120, "stopped": 121, "maintenance": 122},
            "startup": 123,
            "shutdown": 124,
            "trial": 125,
            "storage": {"total": 126, "safe": 127},
            "major": {"total": 128, "safe": 129, "ranks": [130, 131, 132, 133]},
            "processes": 134,
            "seen_ms": 1795474800000,
        },
        "works": {
            name: 200 + place
            for place, name in enumerate(
                "fire_special fire_1 fire_2 confined blind height lifting power earth road"
                " maintenance transfer tank_cleaning draining contractor change total"
                " registered_late cancelled_late".split()
            )
        },
        "hazards": {"general": 135, "major": 136, "veto_unanswered": 137, "unanswered": 138},
        "crews": {"signed": 139, "of": 140},
        "levels": [{"no": 2, "name": "车间", "name_en": "Workshop", "signed": 142, "of": 143}],
        "risk": {"grade": 2, "because": ["fire_special", "major"]},
        "id": "0d3e4a2e-6b9f-4a47-9d33-3f6c5e1c2a11",
        "version": 2,
        "supersedes": "0d3e4a2e-6b9f-4a47-9d33-3f6c5e1c2a10",
        "published_ms": 1795482300000,
        "signatory": {
            "name": "王五",
            "name_en": "Wang Wu",
            "title": "副总经理",
            "title_en": "Deputy",
        },
        "delegate_of": {
            "name": "周九",
            "name_en": "Zhou Jiu",
            "title": "总经理",
            "title_en": "General manager",
            "document": "安字 7 号",
        },
        "override": {
            "reason": "在处置漏点",
            "gaps": [{"code": "unsigned", "n": 144, "zh": "144 个没签。", "en": "144 not signed."}],
        },
        "change": {
            "how": "update",
            "reason": "新增特级动火",
            "changes": [{"zh": "特级动火 0 改为 200。", "en": "Special hot work: 0, now 200."}],
            "version": 1,
            "published_ms": 1795478700000,
        },
    }
    return {**doc, **changes}


NOT_SAID = {"v", "starts_ms", "ends_ms", "seen_ms", "published_ms", "no", "grade", "version"}


def figures(value: Any) -> list[int]:
    """Every number of a document that is a public figure."""
    if isinstance(value, dict):
        return [n for key, one in value.items() if key not in NOT_SAID for n in figures(one)]
    if isinstance(value, list):
        return [n for one in value for n in figures(one)]
    return (
        [value] if isinstance(value, int) and not isinstance(value, bool) and value < 10**9 else []
    )


def halves(doc: Doc) -> tuple[str, str]:
    """The Chinese lines and the English ones."""
    lines = announcement_text.lines(doc)
    half = next(n for n, line in enumerate(lines) if line.startswith("Safety commitment"))
    return "\n".join(lines[:half]), "\n".join(lines[half:])


def test_every_public_figure_stands_in_both_languages() -> None:
    wanted = figures(document())
    assert len(wanted) > 60
    for half in halves(document()):
        said = [int(n) for n in re.findall(r"\d+", half)]
        assert [n for n in wanted if n not in said] == []


def test_a_period_says_its_groups() -> None:
    part = {k: v for k, v in document()["shifts"][0].items() if not k.startswith(("shift", "s"))}
    names = {"site_name": "北厂", "site_name_en": "", "shifts": 300, **part}
    doc = document(kind="weekly", first="2026-11-16", last="2026-11-22", shifts=[], groups=[names])
    zh, en = halves(doc)
    assert "2026-11-16 – 2026-11-22，第 2 版" in zh
    assert "北厂 合成，300 个班：应到 101，按时 102，没信号先封存 103，补做 104，没做 105。" in zh
    assert "北厂 Synthesis, 300 shifts: expected 101, on time 102" in en


@pytest.mark.parametrize(
    "words",
    [
        ("王五 副总", "Wang Wu Deputy"),
        (
            "受 周九 总经理 书面授权，授权书 安字 7 号",
            "General manager, document 安字 7 号",
        ),
        ("带着问题签发：144 个没签。", "Signed over open gaps: 144 not signed."),
        ("理由：在处置漏点", "Reason: 在处置漏点"),
        (
            "本版更新第 1 版（2026-11-24 08:05 签发）",
            "version 1 (signed at 2026-11-24 08:05)",
        ),
        ("特级动火 0 改为 200。", "Special hot work: 0, now 200."),
        (
            "较大（2 级）：有特级动火作业；有重大隐患没有消除。",
            "considerable (grade 2): special-grade",
        ),
        ("有效到 2026-11-25 10:00", "holds until 2026-11-25 10:00"),
        ("应在 2026-11-24 10:00 前", "Due by 2026-11-24 10:00"),
        ("第 2 版", "version 2"),
        ("141 处没消除。", "141 are open."),
        ("今天已做研判。", "Risks were assessed."),
    ],
)
def test_it_says_who_why_and_until_when(words: tuple[str, str]) -> None:
    for half, wanted in zip(halves(document()), words, strict=True):
        assert wanted in half


def test_what_was_not_asked_for_is_not_said() -> None:
    nothing = {"grade": 4, "because": []}
    bare = document(
        override=None,
        change=None,
        delegate_of=None,
        plant=None,
        works=None,
        version=1,
        risk=nothing,
    )
    zh, en = halves(bare)
    for word in ("理由", "授权", "装置", "动火", "更新"):
        assert word not in zh
    for word in ("Reason", "leave", "units", "hot work", "updates"):
        assert word not in en


def test_the_instant_of_signing_and_the_id_are_not_in_the_text() -> None:
    """They are the server's: what was read before the signature is what was signed."""
    other = document(published_ms=1795499999999, id="x")
    assert announcement_text.lines(other) == announcement_text.lines(document())


NASTY = "李\n\n四\x00\x1f\x7f\x85\u2028\u202e\t  五"


def _poisoned(value: Any) -> Any:
    if isinstance(value, dict):
        keep = ("kind", "zone", "how", "date", "first", "last")
        return {k: v if k in keep else _poisoned(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_poisoned(one) for one in value]
    return NASTY if isinstance(value, str) else value


def test_no_name_can_break_the_note() -> None:
    lines = announcement_text.lines(_poisoned(copy.deepcopy(document())))
    assert all(line == line.strip() and line for line in lines)
    assert not any(sign in "".join(lines) for sign in "\n\x00\x1f\x7f\x85\u2028\u202e\t")
    text = announcement_note.text("aq.example.cn/log/announcement", document(), b"{}")
    note = sign_note(text, "aq.example.cn/log/announcement", Ed25519PrivateKey.generate())
    assert note.count("\n\n") == 1


@given(st.text())
def test_a_line_is_one_line_whatever_is_put_in(text: str) -> None:
    line = announcement_text.clean(text)
    assert line == " ".join(line.split())
    assert announcement_text.clean(line) == line
    assert line.isprintable()


def test_the_note_names_the_kind_of_a_period() -> None:
    weekly = document(kind="weekly", date="2026-11-22")
    lines = announcement_note.text("o/announcement", weekly, b"{}").split("\n")
    assert lines[:1] + lines[2:4] == ["o/announcement", "weekly 2026-11-22 2", "1795482300000"]
