"""From a folder or an upload to a data set, whole or not at all."""

import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import datasets, files
from core.errors import UserError
from core.images import pixels, tiff_messages
from core.ingest import requests
from core.ingest.archives import not_uploaded, sources
from core.records import IngestStage, Split, Verdict
from core.records.imports import Options
from core.workspace import Workspace
from tests.core.ingest.folders import classes, ingest, many, put, scene
from tests.corpus import images as corpus, tiffs, zips

SHARED = Path(__file__).parents[4] / "shared"
ROOT = Path(__file__).parents[3]


def test_a_folder_becomes_a_data_set_with_a_split_and_a_report(
    ws: Workspace, tmp_path: Path
) -> None:
    folder = put(tmp_path / "photos", *many("cats", 20), *many("dogs", 7), *many("eels", 2))
    (folder / "cats" / "notes.txt").write_text("hello")

    dataset = ingest(ws, folder)

    assert dataset == datasets.get(ws, dataset.id)
    assert dataset.name == "photos"
    assert classes(dataset) == {"cats": 20, "dogs": 7, "eels": 2}
    images = datasets.images(ws, dataset.id)
    parts = Counter((image.label, image.split) for image in images)
    assert parts["cats", Split.TRAIN] == 14
    assert all(parts["dogs", part] >= 1 for part in Split)
    assert all(datasets.image_path(ws, dataset.id, image).is_file() for image in images)
    assert all(datasets.thumbnail(ws, dataset.id, image.content).is_file() for image in images)
    verdicts = Counter(report.verdict for report in datasets.report(ws, dataset.id))
    assert verdicts == {Verdict.ACCEPTED: 29, Verdict.REFUSED: 1}


def test_stored_pixels_are_those_of_the_prediction_path(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", "a/1.png", "b/1.png")
    dataset = ingest(ws, folder)
    image = next(i for i in datasets.images(ws, dataset.id) if i.label == "a")

    stored = pixels.read_copy(datasets.image_path(ws, dataset.id, image), 96)

    data = (folder / "a" / "1.png").read_bytes()
    np.testing.assert_array_equal(stored, pixels.read_copy(pixels.copy_of(data), 96))
    assert image.content == pixels.content_id(pixels.canonical(data))


def test_every_odd_image_is_accepted_or_refused_with_its_reason(
    ws: Workspace, tmp_path: Path
) -> None:
    folder = tmp_path / "odd"
    for label in ("a", "b"):
        (folder / label).mkdir(parents=True)
    cases = corpus.all_cases()
    for case in cases:
        (folder / "a" / case.name).write_bytes(case.data)
    put(folder, "b/good.png")

    dataset = ingest(ws, folder)

    reports = {r.file: r for r in datasets.report(ws, dataset.id)}
    for case in cases:
        report = reports[f"a/{case.name}"]
        if case.pixels is None:
            assert case.reason in str(report.reason), case.name
            assert "crash" not in str(report.reason), case.name
        else:
            assert report.verdict is Verdict.ACCEPTED, (case.name, str(report.reason))
            assert report.content == pixels.content_id(np.array(case.pixels, np.uint8)), case.name


def test_the_messy_folder_gives_what_its_manifest_says(ws: Workspace) -> None:
    if not (SHARED / "data" / "messy_mix").is_dir():
        pytest.skip("the messy folder is not here")

    dataset = ingest(ws, SHARED / "data" / "messy_mix")

    assert sorted(classes(dataset).values()) == [1, 8, 22, 26]
    assert (dataset.num_images, dataset.num_refused, dataset.num_junk) == (57, 6, 5)
    refused = {r.file for r in datasets.report(ws, dataset.id) if r.verdict is Verdict.REFUSED}
    assert refused == {
        *("cardboard/truncated.jpg", "cardboard/notes.doc", "cardboard/lfs_pointer.jpg"),
        *("glass/bomb.gif", "glass/empty.jpg", "stray_in_root.jpg"),
    }
    said = " ".join(map(str, dataset.warnings))
    assert "'empty_class'" in said
    assert "cardboard, glass" in said


def test_pictures_with_few_of_sixteen_bits_are_warned_of(ws: Workspace, tmp_path: Path) -> None:
    tomogram = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    for label, values in (("a", tomogram), ("b", np.ascontiguousarray(tomogram.T))):
        (tmp_path / "ct" / label).mkdir(parents=True)
        Image.fromarray(values).save(tmp_path / "ct" / label / "1.png")

    dataset = ingest(ws, tmp_path / "ct")

    assert any("2 images use so little of their 16-bit range" in str(w) for w in dataset.warnings)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("labels.csv", "file,label\n1.png,cat\nimages/2.png,cat\n3,dog\nlost.png,dog\n"),
        ("labels.csv", "1.png;cat\n2.png;cat\n3.png;dog\n"),
        ("labels.tsv", "id\tclass\n1\tcat\n2\tcat\n3\tdog\n"),
        ("labels.json", '{"1.png": "cat", "2.png": "cat", "3.png": "dog"}'),
        ("labels.json", '{"cat": ["1.png", "2.png"], "dog": ["3.png"]}'),
        (
            "labels.json",
            '[{"file": "1.png", "label": "cat"}, {"file": "2.png", "label": "cat"},'
            '{"file": "3.png", "label": "dog"}]',
        ),
    ],
)
def test_a_list_of_labels_beside_the_images_is_read(
    ws: Workspace, tmp_path: Path, name: str, text: str
) -> None:
    folder = put(tmp_path / "photos", "images/1.png", "images/2.png", "images/3.png")
    put(folder, "images/unlisted.png", first=9)
    (folder / name).write_text(text)

    dataset = ingest(ws, folder)

    assert classes(dataset) == {"cat": 2, "dog": 1}
    refused = [r for r in datasets.report(ws, dataset.id) if r.verdict is Verdict.REFUSED]
    assert [r.file for r in refused] == ["images/unlisted.png"]
    assert ("lost" in text) == any("names no image" in str(w) for w in dataset.warnings)


def test_single_files_go_into_the_class_that_was_named(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", "1.png", "2.png", "deeper/3.png")

    dataset = ingest(ws, folder, Options(label="cats"))

    assert classes(dataset) == {"cats": 3}


def test_files_received_from_a_browser_become_a_data_set(ws: Workspace) -> None:
    ingest_id = requests.begin(ws, "From a browser")
    incoming = ws.ingest(ingest_id).incoming
    for n, name in enumerate(("cats/1.png", "cats\\2.png", "../dogs/3.png", "dogs/4.png")):
        scene(n).save(incoming / f"{n:06}", "PNG")
        row = sources.UploadedFile(file=name, stored=f"{n:06}")
        files.append_record(incoming / sources.NAMES, row)

    dataset = requests.run(ws, ingest_id)

    assert dataset.name == "From a browser"
    assert classes(dataset) == {"cats": 2, "dogs": 1}
    assert dataset.num_refused == 1
    assert not incoming.exists()


def test_photos_that_a_phone_gave_one_name_are_all_kept(ws: Workspace) -> None:
    ingest_id = requests.begin(ws)
    incoming = ws.ingest(ingest_id).incoming
    for n, seed in enumerate((1, 2, 3, 2)):
        scene(seed).save(incoming / f"{n}", "PNG")
        row = sources.UploadedFile(file="cats/image.png", stored=str(n))
        files.append_record(incoming / sources.NAMES, row)

    dataset = requests.run(ws, ingest_id)

    assert [i.file for i in datasets.images(ws, dataset.id)] == [
        *("cats/image (2).png", "cats/image (3).png", "cats/image.png")
    ]
    assert dataset.num_refused == 1  # the same file again


def test_what_a_browser_did_not_send_is_reported_and_counted(ws: Workspace) -> None:
    ingest_id = requests.begin(ws)
    incoming = ws.ingest(ingest_id).incoming
    for n, name in enumerate(("cats/1.png", "dogs/2.png")):
        scene(n).save(incoming / f"{n}", "PNG")
        files.append_record(
            incoming / sources.NAMES, sources.UploadedFile(file=name, stored=str(n))
        )
    not_uploaded.note(ws, ingest_id, ["cats/.DS_Store", "notes.txt"])
    not_uploaded.note(ws, ingest_id, ["notes.txt", "a\ud800\n=.doc"])

    dataset = requests.run(ws, ingest_id)

    junk = [r for r in datasets.report(ws, dataset.id) if r.verdict is Verdict.JUNK]
    assert [r.file for r in junk] == ["a? =.doc", "cats/.DS_Store", "notes.txt"]
    assert {str(r.reason) for r in junk} == {
        "It is no image or could not be read, so it was not sent."
    }
    assert (dataset.num_images, dataset.num_junk) == (2, 3)


def test_an_archive_is_ingested_under_its_name(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "my.photos.ZIP"
    path.write_bytes(zips.packed(*zips.GOOD))

    dataset = ingest(ws, path)

    assert dataset.name == "my.photos"
    assert classes(dataset) == zips.FOUND


def test_links_out_of_a_folder_and_odd_files_do_no_harm(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", "a/1.png", "b/1.png")
    (folder / "a" / "loop").symlink_to(folder)
    (folder / "a" / "broken.png").symlink_to(folder / "nowhere.png")
    os.mkfifo(folder / "a" / "pipe.png")

    dataset = ingest(ws, folder)

    assert (dataset.num_images, dataset.num_refused) == (2, 3)


@pytest.mark.parametrize("kind", ["missing", "text", "empty", "picture", "flat"])
def test_what_holds_no_data_set_is_refused_and_leaves_nothing(
    ws: Workspace, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / kind
    if kind == "text":
        path.write_text("hello")
    elif kind == "empty":
        path.mkdir()
    elif kind == "picture":
        scene(1).save(path, "PNG")
    elif kind == "flat":
        put(path, "1.png", "2.png")
    ingest_id = requests.begin(ws)

    with pytest.raises(UserError) as refused:
        requests.run(ws, ingest_id, source=path)

    assert "folder" in str(refused.value)
    assert datasets.ids(ws) == []
    assert requests.state(ws, ingest_id).stage is IngestStage.FAILED
    assert not ws.ingest(ingest_id).dataset.exists()


def test_a_workspace_that_cannot_be_written_is_said_to_be_so(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", "a/1.png", "b/1.png")
    ingest_id = requests.begin(ws)
    ws.datasets.write_text("a file where a folder should be")

    with pytest.raises(UserError, match="did not let"):
        requests.run(ws, ingest_id, source=folder)

    assert requests.state(ws, ingest_id).stage is IngestStage.FAILED


def test_images_for_a_data_set_that_is_not_there_are_not_read(
    ws: Workspace, tmp_path: Path
) -> None:
    folder = put(tmp_path / "photos", "a/1.png", "b/1.png")
    ingest_id, reports = requests.begin(ws), []

    with pytest.raises(UserError, match="no data set called 'nosuch'"):
        requests.run(
            ws,
            ingest_id,
            source=folder,
            options=Options(dataset_id="nosuch"),
            report=reports.append,
        )

    assert [state.stage for state in reports] == [IngestStage.FAILED]


def test_what_was_deleted_or_half_made_is_swept_away_after_a_day(ws: Workspace) -> None:
    left = [ws.staging / "deleted-x-abc", ws.staged_runs / "deleted-y-abc", ws.staged_runs / "made"]
    for folder in left:
        folder.mkdir(parents=True)
        (folder / "model.keras").write_bytes(b"x")
        os.utime(folder, (1, 1))
    new = ws.staged_runs / "being-made"
    new.mkdir()

    requests.begin(ws)

    assert [folder.exists() for folder in (*left, new)] == [False, False, False, True]


def test_many_bands_are_taken_as_colours_where_that_is_chosen_and_so_remembered(
    ws: Workspace, tmp_path: Path
) -> None:
    folder = put(tmp_path / "photos", *many("sea", 3))
    (folder / "land").mkdir()
    for n in range(3):
        four = np.dstack([np.asarray(scene(n + 50)), np.zeros((60, 80, 1), np.uint8)])
        (folder / "land" / f"{n}.tif").write_bytes(tiffs.tiff(four))

    plain = ingest(ws, folder)
    chosen = ingest(ws, folder, Options(bands="first"))
    more = ingest(ws, folder / "land", Options(dataset_id=plain.id, bands="first", label="land"))

    assert classes(plain) == {"sea": 3}
    assert (
        sum(bool(r.reason and tiff_messages.asks(r.reason)) for r in datasets.report(ws, plain.id))
        == 3
    )
    assert classes(chosen) == {"sea": 3, "land": 3}
    assert (plain.bands, chosen.bands, more.bands) == ("", "first", "first")
    assert any("first three were taken" in str(warning) for warning in chosen.warnings)


def test_where_every_picture_has_many_bands_the_error_says_that_there_is_a_choice(
    ws: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "0.jpg").write_bytes(b"")
    (tmp_path / "a" / "1.tif").write_bytes(tiffs.tiff(np.zeros((9, 9, 5), np.uint16)))

    with pytest.raises(UserError, match="--bands first") as error:
        ingest(ws, tmp_path / "a", Options(label="a"))

    assert tiff_messages.asks(error.value.problem.what)
