"""The command line offers what the registries hold, and explains it."""

import pytest

from core.cli import parser, settings
from core.errors import UserError
from tests.new_entries import add

CHOSEN = {
    "--pooling": "pooling",
    "--optimizer": "optimizer",
    "--schedule": "schedule",
    "--augment": "augmentation",
}


def test_a_new_entry_of_each_registry_can_be_chosen(monkeypatch: pytest.MonkeyPatch):
    add(monkeypatch)
    words = [word for option in CHOSEN for word in (option, "new")]

    chosen = settings.chosen(parser.parse(["train", "d", *words], "en"))
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
        (["trian"], "value of COMMAND called 'trian'", "train"),
    ],
)
def test_an_unknown_name_is_told_from_the_nearest(words: list[str], what: str, mend: str):
    with pytest.raises(UserError) as refused:
        parser.parse(words, "en")

    told = refused.value.render()
    assert what in told["what"]
    assert told["mend"] == f"Did you mean '{mend}'?"
