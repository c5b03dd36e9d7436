"""The Train page: a backbone of one's own, from what was found in its file to its end."""

import pytest

from core import datasets, files, runs, trash
from core.backbones import bringing, store
from core.records import Accuracy, TrainConfig
from core.records.backbones import BroughtModel, FoundModel, RangeTrial, TriedRange
from core.workspace import Workspace
from tests import own_backbones
from tests.builders import make_dataset, make_run
from tests.pages.conftest import dotted_captions

pytestmark = pytest.mark.usefixtures("train_nowhere")
KEY = "20260101-000000-abcdef"
SCORE = Accuracy(accuracy=0.9, low=0.8, high=0.95, images=28, majority=0.5)


def wait(ws: Workspace, **changed: object) -> None:
    """Have a file looked through that waits for its range of pixels."""
    folder = bringing.waiting(ws, KEY)
    folder.path.mkdir(parents=True)
    folder.model.write_bytes(b"a model")
    files.write_record(folder.facts, own_backbones.facts("", ""))
    values = {"file": "my *net*.keras", "sha256": "0" * 64,
              "found": FoundModel(cut_off=7, pixels="")}  # fmt: skip
    files.write_record(folder.brought, BroughtModel(**(values | changed)))  # type: ignore[arg-type]


def waiting(open_page):
    app = open_page("train")
    app.session_state["own-waiting"] = KEY
    app.toggle(key="bring-own").set_value(True).run()
    assert not app.exception
    return app


def field(app, kind: str, name: str):
    [found] = [element for element in app.get(kind) if (element.key or "").startswith(name)]
    return found


def test_what_was_found_is_shown_and_its_range_must_be_chosen(ws: Workspace, open_page):
    make_dataset(ws)
    wait(ws)

    app = waiting(open_page)

    badges = " ".join(m.value for m in app.get("markdown"))
    for told in ("2 blocks", "images of 64 pixels; others work too", r"my \*net\*"):
        assert told in badges
    assert any("7 numbers" in caption.value for caption in app.caption)
    assert app.button(key="own-keep").disabled
    field(app, "radio", "own-pixels").set_value("signed").run()
    app.button(key="own-keep").click().run()
    assert not app.exception
    [name] = store.names(ws)
    assert store.brought(ws, name).pixels == "signed"
    assert field(app, "selectbox", "backbone@").value == name
    app.button(key="start").click().run()
    [run_id] = runs.ids(ws)
    config = runs.get(ws, run_id).config
    assert (config.backbone, config.image_size) == (name, 64)


def test_what_was_tried_is_shown_with_its_ties(ws: Workspace, open_page):
    make_dataset(ws)
    ranges = (
        TriedRange(pixels="0-1", accuracy=SCORE),
        TriedRange(pixels="signed", accuracy=SCORE),
        TriedRange(pixels="caffe", accuracy=SCORE, is_worse=True),
    )
    wait(ws, trial=RangeTrial(ranges=ranges), pixels="0-1")

    app = waiting(open_page)

    assert field(app, "radio", "own-pixels").value == "0-1"
    told = [caption.value for caption in app.caption]
    assert "Your images cannot tell these apart: 0 to 1, -1 to 1." in told
    assert sum("90% right" in m.value for m in app.get("markdown")) == 3


def test_a_range_that_its_layers_tell_is_said(ws: Workspace, open_page):
    make_dataset(ws)
    wait(ws, found=FoundModel(cut_off=0, pixels="0-255"), pixels="0-255")

    app = waiting(open_page)

    assert field(app, "radio", "own-pixels").value == "0-255"
    assert any(c.value == "Its own first layers take 0 to 255." for c in app.caption)
    app.button(key="own-cancel").click().run()
    assert not bringing.waiting(ws, KEY).path.exists()
    assert not app.toggle(key="bring-own").value


def test_a_model_that_is_gone_is_said_and_another_can_be_brought(ws: Workspace, open_page):
    make_dataset(ws)

    app = waiting(open_page)

    assert any("not here any more" in (error.title or error.value) for error in app.error)
    app.run()
    assert not app.error


def test_a_backbone_is_deleted_while_it_is_chosen(ws: Workspace, open_page):
    make_dataset(ws)
    name = own_backbones.make(ws, title="My [net](x)")
    app = open_page("train")
    field(app, "selectbox", "backbone@").set_value(name).run()
    assert not app.exception
    assert any("what it brought along" in told for told in dotted_captions(app))

    assert not app.warning
    runs.create(ws, TrainConfig(dataset_id="d", backbone=name))
    app.run()
    assert app.warning[0].value == "1 run still needs it and will fail."
    app.button(key="own-delete-really").click().run()

    assert not app.exception
    assert store.names(ws) == []
    assert [t.kind for t in trash.listing(ws)] == [trash.TrashKind.BACKBONE]
    assert field(app, "selectbox", "backbone@").value != name


def test_a_backbone_is_renamed_and_its_id_stays(ws: Workspace, open_page):
    make_dataset(ws)
    name = own_backbones.make(ws, title="model")
    app = open_page("train")
    field(app, "selectbox", "backbone@").set_value(name).run()

    field(app, "text_input", "own-title").set_value("Moths *2024*").run()
    app.button(key="own-rename-really").click().run()

    assert not app.exception
    assert store.names(ws) == [name]
    assert store.titles(ws) == {"Moths *2024*"}
    assert field(app, "selectbox", "backbone@").value == name


@pytest.mark.parametrize("is_there", [True, False])
def test_the_page_of_its_run_stands_with_and_without_it(is_there: bool, ws: Workspace, open_page):
    dataset = make_dataset(ws)
    name = own_backbones.make(ws)
    run_id = make_run(ws, config=TrainConfig(dataset_id=dataset.id, backbone=name))
    if not is_there:
        store.delete(ws, name)

    open_page("runs", run=run_id)
    app = open_page("train", clone=run_id)

    assert bool(app.error) is not is_there
    assert datasets.ids(ws)
