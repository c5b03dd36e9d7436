"""One backbone of each family in every format, through the whole gate, in `make test-all`.

`python -m benchmarks export --families` does the same, keeps what it found and prints a table.
"""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import keras
import numpy as np
import pytest

from benchmarks import families
from core.engine.exporting import onnx_file
from core.exports import environments, store
from core.exports.formats import EXPORT_FORMATS
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


@pytest.mark.filterwarnings("ignore")  # of the converter
def test_zeros_around_an_image_are_zeros_to_whoever_opens_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """All that the model pools is negative, so that at its edges the zeros around are largest."""
    entry = EXPORT_FORMATS["onnx"]
    if missing := environments.missing([entry]):
        pytest.skip(f"`python -m core export-setup` installs {missing[0].name}")
    monkeypatch.syspath_prepend(str(environments.folder_of("converters")))
    inputs = keras.Input((8, 8, 3))
    minus = keras.initializers.Constant(-1.0)
    x = keras.layers.Conv2D(4, 1, kernel_initializer=minus, bias_initializer=minus)(inputs)
    x = keras.layers.MaxPooling2D(3, strides=2)(keras.layers.ZeroPadding2D(1)(x))
    x = keras.layers.Conv2D(4, 1, kernel_initializer="ones")(x)
    x = keras.layers.Flatten()(x)
    model = keras.Model(inputs, x)
    pixels = np.random.default_rng(0).uniform(0, 255, (2, 8, 8, 3)).astype(np.float32)
    np.save(tmp_path / "pixels.npy", pixels)

    onnx_file.write_onnx(model, tmp_path)
    code = (
        "import numpy, onnxruntime as r; s = r.InferenceSession('model.onnx'); "
        "numpy.save('answers.npy', s.run(None, {'pixels': numpy.load('pixels.npy')})[0])"
    )
    python = environments.python_of(entry.runtime)
    subprocess.run([python, "-c", code], cwd=tmp_path, check=True)

    answers, expected = np.load(tmp_path / "answers.npy"), np.asarray(model(pixels))
    assert (expected == 0).any()
    assert (expected < -1).any()
    np.testing.assert_allclose(answers, expected, rtol=1e-5)
