"""Several sources at once are read as the one data set that they make together."""

from collections import Counter
from pathlib import Path

import pytest

from core.ingest import labelling, opening, requests
from core.ingest.layouts import folders
from core.ingest.layouts.records import Layout
from core.records import Split
from core.workspace import IngestFolder, Workspace
from tests.core.ingest.archives.test_archives import tar_of
from tests.core.ingest.folders import put
from tests.corpus import zips
from tests.corpus.zips import photo


def understood(tmp_path: Path, *paths: str) -> Layout:
    staged = IngestFolder(tmp_path / "staged")
    staged.path.mkdir()
    with opening.opened([tmp_path / path for path in paths], staged) as source:
        layout = labelling.understand(source)
        assert len({source.read(item.entry) for item in layout.items}) == len(layout.items)
        return layout


@pytest.mark.parametrize(
    ("files", "paths", "classes"),
    [
        (("x/cats/1.png", "x/dogs/1.png"), ("x/cats", "x/dogs"), {"cats": 1, "dogs": 1}),
        (("a/cats/1.png", "a/dogs/1.png", "b/cats/1.png"), ("a", "b"), {"cats": 2, "dogs": 1}),
        (("a/w/cats/1.png", "a/w/dogs/1.png", "b/cats/1.png"), ("a", "b"), {"cats": 2, "dogs": 1}),
        (("a/cats/1.png", "b/dogs/1.png"), ("a", "b"), {"cats": 1, "dogs": 1}),
        (("cats/raw/1.png", "dogs/raw/1.png"), ("cats", "dogs/."), {"cats": 1, "dogs": 1}),
        (("cats/1.png", "dogs/1.png", "2.png"), ("cats", "dogs", "2.png"), {"cats": 1, "dogs": 1}),
    ],
)
def test_folders_are_classes_or_hold_them(
    tmp_path: Path, files: tuple[str, ...], paths: tuple[str, ...], classes: dict[str, int]
) -> None:
    put(tmp_path, *files)

    layout = understood(tmp_path, *paths)

    assert Counter(item.label for item in layout.items) == classes


def test_parts_of_a_given_split_stay_apart(tmp_path: Path) -> None:
    put(tmp_path, *(f"{part}/{k}/1.png" for part in ("train", "val", "test") for k in "ab"))

    layout = understood(tmp_path, "train", "val", "test")

    assert Counter((i.label, i.given) for i in layout.items) == {
        (k, part): 1 for part in Split for k in "ab"
    }


def test_archives_are_read_beside_folders(tmp_path: Path) -> None:
    (tmp_path / "cats.zip").write_bytes(zips.packed(("1.png", photo(1)), ("2.png", photo(2))))
    (tmp_path / "dogs.tar.gz").write_bytes(tar_of(("1.png", photo(3)), kind="w:gz"))
    (tmp_path / "eels.tgz").write_bytes(tar_of(("1.png", photo(4)), ("x", b"x"), kind="w:gz"))
    put(tmp_path, "newts/1.png", first=9)

    layout = understood(tmp_path, "cats.zip", "dogs.tar.gz", "eels.tgz", "newts")

    found = Counter(i.label for i in layout.items if folders.is_picture(i.entry))
    assert found == {"cats": 2, "dogs": 1, "eels": 1, "newts": 1}


def test_files_of_one_name_are_all_read_and_told_apart(tmp_path: Path) -> None:
    put(tmp_path, "a/cats/1.png", "b/cats/1.png", "c/b/cats/1.png", "b/dogs/1.png")

    layout = understood(tmp_path, "a", "b", "c/b")

    assert [item.entry.file for item in layout.items] == [
        *("cats/1.png", "cats/b/1.png", "cats/b/b/1.png", "dogs/1.png")
    ]


def test_a_source_that_was_named_twice_is_read_once(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", "cats/1.png", "dogs/1.png")

    dataset = requests.run(ws, requests.begin(ws), source=folder, beside=[folder])

    assert dataset.num_images == 2


def test_what_was_refused_in_one_of_them_is_said_with_its_name(tmp_path: Path) -> None:
    put(tmp_path, "good/cats/1.png", "good/dogs/1.png")
    (tmp_path / "bad.zip").write_bytes(zips.packed(("../up.png", photo(1)), *zips.GOOD))
    staged = IngestFolder(tmp_path)

    with opening.opened([tmp_path / "good", tmp_path / "bad.zip"], staged) as source:
        [report] = source.reports

    assert report.file == "bad/../up.png"
