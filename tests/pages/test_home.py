"""The Home page: one press to a first model; later what there is so far, and the next step."""

from core import runs
from core.ingest import requests
from core.records import IngestStage, State
from core.runs import quick
from core.workspace import Workspace
from pages._runs import at_once
from tests import builders


def primary(page) -> list[str]:
    return [button.label for button in page.button if button.proto.type == "primary"]


def test_an_empty_workspace_has_one_primary_button(ws: Workspace, open_page):
    page = open_page()

    assert primary(page) == ["Try the sample"]
    assert "Bring my images" in [button.label for button in page.button]
    assert not page.dataframe


def test_the_next_step_is_the_one_that_stands_out(ws: Workspace, open_page):
    builders.make_dataset(ws)

    page = open_page()

    assert primary(page) == ["Train"]
    steps = [button.label for button in page.button if str(button.key).startswith("open-")]
    assert steps == ["✓ Images", "Train", "Result", "Try"]


def test_once_there_is_a_model_the_next_step_is_to_try_it(ws: Workspace, open_page):
    builders.make_dataset(ws)
    builders.make_run(ws, state=State.DONE)

    assert primary(open_page()) == ["Try"]


def test_the_latest_runs_are_one_table_with_scores_and_their_intervals(ws: Workspace, open_page):
    builders.make_dataset(ws)
    for state in (State.DONE, State.FAILED):
        builders.make_run(ws, state=state)

    [table] = open_page().dataframe

    rows = table.value.to_dict("records")
    assert [row["state"] for row in rows] == ["✗ failed", "✓ done"]
    assert (rows[1]["accuracy"], rows[1]["range"]) == (88, "53% to 98%")


def test_a_run_whose_data_set_is_gone_is_not_named_by_its_id(ws: Workspace, open_page):
    builders.make_run(ws, state=State.FAILED)

    [table] = open_page().dataframe

    assert list(table.value["name"]) == ["a deleted data set"]


def test_a_run_stopped_before_its_first_epoch_is_no_result(ws: Workspace, open_page):
    builders.make_dataset(ws)
    stopped = builders.make_run(ws, state=State.STOPPED)
    ws.run(stopped).card.unlink(missing_ok=True)

    assert primary(open_page()) == ["Result"]


def sample(page):
    [button] = [button for button in page.button if button.label == "Try the sample"]
    return button.click().run()


def test_one_press_has_the_sample_read_and_shows_how_far_it_is(ws: Workspace, open_page):
    page = sample(open_page())

    sample_id = page.query_params["sample"]
    requests.request_stop(ws, sample_id)
    assert [title.value for title in page.title] == ["Your first model"]
    assert page.status[0].state == "running"
    while requests.state(ws, sample_id).stage not in (IngestStage.STOPPED, IngestStage.DONE):
        pass
    requests.discard(ws, sample_id)


def test_a_sample_that_is_there_is_opened_and_its_run_is_shown_once_it_has_ended(
    ws: Workspace, open_page, train_nowhere
):
    dataset = builders.make_dataset(ws, name="Sample")

    page = sample(open_page())
    assert page.query_params["sample"] == dataset.id
    run = quick.newest(ws, dataset.id)
    assert run is not None
    assert (run.config.preset, run.state.state) == ("quick", State.QUEUED)

    runs.set_state(ws, run.id, State.FAILED)
    page.run()
    assert page.session_state[at_once.FIRST] == run.id
    assert page.query_params["run"] == run.id


def test_an_address_of_a_sample_that_is_gone_shows_the_page_as_always(ws: Workspace, open_page):
    page = open_page("home", sample="20200101-000000-abcdef")

    assert not page.error
    assert primary(page) == ["Try the sample"]


def test_the_page_speaks_chinese(ws: Workspace, open_page):
    page = open_page("home", lang="zh_CN")

    assert not page.exception
    assert page.session_state["language"] == "zh_CN"
