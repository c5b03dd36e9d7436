"""The search for wrong labels in a real browser, with a real network."""

import pytest

from core.workspace import Workspace
from tests import builders
from tests.e2e.conftest import Server

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect, Page = sync_api.expect, sync_api.Page


@pytest.mark.slow
def test_a_search_goes_on_while_the_page_is_left_and_is_found_on_return(server: Server, page: Page):
    dataset = builders.make_dataset(Workspace(server.home), num=20)
    address = f"{server.url}/data?dataset={dataset.id}&part=label-errors"

    page.goto(address)
    page.get_by_role("button", name="Find label errors").click()
    expect(page.get_by_text("Step 1 of 2")).to_be_visible()
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("button", name="Start training")).to_be_visible()
    page.goto(address)

    expect(page.get_by_text("The judge itself is right")).to_be_visible(timeout=120_000)
    expect(page.get_by_role("button", name="Find label errors")).to_be_hidden()
