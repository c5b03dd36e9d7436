"""What lies at a path, or does not, or is gone again before it is read."""

import os
import shutil
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from core import datasets
from core.errors import UserError
from core.ingest import opening, requests
from core.ingest.archives import sources
from core.records import IngestState, Verdict
from core.workspace import IngestFolder, Workspace
from tests.core.ingest.folders import classes, ingest, many, put


def look(path: Path, tmp_path: Path) -> list[str]:
    with opening.opened([path], IngestFolder(tmp_path)) as source:
        return [entry.file for entry in source.entries]


@pytest.mark.parametrize("name", ["nowhere", "a\0b", "x" * 5000, "file/inside"])
def test_a_path_with_nothing_at_it_is_said_to_be_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(UserError, match="There is nothing at"):
        look(tmp_path / name, tmp_path)


@pytest.mark.parametrize("name", ["folder", "folder/inside", "archive.zip"])
def test_what_may_not_be_read_is_said_with_its_path(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    (tmp_path / "archive.zip").write_bytes(b"PK")
    for shut in ("folder", "archive.zip"):
        os.chmod(tmp_path / shut, 0)
    if os.access(tmp_path / "folder", os.R_OK):
        pytest.skip("the superuser may read everything")

    with pytest.raises(UserError, match=r"could not be read: Permission denied"):
        look(tmp_path / name, tmp_path)
    os.chmod(tmp_path / "folder", 0o700)


def test_the_home_of_nobody_is_a_path_like_others() -> None:
    assert opening.settled(Path("~nobody-by-this-name/x")).parts[-2:] == (
        *("~nobody-by-this-name", "x"),
    )


def test_odd_signs_in_a_path_do_no_harm(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "a b%20\n'{x}'", "ca ts%41/{1}.png", "CON/aux.png", "d{o}gs\n/1.png")

    dataset = ingest(ws, folder)

    assert [row.name for row in dataset.classes] == ["CON", "ca ts%41", "d{o}gs"]
    assert dataset.name == "a b%20 '{x}'"


@pytest.mark.parametrize("is_written", [False, True])
def test_a_file_that_became_a_pipe_is_refused_at_once(tmp_path: Path, is_written: bool) -> None:
    folder = put(tmp_path / "photos", "a/1.png")
    source = sources.folder(folder)
    (folder / "a" / "1.png").unlink()
    pipe = folder / "a" / "1.png"
    os.mkfifo(pipe)

    with (
        pipe.open("r+b", buffering=0) if is_written else nullcontext(),
        pytest.raises(UserError, match="not an ordinary file"),
    ):
        source.read(source.entries[0])


def test_a_source_that_changes_while_it_is_read_costs_only_what_is_gone(
    ws: Workspace, tmp_path: Path
) -> None:
    folder = put(tmp_path / "photos", *many("a", 20), *many("b", 20))

    def change(state: IngestState) -> None:
        if state.done or not (folder / "b" / "9.png").exists():
            return
        (folder / "b" / "9.png").unlink()
        (folder / "b" / "8.png").write_text("something else")
        shutil.move(folder / "b" / "7.png", folder / "b" / "new.png")
        (folder / "b" / "7.png").mkdir()

    dataset = requests.run(ws, requests.begin(ws), source=folder, report=change)

    refused = [r.file for r in datasets.report(ws, dataset.id) if r.verdict is Verdict.REFUSED]
    assert refused == ["b/7.png", "b/8.png", "b/9.png"]
    assert dataset.num_images == 37


def test_a_read_only_source_is_read_and_left_as_it_was(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", "a/1.png", "b/1.png")
    for path in (folder / "a" / "1.png", folder / "a", folder):
        os.chmod(path, 0o555)

    dataset = ingest(ws, folder)

    assert dataset.num_images == 2
    assert sorted(p.name for p in folder.rglob("*")) == ["1.png", "1.png", "a", "b"]
    for path in (folder, folder / "a"):
        os.chmod(path, 0o755)


@pytest.mark.skipif(os.name == "nt", reason="there it divides folders")
def test_a_backslash_in_a_name_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "my\\cats" / "young").mkdir(parents=True)
    (tmp_path / "my\\cats" / "young" / "a\\1.jpg").write_bytes(b"x")

    found = sources.folder(tmp_path)

    assert [entry.parts for entry in found.entries] == [("my_cats", "young", "a_1.jpg")]
    assert found.folders == {("my_cats",), ("my_cats", "young")}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep names as text")
def test_folders_in_latin_1_are_classes_with_their_own_names(ws: Workspace, tmp_path: Path) -> None:
    top = os.path.join(os.fsencode(tmp_path), "Früchte".encode("latin-1"))
    for name in ("Äpfel".encode("latin-1"), "Öl".encode()):
        put(Path(os.fsdecode(os.path.join(top, name))), "1.png", "2.png", first=len(name))

    dataset = ingest(ws, Path(os.fsdecode(top)))

    assert (dataset.name, classes(dataset)) == ("Früchte", {"Äpfel": 2, "Öl": 2})
    assert "as CP1252 one is 'Äpfel'" in str(dataset.warnings[0])
