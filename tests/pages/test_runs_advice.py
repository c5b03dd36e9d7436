"""What a run's page makes of its curves: what is wrong, which control mends it, or silence."""

from dataclasses import replace

from core import files
from core.records import ModelCard, State, TrainConfig
from tests.builders import epoch_metrics, make_dataset, make_run
from tests.pages.test_runs import judged, said

CONFIG = TrainConfig(dataset_id="colours-0000", epochs=3)


def test_the_page_says_when_images_were_learned_by_heart(open_page, ws):
    run_id = make_run(ws, config=CONFIG, num_epochs=2)
    files.append_record(ws.run(run_id).metrics, replace(epoch_metrics(3), accuracy=0.99))
    judged(ws, run_id, 160, 200)
    path = ws.run(run_id).card
    files.write_record(path, replace(files.read_record(path, ModelCard), num_train=800))

    app = open_page("runs", run=run_id)

    assert "learned by heart" in said(app)


def test_one_wrong_answer_of_six_is_no_proof_of_learning_by_heart(open_page, ws):
    run_id = make_run(ws, config=CONFIG, num_epochs=2)
    epoch = replace(epoch_metrics(3), accuracy=1.0, val_accuracy=5 / 6, val_images=6)
    files.append_record(ws.run(run_id).metrics, epoch)
    judged(ws, run_id, 5, 6)

    app = open_page("runs", run=run_id)

    assert "learned by heart" not in said(app)
    assert "83% (44% to 97%) of the validation images: so few images cannot show" in said(app)


def overfitted(ws, run_id: str) -> None:
    """Have the loss on the validation images rise since the third epoch, by far."""
    losses = [1.0, 0.7, 0.5, 0.8, 1.1, 1.4, 1.7, 2.0, 2.3]
    for number, loss in enumerate(losses, start=1):
        epoch = replace(epoch_metrics(number), val_loss=loss, val_accuracy=0.8, accuracy=0.8)
        files.append_record(ws.run(run_id).metrics, epoch)


def test_what_mends_the_curves_of_a_run_is_begun_as_a_clone_with_that_change(open_page, ws):
    make_dataset(ws, num=100, side=2)
    run_id = make_run(ws, config=CONFIG, num_epochs=0)
    overfitted(ws, run_id)
    path = ws.run(run_id).card
    files.write_record(path, replace(files.read_record(path, ModelCard), kept_epoch=9))
    app = open_page("runs", run=run_id)

    assert "Overfitting since epoch 3" in said(app)
    assert "change Augmentation from None to Light" in said(app)
    app.button(key="clone-overfitting").click().run()

    assert app.title[0].value == "Train"
    assert "Already changed: Augmentation, from None to Light" in said(app)
    assert "light" in [box.value for box in app.selectbox if box.label == "Augmentation"]


def test_a_run_that_trains_is_told_what_its_curves_say_without_a_button(open_page, ws, keep_alive):
    make_dataset(ws)
    run_id = keep_alive(ws, make_run(ws, state=State.RUNNING, num_epochs=3))

    app = open_page("runs", run=run_id)

    assert "2 validation images are few" in said(app)
    assert not [b for b in app.button if b.label == "Clone with this change"]
