"""Editing in a real browser: images are chosen by mouse and keyboard, and stay in place."""

import pytest

from core.workspace import Workspace
from tests import builders
from tests.e2e.conftest import Server
from tests.e2e.test_data import figure

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect, Page = sync_api.expect, sync_api.Page


def open_edit(page: Page, server: Server):
    """Open the images of a new data set, and give their tiles."""
    dataset = builders.make_dataset(Workspace(server.home), num=10)
    page.goto(f"{server.url}/data?dataset={dataset.id}&part=edit")
    tiles = page.locator("figure button[aria-pressed]")
    expect(tiles.first).to_be_visible()
    return tiles


def test_chosen_images_are_left_out_and_brought_back(server: Server, page: Page):
    tiles = open_edit(page, server)
    for place in (0, 1):
        tiles.nth(place).click()
    expect(page.get_by_text("2 images chosen")).to_be_visible()
    page.get_by_role("button", name="Leave out").first.click()
    expect(figure(page, "Images")).to_contain_text("18")
    page.locator(".st-key-undo-1 button").click()  # a page still redrawn may hold another

    expect(figure(page, "Images")).to_contain_text("20")


@pytest.mark.slow
def test_images_stay_where_they_are_when_the_first_is_chosen(server: Server, new_page):
    page = new_page(height=1400)  # nothing has to be scrolled
    tiles = open_edit(page, server)
    expect(page.get_by_role("button", name="Leave out").first).to_be_disabled()
    before = tiles.nth(5).bounding_box()

    tiles.first.click()
    expect(page.get_by_role("button", name="Leave out").first).to_be_enabled()

    assert tiles.nth(5).bounding_box() == before


def test_images_are_chosen_by_keyboard_one_after_the_other(server: Server, page: Page):
    tiles = open_edit(page, server)
    tiles.first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 image chosen")).to_be_visible()

    page.keyboard.press("Tab")  # the picture itself, which Enter makes large
    page.keyboard.press("Enter")
    large = page.get_by_role("dialog").get_by_role("img")
    expect(large).to_be_visible()
    page.wait_for_function("image => image.naturalWidth > 0", arg=large.element_handle())
    page.keyboard.press("ArrowRight")
    expect(
        page.get_by_role("dialog", name=tiles.nth(2).get_attribute("aria-label")[8:])
    ).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")

    expect(page.get_by_text("2 images chosen")).to_be_visible()
    expect(tiles.nth(1)).to_have_attribute("aria-pressed", "true")
