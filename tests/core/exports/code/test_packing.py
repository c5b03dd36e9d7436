"""The code of a run is taken away with the files that it reads, or a sentence says why not."""

import csv
import shutil
import zipfile
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from core import datasets, files
from core.datasets import curation
from core.errors import UserError
from core.exports.code import packing, reading
from core.models import catalog, weights
from core.models.solving import STRENGTH
from core.records import Answer, ModelCard, Split, TrainConfig
from core.words import say
from core.workspace import Workspace
from tests import builders, numbered

CONFIG = TrainConfig(dataset_id="colours-0000", backbone="MobileNetV2", epochs=3)


def made(ws: Workspace, config: TrainConfig = CONFIG) -> str:
    """Make a finished run on a data set of 16 images."""
    if not ws.dataset(config.dataset_id).path.exists():
        builders.make_dataset(ws)
    return builders.make_run(ws, config=config)


def split_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"))))


def test_a_zip_holds_script_notebook_split_and_labels(ws: Workspace):
    archive = zipfile.ZipFile(BytesIO(packing.zipped(ws, made(ws))))

    rows = split_of(archive.read("split.csv"))
    assert set(archive.namelist()) == {"train.py", "train.ipynb", "split.csv", "labels.txt"}
    assert archive.read("labels.txt") == b"green\nred\n"
    assert rows[0] == {"file": "red/0.png", "label": "red", "part": "train"}
    assert {row["part"] for row in rows} == set(Split)
    assert len(rows) == 16


def test_weights_that_come_with_thaw_go_along(ws: Workspace):
    run_id = made(ws, replace(CONFIG, backbone="ThawStarter"))

    archive = zipfile.ZipFile(BytesIO(packing.zipped(ws, run_id)))

    assert archive.read("weights.h5")[1:4] == b"HDF"
    assert b'weights=str(HERE / "weights.h5")' in archive.read("train.py")


def test_weights_that_stand_for_those_of_another_size_go_along(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    folder = tmp_path / "models"
    folder.mkdir()
    used, asked = (catalog.backbone("MobileNetV2").weights_for(size).file for size in (224, 96))
    shutil.copyfile(weights.locate(catalog.backbone("ThawStarter"), 96), folder / used)
    (folder / asked).write_text(used)  # a link, checked out as text: Keras would fetch another
    run_id = made(ws, replace(CONFIG, image_size=96))
    card = files.read_record(ws.run(run_id).card, ModelCard)
    files.write_record(ws.run(run_id).card, replace(card, weights_file=used))

    archive = zipfile.ZipFile(BytesIO(packing.zipped(ws, run_id)))

    assert archive.read("weights.h5") == (folder / used).read_bytes()
    assert b'weights=str(HERE / "weights.h5")' in archive.read("train.py")
    (folder / asked).unlink()
    with pytest.raises(UserError, match="is not on this machine"):
        packing.zipped(ws, run_id)


def test_the_split_is_that_of_the_version_and_of_the_classes_that_were_learned(ws: Workspace):
    builders.make_dataset(ws, classes=("blue", "green", "red"))
    curated = curation.rename_class(ws, "colours-0000", "red", "crimson")
    config = replace(CONFIG, dataset_version=curated.version)
    run_id = made(ws, config)
    card = files.read_record(ws.run(run_id).card, ModelCard)
    files.write_record(ws.run(run_id).card, replace(card, labels=("crimson", "green")))

    rows = split_of(packing.beside(reading.trained_run(ws, run_id))["split.csv"])

    assert {row["label"] for row in rows} == {"crimson", "green"}
    assert {row["file"].partition("/")[0] for row in rows} == {"red", "green"}


def test_one_text_is_written_with_its_files_beside_it_and_over_no_other(ws: Workspace, tmp_path):
    run_id, folder = made(ws), tmp_path / "code"
    folder.mkdir()

    done = packing.export(ws, run_id, format="code", out=folder / "mine.py")
    packing.export(ws, run_id, format="notebook", out=folder / "mine.ipynb")

    assert {path.name for path in folder.iterdir()} == {
        *("mine.py", "mine.ipynb", "split.csv", "labels.txt")
    }
    assert done.sha256 == files.sha256(folder / "mine.py")
    (folder / "split.csv").write_text("file,label\n")
    with pytest.raises(UserError, match=r"another split\.csv"):
        packing.export(ws, run_id, format="code", out=folder / "mine.py")
    with pytest.raises(UserError, match="cannot be written as a file"):
        packing.export(ws, run_id, format="code", out=folder / "none" / "train.py")


def test_a_solved_head_takes_its_decay_from_the_log(ws: Workspace):
    run_id = made(ws, replace(CONFIG, optimizer="solve"))

    with pytest.raises(UserError, match="how its last layer was found"):
        reading.trained_run(ws, run_id)
    files.append_record(ws.run(run_id).log, say(STRENGTH, value=0.003))

    assert reading.trained_run(ws, run_id).strength == 0.003


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"picked": ("epoch",)}, "best epoch"),
        (
            {"config": replace(CONFIG, optimizer="solve", classifier="class-mean")},
            "no linear head",
        ),
        ({"config": replace(CONFIG, pooling="flatten", backbone="Uploaded")}, "no 'Uploaded'"),
        ({"config": replace(CONFIG, backbone="own-net-0123abcd")}, "was brought into Thaw"),
    ],
)
def test_what_cannot_be_written_is_a_sentence(ws: Workspace, change: dict, why: str):
    run_id = made(ws)
    card = files.read_record(ws.run(run_id).card, ModelCard)
    files.write_record(ws.run(run_id).card, replace(card, **change))

    with pytest.raises(UserError, match=why):
        packing.zipped(ws, run_id)


def test_a_data_set_that_is_gone_is_a_sentence(ws: Workspace, tmp_path: Path):
    run_id = made(ws)
    ws.dataset("colours-0000").path.rename(tmp_path / "gone")

    with pytest.raises(UserError, match="Its data set is gone"):
        packing.zipped(ws, run_id)


def test_pictures_that_plain_python_does_not_read_are_a_sentence(ws: Workspace):
    run_id = made(ws)
    path = ws.dataset("colours-0000").version(0)
    answer = Answer(option="bands", value="first")
    files.write_record(path, replace(datasets.get(ws, "colours-0000"), read_as=(answer,)))

    with pytest.raises(UserError, match="more bands"):
        packing.zipped(ws, run_id)


def test_a_run_that_is_not_finished_has_no_code(ws: Workspace, tmp_path: Path):
    with pytest.raises(UserError):
        packing.export(ws, "nothing", format="code", out=tmp_path / "x.zip")


def test_numbers_stand_in_the_split_as_they_are_and_there_are_no_labels(ws: Workspace):
    dataset = numbered.make_numbers(ws)
    run_id = numbered.make_number_run(ws, dataset)
    files.append_record(ws.run(run_id).log, say(STRENGTH, value=0.32))

    archive = zipfile.ZipFile(BytesIO(packing.zipped(ws, run_id)))

    rows, code = split_of(archive.read("split.csv")), archive.read("train.py").decode()
    assert set(archive.namelist()) == {"train.py", "train.ipynb", "split.csv"}
    assert list(rows[0]) == ["file", "number", "part"]
    assert [float(row["number"]) for row in rows] == list(range(60))
    assert "0.3162 * len(rows)" in code, "the strength itself, which the log rounds"
    assert "labels.txt" not in code
    assert "to an R2 of" in " ".join(code.split())


def test_a_number_below_zero_is_no_formula_to_be_quoted(ws: Workspace):
    dataset = numbered.make_numbers(ws, num=8)
    folder = ws.dataset(dataset.id)
    first, *others = datasets.images(ws, dataset.id)
    files.write_records(folder.listing(), [replace(first, label="-2.5"), *others])
    run_id = numbered.make_number_run(ws, dataset, optimizer="adam", train_on="train+validation")

    [row, *_] = split_of(packing.beside(reading.trained_run(ws, run_id))["split.csv"])

    assert row["number"] == "-2.5"


def test_the_model_of_a_teacher_goes_along_and_one_that_is_gone_is_a_sentence(ws: Workspace):
    teacher = made(ws)
    run_id = made(ws, replace(CONFIG, backbone="MobileNetV2-0.35", teacher=teacher))

    archive = zipfile.ZipFile(BytesIO(packing.zipped(ws, run_id)))
    ws.run(teacher).model.unlink()

    assert archive.read("teacher.keras") == b"not a real model"
    assert f"teacher.keras is the model of run {teacher}" in " ".join(
        archive.read("train.py").decode().split()
    )
    with pytest.raises(UserError, match="Its teacher is gone"):
        packing.zipped(ws, run_id)
