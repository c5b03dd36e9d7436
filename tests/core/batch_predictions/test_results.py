"""What comes of a batch: counts, a score where folders are classes, tables, the sorted ZIP."""

import csv
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import datasets, files
from core.batch_predictions import downloads, labelled, sorting, store, summary, tables
from core.batch_predictions.folder import folder_of
from core.records import ClassCount, LearnedTarget, Prediction, Score, Split
from core.records.batches import BatchRow, BatchStage
from core.web import routes


def row(file: str, label: str) -> BatchRow:
    scores = (Score(label=label, probability=1.0),)
    return BatchRow(answer=Prediction(file=file, label=label, scores=scores))


def test_images_are_counted_by_class_and_by_folder(worked):
    counted = summary.summarise(store.rows(*worked))

    assert counted.classes == (ClassCount(name="green", count=3), ClassCount(name="red", count=2))
    assert [(one.folder, one.counts, one.num_unreadable) for one in counted.folders] == [
        ("site 1/green", (1, 0), 0),
        ("site 1/red", (0, 2), 0),
        ("site 2", (0, 0), 2),
        ("site 2/green", (1, 0), 0),
        ("site 2/red", (1, 0), 0),
    ]
    assert (counted.num_answered, counted.num_unreadable) == (5, 2)


def test_images_that_are_like_nothing_learned_are_counted_as_no_class():
    strange = row("trap/a.jpg", "fox")
    strange = replace(strange, answer=replace(strange.answer, unknown=True))

    counted = summary.summarise([strange, row("trap/b.jpg", "fox")])

    assert counted.classes == (ClassCount(name="fox", count=1),)
    assert (counted.num_answered, counted.num_unknown, counted.num_unreadable) == (2, 1, 0)
    [folder] = counted.folders
    assert (folder.counts, folder.num_unknown) == ((1,), 1)


def test_folders_that_are_called_as_classes_give_a_score(worked):
    found = summary.score(store.rows(*worked), ("green", "red"))

    assert found
    assert (found.num_images, found.num_other) == (5, 0)
    assert found.confusion.tolist() == [[2, 0], [1, 2]]
    assert found.accuracy.value == 0.8
    assert found.accuracy.low == pytest.approx(0.376, abs=0.001)  # Wilson
    assert found.balanced.value == pytest.approx((1 + 2 / 3) / 2)


def test_images_of_the_data_set_judge_nothing(worked):
    rows = store.rows(*worked)
    learned = {row.content for row in rows if row.answer.file.startswith("site 1/")}

    found = summary.score(rows, ("green", "red"), learned)
    none = summary.score(rows, ("green", "red"), {row.content for row in rows})

    assert found
    assert (found.num_images, found.num_known, found.accuracy.value) == (2, 3, 0.5)
    assert none
    assert (none.num_images, none.num_known) == (0, 5)


def test_images_of_the_data_set_are_known_by_their_pixels_those_of_the_test_part_too(worked):
    ws, batch_id = worked
    batch = store.get(ws, batch_id)
    [dataset] = datasets.all_datasets(ws)
    images = datasets.images(ws, dataset.id)

    known = labelled.dataset_contents(ws, batch.request.run_id)

    assert known == {image.content for image in images}
    assert Split.TEST in {image.split for image in images}


def test_images_that_are_like_nothing_learned_are_not_judged_but_counted():
    rows = [row(f"{name}/{n}.jpg", name) for name in ("fox", "hare") for n in range(3)]
    strange = replace(rows[0], answer=replace(rows[0].answer, unknown=True))

    found = summary.score([strange, *rows[1:]], ("fox", "hare"))

    assert found
    assert (found.num_images, found.num_unknown, found.num_other) == (5, 1, 0)
    assert found.confusion.tolist() == [[2, 0], [0, 3]]


def test_images_of_a_burst_and_equal_ones_count_once_in_the_ranges():
    def made(name: str, label: str, content: str) -> BatchRow:
        return replace(row(f"{name}.jpg", label), content=content)

    alone = [made(f"{f}/{n}", f, f"{f}{n}") for f in ("fox", "hare") for n in range(10)]
    apart = [made(f"fox/x{n}", "hare", f"b{n}") for n in range(10)]
    burst = [made(f"fox/cam_20260101_{n}", "hare", f"b{n}") for n in range(10)]
    equal = [made(f"hare/copy {n}", "fox", "same") for n in range(2)]

    plain, found, twins = (
        summary.score([*alone, *more], ("fox", "hare")) for more in (apart, burst, equal)
    )

    assert plain
    assert found
    assert twins
    assert (plain.num_groups, found.num_groups, twins.num_groups) == (30, 21, 21)
    assert plain.accuracy.value == found.accuracy.value == pytest.approx(2 / 3)
    assert found.accuracy.low < plain.accuracy.low - 0.1
    assert found.accuracy.high > plain.accuracy.high + 0.05


@pytest.mark.parametrize(
    "names",
    [
        ["fox/1.jpg", "fox/2.jpg", "fox/3.jpg"],  # one name may be that of a place
        ["fox/1.jpg", "hare/2.jpg", "a/3.jpg", "b/4.jpg"],  # most lie elsewhere
        ["1.jpg", "2.jpg"],
        [],
    ],
)
def test_other_folders_give_none(names: list[str]):
    assert summary.score([row(file, "fox") for file in names], ("fox", "hare")) is None


def test_the_innermost_folder_is_the_class_however_it_is_spelled():
    names = ["hare/FOX/1.jpg", "hare/2.jpg", "hare/site 3/4.jpg", "other/5.jpg"]

    found = summary.score([row(file, "fox") for file in names], ("fox", "hare"))

    assert found
    assert found.confusion.tolist() == [[1, 0], [2, 0]]
    assert (found.num_images, found.num_other) == (3, 1)


def test_a_table_holds_names_as_texts_and_the_workbook_the_counts(worked):
    with downloads.table(*worked, ".csv", "en").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    book = openpyxl.load_workbook(downloads.table(*worked, ".xlsx", "en"))

    assert rows[0] == [
        *("File", "Class", "Confidence"),
        *("probability of green", "probability of red", "Problem"),
    ]
    assert rows[1] == ["site 1/green/1.png", "green", "0.75", "0.75", "0.25", ""]
    assert rows[4][:2] == ["site 2/broken.jpg", ""]
    assert rows[4][-1], "why it cannot be read"
    answers, counts = book.worksheets
    assert answers.max_row == 8
    assert [cell.value for cell in counts[2]] == ["site 1/green", 1, 0, 0]


def test_a_zip_has_a_folder_for_each_class_and_one_for_the_rest(worked, photos: Path):
    ws, batch_id = worked
    sorting.write(ws, batch_id)

    told = sorting.state(ws, batch_id)
    assert told
    assert (told.stage, told.num_others) == (BatchStage.DONE, 0)
    with zipfile.ZipFile(downloads.sorted_images(ws, batch_id)) as packed:
        assert sorted(packed.namelist()) == [
            "_unreadable/site 2/broken.jpg",
            "_unreadable/site 2/empty.png",
            "green/site 1/green/1.png",
            "green/site 2/green/=cmd()_' !A0.png",
            "green/site 2/red/1.png",
            "red/site 1/red/1.png",
            "red/site 1/red/2.png",
        ]
        original = (photos / "site 2/red/1.png").read_bytes()
        assert packed.read("green/site 2/red/1.png") == original


def test_a_zip_keeps_what_is_like_nothing_learned_in_a_folder_of_its_own(worked):
    ws, batch_id = worked
    rows = [
        replace(one, answer=replace(one.answer, unknown=one.answer.file == "site 1/red/2.png"))
        for one in store.rows(ws, batch_id)
    ]
    files.write_records(folder_of(ws, batch_id).rows, rows)

    sorting.write(ws, batch_id)

    with zipfile.ZipFile(downloads.sorted_images(ws, batch_id)) as packed:
        assert [n for n in packed.namelist() if n.startswith("_unknown/")] == [
            "_unknown/site 1/red/2.png"
        ]
    with downloads.table(ws, batch_id, ".csv", "en").open(encoding="utf-8-sig") as table:
        [told] = [line for line in csv.reader(table) if line[0] == "site 1/red/2.png"]
    assert (told[1], told[-1]) == ("red", "Not like anything it learned")
    assert sorting.folder_names(["_unknown"]) == {"_unknown": "_unknown (2)"}


def test_what_a_picture_looks_like_is_kept_for_near_duplicates(worked):
    rows = [row for row in store.rows(*worked) if row.answer.problem is None]

    assert all(len(row.signature) == 400 for row in rows)


def test_a_zip_of_images_that_are_gone_is_a_sentence(worked, photos: Path, tmp_path: Path):
    ws, batch_id = worked
    folder_of(ws, batch_id).sorted.unlink(missing_ok=True)
    os.rename(photos, tmp_path / "elsewhere")
    try:
        sorting.write(ws, batch_id)
    finally:
        os.rename(tmp_path / "elsewhere", photos)

    told = sorting.state(ws, batch_id)
    assert told
    assert told.stage is BatchStage.FAILED
    assert told.error
    assert not folder_of(ws, batch_id).sorted.exists()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("..", "_"),
        ("CON", "_CON"),
        ("a/b:c*", "a_b_c_"),
        ("nul.jpg", "_nul.jpg"),
        ("x" * 150 + ".jpeg", "x" * 95 + ".jpeg"),
        ("狗", "狗"),
    ],
)
def test_names_in_a_zip_are_those_that_every_system_takes(name: str, safe: str):
    assert sorting.safe_name(name) == safe


def test_no_two_classes_share_a_folder():
    names = sorting.folder_names(["a/b", "a:b", "A_B", sorting.UNREADABLE])

    assert list(names.values()) == ["a_b", "a_b (2)", "A_B (3)", "_unreadable (2)"]


def test_what_is_there_is_sent_and_nothing_else(worked):
    ws, batch_id = worked
    client = TestClient(Starlette(routes=routes.build(ws.root)))
    content = next(row.content for row in store.rows(ws, batch_id) if row.content)
    base = f"/api/predictions/{batch_id}"

    assert client.get(f"{base}/thumbnail/{content}").headers["content-type"] == "image/jpeg"
    assert client.get(f"{base}/image/{content}").headers["content-type"] == "image/png"
    table = client.get(f"{base}/table.csv?lang=zh_CN")
    assert 'filename="photos.csv"' in table.headers["content-disposition"]
    for path in (
        f"{base}/thumbnail/{'0' * 32}",
        f"{base}/image/..%2frequest",
        f"{base}/table.exe",
        "/api/predictions/nothing/table.csv",
        "/api/predictions/../runs/table.csv",
    ):
        assert client.get(path).status_code == 404, path


def test_a_table_says_which_number_is_beyond_what_was_learned():
    learned = LearnedTarget(name="width", mean=40, deviation=22, lowest=2, highest=90, half_range=5)
    near, far = (Prediction(file="a", number=x, low=x - 5, high=x + 5) for x in (50.0, 150.0))

    assert tables.cells(near, (), "en", learned) == ["a", 50.0, 45.0, 55.0, ""]
    assert tables.cells(far, (), "en", learned) == [
        *("a", 150.0, "", ""),
        "It learned from 2.0 to 90.0: beyond that it guesses.",
    ]


def test_a_table_says_which_picture_is_like_nothing_learned():
    known = row("a.jpg", "red").answer
    unknown = replace(known, unknown=True)

    assert tables.cells(known, ["red"], "en")[-1] == ""
    assert tables.cells(unknown, ["red"], "en") == [
        *("a.jpg", "red", 1.0, 1.0),
        "Not like anything it learned",
    ]
