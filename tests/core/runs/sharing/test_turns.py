"""Turns: one of each person, and nobody waits for all that another wants."""

import threading
import time

from hypothesis import given, strategies as st

from core.runs.sharing.turns import FairLock, order

queues = st.dictionaries(
    st.sampled_from("abcdef"), st.lists(st.integers(0, 99).map(str), unique=True, max_size=6)
)


def test_people_are_served_in_turn_and_each_ones_runs_in_their_order():
    found = order({"ada": ["1", "2", "3"], "ben": ["4"], "cleo": ["5", "6"]}, [])

    assert found == [("ada", "1"), ("ben", "4"), ("cleo", "5"), ("ada", "2"), ("cleo", "6"),
                     ("ada", "3")]  # fmt: skip


def test_who_was_served_last_comes_last_and_who_is_new_comes_first():
    found = order({"ada": ["1"], "ben": ["2"], "cleo": ["3"]}, ["ben", "ada"])

    assert [name for name, _ in found] == ["cleo", "ben", "ada"]


@given(queues, st.permutations("abcdef"))
def test_nothing_is_lost_or_served_twice_and_the_next_in_line_is_the_next_to_be_served(
    queues, served
):
    left, taken = {name: list(wishes) for name, wishes in queues.items()}, []
    line = order(queues, served)

    while found := order(left, served):
        name, wish = found[0]
        left[name].remove(wish)
        served = [*(other for other in served if other != name), name]
        taken.append((name, wish))

    assert taken == line
    assert sorted(taken) == sorted((n, w) for n, wishes in queues.items() for w in wishes)


def test_one_who_asks_a_lot_waits_behind_one_who_asks_once():
    lock, told = FairLock(), list[str]()

    def ask(name: str) -> None:
        with lock.turn(name):
            told.append(name)

    with lock.turn("first"):
        crowd = [threading.Thread(target=ask, args=["ada"]) for _ in range(5)]
        for thread in crowd:
            thread.start()
        wait_until(lambda: lock.num_waiting("ada") == 5)
        late = threading.Thread(target=ask, args=["ben"])
        late.start()
        wait_until(lambda: lock.num_waiting("ben") == 1)
    for thread in (*crowd, late):
        thread.join(10)

    assert told == ["ada", "ben", "ada", "ada", "ada", "ada"]


def wait_until(is_so) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.002)
