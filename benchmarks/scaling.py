"""Time and memory against the number of images: a straight line, and a flat one."""

import shutil
from collections.abc import Sequence

import numpy as np

from benchmarks import ours
from benchmarks.bench import Bench, table
from benchmarks.ours import WarmEngine


def measure(bench: Bench, counts: Sequence[int]) -> None:
    """Print seconds and peak anonymous memory of a head-only run for each number of images."""
    results = []
    for num in counts:
        dataset = ours.repeated(bench.ws, bench.dataset, num)
        shutil.rmtree(bench.ws.cache, ignore_errors=True)
        engine = WarmEngine(bench.ws)
        results.append(engine.train(bench.config(dataset_id=dataset.id)))
        engine.close()
    seconds = np.array([r.seconds for r in results])
    slope, start = np.polyfit(counts, seconds, 1)
    table(
        ("images", "seconds", "on the line", "anonymous memory, MB"),
        *(
            (num, f"{r.seconds:.1f}", f"{start + slope * num:.1f}", r.anonymous // 10**6)
            for num, r in zip(counts, results, strict=True)
        ),
    )
    print(f"line: {start:.1f} s + {1000 * slope:.2f} ms an image; r^2 {_fit(counts, seconds):.4f}")


def _fit(counts: Sequence[int], seconds: np.ndarray) -> float:
    return float(np.corrcoef(counts, seconds)[0, 1] ** 2)
