"""Runs that learn from another run's model too: the right answers to the right views."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from core import datasets, files, runs
from core.engine.features.cache_folder import Cache
from core.engine.features.views import ViewPlan, read_view
from core.engine.prediction import soft_targets
from core.engine.prediction.soft_targets import Teacher
from core.engine.training import training_data
from core.errors import UserError
from core.records import ModelCard, Split
from core.workspace import Workspace
from tests.engine import jobs
from tests.engine.jobs import TINY

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
STUDENT = replace(TINY, epochs=2, fine_tune_epochs=1)


def images(ws: Workspace) -> list:
    return [
        (image.content, datasets.image_path(ws, TINY.dataset_id, image))
        for image in datasets.images(ws, TINY.dataset_id)
        if image.split is Split.TRAIN
    ]


def ask(ws: Workspace, run_id: str, labels: tuple[str, ...], **how) -> soft_targets.SoftTargets:
    card = files.read_record(ws.run(run_id).card, ModelCard)
    return soft_targets.ask_teacher(
        Teacher(model=ws.run(run_id).model, labels=card.labels),
        labels,
        images(ws),
        cache=Cache.at(ws.features),
        report=lambda *told: None,
        stop=lambda: False,
        **how,
    )


@pytest.mark.parametrize("are_fresh", [False, True])
def test_a_teacher_answers_to_the_view_that_is_learned_from(trained, are_fresh):
    ws, run_id = trained
    views = ViewPlan(augmentation="light", num_views=2)

    found = ask(ws, run_id, ("red", "green"), views=views, are_fresh=are_fresh)

    rows, seen = np.array([0, 3]), np.array([1, 2])
    pixels = [
        read_view(images(ws)[row][1], 32, content=images(ws)[row][0], view=view, plan=views)
        for row, view in zip(rows.tolist(), seen.tolist(), strict=True)
    ]
    shares = jobs.model(ws, run_id).predict(np.stack(pixels).astype("float32"), verbose=0)
    told = np.exp(found.batch(rows, seen))
    assert told == pytest.approx(shares[:, ::-1], abs=2e-3), "red was the second of its classes"


def test_one_sigmoid_teaches_two_classes(tmp_path):
    ws = Workspace(tmp_path)
    single = replace(TINY, output="sigmoid", epochs=1, freeze="all", fine_tune_epochs=0)
    teacher, _ = jobs.run(ws, single)

    student, ended = jobs.run(ws, replace(STUDENT, teacher=teacher))

    assert ended == "done"
    told = ask(ws, teacher, ("green", "red"), views=ViewPlan(), are_fresh=False)
    answers = np.exp(told.batch(np.arange(4), np.zeros(4, np.int64)))
    assert answers.sum(axis=1) == pytest.approx(np.ones(4), abs=2e-3)
    assert runs.get(ws, student).card is not None


def test_a_student_takes_over_what_its_teacher_says_and_not_the_labels(tmp_path, monkeypatch):
    """The teacher is made to say the opposite of every label."""
    ws = Workspace(tmp_path)
    config = replace(TINY, optimizer="solve", freeze="all", fine_tune_epochs=0)
    teacher, _ = jobs.run(ws, config)
    whole = soft_targets._prefix

    def contrary(path):
        prefix = whole(path)
        turned = keras.Model(prefix.model.input, prefix.model.output[:, ::-1] * 4)
        return replace(prefix, model=turned, key="contrary")

    monkeypatch.setattr(soft_targets, "_prefix", contrary)
    taught = replace(TINY, freeze="all", fine_tune_epochs=0, epochs=30, teacher_share=1.0)
    student, _ = jobs.run(ws, replace(taught, teacher=teacher))
    alone, _ = jobs.run(ws, taught)

    right = [runs.get(ws, run_id).card.validation.accuracy for run_id in (student, alone)]
    assert right[0] < 0.3 < 0.7 < right[1]


def test_a_student_that_was_cut_off_comes_to_the_same_bits(tmp_path):
    ws = Workspace(tmp_path)
    teacher, _ = jobs.run(ws, replace(TINY, epochs=1, freeze="all", fine_tune_epochs=0))
    config = replace(STUDENT, teacher=teacher)
    whole, _ = jobs.run(ws, config)
    cut = runs.create(ws, config)

    with pytest.raises(jobs.Killed):
        jobs.run(
            ws, config, run_id=cut, stop=lambda: len(runs.epochs(ws, cut)) == 2 and jobs.kill()
        )
    jobs.run(ws, config, run_id=cut)

    assert jobs.history(ws, cut) == jobs.history(ws, whole)
    for a, b in zip(jobs.values(ws, cut), jobs.values(ws, whole), strict=True):
        assert a.tobytes() == b.tobytes()


def test_a_teacher_that_is_gone_is_named(tmp_path):
    ws = Workspace(tmp_path)
    jobs.run(ws, replace(TINY, epochs=1, freeze="all", fine_tune_epochs=0))

    with pytest.raises(UserError, match="was deleted, or has no model"):
        training_data.read(ws, replace(STUDENT, teacher="20200101-000000-000aaaa"))
