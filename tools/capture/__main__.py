"""Make the pictures of README.md anew: ``python -m tools.capture``. Wants Chromium.

A server of its own with an empty workspace, a real browser: the sample from the press to a
prediction as a film, then the five pages as that leaves them.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tools import app_server
from tools.capture import film
from tools.capture.film import Shot

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
SECONDS = 20.0  # of the film
SIZE = {"width": 1280, "height": 820}
LONG = 300.0  # seconds that anything may take
HEADINGS = {"Home": "Teach a computer to see"}  # of pages that are not called by their link
EVERY = 0.1  # seconds between two screenshots


def main() -> None:
    """Film the first minute, then picture the pages."""
    if not CHROMIUM:
        sys.exit("error: no Chromium found: install it to have the pages pictured")
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="thaw-capture-") as folder,
        _browser() as page,
        app_server.running(Path(folder) / "home") as address,
    ):
        size = film.write(_first_minute(page, address), IMAGES / "film.webp", seconds=SECONDS)
        print(f"film.webp: {size / 1e6:.2f} MB")
        _train_again(page)
        for name, data in _pages(page):
            film.still(data, IMAGES / f"{name}.webp")
            print(f"{name}.webp")


def _first_minute(page: Any, address: str) -> list[Shot]:
    """Press once, and watch: sample, curves, a prediction of a picture it has not seen."""
    page.goto(address)
    press = page.get_by_role("button", name="Try the sample", exact=True)
    press.wait_for()
    shots = _for(page, 1.5)
    press.click()
    answer = page.locator(".st-key-unseen h3")
    shots += _watch(page, lambda: answer.count() > 0 and answer.first.is_visible())
    shots += _for(page, 2.0)
    shots += _scroll(page, 800)  # to the curves
    shots += _for(page, 2.5)
    shots += _scroll(page, -800)
    page.get_by_role("button", name="Another picture").click()
    return shots + _for(page, 2.5)


def _train_again(page: Any) -> None:
    """Train as the Train page proposes, so that there are two runs to look at."""
    _open(page, "Train")
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url("**/runs?*run=*")
    page.get_by_role("button", name="Try it on images").wait_for()


def _scroll(page: Any, pixels: int, steps: int = 8) -> list[Shot]:
    page.mouse.move(SIZE["width"] * 0.6, SIZE["height"] * 0.6)
    shots = []
    for _ in range(steps):
        page.mouse.wheel(0, pixels / steps)
        shots += _for(page, EVERY / 2)
    return shots


def _for(page: Any, seconds: float) -> list[Shot]:
    began = time.monotonic()
    return _watch(page, lambda: time.monotonic() - began > seconds)


def _watch(page: Any, is_over: Any) -> list[Shot]:
    """Take screenshots until something has come."""
    shots, began = [], time.monotonic()
    while not is_over():
        if time.monotonic() - began > LONG:
            raise TimeoutError(f"nothing came in {LONG:.0f} seconds")
        with suppress(Exception):  # while a page gives way to the next
            data = page.screenshot(type="jpeg", quality=90, animations="disabled")
            shots.append(Shot(time.monotonic(), data))
        time.sleep(EVERY)
    return shots


def _pages(page: Any) -> Iterator[tuple[str, bytes]]:
    for name in ("Home", "Data", "Train", "Runs", "Predict"):
        _open(page, name)
        page.wait_for_timeout(2500)  # pictures and charts come after the script
        page.mouse.move(0, 0)
        yield name.lower(), page.screenshot(type="png", animations="disabled")


def _open(page: Any, name: str) -> None:
    page.locator("[data-testid=stSidebarNavLink]").filter(has_text=name).click()
    page.get_by_role("heading", name=HEADINGS.get(name, name), level=1).wait_for()
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
    )


@contextmanager
def _browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport=SIZE, color_scheme="light").new_page()
        page.set_default_timeout(1000 * LONG)
        yield page
        browser.close()


if __name__ == "__main__":
    main()
