"""The pages offer what the registries hold, say what each does, and show it of a run."""

import json
from dataclasses import replace

import pytest

from core import files, runs
from core.errors import UserError
from core.exports import store
from core.models import catalog
from core.records import ModelCard
from core.records.choices import Optimizer
from core.words import Message
from pages._runs import settings
from tests.builders import make_dataset, make_run
from tests.new_entries import WORDS, add
from tests.pages.test_train import field, from_scratch, in_steps, started

pytestmark = pytest.mark.usefixtures("train_nowhere")
KINDS = {
    "pooling": "segmented_control",
    "schedule": "segmented_control",
    "optimizer": "selectbox",
    "augmentation": "selectbox",
}


def test_a_new_entry_of_each_registry_is_offered_explained_and_trained(
    open_page, ws, monkeypatch: pytest.MonkeyPatch
):
    add(monkeypatch)
    make_dataset(ws)
    app = in_steps(from_scratch(open_page("train")))

    for name, kind in KINDS.items():
        assert "Brand new" in field(app, kind, name).options
        assert name == "augmentation" or "Nobody knows it." in field(app, kind, name).help
        field(app, kind, name).set_value("new")
    config = started(app.run(), ws)

    assert {getattr(config, name) for name in KINDS} == {"new"}


def test_a_new_classifier_is_offered_and_leaves_out_what_means_nothing_to_it(
    open_page, ws, monkeypatch: pytest.MonkeyPatch
):
    add(monkeypatch)
    make_dataset(ws)
    app = from_scratch(open_page("train"))

    classifier = field(app, "segmented_control", "classifier")
    classifier.set_value("new")
    app.run()

    assert "Brand new" in classifier.options
    assert "Nobody knows it." in classifier.help
    keys = [one.key for kind in KINDS.values() for one in app.get(kind) if one.key]
    assert not [key for key in keys if key.startswith(("pooling", "optimizer", "schedule"))]
    config = started(app, ws)
    assert (config.classifier, config.freeze, config.augmentation) == ("new", "all", "none")


def test_what_is_fitted_at_once_is_drawn_as_bars(open_page, ws):
    run_id = make_run(ws, num_epochs=1)
    folder = ws.run(run_id)
    card = files.read_record(folder.card, ModelCard)
    config = replace(card.config, classifier="knn", freeze="all", fine_tune_epochs=0)
    files.write_record(folder.config, config)
    files.write_record(folder.card, replace(card, config=config))

    app = open_page("runs", run=run_id)

    assert [c for c in app.caption if "fitted at once" in c.value]
    specs = [json.loads(chart.proto.spec)["data"] for chart in app.get("plotly_chart")]
    bars = next(data for data in specs if data[0]["type"] == "bar")
    assert len(bars[0]["y"]) == 3
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Images it learned from"] == str(card.num_train)
    assert "Iterations" not in shown
    assert not [data for data in specs if any(line.get("name") == "training" for line in data)]


def test_neighbours_are_not_offered_for_download(open_page, ws):
    run_id = make_run(ws)
    card = files.read_record(ws.run(run_id).card, ModelCard)
    config = replace(card.config, classifier="knn", freeze="all", fine_tune_epochs=0)
    files.write_record(ws.run(run_id).card, replace(card, config=config))

    app = open_page("runs", run=run_id)

    assert "export-format" not in [control.key for control in app.selectbox]
    assert [c for c in app.caption if "'knn' cannot be exported" in c.value]


def test_a_run_shows_its_entries_by_their_titles(open_page, ws, monkeypatch: pytest.MonkeyPatch):
    add(monkeypatch)
    run_id = make_run(ws)
    config = replace(runs.get(ws, run_id).config, **dict.fromkeys(KINDS, "new"))

    assert list(settings.settings(config, "d").values()).count("Brand new") == len(KINDS)


def test_a_new_export_format_is_offered_for_download(
    open_page, ws, monkeypatch: pytest.MonkeyPatch
):
    add(monkeypatch)
    app = open_page("runs", run=make_run(ws))

    formats = app.selectbox(key="export-format")
    first = formats.value
    formats.set_value("new").run()

    assert "Brand new" in formats.options
    assert first == "bundle"
    assert app.get("link_button")[0].proto.url.endswith("/export?format=new")
    assert "Nobody knows it." in [caption.value for caption in app.caption]


def test_the_steps_of_an_export_are_shown_and_a_refusal_stays(
    open_page, ws, monkeypatch: pytest.MonkeyPatch
):
    seen = []

    def make(ws, run_id, format, engine, tell):
        tell(Message(text="{format}: the model is converted…", values=(("format", "Keras"),)))
        seen.append(format)
        refused = Message(text="It does not work.")
        raise UserError(refused, expected=refused, mend=refused)

    monkeypatch.setattr(store, "make", make)
    app = open_page("runs", run=make_run(ws))
    app.selectbox(key="export-format").set_value("keras").run()

    app.button(key="export-make").click().run()

    assert seen == ["keras"]
    assert [one for one in app.error if "does not work" in one.value]
    assert not [one for one in app.caption if "is converted" in one.value]  # it is not any more
    assert app.button(key="export-make")


def test_what_an_optimizer_ignores_is_not_shown_beside_it(
    open_page, ws, monkeypatch: pytest.MonkeyPatch
):
    alone = Optimizer(**WORDS, head_only=True, ignores=("epochs", "learning_rate", "schedule"))
    monkeypatch.setitem(catalog.OPTIMIZERS, "new", alone)  # type: ignore[arg-type]
    make_dataset(ws)
    app = from_scratch(open_page("train"))
    in_steps(app)
    names = {"epochs", "learning_rate", "schedule", "batch_size"}
    assert names <= shown(app)

    field(app, "selectbox", "optimizer").set_value("new").run()

    assert names & shown(app) == {"batch_size"}


def shown(app) -> set[str]:
    kinds = ("number_input", "segmented_control")
    return {str(e.key).partition("@")[0] for kind in kinds for e in app.get(kind)}
