"""Clicks and seconds to a first model: ``python run.py bench first-minute [FOLDER]``.

A real browser goes the ways of a new user, each on a fresh server: the sample, a FOLDER of class
folders, and the same as a ZIP. Then it opens every page of a workspace of 50 runs and 5,000 images.
Wants Chromium, and a quiet machine.
"""

import argparse
import cProfile
import os
import pstats
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import crowded
from benchmarks.bench import table
from tools import app_server

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LONG = 600_000  # milliseconds that anything may take
PAGES = ("Home", "Data", "Train", "Runs", "Predict")
GOAL = 300  # milliseconds to the first paint of a page, on a quiet machine
# Counts from the click; paints come with frames. Old elements stay until the new page's first.
OPENED = """async name => {
    const main = () => document.querySelector('[data-testid=stMain]')
    const link = [...document.querySelectorAll('[data-testid=stSidebarNavLink]')]
        .find(a => a.textContent.includes(name))
    const frame = () => new Promise(requestAnimationFrame)
    const title = () => main().querySelector('h1')?.textContent
    const before = title(), began = performance.now()
    link.click()
    let first = 0
    for (;;) {
        await frame()
        const is_new = title() && title() !== before
        if (!first && (is_new || main().querySelector('[data-testid=stSkeleton]')))
            first = performance.now() - began
        const app = document.querySelector('[data-testid=stApp]')
        const whole = is_new && app.dataset.testScriptState === 'notRunning'
        if (whole || performance.now() - began > 60000) return [first, performance.now() - began]
    }
}"""


@dataclass
class Hand:
    """Clicks as a user does, and counts."""

    page: Any
    clicks: int = 0

    def press(self, name: str) -> None:
        """Click a button by its name."""
        self.clicks += 1
        self.page.get_by_role("button", name=name, exact=True).click()

    def choose(self, field: str, path: Path) -> None:
        """Choose a folder or a file: one click, whatever the system's own window asks."""
        self.clicks += 1
        self.page.locator(field).set_input_files(path)


def main(arguments: Sequence[str]) -> None:
    """Go all ways, then open all pages."""
    parser = argparse.ArgumentParser(prog="first-minute", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="photographs in class folders")
    parser.add_argument("--images", type=int, default=5000, help="of the workspace of many")
    parser.add_argument("--runs", type=int, default=50)
    options = parser.parse_args(arguments)
    if not CHROMIUM:
        sys.exit("error: no Chromium found: install it to measure in a browser")
    with tempfile.TemporaryDirectory(prefix="thaw-minute-") as folder, _browser() as browser:
        ways = {"sample": _sample, **(_own(options.folder, Path(folder)) if options.folder else {})}
        measured = [_go(browser, Path(folder) / name, name, way) for name, way in ways.items()]
        table(("way", "clicks", "first model, s", "first prediction, s"), *measured)
        home = crowded.write(Path(folder) / "crowded", runs=options.runs, images=options.images)
        table(("page", f"first paint, ms (goal {GOAL})", "whole, ms"), *_pages(browser, home))
        heading = ("page", "script, ms of processor", "slowest function of ours", "ms")
        table(heading, *_slowest(home))


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def _server(home: Path) -> Iterator[str]:
    """Start the app on a machine where no weights lie."""
    keras = home.parent / "keras"
    keras.mkdir(exist_ok=True)
    with app_server.running(home, KERAS_HOME=str(keras)) as address:
        yield address


def _page(browser: Any, address: str) -> Any:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(LONG)
    page.goto(address)
    page.get_by_role("heading").first.wait_for()
    return page


Way = Callable[[Hand], None]  # presses from the open first page until the model is being made


def _go(browser: Any, home: Path, name: str, way: Way) -> tuple[str, int, str, str]:
    """Go a way from the open first page to the first prediction."""
    with _server(home) as address:
        hand = Hand(_page(browser, address))
        began = time.monotonic()
        way(hand)
        hand.page.locator(".st-key-unseen").wait_for()  # offered as soon as the run has ended
        model = time.monotonic() - began
        hand.page.locator(".st-key-unseen h3").wait_for()
        answered = time.monotonic() - began
        hand.page.context.close()
    return name, hand.clicks, f"{model:.1f}", f"{answered:.1f}"


def _sample(hand: Hand) -> None:
    hand.press("Try the sample")


def _own(photographs: Path, scratch: Path) -> Mapping[str, Way]:
    """Give the two ways to bring images along."""
    archive = Path(shutil.make_archive(str(scratch / photographs.name), "zip", photographs))

    def bring(hand: Hand, field: str, path: Path) -> None:
        hand.press("Bring my images")
        hand.choose(field, path)
        hand.press("Train quick")

    return {
        "folder": lambda hand: bring(hand, "#folder", photographs),
        "zip": lambda hand: bring(hand, "#files", archive),
    }


def _pages(browser: Any, home: Path) -> Iterator[tuple[str, str, str]]:
    """Open each page by its link, twice: the first time a server has much to import."""
    with _server(home) as address:
        page = _page(browser, address)
        for name in (*PAGES[1:], *PAGES):
            page.wait_for_timeout(1000)
            first, whole = page.evaluate(OPENED, name)
            yield name, f"{first:.0f}", f"{whole:.0f}"
        page.context.close()


def _slowest(home: Path) -> Iterator[tuple[str, str, str, str]]:
    """Run the script of each page under the profiler, which makes it about twice as slow.

    In processor time: what waits for other work on the machine does not count.
    """
    os.environ["THAW_HOME"] = str(home)
    from streamlit.testing.v1 import AppTest

    for name in PAGES:
        app = AppTest.from_file(str(ROOT / "pages" / "_main.py"), default_timeout=600).run()
        if name != "Home":
            app.switch_page(f"{name.lower()}.py")
        profiler = cProfile.Profile(time.thread_time)
        _profiled(app, profiler)
        total = pstats.Stats(profiler).total_tt  # type: ignore[attr-defined]
        yield (name, f"{1000 * total:.0f}", *_worst(profiler))


def _profiled(app: Any, profiler: cProfile.Profile) -> None:
    """Run a script of Streamlit, which has a thread of its own, under a profiler."""
    from streamlit.runtime.scriptrunner import script_runner

    plain = script_runner.exec_func_with_error_handling

    def run(*given: Any) -> Any:
        return profiler.runcall(plain, *given)

    script_runner.exec_func_with_error_handling = run
    try:
        app.run()
    finally:
        script_runner.exec_func_with_error_handling = plain


def _worst(profiler: cProfile.Profile) -> tuple[str, str]:
    """Name the function of ours, below the page itself, in which most time went by."""
    found = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    ours = {
        (path, name): row[3]
        for (path, _, name), row in found.items()
        if path.startswith(str(ROOT / "core")) or path.startswith(str(ROOT / "pages" / "_"))
        if name not in ("<module>", "draw", "mendable")
    }
    (path, name), seconds = max(ours.items(), key=lambda item: item[1])
    return f"{Path(path).relative_to(ROOT)}: {name}", f"{1000 * seconds:.0f}"
