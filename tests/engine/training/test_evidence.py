"""What a run leaves for its judge: answers of the saved model, and of both ends of fine-tuning."""

from dataclasses import replace

import numpy as np
import pytest

from core import datasets, files, runs
from core.datasets import baselines
from core.engine.features import cache_folder
from core.engine.networks import openvino_choice
from core.engine.prediction import compiled, predicting
from core.engine.serving.server import Server
from core.images import pixels
from core.judging import paired
from core.judging.evaluation import calibration
from core.records import ModelCard, Split
from core.records.requests import CompleteResults, OpenTest
from core.records.training import TRAIN_ON
from core.run_results import evaluation, folds, movement, pooled, predictions, prototypes
from core.run_results.predictions import PartPredictions
from core.workspace import Workspace
from tests.engine import jobs
from tests.engine.jobs import TINY, Killed, at, kill

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: each of its conversions of a variable says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
SOLVED = replace(TINY, optimizer="solve", freeze="all", fine_tune_epochs=0)


def left(ws: Workspace, run_id: str) -> tuple[PartPredictions, ModelCard]:
    found = predictions.read(ws.run(run_id))
    assert found is not None
    return found, files.read_record(ws.run(run_id).card, ModelCard)


def asked(ws: Workspace, run_id: str, contents: tuple[str, ...]) -> np.ndarray:
    """Give what Predict says of these images."""
    dataset_id = runs.get(ws, run_id).config.dataset_id
    of = {
        i.content: datasets.image_path(ws, dataset_id, i) for i in datasets.images(ws, dataset_id)
    }
    predictor = compiled.load(ws.run(run_id).model, ws.cache)
    outputs = predicting.of_copies(predictor, [of[c] for c in contents])
    return np.stack([one.probabilities for one in outputs])


def test_a_fine_tuned_run_leaves_what_predict_says_and_what_it_was_chosen_from(
    trained: tuple[Workspace, str],
):
    ws, run_id = trained

    found, card = left(ws, run_id)

    assert card.validation is not None
    assert found.right.sum() == round(card.validation.accuracy * card.validation.images)
    assert found.probabilities == pytest.approx(asked(ws, run_id, found.contents), abs=1e-5)
    assert found.before is not None
    assert found.last is not None
    assert found.temperature == card.temperature
    assert found.temperature == pytest.approx(
        calibration.temperature(found.logits, found.labels), abs=0.01
    )
    before, last = (predictions.named(a) == found.labels for a in (found.before, found.last))
    assert paired.compare(before, last, found.groups) == card.tuned


def pool(ws: Workspace, run_id: str, contents: tuple[str, ...]) -> np.ndarray:
    """Give what the backbone of a saved model makes of images, averaged over the last map."""
    model = jobs.model(ws, run_id)
    dataset_id = runs.get(ws, run_id).config.dataset_id
    of = {
        i.content: datasets.image_path(ws, dataset_id, i) for i in datasets.images(ws, dataset_id)
    }
    images = np.stack([pixels.read_copy(of[c], model.input_shape[1]) for c in contents])
    return np.asarray(model.layers[1](images.astype(np.float32), training=False)).mean(axis=(1, 2))


def test_a_fine_tuned_run_leaves_the_pooled_features_of_its_images(
    trained: tuple[Workspace, str],
):
    ws, run_id = trained

    found = pooled.read(ws.run(run_id))

    assert found is not None
    validation, learned = found.of(Split.VALIDATION), found.of(Split.TRAIN)
    assert validation.contents == left(ws, run_id)[0].contents
    assert len(learned.contents) == left(ws, run_id)[1].num_train
    assert found.features.dtype == np.float16
    exact = pool(ws, run_id, found.contents)
    assert found.features == pytest.approx(exact, abs=0.02 * float(np.abs(exact).max()))


def test_a_fine_tuned_run_leaves_what_moved_block_by_block(trained: tuple[Workspace, str]):
    ws, run_id = trained

    found = movement.read(ws.run(run_id))

    assert found is not None
    assert [one.name for one in found.blocks] == ["block5"]  # all others were frozen
    assert found.images == left(ws, run_id)[1].num_validation
    assert 0 < found.blocks[0].weights_last < 1
    assert 0 < found.blocks[0].features_last < 1
    kept = (found.blocks[0].weights, found.blocks[0].features)
    is_tuned = left(ws, run_id)[1].kept_phase == "fine_tune"
    wanted = (found.blocks[0].weights_last, found.blocks[0].features_last) if is_tuned else (0, 1)
    assert kept == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("output", "pooling"),
    [
        ("softmax", "average"),
        ("sigmoid", "flatten"),
        pytest.param("softmax", "flatten", marks=pytest.mark.slow),
        pytest.param("sigmoid", "average", marks=pytest.mark.slow),
    ],
)
def test_a_solved_head_leaves_calibrated_answers(ws: Workspace, output: str, pooling: str):
    run_id, _ = jobs.run(ws, replace(SOLVED, output=output, pooling=pooling))

    found, card = left(ws, run_id)

    assert card.temperature != 1.0
    assert found.logits.shape == (card.num_validation, 2)
    assert found.before is found.last is None
    folded = folds.read(ws.run(run_id))
    assert (folded is not None) == (pooling == "average")  # else it sees other features
    if folded is not None:
        assert folded.accuracy.images == card.num_train + card.num_validation
    assert found.probabilities == pytest.approx(asked(ws, run_id, found.contents), abs=1e-5)
    vectors = pooled.read(ws.run(run_id))
    assert vectors is not None
    exact = pool(ws, run_id, vectors.contents)
    assert vectors.features == pytest.approx(exact, abs=0.02 * float(np.abs(exact).max()))


def test_a_run_that_was_killed_leaves_the_same_answers(
    trained: tuple[Workspace, str], ws: Workspace
):
    whole, _ = left(*trained)
    config = runs.get(*trained).config
    run_id = runs.create(ws, config)
    with pytest.raises(Killed):
        jobs.run(ws, config, run_id=run_id, stop=at(4, kill))

    jobs.run(ws, config, run_id=run_id)
    found, _ = left(ws, run_id)

    assert np.array_equal(found.logits, whole.logits)
    assert found.before is not None
    assert whole.before is not None
    assert np.array_equal(found.before, whole.before)
    vectors, theirs = pooled.read(ws.run(run_id)), pooled.read(trained[0].run(trained[1]))
    assert vectors is not None
    assert theirs is not None
    assert np.array_equal(vectors.features, theirs.features)
    assert movement.read(ws.run(run_id)) == movement.read(trained[0].run(trained[1]))
    assert evaluation.read(ws.run(run_id)) == evaluation.read(trained[0].run(trained[1]))
    rules = [prototypes.read(r) for r in (ws.run(run_id), trained[0].run(trained[1]))]
    assert None not in rules
    assert rules[0].threshold == rules[1].threshold is not None


def test_a_run_without_validation_images_takes_the_temperature_of_its_parent(ws: Workspace):
    parent, _ = jobs.run(ws, SOLVED)
    again, _ = jobs.run(ws, replace(SOLVED, train_on=TRAIN_ON[1], refit_of=parent))

    card = files.read_record(ws.run(again).card, ModelCard)

    assert card.temperature == left(ws, parent)[1].temperature != 1.0
    assert predictions.read(ws.run(again), Split.VALIDATION) is None
    vectors = pooled.read(ws.run(again))
    assert vectors is not None
    assert vectors.learned.all()
    rules = [prototypes.read(ws.run(one)) for one in (parent, again)]
    assert None not in rules
    assert rules[0].threshold == rules[1].threshold is not None
    assert len(vectors.contents) == card.num_train
    theirs, own = (evaluation.read(ws.run(one)) for one in (parent, again))
    assert theirs is not None
    assert own is not None
    assert own.thresholds == theirs.thresholds is not None
    assert own.thresholds.images == len(left(ws, parent)[0].contents)


@pytest.mark.parametrize("is_converted", [True, False])
def test_a_run_that_left_nothing_is_asked_for_it_later(ws: Workspace, is_converted: bool):
    run_id, _ = jobs.run(ws, SOLVED)
    folder, (then, _) = ws.run(run_id), left(ws, run_id)
    had = pooled.read(folder)
    folder.predictions.unlink()  # as a run of an earlier version
    folder.features.unlink()
    rule = prototypes.read(folder)
    folder.unknown.unlink()
    judged = evaluation.read(folder)
    assert judged is not None
    assert judged.baselines is not None
    folder.evaluation.unlink()
    if is_converted:  # likewise: to probabilities alone
        convert_without_features(ws, run_id)
    server = Server(ws)

    server.handlers[CompleteResults](CompleteResults(run_id=run_id))

    now, vectors = left(ws, run_id)[0], pooled.read(folder)
    assert now.contents == then.contents
    assert now.probabilities == pytest.approx(then.probabilities, abs=1e-5)
    assert had is not None
    assert vectors is not None
    assert vectors.contents == had.contents
    assert np.float32(vectors.features) == pytest.approx(
        np.float32(had.features), abs=0.02 * float(np.abs(had.features).max())
    )
    assert evaluation.read(folder) == judged
    again = prototypes.read(folder)
    assert rule is not None
    assert again is not None
    assert again.threshold == pytest.approx(rule.threshold, abs=0.05)
    ready = compiled.reopen(folder.model, ws.cache)
    assert ready is not None
    assert ready.outputs == 2


def convert_without_features(ws: Workspace, run_id: str) -> None:
    folder, images = compiled.folder_of(ws.cache, run_id), np.zeros((1, 32, 32, 3), np.uint8)
    cache_folder.remove(folder)
    cache_folder.mark_used(folder)
    openvino_choice.open_network(jobs.model(ws, run_id), images, folder, ("f32",))


def test_answers_and_features_of_the_test_part_are_kept_when_it_is_opened(ws: Workspace):
    run_id, _ = jobs.run(ws, SOLVED)
    folder, server = ws.run(run_id), Server(ws)
    assert pooled.read(folder, test=True) is None

    score = server.handlers[OpenTest](OpenTest(run_id=run_id))

    found = predictions.read(folder, Split.TEST)
    assert found is not None
    assert found.right.sum() == round(score.test.accuracy * score.test.images)
    vectors = pooled.read(folder, test=True)
    assert vectors is not None
    assert vectors.contents == found.contents
    assert not vectors.learned.any()
    folder.test_features.unlink()  # as where an earlier version opened it
    server.handlers[CompleteResults](CompleteResults(run_id=run_id))
    again = pooled.read(folder, test=True)
    assert again is not None
    assert np.array_equal(again.features, vectors.features)
    config = files.read_record(ws.run(run_id).card, ModelCard).config
    beside = baselines.known(ws, config, Split.TEST)
    assert beside is not None
    assert set(beside.contents) == set(found.contents)
