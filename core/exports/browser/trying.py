"""The page opened in a browser of this machine, which tells what it answers."""

import csv
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from core.exports.browser import browsers, texts
from core.records import ModelCard
from core.records.choices import CLASSIFICATION, REGRESSION
from core.words import Message, say

_TRIAL = Path(__file__).with_name("trial.html")
_KINDS = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css"}
_SECONDS = 0.1  # between two looks whether the browser still runs


class BrokenPageError(Exception):
    """The page, or the browser, did not answer, and why."""

    def __init__(self, reason: Message | str) -> None:
        super().__init__(str(reason))
        self.reason = reason


def slow(seconds: float) -> Message:
    """Say that nothing was answered in time."""
    return say("it has not answered in {num} minutes", num=round(seconds / 60))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTable:
    """What is written of the answers of a page, as the script writes it."""

    output: str
    columns: Callable[[ModelCard], list[str]]
    cells: Callable[[dict[str, Any], ModelCard], list[Any]]


def answer(folder: Path, card: ModelCard, seconds: float) -> None:
    """Have the page in a folder answer ``pixels.npy`` and the files of ``files.json``.

    Writes ``answers.npz`` and ``answers.csv``, as the program of the other formats does. Raises
    `BrokenPageError`.
    """
    paths = [Path(path) for path in json.loads((folder / "files.json").read_text("utf-8"))]
    found, table = _asked(folder, paths, seconds), TABLES[card.task.name]
    if "error" in found:
        raise BrokenPageError(str(found["error"])[:300])
    values = np.array(found["values"], np.float64)  # what is no number comes as none
    kept: dict[str, Any] = {table.output: values, "milliseconds": found["milliseconds"]}
    np.savez(folder / "answers.npz", **kept)
    columns = table.columns(card)
    with (folder / "answers.csv").open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(["file", *columns, "error"])
        for path, given in zip(paths, found["files"], strict=True):
            problem = given.get("error", "")
            cells = [""] * len(columns) if problem else table.cells(given, card)
            writer.writerow([path, *cells, texts.TEXTS.get(problem, problem)])


def _classes(given: dict[str, Any], card: ModelCard) -> list[Any]:
    shares = np.array(given["values"], np.float64)
    return [card.labels[int(shares.argmax())], "", given["similarity"], *shares]


def _number(given: dict[str, Any], card: ModelCard) -> list[Any]:
    (number,) = np.array(given["values"], np.float64)
    low, high = ("" if given[name] is None else given[name] for name in ("low", "high"))
    return [number, low, high, "yes" if given.get("isBeyond") else "no"]


TABLES: Mapping[str, PageTable] = {
    CLASSIFICATION: PageTable(
        output="probabilities",
        columns=lambda card: ["label", "known", "similarity", *card.labels],
        cells=_classes,
    ),
    REGRESSION: PageTable(
        output="number",
        columns=lambda card: ["number", "low", "high", "beyond"],
        cells=_number,
    ),
}


def _asked(folder: Path, paths: Sequence[Path], seconds: float) -> dict[str, Any]:
    """Serve the page to a browser on this machine alone, until it has told its answers."""
    browser = browsers.find()
    if browser is None:
        raise BrokenPageError(say("no Chromium, Chrome or Edge was found"))
    task = _Task(folder, paths)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, task)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/{task.secret}/trial.html"
        try:
            with browsers.opened(browser, address) as process:
                _wait(task, process.poll, seconds)
        finally:
            server.shutdown()
    return task.answers


def _wait(task: "_Task", poll: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not task.done.wait(_SECONDS):
        if poll() is not None:
            raise BrokenPageError(say("the browser ended before it had answered"))
        if time.monotonic() > end:
            raise BrokenPageError(slow(seconds))


class _Task:
    """What the browser may see, and what it told."""

    def __init__(self, folder: Path, paths: Sequence[Path]) -> None:
        self.folder, self.paths = folder.resolve(), paths
        self.secret = secrets.token_urlsafe(12)  # others on this machine cannot guess the address
        self.answers: dict[str, Any] = {}
        self.done = threading.Event()

    def file(self, path: str) -> Path | None:
        """Give the file that an address stands for."""
        secret, _, rest = path.removeprefix("/").partition("/")
        kind, _, name = rest.partition("/")
        if secret != self.secret:
            return None
        if rest == "trial.html":
            return _TRIAL
        if kind == "file":
            return self.paths[int(name)] if name.isdigit() and int(name) < len(self.paths) else None
        inside = (self.folder / name).resolve()
        return inside if kind == "kit" and inside.is_relative_to(self.folder) else None


class _Handler(BaseHTTPRequestHandler):
    """Gives the browser what it is to see, and takes its answers."""

    def __init__(self, task: _Task, *rest: Any) -> None:
        self.task = task
        super().__init__(*rest)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == f"/{self.task.secret}/task.json":
            return self._send(
                json.dumps({"files": len(self.task.paths)}).encode(), "application/json"
            )
        file = self.task.file(path)
        if file is None or not file.is_file():
            return self.send_error(404)
        return self._send(file.read_bytes(), _KINDS.get(file.suffix, "application/octet-stream"))

    def do_POST(self) -> None:
        if self.path != f"/{self.task.secret}/answers":
            return self.send_error(404)
        body = self.rfile.read(int(self.headers["content-length"]))
        self._send(b"", "text/plain")
        self.task.answers = json.loads(body)
        self.task.done.set()
        return None

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
