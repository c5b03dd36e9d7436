"""What the validation images of a run decided, and what that means for the score on them."""

from core.insights import score_texts
from core.models import solving
from core.models.catalog import SCHEDULES
from core.records import ModelCard, Phase, Run
from core.words import Message, say


def used_for(card: ModelCard) -> Message:
    """Say it in a sentence or two."""
    is_head = not card.config.thaws or (card.kept_phase == Phase.HEAD and not card.picked)
    if card.config.is_fitted:
        return say(
            "Nothing was chosen by the validation images, so the score on them is not too high."
        )
    if solving.solves(card.config) and is_head:
        return say(
            "Nothing was chosen by the validation images, neither the head nor how simple it is "
            "kept, so the score on them is not too high."
        )
    if not card.picked and SCHEDULES[card.config.schedule].falls_when_stuck:
        return say(
            "The validation images decided when the learning rate fell; the last epoch is kept, "
            "whatever its score."
        )
    if not card.picked:
        return say(
            "Nothing was chosen by the validation images: the last epoch is kept, whatever its "
            "score."
        )
    return _SENTENCES[card.picked]


def learned_from(parent: Run | None) -> Message:
    """Say of a run that learned from these images what can judge it, and what it scored before.

    ``parent`` is the run whose recipe it repeats; None: it was deleted.
    """
    score = parent.score if parent is not None else None
    if score is None:
        return say(
            "It learned from the validation images too, so they cannot judge it; the test images "
            "can. The run with the score from before was deleted."
        )
    return say(
        "It learned from the validation images too, so they cannot judge it; the test images can. "
        "Before, without them: {score}.",
        score=score_texts.headline(score),
    )


_SENTENCES = {
    ("epoch",): say(
        "Used for choosing: the validation images picked the best epoch, so on new images it may "
        "be right a little less often."
    ),
    ("phase",): say(
        "The validation images made one choice, fine-tuned or the head alone; the range allows for "
        "that."
    ),
    ("end",): say(
        "The validation images decided when training ended. The last epoch is kept, not the best "
        "one, so that does not make the score too high."
    ),
    ("phase", "end"): say(
        "The validation images decided when training ended, and between fine-tuned and the head "
        "alone; the range allows for that."
    ),
}
