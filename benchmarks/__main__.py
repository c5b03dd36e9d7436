"""Compare Thaw with what a user would do instead: ``python -m benchmarks [PART ...] [--small]``.

Wants a quiet machine. The whole takes about an hour on two cores; ``--small`` a few minutes. Some
parts stand alone, with options of their own: ``accuracy FOLDER ...``, ``classifiers FOLDER ...``,
``cluster FOLDER``, ``costs FOLDER``, ``coverage``, ``curves FOLDER ...``,
``explaining RUN_ID ...``, ``export RUN_ID``, ``export --families``,
``first-minute [FOLDER]``, ``folding``, ``image-sizes FOLDER ...``, ``ladder FOLDER``, ``large``,
``load``, ``many-runs``, ``solving`` and ``gpu``.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import (
    accuracy,
    bench,
    cluster,
    costs,
    coverage,
    explaining,
    exporting,
    fine_tuning,
    first_minute,
    gpu,
    head_only,
    image_sizes,
    ingesting,
    label_issues,
    ladder,
    large,
    scaling,
    simple_heads,
    solving,
)
from benchmarks.bench import Bench
from benchmarks.load import many_runs, measuring as load

COUNTS = (300, 1000, 3000, 10_000, 30_000)
SMALL_COUNTS = (60, 120)
Part = Callable[[Bench, bool], None]
PARTS: dict[str, Part] = {
    "ingest": lambda made, small: ingesting.measure(SMALL_COUNTS[-1] if small else 10_000),
    "extraction": lambda made, small: _extraction(made),
    "head-only": lambda made, small: head_only.measure(made),
    "fine-tuning": lambda made, small: fine_tuning.measure(made),
    "scaling": lambda made, small: scaling.measure(made, SMALL_COUNTS if small else COUNTS),
    "label-issues": lambda made, small: label_issues.measure(
        made.ws, made.dataset, repeats=1 if small else 5
    ),
}
ALONE: Mapping[str, Callable[[Sequence[str]], None]] = {
    "accuracy": accuracy.main,
    "classifiers": simple_heads.classifiers,
    "cluster": cluster.main,
    "costs": costs.main,
    "coverage": coverage.main,
    "curves": simple_heads.curves,
    "explaining": explaining.main,
    "export": exporting.main,
    "first-minute": first_minute.main,
    "gpu": gpu.main,
    "image-sizes": image_sizes.main,
    "folding": lambda rest: _folding(rest),
    "ladder": ladder.main,
    "large": large.main,
    "load": load.main,
    "many-runs": many_runs.main,
    "solving": solving.main,
}


def _extraction(made: Bench) -> None:
    from benchmarks import extraction  # loads TensorFlow, which the other parts do in children

    extraction.measure(made)


def _folding(rest: Sequence[str]) -> None:
    from benchmarks import folding  # loads Keras too

    folding.main(rest)


def main() -> None:
    if sys.argv[1:2] and sys.argv[1] in ALONE:
        return ALONE[sys.argv[1]](sys.argv[2:])
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of: {', '.join(PARTS)}")
    parser.add_argument("--small", action="store_true", help="120 images, to try it out")
    parser.add_argument("--images", type=int, default=3000)
    parser.add_argument("--size", type=int, default=160, help="pixels")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=3, help="how many")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; parts are: {', '.join(PARTS)}")
    if options.small:
        options.images, options.epochs, options.seeds = 120, 2, 1
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with tempfile.TemporaryDirectory(prefix="thaw-bench-") as folder:
        made = bench.prepare(
            Path(folder),
            options.images,
            size=options.size,
            epochs=options.epochs,
            seeds=range(1, options.seeds + 1),
        )
        for name in options.parts or PARTS:
            PARTS[name](made, options.small)


if __name__ == "__main__":
    main()
