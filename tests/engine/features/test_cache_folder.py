import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from core.engine.features import cache_folder
from core.engine.features.cache_folder import Cache
from core.errors import UserError

pytestmark = pytest.mark.engine


def prefix_folder(cache: Path, key: str, *, used_at: float, size: int = 1000) -> Path:
    folder = cache / key
    (folder / "openvino-f32").mkdir(parents=True)
    (folder / "openvino-f32" / "rows.bin").write_bytes(bytes(size))
    os.utime(folder, (used_at, used_at))
    return folder


def names(cache: Path) -> list[str]:
    return sorted(p.name for p in cache.iterdir() if p.name != "locks")


def test_the_budget_is_what_the_environment_says(tmp_path: Path):
    assert Cache.at(tmp_path, {"THAW_CACHE_GB": "1.5"}).budget_bytes == 1_500_000_000
    assert Cache.at(tmp_path, {"THAW_CACHE_GB": "0"}).budget_bytes == 0


def test_without_a_word_the_budget_is_a_share_of_the_disk(tmp_path: Path):
    assert 0 < Cache.at(tmp_path / "new", {}).budget_bytes <= 20_000_000_000


@pytest.mark.parametrize("text", ["five", "-1", "nan", "inf", "1e9"])
def test_a_budget_that_is_no_size_is_refused(tmp_path: Path, text: str):
    with pytest.raises(UserError, match=f"THAW_CACHE_GB was '{text}'"):
        Cache.at(tmp_path, {"THAW_CACHE_GB": text})


def test_what_was_used_longest_ago_goes_first(tmp_path: Path):
    for age, key in enumerate(("newest", "middle", "oldest")):
        prefix_folder(tmp_path, key, used_at=1e9 - age)

    assert cache_folder.make_room(Cache(tmp_path, 3500), "mine", 1200)

    assert names(tmp_path) == ["middle", "newest"]


def test_what_a_search_looks_at_is_not_taken_away(tmp_path: Path):
    kept = prefix_folder(tmp_path, "embeddings", used_at=1e9)

    assert cache_folder.make_room(Cache(tmp_path, 500), "mine", 400)

    assert kept.exists()


def test_use_makes_a_folder_young(tmp_path: Path):
    for age, key in enumerate(("new", "old")):
        prefix_folder(tmp_path, key, used_at=1e9 - age)
    cache_folder.mark_used(tmp_path / "old")

    assert cache_folder.make_room(Cache(tmp_path, 2000), "mine", 1000)

    assert names(tmp_path) == ["old"]


def test_nothing_is_removed_when_it_would_not_be_enough(tmp_path: Path):
    prefix_folder(tmp_path, "other", used_at=1e9)
    prefix_folder(tmp_path, "mine", used_at=1e9)

    assert not cache_folder.make_room(Cache(tmp_path, 3000), "mine", 2500)

    assert names(tmp_path) == ["mine", "other"]


def test_a_folder_that_is_being_written_is_left_alone(tmp_path: Path):
    prefix_folder(tmp_path, "busy", used_at=1)
    prefix_folder(tmp_path, "idle", used_at=1e9)
    (tmp_path / "locks").mkdir()

    with FileLock(tmp_path / "locks" / "busy.lock"):
        made = cache_folder.make_room(Cache(tmp_path, 2000), "mine", 1000)

    assert made
    assert names(tmp_path) == ["busy"]


@contextmanager
def held_elsewhere(cache: Path) -> Iterator[threading.Event]:
    """Another thread holds the lock until the event is set."""
    entered, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with cache_folder.locked(cache, "key", waiting=lambda: None, stop=lambda: False):
            entered.set()
            let_go.wait(20)

    other = threading.Thread(target=hold)
    other.start()
    entered.wait(20)
    yield let_go
    let_go.set()
    other.join()


def test_of_two_runs_one_waits_and_says_so(tmp_path: Path):
    said: list[str] = []

    with held_elsewhere(tmp_path) as let_go:

        def wait() -> None:
            said.append("waiting")
            let_go.set()

        with cache_folder.locked(tmp_path, "key", waiting=wait, stop=lambda: False):
            said.append("in")

    assert said == ["waiting", "in"]


def test_a_run_that_waits_can_be_stopped(tmp_path: Path):
    with (
        held_elsewhere(tmp_path),
        pytest.raises(Timeout),
        cache_folder.locked(tmp_path, "key", waiting=lambda: None, stop=lambda: True),
    ):
        pass


def test_leftovers_of_a_removal_are_removed_too(tmp_path: Path):
    prefix_folder(tmp_path, ".gone-1234", used_at=1)

    assert cache_folder.make_room(Cache(tmp_path, 1000), "mine", 1000)

    assert names(tmp_path) == []
