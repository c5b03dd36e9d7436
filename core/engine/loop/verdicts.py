"""Which epoch is kept and why, in sentences for the log of a run of classes."""

from typing import Any

from core.engine.loop.schedules import TrainingState
from core.records import Paired, Phase
from core.words import Message, nsay, say


def judgement(state: TrainingState, images: int, *, solves: bool = False) -> list[Message]:
    """Say which epoch is kept and, after fine-tuning, why that or the head alone.

    Epochs are counted through both phases, as in the charts; ``images`` are those of validation.
    """
    is_tuned = state.kept_phase is Phase.FINE_TUNE
    of_head = state.num_epochs - state.epoch if is_tuned else 0
    if not images:
        return [_unjudged(of_head + state.kept_epoch, state.num_epochs, solves and not is_tuned)]
    kept = (
        _solved(state, images)
        if solves and not is_tuned
        else say(
            "Epoch {epoch} of {num} is kept: {correct} of {images} validation images are right, "
            "with a loss of {loss}.",
            epoch=of_head + state.kept_epoch,
            num=state.num_epochs,
            **_score(state, images),
        )
    )
    return [kept] if state.tuned is None else [kept, _choice(state.tuned, images)]


def _unjudged(epoch: int, num_epochs: int, is_solved: bool) -> Message:
    if is_solved:
        return nsay(
            "The head was solved in {num} iteration, from the validation images too.",
            "The head was solved in {num} iterations, from the validation images too.",
            num=epoch,
        )
    return say(
        "Epoch {epoch} of {num} is kept. It learned from the validation images too.",
        epoch=epoch,
        num=num_epochs,
    )


def _solved(state: TrainingState, images: int) -> Message:
    return nsay(
        "The head was solved in {num} iteration: {correct} of {images} validation images are "
        "right, with a loss of {loss}.",
        "The head was solved in {num} iterations: {correct} of {images} validation images are "
        "right, with a loss of {loss}.",
        num=state.kept_epoch,
        **_score(state, images),
    )


def _score(state: TrainingState, images: int) -> dict[str, Any]:
    correct = round(state.kept_accuracy * images)
    return {"correct": correct, "images": images, "loss": f"{state.kept_loss:.3f}"}


def _choice(tuned: Paired, images: int) -> Message:
    counts = {"fixed": tuned.fixed, "broke": tuned.broke, "images": images}
    if tuned.is_worse:
        return say(
            "The head alone is kept: of {images} validation images fine-tuning put {fixed} right "
            "and {broke} wrong, which is more than chance explains (p = {p}).",
            p=f"{tuned.p:.2g}",
            **counts,
        )
    if tuned.broke <= tuned.fixed or tuned.better > tuned.worse:  # of images, or of groups
        return say(
            "Fine-tuning is kept: of {images} validation images it put {fixed} right and {broke} "
            "wrong, against the head alone.",
            **counts,
        )
    return say(
        "Fine-tuning is kept: of {images} validation images it put {fixed} right and {broke} "
        "wrong, against the head alone, which may be chance (p = {p}).",
        p=f"{tuned.p:.2g}",
        **counts,
    )
