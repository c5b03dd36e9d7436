"""What solving the head costs, and that threads do not change it: ``python run.py bench solving``.

Features of MobileNetV2's width are drawn, so that nothing has to be computed first. Every case runs
in a process of its own; the figures are processor seconds on one thread of BLAS, and by how much
memory grew over the features themselves.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

import numpy as np

from benchmarks.bench import table
from core.judging import folds, solver
from core.judging.design import prepare
from core.judging.head import Head

WIDTH, CLASSES = 1280, 10
COUNTS = (200, 1000, 3000, 10_000, 30_000)
SAMPLES = (600, solver.SAMPLE)  # images on which the strength is chosen
HIDDEN = 40  # what tells the classes apart
CHECKED = 500  # further images, whose probabilities are compared


def features(num: int, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw features like those of a network, positive and linked to each other, with labels."""
    fixed, chance = np.random.default_rng(7), np.random.default_rng([seed, num])
    centres, mixing = fixed.normal(size=(CLASSES, HIDDEN)), fixed.normal(size=(HIDDEN, WIDTH))
    labels = chance.integers(0, CLASSES, num)
    found = np.empty((num, WIDTH), np.float32)
    for first in range(0, num, 1000):
        part = slice(first, first + 1000)
        hidden = centres[labels[part]] + 2 * chance.normal(size=(len(labels[part]), HIDDEN))
        noise = 0.5 * chance.normal(size=(len(hidden), WIDTH))
        found[part] = np.maximum(0, hidden @ mixing / 6 + noise + 0.3)
    return found, labels


def solved(given: np.ndarray, labels: np.ndarray, sample: int) -> tuple[Head, float, int, bool]:
    """Choose the strength and solve, as a run does."""
    contents = [f"{i * 2654435761 % 2**32:08x}" for i in range(len(labels))]
    dealt = folds.deal(labels.tolist(), [""] * len(labels), contents, sample=sample)
    seen = dealt >= 0
    looked_at = prepare(given[seen])
    trials = tuple(solver.search(looked_at, labels[seen], dealt[seen], num_classes=CLASSES))
    strength = solver.best(trials)
    design = looked_at if seen.all() else prepare(given)
    *_, last = solver.solve(design, labels, strength, num_classes=CLASSES)
    return design.head(last.weights), strength, last.number, last.converged


def case(num: int, sample: int) -> dict[str, object]:
    """Measure one case in this process."""
    given, labels = features(num)
    others, truth = features(CHECKED, seed=1)
    before, began, clock = _peak(), time.process_time(), time.monotonic()
    head, strength, iterations, converged = solved(given, labels, sample)
    worked, took = time.process_time() - began, time.monotonic() - clock
    answers = head.probabilities(others)
    return {
        "processor": worked,
        "clock": took,
        "memory": _peak() - before,
        "strength": strength,
        "iterations": iterations,
        "converged": converged,
        "accuracy": float((answers.argmax(axis=1) == truth).mean()),
        "answers": answers.tolist(),
    }


def _peak() -> float:
    """Give the most memory this process ever held, in MB."""
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _apart(num: int, sample: int, threads: int) -> dict[str, object]:
    env = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    command = [sys.executable, "-m", "benchmarks.solving", "--case", str(num), str(sample)]
    said = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    return json.loads(said.stdout)


def measure(counts: Sequence[int], repeats: int) -> None:
    """Print the costs, the least of a few repetitions, and how 1 and 2 threads agree."""
    rows = []
    for num in counts:
        for sample in SAMPLES if num > min(SAMPLES) else SAMPLES[:1]:
            found = [_apart(num, sample, 1) for _ in range(repeats)]
            threaded = _apart(num, sample, 2)
            least = min(found, key=lambda one: one["processor"])
            away = np.abs(np.subtract(threaded["answers"], least["answers"])).max()
            rows.append(
                (
                    num,
                    min(num, sample),
                    f"{least['processor']:.2f} s",
                    f"{threaded['clock']:.2f} s",
                    f"{least['memory']:.0f} MB",
                    f"{least['strength']:g}",
                    "same" if threaded["strength"] == least["strength"] else "DIFFERS",
                    f"{away:.0e}",
                    f"{least['iterations']}" + ("" if least["converged"] else " (not converged)"),
                    f"{least['accuracy']:.3f}",
                )
            )
    table(
        (
            "images",
            "searched",
            "processor",
            "clock, 2 threads",
            "memory",
            "strength",
            "2 threads",
            "differ by",
            "iterations",
            "accuracy",
        ),
        *rows,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure all cases, or one in this process."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.solving")
    parser.add_argument("counts", nargs="*", type=int, metavar="IMAGES", default=COUNTS)
    parser.add_argument("--repeats", type=int, default=3, metavar="N")
    parser.add_argument("--case", nargs=2, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.case:
        print(json.dumps(case(*options.case)))
    else:
        measure(options.counts, options.repeats)


if __name__ == "__main__":
    main()
