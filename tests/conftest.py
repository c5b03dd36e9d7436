"""What all tests share: a workspace in a temporary folder, and locks of its own."""

import gc
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from core import locks
from core.models import catalog
from core.workspace import Workspace
from tests import sharing


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> sharing.Scheduler | None:
    return sharing.Scheduler(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """Look for no garbage among what is only loaded: a fifth of the time that it takes."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        items[:] = sharing.dear_first(items)


@pytest.fixture(scope="module", autouse=True)
def _what_is_loaded_stays() -> None:
    """Look for no garbage in it: Streamlit collects all there is at the end of every page."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def _lock_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Number the folders of locks here: pytest looks through all of its own for the next number."""
    base = tmp_path_factory.mktemp("locks")
    return (base / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_locks(_lock_folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = next(_lock_folders)
    folder.mkdir()
    monkeypatch.setenv("THAW_LOCKS", str(folder))
    monkeypatch.setenv("THAW_LANGUAGE", "en")


@pytest.fixture(autouse=True)
def _usual_workspace() -> Iterator[None]:
    """Have each test find backbones where it says, not where a command of another one worked."""
    token = catalog._IN_USE.set(None)
    yield
    catalog._IN_USE.reset(token)


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def two_gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the driver name two GPUs."""
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho NVIDIA A100\necho NVIDIA A100\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def keep_alive() -> Iterator[Callable[[Workspace, str], str]]:
    """Hold the locks of runs to the end of the test, as a worker does that trains them."""
    with ExitStack() as stack:

        def keep(ws: Workspace, run_id: str) -> str:
            # a server that is there may look at it in passing
            stack.enter_context(locks.hold(ws.run(run_id).lock, patience=20))
            return run_id

        yield keep
