"""The Runs page: the list, a run under its link, and what can be done with it."""

import json
from dataclasses import replace

import pytest

from core import devices, files, locks, runs
from core.errors import Problem
from core.judging.statistics import accuracy
from core.records import ModelCard, Paired, Phase, Progress, Stage, State, TrainConfig
from core.words import say
from tests.builders import epoch_metrics, make_dataset, make_run
from tests.pages.conftest import dotted_captions

CONFIG = TrainConfig(dataset_id="colours-0000", epochs=3)


def said(app) -> str:
    """Give every text on the page."""
    elements = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.error]
    texts = [str(getattr(element, "value", "")) for element in elements]
    return "\n".join([*texts, *dotted_captions(app)])


def test_without_runs_the_page_invites_to_train(open_page):
    app = open_page("runs")

    assert "There are no runs yet." in said(app)
    assert [button.label for button in app.main.button] == ["Train a model"]


def test_a_finished_run_shows_its_accuracy_with_interval_and_number_of_images(open_page, ws):
    make_dataset(ws)
    run_id = make_run(ws)

    app = open_page("runs", run=run_id)

    values = {metric.label: (metric.value, metric.delta) for metric in app.metric}
    assert values["Validation accuracy"] == ("88%", "53% to 98%")
    assert values["Images behind it"][0] == "8"
    assert "Nothing was chosen by the validation images: the last epoch is kept" in said(app)
    assert "always naming the largest class would be right in 50%" in said(app)


def test_an_unknown_run_is_a_sentence(open_page, ws):
    app = open_page("runs", run="20200101-000000-abcdef")

    assert app.error


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_lines_across_a_chart_are_in_the_colour_of_the_text(open_page, ws, theme):
    make_dataset(ws)
    run_id = make_run(ws)
    files.append_record(ws.run(run_id).metrics, epoch_metrics(1, Phase.FINE_TUNE))
    app = open_page("runs", run=run_id)
    app.context = {"theme": theme}

    app.run()

    ink = {"light": "#13191d", "dark": "#e4eaec"}[theme]
    specs = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    shapes = [shape for spec in specs for shape in spec["layout"].get("shapes", ())]
    assert [shape["line"]["color"] for shape in shapes] == [ink] * 3


def test_a_failed_run_says_why_and_shows_what_was_printed(open_page, ws):
    run_id = make_run(ws, state=State.FAILED)
    problem = Problem(what=say("No room."), expected=say("2 GB."), mend=say("Delete something."))
    runs.set_state(ws, run_id, State.FAILED, error=problem)
    ws.run(run_id).output.write_text("the last words of a library")

    app = open_page("runs", run=run_id)

    assert "Delete something" in app.error[0].value
    assert "the last words of a library" in [code.value for code in app.code]


def test_a_failed_run_is_tried_again(open_page, ws):
    make_dataset(ws)
    run_id = make_run(ws, state=State.FAILED)
    app = open_page("runs", run=run_id)

    with locks.hold(ws.worker_lock):  # somebody works on the queue
        app.button(key="again").click().run()

    assert runs.state_of(ws, run_id).state is State.QUEUED
    assert not app.exception


def test_a_running_run_shows_how_far_it_is_and_can_be_stopped(open_page, ws, keep_alive):
    make_dataset(ws)
    run_id = keep_alive(ws, make_run(ws, state=State.RUNNING, num_epochs=1))
    progress = Progress(
        stage=Stage.TRAINING,
        done=0.4,
        eta_seconds=95,
        images_per_second=1234,
        learning_rate=1e-3,
        phase=Phase.HEAD,
        epoch=2,
        device="a computer",
        note=say("The GPU is hidden."),
        sentence=say("{num} images are kept.", num=7),
    )
    files.write_record(ws.run(run_id).progress, progress)

    app = open_page("runs", run=run_id)

    assert app.progress[0].value == 40
    assert "about 1 min 30 s left" in app.progress[0].text
    assert {m.label: m.value for m in app.metric} == {
        "Images a second": "1,234",
        "Learning rate": "0.001",
        "Validation accuracy": "40%",
    }
    assert app.metric[2].delta == "17% to 69%"  # Wilson, 4 of 10
    assert "Computing on a computer" in said(app)
    assert "The GPU is hidden" in said(app)
    assert "7 images are kept" in said(app)

    assert app.button(key="stop").label == "Stop and keep the model so far"

    app.button(key="stop").click().run()

    assert runs.stop_requested(ws, run_id)
    assert app.button(key="stop").disabled


def test_a_run_that_nobody_trains_is_not_called_running(open_page, ws):
    make_dataset(ws)
    run_id = make_run(ws, state=State.RUNNING, num_epochs=1)
    files.write_record(ws.run(run_id).progress, Progress(stage=Stage.TRAINING, done=0.4))

    app = open_page("runs", run=run_id)

    assert runs.state_of(ws, run_id).state is State.QUEUED
    assert "cut off, and begins anew by itself" in app.progress[0].text
    assert app.progress[0].value == 40
    ws.run(run_id).checkpoints.mkdir()
    (ws.run(run_id).checkpoints / "00001.npz").touch()
    told = app.run().progress[0].text
    assert "cut off, and goes on by itself from its last whole epoch" in told
    with locks.hold(devices.device_lock("gpu")):
        assert "a run of another workspace trains" in app.run().progress[0].text


@pytest.mark.parametrize("page", ["runs", "home"])
def test_who_looks_at_the_runs_puts_a_cut_off_one_back_on_the_queue(open_page, ws, page):
    make_dataset(ws)
    make_run(ws, state=State.RUNNING)

    app = open_page(page)

    told = said(app) + "".join(table.value.to_string() for table in app.dataframe)
    assert "queued" in told
    assert "running" not in told


def test_a_run_in_the_queue_says_that_another_one_trains_first(open_page, ws, keep_alive):
    keep_alive(ws, make_run(ws, state=State.RUNNING))
    run_id = make_run(ws, state=State.QUEUED)

    app = open_page("runs", run=run_id)

    assert "another run trains first" in app.progress[0].text
    assert app.button(key="stop").label == "Stop (no model yet)"


def test_epochs_of_fine_tuning_are_counted_on_and_small_rates_written_out(
    open_page, ws, keep_alive
):
    make_dataset(ws)
    run_id = keep_alive(ws, make_run(ws, state=State.RUNNING, config=CONFIG))
    progress = Progress(
        stage=Stage.TRAINING, done=0.9, learning_rate=8.01e-7, phase=Phase.FINE_TUNE, epoch=2
    )
    files.write_record(ws.run(run_id).progress, progress)

    app = open_page("runs", run=run_id)

    assert "fine-tuning · epoch 5" in app.progress[0].text
    assert [m.value for m in app.metric if m.label == "Learning rate"] == ["0.0000008"]


def test_two_runs_are_compared_by_what_differs(open_page, ws):
    make_dataset(ws)
    first = make_run(ws, config=CONFIG)
    second = make_run(ws, config=replace(CONFIG, learning_rate=0.01))
    app = open_page("runs", run=first)

    app.selectbox(key="pick-with").select(second).run()

    table = app.table[0].value
    assert "Learning rate of the head" in table.to_string()
    assert "0.01" in table.to_string()
    assert "Optimizer" not in table.to_string()
    assert "88% right (53% to 98%" in table.to_string()  # also where both are as good
    assert "88% right (53% to 98%)" in app.selectbox(key="pick-with").options[1]
    for chart in app.get("plotly_chart"):
        names = [trace["name"] for trace in json.loads(chart.proto.spec)["data"]]
        assert {"A: validation", "B: validation"} <= set(names)
    assert len(app.get("plotly_chart")) == 2


@pytest.mark.parametrize(
    ("picked", "sentence"),
    [
        (("epoch",), "picked the best epoch"),
        (("phase",), "one choice, fine-tuned or the head alone; the range allows for that"),
    ],
)
def test_the_page_says_what_the_validation_images_picked(open_page, ws, picked, sentence):
    run_id = make_run(ws, config=CONFIG)
    path = ws.run(run_id).card
    files.write_record(path, replace(files.read_record(path, ModelCard), picked=picked))

    app = open_page("runs", run=run_id)

    assert sentence in said(app)


@pytest.mark.parametrize(
    ("fixed", "broke", "p", "sentence"),
    [
        (7, 1, 0.07, "cannot show whether fine-tuning helped: of 8 it put 7 right and 1 wrong."),
        (8, 0, 0.008, "Fine-tuning helped: of 8 images it put 8 right and 0 wrong."),
        (0, 8, 0.008, "Fine-tuning hurt, so the head alone is kept: of 8 images it put 0 right"),
    ],
)
def test_fine_tuning_is_judged_by_the_images_of_which_one_model_is_right(
    open_page, ws, fixed, broke, p, sentence
):
    run_id = make_run(ws, config=CONFIG)
    path = ws.run(run_id).card
    tuned = Paired(fixed=fixed, broke=broke, better=fixed, worse=broke, p=p)
    files.write_record(path, replace(files.read_record(path, ModelCard), tuned=tuned))

    app = open_page("runs", run=run_id)

    assert sentence in said(app)


def test_of_a_run_of_old_no_claim_is_made_of_fine_tuning_without_answers_to_images(open_page, ws):
    """Ranges of two scores on the same images are no test, whether they overlap or not."""
    run_id = make_run(ws, config=CONFIG)
    tuned = replace(epoch_metrics(1, Phase.FINE_TUNE), val_accuracy=0.95)
    files.append_record(ws.run(run_id).metrics, tuned)

    app = open_page("runs", run=run_id)

    assert "Before fine-tuning 80% were right, at best 95% in it" in said(app)
    assert "Fine-tuning helped" not in said(app)


def judged(ws, run_id, correct, images=8):
    """Write down what a run scores."""
    path = ws.run(run_id).card
    score = accuracy(correct, images, largest_class=images // 2)
    files.write_record(path, replace(files.read_record(path, ModelCard), validation=score))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"dataset_id": "others-0001"}, "learned from different data sets"),
        ({"dataset_version": 1}, "learned from versions 0 and 1 of the data set"),
        ({"left_out": ("blue",)}, "tell different classes apart"),
    ],
)
def test_runs_judged_on_different_images_are_not_compared_by_their_scores(
    open_page, ws, change, sentence
):
    make_dataset(ws)
    make_dataset(ws, name="others")
    first, second = make_run(ws), make_run(ws, config=replace(CONFIG, **change))
    path = ws.run(second).card
    files.write_record(
        path, replace(files.read_record(path, ModelCard), dataset_fingerprint="1" * 32)
    )
    app = open_page("runs", run=first)

    app.selectbox(key="pick-with").select(second).run()

    assert sentence in said(app)
    assert "is better by" not in said(app)
    assert "Validation accuracy" not in app.table[0].value.to_string()
    assert ["A: " in chart.proto.spec for chart in app.get("plotly_chart")] == [False, False]


def test_a_run_is_given_a_name_by_which_it_is_listed(open_page, ws):
    make_dataset(ws)
    run_id = make_run(ws)
    app = open_page("runs", run=run_id)

    app.text_input(key=f"name-{run_id}").set_value("  the *good*  one ")
    app.button(key=f"do-rename-{run_id}").click().run()

    assert app.title[0].value == "the \\*good\\* one"
    assert runs.get(ws, run_id).name == "the *good* one"
    told = "colours · Balanced · MobileNetV2 · only the head learns"
    assert list(open_page("runs").dataframe[0].value["name"]) == ["the *good* one"]
    assert open_page("predict").selectbox[0].options[0].startswith(f"the *good* one · {told} · 88")


def test_what_a_run_said_is_read_in_the_readers_language(open_page, ws):
    run_id = make_run(ws)
    files.append_record(ws.run(run_id).log, say("There are no runs yet."))

    app = open_page("runs", run=run_id, lang="zh_CN")

    assert "There are no runs yet" not in said(app)
    assert len(app.expander("log").markdown) == 1


def test_clone_opens_the_train_page_with_the_run(open_page, ws):
    make_dataset(ws)
    run_id = make_run(ws, config=replace(CONFIG, epochs=17, weights="none"))
    app = open_page("runs", run=run_id)

    app.button(key="clone").click().run()

    assert app.title[0].value == "Train"
    assert 17 in [number.value for number in app.number_input]


def test_clone_trains_on_the_data_set_of_the_run_and_not_on_the_newest(open_page, ws):
    first = make_dataset(ws)
    make_dataset(ws, name="newer")
    app = open_page("runs", run=make_run(ws, config=replace(CONFIG, dataset_id=first.id)))

    app.button(key="clone").click().run()

    assert app.selectbox(key="pick-dataset").value == first.id


def test_a_link_to_a_clone_needs_no_data_set_in_it(open_page, ws):
    first = make_dataset(ws)
    make_dataset(ws, name="newer")

    app = open_page("train", clone=make_run(ws, config=replace(CONFIG, dataset_id=first.id)))

    assert app.selectbox(key="pick-dataset").value == first.id


def test_a_run_whose_data_set_is_gone_says_so_and_offers_nothing_that_needs_it(open_page, ws):
    run_id = make_run(ws)
    listed = open_page("runs")
    app = open_page("runs", run=run_id)

    assert "colours" in said(listed)
    assert "Its data set is not here" in said(app)
    labels = [button.label for button in app.button]
    assert "Try it on images" in labels
    assert not {"Clone with one change", "Open the test part"} & set(labels)


def test_a_failed_run_whose_data_set_is_gone_is_not_tried_again(open_page, ws):
    app = open_page("runs", run=make_run(ws, state=State.FAILED))

    assert [button.label for button in app.button if button.label == "Try again"] == []


def test_the_settings_of_a_run_are_in_the_words_of_the_train_page(open_page, ws):
    make_dataset(ws)
    config = replace(CONFIG, schedule="cosine", augmentation="light", preset="thorough")
    run_id = make_run(ws, config=config)

    english = open_page("runs", run=run_id).table[0].value.to_string()
    chinese = open_page("runs", run=run_id, lang="zh_CN").table[0].value.to_string()

    for word in ("colours", "Thorough", "Fall smoothly", "One share per class", "Light"):
        assert word in english
    for code in ("thorough", "imagenet", "average", "softmax", "cosine", "light", "colours-0000"):
        assert code not in english + chinese
