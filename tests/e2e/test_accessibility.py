"""What keeps people out, as axe-core finds it on every page: nothing serious of ours."""

from collections.abc import Iterator

import pytest

from core.workspace import Workspace
from tests.builders import make_dataset, make_run
from tests.e2e.conftest import Server

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
expect, Page = sync_api.expect, sync_api.Page

# docs/decisions/accessibility.md: the links in the side bar lie in groups within one list
STREAMLITS = "[data-testid=stSidebarNavItems], [data-testid=stSidebarNavItems] *"


def faults(page: Page) -> Iterator[str]:
    """Give the serious faults of what is shown, each with the first element that has it."""
    for fault in axe.Axe().run(page).response["violations"]:
        where = [node["target"][-1] for node in fault["nodes"]]
        ours = [
            w
            for w in where
            if not page.locator(w).first.evaluate(f"e => e.matches(`{STREAMLITS}`)")
        ]
        if ours and fault["impact"] in ("serious", "critical"):
            yield f"{page.url}: {fault['help']}: {ours[0]}"


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_on_any_page(server: Server, new_page, scheme: str):
    ws = Workspace(server.home)
    dataset = make_dataset(ws)
    first, second = make_run(ws), make_run(ws)
    page = new_page(color_scheme=scheme, bypass_csp=True)
    addresses = (
        "/",
        *(f"/data?dataset={dataset.id}&part={part}" for part in ("images", "check", "add")),
        "/train",
        "/runs",
        f"/runs?run={first}",
        f"/runs?run={first}&view=mistakes",
        f"/runs?run={first}&with={second}",
        f"/predict?run={first}",
        f"/predict?run={first}&source=camera",
    )

    found = list[str]()
    for address in addresses:
        page.goto(server.url + address)
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning] h1")
        found += faults(page)
    page.get_by_role("button", name="Glossary").click()
    expect(page.get_by_role("searchbox")).to_be_visible()
    found += faults(page)

    assert not found
