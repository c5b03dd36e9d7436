"""Size and speed of a run in every export format: ``python run.py bench export RUN_ID``.

One thread, one image at a time, each format by its own runtime; the Keras model stands first. What
is not installed is left out. A format that was exported before keeps the figures of that time, so
delete its exports first, and keep the machine free. ``--workspace DIR`` as for ``python -m core``.
``--families`` instead of a run: `benchmarks.families`, which takes hours.
"""

import argparse
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks import families
from benchmarks.bench import table
from core.errors import UserError
from core.exports import environments, store
from core.exports.formats import EXPORT_FORMATS
from core.records import Export
from core.runs.inference import Engine
from core.workspace import Workspace, default_root

HEADER = ("format", "MB", "ms an image", "times Keras", "largest difference", "agree", "accuracy")


def measure(ws: Workspace, run_id: str) -> list[tuple[str, ...]]:
    """Make the run's exports, and give a row for each."""
    made: list[Export] = []
    with closing(Engine(ws)) as engine:
        for name, entry in EXPORT_FORMATS.items():
            if not entry.runtime or environments.missing([entry]):
                continue
            try:
                made.append(store.make(ws, run_id, name, engine, print))
            except UserError as error:
                print(name, error)
    return [_row(one, made[0]) for one in made]


def _row(made: Export, keras: Export) -> tuple[str, ...]:
    parity, first = made.parity, keras.parity
    assert parity is not None  # it was tried
    assert first is not None
    return (
        made.format,
        f"{made.num_bytes / 1e6:.2f}",
        f"{parity.milliseconds:.2f}",
        f"{parity.milliseconds / first.milliseconds:.2f}",
        f"{parity.max_difference:.1e}",
        f"{parity.agreement:.3f}",
        "" if parity.accuracy is None else f"{parity.accuracy:.3f}",
    )


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="bench export", description=__doc__)
    parser.add_argument("run_id", nargs="?", help="or --families")
    parser.add_argument("--workspace", type=Path, default=default_root())
    parser.add_argument("--families", nargs="*", metavar="NAME", help="of SMALLEST; none: all")
    parser.add_argument("--formats", nargs="+", metavar="NAME", help="of the families, these alone")
    folder = "where families are trained and found results are kept"
    parser.add_argument("--folder", type=Path, default=Path("families"), help=folder)
    options = parser.parse_args(arguments)
    if options.families is None and not options.run_id:
        parser.error("RUN_ID or --families is missing")
    if options.families is None:
        return table(HEADER, *measure(Workspace(options.workspace), options.run_id))
    names = options.families or families.SMALLEST
    families.walk(options.folder, names, options.formats or ())
    return families.show(options.folder, names)
