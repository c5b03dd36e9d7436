"""The command class: what the teacher does with all, as on the page *Your class*."""

import argparse
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from core import durations
from core.classroom import hour, links, people
from core.classroom.folder import ClassFolder
from core.cli.arguments import Parser
from core.cli.classes import rooms
from core.cli.console import Console, one_line
from core.errors import UserError
from core.lessons import reading
from core.records.classroom import RunLink
from core.teaching import ending, results
from core.words import mark, nsay, render, say

NO_LESSON = "none"


def add_class(sub: Parser) -> None:
    action = mark(
        "hand-out: give a data set to all, also to who joins later; pause: have all pupils see one "
        "sentence; go-on: let them go on; lesson: choose the one on every Home page, or none; "
        "results: write a table of all runs and lessons (CSV); work: write the work of all into a "
        "ZIP; wipe: take all pupils out with all work, for good; links: list the links to runs; "
        "unlink: take one back"
    )
    sub.add_argument("action", choices=tuple(ACTIONS), metavar="ACTION", help=action)
    target = mark(
        "what the action is about: the id of a data set, the name of a lesson, the file to write, "
        "the join code (wipe), or a link as links gives it"
    )
    sub.add_argument("about", nargs="?", default="", metavar="WHAT", help=target)


def class_command(options: argparse.Namespace, console: Console) -> bool:
    """Do with the class what the teacher does on the page."""
    ACTIONS[options.action](rooms.opened(options), options.about, console)
    return False


def _hand_out(room: ClassFolder, dataset_id: str, console: Console) -> None:
    num = hour.hand_to_all(room, dataset_id)
    console.say(
        nsay("{num} person has it now who had it not.",
             "{num} people have it now who had it not.", num=num)
    )  # fmt: skip
    console.result({"handed_out": dataset_id, "num_people": num})


def _pause(room: ClassFolder, _about: str, console: Console) -> None:
    hour.pause(room, on=True)
    console.say(say("Pupils see one sentence until you let them go on. What trains goes on."))
    console.result({"is_paused": True})


def _go_on(room: ClassFolder, _about: str, console: Console) -> None:
    hour.pause(room, on=False)
    console.say(say("The class goes on."))
    console.result({"is_paused": False})


def _lesson(room: ClassFolder, name: str, console: Console) -> None:
    """Choose a lesson for all; without a name, say which there are."""
    if name:
        chosen = "" if name == NO_LESSON else reading.lesson_named(name).name
        hour.give_lesson(room, chosen)
    now = hour.current(room).lesson
    known = reading.lessons()
    if not console.as_json:
        for key, lesson in known.items():
            sign = "*" if key == now else " "
            print(f"{sign} {key}  {render(say(lesson.title), console.language)}")
    console.result({"lesson": now or None, "lessons": list(known)})


def _results(room: ClassFolder, out: str, console: Console) -> None:
    table = results.table(room, console.language).encode("utf-8")
    _write(_target(out, ".csv"), [table], console)


def _work(room: ClassFolder, out: str, console: Console) -> None:
    _write(_target(out, ".zip"), ending.packed(room, console.language), console)


def _wipe(room: ClassFolder, code: str, console: Console) -> None:
    num = ending.wipe(room, code)
    console.say(
        nsay("Took {num} person out, with all work.", "Took {num} people out, with all work.",
             num=num)
    )  # fmt: skip
    console.result({"removed": num, "join_code": people.settings(room).join_code})


def _links(room: ClassFolder, _about: str, console: Console) -> None:
    rows = [_described(room, link) for link in links.standing(room)]
    if not console.as_json:
        for row in rows:
            owner = row["owner"] or render(say("the teacher"), console.language)
            day = durations.moment(row["made_at"])
            print(f"{row['link']}  {day}  {one_line(owner)}  {row['run']}")
    console.result({"links": rows})


def _described(room: ClassFolder, link: RunLink) -> Mapping[str, Any]:
    """Describe a link for programs; it is the teacher's where there is no owner."""
    person = people.find(room, link.person_id)
    owner = person.nickname if person else link.person_id
    return {"link": link.token, "owner": owner, "run": link.run_id, "made_at": link.made_at}


def _unlink(room: ClassFolder, token: str, console: Console) -> None:
    link = links.take_back(room, token)
    console.say(say("Took the link to {run} back.", run=link.run_id))
    console.result({"unlinked": token})


def _target(out: str, suffix: str) -> Path:
    """Give where to write. Raises `UserError` for what cannot be, before anything is made."""
    path = Path(out)
    if not out or path.suffix.lower() != suffix or not path.absolute().parent.is_dir():
        raise UserError(
            say("It cannot be written to '{path}'.", path=out),
            expected=say("A file that ends in {suffix}, in a folder that is there.", suffix=suffix),
            mend=say("Name one behind the action, such as class{suffix}.", suffix=suffix),
        )
    return path


def _write(path: Path, pieces: Iterable[bytes], console: Console) -> None:
    """Write a file for its owner alone, whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    size = path.stat().st_size
    console.say(say("Wrote {path} ({size} bytes).", path=str(path), size=size))
    console.result({"path": str(path), "num_bytes": size})


ACTIONS = {
    "hand-out": _hand_out,
    "pause": _pause,
    "go-on": _go_on,
    "lesson": _lesson,
    "results": _results,
    "work": _work,
    "wipe": _wipe,
    "links": _links,
    "unlink": _unlink,
}
