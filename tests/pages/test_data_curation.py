"""The Data page puts a data set in order: duplicates, label errors, classes, and the way back."""

import json
import time
from dataclasses import replace

from core import datasets, files
from core.datasets import curation, versions
from core.ingest import requests
from core.insights import searches
from core.insights.searches import Search, SearchStage
from core.judging.statistics import accuracy
from core.records import ImageRecord, Split
from core.workspace import Workspace
from tests import builders
from tests.core.insights.test_searches import embedding
from tests.pages.conftest import dotted_captions


def labels(page) -> list[str]:
    return [button.label for button in page.button]


def test_a_class_is_renamed_and_the_change_taken_back(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws)
    page = open_page("data", part="classes")

    page.selectbox(key="old_class-0").set_value("red")
    page.text_input(key="new_class-0").set_value("crimson")
    page.button(key="do_rename_class-0").click().run()

    assert [row.name for row in datasets.latest(ws, dataset.id).classes] == ["crimson", "green"]

    [undo] = [button for button in page.button if button.label == "Undo"]
    undo.click().run()

    assert [row.name for row in datasets.latest(ws, dataset.id).classes] == ["green", "red"]
    assert not page.exception


def test_a_name_that_is_taken_is_explained(ws: Workspace, open_page):
    builders.make_dataset(ws)
    page = open_page("data", part="classes")

    page.selectbox(key="old_class-0").set_value("red")
    page.text_input(key="new_class-0").set_value("green")
    page.button(key="do_rename_class-0").click().run()

    assert "There is a class called" in page.error[0].proto.title.replace("\\", "")


def test_the_same_photo_in_two_classes_is_shown_and_kept_in_one(ws: Workspace, open_page, tmp_path):
    folder = builders.write_folder(tmp_path / "colours")
    (folder / "green" / "same.png").write_bytes((folder / "red" / "red_0.png").read_bytes())
    dataset = requests.run(ws, requests.begin(ws, "colours"), source=folder)
    page = open_page("data", part="duplicates")

    [keep] = [button for button in page.button if button.label.endswith("'red'")]
    keep.click().run()

    assert not page.exception
    assert datasets.latest(ws, dataset.id).num_images == 16


def test_a_copy_on_the_other_side_of_a_given_split_is_not_said_to_stay_on_one(
    ws: Workspace, open_page, tmp_path
):
    folder = builders.write_folder(tmp_path / "colours")
    (folder / "red" / "same.png").write_bytes((folder / "red" / "red_0.png").read_bytes())
    dataset = requests.run(ws, requests.begin(ws, "colours"), source=folder)
    assert "Duplicates are kept on one side" in captions(open_page("data", part="duplicates"))
    listing = ws.dataset(dataset.id).listing()
    images = datasets.images(ws, dataset.id)
    files.write_records(listing, [_in_part_of_its_name(image) for image in images])
    files.write_record(ws.dataset(dataset.id).record, replace(dataset, fingerprint="given"))

    said = captions(open_page("data", part="duplicates"))

    assert "1 of these groups lies in more than one part of the split" in said
    assert "Duplicates are kept on one side" not in said
    assert "stays in one part" not in said


def _in_part_of_its_name(image: ImageRecord) -> ImageRecord:
    split = Split.TEST if image.file.endswith("same.png") else Split.TRAIN
    return replace(image, split=split)


def captions(page) -> str:
    return " ".join([*(caption.value for caption in page.caption), *dotted_captions(page)])


def test_the_copy_that_is_left_is_no_group(ws: Workspace, open_page, tmp_path):
    folder = builders.write_folder(tmp_path / "colours")
    (folder / "red" / "same.png").write_bytes((folder / "red" / "red_0.png").read_bytes())
    dataset = requests.run(ws, requests.begin(ws, "colours"), source=folder)
    assert "1 group of images stays in one part" in captions(open_page("data", part="classes"))
    [copy] = [i for i in datasets.images(ws, dataset.id) if i.file.endswith("same.png")]
    curation.exclude(ws, dataset.id, [versions.key(copy)])

    assert "stays in one part" not in captions(open_page("data", part="classes"))


def test_a_doubtful_label_is_shown_and_moved(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws, num=20)
    searches.run(ws, dataset.id, embedding(ws))
    page = open_page("data", part="label-errors")

    move, *_ = [button for button in page.button if (button.key or "").startswith("move-0")]
    assert move.label == "Move to 'green'"
    move.click().run()

    assert not page.exception
    assert [toast.value for toast in page.toast] == ["1 image was moved to 'green'\\."]
    changed = datasets.latest(ws, dataset.id)
    assert {c.name: c.count for c in changed.classes} == {"green": 21, "red": 19}


def test_a_doubtful_label_is_kept_for_good_and_undo_brings_the_doubt_back(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws, num=20)
    searches.run(ws, dataset.id, embedding(ws))
    page = open_page("data", part="label-errors")

    keep, *others = kept_buttons(page)
    keep.click().run()

    assert [button.key for button in kept_buttons(page)] == [button.key for button in others]
    later = open_page("data", part="label-errors")
    assert keep.key not in [button.key for button in kept_buttons(later)]
    [undo] = [button for button in later.button if button.label == "Undo"]
    undo.click().run()
    assert keep.key in [button.key for button in kept_buttons(later)]


def test_the_safe_answer_to_a_doubt_is_the_largest_and_the_judge_is_introduced(
    ws: Workspace, open_page
):
    dataset = builders.make_dataset(ws, num=20)
    searches.run(ws, dataset.id, embedding(ws))

    page = open_page("data", part="label-errors")

    kinds = {button.label: button.proto.type for button in page.button}
    assert kinds["Keep"] == "primary"
    assert {kinds["Move to 'green'"], kinds["Leave out"]} == {"tertiary"}
    said = " ".join(caption.value for caption in page.caption)
    assert "The judge itself is right about 91% (77% to 97%) of the labels, on 34 images" in said
    assert "so few images cannot show how many of these labels are truly wrong" in said


def test_the_many_doubts_of_an_earlier_version_can_be_searched_again(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws, num=20)
    searches.run(ws, dataset.id, embedding(ws))
    path = ws.dataset(dataset.id).search
    old = json.loads(path.read_text())
    del old["judge"]
    path.write_text(json.dumps(old))

    page = open_page("data", part="label-errors")

    assert "Look again" in labels(page)
    assert any("called far too many" in caption.value for caption in page.caption)
    assert len(kept_buttons(page)) == 1


def test_a_judge_that_only_guesses_gives_no_clean_bill(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws, num=20)
    judge = accuracy(20, 34, largest_class=17)
    done = Search(stage=SearchStage.DONE, version=0, began_at=time.time(), judge=judge)
    files.write_record(ws.dataset(dataset.id).search, done)

    page = open_page("data", part="label-errors")

    said = " ".join(element.value for element in page.markdown)
    assert "not surely better than a guess" in said
    assert "No label looks wrong" not in said


def test_no_finding_is_not_called_a_proof(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws, num=20)
    judge = accuracy(30, 34, largest_class=17)
    done = Search(stage=SearchStage.DONE, version=0, began_at=time.time(), judge=judge)
    files.write_record(ws.dataset(dataset.id).search, done)

    page = open_page("data", part="label-errors")

    said = " ".join(element.value for element in page.markdown)
    assert "That does not show that every label is right." in said


def test_labels_that_somebody_kept_are_not_said_to_look_right(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws, num=20)
    searches.run(ws, dataset.id, embedding(ws))
    found = files.read_record(ws.dataset(dataset.id).search, Search).label_issues
    curation.keep(ws, dataset.id, [key for key, _ in found])

    page = open_page("data", part="label-errors")

    said = " ".join(element.value for element in page.markdown)
    assert "None is left of the possible label errors that were found." in said
    assert "No label looks wrong" not in said


def kept_buttons(page) -> list:
    return [button for button in page.button if (button.key or "").startswith("keep-")]


def test_without_a_search_the_page_offers_to_look(ws: Workspace, open_page):
    builders.make_dataset(ws)

    assert "Find label errors" in labels(open_page("data", part="label-errors"))


def test_a_search_under_way_is_shown_to_whoever_opens_the_page(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws)
    under_way = Search(stage=SearchStage.LOOKING, version=0, began_at=time.time())
    files.write_record(ws.dataset(dataset.id).search, under_way)
    ws.embeddings.mkdir(parents=True)
    ws.embedded(dataset.id, 0).write_text("0.420")

    for _ in range(2):
        page = open_page("data", part="label-errors")

        [progress] = page.get("progress")
        assert "Step 1 of 2" in progress.proto.text
        assert progress.proto.value == 42
        assert "Find label errors" not in labels(page)


def test_a_search_that_was_interrupted_says_so_and_can_be_started_again(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws)
    cut_off = Search(stage=SearchStage.LOOKING, version=0, began_at=time.time() - 3600)
    files.write_record(ws.dataset(dataset.id).search, cut_off)

    page = open_page("data", part="label-errors")

    assert "interrupted" in page.error[0].proto.title
    assert "Find label errors" in labels(page)


def test_images_that_changed_since_can_be_searched_again(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws, num=20)
    searches.run(ws, dataset.id, embedding(ws))
    assert "Look again" not in labels(open_page("data", part="label-errors"))

    curation.exclude_class(ws, dataset.id, "red")

    assert "Look again" in labels(open_page("data", part="label-errors"))


def test_the_price_of_a_leak_is_shown(ws: Workspace, open_page, tmp_path):
    folder = builders.write_folder(tmp_path / "colours", num=20)
    for copy in range(3):
        original = (folder / "red" / f"red_{copy}.png").read_bytes()
        (folder / "red" / f"copy_{copy}.png").write_bytes(original)
    dataset = requests.run(ws, requests.begin(ws, "colours"), source=folder)
    searches.run(ws, dataset.id, embedding(ws))
    page = open_page("data", part="duplicates")

    assert "With images of one group on both sides" in [metric.label for metric in page.metric]
    assert any("Chance alone can do that" in element.value for element in page.markdown)


def test_the_quality_report_shows_what_is_odd(ws: Workspace, open_page, tmp_path):
    folder = builders.write_folder(tmp_path / "colours", num=6)
    dataset = requests.run(ws, requests.begin(ws, "colours"), source=folder)

    page = open_page("data", part="quality", dataset=dataset.id)

    shown = " ".join(element.value.replace("\\", "") for element in page.markdown)
    assert "2 classes have fewer than 20 images: green, red." in shown
