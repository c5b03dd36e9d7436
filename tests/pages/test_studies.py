"""Studies on the pages: offered, watched, read, gone on with, kept and deleted."""

import json

import numpy as np
import pytest

from core import datasets, files, locks, runs, studies
from core.records import Progress, Split, Stage, State, TrainConfig
from core.records.studies import ClassGain, CurvePoint, JudgedRun, LearningCurve, StudyKind
from core.run_results import curve, judged, predictions
from core.run_results.predictions import PartPredictions
from core.studies import ladder, store
from core.studies.kinds import KINDS, Wanted
from core.workspace import Workspace
from pages._studies.curve import MOST_CLASSES
from tests import builders
from tests.pages.test_runs import said

pytestmark = pytest.mark.usefixtures("train_nowhere")

BASE = TrainConfig(dataset_id="colours-0000", optimizer="solve")
WRONG = {0: 60, 1: 59, 2: 20, 3: 19}  # of 100 images a fold, by arm


@pytest.fixture
def study(ws: Workspace) -> str:
    """A ladder of four rungs whose third is surely better than the head; two folds are judged."""
    builders.make_dataset(ws)
    study_id = studies.create(ws, StudyKind.LADDER, ladder.plan(BASE, 12, rungs=4))
    judge(ws, study_id, range(2))
    return study_id


def judge(ws: Workspace, study_id: str, folds: range, *, images: int = 100) -> None:
    """Have the runs of these folds come to their end."""
    found = studies.get(ws, study_id)
    for run_id, arm, fold in store.existing(ws, found):
        if fold in folds:
            wrong = WRONG[found.arms.index(arm)]
            labels = np.arange(images) % 2
            named = np.where(np.arange(images) < wrong, 1 - labels, labels)
            answers = PartPredictions(
                contents=tuple(f"{fold}-{i}" for i in range(images)),
                labels=labels.astype(np.int32),
                groups=("",) * images,
                logits=np.eye(2, dtype=np.float32)[named],
            )
            predictions.write(ws.run(run_id), Split.VALIDATION, answers)
            outcome = JudgedRun(
                trainable=10, parameters=100, seconds=2.0 + 3 * wrong, milliseconds=1.0
            )
            judged.write(ws.run(run_id), outcome)
            runs.set_state(ws, run_id, State.DONE)


def test_a_study_says_what_to_keep_and_how_sure_that_is(open_page, ws, study: str):
    app = open_page("runs", study=study)

    assert "40 more right" not in said(app)
    assert "80 more right and 0 fewer than with Head only, of 200 images" in said(app)
    assert "after 3 comparisons and 2 looks" in said(app)
    assert len(app.get("plotly_chart")) == 1
    table = app.dataframe[0].value
    assert list(table["accuracy"]) == [40, 41, 80, 81]
    assert table["name"][2].startswith("★ After block_")


def test_more_folds_are_asked_for_with_one_press(open_page, ws, study: str):
    app = open_page("runs", study=study)

    app.button(key="more-folds").click().run()

    assert studies.asked(ws, study).folds == 5
    assert studies.state(ws, studies.get(ws, study)) is State.RUNNING
    assert "judged by 2 of 5 folds" in said(app)  # so far
    judge(ws, study, range(2, 5))
    assert "judged by 5 of 5 folds" in said(open_page("runs", study=study))


def test_a_rung_that_failed_does_not_keep_the_others_from_more_folds(open_page, ws, study: str):
    runs.set_state(ws, ws.study(study).run_id(3, 1), State.FAILED)
    app = open_page("runs", study=study)

    assert app.button(key="resume").label == "Go on"
    app.button(key="more-folds").click().run()

    assert studies.asked(ws, study).folds == 5


def test_the_chosen_depth_is_trained_on_the_usual_parts(open_page, ws, study: str):
    app = open_page("runs", study=study)

    app.button(key="keep").click().run()

    (run_id,) = runs.ids(ws)
    config = runs.get(ws, run_id).config
    assert (config.protocol, config.study) == ("parts", "")
    assert config.freeze == studies.get(ws, study).arms[2].name


def test_a_study_at_work_shows_how_far_it_is_and_is_stopped(open_page, ws):
    builders.make_dataset(ws)
    study_id = studies.create(ws, StudyKind.LADDER, ladder.plan(BASE, 12, rungs=2))

    app = open_page("runs", study=study_id)
    assert "0%" in app.get("progress")[0].proto.text
    app.button(key="stop").click().run()

    assert studies.state(ws, studies.get(ws, study_id)) is State.STOPPED
    app.button(key="resume").click().run()
    assert studies.state(ws, studies.get(ws, study_id)) is State.QUEUED


def test_a_study_that_is_stopping_says_so(open_page, ws):
    builders.make_dataset(ws)
    study_id = studies.create(ws, StudyKind.LADDER, ladder.plan(BASE, 12, rungs=2))
    run_id = ws.study(study_id).run_id(0, 0)
    runs.set_state(ws, run_id, State.RUNNING)
    files.write_record(ws.run(run_id).progress, Progress(stage=Stage.TRAINING, done=0.5))
    studies.stop(ws, study_id)

    with locks.hold(ws.run(run_id).lock):  # as the worker does while it trains
        app = open_page("runs", study=study_id)

    assert "Stopping…" in app.get("progress")[0].proto.text


def test_a_run_of_a_study_leads_back_to_it(open_page, ws, study: str):
    app = open_page("runs", run=ws.study(study).run_id(2, 1))

    assert r"After block\_" in app.title[0].value
    assert app.title[0].value.endswith("fold 2")
    assert "Only its answers were kept" in said(app)
    assert app.button(key="to-study").label == "Back to the study"


def test_studies_stand_beside_the_runs(open_page, ws, study: str):
    app = open_page("runs")

    table = app.dataframe[0].value
    assert list(table["name"]) == ["Freezing ladder"]
    assert table["choice"].iloc[0].startswith("After block_")


def test_a_study_is_named_deleted_and_taken_back(open_page, ws, study: str):
    app = open_page("runs", study=study)
    app.text_input[0].set_value("*how* deep")
    app.button(key="do-rename-study").click().run()
    assert studies.name(ws, study) == "*how* deep"

    app.button(key="delete-study").click().run()
    assert studies.ids(ws) == []
    app = open_page("runs")
    app.button(key="undo-delete").click().run()
    assert studies.ids(ws) == [study]


def test_a_study_whose_data_set_is_gone_can_be_read(open_page, ws, study: str):
    datasets.delete(ws, "colours-0000")

    app = open_page("runs", study=study)

    assert "a deleted data set" in said(app)
    assert not app.exception


def test_an_unknown_study_is_refused(open_page, ws):
    app = open_page("runs", study="other")

    assert app.error[0].value


def test_a_ladder_is_offered_before_start(open_page, ws):
    builders.make_dataset(ws, num=40)
    app = open_page("train")

    app.button(key="offer-ladder").click().run()
    assert "could show" not in said(app)
    assert any("cannot tell" in warning.value for warning in app.warning)
    assert app.button(key="start-study").label == "Start the study"


@pytest.mark.parametrize("kind", StudyKind)
def test_each_kind_of_study_is_offered(open_page, ws, kind: StudyKind):
    builders.make_dataset(ws, num=40)
    app = open_page("train")
    app.session_state["study-kind"] = kind

    app.button(key="offer-ladder").click().run()

    assert str(KINDS[kind].sentence).split(",")[0] in said(app)
    assert not app.exception


def test_every_other_kind_is_drawn_with_what_it_came_to(open_page, ws: Workspace):
    builders.make_dataset(ws)
    names = ("MobileNetV2-0.35", "MobileNetV2")
    for kind, config in (
        (StudyKind.TRANSFER, BASE),
        (StudyKind.BAKEOFF, BASE),
        (StudyKind.CURVE, BASE),
    ):
        wanted = Wanted(config=config, num_images=100, num_train=80, backbones=names)
        study_id = studies.create(ws, kind, KINDS[kind].plan(wanted))
        judge(ws, study_id, range(2))
        if kind is StudyKind.CURVE:
            [(run_id, _, _)] = store.existing(ws, studies.get(ws, study_id))
            curve.write(ws.run(run_id), CURVE)

        app = open_page("runs", study=study_id)

        assert len(app.get("plotly_chart")) == (2 if kind is StudyKind.CURVE else 1)
        assert SAYS[kind] in said(app) + " ".join(one.value for one in app.warning)


SAYS = {
    StudyKind.TRANSFER: "over a random start with the same budget",
    StudyKind.BAKEOFF: "Take the smallest",
    StudyKind.CURVE: "More photos are likely to help",
}
POINT = CurvePoint(images=80, accuracy=0.8, low=0.75, high=0.85)
CURVE = LearningCurve(
    points=(POINT,) * 5,
    expected=CurvePoint(images=160, accuracy=0.84, low=0.8, high=0.88),
    gain_low=0.02,
    gain_high=0.06,
    gains=tuple(
        ClassGain(label=f"<b>{n}", gain=n / 100, low=0.0, high=1.0) for n in range(2 + MOST_CLASSES)
    ),
)


def test_all_is_only_said_of_all_in_the_table(open_page, ws, monkeypatch):
    monkeypatch.setitem(WRONG, 2, 0)
    monkeypatch.setitem(WRONG, 3, 1)
    builders.make_dataset(ws)
    study_id = studies.create(ws, StudyKind.LADDER, ladder.plan(BASE, 12, rungs=4))
    judge(ws, study_id, range(2), images=400)

    table = open_page("runs", study=study_id).dataframe[0].value

    assert list(table["accuracy"])[2:] == [100, 99]


def test_each_class_is_drawn_with_its_gain_the_most_first(open_page, ws: Workspace):
    builders.make_dataset(ws)
    wanted = Wanted(config=BASE, num_images=100, num_train=80)
    study_id = studies.create(ws, StudyKind.CURVE, KINDS[StudyKind.CURVE].plan(wanted))
    judge(ws, study_id, range(1))
    curve.write(ws.run(f"{study_id}__0-0"), CURVE)

    app = open_page("runs", study=study_id)

    figure = json.loads(app.get("plotly_chart")[1].proto.spec)
    assert figure["data"][0]["customdata"][0] == "&lt;b&gt;21: +21.0 points (0.0 to +100.0)"
    assert len(figure["data"][0]["x"]) == MOST_CLASSES
    assert "The 20 of 22 that gained most." in said(app)
    assert "fold" not in app.title[0].value
    part = open_page("runs", run=f"{study_id}__0-0")
    assert part.title[0].value == "Head only"  # it judges no fold of its own
    assert "judged the fifth" not in said(part)
