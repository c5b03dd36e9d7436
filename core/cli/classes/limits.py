"""What pupils may take, on the command line: `people quota`, for all or for one of them."""

import argparse
from collections.abc import Mapping
from dataclasses import asdict

from core.classroom import allowances, people
from core.classroom.allowances import LIMITS
from core.classroom.folder import ClassFolder
from core.cli.arguments import Parser
from core.cli.console import Console
from core.errors import UserError
from core.records.classroom import Quota
from core.words import mark, render, say


def add_limits(sub: Parser) -> None:
    """Add one option for each thing that may be taken."""
    for name, limit in LIMITS.items():
        text = say("quota: {title} {rest}", title=say(limit.title), rest=say(limit.sentence))
        option = f"--{name.replace('_', '-')}"
        sub.add_argument(option, type=float, default=None, metavar="N", help=text)
    as_all = mark("quota: let the person take what all others may, in what is not named")
    sub.add_argument("--as-all", action="store_true", help=as_all)


def asked(options: argparse.Namespace) -> Mapping[str, float]:
    """Give the limits that were named."""
    given = {name: getattr(options, name) for name in LIMITS}
    return {name: value for name, value in given.items() if value is not None}


def quota(room: ClassFolder, options: argparse.Namespace, console: Console) -> None:
    """Change what may be taken, where something is named, and say what it is.

    Raises `UserError` for what cannot be.
    """
    values = asked(options)
    if options.person:
        _of_one(room, options, values, console)
        return
    if options.as_all:
        raise UserError(
            say("--as-all was given without a name."),
            expected=say("The nickname or the id of somebody in the class."),
            mend=say("'python -m core people list' gives them."),
        )
    _tell(allowances.allow(room, values) if values else allowances.of_all(room), console)


def _of_one(
    room: ClassFolder, options: argparse.Namespace, values: Mapping[str, float], console: Console
) -> None:
    person = people.named(room, options.person)
    if options.as_all:
        allowances.as_all(room, person)
    if values:
        allowances.allow_one(room, person, values)
    _tell(allowances.of_one(room, people.find(room, person.id)), console)


def _tell(found: Quota, console: Console) -> None:
    told = asdict(found)
    if not console.as_json:
        for name, value in told.items():
            title = render(say(LIMITS[name].title), console.language)
            print(f"--{name.replace('_', '-')} {value:g}  ({title})")
    console.result({"quota": told})
