"""One backbone of each family in every format, through the whole gate, in `make test-all`.

`python -m benchmarks export --families` does the same, keeps what it found and prints a table.
"""

from collections.abc import Iterator
from contextlib import closing

import pytest

from benchmarks import families
from core.exports import environments, store
from core.models.catalog import BACKBONES
from core.runs.inference import Engine
from core.workspace import Workspace

pytestmark = [pytest.mark.engine, pytest.mark.slow]


def test_the_backbones_are_in_the_catalog():
    assert set(families.SMALLEST) <= BACKBONES.keys()


@pytest.fixture(scope="module", params=families.SMALLEST)
def trained(
    request, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Workspace, str, Engine]]:
    """Solve a head on a backbone whose weights tell images apart."""
    folder = tmp_path_factory.mktemp("families")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_HOME", str(folder / "keras"))  # which is another one afterwards
        ws, run_id = families.make_run(folder, request.param)
        with closing(Engine(ws)) as engine:
            yield ws, run_id, engine


@pytest.mark.parametrize("entry", families.FORMATS, ids=lambda entry: entry.name)
def test_a_family_is_exported_and_answers_as_predict_does(trained, entry):
    ws, run_id, engine = trained
    if missing := environments.missing([entry]):
        pytest.skip(f"`python -m core export-setup` installs {missing[0].name}")

    made = store.make(ws, run_id, entry.name, engine, lambda message: None)

    assert made.parity is not None
    assert made.parity.passed
    assert made.parity.files >= 10
