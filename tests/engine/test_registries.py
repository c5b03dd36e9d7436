"""An entry added to a registry is trained beside the others, in one cache, and is felt."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from core import runs
from core.engine.loop import optimizers, schedules
from core.engine.networks import classifiers, heads
from core.judging.classifiers import class_means, fitting
from core.models import catalog
from core.records import TrainConfig
from core.workspace import Workspace
from tests import new_entries
from tests.engine import jobs

pytestmark = [
    pytest.mark.engine,
    # Keras 3.15 with NumPy 2: saving says so
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
CODE: tuple[tuple[Mapping[str, Any], Any], ...] = (
    (catalog.HEADS, heads.POOLINGS),
    (catalog.OPTIMIZERS, optimizers.FACTORIES),
    (catalog.SCHEDULES, schedules.FORMULAS),
)
FROZEN = replace(jobs.TINY, freeze="all", epochs=2, fine_tune_epochs=0, image_size=64)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace, and with it a cache, that all of these runs have in common."""
    return Workspace(tmp_path_factory.mktemp("registries"))


@pytest.fixture
def more() -> Iterator[None]:
    """Add an entry called ``new`` to each registry, and its code where it has some."""
    with pytest.MonkeyPatch.context() as patch:
        new_entries.add(patch)
        patch.setitem(CODE[0][1], "new", keras.layers.GlobalMaxPooling2D)
        patch.setitem(CODE[1][1], "new", keras.optimizers.Adamax)
        patch.setitem(CODE[2][1], "new", lambda done: np.full_like(done, 0.5))
        patch.setitem(fitting.FITS, "new", class_means.fit)
        patch.setitem(classifiers.LAYERS, "new", classifiers.linear)
        yield


@pytest.mark.parametrize(("registry", "code"), CODE)
def test_records_and_code_name_the_same_entries(
    registry: Mapping[str, Any], code: Mapping[str, Any]
):
    alone = registry.keys() ^ code.keys()
    assert not alone, f"These have a record or code, but not both: {sorted(alone)}"


def test_each_classifier_that_is_fitted_has_layers():
    assert {name for name, one in catalog.CLASSIFIERS.items() if one.fits} == {*classifiers.LAYERS}


def learned(ws: Workspace, config: TrainConfig) -> list[tuple[float, float]]:
    """Train, and give the losses; the saved model answers as it did in training."""
    run_id, ended = jobs.run(ws, config)
    assert ended == "done"
    assert not [s for s in jobs.sentences(ws, run_id) if s.startswith("Error")]
    run = runs.get(ws, run_id)
    assert run.card
    assert run.card.validation.accuracy == max(e.val_accuracy for e in run.epochs)
    return [(e.loss, e.val_loss) for e in run.epochs]


def test_new_entries_of_all_registries_are_trained_beside_the_others(shared: Workspace, more: None):
    new = dict.fromkeys(("pooling", "augmentation", "schedule", "optimizer"), "new")

    known = learned(shared, replace(FROZEN, pooling="flatten"))
    added = learned(shared, replace(FROZEN, **new))
    fitted = learned(shared, replace(FROZEN, classifier="new"))

    assert known != added
    assert len(fitted) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "others"),
    [
        ("pooling", ("average", "flatten")),
        ("augmentation", ("none", "light")),
        ("schedule", ("constant",)),
        ("optimizer", ("adam",)),
    ],
)
def test_a_new_entry_alone_is_felt(
    shared: Workspace, more: None, setting: str, others: tuple[str, ...]
):
    curves = [learned(shared, replace(FROZEN, **{setting: name})) for name in (*others, "new")]

    assert len({str(curve) for curve in curves}) == len(curves)
