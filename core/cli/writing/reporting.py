"""The command report: a run on two sheets of paper."""

import argparse
import contextlib
from pathlib import Path

from core import runs
from core.cli import training
from core.cli.arguments import Parser
from core.cli.console import Console
from core.errors import UserError
from core.reports import report
from core.runs.inference import Engine, check_finished
from core.words import mark, say
from core.workspace import Workspace


def add_report(sub: Parser) -> None:
    training.add_run(sub)
    out = mark("file to write, such as report.html; must be given")
    sub.add_argument("--out", type=Path, required=True, metavar="PATH", help=out)


def write_report(options: argparse.Namespace, console: Console) -> bool:
    """Write the report of a run; one of an earlier version is asked for its answers first."""
    ws, run_id = Workspace(options.workspace), options.run_id
    check_finished(ws, run_id)
    card = runs.get(ws, run_id).card
    if card is not None and card.config.validates:
        with contextlib.closing(Engine(ws)) as engine, contextlib.suppress(UserError):
            engine.complete(run_id)  # where the images are gone, the report says less
    path = report.write(ws, run_id, options.out, console.language)
    console.say(say("Wrote {path} ({size} bytes).", path=str(path), size=path.stat().st_size))
    console.result({"path": str(path), "num_bytes": path.stat().st_size})
    return False
