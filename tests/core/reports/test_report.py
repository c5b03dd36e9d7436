"""The report of a run: all in one file, nothing of a name taken for markup, as much as there is."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from core import cli, datasets, files, runs
from core.errors import UserError
from core.insights import evaluation
from core.records import ModelCard, State, TrainConfig
from core.records.training import TRAIN_ON
from core.reports import drawings, report, tables
from core.reports.drawings import Curve
from core.run_results.predictions import PartPredictions
from core.words import render
from core.workspace import Workspace
from tests.builders import make_dataset, make_run

ANOTHER_SITE = re.compile(r"""(?:src|href|url)\s*[=(]\s*["']?(?!data:)\w+:?//""")


@pytest.fixture
def run_id(ws: Workspace) -> str:
    make_dataset(ws, num=60)
    return make_run(ws)


def test_everything_is_in_the_one_file(ws: Workspace, run_id: str):
    page = report.page(ws, run_id)

    assert "7 of 8 images right: 53% to 98%." in page
    assert '<table class="matrix">' in page
    assert page.count("data:image/jpeg;base64,") == 3  # each mistake of 18 images
    assert page.count("<svg") == 2
    assert "learning-rate" in page
    assert not ANOTHER_SITE.search(page)
    assert "<script" not in page


def test_names_are_text_whatever_they_hold(ws: Workspace, run_id: str):
    hostile = "<script>alert(1)</script>"
    runs.rename(ws, run_id, hostile)
    path = ws.run(run_id).card
    labels = (hostile, "&amp; 'red'")
    files.write_record(path, replace(files.read_record(path, ModelCard), labels=labels))

    page = report.page(ws, run_id)

    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "&amp;amp; &#x27;red&#x27;" in page


def test_without_its_images_a_run_is_reported_without_pictures(ws: Workspace, run_id: str):
    datasets.delete(ws, runs.get(ws, run_id).config.dataset_id)

    page = report.page(ws, run_id)

    assert "data:image" not in page
    assert '<table class="matrix">' in page


def test_a_run_without_answers_has_its_score(ws: Workspace, run_id: str):
    ws.run(run_id).predictions.unlink()

    page = report.page(ws, run_id)

    assert "7 of 8 images right" in page
    assert "matrix" not in page.split("</style>")[1]


def test_a_run_without_a_model_is_refused(ws: Workspace):
    make_dataset(ws)
    run_id = make_run(ws, state=State.FAILED)

    with pytest.raises(UserError, match="nothing to report"):
        report.page(ws, run_id)


def test_it_speaks_the_language_of_the_reader(ws: Workspace, run_id: str):
    assert 'lang="zh-CN"' in report.page(ws, run_id, "zh_CN")
    assert "混淆" in report.page(ws, run_id, "zh_CN")


def test_the_command_writes_the_file(ws: Workspace, run_id: str):
    out = ws.root / "sheets" / "report.html"

    code = cli.main(["report", run_id, "--out", str(out), "--workspace", str(ws.root)])

    assert code == 0
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_of_many_classes_the_pairs_that_are_mixed_up_are_listed():
    labels = tuple(f"class {n}" for n in range(40))
    true = np.arange(40, dtype=np.int32).repeat(3)
    named = np.where(np.arange(120) % 3 == 0, (true + 1) % 40, true)
    found = PartPredictions(
        contents=tuple(f"{n:032x}" for n in range(120)),
        labels=true,
        groups=("",) * 120,
        logits=np.eye(40, dtype=np.float32)[named],
    )

    drawn = tables.matrix(evaluation.evaluate(found, labels), render)

    assert 'class="matrix"' not in drawn
    assert drawn.count("<tr>") == tables.MOST_ROWS + 1


@pytest.mark.parametrize("values", [[0.5], [0.5, None, 0.7], [0.0, 0.0]])
def test_curves_are_drawn_of_any_number_of_epochs(values: list[float | None]):
    svg = drawings.chart(
        "Loss <&>", "Epoch", [Curve(name="training & more", values=values)], is_share=False
    )

    ET.fromstring(svg)
    assert "nan" not in svg


def test_what_is_fitted_at_once_has_no_curve_of_one_point(ws: Workspace):
    make_dataset(ws)
    config = TrainConfig(dataset_id="colours-0000", classifier="knn")

    page = report.page(ws, make_run(ws, config=config, num_epochs=1))

    assert "It was fitted at once, without steps" in page
    assert "Iteration" not in page


def test_settings_that_counted_for_nothing_are_not_reported(ws: Workspace):
    make_dataset(ws)
    config = TrainConfig(dataset_id="colours-0000", optimizer="solve")

    page = report.page(ws, make_run(ws, config=config))

    assert "fine-tune-learning-rate" not in page
    assert ">dropout<" not in page
    assert ">optimizer<" in page


def test_a_refit_run_names_the_score_of_the_run_that_it_repeats(ws: Workspace, run_id: str):
    config = replace(runs.get(ws, run_id).config, train_on=TRAIN_ON[1], refit_of=run_id)

    page = report.page(ws, make_run(ws, config=config))

    assert "was deleted" not in page
    assert "Before, without them: 88% right" in page
