"""The confusion matrix in a real browser, which alone sends clicks on it."""

import re

import pytest

from core.workspace import Workspace
from tests.e2e.conftest import Server
from tests.pages.test_runs_mistakes import a_run

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect, Page = sync_api.expect, sync_api.Page


def test_a_press_on_a_cell_opens_its_pictures_one_is_enlarged_and_back_leads_back(
    server: Server, page: Page
):
    ws = Workspace(server.home)
    run_id = a_run(ws, ("red", "green", "<b>blue</b>"), {0: 1, 1: 1, 2: 1, 3: 0, 4: 0})
    page.goto(f"{server.url}/runs?run={run_id}&view=mistakes")
    pictures = page.locator("figure")
    expect(pictures).to_have_count(5)

    page.locator(".role-mark text", has_text=re.compile("^2$")).first.click()
    expect(pictures).to_have_count(2)
    expect(page).to_have_url(re.compile("cell=1-0"))
    pictures.first.locator(".open").click()
    dialog = page.get_by_role("dialog").filter(has_text="What the model says")
    expect(dialog).to_contain_text("It is green, named red.")
    dialog.get_by_role("button", name="Next image").click()
    expect(dialog).to_contain_text("2 of 2")
    expect(page.locator("[data-test-script-state='notRunning']")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(pictures.first.locator(".open")).to_be_focused()

    page.go_back()
    dialog.get_by_role("combobox").fill("violet")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Move")).to_be_enabled()
    for _ in range(3):
        page.go_back()
    expect(pictures).to_have_count(5)
