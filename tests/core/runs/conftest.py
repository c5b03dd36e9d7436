"""A process of training that answers like the real one but learns nothing."""

from collections.abc import Iterator

import pytest

from core.runs.engine_process import EngineProcess
from core.workspace import Workspace
from tests.fake_worker import FAKE


@pytest.fixture
def engine(ws: Workspace) -> Iterator[EngineProcess]:
    engine = EngineProcess("train", ws, FAKE)
    yield engine
    engine.kill()
