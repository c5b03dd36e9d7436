"""The command study: what freezing, pretraining, backbones and more photos do on a data set."""

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from core import durations, runs, studies
from core.cli import trashing
from core.cli.arguments import Parser
from core.cli.console import Console
from core.cli.writing import study_rows
from core.errors import UserError
from core.models.presets import PRESETS
from core.records import State, TrainConfig
from core.records.studies import TITLES, StudyKind
from core.records.training import NUM_FOLDS
from core.runs import executors, recovery, waiting
from core.studies import beginning, foresight, store, texts
from core.words import Message, mark, nsay, render, say
from core.workspace import Workspace

_ENDED = (State.DONE, State.STOPPED, State.FAILED)


def add_study(sub: Parser) -> None:
    what = mark(
        "ladder: freezing depths; transfer: a pretrained and a random start; bakeoff: backbones; "
        "curve: numbers of photos; or list, show, more, resume, stop, delete"
    )
    sub.add_argument("verb", choices=(*StudyKind, *_VERBS), metavar="WHAT", help=what)
    which = mark("id of the data set, or of the study to show, go on with, stop or delete")
    sub.add_argument("target", nargs="?", default="", metavar="ID", help=which)
    backbone = mark(
        "backbone to study (default: as the dial chooses); for a bakeoff given once for each "
        "(default: those whose weights are here)"
    )
    sub.add_argument("--backbone", metavar="NAME", action="append", default=[], help=backbone)
    rungs = mark("freezing depths to compare, head only and everything among them (default: 5)")
    sub.add_argument("--rungs", type=int, metavar="N", help=rungs)
    folds = mark("folds to judge by, of five; the others when asked for (default: 2)")
    sub.add_argument("--folds", type=int, default=studies.FIRST_FOLDS, metavar="N", help=folds)
    size = mark("side of the images in pixels (default: as the dial chooses)")
    sub.add_argument("--image-size", type=int, metavar="N", help=size)
    seed = mark("what random values begin with (default: 7)")
    sub.add_argument("--seed", type=int, metavar="N", help=seed)
    preset = mark("dial from which all other settings come (default: balanced)")
    sub.add_argument("--preset", choices=list(PRESETS), default="balanced", help=preset)
    trashing.add_now(sub)


def study(options: argparse.Namespace, console: Console) -> bool:
    """Begin a study and wait for it, or do something with one that there is.

    Raises `UserError` where nothing is named.
    """
    ws = Workspace(options.workspace)
    if not options.target and options.verb != "list":
        raise _nothing_named()
    if options.verb in _VERBS:
        return _VERBS[options.verb](ws, options, console)
    _check_folds(options.folds)
    kind = StudyKind(options.verb)
    _check_meant(kind, options)
    arms = beginning.plan(
        ws, kind, _base(ws, options), rungs=options.rungs, backbones=options.backbone
    )
    seen = foresight.look(ws, kind, arms, options.folds)
    for sentence in (*seen.warnings, *([seen.told] if seen.told else [])):
        console.say(sentence)
    time = durations.between(seen.low_seconds, seen.high_seconds)
    console.say(say("This study takes {time}.", time=time))
    return _follow(ws, store.create(ws, kind, arms, folds=options.folds), console)


def _nothing_named() -> UserError:
    return UserError(
        say("No data set or study was named."),
        expected=say("Its id comes after what is to be done."),
        mend=say("'python -m core datasets' and 'python -m core study list' give the ids."),
    )


def _check_folds(folds: int) -> None:
    if not 1 <= folds <= NUM_FOLDS:
        raise UserError(
            say("{num} folds were asked for.", num=folds),
            expected=say("There are {num} folds.", num=NUM_FOLDS),
            mend=say("Choose a number from 1 to {num}.", num=NUM_FOLDS),
        )


def _check_meant(kind: StudyKind, options: argparse.Namespace) -> None:
    """Refuse what a kind of study would pass over without a word."""
    several = len(options.backbone) > 1 and kind is not StudyKind.BAKEOFF
    if several or (options.rungs is not None and kind is not StudyKind.LADDER):
        option, of = ("--backbone", "bakeoff") if several else ("--rungs", "ladder")
        raise UserError(
            say("More than one {option} was given.", option=option)
            if several
            else say("{option} means nothing to '{kind}'.", option=option, kind=kind.value),
            expected=say("Only 'study {kind}' compares these.", kind=of),
            mend=say("Leave it out, or use 'study {kind}'.", kind=of),
        )


def _base(ws: Workspace, options: argparse.Namespace) -> TrainConfig:
    backbone = next(iter(options.backbone), None)
    chosen = {"backbone": backbone, "image_size": options.image_size, "seed": options.seed}
    return beginning.base(ws, options.target, preset=options.preset, **chosen)


def _follow(ws: Workspace, study_id: str, console: Console) -> bool:
    """Wait for a study with a worker of this command's own; True when it failed."""
    console.goes_on = True
    record, told = studies.get(ws, study_id), set[str]()

    def tell() -> None:
        for run_id, arm, fold in store.existing(ws, record):
            if run_id not in told and runs.state_of(ws, run_id).state in _ENDED:
                told.add(run_id)
                done = say(
                    "{run}: {state}.",
                    run=texts.part(record, arm.name, fold),
                    state=runs.STATE_WORDS[runs.state_of(ws, run_id).state],
                )
                console.note(render(done, console.language))

    waiting.attend(
        ws,
        study_id,
        is_over=lambda: studies.state(ws, record) in _ENDED,
        tell=tell,
        stop=lambda: studies.stop(ws, study_id),
    )
    return _show(ws, study_id, console)


def _show(ws: Workspace, study_id: str, console: Console) -> bool:
    """Print how a study stands; True when a run of it failed."""
    found = studies.read(ws, study_id)
    if not console.as_json:
        for row in (*found.rows, *found.baselines):
            print(study_rows.line(row, console.language))
        for line in study_rows.curve_lines(found):
            print(line)
    for row in found.rows:
        if row.error:
            console.complain(UserError.of(row.error))
    for sentence in found.advice.sentences if found.advice else ():
        console.say(sentence)
    if found.study.uses_folds and found.asked.folds < NUM_FOLDS and found.state is State.DONE:
        console.say(_more(study_id, NUM_FOLDS - found.asked.folds))
    console.result(study_rows.record(found, console.language))
    return found.state is State.FAILED


def _more(study_id: str, num: int) -> Any:
    return nsay(
        "There is {num} more fold to judge by: 'python -m core study more {study}'.",
        "There are {num} more folds to judge by: 'python -m core study more {study}'.",
        num=num,
        study=study_id,
    )


def _list(ws: Workspace, options: argparse.Namespace, console: Console) -> bool:
    executors.look_after(ws)
    rows = [
        study_rows.record(studies.read(ws, study_id), console.language)
        for study_id in studies.ids(ws)
    ]
    if not console.as_json:
        for row in reversed(rows):
            kind = render(TITLES[StudyKind(row["kind"])], console.language)
            print(f"{row['study_id']}  {row['state']:<8} {kind}  {row['rows'][0]['backbone']}")
    console.result({"studies": list(reversed(rows))})
    return False


def _shown(ws: Workspace, options: argparse.Namespace, console: Console) -> bool:
    return _show(ws, options.target, console)


def _go_on(ws: Workspace, options: argparse.Namespace, console: Console) -> bool:
    studies.go_on(ws, options.target)
    return _follow(ws, options.target, console)


def _resume(ws: Workspace, options: argparse.Namespace, console: Console) -> bool:
    studies.resume(ws, options.target)
    return _follow(ws, options.target, console)


def _stop(ws: Workspace, options: argparse.Namespace, console: Console) -> bool:
    before = studies.state(ws, studies.get(ws, options.target))
    studies.stop(ws, options.target)
    state = studies.state(ws, studies.get(ws, options.target))
    console.say(_stopping(options.target, before))
    console.result({"study_id": options.target, "state": state.value})
    return False


def _stopping(study_id: str, before: State) -> Message:
    if before in _ENDED:
        had = runs.STATE_WORDS[before]
        return say("The study {study} had ended before: it is {state}.", study=study_id, state=had)
    return say("The study {study} ends; what was judged stays.", study=study_id)


def _delete(ws: Workspace, options: argparse.Namespace, console: Console) -> bool:
    recovery.reconcile(ws)
    studies.delete(ws, options.target)
    trashing.finish(ws, options, console, options.target)
    return False


Verb = Callable[[Workspace, argparse.Namespace, Console], bool]
_VERBS: Mapping[str, Verb] = {
    "list": _list,
    "show": _shown,
    "more": _go_on,
    "resume": _resume,
    "stop": _stop,
    "delete": _delete,
}
