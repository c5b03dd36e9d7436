"""The engine leaves features of the images where the shell finds them."""

from dataclasses import replace

import pytest

from core import datasets, embeddings
from core.records import Split
from core.workspace import Workspace
from tests import builders

pytestmark = pytest.mark.engine


def test_every_image_but_the_test_part_has_features(ws: Workspace):
    from core.engine import embedding
    from core.engine.recipes import Listener
    from tests.engine.jobs import CPU, TINY

    dataset = builders.make_dataset(ws, num=20)
    quiet = Listener(say=lambda m: None, progress=lambda s, r: None, stop=lambda: False)

    count = embedding.embed(ws, replace(TINY, pooling="flatten"), CPU, quiet)
    vectors = embeddings.load(ws, dataset)

    open_parts = [i for i in datasets.images(ws, dataset.id) if i.split is not Split.TEST]
    assert count == len(open_parts)
    assert vectors is not None
    assert set(vectors) == {image.content for image in open_parts}
    assert len({vector.shape for vector in vectors.values()}) == 1
    assert embeddings.suspects(ws, dataset, vectors) is not None
