"""The Home page: what there is so far, and the next step."""

from core.records import State
from core.workspace import Workspace
from tests import builders


def test_an_empty_workspace_invites_to_the_sample(ws: Workspace, open_page):
    page = open_page()

    labels = [button.label for button in page.button]
    assert "Try the sample" in labels
    assert labels.count("Open") == 4


def test_the_next_step_is_the_one_that_stands_out(ws: Workspace, open_page):
    builders.make_dataset(ws)

    page = open_page()

    primary = [button.key for button in page.button if button.proto.type == "primary"]
    assert primary == ["open-train.py"]


def test_a_score_is_shown_with_its_interval_and_the_majority_line(ws: Workspace, open_page):
    builders.make_dataset(ws)
    builders.make_run(ws, state=State.DONE)

    page = open_page()

    shown = " ".join(element.value for element in [*page.markdown, *page.caption])
    assert "88% right (53% to 98%, 8 images; always naming the largest class: 50%)" in shown


def test_a_run_whose_data_set_is_gone_is_not_named_by_its_id(ws: Workspace, open_page):
    builders.make_run(ws, state=State.FAILED)

    page = open_page()

    assert "**a deleted data set**" in [element.value for element in page.markdown]


def test_a_run_stopped_before_its_first_epoch_is_no_model(ws: Workspace, open_page):
    builders.make_dataset(ws)
    builders.make_run(ws, state=State.DONE)
    stopped = builders.make_run(ws, state=State.STOPPED)
    ws.run(stopped).card.unlink(missing_ok=True)

    page = open_page()

    assert any("1 model ready" in element.value for element in page.markdown)


def test_a_failed_run_is_listed_too(ws: Workspace, open_page):
    builders.make_run(ws, state=State.FAILED)

    page = open_page()

    assert "Look" in [button.label for button in page.button]


def test_the_page_speaks_chinese(ws: Workspace, open_page):
    page = open_page("home", lang="zh_CN")

    assert not page.exception
    assert page.session_state["language"] == "zh_CN"
