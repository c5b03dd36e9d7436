"""From a folder or an upload to a data set, whole or not at all."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import datasets, files, pixels
from core.errors import UserError
from core.ingest import requests, sources
from core.ingest.requests import Options
from core.records import Dataset, IngestStage, Split, Verdict
from core.workspace import Workspace
from tests.corpus import images as corpus
from tests.corpus import zips

SHARED = Path(__file__).parents[4] / "shared"
ROOT = Path(__file__).parents[3]


def ingest(ws: Workspace, source: Path, options: Options | None = None) -> Dataset:
    return requests.run(ws, requests.begin(ws), source=source, options=options)


def scene(seed: int) -> Image.Image:
    """Draw pictures that are no near-duplicates of each other."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((80, 60), Image.Resampling.BICUBIC)


def put(root: Path, *names: str, first: int = 0) -> Path:
    """Write one scene for each name."""
    for number, name in enumerate(names, start=first):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        scene(number).save(path)
    return root


def classes(dataset: Dataset) -> dict[str, int]:
    return {c.name: c.count for c in dataset.classes}


def many(label: str, count: int) -> list[str]:
    return [f"{label}/{n}.png" for n in range(count)]


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

    stored = pixels.read(datasets.image_path(ws, dataset.id, image), 96)

    data = (folder / "a" / "1.png").read_bytes()
    np.testing.assert_array_equal(stored, pixels.from_upload(data, 96))
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


def test_the_same_photo_in_two_classes_stays_on_one_side_and_is_told(
    ws: Workspace, tmp_path: Path
) -> None:
    folder = put(tmp_path / "photos", *many("cats", 10), *many("dogs", 10))
    # the numbers start again, so each dog is a cat
    for n in range(10):
        scene(n + 50).save(folder / "dogs" / f"{n}.png")
    shutil.copy(folder / "cats" / "3.png", folder / "dogs" / "again.png")

    dataset = ingest(ws, folder)

    images = datasets.images(ws, dataset.id)
    twins = [i for i in images if i.file in ("cats/3.png", "dogs/again.png")]
    assert len({i.content for i in twins}) == len({i.group for i in twins}) == 1
    assert len({i.split for i in twins}) == 1
    assert "cats, dogs (1 photo)" in str(dataset.warnings[0])
    note = next(r for r in datasets.report(ws, dataset.id) if r.file == "dogs/again.png")
    assert "cats/3.png" in str(note.changes[-1])


def test_bursts_of_the_webcam_stay_on_one_side(ws: Workspace, tmp_path: Path) -> None:
    frames = [f"cats/cam_17{burst}_{n}.png" for burst in range(6) for n in range(5)]

    dataset = ingest(ws, put(tmp_path / "photos", *frames, *many("dogs", 4)))

    sides: dict[str, set[Split]] = {}
    for image in datasets.images(ws, dataset.id):
        if image.label == "cats":
            sides.setdefault(image.file[:12], set()).add(image.split)
    assert len(sides) == 6
    assert all(len(found) == 1 for found in sides.values())
    assert set.union(*sides.values()) == set(Split)


def test_a_class_of_one_burst_is_not_cut_but_warned_about(ws: Workspace, tmp_path: Path) -> None:
    frames = [f"cats/cam_17_{n}.png" for n in range(9)]

    dataset = ingest(ws, put(tmp_path / "photos", *frames, *many("dogs", 9)))

    sides = {i.split for i in datasets.images(ws, dataset.id) if i.label == "cats"}
    assert sides == {Split.TRAIN}
    assert "to be tested fairly: cats" in " ".join(map(str, dataset.warnings))


def test_where_every_class_is_one_burst_it_is_divided_in_order_and_said(
    ws: Workspace, tmp_path: Path
) -> None:
    frames = [f"{label}/cam_{label}_{n}.png" for label in ("cats", "dogs") for n in range(21)]

    dataset = ingest(ws, put(tmp_path / "photos", *frames))

    images = datasets.images(ws, dataset.id)
    assert {(i.label, i.split) for i in images} == {(k, s) for k in ("cats", "dogs") for s in Split}
    assert "better than they are" in " ".join(map(str, dataset.warnings))
    for image in images:
        number = int(image.file.rpartition("_")[2].removesuffix(".png"))
        mates = [i for i in images if i.group == image.group]
        assert {i.split for i in mates} == {image.split}
        assert f"{image.label}/cam_{image.label}_{number // 3 * 3}.png" in [i.file for i in mates]


def test_a_given_split_with_the_same_photo_on_both_sides_is_kept_and_said(
    ws: Workspace, tmp_path: Path
) -> None:
    names = [f"{part}/{k}/{n}.png" for part in ("train", "val", "test") for k in "ab" for n in "12"]
    folder = put(tmp_path / "photos", *names)
    shutil.copy(folder / "train" / "a" / "1.png", folder / "test" / "a" / "copy.png")

    dataset = ingest(ws, folder)

    copy = next(i for i in datasets.images(ws, dataset.id) if i.file.endswith("copy.png"))
    assert copy.split is Split.TEST
    assert "nearly the same as one for training" in " ".join(map(str, dataset.warnings))


def test_a_given_split_is_respected(ws: Workspace, tmp_path: Path) -> None:
    names = [
        f"{part}/{k}/{n}.png" for part in ("train", "valid", "Test") for k in "ab" for n in "12"
    ]

    dataset = ingest(ws, put(tmp_path / "photos", *names))

    assert classes(dataset) == {"a": 6, "b": 6}
    for image in datasets.images(ws, dataset.id):
        assert image.split.value.startswith(image.file.split("/")[0].lower()[:3])


def test_a_given_test_part_is_kept_and_validation_is_taken_from_training(
    ws: Workspace, tmp_path: Path
) -> None:
    train = [f"train/{k}/{n}.png" for k in "ab" for n in range(10)]
    names = [*train, *(f"test/{k}/{n}.png" for k in "ab" for n in range(4))]

    dataset = ingest(ws, put(tmp_path / "photos", *names))

    parts = Counter((i.file.split("/")[0], i.split) for i in datasets.images(ws, dataset.id))
    assert parts["test", Split.TEST] == 8
    assert parts["train", Split.VALIDATION] >= 2
    assert parts["train", Split.TEST] == 0


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
        row = sources.Received(file=name, stored=f"{n:06}")
        files.append_record(incoming / sources.NAMES, row)

    dataset = requests.run(ws, ingest_id)

    assert dataset.name == "From a browser"
    assert classes(dataset) == {"cats": 2, "dogs": 1}
    assert dataset.num_refused == 1
    assert not incoming.exists()


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


def test_a_stopped_ingest_leaves_nothing(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", *many("a", 30), *many("b", 30))
    ingest_id = requests.begin(ws)

    with pytest.raises(UserError, match="stopped"):
        requests.run(
            ws,
            ingest_id,
            source=folder,
            report=lambda state: requests.request_stop(ws, ingest_id),
        )

    assert requests.state(ws, ingest_id).stage is IngestStage.STOPPED
    assert datasets.ids(ws) == []
    assert not ws.ingest(ingest_id).dataset.exists()


def test_an_ingest_that_is_asked_for_twice_is_done_once(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", "a/1.png", "b/1.png")
    ingest_id = requests.begin(ws)

    def again(state: object) -> None:
        with pytest.raises(UserError, match="running already"):
            requests.run(ws, ingest_id, source=folder)

    first = requests.run(ws, ingest_id, source=folder, report=again)

    assert requests.run(ws, ingest_id) == first
    assert datasets.ids(ws) == [ingest_id]


def test_progress_is_told_to_the_end(ws: Workspace, tmp_path: Path) -> None:
    told = []

    requests.run(
        ws,
        requests.begin(ws),
        source=put(tmp_path / "photos", *many("a", 5), *many("b", 5)),
        report=told.append,
    )

    assert [s.stage for s in told][-1] is IngestStage.DONE
    assert (told[-1].done, told[-1].total) == (10, 10)
    assert any(s.stage is IngestStage.READING and s.total == 10 for s in told)


def test_an_ingest_in_its_own_process_is_found_again(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", *many("a", 4), *many("b", 4))
    ingest_id = requests.begin(ws, "Again")

    requests.start(ws, ingest_id, folder)

    assert requests.open_ingests(ws) == [ingest_id]
    state = wait_for_end(ws, ingest_id)
    assert state is IngestStage.DONE
    assert requests.open_ingests(ws) == []
    assert datasets.get(ws, ingest_id).name == "Again"
    requests.discard(ws, ingest_id)
    assert datasets.ids(ws) == [ingest_id]


def wait_for_end(ws: Workspace, ingest_id: str) -> IngestStage:
    ended = (IngestStage.DONE, IngestStage.FAILED, IngestStage.STOPPED)
    for _ in range(1200):
        if (stage := requests.state(ws, ingest_id).stage) in ended:
            return stage
        time.sleep(0.05)
    raise TimeoutError(ingest_id)


def kill_at(ws: Workspace, folder: Path, seconds: float) -> str:
    """Start an ingest and end its process without mercy after some time."""
    ingest_id = requests.begin(ws)
    requests._ask(ws, ingest_id, folder, "", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "core.ingest", str(ws.root), ingest_id],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    return ingest_id


def check_whole(ws: Workspace, ingest_id: str) -> None:
    """Whatever is listed is whole; what is not listed is said to have failed."""
    stage = requests.state(ws, ingest_id).stage
    if ingest_id not in datasets.ids(ws):
        assert stage in (IngestStage.FAILED, IngestStage.RECEIVING)
        return
    assert stage is IngestStage.DONE
    images = datasets.images(ws, ingest_id)
    assert len(images) == datasets.get(ws, ingest_id).num_images == 40
    for image in images:
        pixels.read(datasets.image_path(ws, ingest_id, image), 32)


@pytest.mark.parametrize("seconds", [0.3, 1.0, 2.0])
def test_a_killed_ingest_lists_nothing_half_made(
    ws: Workspace, tmp_path: Path, seconds: float
) -> None:
    folder = put(tmp_path / "photos", *many("a", 20), *many("b", 20))

    ingest_id = kill_at(ws, folder, seconds)

    check_whole(ws, ingest_id)
    requests.begin(ws)
    assert not ws.ingest(ingest_id).dataset.exists()
    check_whole(ws, ingest_id)


@pytest.mark.slow
def test_of_forty_ingests_killed_at_random_none_is_half_made(ws: Workspace, tmp_path: Path) -> None:
    folder = put(tmp_path / "photos", *many("a", 20), *many("b", 20))
    chance = np.random.default_rng(11)

    for _ in range(40):
        check_whole(ws, kill_at(ws, folder, float(chance.uniform(0.1, 3.0))))
