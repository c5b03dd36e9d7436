"""What the serving process finds out about a data set."""

from pathlib import Path

import numpy as np
import pytest

from core import datasets
from core.datasets import features
from core.records import Split, TrainConfig
from core.workspace import Workspace
from tests import builders

pytestmark = pytest.mark.engine


def test_every_image_but_the_test_part_has_features(ws: Workspace, monkeypatch):
    from core.engine import device
    from core.engine.serving import embedding

    dataset = builders.make_dataset(ws, num=10)
    config = TrainConfig(dataset_id=dataset.id, backbone="Tiny", weights="none", image_size=32)

    told: list[float] = []
    monkeypatch.setattr(Path, "write_text", lambda path, text: told.append(float(text)))
    num = embedding.embed(ws, config, device.choose())

    assert told == sorted(told)
    assert told[-1] == 1
    assert not ws.embedded(dataset.id, 0).exists()
    vectors = features.load(ws, dataset)
    open_parts = [i for i in datasets.images(ws, dataset.id) if i.split is not Split.TEST]
    assert vectors is not None
    assert set(vectors) == {image.content for image in open_parts}
    assert num == len(open_parts)
    assert all(np.isfinite(vector).all() for vector in vectors.values())
