"""The one command that sets everything up."""

import subprocess
import sys
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("version", "fine"),
    [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False), ((2, 7), False)],
)
def test_the_python_versions_of_tensorflow_are_supported(version: tuple[int, int], fine: bool):
    assert run.supported(version) is fine


def test_an_unknown_command_says_which_there_are():
    ended = subprocess.run(
        [sys.executable, "run.py", "fly"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 2
    assert "'fly' is not one of: app, test" in ended.stderr


def test_make_and_run_know_the_same_commands():
    targets = (ROOT / "Makefile").read_text().split(".PHONY:")[1].splitlines()[0].split()

    assert set(targets) - {"run"} <= set(run.COMMANDS)


def test_every_library_has_its_reason():
    names = [
        line.split("~=")[0].split("==")[0].split("[")[0].strip()
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    reasons = (ROOT / "docs/decisions/dependencies.md").read_text().lower()

    assert [name for name in names if name.lower() not in reasons] == []
