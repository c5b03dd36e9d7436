import threading
import time
from collections.abc import Iterator

import pytest

from core import machine
from core.engine.features import pipeline

pytestmark = pytest.mark.engine


def counted(num: int, drawn: list[int]) -> Iterator[int]:
    for i in range(num):
        drawn.append(i)
        yield i


def test_results_come_in_order_whatever_takes_longer():
    def work(i: int) -> int:
        time.sleep(0.02 if i % 3 == 0 else 0)
        return i * i

    assert list(pipeline.parallel(work, range(20))) == [i * i for i in range(20)]


def test_work_runs_only_so_far_ahead():
    drawn: list[int] = []
    results = pipeline.parallel(lambda i: i, counted(1000, drawn), look_ahead=5)

    for _ in range(3):
        next(results)

    assert len(drawn) <= 3 + 5
    results.close()


def test_work_runs_only_so_far_ahead_when_nobody_says_how_far():
    drawn: list[int] = []
    results = pipeline.parallel(lambda i: i, counted(100_000, drawn))

    next(results)

    assert len(drawn) <= 1 + 16 * machine.num_processors() < 100_000
    results.close()


def test_an_error_in_a_thread_reaches_the_caller():
    def work(i: int) -> int:
        if i == 7:
            raise OSError("no such image")
        return i

    with pytest.raises(OSError, match="no such image"):
        list(pipeline.parallel(work, range(100)))


def test_a_caller_that_leaves_early_leaves_no_thread_behind():
    results = pipeline.parallel(lambda i: i, range(1000))
    next(results)

    results.close()

    assert not [t for t in threading.enumerate() if t.name.startswith("decode")]


@pytest.mark.parametrize("num", [0, 1, 2, 3, 10])
def test_drawing_ahead_changes_nothing_but_the_time(num: int):
    assert list(pipeline.ahead(range(num))) == list(range(num))


def test_drawing_ahead_is_bounded():
    drawn: list[int] = []
    items = pipeline.ahead(counted(100, drawn), depth=2)

    next(items)
    time.sleep(0.1)

    assert len(drawn) <= 1 + 2
    items.close()


def test_an_error_while_drawing_ahead_reaches_the_caller():
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("in the middle")

    items = pipeline.ahead(broken())

    assert next(items) == 1
    with pytest.raises(ValueError, match="in the middle"):
        next(items)


def test_groups_are_whole_but_for_the_last():
    assert list(pipeline.grouped(range(7), 3)) == [(0, 1, 2), (3, 4, 5), (6,)]
