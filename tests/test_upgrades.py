"""A workspace that an earlier version wrote is listed, opened, cloned, predicted with, resumed.

``fixtures/workspace-COMMIT.tar.xz`` was written by that commit, with `fixtures.make_workspace`.
"""

import json
import shutil
import tarfile
from pathlib import Path

import pytest

from core import datasets, runs
from core.datasets import versions
from core.exports import taking
from core.ingest import requests
from core.models import presets
from core.records import State
from core.records.imports import Options
from core.records.requests import Predict
from core.runs import recovery
from core.workspace import Workspace
from tests.core.ingest.folders import put
from tests.pages.conftest import open_page, train_nowhere

__all__ = ["open_page", "train_nowhere"]  # fixtures
FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("workspace-*.tar.xz"))
ENDED = {
    "done": State.DONE,
    "fine_tuned": State.DONE,
    "nothing_thawed": State.DONE,
    "stopped": State.STOPPED,
    "failed": State.FAILED,
    "queued": State.QUEUED,
}
SLOW = pytest.mark.slow
SIBLINGS = ("nothing_thawed", "stopped")  # of a run that is done, where it comes to their models
WITH_MODEL = ("done", "fine_tuned", *SIBLINGS)


@pytest.fixture(scope="module", params=FIXTURES, ids=lambda path: path.name)
def unpacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("old")
    with tarfile.open(request.param) as tar:
        tar.extractall(folder, filter="data")
    return folder / "workspace"


@pytest.fixture
def ws(unpacked: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(unpacked, tmp_path / "workspace")
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def expected(unpacked: Path) -> dict:
    """What the version that wrote the workspace said of it."""
    return json.loads((unpacked / "expected.json").read_text())


def test_runs_and_data_sets_are_listed_as_they_were(ws: Workspace, expected):
    states = {run.id: run.state.state for run in runs.all_runs(ws)}

    for name, state in ENDED.items():
        assert states[expected["runs"][name]] is state, name
    [dataset] = datasets.all_datasets(ws)
    assert (dataset.id, dataset.name, dataset.version) == (expected["dataset"], "flowers", 1)
    assert datasets.get(ws, dataset.id, 0).num_images == dataset.num_images + 1 == 42
    assert [len(datasets.images(ws, dataset.id, version)) for version in (0, 1)] == [42, 41]


def test_every_run_opens_with_its_records(ws: Workspace, expected):
    for name in WITH_MODEL:
        run = runs.get(ws, expected["runs"][name])
        assert run.card is not None, name
        assert run.epochs, name
        assert run.card.labels == ("daisy", "rose", "tulip")
        assert runs.log(ws, run.id)
    assert runs.get(ws, expected["runs"]["failed"]).state.error is not None
    tuned = runs.get(ws, expected["runs"]["fine_tuned"])
    card = json.loads(ws.run(tuned.id).card.read_text())
    assert (tuned.card.kept_phase, tuned.card.kept_epoch) == (
        card["best_phase"],
        card["best_epoch"],
    )
    assert tuned.card.picked == ("epoch",)


@pytest.mark.usefixtures("train_nowhere")
def test_every_page_shows_it(ws: Workspace, expected, open_page):
    open_page("home")
    open_page("data", dataset=expected["dataset"])
    open_page("runs")
    for name, run_id in expected["runs"].items():
        if name not in SIBLINGS:
            page = open_page("runs", run=run_id)
            assert len(page.error) == (name == "failed"), name
    assert not open_page("predict", run=expected["runs"]["done"]).error


@SLOW  # their models are asked for what they left unsaid, as the others are above
@pytest.mark.usefixtures("train_nowhere")
@pytest.mark.parametrize("name", SIBLINGS)
def test_the_page_of_a_run_shows_it(ws: Workspace, expected, open_page, name):
    assert not open_page("runs", run=expected["runs"][name]).error


@pytest.mark.usefixtures("train_nowhere")
def test_every_run_can_be_cloned(ws: Workspace, expected, open_page):
    for name in (*ENDED, "cut_off"):
        page = open_page("train", clone=expected["runs"][name])
        assert not page.error, name


def test_a_run_whose_record_thaws_nothing_clones_to_one_that_means_what_it_says(ws, expected):
    old = runs.get(ws, expected["runs"]["nothing_thawed"]).config

    assert (old.freeze, old.fine_tune_epochs) == ("block_14", 0)
    new = presets.configure(old.dataset_id, preset="quick", backbone=old.backbone, freeze="all")
    assert (new.freeze, new.fine_tune_epochs) == ("all", 0)


@pytest.mark.parametrize("name", WITH_MODEL)
@pytest.mark.parametrize("kind", list(taking.WRITERS))
def test_models_are_exported(ws: Workspace, expected, name, kind, tmp_path):
    done = taking.export(ws, expected["runs"][name], format=kind, out=tmp_path / "model")

    model = ws.run(expected["runs"][name]).model.stat().st_size
    assert done.num_bytes >= (model if "keras" in kind else 1)


def test_images_are_added_and_a_version_is_undone(ws: Workspace, expected, tmp_path):
    folder = put(tmp_path / "more", "rose/new_1.png", "rose/new_2.png", first=500)
    options = Options(dataset_id=expected["dataset"])

    added = requests.run(ws, requests.begin(ws), source=folder, options=options)

    assert (added.version, added.num_images) == (2, 43)
    assert versions.latest_edit(ws, added.id)[1].added == 2


@pytest.mark.engine
@pytest.mark.parametrize(
    "name",
    ["done", "fine_tuned", *(pytest.param(n, marks=SLOW) for n in SIBLINGS)],
)
def test_models_predict_what_they_predicted(ws: Workspace, expected, name):
    from core.engine.serving.server import Server  # only now: it loads TensorFlow

    pictures = tuple(str(ws.root / picture) for picture in expected["pictures"])
    asked = Predict(run_id=expected["runs"][name], files=pictures)

    answers = Server(ws).handlers[Predict](asked).predictions

    for answer, known in zip(answers, expected["scores"][name], strict=True):
        got = {score.label: score.probability for score in answer.scores}
        assert got == pytest.approx(known, abs=1e-3)


@pytest.mark.engine
# Keras 3.15 with NumPy 2: each of its conversions of a variable says so
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_a_run_that_was_cut_off_goes_on_to_the_end_it_would_have_had(ws: Workspace, expected):
    from tests.engine import jobs  # only now: it loads TensorFlow

    run_id = expected["runs"]["cut_off"]
    runs.delete(ws, expected["runs"]["queued"])
    recovery.reconcile(ws)
    assert runs.next_queued(ws) == run_id

    _, ended = jobs.run(ws, runs.get(ws, run_id).config, run_id=run_id)

    assert ended == "done"
    history = [[e.phase.value, e.epoch, e.loss, e.val_loss] for e in runs.epochs(ws, run_id)]
    assert [row[:2] for row in history] == [row[:2] for row in expected["cut_off_history"]]
    for got, known in zip(history, expected["cut_off_history"], strict=True):
        assert got[2:] == pytest.approx(known[2:], abs=2e-3)
    card = runs.get(ws, run_id).card
    assert [card.kept_phase, card.kept_epoch] == history[-1][:2]
