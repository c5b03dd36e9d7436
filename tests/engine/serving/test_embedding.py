"""What the serving process finds out about a data set."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import datasets
from core.datasets import features, head_scores
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
    assert head_scores.read(ws, config) is None  # of a head that would learn in steps


def test_a_head_is_scored_where_its_features_lie_ready(ws: Workspace):
    from core.engine import device
    from core.engine.serving import embedding, scoring

    cpu = device.choose()
    dataset = builders.make_dataset(ws, num=10)
    head = {"weights": "none", "image_size": 32, "optimizer": "solve"}
    config = TrainConfig(dataset_id=dataset.id, backbone="Tiny", **head)

    assert not scoring.score_kept(ws, config, cpu, lambda: False)
    assert head_scores.read(ws, config) is None

    embedding.embed(ws, config, cpu)

    found = head_scores.read(ws, config)
    train = [i.content for i in datasets.images(ws, dataset.id) if i.split is Split.TRAIN]
    assert found is not None
    assert found.contents == tuple(train)

    weighed = replace(config, class_weights=True)  # the same features, another head
    assert not scoring.score_kept(ws, weighed, cpu, lambda: True)
    assert scoring.score_kept(ws, weighed, cpu, lambda: False)
    assert head_scores.read(ws, weighed)
