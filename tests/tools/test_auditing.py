"""The audit of the libraries: what it says where weaknesses are known, and where nobody answers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import auditing


@pytest.fixture
def answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, int], None]:
    """Have a program stand for pip-audit that prints what a test says."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def make(out: str, error: str = "", code: int = 0) -> None:
        (tmp_path / "out").write_text(out)
        (tmp_path / "error").write_text(error)
        program = tmp_path / "pip-audit"
        program.write_text(
            f"#!/bin/sh\n/bin/cat {tmp_path}/out\n/bin/cat {tmp_path}/error >&2\nexit {code}\n"
        )
        program.chmod(0o755)

    return make


def test_known_weaknesses_are_named_with_the_version_that_mends_them(answer, capsys):
    weak = {"name": "x", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
    odd = {"name": "y", "skip_reason": "not on the index"}
    answer(json.dumps({"dependencies": [weak, odd], "fixes": []}), "Found 1", 1)

    assert auditing.main() == auditing.FOUND
    assert capsys.readouterr().out.splitlines() == [
        "x 1: PYSEC-1, mended in 1.1",
        "y: not looked up (not on the index)",
        "1 libraries looked up, 1 known weaknesses.",
    ]


def test_where_none_is_known_it_says_how_many_were_looked_up(answer, capsys):
    answer(json.dumps({"dependencies": [{"name": "x", "version": "1", "vulns": []}]}))

    assert auditing.main() == auditing.NONE
    assert capsys.readouterr().out == "1 libraries looked up, 0 known weaknesses.\n"


def test_without_the_database_or_the_program_it_says_that_nothing_was_audited(answer, capsys):
    assert auditing.main() == auditing.NOT_ASKED
    assert "pip-audit is not installed" in capsys.readouterr().err

    answer("", "Traceback\nrequests.exceptions.ConnectionError: Name or service not known", 1)
    assert auditing.main() == auditing.NOT_ASKED
    assert "could not ask its database (requests.exceptions.Connection" in capsys.readouterr().err
