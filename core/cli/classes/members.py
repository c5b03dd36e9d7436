"""The command about the people of a class: who they are, their codes, what each may take."""

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core import durations
from core.classroom import audit, people
from core.classroom.folder import TEACHER, ClassFolder, folder_in
from core.cli.arguments import Parser
from core.cli.classes import limits, rooms
from core.cli.console import Console, one_line
from core.errors import UserError
from core.institution import identities
from core.records.classroom import ActKind, Person
from core.words import mark, render, say, translate


def add_people(sub: Parser) -> None:
    action = mark(
        "list: say who is in the class, and the code with which each comes back; code: give one of "
        "them a new code; remove: take one out, with all work, for good; quota: say or change what "
        "each may take, or one of them; log: say who did what; admit: of those who sign in, let "
        "one in again who was taken out, by the id in the log, or let another account have an "
        "address of your lists"
    )
    sub.add_argument("action", choices=tuple(ACTIONS), help=action)
    name = mark("nickname or id of a person, as list gives them")
    sub.add_argument("person", nargs="?", default="", metavar="NAME", help=name)
    limits.add_limits(sub)


def people_command(options: argparse.Namespace, console: Console) -> bool:
    """Say who is in the class, renew a code, take somebody out, or change what may be taken.

    Raises `UserError` for options that belong to another action.
    """
    if options.action != "quota" and (limits.asked(options) or options.as_all):
        raise UserError(
            say("'{action}' changes nothing of what may be taken.", action=options.action),
            expected=say("The action 'quota' with these options."),
            mend=say("Type 'people quota'."),
        )
    ACTIONS[options.action](folder_in(options.workspace), options, console)
    return False


def _list(room: ClassFolder, options: argparse.Namespace, console: Console) -> None:
    known = people.everybody(room)
    if options.person:
        known = [people.named(room, options.person)]
    if not console.as_json:
        for person in known:
            day = durations.moment(person.joined_at)
            print(f"{person.code or '-':9}  {day}  {one_line(person.nickname)}")
    console.result({"people": [_described(room, person) for person in known]})


def _described(room: ClassFolder, person: Person) -> Mapping[str, Any]:
    """Describe somebody for programs; who signs in, by issuer and subject."""
    identity = identities.find(room, person.identity) if person.identity else None
    return {
        "id": person.id,
        "nickname": person.nickname,
        "code": person.code,
        "joined_at": person.joined_at,
        "workspace": str(room.workspace(person.id).root),
        **({"issuer": identity.issuer, "subject": identity.subject} if identity else {}),
    }


def _code(room: ClassFolder, options: argparse.Namespace, console: Console) -> None:
    person = _asked(room, options)
    if person.identity:
        raise UserError(
            say("{name} signs in with an account.", name=person.nickname),
            expected=say("Somebody who joined with a nickname."),
            mend=say("The institution of that account changes passwords."),
        )
    person = people.renew_code(room, person)
    console.say(say("{name} comes back with {code}.", name=person.nickname, code=person.code))
    console.result({"person": _described(room, person)})


def _remove(room: ClassFolder, options: argparse.Namespace, console: Console) -> None:
    person = _asked(room, options)
    people.remove(room, person)
    console.say(say("Took {name} out of the class, with all work.", name=person.nickname))
    console.result({"removed": person.id})


def _admit(room: ClassFolder, options: argparse.Namespace, console: Console) -> None:
    given = options.person
    found = identities.free(room, given) if "@" in given else identities.lift_bar(room, given)
    if not found:
        raise UserError(
            say("Nobody was taken out, and no address taken, of the name '{name}'.", name=given),
            expected=say("The id of somebody who was taken out, or an address of e-mail."),
            mend=say("'python -m core people log' gives the ids."),
        )
    audit.log_in(room, "" if "@" in given else given, ActKind.ADMIT)
    console.say(say("{name} may come in.", name=given))
    console.result({"admitted": given})


def _asked(room: ClassFolder, options: argparse.Namespace) -> Person:
    if not options.person:
        raise UserError(
            say("There was no name."),
            expected=say("The nickname or the id of somebody in the class."),
            mend=say("'python -m core people list' gives them."),
        )
    return people.named(room, options.person)


def _log(room: ClassFolder, options: argparse.Namespace, console: Console) -> None:
    names = {TEACHER: render(say("the teacher"), console.language)}
    names |= {person.id: person.nickname for person in people.everybody(room)}
    every = audit.read(room)
    known = {*names, *(act.person for act in every)}  # also who was taken out
    only = options.person if options.person in {"", *known} else _asked(room, options).id
    acts = [act for act in every if only in ("", act.person, *act.ids)]
    if not console.as_json:
        for act in acts:
            who = names.get(act.person, act.person or "?")
            what = translate(audit.SENTENCES.get(act.verb, act.verb), console.language)
            line = f"{durations.moment(act.at)}  {who}  {what}  {' '.join(act.ids)}"
            print(one_line(line.rstrip()))
    console.result({"log": [asdict(act) for act in acts]})


def _quota(_room: ClassFolder, options: argparse.Namespace, console: Console) -> None:
    limits.quota(rooms.opened(options), options, console)


ACTIONS = {
    **{"list": _list, "code": _code, "remove": _remove, "quota": _quota, "log": _log},
    "admit": _admit,
}
