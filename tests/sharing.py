"""How several processes share the tests: dear files first, and one browser for all who need it."""

from collections.abc import Iterable

import pytest
from xdist.scheduler import LoadFileScheduling

BROWSER = "tests/e2e/"
DEAR = (BROWSER, "tests/test_upgrades.py", "tests/engine/", "tests/pages/", "tests/tools/")


class Scheduler(LoadFileScheduling):
    """Give each process a file at a time, but the browser tests as one: they share a server."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)


def dear_first(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Begin with what takes long, so that the processes end together on what is short."""
    return sorted(items, key=_place)


def _place(item: pytest.Item) -> int:
    places = (place for place, name in enumerate(DEAR) if item.nodeid.startswith(name))
    return next(places, len(DEAR))
