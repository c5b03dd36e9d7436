"""The map of a run is made by a process of its own, kept with the run, and made anew if need be."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import datasets, files, locks, runs
from core.errors import UserError
from core.insights.mapping import jobs, points, reading, tsne
from core.insights.mapping.jobs import MapStage, MapState
from core.records import Accuracy, Split, TestScore, TrainConfig
from core.run_results import embedding_map, pooled, predictions
from core.run_results.predictions import PartPredictions
from core.words import say
from core.workspace import Workspace
from tests import builders

ROOT = Path(__file__).parents[4]


def never(run_id: str) -> None:
    raise AssertionError("the run left all that is needed")


@pytest.fixture
def run_id(ws: Workspace) -> str:
    """A run of 40 images, 28 to learn from and 6 to validate on, with features of these."""
    builders.make_dataset(ws, num=20, side=8)
    made = builders.make_run(ws)
    builders.write_features(ws, made)
    return made


def open_test(ws: Workspace, run_id: str) -> list[str]:
    """Leave what the opening of the test part does, and name its images."""
    config, folder = runs.get(ws, run_id).config, ws.run(run_id)
    images = [i for i in datasets.images(ws, config.dataset_id) if i.split is Split.TEST]
    features = builders.features_of(images, ("green", "red"))
    pooled.write(folder, features, test=True)
    answers = PartPredictions(
        contents=features.contents,
        labels=features.labels,
        groups=(),
        logits=np.float32(np.eye(2)[features.labels]),
    )
    predictions.write(folder, Split.TEST, answers)
    score = Accuracy(accuracy=1, low=0.6, high=1, images=len(images), majority=0.5)
    files.write_record(folder.test, TestScore(test=score, openings=1))
    return list(features.contents)


def test_the_map_has_every_image_that_has_features_and_keeps_their_neighbours(
    ws: Workspace, run_id: str
):
    assert jobs.state(ws, run_id) is None
    assert jobs.found(ws, run_id) is None

    jobs.make(ws, run_id, never)

    found, state = jobs.found(ws, run_id), jobs.state(ws, run_id)
    assert state is not None
    assert (state.stage, state.num_images) == (MapStage.DONE, 34)
    assert not state.is_under_way
    assert found is not None
    assert found.parts == (Split.VALIDATION,) * 6 + (Split.TRAIN,) * 28
    assert found.on_map == found.in_features == 1.0
    assert found.seconds > 0


def test_two_maps_of_a_run_are_equal(ws: Workspace, run_id: str):
    jobs.make(ws, run_id, never)
    first = jobs.found(ws, run_id)

    jobs.make(ws, run_id, never)

    second = jobs.found(ws, run_id)
    assert first is not None
    assert second is not None
    assert np.array_equal(first.positions, second.positions)


def test_the_opened_test_part_is_on_the_map_and_one_from_before_is_out_of_date(
    ws: Workspace, run_id: str
):
    jobs.make(ws, run_id, never)
    opened = open_test(ws, run_id)
    assert jobs.found(ws, run_id) is None

    jobs.make(ws, run_id, never)

    found = jobs.found(ws, run_id)
    assert found is not None
    shown = zip(found.contents, found.parts, strict=True)
    assert [content for content, part in shown if part is Split.TEST] == opened


def test_features_of_a_test_part_that_is_closed_are_left_out(ws: Workspace, run_id: str):
    open_test(ws, run_id)
    ws.run(run_id).test.unlink()

    found = points.gather(ws.run(run_id))

    assert found is not None
    assert Split.TEST not in found.parts


def test_other_features_make_a_map_out_of_date_and_the_same_ones_do_not(ws: Workspace, run_id: str):
    jobs.make(ws, run_id, never)
    had = pooled.read(ws.run(run_id))
    assert had is not None

    pooled.write(ws.run(run_id), had)
    assert jobs.found(ws, run_id) is not None

    pooled.write(ws.run(run_id), replace(had, features=had.features[::-1]))
    assert jobs.found(ws, run_id) is None


def test_a_run_of_an_earlier_version_is_asked_for_its_features_first(ws: Workspace, run_id: str):
    ws.run(run_id).features.unlink()

    jobs.make(ws, run_id, lambda asked: builders.write_features(ws, asked) and None)

    assert jobs.found(ws, run_id) is not None


def test_a_test_part_that_cannot_be_asked_any_more_leaves_the_others_their_map(
    ws: Workspace, run_id: str
):
    open_test(ws, run_id)
    ws.run(run_id).test_features.unlink()

    jobs.make(ws, run_id, gone)

    found = jobs.found(ws, run_id)
    assert found is not None
    assert Split.TEST not in found.parts


def gone(run_id: str) -> None:
    raise UserError(say("They are gone."), expected=say("Images."), mend=say("Bring them back."))


def test_where_the_images_are_gone_it_says_so(ws: Workspace, run_id: str):
    ws.run(run_id).features.unlink()

    jobs.make(ws, run_id, gone)

    state = jobs.state(ws, run_id)
    assert state is not None
    assert state.stage is MapStage.FAILED
    assert state.error is not None
    assert str(state.error.mend) == "Bring them back."


def test_three_images_are_too_few_for_a_map(ws: Workspace, run_id: str):
    had = pooled.read(ws.run(run_id))
    assert had is not None
    pooled.write(
        ws.run(run_id),
        replace(
            had,
            contents=had.contents[:3],
            groups=had.groups[:3],
            **{name: getattr(had, name)[:3] for name in ("labels", "learned", "features")},
        ),
    )

    jobs.make(ws, run_id, never)

    state = jobs.state(ws, run_id)
    assert state is not None
    assert state.error is not None
    assert str(state.error.what) == "3 images of this run can be placed on a map."
    assert str(tsne.FEWEST) in str(state.error.expected)


def test_a_run_that_learned_from_its_validation_images_has_training_images_alone(ws: Workspace):
    dataset = builders.make_dataset(ws, num=20, side=8)
    config = TrainConfig(dataset_id=dataset.id, train_on="train+validation")
    run_id = builders.make_run(ws, config=config)
    builders.write_features(ws, run_id)

    jobs.make(ws, run_id, never)

    found = jobs.found(ws, run_id)
    assert found is not None
    assert set(found.parts) == {Split.TRAIN}
    assert any("training images alone" in str(said) for said in reading.sentences(found))


def test_of_too_many_images_each_class_keeps_its_share_and_it_says_so(
    ws: Workspace, run_id: str, monkeypatch
):
    monkeypatch.setattr(points, "MOST", 16)

    jobs.make(ws, run_id, never)

    found = jobs.found(ws, run_id)
    assert found is not None
    assert found.parts == (Split.VALIDATION,) * 6 + (Split.TRAIN,) * 10
    assert np.bincount(found.labels).tolist() == [8, 8]
    assert any("it shows 10, of every class" in str(said) for said in reading.sentences(found))


def begun(ws: Workspace, run_id: str) -> subprocess.Popen[bytes]:
    """Start the process, and wait until it is at the map."""
    process = subprocess.Popen(
        [sys.executable, "-m", "core.insights.mapping", str(ws.root), run_id], cwd=ROOT
    )
    while (state := jobs.state(ws, run_id)) is None or not state.num_images:
        assert process.poll() is None
        time.sleep(0.02)
    return process


def test_a_map_that_is_cancelled_leaves_nothing_and_can_be_made_again(ws: Workspace, run_id: str):
    process = begun(ws, run_id)

    jobs.cancel(ws, run_id)

    assert process.wait(30) == 0
    state = jobs.state(ws, run_id)
    assert state is not None
    assert state.stage is MapStage.CANCELLED
    assert jobs.found(ws, run_id) is None
    jobs.start(ws, run_id)
    again = jobs.state(ws, run_id)
    assert again is not None
    assert again.is_under_way
    while (again := jobs.state(ws, run_id)) is not None and again.is_under_way:
        time.sleep(0.05)
    assert jobs.found(ws, run_id) is not None


def test_a_process_that_is_killed_is_said_to_be_interrupted_and_what_it_left_is_swept(
    ws: Workspace, run_id: str
):
    process = begun(ws, run_id)
    process.kill()
    process.wait(30)
    half = ws.run(run_id).path / ".map.npz.0123.part"
    half.write_bytes(b"half a map")

    state = jobs.state(ws, run_id)

    assert state is not None
    assert state.stage is MapStage.FAILED
    assert "interrupted" in str(state.error and state.error.what)
    jobs.make(ws, run_id, never)
    assert jobs.found(ws, run_id) is not None
    assert not half.exists()


def test_one_that_never_began_is_said_to_be_interrupted_after_a_while(ws: Workspace, run_id: str):
    asked = MapState(stage=MapStage.ASKING, began_at=time.time())
    files.write_record(ws.run(run_id).map_state, asked)
    assert (jobs.state(ws, run_id) or asked).is_under_way

    files.write_record(ws.run(run_id).map_state, replace(asked, began_at=time.time() - 3600))

    state = jobs.state(ws, run_id)
    assert state is not None
    assert state.stage is MapStage.FAILED


def test_a_second_process_leaves_the_first_alone(ws: Workspace, run_id: str):
    ws.staging.mkdir(parents=True, exist_ok=True)
    with locks.hold(jobs.lock_of(ws, run_id)):
        jobs.make(ws, run_id, never)

    assert jobs.state(ws, run_id) is None


def test_a_run_that_is_deleted_meanwhile_leaves_nothing(ws: Workspace, run_id: str):
    ws.run(run_id).features.unlink()

    def delete(asked: str) -> None:
        builders.write_features(ws, asked)
        runs.delete(ws, asked)

    jobs.make(ws, run_id, delete)

    assert not ws.run(run_id).path.exists()


def test_a_disk_that_refuses_is_told_of(ws: Workspace, run_id: str):
    ws.run(run_id).map.mkdir()  # a file cannot take its place

    jobs.make(ws, run_id, never)

    state = jobs.state(ws, run_id)
    assert state is not None
    assert state.error is not None
    assert "refused" in str(state.error.what)


def test_a_run_without_a_model_is_refused(ws: Workspace, run_id: str):
    ws.run(run_id).card.unlink()

    with pytest.raises(UserError, match="no model"):
        jobs.start(ws, run_id)


def test_images_are_found_again_one_file_for_each(ws: Workspace, run_id: str):
    jobs.make(ws, run_id, never)
    found = embedding_map.read(ws.run(run_id))
    assert found is not None
    images = datasets.images(ws, runs.get(ws, run_id).config.dataset_id)
    twin = replace(images[0], file="red/twin.png")
    shown = replace(
        found,
        contents=(images[0].content,) * 2 + ("gone",),
        parts=(Split.TRAIN,) * 3,
        labels=np.array([1, 1, 0], np.int32),
    )

    records = points.records_of(shown, ("green", "red"), (*images, twin))

    assert [record and record.file for record in records] == ["red/0.png", "red/twin.png", None]


def test_more_images_take_longer():
    seconds = [jobs.usual_seconds(num) for num in (0, 10, 1500, 10_000)]

    assert seconds == sorted(seconds)


def test_the_process_explains_itself():
    told = subprocess.run(
        [sys.executable, "-m", "core.insights.mapping"], cwd=ROOT, env=dict(os.environ),
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert told.returncode == 2
    assert "WORKSPACE RUN_ID" in told.stderr
