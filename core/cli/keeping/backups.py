"""The commands backup and restore: all of a workspace, or one thing of it, in a ZIP, and back."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.backups import checking, images, restoring, writing
from core.backups.manifest import Manifest
from core.backups.single import bringing, packing
from core.cli.arguments import Parser
from core.cli.console import Console
from core.errors import UserError
from core.judging import shares
from core.words import mark, render, say
from core.workspace import Workspace


def add_backup(sub: Parser) -> None:
    out = mark("ZIP file to write, or a folder that is there: it gets one named by the moment")
    sub.add_argument("out", type=Path, metavar="OUT", help=out)
    one = mark("this data set alone, as a ZIP that 'ingest' and other programs read")
    sub.add_argument("--dataset", default="", metavar="DATASET_ID", help=one)
    run = mark("this run alone, with its model and what judges it, as a ZIP that 'restore' reads")
    sub.add_argument("--run", default="", metavar="RUN_ID", help=run)


def backup(options: argparse.Namespace, console: Console) -> bool:
    """Write a backup of the workspace, and of those of a class in it, while people work.

    Raises `UserError`.
    """
    if options.dataset and options.run:
        raise UserError(
            say("A data set and a run were named."),
            expected=say("One of them."),
            mend=say("Leave out --dataset or --run."),
        )
    if options.run:
        return _run(options, console)
    if options.dataset:
        return _data_set(options, console)
    path, manifest = writing.back_up(options.workspace.absolute(), options.out, _watcher(console))
    size = path.stat().st_size
    console.say(say("Wrote {path} ({size} bytes), and read it again.", path=str(path), size=size))
    console.result({"path": str(path), "num_bytes": size, **_described(manifest)})
    return False


def _data_set(options: argparse.Namespace, console: Console) -> bool:
    num = images.pack(Workspace(options.workspace), options.dataset, options.out)
    size = options.out.stat().st_size
    console.say(say("Wrote {path} ({size} bytes).", path=str(options.out), size=size))
    console.result({"path": str(options.out), "num_bytes": size, "num_images": num})
    return False


def _run(options: argparse.Namespace, console: Console) -> bool:
    path, _ = packing.pack(Workspace(options.workspace), options.run, options.out)
    size = path.stat().st_size
    console.say(say("Wrote {path} ({size} bytes), and read it again.", path=str(path), size=size))
    console.result({"path": str(path), "num_bytes": size, "run": options.run})
    return False


def add_restore(sub: Parser) -> None:
    file = mark("ZIP file that 'backup' wrote; one of a single run becomes a run of the workspace")
    sub.add_argument("file", type=Path, metavar="IN", help=file)
    into = mark("folder to make the workspace in (default: that of --workspace, if it is empty)")
    sub.add_argument("--into", type=Path, default=None, metavar="DIR", help=into)


def restore(options: argparse.Namespace, console: Console) -> bool:
    """Make a workspace of a backup; what is there already is never overwritten.

    The ZIP of one run becomes a run of the workspace.
    """
    if options.into is None and checking.is_run(options.file):
        return _bring_run(options, console)
    root = (options.into or options.workspace).absolute()
    manifest = restoring.restore(options.file, root, _watcher(console))
    console.say(say("Brought back into {path}.", path=str(root)))
    console.result({"workspace": str(root), **_described(manifest)})
    return False


def _bring_run(options: argparse.Namespace, console: Console) -> bool:
    ws = Workspace(options.workspace)
    console.say(say("Looking through {file}.", file=str(options.file)))
    run_id = bringing.bring(ws, options.file)
    console.say(say("The run is here, as {run}.", run=run_id))
    images_here = bringing.has_images(ws, run_id)
    if not images_here:
        console.say(bringing.WITHOUT_IMAGES)
    console.result({"run": run_id, "images_here": images_here})
    return False


def _watcher(console: Console) -> writing.Watcher:
    return lambda share: console.progress(render(shares.percent(share), console.language))


def _described(manifest: Manifest) -> Mapping[str, Any]:
    """Describe a backup for programs."""
    return {
        "made_at": manifest.made_at,
        "num_files": len(manifest.files),
        "num_datasets": manifest.count("datasets", "dataset.json"),
        "num_runs": manifest.count("runs", "state.json"),
        "num_people": manifest.num_people,
    }
