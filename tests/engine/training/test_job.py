"""Whole runs in this process: two phases, what stays frozen, resume, stop, and what goes wrong."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from core import files, runs
from core.engine.device import Device
from core.engine.prediction import compiled, predicting
from core.errors import UserError
from core.models import summary
from core.records import Answer, ModelCard, Phase, Progress, Split
from core.workspace import Workspace
from tests import builders
from tests.corpus import tiffs
from tests.engine import jobs
from tests.engine.jobs import RICH, TINY, Killed, at, kill

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: each of its conversions of a variable says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

SLOW = pytest.mark.slow


def test_both_phases_leave_one_line_an_epoch_and_a_card(trained: tuple[Workspace, str]):
    ws, run_id = trained

    card = files.read_record(ws.run(run_id).card, ModelCard)

    epochs = [(e.phase, e.epoch) for e in jobs.history(ws, run_id)]
    assert epochs == [(Phase.HEAD, e) for e in (1, 2, 3)] + [(Phase.FINE_TUNE, e) for e in (1, 2)]
    assert card.num_epochs == 5
    assert card.num_trainable == summary.num_trainable(RICH, 2)
    seconds = [e.seconds for e in runs.epochs(ws, run_id) if e.phase is Phase.FINE_TUNE]
    assert card.fine_tune_seconds == pytest.approx(sum(seconds))
    assert card.fine_tune_seconds > 0
    assert card.labels == ("green", "red")
    assert card.num_train == 28
    assert not ws.run(run_id).checkpoints.exists()


def test_progress_ends_at_one_and_names_the_device(trained: tuple[Workspace, str]):
    ws, run_id = trained

    progress = files.read_record(ws.run(run_id).progress, Progress)

    assert progress.done == 1.0
    assert progress.device == "CPU"


def test_the_first_batch_is_reported(trained: tuple[Workspace, str]):
    ws, run_id = trained

    first = files.read_rows(ws.run(run_id).metrics)[0]

    assert (first["phase"], first["epoch"], first["batch"]) == ("head", 1, 1)
    assert first["num_batches"] == 4


def test_the_score_of_the_run_is_that_of_prediction(trained: tuple[Workspace, str]):
    ws, run_id = trained
    folder = ws.run(run_id)
    images = files.read_rows(ws.dataset(RICH.dataset_id).listing())
    chosen = [i for i in images if i["split"] == Split.VALIDATION]
    paths = [ws.dataset(RICH.dataset_id).images / i["stored"] for i in chosen]

    predictor = compiled.load(folder.model, ws.cache)
    said = predicting.predict(folder, predictor, paths)

    assert predicting.predict(folder, predictor, paths, stored=True) == said
    card = files.read_record(folder.card, ModelCard)
    right = [p.label == i["label"] for p, i in zip(said, chosen, strict=True)]
    assert card.validation.accuracy == sum(right) / len(right)
    assert card.validation.images == 6
    assert (card.kept_phase, card.kept_epoch) == (Phase.FINE_TUNE, 2)
    last = jobs.history(ws, run_id)[-1]
    assert last.val_accuracy == card.validation.accuracy
    assert last.val_images == card.validation.images
    assert card.picked == ("phase",)


@pytest.mark.parametrize("call", [3, *(pytest.param(c, marks=SLOW) for c in (8, 14, 22))])
def test_a_run_killed_at_any_moment_comes_to_the_same_bits(
    trained: tuple[Workspace, str], tmp_path: Path, call: int
):
    whole, whole_id = trained
    ws = Workspace(tmp_path)
    run_id = runs.create(ws, RICH)
    with pytest.raises(Killed):
        jobs.run(ws, RICH, run_id=run_id, stop=at(call, kill))
    interrupted = len(jobs.history(ws, run_id))

    _, ended = jobs.run(ws, RICH, run_id=run_id)

    assert ended == "done"
    assert interrupted < 5
    assert jobs.history(ws, run_id) == jobs.history(whole, whole_id)
    same = zip(jobs.values(ws, run_id), jobs.values(whole, whole_id), strict=True)
    assert all(np.array_equal(a, b) for a, b in same)


def test_a_run_cut_off_after_its_card_is_done(trained: tuple[Workspace, str]):
    ws, run_id = trained
    before = ws.run(run_id).model.stat().st_mtime_ns
    ws.run(run_id).checkpoints.mkdir()

    _, ended = jobs.run(ws, RICH, run_id=run_id)

    assert ended == "done"
    assert ws.run(run_id).model.stat().st_mtime_ns == before
    assert not ws.run(run_id).checkpoints.exists()


def test_half_a_model_that_a_kill_left_is_swept_away(ws: Workspace):
    run_id = runs.create(ws, replace(TINY, epochs=1, fine_tune_epochs=0))
    half = ws.run(run_id).model.with_name(f".0a1b2c3d.{ws.run(run_id).model.name}")
    half.write_bytes(b"half")

    _, ended = jobs.run(ws, replace(TINY, epochs=1, fine_tune_epochs=0), run_id=run_id)

    assert ended == "done"
    assert not half.exists()


def test_a_stopped_run_keeps_its_last_whole_epoch(ws: Workspace):
    long = replace(TINY, epochs=1000)

    def enough() -> bool:
        return any(len(runs.epochs(ws, i)) >= 2 for i in runs.ids(ws))

    run_id, ended = jobs.run(ws, long, stop=enough)

    card = files.read_record(ws.run(run_id).card, ModelCard)
    assert ended == "stopped"
    assert card.num_epochs == len(runs.epochs(ws, run_id)) < 10
    assert (card.kept_phase, card.kept_epoch) == (Phase.HEAD, card.num_epochs)
    assert card.picked == ()


def test_a_run_stopped_before_its_first_epoch_has_no_model(ws: Workspace):
    run_id, ended = jobs.run(ws, stop=lambda: True)

    assert ended == "stopped"
    assert not ws.run(run_id).card.exists()
    assert jobs.sentences(ws, run_id)[-1].startswith("Stopped before the first epoch")


def test_one_sigmoid_tells_two_classes_apart(ws: Workspace):
    dataset = builders.make_dataset(ws, num=20)
    chosen = (Answer(option="bands", value="first"),)
    files.write_record(ws.dataset(dataset.id).record, replace(dataset, read_as=chosen))
    run_id, _ = jobs.run(ws, replace(TINY, output="sigmoid", epochs=1, fine_tune_epochs=0))
    folder = ws.run(run_id)
    pictures = [builders.write_image(ws.root / "green.png", colour=1), ws.root / "satellite.tif"]
    with Image.open(pictures[0]) as image:
        bands = np.dstack([np.asarray(image)] * 2)
    pictures[1].write_bytes(tiffs.tiff(bands))

    said, by_bands = predicting.predict(folder, compiled.load(folder.model, ws.cache), pictures)

    card = files.read_record(folder.card, ModelCard)
    assert jobs.model(ws, run_id).output_shape == (None, 1)
    assert sum(score.probability for score in said.scores) == pytest.approx(1)
    assert (card.bands, by_bands.scores) == ("first", said.scores)
    assert jobs.history(ws, run_id)[0].val_accuracy == card.validation.accuracy


def test_one_sigmoid_for_three_classes_is_refused(ws: Workspace):
    dataset = builders.make_dataset(ws, classes=("red", "green", "blue"))

    with pytest.raises(UserError, match="'sigmoid' was chosen for 3 classes"):
        jobs.run(ws, replace(TINY, dataset_id=dataset.id, output="sigmoid"))


def test_fine_tuning_that_hurts_is_said_and_the_head_is_kept(ws: Workspace):
    builders.make_dataset(ws, num=60)  # enough validation images to show it
    hurting = replace(TINY, freeze="none", optimizer="sgd", fine_tune_learning_rate=10.0)

    run_id, _ = jobs.run(ws, hurting)

    card = files.read_record(ws.run(run_id).card, ModelCard)
    assert (card.kept_phase, card.kept_epoch) == ("head", 3)
    assert card.tuned is not None
    assert (card.tuned.fixed, card.tuned.broke) == (0, 9)
    assert card.picked == ("phase",)
    assert any("The head alone is kept" in s for s in jobs.sentences(ws, run_id))


@pytest.mark.parametrize(
    "error",
    [
        tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor"),
        pytest.param(
            tf.errors.AbortedError(None, None, "Operation received: could not create a primitive"),
            marks=SLOW,
        ),
        pytest.param(RuntimeError("std::bad_alloc"), marks=SLOW),
    ],
)
def test_when_memory_runs_out_half_the_batch_is_tried_once(ws: Workspace, error: Exception):
    def exhausted() -> bool:
        raise error

    run_id, ended = jobs.run(ws, stop=at(5, exhausted))

    assert ended == "done"
    assert any("batches of 4 images" in s for s in jobs.sentences(ws, run_id))
    batches = [r["num_batches"] for r in files.read_rows(ws.run(run_id).metrics) if "batch" in r]
    assert max(batches) == 7
    assert len(runs.epochs(ws, run_id)) == 5


def test_where_only_a_head_is_solved_no_smaller_batch_is_tried(ws: Workspace):
    def exhausted() -> bool:
        raise MemoryError

    config = replace(TINY, optimizer="solve", freeze="all", fine_tune_epochs=0)

    with pytest.raises(UserError, match="while the head was solved"):
        jobs.run(ws, config, stop=exhausted)
    with pytest.raises(UserError, match="while the head was solved"):
        jobs.run(ws, config, halved=True)
    log = (line for run in runs.ids(ws) for line in jobs.sentences(ws, run))
    assert not any("starts again" in line for line in log)


def test_a_run_that_the_system_ended_for_its_memory_starts_again_with_half_the_batch(
    ws: Workspace,
):
    run_id = runs.create(ws, TINY)
    with pytest.raises(Killed):
        jobs.run(ws, run_id=run_id, stop=lambda: len(runs.epochs(ws, run_id)) == 2 and kill())

    jobs.run(ws, run_id=run_id, halved=True)

    assert files.read_record(ws.run(run_id).card, ModelCard).config.batch_size == 4
    batches = [r["num_batches"] for r in files.read_rows(ws.run(run_id).metrics) if "batch" in r]
    assert set(batches) == {7}
    assert sum("batches of 4 images" in s for s in jobs.sentences(ws, run_id)) == 1


def test_a_run_with_half_the_batch_that_is_killed_goes_on_and_says_so(ws: Workspace):
    run_id, calls = runs.create(ws, TINY), iter(range(10**9))

    def exhausted_then_killed() -> bool:
        if next(calls) == 5:
            raise MemoryError
        return kill() if len(runs.epochs(ws, run_id)) == 2 else False

    with pytest.raises(Killed):
        jobs.run(ws, run_id=run_id, stop=exhausted_then_killed)
    jobs.run(ws, run_id=run_id)

    assert files.read_record(ws.run(run_id).card, ModelCard).config.batch_size == 4


@SLOW
def test_when_memory_runs_out_again_the_run_says_so(ws: Workspace):
    def exhausted() -> bool:
        raise MemoryError

    with pytest.raises(UserError, match="Memory ran out with images of 32 pixels"):
        jobs.run(ws, stop=exhausted)


@SLOW
def test_everything_can_be_thawed_and_sees_fresh_augmentations(ws: Workspace):
    config = replace(TINY, freeze="none", augmentation="light", epochs=1, fine_tune_epochs=1)

    run_id, ended = jobs.run(ws, config)

    assert ended == "done"
    card = files.read_record(ws.run(run_id).card, ModelCard)
    assert card.num_trainable > 0.9 * card.num_parameters - 20_000


@SLOW
def test_a_flat_head_on_augmented_features_is_trained(ws: Workspace):
    config = replace(
        TINY, pooling="flatten", freeze="all", augmentation="light", num_views=2, epochs=2
    )

    run_id, ended = jobs.run(ws, config)

    assert ended == "done"
    assert len(jobs.history(ws, run_id)) == 2


@SLOW
def test_half_precision_trains_and_the_saved_model_is_single(ws: Workspace):
    half = Device(name="GPU", strategy=tf.distribute.get_strategy(), policy="mixed_float16")
    try:
        run_id, ended = jobs.run(ws, TINY, where=half)
    finally:
        keras.config.set_dtype_policy("float32")

    model = jobs.model(ws, run_id)
    assert ended == "done"
    assert all(np.isfinite(w).all() for w in model.get_weights())
    assert {layer.compute_dtype for layer in model.layers} == {"float32"}


@SLOW
@pytest.mark.parametrize("optimizer", ["adamw", "rmsprop"])
def test_each_optimizer_learns(ws: Workspace, optimizer: str):
    run_id, _ = jobs.run(ws, replace(TINY, optimizer=optimizer, freeze="all", epochs=8))

    losses = [e.loss for e in jobs.history(ws, run_id)]
    assert losses[-1] < losses[0]
