"""Back in a real browser: tab by tab, off a page with one press, and nowhere a dead press."""

import re
from pathlib import Path

import pytest

from core.workspace import Workspace
from tests import builders
from tests.e2e.conftest import Server

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect, Page = sync_api.expect, sync_api.Page


def open_(page: Page, name: str) -> None:
    """Open a page by the link in the frame, as a user does."""
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def tab(page: Page, name: str):
    return page.get_by_role("radio", name=name)


def choose(page: Page, name: str) -> None:
    tab(page, name).click()
    expect(tab(page, name)).to_be_checked()


def test_back_and_forward_go_tab_by_tab_and_off_the_page(server: Server, page: Page):
    dataset = builders.make_dataset(Workspace(server.home))
    page.goto(server.url)
    open_(page, "Data")
    expect(page).to_have_url(re.compile(f"dataset={dataset.id}"))
    for name, part in (("Check", "check"), ("Add", "add")):
        choose(page, name)
        expect(page).to_have_url(re.compile(f"part={part}"))  # the server has heard of it

    for name in ("Check", "Images"):
        page.go_back()
        expect(tab(page, name)).to_be_checked()
    page.go_forward()
    expect(tab(page, "Check")).to_be_checked()
    page.go_back()
    expect(tab(page, "Images")).to_be_checked()
    page.go_back()
    expect(page.get_by_role("heading", name="Teach a computer to see")).to_be_visible()


def test_a_page_takes_up_the_data_set_chosen_on_another_and_back_leaves_it_at_once(
    server: Server, page: Page
):
    chosen, newest = (builders.make_dataset(Workspace(server.home), name=n) for n in ("old", "new"))
    page.goto(f"{server.url}/data?dataset={chosen.id}")
    expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible()
    expect(tab(page, "Images")).to_be_checked()

    open_(page, "Train")
    expect(page).to_have_url(re.compile(f"/train.dataset={chosen.id}"))
    page.reload()
    expect(page.get_by_label("Data set")).to_have_value(re.compile("old"))
    page.go_back()

    expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible()
    expect(page).not_to_have_url(re.compile(newest.id))


@pytest.mark.slow
def test_back_leaves_the_collection_of_classes_with_one_press(server: Server, page: Page):
    page.goto(f"{server.url}/data")
    choose(page, "Class by class")
    expect(page).to_have_url(re.compile("collection="))

    page.go_back()

    expect(tab(page, "Upload")).to_be_checked()


@pytest.mark.slow
def test_back_from_a_new_data_set_leads_to_where_its_images_were_chosen(
    server: Server, page: Page, tmp_path: Path
):
    page.goto(f"{server.url}/data?view=bring")
    page.locator("#folder").set_input_files(builders.write_folder(tmp_path / "shades"))
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page).to_have_url(re.compile("/data.dataset="))

    page.go_back()

    expect(page.get_by_role("button", name="Choose a folder")).to_be_visible()
