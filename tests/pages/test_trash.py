"""What is deleted on a page can be taken back there: at once, or out of the list of the trash."""

from core import datasets, runs, trash
from tests.builders import make_dataset, make_run


def texts(app) -> str:
    return "\n".join(str(element.value) for element in [*app.markdown, *app.caption])


def test_a_run_is_deleted_with_one_press_and_taken_back_with_another(open_page, ws):
    make_dataset(ws)
    run_id = make_run(ws)
    runs.rename(ws, run_id, "the *best*")
    app = open_page("runs", run=run_id)

    app.button(key="delete").click().run()
    assert runs.ids(ws) == []
    assert "The run 'the \\*best\\*' lies in the trash now." in texts(app)
    app.button(key="undo-delete").click().run()

    assert runs.ids(ws) == [run_id]
    assert list(app.dataframe[0].value["name"]) == ["the *best*"]
    assert "lies in the trash" not in texts(app)


def test_selected_runs_are_deleted_and_taken_back_together(open_page, ws):
    make_dataset(ws)
    made = [make_run(ws) for _ in range(3)]
    app = open_page("runs")

    app.session_state["rows-colours-0000"] = {"selection": {"rows": [0, 1, 2]}}
    app.run()
    app.button(key=f"delete-{runs.ids(ws)[-1]}").click().run()

    assert {thing.id for thing in trash.listing(ws)} == {*made}
    assert "3 runs lie in the trash" in texts(app)
    app.button(key="undo-delete").click().run()
    assert {*runs.ids(ws)} == {*made}


def test_a_deleted_data_set_is_taken_back(open_page, ws):
    dataset = make_dataset(ws)
    datasets.delete(ws, dataset.id)
    app = open_page("data")

    assert "The data set 'colours' lies in the trash now." in texts(app)
    app.button(key="undo-delete").click().run()

    assert datasets.ids(ws) == [dataset.id]


def test_a_run_says_that_its_data_set_can_be_put_back(open_page, ws):
    dataset, run_id = make_dataset(ws), make_run(ws)
    datasets.delete(ws, dataset.id)
    assert "It still lies in the trash" in texts(open_page("runs", run=run_id))

    trash.empty(ws)

    assert "It still lies in the trash" not in texts(open_page("runs", run=run_id))


def test_undo_is_offered_right_after_the_deletion_only(open_page, ws):
    runs.delete(ws, make_run(ws))
    path = trash.listing(ws)[0].path
    path.rename(path.with_suffix(f".{int(path.suffix[1:]) - 301}"))

    app = open_page("runs")

    assert "undo-delete" not in [button.key for button in app.button]
    assert app.expander("trash")


def test_what_lies_in_the_trash_is_put_back_from_its_list(open_page, ws):
    dataset, run_id = make_dataset(ws), make_run(ws)
    runs.delete(ws, run_id)
    datasets.delete(ws, dataset.id)
    app = open_page("runs")
    listed = app.dataframe[-1].value

    assert sorted(listed["name"]) == ["MobileNetV2", "colours"]
    assert app.button(key="put-back").disabled
    app.session_state[app.dataframe[-1].key] = {"selection": {"rows": [0, 1]}}
    app.run()
    app.button(key="put-back").click().run()

    assert (runs.ids(ws), datasets.ids(ws)) == ([run_id], [dataset.id])


def test_the_trash_is_emptied_after_a_question_that_names_its_size(open_page, ws):
    runs.delete(ws, make_run(ws))
    app = open_page("runs")
    assert app.expander("trash").label == "Trash: 1 thing, 0.1 MB"

    assert "0.1 MB are freed. This cannot be undone." in texts(app)
    app.button(key="empty-really").click().run()

    assert not trash.listing(ws)
    assert not list(ws.emptied.iterdir())
