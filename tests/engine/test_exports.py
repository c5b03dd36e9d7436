"""Every family of backbones in every format, through the whole gate, in `make test-all`."""

from contextlib import closing

import pytest

from core import runs
from core.exports import environments, store
from core.exports.formats import EXPORT_FORMATS
from core.models import presets
from core.models.catalog import BACKBONES
from core.records.requests import TrainRun
from core.runs.engine_process import EngineProcess
from core.runs.inference import Engine
from core.workspace import Workspace
from tests import builders

pytestmark = [pytest.mark.engine, pytest.mark.slow]
SMALLEST = (  # one of each family
    *("MobileNet-0.25", "MobileNetV2-0.35", "MobileNetV3Small", "EfficientNetB0"),
    *("EfficientNetV2B0", "NASNetMobile", "DenseNet121", "ResNet50", "ResNet50V2", "VGG16"),
    *("InceptionV3", "InceptionResNetV2", "Xception", "ConvNeXtTiny", "ThawStarter"),
)
FORMATS = [entry for entry in EXPORT_FORMATS.values() if entry.runtime]


def test_the_backbones_are_in_the_catalog():
    assert set(SMALLEST) <= BACKBONES.keys()


@pytest.fixture(scope="module", params=SMALLEST)
def trained(request, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    """Solve a head on a backbone of random weights."""
    ws = Workspace(tmp_path_factory.mktemp("family"))
    dataset = builders.make_dataset(ws, num=40)
    least = max(96, BACKBONES[request.param].smallest_size)
    config = presets.configure(
        dataset.id, preset="quick", backbone=request.param, weights="none", image_size=least
    )
    run_id = runs.create(ws, config)
    with closing(EngineProcess("train", ws)) as process:
        process.ask(TrainRun(run_id=run_id))
    return ws, run_id


@pytest.mark.parametrize("entry", FORMATS, ids=lambda entry: entry.name)
def test_a_family_is_exported_and_answers_as_predict_does(trained, entry):
    ws, run_id = trained
    if missing := environments.missing([entry]):
        pytest.skip(f"`python -m core export-setup` installs {missing[0].name}")

    with closing(Engine(ws)) as engine:
        made = store.make(ws, run_id, entry.name, engine, lambda message: None)

    assert made.parity is not None
    assert made.parity.passed
    assert made.parity.files >= 10
