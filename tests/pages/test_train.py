"""The Train page: the dial, the choices behind it, and Start."""

import json
import re
from dataclasses import fields, replace
from typing import Any

import pytest

from core import files, locks, runs
from core.errors import UserError
from core.models import catalog
from core.models.setting_texts import SETTINGS
from core.records import TrainConfig
from tests.builders import make_dataset, make_run

KEEPER = "For the person who looks after this computer"
FOR_STUDIES = ("fold", "most_images")  # no field of the form
NUMBERS = [
    f.name
    for f in fields(TrainConfig)
    if f.type in (int, float) and f.name not in ("dataset_version", *FOR_STUDIES)
]
pytestmark = pytest.mark.usefixtures("train_nowhere")


def started(app, ws) -> TrainConfig:
    """Press Start and give what was put on the queue."""
    app.button(key="start").click().run()
    assert not app.exception
    [run_id] = runs.ids(ws)
    return runs.get(ws, run_id).config


def field(app, kind: str, name: str):
    """Find a field by the setting it stands for."""
    [found] = [element for element in app.get(kind) if (element.key or "").startswith(f"{name}@")]
    return found


def component(app, part: str) -> dict[str, Any]:
    """Give what the component that draws this part was told."""
    told = [json.loads(element.proto.json) for element in app.get("bidi_component")]
    [found] = [data for data in told if part in data]
    return found


def summary(app) -> str:
    """Give what stands above Start."""
    [found] = [m.value for m in app.get("markdown") if " pixels" in m.value]
    return found


def from_scratch(app):
    return field(app, "segmented_control", "weights").set_value("none").run()


def in_steps(app):
    """Have the head learn in steps, with what can be chosen for that."""
    return field(app, "selectbox", "optimizer").set_value("adam").run()


def test_without_images_the_page_invites_to_bring_some(open_page):
    app = open_page("train")

    assert "There are no images yet." in [title.value for title in app.subheader]


@pytest.mark.parametrize("preset", ["quick", "balanced", "thorough"])
def test_each_position_of_the_dial_is_a_complete_training(open_page, ws, preset):
    dataset = make_dataset(ws, num=24)
    app = from_scratch(open_page("train", preset=preset))

    config = started(app, ws)

    assert (config.dataset_id, config.preset, config.weights) == (dataset.id, preset, "none")


def test_why_tiles_are_made_smaller_than_other_images_is_said(open_page, ws):
    make_dataset(ws, side=64)
    app = open_page("train", preset="balanced")

    assert any("160 pixels instead of 224" in said.value for said in app.caption)
    assert field(app, "number_input", "image_size").value == 160

    field(app, "number_input", "image_size").set_value(224).run()

    assert not any("instead of" in said.value for said in app.caption)
    assert started(app, ws).image_size == 224


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_out_of_range_is_named_as_its_field_is(name):
    with pytest.raises(UserError) as refused:
        TrainConfig(dataset_id="colours-0000", **{name: -3})

    assert str(refused.value.problem.what) == f"{SETTINGS[name]} was -3."


def test_choices_of_a_few_go_on_in_a_second_line_on_a_phone(open_page, ws):
    make_dataset(ws)

    app = in_steps(open_page("train"))

    assert all(field(app, "segmented_control", name).proto.wrap for name in ("schedule", "pooling"))


def test_start_opens_the_page_of_the_run(open_page, ws):
    make_dataset(ws)
    app = from_scratch(open_page("train"))

    started(app, ws)

    assert app.query_params["run"] == runs.ids(ws)[0]
    assert app.button(key="stop")


def test_after_start_the_page_remembers_what_was_chosen(open_page, ws):
    make_dataset(ws)
    app = in_steps(from_scratch(open_page("train", preset="quick")))
    field(app, "number_input", "epochs").set_value(3).run()
    field(app, "selectbox", "augmentation").set_value("light").run()
    before = started(app, ws)

    app.switch_page("train.py").run()

    assert component(app, "cards")["chosen"] == "quick"
    app.button(key="start").click().run()
    assert runs.get(ws, runs.ids(ws)[-1]).config == before


def test_a_class_that_is_too_small_is_named_and_can_be_left_out(open_page, ws):
    dataset = make_dataset(ws, num=3, classes=("blue", "green", "red"))
    app = open_page("train")

    assert "'blue'" in app.error[0].proto.title.replace("\\", "")
    assert app.button(key="start").disabled

    app.multiselect(key=f"left_out@{dataset.id}").select("blue").run()

    assert "'green'" in app.error[0].proto.title.replace("\\", "")


def test_a_data_set_of_one_class_leads_to_adding_images_of_another(open_page, ws):
    dataset = make_dataset(ws, classes=("red",))
    app = open_page("train")
    assert not app.multiselect

    app.button(key="add_images").click().run()

    assert app.query_params["dataset"] == dataset.id
    assert app.selectbox(key="add_into")


def test_what_is_chosen_is_what_is_trained(open_page, ws):
    make_dataset(ws)
    app = in_steps(from_scratch(open_page("train", preset="quick")))
    field(app, "number_input", "hidden_units").set_value(16).run()
    field(app, "number_input", "epochs").set_value(3)
    field(app, "number_input", "image_size").set_value(64)
    field(app, "selectbox", "optimizer").set_value("sgd")
    field(app, "selectbox", "augmentation").set_value("light")
    app.run()

    field(app, "toggle", "flips").set_value(True).run()
    config = started(app, ws)

    assert (config.epochs, config.image_size, config.hidden_units) == (3, 64, 16)
    assert (config.optimizer, config.augmentation, config.flips) == ("sgd", "light", False)


def test_what_is_chosen_is_handed_over_to_be_made_ready_before_start(open_page, ws):
    make_dataset(ws)
    with locks.hold(ws.app_lock):
        app = open_page("train", preset="quick")
        field(app, "number_input", "image_size").set_value(96).run()
        chosen = files.read_record(ws.chosen, TrainConfig)
        assert not runs.ids(ws)

        assert started(app, ws) == chosen

    assert (chosen.backbone, chosen.image_size) == ("ThawStarter", 96)


def test_a_bad_value_is_a_sentence_and_nothing_starts(open_page, ws):
    make_dataset(ws)
    app = in_steps(open_page("train"))

    field(app, "number_input", "batch_size").set_value(0).run()

    assert not app.exception
    assert "Batch size was 0" in app.error[0].proto.title
    assert "start" not in [button.key for button in app.button]


def test_missing_weights_are_said_in_plain_words_with_the_other_way_on(open_page, ws):
    make_dataset(ws)
    app = open_page("train")

    field(app, "selectbox", "backbone").set_value("VGG16").run()

    assert missing(app) == ["VGG 16 (59 MB) is not on this machine yet"]
    [keeper] = [p for p in app.get("popover") if p.proto.popover.label == KEEPER]
    assert "vgg16" in keeper.caption[0].value.replace("\\", "")
    assert app.button(key="start").label == "Download 59 MB and start"
    other = app.button(key="take").label.replace("\\", "")
    assert other == "Use Thaw Starter (offline) instead"

    app.button(key="take").click().run()

    assert field(app, "selectbox", "backbone").value == "ThawStarter"
    assert app.button(key="start").label == "Start training"


def missing(app) -> list[str]:
    """Give what the chip says of weights that are not here."""
    badges = [m.value for m in app.get("markdown") if "not on this machine" in m.value]
    return [re.sub(r"^.*?cloud_download: *|\]$", "", text).replace("\\", "") for text in badges]


def test_the_backbone_that_the_dial_would_take_is_one_press_away_and_back(open_page, ws):
    make_dataset(ws)
    app = open_page("train")
    assert missing(app) == ["MobileNetV2 is not on this machine yet"]
    assert app.button(key="take").label == "Use it (9 MB to download)"

    app.button(key="take").click().run()

    assert field(app, "selectbox", "backbone").value == "MobileNetV2"
    assert missing(app) == ["MobileNetV2 (9 MB) is not on this machine yet"]
    assert app.button(key="start").label == "Download 9 MB and start"

    app.button(key="take").click().run()

    assert field(app, "selectbox", "backbone").value == "ThawStarter"


def test_backbones_that_are_here_are_marked_in_the_list(open_page, ws):
    make_dataset(ws)
    listed = field(open_page("train"), "selectbox", "backbone").options

    assert "Thaw Starter (offline) · on this machine" in listed
    assert "VGG 16 · 59 MB" in listed


def test_a_clone_keeps_every_setting_but_the_one_that_is_changed(open_page, ws):
    dataset = make_dataset(ws)
    config = TrainConfig(dataset_id=dataset.id, weights="none", freeze="block_12", epochs=17,
                         fine_tune_epochs=2, optimizer="rmsprop", cloned_from="")  # fmt: skip
    origin = make_run(ws, config=config)
    app = open_page("train", clone=origin)

    field(app, "number_input", "learning_rate").set_value(0.01).run()
    app.button(key="start").click().run()

    clone = runs.get(ws, runs.ids(ws)[-1]).config
    assert clone == replace(config, learning_rate=0.01, cloned_from=origin)


def test_the_page_says_when_features_will_not_fit(open_page, ws, monkeypatch):
    dataset = make_dataset(ws)
    config = TrainConfig(dataset_id=dataset.id, weights="none", freeze="block_12",
                         fine_tune_epochs=2)  # fmt: skip
    origin = make_run(ws, config=config)
    monkeypatch.setenv("THAW_CACHE_GB", "0.00001")

    app = open_page("train", clone=origin)

    captions = [caption.value.replace("\\", "") for caption in app.caption]
    assert sum("runs again whenever they are needed" in caption for caption in captions) == 1


def test_every_backbone_can_be_chosen(open_page, ws):
    make_dataset(ws)
    app = open_page("train")

    for name in list(catalog.BACKBONES)[::6]:
        field(app, "selectbox", "backbone").set_value(name).run()

        assert not app.exception, name
        assert not app.error, name


def test_the_preview_shows_the_users_own_images(open_page, ws):
    make_dataset(ws)
    app = open_page("train")

    field(app, "selectbox", "augmentation").set_value("standard").run()

    assert not app.exception
    assert any("Your images" in caption.value for caption in app.caption)


def test_without_a_network_nothing_is_begun_and_the_page_says_what_to_do(
    open_page, ws, monkeypatch
):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # nobody listens there
    make_dataset(ws)
    app = open_page("train")
    field(app, "selectbox", "backbone").set_value("MobileNetV2").run()

    app.button(key="start").click().run()

    assert not app.exception
    assert "MobileNetV2 could not be downloaded" in app.error[0].proto.title
    assert runs.ids(ws) == []
    [details] = [e for e in app.expander if e.label == KEEPER]  # once, and of what went wrong
    assert "through the proxy" in details.caption[0].value


def test_a_gpu_that_a_variable_hides_is_told_before_the_start(open_page, ws, monkeypatch, two_gpus):
    make_dataset(ws)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")

    said = [caption.value.replace("\\", "") for caption in open_page("train").caption]

    assert any(
        "The GPU NVIDIA A100, NVIDIA A100 is not used: CUDA_VISIBLE_DEVICES=-1" in s for s in said
    )


def test_a_head_is_solved_until_steps_are_chosen_and_each_is_said(open_page, ws):
    make_dataset(ws)
    app = open_page("train")
    card = summary(app)

    app.button(key="in-steps").click().run()

    assert "the head is solved at once" in card
    assert field(app, "selectbox", "optimizer").value == "adam"
    assert field(app, "number_input", "epochs").value == 600  # of one batch each
    assert "600 epochs" in summary(app)
    assert "The head now learns in steps, with Adam." in [toast.value for toast in app.toast]


def test_a_hidden_layer_makes_the_head_learn_in_steps_and_that_is_said(open_page, ws):
    make_dataset(ws)
    app = from_scratch(open_page("train", preset="quick"))

    field(app, "number_input", "hidden_units").set_value(16).run()

    assert any("A hidden layer cannot be solved" in caption.value for caption in app.caption)
    assert "Solve" not in field(app, "selectbox", "optimizer").options
    assert started(app, ws).optimizer == "adam"
