"""Pictures that were given a class while a model was tried become a version of its data set."""

from pathlib import Path

from core import datasets
from core.datasets import curation
from core.ingest import marked, requests
from core.ingest.marked import MarkedPicture
from core.workspace import Workspace
from tests import builders


def picture(folder: Path, seed: int, file: str, label: str) -> MarkedPicture:
    data = builders.write_image(folder / f"{seed}.png", seed=seed, colour=seed).read_bytes()
    return MarkedPicture(file=file, label=label, data=data)


def test_they_are_added_under_their_classes_whatever_they_are_called(ws: Workspace, tmp_path: Path):
    source = builders.write_folder(tmp_path / "photos")
    dataset = requests.run(ws, requests.begin(ws), source=source)
    hostile = [
        picture(tmp_path, 100, "a/image.png", "RED"),  # as it is spelled there
        picture(tmp_path, 101, "b\\image.png", "train"),  # a part of a split, elsewhere
        picture(tmp_path, 102, "../../.image.png", "cat/dog"),
        picture(tmp_path, 103, "", "green"),
    ]
    ingest_id = requests.begin(ws, dataset.name)
    options = marked.stage(ws, ingest_id, dataset.id, hostile)

    made = requests.run(ws, ingest_id, options=options)

    known = {i.content for i in datasets.images(ws, dataset.id)}
    new = [i for i in datasets.images(ws, dataset.id, made.version) if i.content not in known]
    assert made.version == 1
    assert sorted((i.file, i.label) for i in new) == [
        ("image (2).png", "train"),
        ("image (3).png", "cat/dog"),
        ("image.png", "red"),
        ("picture", "green"),
    ]
    assert curation.undo(ws, dataset.id).num_images == dataset.num_images
