"""A search for wrong labels and leaks goes on by itself, and what it found is found again."""

import os
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from filelock import FileLock

from core import datasets, files
from core.datasets import curation, versions
from core.errors import UserError
from core.insights import searches
from core.insights.searches import Search, SearchStage
from core.records import Dataset, Split, TrainConfig
from core.words import say
from core.workspace import Workspace
from tests import builders

WRONG = "red/3.png"


@pytest.fixture
def dataset(ws: Workspace) -> Dataset:
    return builders.make_dataset(ws, num=20)


def embedding(ws: Workspace) -> Callable[[TrainConfig], int]:
    """Write features as the engine does: two clouds, and one image in the wrong one."""

    def embed(config: TrainConfig) -> int:
        images = datasets.images(ws, config.dataset_id, config.dataset_version)
        images = tuple(i for i in images if i.split is not Split.TEST)
        rng = np.random.default_rng(0)
        side = np.array([(i.file.startswith("red")) != (i.file == WRONG) for i in images])
        vectors = 0.1 * rng.normal(size=(len(images), 8)) + side[:, None]
        path = ws.embedding(config.dataset_id, config.dataset_version)
        path.parent.mkdir(parents=True, exist_ok=True)
        contents = np.array([i.content for i in images])
        np.savez(path, contents=contents, vectors=vectors.astype(np.float32))
        return len(images)

    return embed


def never(config: TrainConfig) -> int:
    raise AssertionError("the features were there already")


def issues(ws: Workspace, dataset: Dataset) -> list[str]:
    search = searches.state(ws, dataset.id)
    newest = datasets.latest(ws, dataset.id).version
    assert search is not None
    found = searches.remaining_issues(search, datasets.images(ws, dataset.id, newest))
    return [image.file for image, _ in found]


def test_what_was_found_is_there_for_whoever_asks_later(ws: Workspace, dataset: Dataset) -> None:
    assert searches.state(ws, dataset.id) is None

    searches.run(ws, dataset.id, embedding(ws))

    search = searches.state(ws, dataset.id)
    assert search is not None
    assert search.stage is SearchStage.DONE
    assert not search.is_under_way
    assert issues(ws, dataset)[0] == WRONG
    assert search.leak is None  # there are no groups


def test_label_issues_that_were_answered_are_gone_and_come_back_with_undo(
    ws: Workspace, dataset: Dataset
) -> None:
    searches.run(ws, dataset.id, embedding(ws))
    before = issues(ws, dataset)
    image = next(i for i in datasets.images(ws, dataset.id) if i.file == WRONG)

    for answer in (
        lambda: curation.keep(ws, dataset.id, [versions.key(image)]),
        lambda: curation.exclude(ws, dataset.id, [versions.key(image)]),
        lambda: curation.relabel(ws, dataset.id, [versions.key(image)], "green"),
    ):
        answer()
        assert WRONG not in issues(ws, dataset)
        curation.undo(ws, dataset.id)
        assert issues(ws, dataset) == before


def test_no_label_issue_suggests_a_class_that_is_gone(ws: Workspace, dataset: Dataset) -> None:
    searches.run(ws, dataset.id, embedding(ws))

    curation.rename_class(ws, dataset.id, "green", "verdant")

    assert WRONG not in issues(ws, dataset)


def test_features_that_are_kept_are_not_computed_again(ws: Workspace, dataset: Dataset) -> None:
    searches.run(ws, dataset.id, embedding(ws))
    curation.rename_class(ws, dataset.id, "green", "verdant")

    searches.run(ws, dataset.id, never)

    search = searches.state(ws, dataset.id)
    assert search is not None
    assert (search.stage, search.version) == (SearchStage.DONE, 1)


def test_what_the_user_can_mend_is_written_down(ws: Workspace, dataset: Dataset) -> None:
    def refuse(config: TrainConfig) -> int:
        raise UserError(say("No room."), expected=say("2 GB."), mend=say("Delete something."))

    searches.run(ws, dataset.id, refuse)

    search = searches.state(ws, dataset.id)
    assert search is not None
    assert search.stage is SearchStage.FAILED
    assert search.error is not None
    assert str(search.error.mend) == "Delete something."


def test_a_search_whose_process_died_is_said_to_be_interrupted(
    ws: Workspace, dataset: Dataset
) -> None:
    searches.run(ws, dataset.id, embedding(ws))
    path = ws.dataset(dataset.id).search
    cut_off = replace(files.read_record(path, searches.Search), stage=SearchStage.LOOKING)
    files.write_record(path, replace(cut_off, began_at=cut_off.began_at - 3600))

    search = searches.state(ws, dataset.id)

    assert search is not None
    assert search.error is not None
    assert "interrupted" in str(search.error.what)


def test_a_second_search_of_a_data_set_leaves_the_first_alone(
    ws: Workspace, dataset: Dataset
) -> None:
    ws.staging.mkdir(parents=True)
    with FileLock(ws.staging / f"{dataset.id}.search.lock"):
        searches.run(ws, dataset.id, never)

    assert searches.state(ws, dataset.id) is None


def test_a_data_set_that_is_deleted_while_it_is_searched_leaves_nothing(
    ws: Workspace, dataset: Dataset
) -> None:
    def embed(config: TrainConfig) -> int:
        number = embedding(ws)(config)
        datasets.delete(ws, dataset.id)
        return embedding_after(config, number)

    def embedding_after(config: TrainConfig, number: int) -> int:
        path = ws.embedding(config.dataset_id, config.dataset_version)
        path.write_bytes(b"written a moment too late")
        return number

    searches.run(ws, dataset.id, embed)

    assert datasets.ids(ws) == []
    assert not ws.dataset(dataset.id).path.exists()
    assert list(ws.embeddings.iterdir()) == []


def test_deleting_a_data_set_deletes_its_features(ws: Workspace, dataset: Dataset) -> None:
    searches.run(ws, dataset.id, embedding(ws))
    assert list(ws.embeddings.iterdir())

    datasets.delete(ws, dataset.id)

    assert list(ws.embeddings.iterdir()) == []


def test_how_far_another_search_came_is_not_taken_for_this_ones(ws: Workspace, dataset: Dataset):
    search = Search(stage=SearchStage.LOOKING, version=0, began_at=time.time() - 10)
    assert searches.share_looked_at(ws, dataset.id, search) == 0
    ws.embeddings.mkdir(parents=True)
    file = ws.embedded(dataset.id, 0)

    file.write_text("0.42")
    assert searches.share_looked_at(ws, dataset.id, search) == 0.42
    os.utime(file, (0, 0))
    assert searches.share_looked_at(ws, dataset.id, search) == 0
    file.write_text("")
    assert searches.share_looked_at(ws, dataset.id, search) == 0
