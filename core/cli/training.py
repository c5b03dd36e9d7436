"""Commands about runs: train, resume, refit, runs, stop, delete."""

import argparse
from typing import Any

from core import datasets, durations, runs
from core.cli import catalogue, data, settings, trashing
from core.cli.arguments import Parser
from core.cli.console import Console, one_line
from core.cli.following import conclude, describe, follow
from core.cli.own import brought as owning, distilling
from core.insights import score_texts
from core.judging.numbers import sentences
from core.models import catalog, presets
from core.records import Run, State, TrainConfig
from core.records.training import PRESETS
from core.runs import estimates, executors, recovery, refitting, waiting
from core.words import Message, mark, render, say
from core.workspace import Workspace


def add_train(sub: Parser) -> None:
    data.add_dataset(sub)
    add_preset(sub, default="balanced")
    settings.add_options(sub)
    weigh = mark("let images of small classes count for more (default: all count the same)")
    sub.add_argument("--class-weights", action="store_true", help=weigh)
    alike = mark(
        "left and right matter in these images (letters, traffic signs, hands): augmentation does "
        "not mirror them"
    )
    sub.add_argument("--no-flips", action="store_true", help=alike)
    owning.add_file(sub)
    without = mark("a class to train without; may be given several times (default: keep all)")
    sub.add_argument(
        "--leave-out", dest="left_out", action="append", default=[], metavar="CLASS", help=without
    )
    without = mark(
        "with --teacher: leave out the same training without it, by which is told whether it helped"
    )
    sub.add_argument("--no-control", action="store_true", help=without)
    version = mark("version of the data set to train on (default: the newest)")
    sub.add_argument("--dataset-version", type=int, default=None, metavar="N", help=version)


def add_preset(sub: Parser, *, default: str) -> None:
    text = say(
        "settings that go together. quick: a first look, in a minute or so; balanced: good for "
        "most images; thorough: learns from variations too and, with enough images, adapts "
        "the backbone; the slowest (default: {default})",
        default=default,
    )
    sub.add_argument("--preset", choices=PRESETS, default=default, help=text)


def train(options: argparse.Namespace, console: Console) -> bool:
    """Queue a run, wait for it, and say how it ended."""
    ws = Workspace(options.workspace)
    config = _config(options, console)
    dataset = datasets.get(ws, config.dataset_id, config.dataset_version)
    for name in config.left_out:
        catalog.choose({c.name: c for c in dataset.classes}, name, say("class"))
    datasets.check_trainable(dataset, config.left_out)  # what it warns of, the run says
    if not dataset.task.is_number:
        names = {c.name for c in dataset.classes}
        presets.check_output(config.output, len(names - {*config.left_out}))
    _advise(ws, options, config, console)
    if config.weights == "imagenet":
        catalogue.fetch_for(config, console)
    _say_how_long(ws, config, console)
    if config.teacher:
        return distilling.train(ws, config, console, with_alone=not options.no_control)
    return follow(ws, runs.create(ws, config), console)


def _advise(
    ws: Workspace, options: argparse.Namespace, config: TrainConfig, console: Console
) -> None:
    """Say what becomes of what was chosen, and why other settings are as they are."""
    num_train, _ = _num_images(ws, config)
    steps, side = settings.why_in_steps(options, config, num_train), None
    if options.image_size is None:
        about = config.dataset_id, config.dataset_version, config.left_out
        side = datasets.usual_side(ws, *about)
    said = filter(None, [steps, settings.without_use(options, config)])
    for sentence in (*said, *presets.advice(config, num_train, side)):
        console.say(sentence)


def _say_how_long(ws: Workspace, config: TrainConfig, console: Console) -> None:
    found = estimates.estimate(ws, config, *_num_images(ws, config))
    time = durations.between(found.low_seconds, found.high_seconds)
    console.say(say("Training takes {time}: {basis}.", time=time, basis=found.basis))


def _num_images(ws: Workspace, config: TrainConfig) -> tuple[int, int]:
    return estimates.num_images(ws, config.dataset_id, config.dataset_version, config.left_out)


def _config(options: argparse.Namespace, console: Console) -> TrainConfig:
    ws, version = Workspace(options.workspace), options.dataset_version
    if version is None:
        version = datasets.latest(ws, options.dataset_id).version
    if options.backbone_file is not None:
        options.backbone = owning.bring(ws, options, version, console)
    left_out = tuple(options.left_out)
    num_train, _ = estimates.num_images(ws, options.dataset_id, version, left_out)
    config = presets.configure(
        options.dataset_id,
        preset=options.preset,
        num_train=num_train,
        side=datasets.usual_side(ws, options.dataset_id, version, left_out),
        dataset_version=version,
        task=datasets.get(ws, options.dataset_id, version).task.name,
        left_out=left_out,
        class_weights=options.class_weights,
        flips=not options.no_flips,
        **settings.chosen(options, num_train),
    )
    settings.check_views(options.num_views, config)
    return config


def resume(options: argparse.Namespace, console: Console) -> bool:
    """Wait for a run that was queued, cut off or failed earlier; a failed one is tried again."""
    ws, run_id = Workspace(options.workspace), options.run_id
    runs.requeue(ws, run_id)
    run = runs.get(ws, run_id)
    if run.state.state in waiting.ENDED:
        console.say(
            say("The run {run} has ended: nothing is left to resume. 'python -m core train' begins "
                "another.", run=run_id)
        )  # fmt: skip
        return conclude(ws, run, console)
    return follow(ws, run_id, console)


def refit(options: argparse.Namespace, console: Console) -> bool:
    """Queue the recipe of a run on its validation images too, and wait for it."""
    ws = Workspace(options.workspace)
    made = refitting.refit(ws, options.run_id)
    if otherwise := refitting.otherwise(runs.get(ws, options.run_id)):
        console.say(otherwise)
    return follow(ws, made, console)


def list_runs(options: argparse.Namespace, console: Console) -> bool:
    """List the runs, newest first."""
    ws = Workspace(options.workspace)
    _look_after(ws, console)
    found = runs.all_runs(ws)
    rows = [describe(run, console.language) for run in found]
    known = {dataset.id: dataset.name for dataset in datasets.all_datasets(ws)}
    if not console.as_json:
        for run, row in zip(found, rows, strict=True):
            name = known.get(row["dataset_id"], row["dataset_id"])
            print(_line(run, row, name, console.language))
    console.result({"runs": rows})
    return False


def _look_after(ws: Workspace, console: Console) -> None:
    """Have runs that nobody trains go on, and say so: this command does not wait for them."""
    if executors.look_after(ws):
        going = say("Runs that nobody worked on go on now, in a process of their own.")
        console.note(render(going, console.language))


def _line(run: Run, row: dict[str, Any], dataset: str, language: str) -> str:
    """Give the line of a run in the list; the id tells when it was begun."""
    score = score_texts.headline(run.score) if run.score else None
    if run.card and run.card.numbers and run.card.target:
        score = sentences.short(run.card.numbers, run.card.target)
    shown = render(score, language) if score else "-"
    what = f"{dataset} v{row['dataset_version']}"
    refit = "refit" if "refit_of" in row else ""
    apart = (row["name"], what, row["preset"], row["backbone"], row["freeze"], refit)
    told = " · ".join(one_line(part) for part in apart if part)
    return f"{row['run_id']}  {row['state']:<8} {shown:>40}  {told}"


def add_rename(sub: Parser) -> None:
    add_run(sub)
    name = mark("what to call it; an empty name takes the name away")
    sub.add_argument("run_name", metavar="NAME", help=name)


def rename(options: argparse.Namespace, console: Console) -> bool:
    """Give a run a name."""
    ws = Workspace(options.workspace)
    runs.rename(ws, options.run_id, options.run_name)
    name = runs.get(ws, options.run_id).name
    if name:
        console.say(say("The run {run} is called '{name}'.", run=options.run_id, name=name))
    else:
        console.say(say("The run {run} has no name.", run=options.run_id))
    console.result({"run_id": options.run_id, "name": name})
    return False


def add_run(sub: Parser) -> None:
    which = mark("id of the run; 'python -m core runs' lists them")
    sub.add_argument("run_id", metavar="RUN_ID", help=which)


def stop(options: argparse.Namespace, console: Console) -> bool:
    """Ask a run to end; the answer does not wait for the end."""
    ws, run_id = Workspace(options.workspace), options.run_id
    before = runs.get(ws, run_id).state.state
    runs.request_stop(ws, run_id)
    _look_after(ws, console)
    state = runs.state_of(ws, run_id).state
    console.say(_stopping(run_id, before, state))
    console.result({"run_id": run_id, "state": state.value})
    return False


def _stopping(run_id: str, before: State, state: State) -> Message:
    """Say what comes of asking a run to end."""
    if before in waiting.ENDED:
        had = runs.STATE_WORDS[before]
        return say("The run {run} had ended before: it is {state}.", run=run_id, state=had)
    if state is State.STOPPED:
        return say("The run {run} was stopped before it began: it has no model.", run=run_id)
    return say("The run {run} ends soon, and keeps the model so far if there is one.", run=run_id)


def add_delete(sub: Parser) -> None:
    add_run(sub)
    trashing.add_now(sub)


def delete_run(options: argparse.Namespace, console: Console) -> bool:
    """Put a run into the trash, or delete it for good; say which runs learn from its model."""
    ws = Workspace(options.workspace)
    recovery.reconcile(ws)
    runs.delete(ws, options.run_id)
    if busy := runs.learning_from(ws, options.run_id):
        console.say(busy)
    trashing.finish(ws, options, console, options.run_id)
    return False
