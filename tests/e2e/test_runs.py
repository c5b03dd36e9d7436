"""Live curves in a real browser: new points come in, and zoom and legend stay as they were."""

import re
from dataclasses import replace

import pytest

from core import datasets, files, runs, words
from core.records import Phase, Progress, Stage, State, StripEpoch, StripPictures
from core.workspace import Workspace
from tests.builders import epoch_metrics, make_dataset, make_run
from tests.e2e.conftest import Server

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect, Page = sync_api.expect, sync_api.Page

PLOT = "document.querySelector('.plot[data-kind=loss]')"


@pytest.fixture
def running(server: Server, keep_alive) -> tuple[Server, Workspace, str]:
    """A run that is marked as training and that nobody touches but the test."""
    ws = Workspace(server.home)
    make_dataset(ws)
    return server, ws, keep_alive(ws, make_run(ws, state=State.RUNNING, num_epochs=4))


def select(page: Page, row: int) -> None:
    """Tick the box of a row in the first table; the cells are painted, so it has no name."""
    page.get_by_test_id("stDataFrameResizable").first.click(position={"x": 17, "y": 35 * row + 52})


def drag_over(page: Page, box: dict[str, float]) -> None:
    """Draw a box over the middle of a chart."""
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] - 20, steps=5)
    page.mouse.up()


def test_zoom_and_legend_survive_new_points(running, page: Page):
    server, ws, run_id = running
    page.goto(f"{server.url}/runs?run={run_id}")
    page.wait_for_function(f"{PLOT}?.data?.[1].x.length === 4")

    before = page.evaluate(f"{PLOT}._fullLayout.xaxis.range[1]")
    drag_over(page, page.locator(".plot[data-kind=loss] .nsewdrag").bounding_box())
    page.wait_for_function(f"{PLOT}._fullLayout.xaxis.range[1] < {before}")
    legend = page.locator(".plot[data-kind=loss] .traces").filter(has_text="validation")
    legend.locator(".legendtoggle").click()
    page.wait_for_function(f"{PLOT}._fullData[2].visible === 'legendonly'")
    zoomed = page.evaluate(f"{PLOT}.layout.xaxis.range")

    files.append_record(ws.run(run_id).metrics, replace(epoch_metrics(5), loss=0.1))
    page.wait_for_function(f"{PLOT}.data[1].x.length === 5")

    assert page.evaluate(f"{PLOT}.layout.xaxis.range") == zoomed
    assert page.evaluate(f"{PLOT}._fullData[2].visible") == "legendonly"


def test_the_followed_pictures_turn_right_or_wrong_and_each_is_enlarged(running, page: Page):
    server, ws, run_id = running
    contents = tuple(i.content for i in datasets.images(ws, runs.get(ws, run_id).config.dataset_id))
    pictures = StripPictures(contents=contents[:2], labels=(1, 0), classes=("green", "red"))
    files.append_record(ws.run(run_id).strip, pictures)
    files.append_record(ws.run(run_id).strip, StripEpoch(phase=Phase.HEAD, epoch=1, named=(1, 1)))
    page.goto(f"{server.url}/runs?run={run_id}")
    expect(page.get_by_text("1 of these 2 validation pictures are named rightly")).to_be_visible()

    files.append_record(ws.run(run_id).strip, StripEpoch(phase=Phase.HEAD, epoch=2, named=(0, 0)))

    wrong = page.get_by_role("button", name="red: named green")
    expect(wrong).to_contain_text("✗")
    expect(page.get_by_role("button", name="green: named rightly")).to_contain_text("✓")
    wrong.press("Enter")
    expect(page.get_by_role("dialog").get_by_text("red: named green")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("img", name="2: named green")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("dialog").get_by_text("green: named rightly")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()


@pytest.mark.slow
def test_the_curves_are_drawn_although_their_library_did_not_come_at_once(running, page: Page):
    server, _, run_id = running
    page.route("**/plotly.min.js", lambda route: route.abort(), times=1)
    page.goto(f"{server.url}/runs?run={run_id}")

    page.wait_for_function(f"{PLOT}?.data?.[1].x.length === 4")


@pytest.mark.slow
def test_charts_that_wait_take_no_more_room_and_follow_the_language(
    running, keep_alive, page: Page
):
    server, ws, _ = running
    run_id = keep_alive(ws, make_run(ws, state=State.RUNNING, num_epochs=1))
    ws.run(run_id).metrics.unlink()
    page.goto(f"{server.url}/runs?run={run_id}")
    expect(page.get_by_text("Waiting for the first numbers…").first).to_be_visible()
    waiting = page.locator("figure").first.bounding_box()["height"]

    page.get_by_text("简体中文").click()
    for text in ("Waiting for the first numbers…", "Loss: how wrong it is, lower is better"):
        expect(page.get_by_text(words.translate(text, "zh_CN")).first).to_be_visible()

    files.append_record(ws.run(run_id).metrics, epoch_metrics(1))
    page.wait_for_function(f"{PLOT}?.data?.[1].x.length === 1")
    assert page.locator("figure").first.bounding_box()["height"] == pytest.approx(waiting, abs=5)


def test_the_kept_epoch_and_the_line_of_guessing_are_marked(running, page: Page):
    server, _, run_id = running
    page.goto(f"{server.url}/runs?run={run_id}")
    page.wait_for_function(f"{PLOT}?.data?.[1].x.length === 4")

    accuracy = PLOT.replace("loss", "accuracy")
    assert page.evaluate(f"{accuracy}.data[3].x") == [4]
    assert page.evaluate(f"{accuracy}.layout.shapes.length") == 1
    expect(page.get_by_text("always naming the largest class")).to_be_visible()


def test_the_title_of_the_tab_says_how_far_a_run_is_until_it_ends(running, page: Page):
    server, ws, run_id = running
    files.write_record(ws.run(run_id).progress, Progress(stage=Stage.TRAINING, done=0.4))

    page.goto(f"{server.url}/runs?run={run_id}")
    expect(page).to_have_title("40% · colours")
    files.write_record(ws.run(run_id).progress, Progress(stage=Stage.SAVING, done=0.9))
    expect(page).to_have_title("90% · colours")
    runs.set_state(ws, run_id, State.STOPPED)
    expect(page).to_have_title("Runs · Thaw")


def test_a_deleted_run_is_taken_back(server: Server, page: Page):
    ws = Workspace(server.home)
    make_dataset(ws)
    run_id = make_run(ws)
    page.goto(f"{server.url}/runs?run={run_id}")

    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("There are no runs yet.")).to_be_visible()
    assert not ws.run(run_id).path.exists()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("There are no runs yet.")).to_have_count(0)
    assert ws.run(run_id).path.exists()


@pytest.mark.slow
def test_two_runs_are_laid_over_each_other_under_one_link(server: Server, page: Page):
    ws = Workspace(server.home)
    make_dataset(ws)
    first, second = make_run(ws), make_run(ws, num_epochs=5)

    page.goto(f"{server.url}/runs?run={first}&with={second}")

    expect(page.get_by_text("A: validation").first).to_be_visible()
    expect(page.get_by_text("B: validation").first).to_be_visible()
    expect(page.get_by_text("What differs")).to_be_visible()


def test_a_run_opened_from_the_list_stays_open_until_the_list_is_asked_for(server, page: Page):
    ws = Workspace(server.home)
    make_dataset(ws)
    second, first = sorted(make_run(ws) for _ in range(2))

    page.goto(f"{server.url}/runs")
    select(page, 0)
    page.locator(f".st-key-run-{first}").get_by_role("button", name="Open").click()
    page.wait_for_url(f"**/runs?run={first}")
    expect(page.get_by_text("Settings of this run")).to_be_visible()  # all of it is drawn
    page.get_by_text("All runs").click()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{server.url}/runs")
    select(page, 1)
    page.locator(f".st-key-run-{second}").get_by_role("button", name="Open").click()
    page.wait_for_url(f"**/runs?run={second}")
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{server.url}/runs")
    page.go_back()
    page.get_by_role("button", name="Improve it").click()
    page.get_by_role("button", name="Clone with one change").click()
    expect(page.get_by_text("Start afresh instead")).to_be_visible()
    page.get_by_role("link", name="Train", exact=True).click()

    expect(page.get_by_text("How thorough?")).to_be_visible()
    expect(page).not_to_have_url(re.compile("clone="))
