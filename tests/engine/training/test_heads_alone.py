"""Runs of a study that judge heads alone, and rules that are judged beside a study of transfer."""

from dataclasses import replace

import pytest

from core import datasets, files, studies
from core.datasets import baselines
from core.errors import UserError
from core.records import Split
from core.records.studies import Arm, JudgedRun, StudyKind
from core.run_results import curve, folds
from core.studies import store
from core.workspace import Workspace
from tests import builders
from tests.engine import jobs
from tests.engine.jobs import TINY, Killed

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
HEAD = replace(TINY, optimizer="solve", freeze="all", fine_tune_epochs=0, epochs=1)
NAMES = {"folds": StudyKind.BAKEOFF, "curve": StudyKind.CURVE, "fold": StudyKind.TRANSFER}


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    ws = Workspace(tmp_path_factory.mktemp("heads"))
    builders.make_dataset(ws, num=20)
    return ws


def begin(ws: Workspace, protocol: str) -> tuple[str, str]:
    """Begin a study of one run; give its id and the run's."""
    arm = Arm(name=protocol, config=replace(HEAD, protocol=protocol))
    study = store.create(ws, NAMES[protocol], (arm,), folds=1)
    return study, ws.study(study).run_id(0, 0)


def train(ws: Workspace, study: str, **how) -> str:
    config = store.get(ws, study).arms[0].config
    return jobs.run(ws, config, run_id=ws.study(study).run_id(0, 0), **how)[1]


@pytest.mark.parametrize("protocol", ["folds", "curve"])
def test_every_image_outside_the_test_part_is_judged_and_no_model_kept(
    ws: Workspace, protocol: str
):
    study, run_id = begin(ws, protocol)
    open_ = {i.content for i in datasets.images(ws, HEAD.dataset_id) if i.split is not Split.TEST}

    assert train(ws, study) == "done"

    found = files.read_record(ws.run(run_id).judged, JudgedRun)
    assert found.trainable > 0
    assert not ws.run(run_id).model.exists()
    if protocol == "folds":
        score = folds.read(ws.run(run_id))
        assert score is not None
        assert set(score.contents) == open_
        assert found.milliseconds > 0
        assert studies.read(ws, study).rows[0].accuracy is not None
    else:
        points = curve.read(ws.run(run_id)).points
        assert [point.images for point in points] == sorted({point.images for point in points})
        assert studies.read(ws, study).advice is not None


@pytest.mark.parametrize("protocol", ["folds", "curve"])
def test_one_that_is_killed_or_stopped_comes_to_the_same(ws: Workspace, protocol: str):
    results = []
    for stop in (None, jobs.kill, lambda: True):
        study, run_id = begin(ws, protocol)
        if stop is jobs.kill:
            with pytest.raises(Killed):
                train(ws, study, stop=jobs.at(1, stop))
        elif stop is not None:
            assert train(ws, study, stop=jobs.at(1, stop)) == "stopped"
            assert not ws.run(run_id).judged.exists()
        assert train(ws, study) == "done"
        path = ws.run(run_id).folds if protocol == "folds" else ws.run(run_id).curve
        results.append(path.read_text())

    assert len(set(results)) == 1


def test_rules_are_judged_beside_a_study_of_transfer(ws: Workspace):
    study, _ = begin(ws, "fold")
    config = store.get(ws, study).arms[0].config

    assert train(ws, study) == "done"

    known = baselines.known(ws, config)
    assert known is not None
    assert baselines.known(ws, replace(config, fold=1)) is None
    assert baselines.known(ws, replace(config, protocol="parts")) is None
    found = studies.read(ws, study)
    assert [row.name for row in found.baselines] == ["majority", "nearest_pixels", "colour"]
    assert found.baselines[2].accuracy.images == found.rows[0].accuracy.images


def test_a_curve_of_two_groups_is_refused_since_no_share_of_them_can_be_made(
    tmp_path_factory: pytest.TempPathFactory,
):
    ws = Workspace(tmp_path_factory.mktemp("groups"))
    made = builders.make_dataset(ws, num=20)
    listing = ws.dataset(made.id).listing()
    images = datasets.images(ws, made.id)
    grouped = [replace(image, group=f"site {i % 2}") for i, image in enumerate(images)]
    files.write_records(listing, grouped)
    arm = Arm(name="curve", config=replace(HEAD, dataset_id=made.id, protocol="curve"))
    study = store.create(ws, StudyKind.CURVE, (arm,), folds=1)

    with pytest.raises(UserError, match="The smallest share of these images"):
        train(ws, study)
