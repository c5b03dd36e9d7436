"""A program that was started for another ends when that one does."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.exports import with_parent

TOLD = "import os, sys, time; print(os.getpid(), *sys.argv[1:], flush=True); time.sleep(600)"


@pytest.mark.parametrize("is_script", [True, False])
def test_it_ends_when_nobody_holds_its_input_and_leaves_no_folder(tmp_path: Path, is_script: bool):
    folder, script = tmp_path / "made", tmp_path / "told.py"
    folder.mkdir()
    script.write_text(TOLD)
    command = [str(script)] if is_script else [sys.executable, "-c", TOLD]
    with subprocess.Popen(
        [sys.executable, with_parent.__file__, str(folder), *command, "--port", "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        pid, *given = process.stdout.readline().split()
        assert given == ["--port", "1"]
        assert (int(pid) == process.pid) is is_script
        process.stdin.close()  # as where the one that started it is killed
        process.wait(60)
        assert process.stdout.read() == ""  # nobody is left who holds its other end

    assert not folder.exists()


def test_it_ends_as_the_program_ends(tmp_path: Path):
    (tmp_path / "fails.py").write_text("raise SystemExit(3)")
    for command in ([str(tmp_path / "fails.py")], [sys.executable, "-c", "raise SystemExit(3)"]):
        whole = [sys.executable, with_parent.__file__, str(tmp_path / "made"), *command]
        with subprocess.Popen(whole, stdin=subprocess.PIPE) as process:
            assert process.wait(60) == 3
