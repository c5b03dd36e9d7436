"""What keeps people out, as axe-core finds it on every page: nothing serious of ours."""

from collections.abc import Iterator

import pytest

from core.workspace import Workspace
from pages._runs.judged import views as judged_views
from tests.builders import make_dataset, make_run, write_features, write_map
from tests.e2e.conftest import Server
from tests.pages.test_runs_mistakes import a_run

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
expect, Page = sync_api.expect, sync_api.Page

# docs/decisions/accessibility.md: the links in the side bar lie in groups within one list
STREAMLITS = "[data-testid=stSidebarNavItems], [data-testid=stSidebarNavItems] *"


def faults(page: Page) -> Iterator[str]:
    """Give the serious faults of what is shown, each with the first element that has it."""
    for fault in axe.Axe().run(page).response["violations"]:
        targets = [node["target"][-1] for node in fault["nodes"]]
        where = [t if isinstance(t, str) else t[-1] for t in targets]  # a list: in a shadow tree
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
    judged = a_run(ws, ("red", "green", "<b>blue</b>"), {0: 1, 1: 1, 2: 1, 3: 0, 4: 0})
    write_features(ws, judged)
    write_map(ws, judged)
    page = new_page(color_scheme=scheme, bypass_csp=True)
    addresses = (
        "/",
        *(f"/data?dataset={dataset.id}&part={part}" for part in ("images", "check", "add")),
        "/train",
        "/runs",
        f"/runs?run={first}",
        *(f"/runs?run={judged}&view={view}" for view in judged_views.VIEWS),
        f"/runs?run={first}&with={second}",
        f"/predict?run={first}",
        f"/predict?run={first}&source=camera",
        f"/predict?run={first}&source=folder",
        "/?lessons=1",
        "/?lesson=how-deep",
    )

    found = list[str]()
    for address in addresses:
        page.goto(server.url + address)
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning] h1")
        page.wait_for_load_state("networkidle")
        for button in page.locator("#pickFolder").all():  # its script names it once it is there
            expect(button).not_to_be_empty()
        found += faults(page)
    page.get_by_role("button", name="Glossary").click()
    expect(page.get_by_role("searchbox")).to_be_visible()
    found += faults(page)

    assert not found
