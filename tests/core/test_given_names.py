"""Names of data sets and runs."""

import pytest

from core import datasets, given_names
from core.errors import UserError
from core.ingest import requests
from core.workspace import Workspace
from tests import builders


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        ((), "Sample"),
        (("Other",), "Sample"),
        (("Sample",), "Sample 2"),
        (("Sample", "Sample 2", "Sample 4"), "Sample 3"),
        (("Sample 2",), "Sample"),
    ],
)
def test_the_first_number_that_is_free_is_taken(taken: tuple[str, ...], name: str):
    assert given_names.unused("Sample", taken) == name


def test_a_long_name_gets_its_number_too():
    long = "x" * given_names.MAX_NAME

    assert given_names.unused(long, {long}).endswith("x 2")
    assert len(given_names.unused(long, {long})) <= given_names.MAX_NAME


def test_a_second_data_set_of_a_name_is_numbered(ws: Workspace, tmp_path):
    folder = builders.write_folder(tmp_path / "colours", num=4)

    made = [requests.run(ws, requests.begin(ws, "Sample"), source=folder) for _ in range(3)]

    assert [dataset.name for dataset in made] == ["Sample", "Sample 2", "Sample 3"]


def test_a_data_set_keeps_its_name_and_cannot_take_that_of_another(ws: Workspace):
    first, second = builders.make_dataset(ws, name="a"), builders.make_dataset(ws, name="b")

    datasets.rename(ws, first.id, "a")
    with pytest.raises(UserError, match="Try 'b 2'"):
        datasets.rename(ws, first.id, "b")

    assert [d.name for d in datasets.all_datasets(ws)] == [second.name, first.name]
