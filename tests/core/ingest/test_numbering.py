"""Numbers instead of classes: asked for, read, divided by their size, added to, corrected."""

from collections import Counter
from pathlib import Path

import pytest

from core import datasets
from core.datasets import curation
from core.errors import UserError
from core.ingest import numbering, requests
from core.records import Dataset, Split, Verdict
from core.records.imports import Options
from core.words import render
from core.workspace import Workspace
from tests.builders import write_image
from tests.core.ingest.lists.sources import source

EIGHT = [f"{n}.jpg" for n in range(8)]


def listed(*cells: str, column: str = "width") -> str:
    lines = [f"{n}.jpg;{cell}" for n, cell in enumerate(cells)]
    return "\n".join([f"file;{column}", *lines])


def folder_of(tmp_path: Path, num: int = 60) -> Path:
    """Write pictures and a list of their widths."""
    folder = tmp_path / "discs"
    for n in range(num):
        write_image(folder / f"{n}.png", colour=n % 3, seed=n, size=24)
    rows = "\n".join(f"{n}.png,{n / 2} mm,p{n // 3}" for n in range(num))
    (folder / "list.csv").write_text(f"file,width,patient\n{rows}\n")
    return folder


def ingested(ws: Workspace, folder: Path, **options: str) -> Dataset:
    return requests.run(ws, requests.begin(ws), source=folder, options=Options(**options))


def test_a_column_becomes_the_number_of_each_image():
    found = source(*EIGHT, list_csv=listed("1,5", "2", "", "x", "4", "5", "6", "7"))

    layout = numbering.read_layout(found, Options(target="column:Width"))

    assert [item.label for item in layout.items] == ["1.5", "2", "4", "5", "6", "7"]
    assert (layout.classes, layout.target.name) == ((), "width")
    reasons = {r.file: render(r.reason) for r in layout.reports if r.verdict is Verdict.REFUSED}
    assert reasons["2.jpg"].startswith("It has no number.")
    assert reasons["3.jpg"].startswith("'x' is not a number.")
    assert "2 images have no number" in render(layout.warnings[-1])


@pytest.mark.parametrize(
    ("column", "cell", "unit"),
    [
        ("Länge des Blattes (mm)", "3", "mm"),
        ("temp [°C]", "3", "°C"),
        ("身高（厘米）", "3", "厘米"),
        ("width (mm)", "3 cm", "cm"),  # what stands beside the number counts
        ("age (estimated)", "3", ""),
        ("width", "3", ""),
    ],
)
def test_the_unit_may_stand_behind_the_name_of_the_column(column: str, cell: str, unit: str):
    cells = [cell.replace("3", str(n)) for n in range(1, 9)]
    found = source(*EIGHT, list_csv=listed(*cells, column=column))

    target = numbering.read_layout(found, Options(target=f"column:{column}")).target

    assert (target.name, target.unit) == (column, unit)


def test_folders_called_by_numbers_are_numbers_only_where_that_is_asked_for():
    found = source(*(f"{n}/{k}.jpg" for n in ("0", "1.5", "-2") for k in range(3)))

    classes = numbering.read_layout(found, Options())
    numbers = numbering.read_layout(found, Options(target="folder"))

    assert classes.classes == ("-2", "0", "1.5")
    assert Counter(item.label for item in numbers.items) == {"0": 3, "1.5": 3, "-2": 3}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"target": "column:age"}, "No list has a column 'age'. The columns are: width, kind."),
        ({"target": "column:kind"}, "The column 'kind' holds no numbers: 'a'."),
        ({"target": "column:kind"}, "Write each as one number (a time in minutes"),
        ({"target": "folder"}, "The folders are not called by numbers"),
        ({"target": "folder"}, "Call each folder by one number"),
    ],
)
def test_what_holds_no_numbers_is_refused_in_a_sentence(options, said):
    rows = "\n".join(f"x/{n}.jpg,{n},a" for n in range(4))
    found = source(*(f"x/{n}.jpg" for n in range(4)), list_csv=f"file,width,kind\n{rows}")

    with pytest.raises(UserError) as caught:
        numbering.read_layout(found, Options(**options))

    assert said in str(caught.value)


def test_a_list_whose_names_several_images_have_is_not_said_to_be_missing():
    rows = "\n".join(f"{n}.jpg,{n}.5\n{n}.jpg,{n}.7" for n in range(4))
    found = source(
        *(f"{folder}/{n}.jpg" for folder in "ab" for n in range(4)),
        list_csv=f"file,width\n{rows}",
    )

    with pytest.raises(UserError, match=r"2 images here may be meant.*Write the folder before"):
        numbering.read_layout(found, Options(target="column:width"))


def test_a_list_that_gives_two_numbers_to_an_image_is_told_of():
    found = source("a.jpg", "b.jpg", list_csv="file,width\na.jpg,1\na.jpg,2\nb.jpg,3")

    layout = numbering.read_layout(found, Options(target="column:width"))

    assert [item.label for item in layout.items] == ["3"]
    assert any("several numbers: 1, 2" in render(r.reason) for r in layout.reports)


def test_the_page_asks_about_measures_and_about_folders_called_by_numbers():
    measured = source(*EIGHT, list_csv=listed(*(f"{n}.5" for n in range(8))))
    folders = source(*(f"{n}/{k}.jpg" for n in range(3) for k in range(3)))
    words = source(*EIGHT, list_csv=listed(*"ab" * 4, column="label"))

    [first], [second] = (numbering.questions(s, Options()) for s in (measured, folders))

    assert [c.value for c in first.choices] == ["classes", "column:width"]
    assert [c.value for c in second.choices] == ["classes", "folder"]
    assert first.guess == second.guess == "classes"
    assert "target" not in {q.option for q in numbering.questions(words, Options())}
    assert not numbering.questions(measured, Options(target="classes"))


def test_parts_have_small_and_large_numbers_alike_and_groups_stay_whole(ws, tmp_path):
    made = ingested(ws, folder_of(tmp_path), target="column:width", group_by="column:patient")

    images = datasets.images(ws, made.id)
    means = [
        sum(i.number for i in images if i.split is split) / sum(i.split is split for i in images)
        for split in Split
    ]
    together = Counter((i.group, i.split) for i in images)
    assert made.task.name == "regression"
    assert (made.target.lowest, made.target.highest, made.target.unit) == (0, 29.5, "mm")
    assert all(11 < mean < 18 for mean in means)
    assert set(together.values()) == {3}
    assert not made.warnings


def test_what_is_added_must_be_numbers_of_the_same_unit(ws, tmp_path):
    made = ingested(ws, folder_of(tmp_path), target="column:width")
    more = tmp_path / "more"
    for n in range(3):
        write_image(more / f"n{n}.png", colour=n, seed=100 + n, size=24)
    (more / "list.csv").write_text("file,width\nn0.png,70\nn1.png,71\nn2.png,72\n")

    grown = ingested(ws, more, dataset_id=made.id)
    (more / "list.csv").write_text("file,width\nn0.png,7 cm\nn1.png,8 cm\nn2.png,9 cm\n")
    with pytest.raises(UserError, match="in 'cm'"):
        ingested(ws, more, dataset_id=made.id)

    assert (grown.num_images, grown.target.highest, grown.classes) == (63, 72, ())


def test_a_number_is_corrected_by_a_number_alone(ws, tmp_path):
    made = ingested(ws, folder_of(tmp_path), target="column:width")
    key = next(f"{i.content}:{i.file}" for i in datasets.images(ws, made.id))

    again = curation.relabel(ws, made.id, [key], "99,5")
    with pytest.raises(UserError, match="'tall' is not a number"):
        curation.relabel(ws, made.id, [key], "tall")
    with pytest.raises(UserError, match="'1e300' is too large"):
        curation.relabel(ws, made.id, [key], "1e300")

    assert again.target.highest == 99.5
    assert again.classes == ()
