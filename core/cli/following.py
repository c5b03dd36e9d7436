"""A run followed from the terminal to its end, and described for programs."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core import durations, runs
from core.cli.console import Console
from core.cli.numeric import evaluating
from core.errors import UserError
from core.insights import score_texts, validation, verdict
from core.judging import shares
from core.models import solving
from core.records import EpochMetrics, JudgedOn, ModelCard, Run, RunScore, State
from core.runs import inference, refitting, waiting
from core.words import render, say
from core.workspace import Workspace


def follow(ws: Workspace, run_id: str, console: Console) -> bool:
    """Wait for a run with a worker of this command's own; True when it failed."""
    return conclude(ws, wait(ws, run_id, console), console)


def wait(ws: Workspace, run_id: str, console: Console) -> Run:
    """Wait for a run, and print what it says."""
    console.goes_on = True  # as the run does, when whoever reads has seen enough
    return waiting.wait(ws, run_id, observer=_Printer(console))


def open_finished(ws: Workspace, run_id: str, console: Console) -> Run:
    """Give a run that has a model, and say where its confidence is not calibrated."""
    inference.check_finished(ws, run_id)
    run = runs.get(ws, run_id)
    if told := solving.note_on_confidence(run.config):
        console.say(told)
    return run


def conclude(
    ws: Workspace, run: Run, console: Console, also: Mapping[str, Any] | None = None
) -> bool:
    """Say how a run ended and what came of it; True when it failed. ``also``: for programs."""
    if run.state.state is State.STOPPED:
        kept = say("It was stopped, and the model so far is kept.")
        none = say("It was stopped before the first epoch was over, so there is no model.")
        console.say(kept if run.card else none)
    if run.state.error:
        console.complain(UserError.of(run.state.error))
    elif run.card and run.card.target is not None:
        evaluating.say_score(ws, run.id, run.card.numbers, console)
    elif run.card and run.card.validation is None:
        console.say(validation.learned_from(refitting.before(ws, run.config)))
    if run.score and run.card and not run.state.error:
        _say_score(run.score, run.card, console)
    console.result({**describe(run, console.language), **(also or {})})
    return run.state.state is State.FAILED


def _say_score(score: RunScore, card: ModelCard, console: Console) -> None:
    """Say what the run leads with; where that is by folds, the validation images' own beside it."""
    console.say(score_texts.titled(score))
    console.say(score_texts.behind(score.accuracy))
    if score.judged_on is JudgedOn.FOLDS and card.validation:
        console.say(verdict.beside_folds(card.validation))
    if card.picked and card.validation:
        console.say(validation.used_for(card))


class _Printer:
    """Print what a run says as it says it."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def sentence(self, text: Any) -> None:
        self._console.note(render(text, self._console.language))

    def epoch(self, m: Any) -> None:
        self._console.note(f"{m.phase} {m.epoch}: {_learned(m)}  {_judged(m)}{m.seconds:.1f} s")

    def progress(self, p: Any) -> None:
        line = f"{p.stage} {render(shares.percent(p.done), self._console.language)}"
        if p.eta_seconds is not None:
            left = say("about {time} left", time=durations.left(p.eta_seconds))
            line += f"  {render(left, self._console.language)}"
        self._console.progress(line)


def _learned(m: EpochMetrics) -> str:
    if m.mae is not None:
        return f"mse {m.loss:.4g}  mae {m.mae:.4g}"
    return f"loss {m.loss:.4f}  accuracy {m.accuracy:.3f}"


def _judged(m: EpochMetrics) -> str:
    if m.val_loss is not None and m.val_mae is not None:
        return f"val_mse {m.val_loss:.4g}  val_mae {m.val_mae:.4g}  "
    if m.val_loss is None or m.val_accuracy is None:
        return ""
    return f"val_loss {m.val_loss:.4f}  val_accuracy {m.val_accuracy:.3f}  "


def describe(run: Run, language: str) -> dict[str, Any]:
    """Describe a run for programs."""
    row: dict[str, Any] = {
        "run_id": run.id,
        "name": run.name,
        "state": run.state.state.value,
        "dataset_id": run.config.dataset_id,
        "dataset_version": run.config.dataset_version,
        "preset": run.config.preset,
        "backbone": run.config.backbone,
        "freeze": run.config.freeze,
        "attempt": run.state.attempt,
        "epochs": run.card.num_epochs if run.card else len(run.epochs),
        "seconds": run.card.seconds if run.card else sum(e.seconds for e in run.epochs),
        "validation": None,
    }
    if run.state.node:
        row["node"] = run.state.node
    for origin in ("refit_of", "teacher"):
        if made_from := getattr(run.config, origin):
            row[origin] = made_from
    if run.card and (score := run.card.validation):
        row["validation"] = asdict(score)
    if run.card and run.card.target is not None:
        row["target"] = asdict(run.card.target)
        row["numbers"] = asdict(run.card.numbers) if run.card.numbers else None
    row["score"] = None
    if run.score:
        row["score"] = {"judged_on": run.score.judged_on.value, **asdict(run.score.accuracy)}
    if run.state.error:
        row["error"] = UserError.of(run.state.error).render(language)
    return row
