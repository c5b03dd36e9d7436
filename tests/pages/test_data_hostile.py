"""The pages after curation by somebody who does not mean well."""

import shutil

import pytest

from core import datasets, runs
from core.datasets import curation
from core.ingest import requests
from core.insights import searches
from core.records import Dataset, State, TrainConfig
from core.workspace import Workspace
from tests import builders
from tests.core.insights.test_searches import embedding

NASTY = "# **b** [x](http://e) :red[r] $y$ `c` ![i](http://e/i.png)"
PARTS = ["images", "check", "add"]
FORMER = ["classes", "quality", "duplicates", "label-errors", "edit", "files", "doubts"]


@pytest.fixture(scope="module")
def brought_once(tmp_path_factory) -> tuple[Workspace, Dataset]:
    """Bring in two classes, with one photo in both and one twice."""
    root = tmp_path_factory.mktemp("brought")
    folder = builders.write_folder(root / "colours", num=12)
    for place, copy in enumerate(("green/red_0.png", "red/again.png")):
        (folder / copy).write_bytes((folder / "red" / f"red_{place}.png").read_bytes())
    ws = Workspace(root / "workspace")
    return ws, requests.run(ws, requests.begin(ws, "colours"), source=folder)


@pytest.fixture
def dataset(brought_once, ws: Workspace) -> Dataset:
    """Give what was brought in to the workspace of a test."""
    shutil.copytree(brought_once[0].root, ws.root)
    return brought_once[1]


def written(page) -> list[str]:
    """Give every text that is drawn as Markdown."""
    texts = [
        e.value for kind in ("markdown", "caption", "warning", "error") for e in page.get(kind)
    ]
    labels = [e.label for kind in ("button", "metric", "status") for e in page.get(kind)]
    return [*texts, *labels, *(str(metric.delta) for metric in page.metric)]


@pytest.mark.parametrize("part", [*PARTS, *FORMER])
def test_a_class_name_is_never_read_as_markdown(ws: Workspace, open_page, dataset, part):
    curation.rename_class(ws, dataset.id, "red", NASTY)
    searches.run(ws, dataset.id, embedding(ws))
    curation.exclude(ws, dataset.id, [f"{i.content}:{i.file}" for i in _last(ws, dataset)])

    page = open_page("data", part=part)

    assert not page.exception
    assert not [text for text in written(page) if "**b**" in text or "[x](http" in text]


def _last(ws: Workspace, dataset):
    images = datasets.images(ws, dataset.id, datasets.latest(ws, dataset.id).version)
    return images[:2]


@pytest.mark.parametrize("part", PARTS)
def test_a_data_set_of_one_class_can_be_looked_at(ws: Workspace, open_page, dataset, part):
    curation.merge_classes(ws, dataset.id, ["red", "green"], "all")

    page = open_page("data", part=part)

    assert not page.exception
    if part == "images":
        assert page.metric[1].value == "1"


def test_links_of_old_open_the_tab_that_was_meant(open_page, dataset):
    meant = {
        "classes": ("images", None),
        "edit": ("images", None),
        "tidy": ("images", None),
        "files": ("check", "files"),
        "quality": ("check", "quality"),
        "duplicates": ("check", "duplicates"),
        "doubles": ("check", "duplicates"),
        "label-errors": ("check", "label-errors"),
        "doubts": ("check", "label-errors"),
    }
    page = open_page("data")
    opened = {}

    for old in meant:
        page.query_params["part"] = old
        page.run()
        tab = page.session_state["pick-part"]
        opened[old] = (tab, page.session_state["pick-kind"] if tab == "check" else None)

    assert opened == meant
    assert not page.exception


def test_an_old_link_to_what_was_a_tab_of_its_own_opens_what_became_of_it(open_page, dataset):
    assert not open_page("data").dataframe
    assert open_page("data", part="classes").dataframe
    assert open_page("data", part="files").get("link_button")[0].label == "Download as CSV"
    assert open_page("data", view="bring").session_state["pick-part"] == "add"


def test_a_class_left_out_of_training_may_be_gone_when_a_run_is_cloned(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws, num=24, classes=("blue", "green", "red"))
    config = TrainConfig(dataset_id=dataset.id, left_out=("blue",))
    run_id = runs.create(ws, config)

    curation.rename_class(ws, dataset.id, "blue", "azure")
    page = open_page("train", clone=run_id)

    assert not page.exception


def test_a_class_left_out_on_the_train_page_may_be_renamed_meanwhile(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws, num=24, classes=("blue", "green", "red"))
    page = open_page("train")
    page.multiselect(key=f"left_out@{dataset.id}").select("blue").run()

    curation.rename_class(ws, dataset.id, "blue", "azure")
    page.run()

    assert not page.exception


def test_an_undo_button_of_an_old_tab_takes_back_nothing_of_a_newer_one(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws)
    curation.rename_class(ws, dataset.id, "red", "crimson")
    old_tab = open_page("data", part="classes")
    newer = curation.rename_class(ws, dataset.id, "green", "lime")

    [undo] = [button for button in old_tab.button if button.label == "Undo"]
    undo.click().run()

    assert datasets.latest(ws, dataset.id) == newer
    assert not old_tab.exception


def test_a_form_of_an_old_tab_changes_no_other_class(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws, classes=("amber", "green", "red"))
    old_tab = open_page("data", part="classes")
    old_tab.selectbox(key="excluded_class-0").set_value("red").run()
    newer = curation.rename_class(ws, dataset.id, "red", "crimson")

    old_tab.button(key="do_exclude_class-0").click().run()

    assert datasets.latest(ws, dataset.id) == newer
    assert not old_tab.exception


def test_a_button_of_an_old_tab_leaves_no_other_photo_out(ws: Workspace, open_page, dataset):
    old_tab = open_page("data", part="duplicates")
    [keep] = [button for button in old_tab.button if button.label == "Keep in 'red'"]
    [image] = [i for i in datasets.images(ws, dataset.id) if i.file == "green/red_0.png"]
    newer = curation.exclude(ws, dataset.id, [f"{image.content}:{image.file}"])

    keep.click().run()

    assert datasets.latest(ws, dataset.id) == newer


def test_a_data_set_deleted_in_another_tab_is_gone_without_an_error(ws: Workspace, open_page):
    builders.make_dataset(ws, name="kept")
    dataset = builders.make_dataset(ws, name="old")
    tab = open_page("data", part="classes", dataset=dataset.id)

    datasets.delete(ws, dataset.id)
    [rename] = [button for button in tab.button if button.key == "do_rename_class-0"]
    rename.click().run()

    assert not tab.exception


@pytest.mark.parametrize("name", ["data", "train"])
def test_an_old_link_to_a_data_set_that_is_gone_says_so(ws: Workspace, open_page, name):
    dataset = builders.make_dataset(ws)

    assert "is gone" in "".join(c.value for c in open_page(name, dataset="gone").caption)
    assert "is gone" not in "".join(c.value for c in open_page(name, dataset=dataset.id).caption)


def test_a_run_whose_images_are_gone_is_not_cloned_with_others(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws, name="old")
    run_id = runs.create(ws, TrainConfig(dataset_id=dataset.id))
    datasets.delete(ws, dataset.id)
    builders.make_dataset(ws, name="new")

    page = open_page("train", clone=run_id)

    assert "was deleted" in page.error[0].proto.title
    page.button(key="afresh").click().run()
    assert not page.error


def test_a_link_to_clone_nonsense_leads_to_a_fresh_start(ws: Workspace, open_page):
    builders.make_dataset(ws)

    page = open_page("train", clone="nonsense")
    page.button(key="afresh").click().run()

    assert not page.error
    assert page.selectbox(key="pick-dataset").value


def test_deleting_tells_of_runs_that_still_learn_from_it(ws: Workspace, open_page):
    dataset = builders.make_dataset(ws)
    builders.make_run(ws, state=State.RUNNING, config=TrainConfig(dataset_id=dataset.id))
    builders.make_run(ws, state=State.DONE, config=TrainConfig(dataset_id=dataset.id))
    page = open_page("data")

    page.button(key="delete").click().run()

    assert "1 run still needs it and will fail" in page.warning[-1].value
