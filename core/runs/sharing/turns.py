"""The order in which people are served: one of each in turn, who was served last comes last."""

import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager


def order(queues: Mapping[str, Sequence[str]], served: Sequence[str]) -> list[tuple[str, str]]:
    """Give all that waits, with whose it is, in the order in which it will be taken.

    Whoever was never served comes before those who were, the one with the oldest wish first.
    """
    last = {name: place for place, name in enumerate(served)}
    waiting = [name for name, wishes in queues.items() if wishes]
    waiting.sort(key=lambda name: (last.get(name, -1), queues[name][0], name))
    rounds = max((len(queues[name]) for name in waiting), default=0)
    return [
        (name, queues[name][number])
        for number in range(rounds)
        for name in waiting
        if number < len(queues[name])
    ]


def put_first(
    line: Sequence[tuple[str, str]], first: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Put some of a line before all others, in the order in which they are named."""
    ahead = [wish for wish in first if wish in line]
    return [*ahead, *(wish for wish in line if wish not in ahead)]


class FairLock:
    """Lets in one at a time, and of those who wait one of each person in turn."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[str, deque[object]] = {}  # of each person; who was last is last
        self._is_held = False

    def num_waiting(self, name: str) -> int:
        """Count how often somebody waits."""
        with self._changed:
            return len(self._waiting.get(name, ()))

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Wait for somebody's turn, and hold it for the block."""
        me = object()
        with self._changed:
            self._waiting.setdefault(name, deque()).append(me)
            self._changed.wait_for(lambda: not self._is_held and self._next() is me)
            self._take(name)
        try:
            yield
        finally:
            with self._changed:
                self._is_held = False
                self._changed.notify_all()

    def _next(self) -> object:
        return next(iter(self._waiting.values()))[0]

    def _take(self, name: str) -> None:
        self._is_held = True
        mine = self._waiting.pop(name)
        mine.popleft()
        if mine:
            self._waiting[name] = mine  # behind all others
