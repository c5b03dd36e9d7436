"""The card says what the run's files say, and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from core import files, runs
from core.exports.bundles import card, licences, markdown, readme, run_facts
from core.exports.bundles.run_facts import RunFacts
from core.judging.statistics import accuracy
from core.models import catalog
from core.records import (
    Export,
    JudgedOn,
    JunkTest,
    ModelCard,
    RefusedShare,
    RunScore,
    TestScore,
    Threshold,
    Thresholds,
    TrainConfig,
)
from core.run_results import junk, prototypes
from core.workspace import Workspace
from tests import builders, run_records
from tests.builders import PARITY

PART = Export(format="onnx", path="model.onnx", num_bytes=1_640_000, sha256="0", parity=PARITY)
SCORE = accuracy(20, 24, largest_class=12)


@pytest.fixture
def run_id(ws: Workspace) -> str:
    builders.make_dataset(ws, num=40)
    run_id = builders.make_run(ws)
    builders.write_features(ws, run_id)
    return run_id


def of(config: TrainConfig | None = None, **what) -> RunFacts:
    made = run_records.card("r", config or TrainConfig(dataset_id="d"))
    score = RunScore(judged_on=JudgedOn.VALIDATION, accuracy=SCORE)
    return RunFacts(card=replace(made, **what), name="colours", score=score)


def head(text: str) -> dict:
    return yaml.safe_load(text.split("---\n")[1])


def test_the_head_is_what_hugging_face_reads(ws: Workspace, run_id: str):
    ws.run(run_id).name.write_text("Reds: & greens\n- no")
    test = TestScore(test=accuracy(11, 12, largest_class=6), openings=2)
    files.write_record(ws.run(run_id).test, test)

    told = head(card.card_text(run_facts.read(ws, run_id), [PART]))

    assert told["pipeline_tag"] == "image-classification"
    assert told["library_name"] == "keras"
    assert "onnx" in told["tags"]
    [model] = told["model-index"]
    results = {one["dataset"]["split"]: one["metrics"][0] for one in model["results"]}
    assert model["name"].startswith("Reds: & greens")
    assert results["validation"]["value"] == 0.875  # 7 of 8
    assert results["test"]["value"] == pytest.approx(11 / 12, abs=1e-4)
    assert {one["type"] for one in results.values()} == {"accuracy"}


def test_scores_classes_limits_and_trials_are_those_of_the_files(ws: Workspace, run_id: str):
    text = card.card_text(run_facts.read(ws, run_id), [PART], PARITY)

    assert "| the bundle as a whole (`model.onnx`) |  | 38 | 25 | 100% |" in text
    assert "| validation accuracy | 88% (53% to 98%) | 8 |" in text
    assert "| green | 6 | " in text  # as the answers of the run have it
    assert "Fewer than 20 images judged each of these classes" in text
    assert (
        "| ONNX (`model.onnx`) | 1.6 | 38 | 25 | 100% | 3e-06 | 66% (+0.0: -5.0 to +5.0) | 1.2"
        in text
    )
    assert "learned from 10; 8 images judged it that it did not learn from" in text
    assert "The test part" not in text


def test_the_test_score_stands_there_once_it_was_taken(ws: Workspace, run_id: str):
    test = TestScore(test=accuracy(11, 12, largest_class=6), openings=2)
    files.write_record(ws.run(run_id).test, test)

    text = card.card_text(run_facts.read(ws, run_id), [])

    assert "| test accuracy | 92% (65% to 99%) | 12 |" in text
    assert "The test part had been opened 2 times by then." in text


def test_what_is_unknown_is_refused_as_the_rule_says(ws: Workspace, run_id: str):
    facts = run_facts.read(ws, run_id)
    assert facts.unknown is None
    assert "It names one of its classes for any picture" in card.card_text(facts, [])

    prototypes.make(ws.run(run_id), num_classes=2, is_tuned=False, parent=None)
    kind = RefusedShare(kind="noise", refused=9, images=10, low=0.6, high=0.98)
    files.write_record(ws.run(run_id).junk_test, JunkTest(kinds=(kind,)))
    facts = run_facts.read(ws, run_id)
    text = card.card_text(facts, [])

    assert facts.unknown is not None
    assert f"is below {facts.unknown.threshold:.3f}" in text
    assert "Shown 10 pictures of noise, it refused 9 (60% to 98%)." in text
    assert junk.read(ws.run(run_id)) is not None


def test_a_refit_run_has_no_score_of_its_own(ws: Workspace, run_id: str):
    refit = of(TrainConfig(dataset_id="d", train_on="train+validation"))
    goal = Threshold(goal=0.9, percent=0)
    found = Thresholds(images=8, answered=(8,) * 101, right=(7,) * 101, goals=(goal,))
    facts = replace(refit, score=None, parent=runs.get(ws, run_id), thresholds=found)
    text = card.card_text(facts, [])

    assert "learned from the validation images too, so they cannot judge it" in text
    assert "Before, without them: 88% right (53% to 98%), on the validation images." in text
    assert "95% interval" not in text
    answered = text.index("8 of 8 validation images are answered")
    assert text.index("That run, which did not learn from the validation images") < answered
    assert head(text)["model-index"][0]["results"] == []
    assert "Before, without them: 88% right" in readme.readme(facts, [PART], "en")


def test_the_images_that_a_score_stands_on_are_named():
    for judged_on, title in {
        JudgedOn.FOLDS: "accuracy by five folds of all but the test images",
        JudgedOn.VALIDATION: "validation accuracy",
        JudgedOn.TEST: "test accuracy",
    }.items():
        text = card.card_text(
            replace(of(), score=RunScore(judged_on=judged_on, accuracy=SCORE)), []
        )

        assert f"| {title} | 83% (64% to 93%) | 24 |" in text


def test_what_the_validation_images_decided_is_said():
    assert "Nothing was chosen by the validation images" in card.card_text(of(), [])
    assert "picked the best epoch" in card.card_text(of(picked=("epoch",)), [])
    both = card.card_text(of(picked=("phase", "end")), [])
    assert "decided when training ended, and between fine-tuned and the head alone" in both


def test_a_head_that_was_kept_says_that_all_blocks_are_frozen():
    config = TrainConfig(dataset_id="d", freeze="block_12", fine_tune_epochs=2)

    assert "frozen up to: all |" in card.card_text(of(config), [])
    assert r"frozen up to: block\_12 |" in card.card_text(of(config, kept_phase="fine_tune"), [])


def test_bands_are_told_where_they_were_taken():
    assert "first three" in card.card_text(of(bands="first"), [])
    assert "first three" not in card.card_text(of(), [])


def test_no_name_breaks_out_of_its_place():
    name = "a|b\n# <script>alert(1)</script> [x](http://x) `c`"
    labels = (name, "=cmd()")
    facts = replace(of(labels=labels, dataset_name=name), name=name)

    for text in (card.card_text(facts, [PART]), readme.readme(facts, [PART], "en")):
        assert "<script>" not in text.partition("\n---\n")[2] or "<script>" not in text
        assert "\n# <" not in text
        assert "[x](" not in text.split("---\n")[-1]
    assert head(card.card_text(facts, []))["model-index"][0]["name"] == name


def test_names_with_commas_do_not_run_together():
    facts = of(labels=("oak, red", "elm"), dataset_name="trees")

    assert "| classes | 2: 'oak, red', elm |" in card.card_text(facts, [PART])
    assert "one of 2 classes: 'oak, red', elm." in readme.readme(facts, [PART], "en")
    assert "“oak, red”、elm" in readme.readme(facts, [PART], "zh_CN")


def test_a_name_is_read_as_it_is_written():
    assert markdown.plain("&lt;b&gt; ~~x~~ $x$ A & B") == (
        r"&amp;lt;b&amp;gt; \~\~x\~\~ \$x\$ A &amp; B"
    )


def test_a_licence_is_named_as_far_as_it_is_known():
    known = {name: licences.licence_of(catalog.backbone(name)) for name in catalog.BACKBONES}

    assert known["MobileNetV2-0.35"] == known["MobileNet"] == known["ThawStarter"] == "Apache-2.0"
    assert known["VGG16"] == "CC-BY-4.0"
    assert known["EfficientNetB0"] == ""
    text = card.card_text(of(weights_file="w.h5", weights_sha256="ab"), [])
    assert "The pretrained weights (`w.h5`) came under Apache-2.0." in text
    assert "The pretrained weights" not in card.card_text(of(), [])


def test_a_backbone_that_was_brought_has_the_name_of_its_owner(ws: Workspace, monkeypatch):
    config = TrainConfig(dataset_id="d", backbone="own-my-net-0123abcd")
    facts = of(config, weights_file="model.keras", weights_sha256="ab")
    mine = replace(catalog.BACKBONES["MobileNet"], title="My net, small")
    assert "| own-my-net-0123abcd, brought by its owner, frozen" in card.card_text(facts, [])

    monkeypatch.setattr(catalog, "known", lambda: {"own-my-net-0123abcd": mine})
    text = card.card_text(facts, [])

    assert "| My net, small, brought by its owner, frozen" in text
    assert "| those it came with, SHA-256 `ab` |" in text
    assert "came with its weights, whose licence is not noted here" in text


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_readme_says_what_is_there(ws: Workspace, run_id: str, language: str):
    facts = run_facts.read(ws, run_id)
    parts = [PART, replace(PART, format="keras", path="model.keras")]
    parts.append(replace(PART, format="browser", path="model-page.html"))

    text = readme.readme(facts, parts, language)

    for name in ("`model.onnx`", "`model.keras`", "serve.py", "requirements.txt", "model_card.md"):
        assert name in text
    assert "unknown.npz" not in text
    assert "folder for a web server" not in text  # that is not in the ZIP
    assert "也可作为文件夹" not in text
    assert "predict.py ~/photos --csv answers.csv" in text
    assert ("Once: make it ready" in text) == (language == "en")


def test_facts_are_read_of_a_finished_run_alone(ws: Workspace, run_id: str):
    made = files.read_record(ws.run(run_id).card, ModelCard)
    assert run_facts.read(ws, run_id).card == made
    assert Path(ws.run(run_id).card).exists()
