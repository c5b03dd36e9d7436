"""Shards of a run's features, computed before it, as nodes of a cluster do."""

from dataclasses import replace

import pytest

from core import runs
from core.engine.serving import sharding
from core.records.requests import PrepareRun
from core.workspace import Workspace
from tests import builders
from tests.engine import jobs

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # of Keras
]
CONFIG = replace(jobs.TINY, freeze="all", fine_tune_epochs=0)


def test_a_run_on_shards_learns_the_same_as_alone(ws: Workspace, tmp_path):
    alone = Workspace(tmp_path / "alone")
    builders.make_dataset(ws, num=20)
    for number in (1, 2):
        asked = PrepareRun(config=CONFIG, shard=number, shards=2)
        assert sharding.compute(ws, asked, jobs.CPU)
    shards = list((ws.features / "shards").glob("*/*/*/rows.bin"))

    run_id, ended = jobs.run(ws, CONFIG)
    other, _ = jobs.run(alone, CONFIG)

    assert (len(shards), ended) == (2, "done")
    assert not list((ws.features / "shards").glob("*/*/*/rows.bin"))
    assert jobs.history(ws, run_id) == jobs.history(alone, other)
    assert runs.ids(ws) == [run_id]


def test_what_the_cache_has_is_not_computed_again(ws: Workspace):
    jobs.run(ws, CONFIG)

    sharding.compute(ws, PrepareRun(config=CONFIG, shard=1, shards=2), jobs.CPU)

    assert not list((ws.features / "shards").glob("*/*/*/rows.bin"))
