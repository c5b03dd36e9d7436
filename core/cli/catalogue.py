"""Commands about what there is to choose from: backbones, weights."""

import argparse
from typing import Any

from core.cli.arguments import Parser
from core.cli.console import Console
from core.errors import UserError
from core.models import catalog, original, weights as store
from core.models.catalog import Backbone
from core.records import TrainConfig
from core.words import mark, say, translate


def add_backbones(sub: Parser) -> None:
    names = mark("backbones to list with their blocks (default: all, without blocks)")
    sub.add_argument("names", nargs="*", metavar="NAME", help=names)


def backbones(options: argparse.Namespace, console: Console) -> bool:
    """List the backbones; those that were named with their blocks in order."""
    named = [catalog.backbone(name) for name in options.names]
    rows = [_row(backbone, console.language) for backbone in named or catalog.known().values()]
    if not console.as_json:
        for row in rows:
            star = "*" if row["weights_on_disk"] else " "
            print(f"{star} {row['name']:<22} {row['parameters'] / 1e6:>7.1f} M  {row['title']}")
            for block in row["blocks"] if named else ():
                print(f"    {block['name']:<20} {block['parameters'] / 1e6:>7.2f} M")
        console.say(say("* its pretrained weights are on this machine"))
    console.result({"backbones": rows})
    return False


def _row(backbone: Backbone, language: str) -> dict[str, Any]:
    return {
        "name": backbone.name,
        "title": translate(backbone.title, language),
        "sentence": translate(backbone.sentence, language),
        "parameters": backbone.parameters,
        "blocks": [{"name": b.name, "parameters": b.parameters} for b in backbone.blocks],
        "default_size": backbone.default_size,
        "smallest_size": backbone.smallest_size,
        "megabytes": backbone.megabytes,
        "weights_on_disk": any(
            store.on_disk(backbone, w.size or backbone.default_size) for w in backbone.weights
        ),
    }


def add_weights(sub: Parser) -> None:
    action = mark(
        "list: say which are on this machine; fetch: download those of the backbones named"
    )
    sub.add_argument("action", choices=("list", "fetch"), help=action)
    names = mark("backbones; 'python -m core backbones' lists them (default for list: all)")
    sub.add_argument("names", nargs="*", metavar="NAME", help=names)
    size = mark(
        "fetch only the weights for images of this width and height, in pixels (default: all)"
    )
    sub.add_argument("--image-size", type=int, default=None, metavar="PIXELS", help=size)


def weights(options: argparse.Namespace, console: Console) -> bool:
    """List the weights files, or fetch those of the named backbones."""
    if options.action == "fetch":
        _fetch(options, console)
    rows = [
        {
            "backbone": row.backbone,
            "file": row.file,
            "image_size": row.image_size,
            "megabytes": row.megabytes,
            "held": row.state.value,
            "path": str(row.path),
        }
        for row in store.listing(options.names)
    ]
    if not console.as_json:
        for row in rows:
            print(f"{row['held']:<8} {row['megabytes']:>7.1f} MB  {row['backbone']}  {row['file']}")
    console.result({"weights": rows, "folder": str(store.home() / "models")})
    return False


def fetch_for(config: TrainConfig, console: Console) -> None:
    """Have the weights before a run is queued; without them nothing is begun."""
    backbone = catalog.backbone(config.backbone)
    store.fetch(
        backbone,
        config.image_size,
        lambda done, total: console.progress(f"{done / 1e6:.1f} / {total / 1e6:.1f} MB"),
    )


def fetch_original(config: TrainConfig, console: Console) -> None:
    """Have the network that a run began with, with its head. Raises `UserError`."""
    original.fetch_original(
        original.backbone_of(config),
        lambda done, total: console.progress(f"{done / 1e6:.1f} / {total / 1e6:.1f} MB"),
    )


def _fetch(options: argparse.Namespace, console: Console) -> None:
    """Fetch one after another: every size of a backbone, or the one that was asked for."""
    if not options.names:
        raise UserError(
            say("No backbone was named."),
            expected=say("The names of one or more backbones."),
            mend=say("'python -m core backbones' lists them."),
        )
    for name in options.names:
        backbone = catalog.backbone(name)
        sizes = [w.size or backbone.default_size for w in backbone.weights]
        for size in [options.image_size] if options.image_size else sizes:
            path = store.fetch(
                backbone,
                size,
                lambda done, total, name=name: console.progress(  # type: ignore[misc]
                    f"{name}  {done / 1e6:.1f} / {total / 1e6:.1f} MB"
                ),
            )
            console.say(say("{name}: {file} is here.", name=name, file=str(path)))
