"""What the uploader says while it sends, when it is stopped, and of what it could not send."""

from pathlib import Path

import pytest

from core import datasets
from core.workspace import Workspace
from tests import builders
from tests.e2e.conftest import Server, figure

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect, Page = sync_api.expect, sync_api.Page


def test_an_upload_that_was_stopped_leaves_nothing_for_the_next(
    server: Server, page: Page, tmp_path: Path
):
    page.goto(f"{server.url}/data")
    page.route("**/api/upload", lambda route: None)  # never answered
    page.locator("#folder").set_input_files(builders.write_folder(tmp_path / "wrong", num=90))
    page.get_by_role("button", name="Upload", exact=True).click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Choose a folder")).to_be_visible()
    page.unroute("**/api/upload")
    page.locator("#folder").set_input_files(builders.write_folder(tmp_path / "right", num=5))
    page.get_by_role("button", name="Upload", exact=True).click()

    expect(figure(page, "Images")).to_contain_text("10")


def test_files_that_could_not_be_sent_are_said_and_asked_about(
    server: Server, page: Page, tmp_path: Path
):
    page.goto(f"{server.url}/data")
    page.route("**/api/upload", lambda route: route.fulfill(status=400))
    page.locator("#folder").set_input_files(builders.write_folder(tmp_path / "lost", num=5))
    page.get_by_role("button", name="Upload", exact=True).click()

    expect(page.get_by_text("10 files could not be sent.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_text("10 files could not be sent.", exact=True)).to_be_hidden()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lost", "end"),
    [(False, "Files arrived: 1"), (True, "Files not sent: 1 of 1. Check")],
)
def test_the_uploader_counts_a_single_file_in_words_that_fit(
    server: Server, page: Page, tmp_path: Path, lost: bool, end: str
):
    (tmp_path / "notes.txt").write_text("not an image")
    if lost:
        page.route("**/api/upload", lambda route: route.fulfill(status=400))
    page.goto(f"{server.url}/data")
    said = page.locator("#live")

    page.locator("#files").set_input_files(tmp_path / "notes.txt")
    expect(said).to_have_text("No images were found there. Other files: 1")
    page.locator("#files").set_input_files(builders.write_image(tmp_path / "1.png"))
    expect(said).to_contain_text("Images: 1, folders: 1, 0.0 MB")
    said.evaluate(KEEP_ALL_THAT_IS_SAID)
    page.get_by_role("button", name="Upload", exact=True).click()

    page.wait_for_function("end => said.some(text => text.startsWith(end))", arg=end)
    assert "Files sent: 0 of 1" in page.evaluate("said")


KEEP_ALL_THAT_IS_SAID = """live => {
    window.said = []
    new MutationObserver(() => said.push(live.textContent)).observe(live, { childList: true })
}"""


@pytest.mark.slow
def test_large_photos_can_be_made_smaller_before_sending(make_server, page: Page, tmp_path: Path):
    server = make_server("--server.baseUrlPath=school/thaw")
    folder = tmp_path / "photos"
    for label in ("red", "green"):
        for seed in range(2):
            builders.write_image(folder / label / f"{seed}.jpg", seed=seed, size=1200)

    page.goto(f"{server.url}/school/thaw/data")
    page.locator("#folder").set_input_files(folder)
    page.get_by_label("Make large photos smaller").check()
    page.get_by_role("button", name="Upload", exact=True).click()

    expect(figure(page, "Images")).to_contain_text("4")
    ws = Workspace(server.home)
    [dataset] = datasets.all_datasets(ws)
    assert {image.width for image in datasets.images(ws, dataset.id)} == {512}
