"""What a student came to: claims where the images show it, and none where they do not."""

from dataclasses import replace

import numpy as np
import pytest

from core import runs
from core.distilling import outcome, teachers
from core.judging import paired
from core.records import Split, State
from core.run_results import predictions
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from tests.builders import make_dataset, make_run

NUM = 200


@pytest.fixture
def ws(tmp_path) -> Workspace:
    made = Workspace(tmp_path)
    make_dataset(made)
    return made


def answer(ws: Workspace, run_id: str, right: np.ndarray, groups: tuple[str, ...] = ()) -> None:
    """Leave answers to as many made-up images, of two classes."""
    labels = np.arange(len(right), dtype=np.int32) % 2
    named = np.where(right, labels, 1 - labels)
    logits = np.eye(2, dtype=np.float32)[named] * 3
    found = PartPredictions(
        contents=tuple(f"{i:032x}" for i in range(len(right))),
        labels=labels,
        groups=groups or ("",) * len(right),
        logits=logits,
    )
    predictions.write(ws.run(run_id), Split.VALIDATION, found)


def three(ws: Workspace) -> tuple[str, str, str]:
    teacher = make_run(ws)
    config = replace(runs.get(ws, teacher).config, backbone="MobileNetV2-0.35", optimizer="adam")
    student = make_run(ws, config=replace(config, teacher=teacher))
    return teacher, student, make_run(ws, config=config)


def said(ws: Workspace, student: str) -> list[str]:
    found = outcome.of(ws, runs.get(ws, student))
    assert found is not None
    return [str(sentence) for sentence in outcome.sentences(found)]


def right(num: int, *, first: int = 0) -> np.ndarray:
    return (np.arange(NUM) >= first) & (np.arange(NUM) < first + num)


def test_three_models_stand_side_by_side(ws):
    ids = three(ws)

    found = outcome.of(ws, runs.get(ws, ids[1]))

    assert found is not None
    assert [row.name for row in found.rows] == ["teacher", "student", "alone"]
    assert [row.run_id for row in found.rows] == list(ids)
    assert all(row.num_bytes == len(b"not a real model") for row in found.rows)


def test_a_gain_that_the_images_show_is_named_with_what_it_rests_on(ws):
    teacher, student, alone = three(ws)
    for run_id, num in ((teacher, 180), (student, 170), (alone, 140)):
        answer(ws, run_id, right(num))

    against, gain = said(ws, student)

    p = paired.holm([2 * 0.5**10, 2 * 0.5**30])
    assert "surely worse" in against
    assert f"by the student alone 0, by the teacher alone 10 (p = {p[0]:.2g})" in against
    assert gain.startswith("The teacher helped: right only with it 30, only without it 0")


def test_a_difference_that_chance_explains_is_no_gain(ws):
    teacher, student, alone = three(ws)
    for run_id, first in ((teacher, 0), (student, 3), (alone, 0)):
        answer(ws, run_id, right(150, first=first))

    against, gain = said(ws, student)

    assert "cannot tell the student from its teacher" in against
    assert gain.startswith("No gain is shown here")


def test_harm_is_named(ws):
    teacher, student, alone = three(ws)
    for run_id, num in ((teacher, 140), (student, 140), (alone, 180)):
        answer(ws, run_id, right(num))

    assert said(ws, student)[1].startswith("The teacher did harm")


def test_images_that_belong_together_count_once(ws):
    teacher, student, alone = three(ws)
    groups = tuple(f"g{i // 40}" for i in range(NUM))
    for run_id, num in ((teacher, 160), (student, 160), (alone, 120)):
        answer(ws, run_id, right(num), groups)

    gain = said(ws, student)[1]

    assert gain.startswith("No gain is shown here"), "one group of forty is one witness"
    assert "belong together count once" in gain


def test_without_the_other_training_nothing_is_claimed_of_the_teacher(ws):
    _teacher, student, alone = three(ws)
    runs.set_state(ws, alone, State.FAILED)

    assert "not known" in said(ws, student)[-1]


def test_a_student_that_was_stopped_is_not_held_against_its_teacher(ws):
    teacher, student, alone = three(ws)
    for run_id, num in ((teacher, 150), (student, 120), (alone, 150)):
        answer(ws, run_id, right(num))
    runs.set_state(ws, student, State.STOPPED)

    sentences = said(ws, student)

    assert "stopped before its end" in sentences[-1]
    assert not any("did harm" in sentence for sentence in sentences)


def test_a_teacher_of_another_data_set_may_have_seen_what_is_alike(ws):
    _, student, _ = three(ws)
    own = runs.get(ws, student).config
    elsewhere = replace(own, teacher="", dataset_id=make_dataset(ws, name="others").id)
    taught = replace(own, teacher=make_run(ws, config=elsewhere))

    assert "equal pixel for pixel" in said(ws, make_run(ws, config=taught))[0]
    assert not any("equal pixel for pixel" in sentence for sentence in said(ws, student))


def test_a_run_without_a_teacher_has_no_such_outcome(ws):
    assert outcome.of(ws, runs.get(ws, three(ws)[2])) is None


def test_the_outcome_is_still_there_when_the_teacher_was_deleted(ws):
    teacher, student, _ = three(ws)
    runs.delete(ws, teacher)

    found = outcome.of(ws, runs.get(ws, student))

    assert found is not None
    assert [row.name for row in found.rows] == ["student", "alone"]
    assert found.against_teacher is None


def test_models_that_are_equally_good_are_seldom_told_apart():
    """Of 400 triples without a difference at most 30 may lead to a claim of any kind."""
    rng = np.random.default_rng(5)
    claims = 0
    for _ in range(400):
        easy = rng.random(NUM)
        models = [rng.random(NUM) < easy for _ in range(3)]
        both = [paired.compare(models[0], models[1]), paired.compare(models[2], models[1])]
        claims += min(paired.holm([one.p for one in both])) < outcome.CLAIMS
    assert claims <= 30


def test_a_teacher_shows_its_students(ws):
    teacher, student, _ = three(ws)

    assert [run.id for run in teachers.students_of(ws, teacher)] == [student]
