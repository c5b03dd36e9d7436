"""Thirty people at once on this machine: ``python -m benchmarks load``, or ``make load``.

Starts a class in a workspace of its own: everybody has the page of a run open over a real websocket
and its chart asks for rows; some runs are trained one after another by the worker of the class, the
others tell of themselves at the pace of a quick training; one person sends many images meanwhile.
Prints how long reruns took, what the processes took, and whether each row came to its chart.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from benchmarks.load import browsers, polling, scene, server, session, uploading
from benchmarks.load.session import Times
from core.classroom.folder import folder_in
from core.ingest import requests
from core.web import access

FULL, FRAGMENT = 2.0, 0.5  # seconds: what 95 of 100 reruns may take
WEB_SERVER, ALL = 1024, 4096  # megabytes
EVERY = 20.0  # seconds between whole reruns of a page: somebody presses something


@dataclass(slots=True)
class Memory:
    """The most that the web server and all processes together took, in megabytes."""

    web: float = 0.0
    all: float = 0.0


def main(arguments: Sequence[str]) -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks load", description=__doc__)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--queued", type=int, default=5, help="runs that are really trained")
    parser.add_argument("--upload", type=int, default=10_000, help="images that one person sends")
    parser.add_argument("--browsers", type=int, default=2, help="of them, in Chromium too")
    parser.add_argument("--seconds", type=float, default=120.0)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="thaw-load-") as folder:
        home = Path(folder).resolve()
        desks = scene.seated(folder_in(home), options.people, images=90)
        sent = scene.pictures(home / "many", options.upload) if options.upload else None
        tellers = scene.Tellers(desks[options.queued :])
        with server.running(home) as (web, port), tellers.telling():
            scene.queue(desks[: options.queued])
            class_at_work = _Class(home, port, desks, web)
            asyncio.run(class_at_work.work(options.seconds, sent, options.browsers))
            tellers.end()
            asyncio.run(class_at_work.ask_once_more())
        class_at_work.tell(tellers)


class _Class:
    def __init__(
        self, home: Path, port: int, desks: Sequence[scene.Desk], web: psutil.Process
    ) -> None:
        self.home, self.port, self.desks, self.web = home, port, desks, web
        self.times, self.memory, self.uploaded = Times(), Memory(), ""
        self.seen, self.first = browsers.Seen(), 0.0
        key = access.secret(home)
        self.cookies = [
            f"{access.PERSON_COOKIE}={access.sign_person(desk.person.id, key)}" for desk in desks
        ]
        self.charts = [
            polling.Chart(port, cookie, desk.run_id)
            for cookie, desk in zip(self.cookies, desks, strict=True)
        ]

    async def work(self, seconds: float, sent: Path | None, num_browsers: int) -> None:
        """Have everybody at work for so long."""
        await self._open_first()
        until = time.monotonic() + seconds
        async with asyncio.TaskGroup() as tasks:
            for chart in self.charts:
                tasks.create_task(chart.follow(lambda: time.monotonic() >= until))
            for number in range(len(self.desks)):
                tasks.create_task(self._look(number, until))
            tasks.create_task(self._weigh(until))
            tasks.create_task(browsers.look(self._pages(num_browsers), self.seen, until=until))
            if sent is not None:
                tasks.create_task(self._upload(sent))

    def _pages(self, num: int) -> list[tuple[str, str]]:
        """Give addresses with their cookies: the last ones of the class, whose runs are told."""
        at = f"http://127.0.0.1:{self.port}/runs?run="
        pairs = list(zip(self.desks, self.cookies, strict=True))[-num:] if num else []
        return [(at + desk.run_id, cookie) for desk, cookie in pairs]

    async def ask_once_more(self) -> None:
        """Let each chart ask for what was written since it asked last."""
        for chart in self.charts:
            await chart.ask()

    async def _open_first(self) -> None:
        """Open a page before the others come: the first one loads what all of them need."""
        query = f"run={self.desks[0].run_id}"
        async with session.opened(self.port, self.cookies[0], "runs", query) as page:
            self.first, _ = await page.rerun()

    async def _look(self, number: int, until: float) -> None:
        await asyncio.sleep(number * EVERY / len(self.desks))  # nobody comes in at the same time
        query = f"run={self.desks[number].run_id}"
        opened = session.opened(self.port, self.cookies[number], "runs", query)
        async with opened as page:
            await session.watch(page, self.times, until=until, every=EVERY)

    async def _upload(self, folder: Path) -> None:
        paths = sorted(folder.glob("*/*"))
        desk, cookie = self.desks[-1], self.cookies[-1]
        start = time.monotonic()
        ingest_id = await asyncio.to_thread(
            uploading.send, self.port, cookie, self.home, desk.ws, paths
        )
        seconds = time.monotonic() - start
        state = requests.state(desk.ws, ingest_id)
        self.uploaded = f"{len(paths)} images sent in {seconds:.0f} s; then: {state.stage}"

    async def _weigh(self, until: float) -> None:
        while time.monotonic() < until:
            everything = await asyncio.to_thread(server.of_workspace, self.home)
            self.memory.web = max(self.memory.web, server.megabytes([self.web]))
            self.memory.all = max(self.memory.all, server.megabytes(everything))
            await asyncio.sleep(2)

    def tell(self, tellers: scene.Tellers) -> None:
        """Print what was measured beside what is asked for."""
        print(f"the first page of the server: {self.first:.1f} s")
        _row("whole reruns", self.times.full, FULL)
        _row("fragments", self.times.fragments, FRAGMENT)
        print(f"web server: {self.memory.web:.0f} MB (under {WEB_SERVER})")
        print(f"all processes: {self.memory.all:.0f} MB (under {ALL})")
        told = zip(self.desks, self.charts, strict=True)
        lost = sum(
            tellers.rows[desk.run_id] - chart.rows
            for desk, chart in told
            if desk.run_id in tellers.rows
        )
        print(f"rows written: {sum(tellers.rows.values())}; not at their chart: {lost}")
        print(self.uploaded or "nothing was sent")
        stood = ", ".join(f"{seconds:.1f} s" for seconds in self.seen.seconds)
        print(f"in Chromium a page stood after: {self.seen.missing or stood}")
        faults = [*self.times.faults, *self.seen.faults]
        print(f"faults on pages: {len(faults)}", *sorted(set(faults))[:5], sep="\n  ")


def _row(name: str, seconds: Sequence[float], bound: float) -> None:
    middle, late = np.percentile(seconds, [50, 95]) if seconds else (np.nan, np.nan)
    print(f"{name}: {len(seconds)}, median {middle:.2f} s, p95 {late:.2f} s (under {bound} s)")
