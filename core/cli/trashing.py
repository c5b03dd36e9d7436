"""The command about the trash, and what the commands that delete have in common."""

import argparse
from collections.abc import Mapping
from typing import Any

from core import datasets, durations, runs, studies, trash
from core.backbones import store as backbones
from core.batch_predictions import store
from core.cli.arguments import Parser
from core.cli.console import Console, one_line
from core.errors import UserError
from core.trash import Trashed, TrashKind
from core.words import mark, nsay, say
from core.workspace import Workspace

RESTORE = {
    TrashKind.RUN: runs.restore,
    TrashKind.DATASET: datasets.restore,
    TrashKind.STUDY: studies.restore,
    TrashKind.BATCH: store.restore,
    TrashKind.BACKBONE: backbones.restore,
}


def add_now(sub: Parser) -> None:
    now = mark("delete it for good at once (default: it lies in the trash for 7 days)")
    sub.add_argument("--now", action="store_true", help=now)


def finish(ws: Workspace, options: argparse.Namespace, console: Console, name: str) -> None:
    """Say where what was deleted lies, or delete it for good."""
    if options.now:
        trash.drop(ws, trash.find(ws, name))
        console.say(say("Deleted {name} for good.", name=name))
    else:
        console.say(
            say(
                "Deleted {name}. For 7 days 'python -m core trash restore {name}' puts it back.",
                name=name,
            )
        )
    console.result({"deleted": name, "in_trash": not options.now})


def add_trash(sub: Parser) -> None:
    action = mark(
        "list: say what was deleted and how large it is; restore: put what is named back; empty: "
        "delete what is named for good, or all"
    )
    sub.add_argument("action", choices=("list", "restore", "empty"), help=action)
    names = mark("ids of what was deleted, as list gives them")
    sub.add_argument("names", nargs="*", metavar="ID", help=names)


def trash_command(options: argparse.Namespace, console: Console) -> bool:
    """List what lies in the trash, put it back, or delete it for good."""
    ws = Workspace(options.workspace)
    trash.expire(ws)
    ACTIONS[options.action](ws, options, console)
    return False


def _list(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    rows = [_described(thing) for thing in _chosen(ws, options)]
    if not console.as_json:
        for row in rows:
            day = durations.moment(row["deleted_at"])
            size = f"{row['bytes'] / 1e6:>9.1f} MB"
            print(f"{row['id']}  {row['kind']:<8} {day} {size}  {one_line(row['name'])}")
    console.result({"trash": rows})


def _described(thing: Trashed) -> Mapping[str, Any]:
    """Describe a thing in the trash for programs."""
    return {
        "id": thing.id,
        "kind": thing.kind.name.lower(),
        "name": str(trash.name_of(thing)),
        "bytes": trash.size_of(thing),
        "deleted_at": thing.deleted_at,
        "goes_at": thing.goes_at,
    }


def _restore(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    if not options.names:
        raise UserError(
            say("There was no id of what to put back."),
            expected=say("The id of something in the trash."),
            mend=say("'python -m core trash list' gives them."),
        )
    for thing in _chosen(ws, options):
        RESTORE[thing.kind](ws, thing.id)
        console.say(say("Put {name} back.", name=thing.id))
    console.result({"restored": options.names})


def _empty(ws: Workspace, options: argparse.Namespace, console: Console) -> None:
    things = _chosen(ws, options)
    for thing in things:
        trash.drop(ws, thing)
    console.say(
        nsay("Deleted {num} thing for good.", "Deleted {num} things for good.", num=len(things))
    )
    console.result({"emptied": [thing.id for thing in things]})


def _chosen(ws: Workspace, options: argparse.Namespace) -> list[Trashed]:
    """Give what is named, all of it known before any is touched; or everything."""
    return [trash.find(ws, name) for name in dict.fromkeys(options.names)] or trash.listing(ws)


ACTIONS = {"list": _list, "restore": _restore, "empty": _empty}
