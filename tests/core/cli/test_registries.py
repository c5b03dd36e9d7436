"""The command line offers what the registries hold, and explains it."""

import pytest

from core.cli import parser, settings
from core.errors import UserError
from core.models import presets
from core.records import TrainConfig
from tests.new_entries import add

CHOSEN = {
    "--pooling": "pooling",
    "--optimizer": "optimizer",
    "--schedule": "schedule",
    "--augment": "augmentation",
    "--classifier": "classifier",
}
NUM_TRAIN = 1000  # enough to be fine-tuned


def test_a_new_entry_of_each_registry_can_be_chosen(monkeypatch: pytest.MonkeyPatch):
    add(monkeypatch)
    words = [word for option in CHOSEN for word in (option, "new")]

    chosen = settings.chosen(parser.parse(["train", "d", *words], "en"), NUM_TRAIN)
    export = parser.parse(["export", "r", "--out", "m", "--format", "new"], "en")

    assert {name: chosen[name] for name in CHOSEN.values()} == dict.fromkeys(CHOSEN.values(), "new")
    assert export.format == "new"


@pytest.mark.parametrize("command", ["train", "export"])
def test_a_new_entry_of_each_registry_is_explained(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    add(monkeypatch)

    with pytest.raises(SystemExit):
        parser.parse([command, "--help"], "en")

    text = " ".join(capsys.readouterr().out.split())
    assert text.count("new: Nobody knows it.") == {"train": len(CHOSEN), "export": 1}[command]


@pytest.mark.parametrize(
    ("words", "what", "mend"),
    [
        (["train", "d", "--pooling", "flaten"], "value of --pooling called 'flaten'", "flatten"),
        (["train", "d", "--augment", "strng"], "value of --augment called 'strng'", "strong"),
        (["export", "r", "--format", "keraszip", "--out", "m"], "value of --format", "keras-zip"),
        (["export", "r", "--format", "bundel", "--out", "m"], "value of --format", "bundle"),
        (["trian"], "value of COMMAND called 'trian'", "train"),
    ],
)
def test_an_unknown_name_is_told_from_the_nearest(words: list[str], what: str, mend: str):
    with pytest.raises(UserError) as refused:
        parser.parse(words, "en")

    told = refused.value.render()
    assert what in told["what"]
    assert told["mend"] == f"Did you mean '{mend}'?"


def given(*words: str) -> tuple[TrainConfig, str]:
    """Configure as the command does; give what it says of a head that is not solved."""
    options = parser.parse(["train", "d", *words], "en")
    chosen = settings.chosen(options, NUM_TRAIN)
    config = presets.configure("d", preset=options.preset, num_train=NUM_TRAIN, **chosen)
    return config, str(settings.why_in_steps(options, config, NUM_TRAIN) or "")


@pytest.mark.parametrize(
    "words",
    [
        ("--epochs", "10"),
        ("--optimizer", "solve", "--epochs", "10"),
        ("--batch-size", "8"),
        ("--preset", "thorough", "--learning-rate", "0.1"),
    ],
)
def test_an_option_that_a_solved_head_has_no_use_for_chooses_adam_and_that_is_said(words):
    config, said = given(*words)

    assert config.optimizer == "adam"
    assert f"that is what {words[-2]} counts for" in said


@pytest.mark.parametrize(
    ("words", "optimizer"),
    [
        ((), "solve"),
        (("--preset", "thorough", "--batch-size", "8"), "solve"),
        (("--optimizer", "solve", "--fine-tune-epochs", "2", "--schedule", "cosine"), "solve"),
        (("--optimizer", "sgd", "--epochs", "10"), "sgd"),
    ],
)
def test_nothing_is_said_of_a_head_that_is_as_it_was_chosen(words, optimizer: str):
    config, said = given(*words)

    assert (config.optimizer, said) == (optimizer, "")
