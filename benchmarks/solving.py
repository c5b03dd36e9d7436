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
from typing import Any

import numpy as np

from benchmarks.bench import table
from core.judging import folds, solver
from core.judging.design import prepare
from core.judging.head import LinearHead

WIDTH, CLASSES = 1280, 10
COUNTS = (200, 1000, 3000, 10_000, 30_000)
SEARCHES = {  # on how many images the strength is chosen, and of which
    "quick": (solver.SMALL_SAMPLE, solver.COARSE),
    "balanced": (solver.SAMPLE, solver.STRENGTHS),
}
HIDDEN = 40  # what tells the classes apart
Case = dict[str, Any]
CHECKED = 500  # further images, whose probabilities are compared


def features(num: int, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw features like those of a network, positive and linked to each other, with labels."""
    fixed, rng = np.random.default_rng(7), np.random.default_rng([seed, num])
    centres, mixing = fixed.normal(size=(CLASSES, HIDDEN)), fixed.normal(size=(HIDDEN, WIDTH))
    labels = rng.integers(0, CLASSES, num)
    found = np.empty((num, WIDTH), np.float32)
    for first in range(0, num, 1000):
        part = slice(first, first + 1000)
        hidden = centres[labels[part]] + 2 * rng.normal(size=(len(labels[part]), HIDDEN))
        noise = 0.5 * rng.normal(size=(len(hidden), WIDTH))
        found[part] = np.maximum(0, hidden @ mixing / 6 + noise + 0.3)
    return found, labels


def solved(given: np.ndarray, labels: np.ndarray, kind: str) -> tuple[LinearHead, float, int, bool]:
    """Choose the strength and solve, as a run does."""
    sample, strengths = SEARCHES[kind]
    contents = [f"{i * 2654435761 % 2**32:08x}" for i in range(len(labels))]
    dealt = folds.deal(labels.tolist(), [""] * len(labels), contents, sample=sample)
    seen = dealt >= 0
    looked_at = prepare(given[seen])
    trials = tuple(
        solver.search(
            looked_at, labels[seen], dealt[seen], num_classes=CLASSES, strengths=strengths
        )
    )
    strength = solver.best(trials)
    design = looked_at if seen.all() else prepare(given)
    *_, last = solver.solve(design, labels, strength, num_classes=CLASSES)
    return design.head(last.weights), strength, last.number, last.converged


def case(num: int, kind: str) -> Case:
    """Measure one case in this process."""
    given, labels = features(num)
    others, truth = features(CHECKED, seed=1)
    before, began, clock = peak_memory(), time.process_time(), time.monotonic()
    head, strength, iterations, converged = solved(given, labels, kind)
    worked, took = time.process_time() - began, time.monotonic() - clock
    answers = head.probabilities(others)
    return {
        "processor": worked,
        "clock": took,
        "memory": peak_memory() - before,
        "strength": strength,
        "iterations": iterations,
        "converged": converged,
        "accuracy": float((answers.argmax(axis=1) == truth).mean()),
        "answers": answers.tolist(),
    }


def peak_memory() -> float:
    """Give the most memory this process ever held, in MB."""
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _apart(num: int, kind: str, threads: int) -> Case:
    env = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    command = [sys.executable, "-m", "benchmarks.solving", "--case", str(num), kind]
    said = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    return json.loads(said.stdout)


def measure(counts: Sequence[int], repeats: int) -> None:
    """Print the costs, the least of a few repetitions, and how 1 and 2 threads agree."""
    rows = []
    for num in counts:
        for kind in SEARCHES:
            found = [_apart(num, kind, 1) for _ in range(repeats)]
            threaded = _apart(num, kind, 2)
            rows.append(
                (num, kind, *_cells(min(found, key=lambda one: one["processor"]), threaded))
            )
    table(
        (
            "images",
            "search",
            "processor",
            "memory",
            "strength",
            "iterations",
            "accuracy",
            "2 threads",
            "differ by",
            "clock, 1 / 2 threads",
        ),
        *rows,
    )


def _cells(one: Case, threaded: Case) -> tuple[str, ...]:
    same = threaded["strength"] == one["strength"]
    return (
        f"{one['processor']:.2f} s",
        f"{one['memory']:.0f} MB",
        f"{one['strength']:g}",
        f"{one['iterations']}" + ("" if one["converged"] else " (not converged)"),
        f"{one['accuracy']:.3f}",
        "same strength" if same else f"CHOOSES {threaded['strength']:g}",
        f"{np.abs(np.subtract(threaded['answers'], one['answers'])).max():.0e}",
        f"{one['clock']:.2f} / {threaded['clock']:.2f} s",
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure all cases, or one in this process."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.solving")
    parser.add_argument("counts", nargs="*", type=int, metavar="IMAGES", default=COUNTS)
    parser.add_argument("--repeats", type=int, default=3, metavar="N")
    parser.add_argument("--case", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.case:
        print(json.dumps(case(int(options.case[0]), options.case[1])))
    else:
        measure(options.counts, options.repeats)


if __name__ == "__main__":
    main()
