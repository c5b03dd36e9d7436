"""Commands about models: test, export, demo."""

import argparse
import tempfile
from dataclasses import asdict
from pathlib import Path

from core import datasets, privacy, runs
from core.cli import following, training
from core.cli.arguments import Parser, listed
from core.cli.console import Console
from core.cli.data import bring_in
from core.exports import bundle
from core.images import sample
from core.models import presets
from core.models.catalog import EXPORT_FORMATS
from core.records import Prediction
from core.runs.inference import Engine
from core.words import mark, nsay, say
from core.workspace import Workspace


def _ask(ws: Workspace, run_id: str, paths: list[Path]) -> tuple[Prediction, ...]:
    engine = Engine(ws)
    try:
        return engine.predict(run_id, paths)
    finally:
        engine.close()


def test(options: argparse.Namespace, console: Console) -> bool:
    """Judge a run on the images kept apart for that, and say how often they were looked at."""
    engine = Engine(Workspace(options.workspace))
    try:
        found = engine.test(options.run_id)
    finally:
        engine.close()
    console.say(
        nsay(
            "Test accuracy {share:.1%} (95% interval {low:.1%} to {high:.1%}, {images} images; "
            "always naming the largest class scores {majority:.1%}). "
            "The test part was opened {num} time.",
            "Test accuracy {share:.1%} (95% interval {low:.1%} to {high:.1%}, {images} images; "
            "always naming the largest class scores {majority:.1%}). "
            "The test part was opened {num} times; each look makes its score less honest.",
            share=found.test.accuracy,
            low=found.test.low,
            high=found.test.high,
            images=found.test.images,
            majority=found.test.majority,
            num=found.openings,
        )
    )
    console.result(asdict(found))
    return False


def add_export(sub: Parser) -> None:
    training.add_run(sub)
    kinds = listed(EXPORT_FORMATS, default="keras")
    sub.add_argument("--format", choices=EXPORT_FORMATS, default="keras", help=kinds)
    out = mark("file to write, such as model.keras or model.zip; must be given")
    sub.add_argument("--out", type=Path, required=True, metavar="PATH", help=out)


def export(options: argparse.Namespace, console: Console) -> bool:
    """Write a run's model to a file."""
    ws = Workspace(options.workspace)
    with privacy.as_user():
        done = bundle.export(ws, options.run_id, format=options.format, out=options.out)
    console.say(say("Wrote {path} ({size} bytes).", path=done.path, size=done.num_bytes))
    console.result(asdict(done))
    return False


def add_demo(sub: Parser) -> None:
    training.add_preset(sub, default="quick")


def demo(options: argparse.Namespace, console: Console) -> bool:
    """Draw the sample, ingest it, train on it and predict one of its images."""
    ws = Workspace(options.workspace)
    with tempfile.TemporaryDirectory() as folder:
        label = sample.write(Path(folder))[0]
        dataset = bring_in(ws, [Path(folder)], "sample", console)
        side = datasets.usual_side(ws, dataset.id)
        run_id = runs.create(ws, presets.configure(dataset.id, preset=options.preset, side=side))
        if following.follow(ws, run_id, console):
            return True
        image = sorted((Path(folder) / label).iterdir())[0]
        prediction = _ask(ws, run_id, [image])[0]
    console.say(
        say(
            "An image of '{label}' is called '{answer}' with a probability of {share:.1%}.",
            label=label,
            answer=prediction.label,
            share=prediction.scores[0].probability,
        )
    )
    return False
