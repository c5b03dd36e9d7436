"""Runs and the versions of a data set: a run stays with its own, a choice takes the newest."""

import pytest

from core import datasets, runs
from core.datasets import curation
from tests.builders import make_dataset

pytestmark = pytest.mark.usefixtures("train_nowhere")


def start(open_page, ws) -> str:
    """Train with what the Train page offers, and give the run."""
    app = open_page("train", preset="quick")
    [weights] = [w for w in app.get("segmented_control") if (w.key or "").startswith("weights@")]
    weights.set_value("none").run()
    app.button(key="start").click().run()
    assert not app.exception
    return runs.ids(ws)[-1]


def test_a_run_shows_the_version_it_learned_from_after_later_changes(ws, open_page):
    dataset = make_dataset(ws, num=24, classes=("blue", "green", "red"))
    curated = curation.exclude_class(ws, dataset.id, "blue")
    learned = datasets.images(ws, dataset.id, curated.version)

    first = start(open_page, ws)
    curation.rename_class(ws, dataset.id, "red", "crimson")
    curation.undo(ws, dataset.id)

    config = runs.get(ws, first).config
    assert config.dataset_version == curated.version == 1
    assert datasets.images(ws, config.dataset_id, config.dataset_version) == learned
    app = open_page("runs", run=first)
    [settings] = [table.value for table in app.table]
    assert list(settings.loc["Version of the data set"]) == ["1"]


def test_a_run_that_is_started_later_takes_the_newest_version(ws, open_page):
    dataset = make_dataset(ws, num=24)
    first = start(open_page, ws)
    newest = curation.rename_class(ws, dataset.id, "red", "crimson")

    second = start(open_page, ws)

    assert runs.get(ws, first).config.dataset_version == 0
    assert runs.get(ws, second).config.dataset_version == newest.version == 1
