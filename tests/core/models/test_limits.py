"""What a process that handles a stranger's file may not do, seen from outside."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def says(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"from core.models import limits\n{code}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    return done.stderr.strip().rpartition("\n")[2]


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone limits it")
def test_it_has_no_more_memory_than_it_is_given():
    assert says("limits.memory(2**28)\nbytearray(2**29)") == "MemoryError"
    assert says("limits.memory(2**29)\nbytearray(2**24)") == ""


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
    ],
)
def test_it_reaches_nothing_outside(code: str):
    assert says(f"limits.stay_inside()\n{code}").startswith("PermissionError: a model file asked")
