"""What the heat map of a picture costs: ``python -m benchmarks explaining RUN_ID ...``.

For finished runs of a workspace (``--workspace DIR``), in milliseconds, of a stored copy whose
model was asked before: the smallest and, in brackets, the middle of many, beside those of a
prediction; the ratio; and what covering part after part costs.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.bench import table
from core import datasets, runs
from core.records import Split
from core.records.requests import Explain, Predict
from core.workspace import Workspace, default_root

REPEATS = 40


def main(arguments: Sequence[str]) -> None:
    """Print a row for each run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks explaining", description=__doc__)
    parser.add_argument("run_ids", nargs="+", metavar="RUN_ID")
    parser.add_argument("--workspace", type=Path, default=default_root())
    options = parser.parse_args(arguments)
    heads = ("run", "backbone", "size", "map", "predict", "explain", "ratio", "cover all")
    table(heads, *(row(Workspace(options.workspace), run_id) for run_id in options.run_ids))


def row(ws: Workspace, run_id: str) -> tuple[str, ...]:
    """Measure one run in this process, as the serving process does."""
    from core.engine.serving.server import Server  # a process of its own elsewhere

    card = runs.get(ws, run_id).card
    assert card is not None
    images = datasets.images(ws, card.config.dataset_id, card.config.dataset_version)
    image = next(image for image in images if image.split is Split.VALIDATION)
    file, server = str(datasets.image_path(ws, card.config.dataset_id, image)), Server(ws)
    explain = Explain(run_id=run_id, file=file)
    found = server.handlers[Explain](explain)
    predicting = timed(lambda: server.handlers[Predict](Predict(run_id=run_id, files=(file,))))
    explaining = timed(lambda: server.handlers[Explain](explain))
    covering = Explain(run_id=run_id, file=file, occlude=True)
    covered = timed(lambda: server.handlers[Explain](covering), repeats=5)
    return (
        run_id,
        card.config.backbone,
        f"{card.config.image_size}",
        f"{len(found.heat)} x {len(found.heat[0])}",
        "{:.0f} ({:.0f})".format(*predicting),
        "{:.0f} ({:.0f})".format(*explaining),
        f"{explaining[0] / predicting[0]:.1f}",
        "{:.0f} ({:.0f})".format(*covered),
    )


def timed(ask: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float]:
    """Give the smallest time and the middle one, in milliseconds."""
    ask()
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        ask()
        took.append(1000 * (time.perf_counter() - began))
    return min(took), sorted(took)[len(took) // 2]
