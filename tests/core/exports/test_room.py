"""A full disk is told as such."""

import errno
from collections import namedtuple
from pathlib import Path

import pytest

from core.exports import pip_packages, room

DiskUsage = namedtuple("DiskUsage", ("total", "used", "free"))
SAID = (
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    "OSError: 4096 requested and 12 written",
    "npm error code ENOSPC",
    "OSError: [Errno 122] Disk quota exceeded: 'answers.csv'",
)


@pytest.mark.parametrize("said", SAID)
def test_a_disk_without_room_is_known_by_what_was_said(said: str, tmp_path: Path):
    with pytest.raises(OSError, match="No space") as refused:
        room.check_room(said, tmp_path)

    assert (refused.value.errno, refused.value.filename) == (errno.ENOSPC, str(tmp_path))


@pytest.mark.parametrize("said", ["", "ERROR: No matching distribution found", "ValueError: 28"])
def test_other_faults_are_not_taken_for_it(said: str, tmp_path: Path):
    room.check_room(said, tmp_path)


def test_a_full_disk_is_looked_for_where_a_program_ended_without_a_word(tmp_path, monkeypatch):
    room.check_left(tmp_path)
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: DiskUsage(100, 100, 0))

    with pytest.raises(OSError, match="No space"):
        room.check_left(tmp_path)


def test_an_installation_that_found_no_room_does_not_blame_the_network(tmp_path: Path, monkeypatch):
    pip = tmp_path / "python"
    pip.write_text(f"#!/bin/sh\necho '{SAID[0]}'\nexit 1\n")
    pip.chmod(0o755)
    monkeypatch.setattr(pip_packages.sys, "executable", str(pip))

    with pytest.raises(OSError, match="No space"):
        pip_packages.install_pinned("it", ["x"], ["--target", str(tmp_path)], None, print)
