"""Where locks lie, and for whom."""

import os

import pytest

from core import devices


def test_a_user_without_a_name_has_locks_of_its_own(monkeypatch: pytest.MonkeyPatch):
    for name in ("THAW_LOCKS", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2_345_678)  # as in `docker run --user 2345678`

    folder = devices.locks_folder()

    assert folder.name == "thaw-2345678"
    folder.rmdir()
