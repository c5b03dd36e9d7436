"""A bundle of a run of numbers: its card, its README, its server and what lies beside them."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image
from starlette.testclient import TestClient

from core.exports import kit
from core.exports.bundles import card, readme, run_facts, serve, server_files, serving
from core.exports.bundles.run_facts import RunFacts
from core.exports.formats import EXPORT_FORMATS
from core.exports.openers import Model
from core.judging.numbers import scoring
from core.records import Export, TestScore
from core.records.choices import REGRESSION, TASKS
from core.workspace import Workspace
from tests import numbered
from tests.builders import PARITY

NEAR = replace(PARITY, is_number=True, max_difference=0.002, mean_difference=0.0001)
PART = Export(format="onnx", path="model.onnx", num_bytes=1_640_000, sha256="0", parity=NEAR)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    ws = Workspace(tmp_path_factory.mktemp("bundle"))
    return ws, numbered.make_number_run(ws, numbered.make_numbers(ws))


@pytest.fixture
def facts(run: tuple[Workspace, str]) -> RunFacts:
    return run_facts.read(*run)


def ranged(facts: RunFacts, half: float | None) -> RunFacts:
    target = replace(facts.target, half_range=half)
    return replace(facts, card=replace(facts.card, target=target))


def test_the_head_names_no_classifier_and_has_the_metrics_of_numbers(facts: RunFacts):
    assert facts.card.numbers is not None
    test = TestScore(test=None, openings=1, numbers=replace(facts.card.numbers, r2=0.5, mae=7.0))

    told = yaml.safe_load(card.card_text(replace(facts, test=test), [PART]).split("---\n")[1])

    assert told["pipeline_tag"] == "other"
    assert told["tags"][0] == "image-regression"
    [model] = told["model-index"]
    results = {one["dataset"]["split"]: one for one in model["results"]}
    assert {one["task"]["type"] for one in results.values()} == {"image-regression"}
    metrics = {one["type"]: one["value"] for one in results["validation"]["metrics"]}
    assert metrics == {"r_squared": round(facts.card.numbers.r2, 4), "mae": 2.0, "rmse": 2.0}
    assert results["test"]["metrics"][1]["value"] == 7.0


def test_scores_baselines_limits_and_trials_are_those_of_the_files(facts: RunFacts):
    text = card.card_text(ranged(facts, 5.0), [PART], NEAR)

    assert "A model that reads a number off images made with Thaw" in text
    assert "| number | width (mm); of the images that it learned from 0.0 to 60.0 mm, mean" in text
    assert "| validation images | 2.0 mm (2.0 to 2.0 mm) | 2.0 mm (2.0 to 2.0 mm) | 0.99 (" in text
    assert "| validation images, rule: always the mean | 1" in text
    assert "rule: the most similar picture, by pixels |" in text
    assert "15 images judged it that it did not learn from" in text
    assert "The truth lies within 5.0 mm of an answer nine times in ten" in text
    assert "It learned from numbers of 0.0 to 60.0 mm: beyond that it guesses." in text
    assert "call a number below -5.0 mm or above 65.0 mm a guess" in text
    assert "so no choice flatters their score" in text
    assert "| ONNX (`model.onnx`) | 1.6 | 38 | 25 | 0.03 mm | 0.002 mm | – | 1.2 |" in text
    assert "| the bundle as a whole (`model.onnx`) |" in text
    for strange in ("class", "probabilit", "labels.txt", "accuracy", "temperature"):
        assert strange not in text.replace("not-chosen-yet", "").lower(), strange


def test_a_model_that_no_image_judged_says_so_and_has_no_figures(facts: RunFacts):
    unjudged = replace(facts, card=replace(facts.card, numbers=None))

    text = card.card_text(unjudged, [])

    assert "learned from the validation images too, so they cannot judge it" in text
    assert "none judged it" in text
    assert "There is no range around its answers" in text
    assert yaml.safe_load(text.split("---\n")[1])["model-index"][0]["results"] == []
    assert "cannot judge it" in readme.readme(unjudged, [PART], "en")


def test_a_range_that_no_image_checks_is_said_to_be_of_the_model_before(facts: RunFacts):
    refit = ranged(replace(facts, card=replace(facts.card, numbers=None)), 5.0)

    for text in (card.card_text(refit, []), readme.readme(refit, [PART], "en")):
        assert "5.0 mm to each side, is that of the model before it learned" in text
        assert "nine times in ten, for pictures" not in text


@pytest.mark.parametrize("images", [1, 2, 12])
def test_no_share_of_a_spread_is_claimed_where_there_is_none(facts: RunFacts, images: int):
    true = np.full(images, 30.0)
    found = scoring.score(true, true + 1, [""] * images, mean=30.0)
    flat = replace(facts, card=replace(facts.card, numbers=found))

    text = card.card_text(flat, [])

    [result] = yaml.safe_load(text.split("---\n")[1])["model-index"][0]["results"]
    assert [one["type"] for one in result["metrics"]] == ["mae", "rmse"]
    assert "| cannot be told |" in text
    assert "9.99" not in text
    assert ("1 image judged it" in text) == (images == 1)
    assert "R²" not in readme.readme(flat, [PART], "en")


def test_a_number_without_a_name_is_not_named_twice(facts: RunFacts):
    bare = replace(facts.target, name="", unit="")
    nameless = replace(facts, card=replace(facts.card, target=bare))

    assert "in the unit of the data set |" in card.card_text(nameless, [])
    assert "This model reads a number off a photo. " in readme.readme(nameless, [PART], "en")


def test_a_model_that_is_no_better_than_the_mean_says_so(facts: RunFacts):
    assert facts.card.numbers is not None
    poor = replace(facts.card.numbers, mae=14.0, r2=0.0, r2_low=-0.2, r2_high=0.1, p_mean=0.6)

    text = card.card_text(replace(facts, card=replace(facts.card, numbers=poor)), [])

    assert text.count("do not show that the model is better than always the mean") == 2


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_readme_says_what_is_there(facts: RunFacts, language: str):
    text = readme.readme(ranged(facts, 5.0), [PART], language)

    for name in ("`model.onnx`", "serve.py", "requirements.txt", "model_card.md", "beyond"):
        assert name in text
    assert "width (mm)" in text or "width（mm）" in text
    for strange in ("labels.txt", "unknown.npz", "probabilit", "概率", "类别"):
        assert strange not in text
    assert ("Read the number off photos" in text) == (language == "en")


def test_odd_names_and_units_do_not_break_out(facts: RunFacts):
    target = replace(facts.target, name="a|b <script> [x](http://x)", unit="<b>|$")
    odd = replace(facts, card=replace(facts.card, target=target))

    for text in (card.card_text(odd, [PART], NEAR), readme.readme(odd, [PART], "en")):
        shown = text.split("---\n", 2)[-1]
        assert "<script>" not in shown
        assert "<b>" not in shown
        assert "[x](" not in shown


def test_beside_the_model_lies_what_it_answers_and_no_list_of_labels(run, tmp_path: Path):
    ws, run_id = run

    kit.write_kit(ws.run(run_id), EXPORT_FORMATS["keras"], tmp_path)

    told = json.loads((tmp_path / "model.json").read_text("utf-8"))
    assert not (tmp_path / "labels.txt").exists()
    assert (told["target"]["name"], told["target"]["unit"]) == ("width", "mm")
    assert told["target"]["decimals"] == 1


def photo(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 60), colour).save(out, "PNG")
    return out.getvalue()


def served(
    run: tuple[Workspace, str], folder: Path, half: float | None, model: Model | None = None
) -> TestClient:
    ws, run_id = run
    kit.write_kit(ws.run(run_id), EXPORT_FORMATS["onnx"], folder)
    told = json.loads((folder / "model.json").read_text("utf-8"))
    told["target"]["half_range"] = half
    answer = lambda images: {"number": images[:, 0, 0, :1] / 255 * 70}  # noqa: E731
    return TestClient(serve.app(serve.PhotoServer(model or answer, told, "model.onnx")))


def test_the_server_answers_the_number_with_its_range(run, tmp_path: Path):
    client = served(run, tmp_path, 5.0)

    red, black = (client.post("/predict", content=photo(one)).json() for one in ("red", "black"))
    bare = served(run, tmp_path, None).post("/predict", content=photo("black")).json()

    assert red == {"number": 70.0, "low": None, "high": None, "unit": "mm", "beyond": True}
    assert black == {"number": 0.0, "low": -5.0, "high": 5.0, "unit": "mm", "beyond": False}
    assert (bare["low"], bare["high"]) == (None, None)
    health = client.get("/health").json()
    assert (health["status"], health["target"]["name"], "labels" in health) == (
        "ok",
        "width",
        False,
    )


def test_the_server_tells_no_answer_where_the_model_has_none(run, tmp_path: Path):
    broken = lambda images: {"number": images[:, 0, 0, :1] * float("nan")}  # noqa: E731
    client = served(run, tmp_path, 5.0, broken)

    said = client.post("/predict", content=photo("red"))

    assert (said.status_code, said.json()) == (
        500,
        {"error": "There is no answer: the model has no answer to it."},
    )


def test_the_description_is_of_what_is_answered(run, tmp_path: Path):
    told = server_files.openapi(TASKS[REGRESSION])

    answer = served(run, tmp_path, 5.0).post("/predict", content=photo("red")).json()

    assert set(answer) == set(told["components"]["schemas"]["Answer"]["properties"])
    assert "classif" not in json.dumps(told)
    assert told["paths"]["/health"]
    assert set(told["paths"]["/predict"]["post"]["responses"]) >= {"200", "413", "422"}


def test_a_run_of_numbers_is_put_beside_its_server(run, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("THAW_EXPORT_TOOLS", str(tmp_path / "none"))
    ws, run_id = run
    (tmp_path / "m").mkdir()

    entry = serving._prepare(ws, run_id, tmp_path / "m")

    assert entry.name == "keras"
    names = {path.name for path in (tmp_path / "m").iterdir()}
    assert {"predict.py", "serve.py", "serve.html", "model.keras", "model.json"} <= names
    told = json.loads((tmp_path / "m" / "openapi.json").read_text())
    assert "number" in told["components"]["schemas"]["Answer"]["properties"]
