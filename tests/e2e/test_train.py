"""From the Train page to a model in a real browser; the stack of blocks moved by hand."""

import re

import pytest

from core import runs
from core.models import catalog
from core.workspace import Workspace
from tests.builders import make_dataset
from tests.e2e.conftest import Server

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect, Page = sync_api.expect, sync_api.Page

LONG = 240_000  # milliseconds; a cold engine on a busy machine


def choose_small(page: Page, server: Server, *, epochs: int) -> None:
    """Fill the Train page for the smallest training there is, without weights."""
    dataset = make_dataset(Workspace(server.home), num=16)
    page.goto(f"{server.url}/train?dataset={dataset.id}&preset=quick")
    page.get_by_text("More choices", exact=True).click()
    page.get_by_text("Nothing: start from scratch").click()
    page.get_by_role("tab", name="Images").click()
    fill(page, "Image size", 32)
    page.get_by_role("tab", name="Learning").click()
    page.get_by_role("button", name="Choose epochs and learning rate yourself").click()
    fill(page, "Epochs for the head", epochs)


def fill(page: Page, label: str, value: int) -> None:
    field = page.get_by_role("spinbutton", name=label)
    field.fill(str(value))
    field.press("Enter")


def start(page: Page, summary: str) -> None:
    expect(page.locator(".st-key-start-card")).to_contain_text(summary)
    page.get_by_role("button", name="Start training").click()
    expect(page).to_have_url(re.compile(r"/runs\?.*run=\d{8}-"))


def test_a_training_is_watched_reloaded_shared_and_its_model_used(
    training_server: Server, page: Page, new_page, tmp_path
):
    choose_small(page, training_server, epochs=300)  # seconds: it must not end before it is watched
    start(page, "300 epochs")

    first_point = page.locator(".plot[data-kind=loss] .scatterlayer .point").first
    expect(first_point).to_be_visible(timeout=LONG)

    page.reload()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()

    other = new_page()
    other.goto(page.url)
    expect(other.get_by_text("Images behind it")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Images behind it")).to_be_visible(timeout=LONG)

    photo = next((training_server.home / "datasets").rglob("*.png"))
    page.get_by_role("button", name="Try it on images").click()
    page.locator("input[type=file]").set_input_files(str(photo))
    expect(page.get_by_text("That is not certainty")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("progressbar").first).to_be_visible()

    confidence = page.get_by_role("button", name="confidence", exact=True)
    confidence.press("Enter")  # a dotted word, by keyboard
    expect(page.get_by_role("dialog").locator(".first")).to_contain_text("How strongly the model")
    page.keyboard.press("Escape")
    expect(confidence).to_be_focused()

    page.get_by_text("Camera", exact=True).click()
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator("#said")).not_to_be_empty(timeout=LONG)
    page.get_by_role("button", name="Keep this picture").click()
    expect(page.get_by_text("That is not certainty")).to_be_visible(timeout=LONG)

    expect(page.get_by_role("button", name="Make and try it")).to_be_visible()


def test_a_run_outlives_the_server_and_stop_keeps_the_model(training_server: Server, page: Page):
    choose_small(page, training_server, epochs=2)
    page.get_by_role("slider", name=re.compile("How much of")).press("End")
    fill(page, "Epochs of fine-tuning", 1000)
    start(page, "1002 epochs")
    expect(page.locator(".plot[data-kind=loss] .point").first).to_be_visible(timeout=LONG)

    training_server.restart()
    page.goto(page.url)
    stop = page.get_by_role("button", name="Stop and keep the model so far")
    expect(stop).to_be_visible()
    expect(page.locator(".plot[data-kind=loss] .point").first).to_be_visible()

    stop.click()

    expect(page.get_by_role("button", name="Try it on images")).to_be_visible(timeout=LONG)
    expect(page.get_by_test_id("stMain").get_by_text("stopped").first).to_be_visible()


def test_dial_and_depth_are_moved_by_key_and_by_click_and_stay_as_they_are(
    server: Server, page: Page
):
    dataset = make_dataset(Workspace(server.home))
    page.goto(f"{server.url}/train?dataset={dataset.id}")
    quick = page.get_by_role("radio", name="Quick")
    slider = page.get_by_role("slider", name=re.compile("How much of"))
    card, melted = page.locator(".st-key-start-card"), page.locator(".bar.melted")
    expect(page.get_by_text("the backbone is computed only once")).to_be_visible()

    page.get_by_role("radio", name="Balanced").press("ArrowLeft")
    expect(page).to_have_url(re.compile("preset=quick"))
    expect(quick).to_be_checked()
    expect(quick).to_be_focused()

    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(page.get_by_text(re.compile("each epoch computes"))).to_be_visible()
    expect(card).to_contain_text("frozen up to block_8")
    assert slider.get_attribute("aria-valuetext").startswith("Half: 9 of 19 blocks learn")
    assert melted.count() == 7  # of 14 bars

    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    page.go_back()
    expect(quick).to_be_checked()
    expect(card).to_contain_text("frozen up to block_8")

    page.get_by_role("button", name=re.compile("Exact")).click()
    page.locator("[data-block=stem]").click()
    expect(card).to_contain_text("everything learns")
    fine = page.get_by_role("slider", name=re.compile("How many blocks"))
    assert fine.get_attribute("aria-valuetext").startswith("19 of 19")


@pytest.mark.slow
def test_a_learning_rate_is_found_taken_over_and_trained_with(training_server: Server, page: Page):
    choose_small(page, training_server, epochs=2)
    first_phase = page.get_by_role("spinbutton", name="Learning rate of the head")
    first_phase.fill("0.7")  # no rate that would be suggested
    first_phase.press("Enter")

    page.get_by_role("button", name="Find a learning rate").click()
    use = page.locator(".st-key-use-rate").get_by_role("button")
    expect(use).to_be_visible(timeout=LONG)
    rate = use.inner_text().split()[-1]
    curve = page.locator(".st-key-rates-curve")
    expect(curve.locator(".scatterlayer .lines path").first).to_be_visible()
    expect(curve).to_contain_text(f"suggestion {rate}")
    use.click()
    expect(first_phase).not_to_have_value("0.7")
    assert float(first_phase.input_value()) == float(rate)
    start(page, "2 epochs")

    ws = Workspace(training_server.home)
    [run_id] = runs.ids(ws)
    assert runs.get(ws, run_id).config.learning_rate == float(rate)


def test_a_backbone_is_chosen_among_all_as_cards(server: Server, page: Page):
    dataset = make_dataset(Workspace(server.home))
    page.goto(f"{server.url}/train?dataset={dataset.id}&preset=quick")
    page.get_by_text("More choices", exact=True).click()
    page.get_by_role("button", name="See all as cards").click()
    drawer = page.get_by_role("dialog")
    titles = drawer.locator("strong")
    every = catalog.BACKBONES.values()

    expect(titles).to_have_text([catalog.BACKBONES[catalog.STARTER].title])
    drawer.get_by_text("All", exact=True).click()
    expect(titles).to_have_text([backbone.title for backbone in every])
    drawer.get_by_text("Large and exact").click()
    expect(titles.filter(has_text="MobileNet")).to_have_count(0)
    use = drawer.locator(".st-key-use-VGG16").get_by_role("button")
    expect(use).to_have_count(1)  # until then one of the cards before is there too
    use.click()

    expect(drawer).to_be_hidden()
    expect(page.locator(".st-key-start-card")).to_contain_text("VGG 16")
    expect(page.get_by_role("button", name="Download 59 MB and start")).to_be_visible()


def test_a_phone_shows_the_pages_without_scrolling_sideways(server: Server, new_page):
    make_dataset(Workspace(server.home))
    page = new_page(width=390)

    for path in ("/train", "/runs", "/predict"):
        page.goto(server.url + path)
        expect(page.get_by_role("heading").first).to_be_visible()
        too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
        assert not too_wide, path
