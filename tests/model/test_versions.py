"""Publishing checklists and commitment texts: checked first, numbered, never changed."""

from __future__ import annotations

from typing import Any

import pytest

from shiftapp import library
from shiftapp.model import versions
from shiftapp.problems import Problem, Twin
from shiftapp.store import Store
from tests.plant import NOW_MS, Plant

Doc = dict[str, Any]


def publish(store: Store, doc: Doc, job: str = "J02") -> int:
    with store.tx() as db:
        return versions.publish_checklist(db, job, doc, NOW_MS, "test")


def publish_text(store: Store, doc: Doc) -> int:
    with store.tx() as db:
        return versions.publish_commitment(db, doc, NOW_MS, "test")


def checklist(title: str = "外操巡检手指口述") -> Doc:
    return {**library.with_examples(library.job("J02")["checklist"]), "title": title}


def test_the_same_again_is_the_same_version(plant: Plant) -> None:
    assert [publish(plant.store, checklist()) for _ in range(2)] == [1, 1]
    assert publish_text(plant.store, library.commitment()) == 1


def test_a_change_is_a_new_number_and_the_old_one_stays(plant: Plant) -> None:
    old = versions.current_checklist(plant.store, "J02")
    assert publish(plant.store, checklist("新")) == 2
    assert old is not None
    assert versions.checklist(plant.store, "J02", 1, old["sha"]) == old
    assert [row["no"] for row in versions.checklists(plant.store, "J02")] == [2, 1]


def test_going_back_is_a_third_version_with_its_own_hash(plant: Plant) -> None:
    publish(plant.store, checklist("新"))
    assert publish(plant.store, checklist()) == 3
    hashes = [row["sha"] for row in versions.checklists(plant.store, "J02")]
    assert len(set(hashes)) == 3


def test_a_hash_is_that_of_the_stored_text(plant: Plant) -> None:
    row = versions.current_commitment(plant.store)
    assert row is not None and versions.sha(row["doc"]) == row["sha"]


def test_a_checklist_of_no_job_is_refused(plant: Plant) -> None:
    with pytest.raises(Problem) as caught:
        publish(plant.store, checklist(), "J99")
    assert (caught.value.status, caught.value.code) == (404, "no_job")


def test_a_faulty_checklist_is_refused_with_the_first_faults(plant: Plant) -> None:
    doc = checklist("新")
    for step in doc["steps"]:
        step["call"] = ""
    with pytest.raises(Problem) as caught:
        publish(plant.store, doc)
    problem = caught.value
    assert (problem.status, problem.code) == (422, "bad_checklist")
    assert problem.detail == (
        "这张卡还不能发布。第 1 步：缺“说什么”。第 2 步：缺“说什么”。第 3 步：缺“说什么”。"
    )
    why = problem.params["why"]
    assert isinstance(why, Twin) and why.en.startswith("Step 1: “Call” is missing. Step 2:")
    assert len(versions.checklists(plant.store, "J02")) == 1


def test_a_faulty_commitment_text_is_refused(plant: Plant) -> None:
    doc = library.commitment()
    doc["items"] = doc["items"][1:]
    with pytest.raises(Problem) as caught:
        publish_text(plant.store, doc)
    assert (caught.value.status, caught.value.code) == (422, "bad_commitment")
    assert "能不能上岗" in caught.value.detail


@pytest.mark.parametrize(
    ("field", "words"),
    [("oath", "违章作业，后果自负。"), ("rights_en", "I work at my own risk.")],
)
def test_a_text_that_shifts_liability_is_refused_with_the_reason(
    plant: Plant, field: str, words: str
) -> None:
    with pytest.raises(Problem) as caught:
        publish_text(plant.store, {**library.commitment(), field: words})
    problem = caught.value
    assert (problem.status, problem.code) == (422, "liability")
    assert str(problem.params["words"]) in words and "第 52 条" in problem.detail
    reason = problem.params["reason"]
    assert isinstance(reason, Twin) and "art. 52" in reason.en
    assert len(versions.commitments(plant.store)) == 1


def test_a_library_job_is_published_as_it_is(plant: Plant) -> None:
    for code in ("J02", "J05", "J09"):
        checklist = library.job(code)["checklist"]
        publish(plant.store, checklist, code)
        newest = versions.current_checklist(plant.store, code)
        assert newest is not None and newest["doc"] == checklist
