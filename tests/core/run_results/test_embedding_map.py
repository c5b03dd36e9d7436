"""A map is written whole or not at all, and read as it was written."""

from dataclasses import fields

import numpy as np
import pytest

from core.records import Split
from core.run_results import embedding_map
from core.run_results.embedding_map import EmbeddingMap
from core.workspace import Workspace

MAP = EmbeddingMap(
    contents=("a", "b"),
    parts=(Split.VALIDATION, Split.TRAIN),
    labels=np.array([1, 0], np.int32),
    positions=np.array([[0.5, -1.0], [2.0, 3.0]], np.float32),
    source="what it is of",
    seconds=1.5,
    near=np.array([5, 2]),
    in_features=0.875,
)


def test_a_map_is_read_as_it_was_written(ws: Workspace):
    folder = ws.run("r")
    folder.path.mkdir(parents=True)
    assert embedding_map.read(folder) is None

    embedding_map.write(folder, MAP)

    found = embedding_map.read(folder)
    assert found is not None
    assert found.on_map == 0.7
    for field in fields(MAP):
        assert np.array_equal(getattr(found, field.name), getattr(MAP, field.name)), field.name


@pytest.mark.parametrize("kept", [0, 100, -1])
def test_a_damaged_map_is_none(ws: Workspace, kept: int):
    folder = ws.run("r")
    folder.path.mkdir(parents=True)
    embedding_map.write(folder, MAP)

    folder.map.write_bytes(folder.map.read_bytes()[:kept])

    assert embedding_map.read(folder) is None
