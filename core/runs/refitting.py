"""The recipe of a run, learned once more from the training and the validation images together."""

from dataclasses import replace

from core import datasets, runs, trash
from core.errors import UserError
from core.models import solving
from core.models.catalog import SCHEDULES
from core.records import ModelCard, Phase, Run, TrainConfig
from core.records.training import TRAIN_ON
from core.words import Message, say
from core.workspace import Workspace


def why_not(ws: Workspace, run: Run) -> UserError | None:
    """Say why a run cannot learn from its validation images too; None: it can."""
    if run.card is None:
        return _refusal(
            say("The run '{run}' has no model.", run=run.id),
            say("A run that has ended with a model has a recipe to repeat."),
            say("Wait until it is done, or choose another run."),
        )
    if not run.config.validates:
        return _refusal(
            say("The run '{run}' has learned from its validation images already.", run=run.id),
            say("The recipe of a run with a validation score is repeated."),
            say("Choose the run that it was made from."),
        )
    if run.config.dataset_id not in datasets.ids(ws):
        return _refusal(
            say("The data set of the run '{run}' was deleted.", run=run.id),
            say("It would learn from the same images, and more of them."),
            trash.way_back(ws, trash.TrashKind.DATASET, run.config.dataset_id)
            or say("Bring the images in again, and train anew."),
        )
    return None


def refit(ws: Workspace, run_id: str) -> str:
    """Queue a run that learns from both parts as another one learned from one; give its id.

    Raises `UserError` where there is nothing to repeat.
    """
    run = runs.get(ws, run_id)
    if (error := why_not(ws, run)) is not None:
        raise error
    assert run.card is not None
    return runs.create(ws, recipe(run, run.card))


def recipe(run: Run, card: ModelCard) -> TrainConfig:
    """Give the configuration that repeats what became the model: its phases, as long as they were.

    Nothing is left to judge by, so nothing ends early and nothing is chosen.
    """
    is_tuned = card.kept_phase == Phase.FINE_TUNE
    of_head = [epoch.epoch for epoch in run.epochs if epoch.phase is Phase.HEAD]
    head_epochs = max(of_head, default=card.config.epochs) if is_tuned else card.kept_epoch
    return replace(
        card.config,
        epochs=card.config.epochs if solving.solves(card.config) else head_epochs,
        fine_tune_epochs=card.kept_epoch if is_tuned else 0,
        freeze=card.config.freeze if is_tuned else "all",
        patience=0,
        train_on=TRAIN_ON[1],
        refit_of=run.id,
        cloned_from="",
    )


def otherwise(run: Run) -> Message | None:
    """Say what cannot be the same again of a run that was stopped or ended early; None: all is."""
    if run.card is None or not SCHEDULES[run.config.schedule].spans_phase:
        return None
    made, config = recipe(run, run.card), run.config
    head = not solving.solves(config) and made.epochs != config.epochs
    if not head and (not made.thaws or made.fine_tune_epochs == config.fine_tune_epochs):
        return None
    return say(
        "That run ended before all its epochs were over. This one has as many as it took, so its "
        "learning rate falls sooner: it is not quite the same training."
    )


def _refusal(what: Message, expected: Message, mend: Message) -> UserError:
    return UserError(what, expected=expected, mend=mend)


def before(ws: Workspace, config: TrainConfig) -> Run | None:
    """Give the run that a run repeats, whose score is the one from before; None: it was deleted."""
    return runs.get(ws, config.refit_of) if config.refit_of in runs.ids(ws) else None
