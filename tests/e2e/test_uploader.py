"""The upload field in a real browser: what it says, and what a page left too early would lose."""

from pathlib import Path

import pytest

from core import words
from tests import builders
from tests.e2e.conftest import Server

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect, Page = sync_api.expect, sync_api.Page

FOUND = words.translate("Images: {images}, folders: {classes}, {megabytes} MB", "zh_CN")


def test_what_was_found_is_said_in_a_language_switched_to_meanwhile(
    server: Server, page: Page, tmp_path: Path
):
    page.goto(f"{server.url}/data")
    page.locator("#folder").set_input_files(builders.write_folder(tmp_path / "shades", num=5))
    expect(page.locator("#live")).to_contain_text("Images: 10, folders: 2")

    page.get_by_role("radio", name="简体中文").click()

    said = FOUND.format(images=10, classes=2, megabytes="0.1")
    expect(page.locator("#live")).to_have_text(said)
    expect(page.get_by_role("radio", name="简体中文")).to_be_focused()


def test_the_browser_asks_before_a_page_is_left_in_the_middle_of_an_upload(
    server: Server, page: Page, tmp_path: Path
):
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(f"{server.url}/data")
    page.route("**/api/upload", lambda route: None)  # never answered
    page.locator("#folder").set_input_files(builders.write_folder(tmp_path / "shades", num=5))
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()

    with page.expect_event("dialog"):
        page.close(run_before_unload=True)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Choose a folder")).to_be_visible()
    page.reload()

    assert asked == ["beforeunload"]
