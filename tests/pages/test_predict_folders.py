"""The Predict page's folders: begun, followed, looked through, taken away."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core import files, runs
from core.batch_predictions import store
from core.batch_predictions.folder import folder_of
from core.records import Prediction, Score
from core.records.batches import BatchRow, BatchStage, BatchState
from core.runs import engine_process
from core.workspace import Workspace
from pages._predict import adding
from tests.builders import make_dataset, make_run, write_image

NUM = 60


@pytest.fixture(autouse=True)
def _no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_process, "detach", lambda *given, log: None)


@pytest.fixture
def batch(ws: Workspace, tmp_path: Path) -> str:
    """A batch of images in two folders that are called as the classes, and a broken one."""
    make_dataset(ws)
    batch_id = store.begin(ws, make_run(ws), name="trap", source=tmp_path / "trap")
    folder = folder_of(ws, batch_id)
    for number in range(NUM):
        label = "red" if number % 3 else "green"
        scores = (
            Score(label=label, probability=0.5 + number / 200),
            Score(label="green", probability=0.1),
        )
        file = f"{'red' if number % 2 else 'green'}/=cmd{number}.png"
        answer = Prediction(file=file, label=label, scores=scores)
        row = BatchRow(answer=answer, content=f"f{number:031x}", stored=f"f0/f{number:031x}.png")
        files.append_record(folder.rows, row)
    broken = Prediction(file="broken.jpg", problem=store._busy().problem)
    files.append_record(folder.rows, BatchRow(answer=broken))
    done = BatchState(stage=BatchStage.DONE, done=NUM + 1, total=NUM + 1, num_others=2)
    files.write_record(folder.state, done)
    return batch_id


def tiles(app) -> list[dict]:
    [drawn] = [e for e in app.get("bidi_component") if e.proto.component_name == "thaw_gallery"]
    return list(json.loads(drawn.proto.json)["items"])


def table(app, column: str):
    """Give the table that has a column."""
    return next(t.value for t in app.dataframe if column in t.value)


def shown(app) -> list[str]:
    return [text.value for text in (*app.markdown, *app.caption)]


def test_a_path_on_this_computer_is_begun_and_followed(open_page, ws, tmp_path):
    make_dataset(ws)
    make_run(ws)
    app = open_page("predict", source="folder")

    app.text_input(key="batch_path").set_value(f"'{tmp_path / 'trap'}'")
    app.button[[b.label for b in app.button].index("Name all of them")].click().run()

    [begun] = store.listing(ws)
    assert begun.request.sources == (str(tmp_path / "trap"),)
    assert app.query_params["batch"] == begun.id
    app.button(key="stop-batch").click().run()
    assert folder_of(ws, begun.id).stop.exists()
    assert not app.exception


def test_results_are_counted_and_drawn_a_page_at_a_time(open_page, ws, batch):
    app = open_page("predict", source="folder", batch=batch)

    assert "60 images named · 1 could not be read · 2 other files left out" in shown(app)
    counts = table(app, "Share")
    assert list(counts["Class"]) == ["red", "green"]
    assert list(counts["Images"]) == [40, 20]
    assert len(tiles(app)) == 48
    [first, *_] = tiles(app)
    assert first["src"] == f"/api/predictions/{batch}/thumbnail/f{0:031x}"
    assert (first["caption"], first["note"]) == ("green · 50%", "green/=cmd0.png")
    links = [link.url for link in app.link_button]
    assert f"/api/predictions/{batch}/table.xlsx?lang=en" in links


def test_folders_that_are_called_as_classes_judge_the_answers(open_page, ws, batch):
    app = open_page("predict", source="folder", batch=batch)

    assert "**Judged by its folders**" in shown(app)
    assert any(text.startswith("50% right (38% to 62%, 60 images)") for text in shown(app))
    matrix = table(app, "named red")
    assert list(matrix["named red"]) == [20, 20]


def test_images_are_narrowed_down_by_class_and_folder(open_page, ws, batch):
    app = open_page("predict", source="folder", batch=batch)

    app.selectbox(key="batch-class").set_value("green").run()
    app.selectbox(key="batch-folder-shown").set_value("red").run()
    app.toggle(key="batch-doubtful").set_value(True).run()

    assert not app.exception
    assert [tile["note"] for tile in tiles(app)] == [f"red/=cmd{n}.png" for n in range(3, 60, 6)]


def test_what_is_of_no_class_is_said_so_counted_and_enlarged(open_page, ws, batch):
    folder = folder_of(ws, batch)
    [*rows, broken] = store.rows(ws, batch)
    strange = replace(rows[2], answer=replace(rows[2].answer, unknown=True))
    files.write_records(folder.rows, [*rows[:2], strange, *rows[3:], broken])
    write_image(folder.copies / strange.stored)
    app = open_page("predict", source="folder", batch=batch)
    text = "Not like anything it learned"

    counts = table(app, "Share")
    assert list(counts["Class"]) == ["red", "green", text]
    assert list(counts["Images"]) == [39, 20, 1]
    assert [tile["caption"] for tile in tiles(app)].count(text) == 1
    app.selectbox(key="batch-class").set_value("/unknown").run()
    [tile] = tiles(app)
    assert (tile["note"], tile["caption"]) == ("green/=cmd2.png", text)

    app.session_state["enlarged"] = tile["id"]
    app.run()
    assert "Of the classes it knows, red is nearest." in shown(app)
    assert "Why?" in [toggle.label for toggle in app.toggle]
    app.selectbox(key=f"mark--enlarged-{tile['id']}").set_value("green").run()
    assert store.marks(ws, batch) == {"green/=cmd2.png": "green"}, "kept at once"
    assert not app.exception


def test_a_zip_is_made_when_it_is_asked_for(open_page, ws, batch):
    app = open_page("predict", source="folder", batch=batch)

    app.button(key="make-zip").click().run()
    assert any("Packing the images" in bar.text for bar in app.progress)
    files.write_record(folder_of(ws, batch).sorting, BatchState(stage=BatchStage.DONE))
    app.run()

    assert f"/api/predictions/{batch}/sorted.zip" in [link.url for link in app.link_button]


def test_marked_images_of_a_folder_are_added_with_their_bytes(
    open_page, ws, batch, tmp_path, monkeypatch
):
    given: list = []
    monkeypatch.setattr(adding, "begin", lambda ws, run, pictures: given.extend(pictures))
    data = write_image(tmp_path / "trap" / "red" / "=cmd1.png").read_bytes()
    app = open_page("predict", source="folder", batch=batch)
    app.session_state["marks"] = {f"{batch}/red/=cmd1.png": "fox"}

    app.run()
    app.button(key="add-marked").click().run()

    [picture] = given
    assert store.marks(ws, batch) == {}
    assert (picture.file, picture.label, picture.data) == ("red/=cmd1.png", "fox", data)
    assert not app.exception


def test_a_folder_that_failed_says_why_goes_on_and_is_deleted(open_page, ws, batch):
    state = BatchState(stage=BatchStage.FAILED, error=store._interrupted().problem)
    files.write_record(folder_of(ws, batch).state, state)
    app = open_page("predict", source="folder", batch=batch)
    assert len(app.error) == 1

    app.button(key="go-on").click().run()
    assert store.get(ws, batch).state.stage is BatchStage.WAITING
    files.write_record(folder_of(ws, batch).state, state)
    app.run()
    app.button(key="really-delete").click().run()

    assert store.listing(ws) == []
    assert "'trap' lies in the trash now." in shown(app)
    app.button(key="undo-delete").click().run()
    assert [one.id for one in store.listing(ws)] == [batch]
    assert not app.exception


def test_the_answers_outlive_the_run(open_page, ws, batch):
    make_run(ws)
    runs.delete(ws, store.get(ws, batch).request.run_id)

    app = open_page("predict", source="folder", batch=batch)

    assert "The run whose model was asked was deleted." in shown(app)
    assert len(tiles(app)) == 48


def test_what_was_said_of_images_is_there_in_the_next_session(open_page, ws, batch):
    app = open_page("predict", source="folder", batch=batch)
    app.session_state["marks"] = {f"{batch}/green/=cmd0.png": "green", "elsewhere": "red"}
    app.run()
    assert store.marks(ws, batch) == {"green/=cmd0.png": "green"}

    again = open_page("predict", source="folder", batch=batch)

    assert tiles(again)[0]["mark"] == "✓ right"
    assert "1 of 1 marked image right" in shown(again)


def test_all_answers_are_shown_as_a_table_too(open_page, ws, batch):
    app = open_page("predict", source="folder", batch=batch)

    app.toggle(key="batch-as-table").set_value(True).run()

    assert len(table(app, "How strongly")) == 60
    assert not app.exception
