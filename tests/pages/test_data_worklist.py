"""The Data page's worklist: one list with counts, and what was decided does not come back."""

import shutil
from dataclasses import replace

import pytest

from core import datasets, files
from core.datasets import duplicates
from core.ingest import requests
from core.insights import searches
from core.records import Dataset, Split
from core.workspace import Workspace
from tests import builders
from tests.core.insights.test_searches import embedding


@pytest.fixture(scope="module")
def brought_once(tmp_path_factory) -> tuple[Workspace, Dataset]:
    """Bring in two classes: a photo in both, one twice, three files that are no images."""
    root = tmp_path_factory.mktemp("brought")
    folder = builders.write_folder(root / "colours", num=20)
    for place, copy in enumerate(("green/both.png", "red/again.png")):
        (folder / copy).write_bytes((folder / "red" / f"red_{place}.png").read_bytes())
    for name in ("empty_1", "empty_2"):
        (folder / "red" / f"{name}.jpg").write_bytes(b"")
    (folder / "green" / "notes.jpg").write_bytes(b"no image at all")
    ws = Workspace(root / "workspace")
    return ws, requests.run(ws, requests.begin(ws, "colours"), source=folder)


@pytest.fixture
def dataset(brought_once, ws: Workspace) -> Dataset:
    shutil.copytree(brought_once[0].root, ws.root)
    return brought_once[1]


def sections(page) -> list[str]:
    return page.get_by_key("pick-kind").options


def press(page, label: str):
    [button, *_] = [button for button in page.button if button.label == label]
    return button.click().run()


def test_the_gravest_comes_first_and_each_section_has_its_count(open_page, dataset):
    page = open_page("data", part="check")

    assert sections(page) == [
        "All (7)",
        "Duplicates (2)",
        "Possible label errors",
        "Refused files (3)",
        "Quality (2)",
    ]
    said = " ".join(element.value.replace("\\", "") for element in page.markdown)
    places = [
        said.index(text)
        for text in (
            "The same photo is in 'green', 'red'.",
            "2 files were refused.",
            "'green/notes.jpg' was refused.",
            "The background of 'green' has another colour",
            "The same photo is there 2 times.",
        )
    ]
    assert places == sorted(places)


def test_a_label_issue_is_counted_once_there_was_a_search(ws: Workspace, open_page, dataset):
    searches.run(ws, dataset.id, embedding(ws))

    assert "Possible label errors (1)" in sections(open_page("data", part="check"))


def test_what_is_kept_does_not_come_back_until_it_is_undone(ws: Workspace, open_page, dataset):
    page = open_page("data", part="check")

    press(page, "Keep all")
    press(page, "Go on without")
    assert sections(page)[:4] == [
        "All (4)",
        "Duplicates (1)",
        "Possible label errors",
        "Refused files (1)",
    ]
    newest = datasets.latest(ws, dataset.id)
    assert (newest.version, newest.num_images) == (2, dataset.num_images)
    assert sections(open_page("data", part="check")) == sections(page)

    press(page, "Undo")
    assert sections(page)[3] == "Refused files (3)"
    press(page, "Undo")
    assert sections(page)[0] == "All (7)"
    assert not page.exception


def test_all_that_was_kept_leaves_an_empty_list_that_says_so(ws: Workspace, open_page, dataset):
    page = open_page("data", part="duplicates")

    press(page, "Keep all")
    press(page, "Keep all")

    assert "Nothing is left here" in " ".join(caption.value for caption in page.caption)


def test_two_classes_that_share_a_photo_are_merged_from_the_list(ws: Workspace, open_page, dataset):
    page = open_page("data", part="duplicates")

    press(page, "Make 'green' and 'red' one class")

    assert [row.name for row in datasets.latest(ws, dataset.id).classes] == ["green"]
    assert not page.exception


def test_copies_are_left_out_at_once(ws: Workspace, open_page, dataset):
    page = open_page("data", part="duplicates")

    press(page, "Keep one of each")

    assert datasets.latest(ws, dataset.id).num_images == dataset.num_images - 1
    assert "Duplicates (1)" in sections(page)


def test_a_section_is_in_the_address_and_its_items_alone_are_shown(open_page, dataset):
    page = open_page("data", part="check", kind="files")

    said = " ".join(element.value.replace("\\", "") for element in page.markdown)
    assert "2 files were refused." in said
    assert "The same photo is there" not in said


def test_an_odd_image_of_the_test_part_stays_closed(ws: Workspace, open_page, dataset):
    folder, images = ws.dataset(dataset.id), datasets.images(ws, dataset.id)
    odd = next(i for i in images if i.split is Split.TEST and not i.group)
    signatures = [
        replace(s, signature=s.signature[:16] + "00" * 192) if s.content == odd.content else s
        for s in duplicates.signatures(ws, dataset.id)
    ]
    files.write_records(folder.signatures, signatures)

    page = open_page("data", part="quality")

    said = " ".join(element.value.replace("\\", "") for element in page.markdown)
    assert "1 image is very dark." in said
    assert any("1 test image stays closed" in caption.value for caption in page.caption)


def test_images_are_found_by_a_part_of_their_name(open_page, dataset):
    page = open_page("data")

    page.text_input(key="sought").set_value("GREEN_1").run()

    shown = [caption.value for caption in page.caption if "stay" in caption.value]
    found, closed = (int(text.split()[0]) for text in shown[0].split(" · :material/lock: "))
    assert found + closed == 11  # green_1 and green_10 to green_19
