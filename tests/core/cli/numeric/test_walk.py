"""Every command with a data set of numbers: it works, or says in a sentence that it does not."""

import json
from pathlib import Path

import pytest

from core import files
from core.cli.parser import COMMANDS
from core.models.solving import STRENGTH
from core.words import say
from core.workspace import Workspace
from tests import numbered
from tests.core.cli.test_commands import core

VERBS = {name for name, *_ in COMMANDS}
ELSEWHERE = {  # they know nothing of what is learned, train, or ask a model, which tests show
    *("sample", "ingest", "train", "resume", "refit", "predict", "explain", "test", "serve-model"),
    *("delete-dataset", "stop", "rename", "delete", "trash", "export-setup", "backbones"),
    *("delete-backbone", "weights", "serve", "people", "backup", "restore", "demo", "class"),
}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str, str]:
    """Two runs of numbers, the second nearer to the truth."""
    ws = Workspace(tmp_path_factory.mktemp("walk"))
    made = numbered.make_numbers(ws)
    return ws, *(numbered.make_number_run(ws, made, off=off) for off in (4.0, 1.0))


def words_of(first: str, second: str, out: Path) -> dict[str, list[str]]:
    return {
        "datasets": [],
        "runs": [],
        "evaluate": [first],
        "report": [first, "--out", str(out / "r.html")],
        "compare": [first, second],
        "map": [first, "--out", str(out / "m.json")],
        "study": ["ladder", "numbers-0000"],
        "export": [first, "--list"],
    }


def test_no_command_is_forgotten():
    assert set(words_of("", "", Path())) | ELSEWHERE == VERBS


@pytest.mark.parametrize("verb", sorted(VERBS - ELSEWHERE))
def test_a_command_works_with_numbers_or_says_that_it_does_not(known, tmp_path, verb):
    ws, first, second = known

    done = core(ws, verb, *words_of(first, second, tmp_path)[verb])

    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert "accuracy" not in said.lower()
    assert "class" not in said or "classes" in said
    if verb in ("map", "study"):
        assert done.returncode == 2
        assert "A number is learned" in done.stderr
    else:
        assert done.returncode == 0, said


def test_evaluate_says_how_near_it_is_and_lists_what_is_farthest_off(known):
    ws, first, _ = known

    done = core(ws, "evaluate", first)
    told = json.loads(core(ws, "evaluate", first, "--json").stdout)

    assert "On 15 images it is off by 4.0 mm on average (4.0 to 4.0 mm)." in done.stdout
    assert "There is no range around its answers" in done.stdout
    assert (told["task"], told["numbers"]["images"]) == ("regression", 15)
    assert abs(told["images"][0]["said"] - told["images"][0]["true"]) == 4


def test_the_code_of_a_run_of_numbers_is_written(known, tmp_path):
    ws, first, _ = known
    files.append_record(ws.run(first).log, say(STRENGTH, value=0.01))

    done = core(ws, "export", first, "--format", "notebook", "--out", str(tmp_path / "m.ipynb"))

    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"m.ipynb", "split.csv"}


def test_the_list_of_formats_has_those_that_a_number_has(known):
    ws, first, _ = known

    told = json.loads(core(ws, "export", first, "--list", "--json").stdout)

    names = {row["format"] for row in told["formats"]}
    assert {"keras", "onnx", "litert", "bundle", "browser"} <= names


def test_evaluate_says_where_other_images_have_no_numbers(known, tmp_path):
    ws, first, _ = known

    gone = core(ws, "evaluate", first, "--data", str(tmp_path / "gone"))
    empty = core(ws, "evaluate", first, "--data", str(tmp_path))

    assert "gone' is not there." in gone.stderr
    assert "There is no list that names the images." in empty.stderr
    assert (gone.returncode, empty.returncode) == (2, 2)


def test_compare_says_which_is_nearer_and_that_it_is_no_chance(known):
    ws, first, second = known

    done = core(ws, "compare", first, second)

    assert "B is nearer in 15 and A in 0." in done.stdout
    assert "On average B is off by 3.0 mm less than A" in done.stdout
    assert "B is nearer by more than chance explains" in done.stdout


def test_the_list_of_runs_tells_how_far_off_each_is(known):
    ws, *_ = known

    done = core(ws, "runs")

    assert "off by 4.0 mm on average" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("--class-weights",),
        ("--output", "sigmoid"),
        ("--classifier", "knn"),
        ("--leave-out", "a"),
    ],
)
def test_what_belongs_to_classes_is_refused_before_training(known, words):
    ws, *_ = known

    done = core(ws, "train", "numbers-0000", *words)

    assert done.returncode == 2
    assert "these images have numbers" in done.stderr
