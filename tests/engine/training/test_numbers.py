"""A head that answers a number: solved and trained, in the unit of the user, everywhere alike."""

from dataclasses import replace

import numpy as np
import pytest

from core import datasets, files, runs
from core.engine.serving.server import Server
from core.records import ModelCard, Split
from core.records.requests import Explain, OpenTest, Predict
from core.run_results import numbers, pooled
from core.workspace import Workspace
from tests import numbered
from tests.engine import jobs
from tests.engine.jobs import TINY

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: each of its conversions of a variable says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
NUMBERS = replace(
    TINY, dataset_id="numbers-0000", task="regression", dropout=0.0, fine_tune_learning_rate=1e-4
)
SOLVED = replace(NUMBERS, optimizer="solve", freeze="all", fine_tune_epochs=0)


@pytest.fixture
def numbered_ws(ws: Workspace) -> Workspace:
    numbered.make_numbers(ws, num=60)
    return ws


def test_a_solved_run_answers_everywhere_alike_in_the_unit_of_the_user(numbered_ws):
    ws = numbered_ws

    run_id, ended = jobs.run(ws, SOLVED)

    card = files.read_record(ws.run(run_id).card, ModelCard)
    found = numbers.read(ws.run(run_id))
    images = {i.content: i for i in datasets.images(ws, card.config.dataset_id)}
    paths = tuple(
        str(datasets.image_path(ws, card.config.dataset_id, images[c])) for c in found.contents
    )
    server = Server(ws)
    said = server.handlers[Predict](Predict(run_id=run_id, files=paths, stored=True)).predictions
    heat = server.handlers[Explain](Explain(run_id=run_id, file=paths[0], stored=True))
    assert ended == "done"
    assert card.labels == ()
    assert card.validation is None
    assert found.true.tolist() == [images[c].number for c in found.contents]
    assert [p.number for p in said] == pytest.approx(found.said.tolist(), abs=1e-3)
    assert heat.number == pytest.approx(found.said[0], abs=1e-2)
    assert heat.method == "cam"
    assert np.shape(heat.heat)[0] > 1
    [epoch] = runs.epochs(ws, run_id)
    assert epoch.val_mae == pytest.approx(card.numbers.mae, abs=1e-2)
    assert epoch.val_loss == pytest.approx(card.numbers.rmse**2, rel=1e-2)
    assert card.target.mean == pytest.approx(np.mean([
        i.number for i in images.values() if i.split is Split.TRAIN
    ]))  # fmt: skip
    assert card.target.half_range is None  # 15 validation images say too little
    assert [p.low for p in said] == [None] * len(said)
    assert pooled.read(ws.run(run_id)) is not None


def test_a_fine_tuned_run_is_compared_with_its_head_and_judged_on_the_test_part(numbered_ws):
    ws = numbered_ws

    run_id, ended = jobs.run(ws, NUMBERS)
    score = Server(ws).handlers[OpenTest](OpenTest(run_id=run_id))

    card = files.read_record(ws.run(run_id).card, ModelCard)
    found = numbers.read(ws.run(run_id))
    assert ended == "done"
    assert card.tuned is not None
    assert found.before is not None
    assert found.last is not None
    assert found.before.mean() == pytest.approx(found.true.mean(), abs=30)  # in their unit
    assert len(runs.epochs(ws, run_id)) == NUMBERS.epochs + NUMBERS.fine_tune_epochs
    assert all(e.mae is not None and e.val_mae is not None for e in runs.epochs(ws, run_id))
    assert score.test is None
    assert score.numbers.images == 15
    assert numbers.read(ws.run(run_id), Split.TEST).nearest is not None


def test_a_refit_learns_from_both_parts_and_takes_the_range_of_its_parent(numbered_ws):
    ws = numbered_ws
    parent = numbered.make_number_run(ws, datasets.get(ws, "numbers-0000"))
    path = ws.run(parent).card
    card = files.read_record(path, ModelCard)
    files.write_record(path, replace(card, target=replace(card.target, half_range=7.5)))

    config = replace(SOLVED, train_on="train+validation", refit_of=parent)
    run_id, _ = jobs.run(ws, config)

    made = files.read_record(ws.run(run_id).card, ModelCard)
    assert made.numbers is None
    assert made.target.half_range == 7.5
    assert numbers.read(ws.run(run_id)) is None
