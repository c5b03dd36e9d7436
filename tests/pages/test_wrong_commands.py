"""No command does in one workspace what names things of another: all of the registry."""

import argparse
import json
import re
from collections.abc import Iterator

import pytest

from core import runs
from core.cli import main
from core.cli.parser import COMMANDS, build
from tests.pages.belongings import (
    SECRET,
    Belongings,
    fingerprint,
)

# Commands that take no id of anything in a workspace.
WITHOUT_ID = {
    *("sample", "ingest", "datasets", "runs", "export-setup", "weights", "serve", "demo"),
    *("backup", "restore"),
}


def calls(hers: Belongings) -> Iterator[list[str]]:
    """Give every command with what is hers for each of its arguments."""
    parser = build("en")
    [commands] = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    for name, *_ in COMMANDS:
        if name not in WITHOUT_ID:
            yield from filled([name], commands.choices[name]._get_positional_actions(), hers)


def filled(words: list[str], left: list[argparse.Action], hers: Belongings) -> Iterator[list[str]]:
    if not left:
        yield words
        return
    action, *rest = left
    said = (
        [[str(c)] for c in action.choices] if action.choices else hers.in_commands.get(action.dest)
    )
    assert said, f"say in `Belongings` what {action.dest} of {words} names"
    for some in said:
        yield from filled([*words, *some], rest, hers)


def test_no_command_does_in_one_workspace_what_names_things_of_another(
    room, hers, ben, capsys, monkeypatch, tmp_path
):
    before, ws = fingerprint(hers.ws.root), room.workspace(ben.id)
    wrong = []

    for words in calls(hers):
        where = ["--workspace", str(ws.root), "--json"]
        out = (
            ["--out", str(tmp_path / "out.file")] if words[0] in ("export", "report", "map") else []
        )
        code = main([*words, *out, *where])
        said = capsys.readouterr().out
        if code == 0 and re.search(f"{SECRET}|{hers.content}", json.dumps(said)):
            wrong.append(words)
        if code == 0 and words[0] not in ("trash", "study", "people", "backbones"):
            wrong.append(words)

    assert not wrong
    assert fingerprint(hers.ws.root) == before
    assert not runs.ids(ws)


@pytest.mark.parametrize("option", ["--run", "--dataset"])
def test_nobody_backs_up_a_thing_of_another(room, hers, ben, tmp_path, option):
    name = hers.run if option == "--run" else hers.dataset
    where = ["--workspace", str(room.workspace(ben.id).root)]

    assert main(["backup", str(tmp_path / "a.zip"), option, name, *where]) == 2
    assert list(tmp_path.glob("*.zip")) == []
