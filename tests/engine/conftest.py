"""What several tests of the engine start from."""

import shutil
import sys
from collections.abc import Iterator

import pytest

from core.workspace import Workspace


@pytest.fixture(scope="package", autouse=True)
def _tiny_backbone() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "sklearn", None)  # as the engine does: Keras would load it
        from tests.engine import tiny  # only now: it loads TensorFlow

    with tiny.known():
        yield


@pytest.fixture(scope="package")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, str]]:
    """One uninterrupted run of both phases, with all that depends on chance."""
    from tests.engine import jobs  # only now: it loads TensorFlow

    ws = Workspace(tmp_path_factory.mktemp("trained"))
    run_id, ended = jobs.run(ws, jobs.RICH)
    assert ended == "done"
    yield ws, run_id
    shutil.rmtree(ws.root)
