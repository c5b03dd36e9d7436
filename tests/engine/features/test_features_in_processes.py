"""Features under hard conditions: several processes at once, and one killed in the midst."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.engine.features.test_feature_cache import write_images

pytestmark = [pytest.mark.engine, pytest.mark.slow]
ROOT = Path(__file__).parents[3]

# Prepares features of some images and writes them down; pauses after each where asked to.
SCRIPT = """
import sys, time
from pathlib import Path
import numpy as np
from core.engine.features import feature_cache
from core.engine.features.cache_folder import Cache
from core.engine.features.prefixes import Prefix
from core.engine.features.views import ViewPlan
from tests.engine.features.test_feature_cache import KEY, SIZE, network

folder, first, last, pause, out = Path(sys.argv[1]), *map(int, sys.argv[2:4]), *sys.argv[4:6]
copies = sorted((folder / "images").iterdir())[first:last]
feature_cache._BLOCK_ROWS = 4
given = feature_cache.prepare(
    [(copy.stem, copy) for copy in copies],
    Prefix(network(scale=1 / 127.5), KEY, SIZE),
    views=ViewPlan(augmentation="light", num_views=2),
    cache=Cache.at(folder / "cache", {}),
    report=lambda *seen: None,
    stop=lambda: bool(time.sleep(float(pause))),
)
rows = np.arange(given.num_images)
np.save(out, np.stack([given.batch(rows, np.full(len(rows), v)) for v in range(3)]))
"""


def start(folder: Path, first: int, last: int, out: Path, *, pause: float = 0.0):
    arguments = [str(folder), str(first), str(last), str(pause), str(out)]
    return subprocess.Popen([sys.executable, "-c", SCRIPT, *arguments], cwd=ROOT)


@pytest.fixture
def alone(tmp_path: Path) -> np.ndarray:
    """What one process computes with a cache of its own."""
    write_images(tmp_path / "images", 40)
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "images").symlink_to(tmp_path / "images")
    assert start(tmp_path / "alone", 0, 40, tmp_path / "alone.npy").wait() == 0
    return np.load(tmp_path / "alone.npy")


def test_processes_that_need_the_same_images_do_not_disturb_each_other(
    tmp_path: Path, alone: np.ndarray
):
    parts = [(0, 25), (15, 40), (0, 40)]
    outs = [tmp_path / f"{i}.npy" for i in range(len(parts))]

    children = [start(tmp_path, *part, out) for part, out in zip(parts, outs, strict=True)]

    assert [child.wait() for child in children] == [0, 0, 0]
    for (first, last), out in zip(parts, outs, strict=True):
        assert np.array_equal(np.load(out), alone[:, first:last])


def test_a_process_killed_in_the_midst_loses_only_its_last_rows(tmp_path: Path, alone: np.ndarray):
    child = start(tmp_path, 0, 40, tmp_path / "never.npy", pause=0.2)
    deadline = time.monotonic() + 300
    while not list((tmp_path / "cache").rglob("index.jsonl")) and time.monotonic() < deadline:
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait()
    (index,) = (tmp_path / "cache").rglob("index.jsonl")
    kept = index.read_text().count("\n")

    assert start(tmp_path, 0, 40, tmp_path / "after.npy").wait() == 0

    assert kept >= 1
    assert np.array_equal(np.load(tmp_path / "after.npy"), alone)
