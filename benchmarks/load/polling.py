"""The rows of a run as its chart asks for them: every second, from where it was."""

import asyncio
import json
import urllib.request
from collections.abc import Callable

EVERY = 1.0


class Chart:
    """Asks for new rows as the page does; ``rows`` counts what has come."""

    def __init__(self, port: int, cookie: str, run_id: str) -> None:
        self.rows = 0
        self._next = 0
        self._url = f"http://127.0.0.1:{port}/api/runs/{run_id}/metrics"
        self._cookie = cookie

    async def follow(self, is_over: Callable[[], bool]) -> None:
        while not is_over():
            await self.ask()
            await asyncio.sleep(EVERY)

    async def ask(self) -> None:
        answer = await asyncio.to_thread(self._get)
        self._next = answer["next"]
        self.rows += len(answer["rows"])

    def _get(self) -> dict:
        request = urllib.request.Request(
            f"{self._url}?after={self._next}", headers={"Cookie": self._cookie}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
