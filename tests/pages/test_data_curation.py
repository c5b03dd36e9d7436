"""The Data page puts a data set in order: doubles, doubts, quality, classes, and the way back."""

import numpy as np

from core import datasets
from core.ingest import requests
from core.records import Split
from core.workspace import Workspace
from tests import builders


def labels(page) -> list[str]:
    return [button.label for button in page.button]


def test_a_class_is_renamed_and_the_change_taken_back(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws)
    page = open_page("data", part="tidy")

    page.selectbox(key="old_class").set_value("red")
    page.text_input(key="new_class").set_value("crimson")
    page.button(key="do_rename_class").click().run()

    assert [row.name for row in datasets.latest(ws, dataset.id).classes] == ["crimson", "green"]

    [undo] = [button for button in page.button if button.label == "Undo"]
    undo.click().run()

    assert [row.name for row in datasets.latest(ws, dataset.id).classes] == ["green", "red"]
    assert not page.exception


def test_a_name_that_is_taken_is_explained(ws: Workspace, open_page):
    builders.make_dataset(ws)
    page = open_page("data", part="tidy")

    page.selectbox(key="old_class").set_value("red")
    page.text_input(key="new_class").set_value("green")
    page.button(key="do_rename_class").click().run()

    assert "There is a class called" in page.error[0].proto.title.replace("\\", "")


def test_the_same_photo_in_two_classes_is_shown_and_kept_in_one(ws: Workspace, open_page, tmp_path):
    folder = builders.write_folder(tmp_path / "colours")
    (folder / "green" / "same.png").write_bytes((folder / "red" / "red_0.png").read_bytes())
    dataset = requests.run(ws, requests.begin(ws, "colours"), source=folder)
    page = open_page("data", part="doubles")

    [keep] = [button for button in page.button if button.label.endswith("'red'")]
    keep.click().run()

    assert not page.exception
    assert datasets.latest(ws, dataset.id).num_images == 16


def write_features(ws: Workspace, dataset, wrong: str) -> None:
    """Write features as the engine does: two clouds, and one image in the wrong one."""
    chance = np.random.default_rng(0)
    images = [i for i in datasets.images(ws, dataset.id) if i.split is not Split.TEST]
    side = [(i.label == "red") != (i.file == wrong) for i in images]
    vectors = 0.1 * chance.normal(size=(len(images), 8)) + np.array(side)[:, None]
    path = ws.embedding(dataset.id, 0)
    path.parent.mkdir(parents=True)
    contents = np.array([i.content for i in images])
    np.savez(path, contents=contents, vectors=vectors.astype(np.float32))


def test_a_doubtful_label_is_shown_and_moved(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws, num=20)
    write_features(ws, dataset, wrong="red/3.png")
    page = open_page("data", part="doubts")

    move, *_ = [button for button in page.button if (button.key or "").startswith("doubt-move")]
    assert move.label == "Move to 'green'"
    move.click().run()

    assert not page.exception
    changed = datasets.latest(ws, dataset.id)
    assert {c.name: c.count for c in changed.classes} == {"green": 21, "red": 19}


def test_a_doubtful_label_is_kept_for_good_and_undo_brings_the_doubt_back(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws, num=20)
    write_features(ws, dataset, wrong="red/3.png")
    page = open_page("data", part="doubts")

    keep, *others = kept_buttons(page)
    keep.click().run()

    assert [button.key for button in kept_buttons(page)] == [button.key for button in others]
    later = open_page("data", part="doubts")
    assert keep.key not in [button.key for button in kept_buttons(later)]
    [undo] = [button for button in later.button if button.label == "Undo"]
    undo.click().run()
    assert keep.key in [button.key for button in kept_buttons(later)]


def kept_buttons(page) -> list:
    return [button for button in page.button if (button.key or "").startswith("doubt-keep")]


def test_without_features_the_page_offers_to_look(ws: Workspace, open_page):
    builders.make_dataset(ws)

    assert "Look for wrong labels" in labels(open_page("data", part="doubts"))


def test_the_price_of_a_leak_is_shown(ws: Workspace, open_page, tmp_path):
    folder = builders.write_folder(tmp_path / "colours", num=20)
    for copy in range(3):
        original = (folder / "red" / f"red_{copy}.png").read_bytes()
        (folder / "red" / f"copy_{copy}.png").write_bytes(original)
    dataset = requests.run(ws, requests.begin(ws, "colours"), source=folder)
    write_features(ws, dataset, wrong="none")
    page = open_page("data", part="doubles")

    assert "With copies on both sides" in [metric.label for metric in page.metric]
    assert any("Chance alone can do that" in element.value for element in page.markdown)


def test_the_quality_report_shows_what_is_odd(ws: Workspace, open_page, tmp_path):
    folder = builders.write_folder(tmp_path / "colours", num=6)
    dataset = requests.run(ws, requests.begin(ws, "colours"), source=folder)

    page = open_page("data", part="quality", dataset=dataset.id)

    shown = " ".join(element.value.replace("\\", "") for element in page.markdown)
    assert "2 classes have fewer than 20 images: green, red." in shown
