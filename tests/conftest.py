"""What all tests share: a workspace in a temporary folder, and locks of its own."""

from pathlib import Path

import pytest

from core.workspace import Workspace


@pytest.fixture(autouse=True)
def _own_locks(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THAW_LOCKS", str(tmp_path_factory.mktemp("locks")))
    monkeypatch.setenv("THAW_LANGUAGE", "en")


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")
