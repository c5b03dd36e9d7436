"""A real server and a real browser. Without Chromium or Playwright these tests are skipped."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from core import locks
from core.workspace import Workspace

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
MADE = (
    "datasets",
    "runs",
    "studies",
    "predictions",
    "staging",
    "trash",
    "cache",
    "chosen.json",
)  # by a test
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.e2e)


def figure(page: Any, label: str) -> Any:
    """Give the figure that stands on a page under this label."""
    return page.get_by_test_id("stMetric").filter(has_text=label)


@dataclass
class Server:
    """The app as a user starts it, on a free port, with a workspace of its own."""

    home: Path
    keras_home: Path
    flags: tuple[str, ...] = ()
    port: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base(self) -> str:
        given = [flag for flag in self.flags if flag.startswith("--server.baseUrlPath=")]
        return "/" + given[0].partition("=")[2] if given else ""

    @property
    def log(self) -> Path:
        return self.home.parent / "server.log"

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        options = [f"--server.port={self.port}", "--server.headless=true", *self.flags]
        settings = {"THAW_HOME": str(self.home), "KERAS_HOME": str(self.keras_home)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *options],
                cwd=ROOT,
                env=os.environ | settings,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"{self.url}{self.base}/_stcore/health", timeout=5):
                    return
            except OSError:
                if self.process is None or self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")

    def stop(self) -> None:
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
        self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start servers of a test's own: with other flags, or because it must be fresh."""
    servers: list[Server] = []

    def make(*flags: str) -> Server:
        server = _server(tmp_path, *flags)
        servers.append(server)
        server.start()
        return server

    yield make
    for server in servers:
        server.stop()
        end_workers(server.home)


def _server(folder: Path, *flags: str) -> Server:
    """Make a server on a machine where no weights lie."""
    keras_home = folder / "keras"
    keras_home.mkdir(exist_ok=True)
    return Server(home=folder / "home", keras_home=keras_home, flags=flags)


def end_workers(home: Path) -> None:
    """End what works on a workspace beside its server: it would stay warm for ten minutes."""
    every = psutil.process_iter(["cmdline"])
    workers = [p for p in every if str(home) in (p.info["cmdline"] or ())]
    for worker in workers:
        with suppress(psutil.NoSuchProcess):
            worker.kill()
    end = time.monotonic() + 20
    while any(map(_lives, workers)):
        assert time.monotonic() < end
        time.sleep(0.02)


def _lives(process: psutil.Process) -> bool:
    """Tell whether a process still does something; the dead child of a living server does not."""
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


@pytest.fixture(scope="package")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that need nothing special of it: to start one takes seconds."""
    server = _server(tmp_path_factory.mktemp("shared"))
    yield server
    server.stop()


@pytest.fixture
def server(training_server: Server) -> Iterator[Server]:
    """The shared server where nothing is trained: else most pages would load TensorFlow."""
    ws = Workspace(training_server.home)
    ws.root.mkdir(parents=True, exist_ok=True)
    with locks.hold(ws.worker_lock, patience=20):
        yield training_server


@pytest.fixture
def training_server(shared_server: Server) -> Iterator[Server]:
    """The shared server, running, on an empty workspace."""
    if shared_server.process is None or shared_server.process.poll() is not None:
        shared_server.start()
    yield shared_server
    end_workers(shared_server.home)
    for name in MADE:
        _remove(shared_server.home / name)


def _remove(path: Path) -> None:
    """Remove what a test left; the server may just be writing there."""
    end = time.monotonic() + 20
    while path.is_dir():
        assert time.monotonic() < end
        shutil.rmtree(path, ignore_errors=True)
    path.unlink(missing_ok=True)


@pytest.fixture(scope="package")
def browser() -> Iterator[object]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("no Chromium found: install Debian's chromium to run the browser tests")
    sync_api.expect.set_options(timeout=60_000)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser) -> Iterator[Callable[..., object]]:
    """Open pages like ``new_page(width=390, locale="zh-CN")``; nothing may break our own policy."""
    contexts, complaints = [], []

    def make(*, width: int = 1280, height: int = 900, **options: object):
        still = {"viewport": {"width": width, "height": height}, "reduced_motion": "reduce"}
        context = browser.new_context(**still, **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: _note(message, complaints))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not complaints


def _note(message, complaints: list[str]) -> None:
    if message.type == "error" and "Content Security Policy" in message.text:
        complaints.append(message.text)


@pytest.fixture
def page(new_page):
    return new_page()
